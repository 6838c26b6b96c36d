"""Reads a moment from what people write for one: unknown where it could be two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.resources import files
from tomllib import loads

# The first news site went online in 1994; 1970 is a clock that was never set.
EARLIEST = 1994
# A page may be dated by a clock east of ours, and stories are dated to the next morning's paper.
AHEAD = timedelta(days=2)

_ISO = re.compile(
    r"\s*(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*"
    r"(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?(?!\d)",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{4})?\s*$")
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})\s*[/.年년-]\s*(\d{1,2})\s*[/.月월-]\s*(\d{1,2})(?!\d)"
    r"(?:[日일]|\.)?(?:[^\d]{0,6}(\d{1,2})[:時시]\s*(\d{2}))?"
)
_YEAR_LAST = re.compile(
    r"(?<![\w.])(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\w|\.\d)(?:[^\d]{1,12}(\d{1,2})[:.h](\d{2})(?!\d))?"
)
_NAMED = re.compile(
    r"(?:(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?[\s,-]*(?:de |di |del )?[\s-]*)?"
    r"([^\W\d_]{3,12})\.?[\s,-]*(?:(\d{1,2})(?:st|nd|rd|th)?(?!\d)[\s,]+)?"
    r"(?:de |del )?[\s,-]*(\d{4})(?!\d)"
    r"(?:[^\d]{1,12}(\d{1,2})[:.h](\d{2})(?!\d)\s*([ap]\.?m)?)?",
    re.IGNORECASE,
)
_YEAR_THEN_NAME = re.compile(r"\s*(\d{4})[\s,-]+([^\W\d_]{3,12})\.?[\s,-]+(\d{1,2})(?!\d)")
_EPOCH = re.compile(r"\s*(\d{10})(\d{3})?\s*$")


def moment(text: str, *, day_first: bool | None = None) -> datetime | None:
    """The moment that ``text`` names, or None where it names none or could name two.

    The result has a time zone only where the text has one. A day without an hour is midnight
    without a zone. ``day_first`` says how 05/03/2024 is read; None leaves it unknown.

    >>> moment("2024-05-03T15:47:42+02:00").isoformat()
    '2024-05-03T15:47:42+02:00'
    >>> moment("May 3, 2024").isoformat()
    '2024-05-03T00:00:00'
    >>> moment("05/03/2024") is None
    True
    """
    text = text[:120].strip()
    if len(text) < 6:
        return None
    for read in (_iso, _compact, _epoch, _rfc, _year_first, _named):
        found = read(text)
        if found is not None:
            return found
    return _year_last(text, day_first)


_UPDATED = (
    "updated|update|modified|last edited|edited|revised|reviewed|last reviewed|last changed|changed"
    "|aktualisiert|aktualisierung|geändert|zuletzt|stand|mis à jour|modifié|actualizado|actualizada"
    "|actualización|modificado|atualizado|atualizada|atualização|aggiornato|aggiornamento|modificato"
    "|bijgewerkt|gewijzigd|opdateret|oppdatert|uppdaterad|päivitetty|zaktualizowano|aktualizacja"
    "|aktualizováno|обновлено|оновлено|güncelleme|güncellendi|diperbarui|更新|수정"
)
_ISSUED = (
    "published|posted|publié|publiée|veröffentlicht|erschienen|erstellt|publicado|publicada"
    "|pubblicato|gepubliceerd|udgivet|publisert|publicerad|julkaistu|opublikowano|dodano"
    "|опубликовано|yayınlanma|公開|配信|발행|입력|등록|written|created|first"
)
_OTHER = (
    "joined|member since|registered|since|seit|depuis|desde|copyright|©|born|geboren|expires|due"
)
_LABEL = re.compile(
    rf"(?<!\w)({_UPDATED})(?!\w)|(?<!\w)({_ISSUED})|(?<!\w)({_OTHER})(?!\w)", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def labeled_dates(line: str) -> list[tuple[str, str]]:
    """The texts in a short line that hold a day, each as "published" or "modified".

    A day under another label ("Joined", "©") is neither, and left out.

    >>> labeled_dates("Published May 3, 2024 | Updated: 4 May 2024")
    [('published', ' May 3, 2024 | '), ('modified', ': 4 May 2024')]
    """
    if not _YEAR.search(line):
        return []
    found = []
    kind, at = "published", 0
    for label in (*_LABEL.finditer(line), None):
        piece = line[at : label.start() if label else len(line)]
        if kind and _YEAR.search(piece) and moment(piece) is not None:
            found.append((kind, piece))
        if label:
            kind = "modified" if label.group(1) else "published" if label.group(2) else ""
            at = label.end()
    return found


def is_label(line: str) -> bool:
    """Whether a short line is no more than what stands before a day, or ends in it.

    >>> is_label("Page last updated on"), is_label("Updated guidelines for rain")
    (True, False)
    """
    plain = line.strip()
    if not plain or len(plain) >= LONGEST_LABEL:
        return False
    ends = [found.end() for found in _LABEL.finditer(plain)]
    return bool(ends) and len(plain) - ends[-1] < 5


LONGEST_LABEL = 30


_DIGIT = re.compile(r"\d")


def around_dates(line: str) -> list[str]:
    """What a short line says beside its dates and numbers: what may be a name in it.

    >>> around_dates("Published May 7, 2023 by Ada Example | 0 Comments")
    ['Published', 'by Ada Example', 'Comments']
    """
    if not _DIGIT.search(line):
        return [line]
    plain = _NAMED.sub(lambda it: "|" if it.group(2).lower() in _months() else it.group(), line)
    pieces = re.split(r"\s[|•·⋅●]\s|[|\d]+", plain)
    return [text for it in pieces if (text := it.strip(" ,:;/.-–—"))]


def is_likely(found: datetime, now: datetime) -> bool:
    """Whether a page can have been published then; ``now`` has a time zone.

    >>> is_likely(datetime(1970, 1, 1), datetime.now(UTC))
    False
    """
    there = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found.year >= EARLIEST and there <= now + AHEAD


def has_hour(found: datetime) -> bool:
    """Whether the moment says more than the day."""
    return found.tzinfo is not None or bool(found.hour or found.minute or found.second)


def _made(
    day: Sequence[str], clock: tuple[str | None, ...] = (), zone: str | None = None
) -> datetime | None:
    hour, minute, second, fraction = (*clock, None, None, None, None)[:4]
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        return datetime(
            int(day[0]),
            int(day[1]),
            int(day[2]),
            int(hour or 0) % 24,
            int(minute or 0),
            min(59, int(second or 0)),
            micro,
            tzinfo=_zone(zone),
        )
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
    if away >= timedelta(hours=24):
        return None
    return timezone(away if text[0] == "+" else -away)


def _iso(text: str) -> datetime | None:
    it = _ISO.match(text)
    return _made(it.group(1, 2, 3), it.group(4, 5, 6, 7), it.group(8)) if it else None


def _compact(text: str) -> datetime | None:
    it = _COMPACT.match(text)
    return _made(it.group(1, 2, 3), it.group(4, 5, 6), it.group(7)) if it else None


def _epoch(text: str) -> datetime | None:
    it = _EPOCH.match(text)
    return datetime.fromtimestamp(int(it.group(1)), UTC) if it else None


def _year_first(text: str) -> datetime | None:
    it = _YEAR_FIRST.search(text)
    return _made(it.group(1, 2, 3), it.group(4, 5)) if it else None


def _year_last(text: str, day_first: bool | None) -> datetime | None:
    it = _YEAR_LAST.search(text)
    if it is None:
        return None
    first, mark, second, year = it.group(1, 2, 3, 4)
    if mark == "." or int(first) > 12 or first == second:
        day_first = True  # a dotted date is written day first wherever it is written
    elif int(second) > 12:
        day_first = False
    if day_first is None:
        return None
    day, month = (first, second) if day_first else (second, first)
    return _made((year, month, day), it.group(5, 6))


@cache
def _months() -> dict[str, str]:
    source = files("scraper.extractors").joinpath("data/months.toml").read_text("utf-8")
    return {
        name: str(number)
        for names in loads(source)["months"].values()
        for number, group in enumerate(names, 1)
        for name in group.split("|")
    }


def _named(text: str) -> datetime | None:
    first = _YEAR_THEN_NAME.match(text)
    if first and first.group(2).lower() in _months():
        return _made((first.group(1), _months()[first.group(2).lower()], first.group(3)))
    for it in _NAMED.finditer(text):
        before, name, after, year, hour, minute, half = it.groups()
        month = _months().get(name.lower())
        day = before or after
        if month is None or day is None:
            continue
        if half and hour and half[0] in "pP" and int(hour) < 12:
            hour = str(int(hour) + 12)
        return _made((year, month, day), (hour, minute))
    return None


_MAIL = re.compile(r"\w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d")


def _rfc(text: str) -> datetime | None:
    """As in the headers of mail and in RSS (RFC 5322)."""
    if not _MAIL.match(text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
