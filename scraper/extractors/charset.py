"""Which characters the bytes of a page mean, and the page as UTF-8, which is what is parsed."""

from __future__ import annotations

import codecs
import re
from typing import Final

import cchardet
import numpy as np

# A byte order mark wins over everything that is said about a page (Encoding standard, 6.1).
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The HTML standard looks for a declaration in the first 1,024 bytes; pages put it further down.
HEAD: Final = 4096
# What the detector is shown; more of a page tells it nothing new.
SAMPLE: Final = 65536
IN_HEADER: Final = re.compile(r"charset\s*=\s*[\"']?([\w:.+-]{1,40})", re.I)
IN_PAGE: Final = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.+-]{1,40})"
    rb"|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.+-]{1,40})",
    re.I,
)
# Browsers read these labels as the larger set of the same family (Encoding standard, 4.2).
LARGER: Final = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252",
    "us-ascii": "cp1252", "iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "tis-620": "cp874", "windows-874": "cp874",
    "iso-8859-11": "cp874", "big5": "big5hkscs", "x-gbk": "gb18030", "unicode": "utf-8",
}  # fmt: skip


def as_utf8(html: bytes, content_type: str | None = None) -> tuple[bytes, str]:
    """The page in UTF-8 without a mark, and the encoding that it came in.

    In this order: the byte order mark; UTF-8 where all bytes are that, whatever is declared, as
    text in another encoding is hardly ever; ``content_type`` (the header); the page's own
    declaration, but for UTF-8 that most bytes belie; what the bytes look like. Bytes that mean
    nothing become U+FFFD; never raises.

    >>> as_utf8("<meta charset=windows-1251>Привет".encode("cp1251"))[1]
    'cp1251'
    """
    for mark, encoding in MARKS:
        if html.startswith(mark):
            rest = html[len(mark) :]
            return (rest, encoding) if encoding == "utf-8" else (_again(rest, encoding), encoding)
    declared = _declared(html, content_type)
    if b"\x1b" not in html and b"\0" not in html[:HEAD] and _is_utf8(html):
        return html, "utf-8"
    for label in declared:
        known = _known(label)
        if known is not None and known != "utf-8":
            return _again(html, known), known
    is_said = any(_known(label) == "utf-8" for label in declared)
    if is_said and not _is_false(html):
        return html, "utf-8"
    guess = cchardet.detect(html[:SAMPLE])
    guessed = _known(guess["encoding"] or "") if (guess["confidence"] or 0) > 0.2 else None
    if guessed is None or guessed == "utf-8":
        # Whoever says UTF-8 and writes something else mostly has an editor from the West.
        return (_again(html, "cp1252"), "cp1252") if is_said else (html, "utf-8")
    return _again(html, guessed), guessed


def _is_false(html: bytes) -> bool:
    """Whether a page that says UTF-8 is something else: more of its bytes beyond ASCII are wrong
    than right. A page with some wrong ones was glued together, and is shown as browsers do."""
    text = html.decode("utf-8", "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    wrong = text.count("\ufffd")
    return wrong > beyond - wrong


def _declared(html: bytes, content_type: str | None) -> list[str]:
    found = IN_HEADER.findall(content_type or "")[:1]
    match = IN_PAGE.search(html[:HEAD])
    if match:
        label = (match[1] or match[2]).decode("ascii", "replace")
        # A page that could be read as ASCII up to here is in none of the wide encodings.
        found.append("utf-8" if label.lower().startswith(("utf-16", "utf-32")) else label)
    return found


def _is_utf8(html: bytes) -> bool:
    # ASCII parts characters beyond it: of the many bytes of markup, those right behind such a
    # character are enough to look at.
    data = np.frombuffer(html, dtype=np.int8)
    is_beyond = data < 0
    is_telling = is_beyond.copy()
    is_telling[1:] |= is_beyond[:-1]
    telling = data[is_telling].tobytes()
    try:
        telling.decode("utf-8")
    except UnicodeDecodeError as error:
        # A page that was cut off in the middle of a character.
        return error.end >= len(telling) and error.reason == "unexpected end of data"
    return True


def _known(label: str) -> str | None:
    label = LARGER.get(label.strip().lower(), label.strip().lower())
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    # Some "encodings" turn bytes into bytes, or run a decoder that was never meant for pages.
    if not getattr(info, "_is_text_encoding", True) or info.name in UNSAFE:
        return None
    return LARGER.get(info.name, info.name)


UNSAFE: Final = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"}
)


def _again(html: bytes, encoding: str) -> bytes:
    return html.decode(encoding, "replace").encode("utf-8", "replace")
