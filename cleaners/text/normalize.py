"""Brings a text into the one form that is kept: it loses nothing that a reader would miss.

Doing it twice changes nothing more. Two paragraphs of the text are never made one.
"""

from __future__ import annotations

import html
import re
import unicodedata

from cleaners.errors import UnreadableText
from cleaners.text.traits import FOREIGN, GARBLED, LOOSE, ODD, traits
from cleaners.text.wrapped import unwrap

# Encoded twice or more often (&amp;amp;lt;): all layers go at once, so that twice is once.
_AMPERSANDS = re.compile(r"&(?:(?:amp|AMP|#0*38|#[xX]0*26);)+")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028]")
# Control characters, soft hyphen, zero-width space, word joiner, byte order mark, bidi controls.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffc\ufffe\uffff]"
)
# The second block of controls is part of garbled text, so that it goes after the repair.
_UPPER_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
# Joiners part and bind letters in Persian, Indic scripts and emoji; beside Latin they are dirt.
_JOINER = re.compile(
    "(?<![^\x00-\u058f\u2000-\u206f\\s])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\u058f\u2000-\u206f\\s])"
)
# What UTF-8 that was read as a single-byte encoding leaves: cheap to look for before ftfy is asked.
_GARBLED = re.compile(
    "[\u00c2-\u00f4\u0413-\u0441\u0102-\u0111\u00a4-\u00bf][\u0080-\u00bf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122\u0402-\u045f]|\ufffd"
)
_HAN_KANA = "[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
_HAS_HAN_KANA = re.compile(
    " [\u3001\u3002\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff1f]"
)
_SPACED = re.compile(f"{_HAN_KANA}(?: {_HAN_KANA}){{3,}}(?!{_HAN_KANA})")
_FULL_STOPS = re.compile(" +([\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f])")
_BLANK_LINES = re.compile("\n{3,}")
# A repaired text may show a new fault (an entity that was garbled); each round costs one pass,
# and nobody nests faults deeper than this.
_ROUNDS = 8


def normalize(text: str) -> str:
    """The text in Unicode NFC, garbling and entities undone, invisible characters gone, one space
    between words, one empty line at most between lines, lines that were broken at a width joined.

    Quotation marks and dashes stay as they are. ``UnreadableText`` where what is given is no text.

    >>> normalize("It&#39;s  a caf\\u00c3\\u00a9.\\r\\n\\r\\n\\r\\nYes.")
    "It's a café.\\n\\nYes."
    """
    if not isinstance(text, str):
        raise UnreadableText("text", f"str expected, not {type(text).__name__}")
    for _ in range(_ROUNDS):
        before, found = text, traits(text)
        text = _repaired(text, found)
        text = _spaced(text, found if text is before else traits(text))
        if text == before:
            break
    return unwrap(text)


def _spaced(text: str, found: int) -> str:
    """One space between words, one empty line at most, none at the ends."""
    if found & (LOOSE | ODD):
        text = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    if found & FOREIGN and _HAS_HAN_KANA.search(text):
        text = _FULL_STOPS.sub(r"\1", _SPACED.sub(_closed, text))
    if found & (LOOSE | ODD) and "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip()


def _closed(spaced: re.Match[str]) -> str:
    return spaced.group().replace(" ", "")


def _repaired(text: str, found: int) -> str:
    """One pass over encoding, Unicode form, invisible characters and entities."""
    is_odd = found & ODD
    if is_odd:
        text = _UNSEEN.sub("", _whole_characters(text))
        found = traits(text)  # what stood apart may stand side by side now
    if found & (GARBLED | FOREIGN):
        if found & GARBLED:
            text = _ungarbled(text)
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
    if is_odd:
        text = _BREAKS.sub("\n", text.replace("\u2029", "\n\n"))
        text = _UPPER_CONTROLS.sub("", text)
        if "\u200c" in text or "\u200d" in text:
            text = _JOINER.sub("", text)
    if "&" in text:
        text = _ENTITY.sub(_decoded, _AMPERSANDS.sub("&", text))
    return text


def _whole_characters(text: str) -> str:
    """Halves of surrogate pairs joined where both are there, else replaced by U+FFFD."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _decoded(entity: re.Match[str]) -> str:
    written = entity.group()
    said = html.unescape(written)
    # A letter or a mark that could itself be part of an entity stays as it was written.
    return written if said.isascii() and (said.isalnum() or said in "&#;") else said


def _ungarbled(text: str) -> str:
    import ftfy  # costs 30 ms to import, and most texts need none of it

    lines = text.split("\n")
    return "\n".join([ftfy.fix_encoding(it) if _GARBLED.search(it) else it for it in lines])
