"""An address that a source names, with what the source says about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """``dated``: when the source says that the page was published or changed, with a time zone."""

    url: str
    dated: datetime | None = None
    title: str = ""


def is_since(entry: Entry, since: date | None) -> bool:
    """Whether an entry is dated that day (in UTC) or later; an undated one is not.

    >>> is_since(Entry("http://a.test/", datetime(2026, 11, 2, tzinfo=UTC)), date(2026, 11, 1))
    True
    """
    if since is None:
        return True
    return entry.dated is not None and entry.dated.astimezone(UTC).date() >= since


def read_date(text: str) -> datetime | None:
    """A W3C date ("2026", "2026-11", "2026-11-02", "2026-11-02T10:00:00Z"); UTC where none is said.

    >>> read_date("2026-11")
    datetime.datetime(2026, 11, 1, 0, 0, tzinfo=datetime.timezone.utc)
    >>> read_date("yesterday") is None
    True
    """
    text = text.strip()[:40]
    if text.isascii() and text.replace("-", "").isdecimal() and len(text) in (4, 7):
        text += "-01-01"[len(text) - 10 :]
    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        found.astimezone(UTC)  # 0001-01-01 in Tokyo is before all time.
    except (ValueError, OverflowError):
        return None
    return found
