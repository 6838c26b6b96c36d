"""Makes file names from what strangers write: safe everywhere, and never outside the folder."""

from __future__ import annotations

import re
import unicodedata

# A name of 255 bytes is the most on ext4, APFS and NTFS; the rest is for an id and an ending.
MOST_BYTES = 120

# Names of devices on Windows, with whatever ending (Microsoft, "Naming Files, Paths, …").
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{it}{n}" for it in ("com", "lpt") for n in range(10))}
)
_NO_WORD = re.compile(r"[^\w]+|_+")


def file_name(title: str | None, id: str) -> str:
    """A name without its ending: words of the title, then the id, which makes it the only one.

    Lower case, as some file systems do not tell the cases apart; letters of all scripts stay.

    >>> file_name("../../etc/passwd: A \\x00 tale", "8f9bfe9d")
    'etc-passwd-a-tale-8f9bfe9d'
    >>> file_name("CON", "8f9bfe9d")
    'con-8f9bfe9d'
    """
    plain = unicodedata.normalize("NFC", (title or "")[:1_000]).casefold()
    plain = unicodedata.normalize("NFC", plain)
    words = _NO_WORD.sub("-", plain.encode("utf-8", "ignore").decode()).strip("-")
    words = words.encode()[:MOST_BYTES].decode(errors="ignore").strip("-")
    safe_id = (
        _NO_WORD.sub("-", id.encode("utf-8", "ignore").decode().casefold())
        .encode()[:60]
        .decode(errors="ignore")
        .strip("-")
        or "0"
    )
    name = f"{words}-{safe_id}" if words else safe_id
    return f"{name}-" if name in _DEVICES else name
