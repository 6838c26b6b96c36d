"""How pages are asked for: what is polite, and what is too much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scraper.errors import JobError

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Defaults fit a job that runs unattended against sites whose owners we do not know."""

    # Who asks. A site's owner must be able to find out whom to write to.
    user_agent: str = "winnow-news/0.1"  # the part before "/" is the name that robots.txt knows
    contact: str = ""  # an address or a mailbox; stands in the User-Agent line
    headers: Mapping[str, str] = field(default_factory=dict)  # sent to the asked origin only

    # How much at a time.
    concurrency: int = 64  # requests in flight, all hosts together
    per_host: int = 1  # requests in flight to one host
    delay: float = 1.0  # seconds between the starts of two requests to one host, at least
    max_delay: float = 60.0  # seconds; neither Crawl-delay nor a slow site stretches it further
    robots: bool = True

    # What is too much.
    deadline: float = 30.0  # seconds for one page, redirects and body included
    max_bytes: int = 10 * MIB  # of one body as it comes over the wire
    max_decoded_bytes: int = 20 * MIB  # of one body after its content encoding is taken off
    max_in_memory: int = 256 * MIB  # of all bodies that are on their way or wait to be read
    max_redirects: int = 10

    # What is tried again.
    retries: int = 2  # after the first try
    max_pause: float = 600.0  # seconds that a host may put itself on hold with Retry-After

    # The way there.
    http2: bool = False  # costs about 40 % more processor time a page
    insecure: bool = False  # True: any certificate will do
    ca_file: str = ""  # PEM; "" = the certificates that come with certifi
    allow_private: tuple[str, ...] = ()  # networks inside that may be asked: ("10.1.0.0/16",)
    # Host pattern → "address:port", as curl's --connect-to: {"*.example.test": "127.0.0.1:8000"}.
    # Where it leads is trusted, whatever network it is in.
    connect_to: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in (
            "concurrency", "per_host", "max_bytes", "max_decoded_bytes", "max_in_memory"
        ):  # fmt: skip
            if getattr(self, name) < 1:
                raise JobError(f"fetch.{name}", f"{getattr(self, name)} is too few, 1 is the least")
        for name in ("delay", "max_delay", "max_redirects", "retries", "max_pause"):
            if getattr(self, name) < 0:
                raise JobError(f"fetch.{name}", f"{getattr(self, name)} is negative")
        if not self.deadline > 0:
            raise JobError("fetch.deadline", f"{self.deadline} seconds leave no time for a page")
        for name, value in self.headers.items():
            if not (name + value).isascii() or not (name + value).isprintable():
                raise JobError("fetch.headers", f"{name[:40]!r} holds what no header may hold")
        if not self.robot or not (self.agent.isascii() and self.agent.isprintable()):
            raise JobError("fetch.user_agent", "expected 'name/version' in printable ASCII")

    @property
    def agent(self) -> str:
        """The User-Agent line.

        >>> FetchSettings(contact="mailto:desk@example.test").agent
        'winnow-news/0.1 (+mailto:desk@example.test)'
        """
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent

    @property
    def robot(self) -> str:
        """The name by which a robots.txt speaks to us.

        >>> FetchSettings().robot
        'winnow-news'
        """
        return self.user_agent.partition("/")[0].strip()
