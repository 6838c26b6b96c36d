"""What a site of the small world answers to a request: a pure decision over files in a folder.

``responses.toml`` in a site's folder changes what its files alone would say::

    charset = "windows-1251"          # declared for text; "" declares none; without it utf-8

    [responses."/feed/"]              # a path, with its query where it has one
    file = "feed.xml"                 # the file to send, else the one that lies at the path
    status = 200
    headers = { "Content-Type" = "application/rss+xml" }

    [responses."/old/"]
    status = 301
    headers = { Location = "/new/" }
"""

from __future__ import annotations

import gzip
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urlsplit

TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".shtml": "text/html",
    ".xml": "application/xml",
    ".json": "application/json",
    ".txt": "text/plain",
    ".gz": "application/gzip",
    ".js": "text/javascript",
    ".css": "text/css",
    ".jpg": "image/jpeg",
}
RULES = "responses.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    """What ``responses.toml`` says about one path."""

    status: int = 200
    file: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Site:
    folder: Path
    charset: str = "utf-8"
    rules: Mapping[str, Rule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """The head of a request; header names are lower case, ``path`` keeps its query."""

    method: str
    path: str
    headers: Mapping[str, str]
    version: str = "HTTP/1.1"

    @classmethod
    def parse(cls, head: bytes) -> Asked | None:
        """None where it is no HTTP/1 request.

        >>> Asked.parse(b"GET /a HTTP/1.1\\r\\nHost: a.example.test:80\\r\\n\\r\\n").host
        'a.example.test'
        """
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            return None
        pairs = (line.partition(":") for line in lines[1:] if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        path = words[1]
        if not path.startswith("/"):  # absolute form, as a proxy is asked
            try:
                parts = urlsplit(path)
            except ValueError:
                return None
            headers["host"] = parts.netloc or headers.get("host", "")
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(words[0], path, headers, words[2])

    @property
    def host(self) -> str:
        return self.headers.get("host", "").rpartition("@")[2].split(":")[0].lower().rstrip(".")

    @property
    def keeps_alive(self) -> bool:
        """A request with a body ends the connection: the body is not read."""
        has_body = self.headers.get("content-length", "0") != "0" or (
            "transfer-encoding" in self.headers
        )
        wish = self.headers.get("connection", "").lower()
        return not has_body and (
            wish == "keep-alive" if self.version == "HTTP/1.0" else wish != "close"
        )


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def phrase(self) -> str:
        known = {it.value: it.phrase for it in HTTPStatus}
        return known.get(self.status, "Unknown")


def read_site(folder: Path) -> Site:
    """A site from its folder; without ``responses.toml`` every file is served as it lies."""
    try:
        said = tomllib.loads((folder / RULES).read_text("utf-8"))
    except FileNotFoundError:
        return Site(folder)
    rules = {path: Rule(**rule) for path, rule in said.get("responses", {}).items()}
    return Site(folder, said.get("charset", "utf-8"), rules)


def answer(sites: Mapping[str, Site], asked: Asked) -> Answer:
    """The answer of the site that the request names; 404 for a host that is not of this world."""
    site = sites.get(asked.host)
    if site is None:
        return _plain(404, f"no site {asked.host!r} in this world\n")
    if asked.method not in ("GET", "HEAD"):
        return Answer(405, {"Allow": "GET, HEAD"}, b"")
    rule = site.rules.get(asked.path) or site.rules.get(asked.path.partition("?")[0]) or Rule()
    file = _file(site.folder, rule.file or asked.path)
    if file is None:
        if rule.status == 200:
            return _not_found(site)
        return Answer(rule.status, {"Content-Type": "text/plain", **rule.headers}, b"")
    if file.suffix == "" and not rule.file:  # a folder asked for without its closing slash
        return Answer(301, {"Location": asked.path.partition("?")[0] + "/"}, b"")
    body = file.read_bytes()
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'  # weak: gzip or not, it is one page
    headers = {
        "Content-Type": _content_type(file, site.charset),
        "ETag": tag,
        "Last-Modified": formatdate(int(file.stat().st_mtime), usegmt=True),
        "Vary": "Accept-Encoding",
        **rule.headers,
    }
    if rule.status == 200 and _is_unchanged(asked.headers, tag, headers["Last-Modified"]):
        return Answer(304, headers, b"")
    if "gzip" in asked.headers.get("accept-encoding", "") and file.suffix not in (".gz", ".jpg"):
        body = gzip.compress(body, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Answer(rule.status, headers, body)


def _file(folder: Path, path: str) -> Path | None:
    """The file for a path, the folder itself where the slash is missing, None for neither."""
    name = unquote(urlsplit("//site/" + path.lstrip("/")).path).lstrip("/")
    if "\0" in name or len(name) > 500:
        return None
    found = (folder / name).resolve()
    if not found.is_relative_to(folder.resolve()) or found.name == RULES:
        return None
    if name == "" or name.endswith("/"):
        found = found / "index.html"
    elif found.is_dir():
        return found if (found / "index.html").is_file() else None
    return found if found.is_file() else None


def _content_type(file: Path, charset: str) -> str:
    kind = TYPES.get(file.suffix, "application/octet-stream")
    is_text = kind.startswith("text/") or kind == "application/xml"
    return f"{kind}; charset={charset}" if is_text and charset else kind


def _is_unchanged(headers: Mapping[str, str], tag: str, modified: str) -> bool:
    """If-None-Match goes before If-Modified-Since (RFC 9110, section 13.2.2)."""
    if "if-none-match" in headers:
        tags = {it.strip().removeprefix("W/") for it in headers["if-none-match"].split(",")}
        return tag.removeprefix("W/") in tags or "*" in tags
    try:
        since = parsedate_to_datetime(headers["if-modified-since"])
    except (KeyError, ValueError, TypeError):
        return False
    return parsedate_to_datetime(modified).timestamp() <= since.timestamp()


def _not_found(site: Site) -> Answer:
    page = site.folder / "404.html"
    if page.is_file():
        return Answer(404, {"Content-Type": _content_type(page, site.charset)}, page.read_bytes())
    return _plain(404, "not found\n")


def _plain(status: int, text: str) -> Answer:
    return Answer(status, {"Content-Type": "text/plain; charset=utf-8"}, text.encode())
