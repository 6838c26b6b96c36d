"""Finds the people among what stands in author fields: no sites, no desks, no agencies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from tomllib import loads

from scraper.extractors.metadata.agency import agency_named
from scraper.extractors.metadata.given_names import has_given_name

# More names than any byline of the WCXB and news sets has (12); a list of all authors has hundreds.
MOST_AUTHORS = 20
LONGEST_NAME = 60  # characters
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Credited:
    """Who wrote it: ``people`` in their order without repetition, and the first agency.

    ``signed`` is the agency as the page writes it ("The Associated Press").
    """

    people: tuple[str, ...]
    agency: str | None
    signed: str | None = None


def credited(values: Iterable[str], sites: Iterable[str] = ()) -> Credited:
    """The people and the agency named in author values; ``sites`` are names that are the site's.

    A host among them (it has a dot) bars names of one word only: many write under their own name.

    >>> credited(["By Ada Example and Bo Sample, Reuters", "Daily Winnow"], ["The Daily Winnow"])
    Credited(people=('Ada Example', 'Bo Sample'), agency='Reuters', signed='Reuters')
    """
    own = frozenset(bare(it) for it in sites if "." not in it) - {""}
    hosts = frozenset(
        bare(part)
        for it in sites
        if "." in it
        for part in (it, it.rsplit(".", 1)[0], *it.split(".")[:-1])
    )
    people: dict[str, str] = {}
    agency = signed = None
    for value in values:
        parts = _parts(value)
        for part in parts:
            found = agency_named(part)
            if found is not None:
                if agency is None:
                    agency, signed = found, _plain(part)
                continue
            name = _name(part, own, hosts)
            if name is None or (len(parts) > 1 and _is_afterthought(name, parts)):
                continue
            people.setdefault(bare(name), name)
        if len(people) >= MOST_AUTHORS:
            break
    return Credited(tuple(people.values())[:MOST_AUTHORS], agency, signed)


def _plain(part: str) -> str:
    return _AROUND.sub("", _words().prefix.sub("", part))


# Combining accents are no word characters, so that they go as well.
_NO_LETTER = re.compile(r"[\W_]+")


@lru_cache(maxsize=4_096)
def bare(name: str) -> str:
    """A name as comparable letters: no case, accents, spaces, articles.

    >>> bare("The Habertürk")
    'haberturk'
    """
    # Most names are ASCII, and normalizing is most of the time.
    plain = name.casefold() if name.isascii() else unicodedata.normalize("NFKD", name).casefold()
    letters = _NO_LETTER.sub("", plain)
    return letters.removeprefix("the") if letters != "the" else letters


@dataclass(frozen=True, slots=True)
class _Words:
    words: frozenset[str]
    values: frozenset[str]
    prefix: re.Pattern[str]
    suffix: re.Pattern[str]
    joint: re.Pattern[str]
    others: re.Pattern[str]
    parts: re.Pattern[str]
    labels: frozenset[str]  # prefixes that name an author, not one who read or changed the text


@cache
def _words() -> _Words:
    source = files("scraper.extractors").joinpath("data/not_people.toml").read_text("utf-8")
    data = loads(source)

    def any_of(key: str) -> str:
        return "|".join(sorted(map(re.escape, data[key]), key=len, reverse=True))

    others = tuple(data["no_labels"])
    labels = frozenset(it.rstrip(":：") for it in data["prefixes"] if it not in others)
    return _Words(
        words=frozenset(data["words"]),
        values=frozenset(data["values"]),
        prefix=re.compile(rf"^(?:(?:{any_of('prefixes')})(?:\s*[:：]\s*|\s+))+", re.IGNORECASE),
        suffix=re.compile(rf"(?:\s*,\s*|\s+)(?:{any_of('suffixes')})$", re.IGNORECASE),
        joint=re.compile(rf"\s+({any_of('joints')})\s+", re.IGNORECASE),
        parts=re.compile(any_of("parts")),
        others=re.compile(rf"(?:{any_of('no_labels')})\s", re.IGNORECASE),
        labels=labels,
    )


_SURE_JOINTS = frozenset({"and", "und", "et", "&", "+", "with", "og", "och"})
_AROUND = re.compile(r"^[\s\W_]+|[\s\-–—|,;:·•*]+$")
_PLACE = re.compile(
    r"\s+(?:in|aus|at|for|für|à|da|i|from|em|en)\s+[A-ZÀ-ÞА-Я].*$|\s*(?:[\[（|–—•·]|\((?!\w+\)\s\w)).*$|\s+-\s+.*$"
)
_ADDRESS = re.compile(
    r"https?:|www\.|@|[\w-]+\.(?:com|org|net|de|fr|it|es|co|news|tv|be|uk|at|ch|dk|no|se|info|io)\b",
    re.IGNORECASE,
)
_WEB = re.compile(r"\S*(?:https?://|www\.|@)\S*", re.IGNORECASE)
# "Name기자 외 1명" (and one more), "et al."
_MORE = re.compile(r"\s+(?:외\s*\d+\s*명|et al\.?|u\. ?a\.)$")


def _parts(value: str) -> list[str]:
    """The value taken apart into what may be one name each."""
    words = _words()
    plain = _WEB.sub(" ", value[:1_000])
    text = words.prefix.sub("", " ".join(plain.split())[:400].strip())
    found: list[str] = []
    for piece in re.split(r"[,;、，|/\n]|\s[•·⋅●–—]\s", text):
        at = 0
        for joint in words.joint.finditer(piece):
            left, right = piece[at : joint.start()], piece[joint.end() :]
            if joint.group(1).lower() in _SURE_JOINTS or (
                " " in left.strip() and " " in right.strip()
            ):
                found.append(left)
                at = joint.end()
        found.append(piece[at:])
    found = [it for it in (each.strip() for each in found) if it]
    if "/" in value and agency_named(value):
        return [value]
    # "Example, Ada B.": a last name before a first one, as libraries write it.
    if (
        len(found) == 2
        and "," in value
        and all(it.isalpha() and it[0].isupper() for it in (found[0], found[1].split()[0]))
        and all(_INITIAL.match(it) for it in found[1].split()[1:])
    ):
        return (
            [f"{found[1]} {found[0]}"]
            if not any(agency_named(it) or it.isupper() for it in found)
            else found
        )
    return found


_INITIAL = re.compile(r"[^\W\d_]\.?$")


def _name(part: str, own: frozenset[str], hosts: frozenset[str]) -> str | None:
    words = _words()
    if _ADDRESS.search(part):
        return None
    text = words.prefix.sub("", _MORE.sub("", part))
    text = _PLACE.sub("", text)
    text = words.suffix.sub("", words.suffix.sub("", text))
    text = _AROUND.sub("", text)
    if not 2 <= len(text) <= LONGEST_NAME or any(it.isdigit() for it in text):
        return None
    singles = text.casefold().replace("-", " ").replace(".", " ").split()
    if not singles or len(singles) > MOST_WORDS or text.casefold() in words.values:
        return None
    if words.parts.search(text.casefold()):
        return None
    # "Photo: Ada Example" is who did something else.
    if not words.words.isdisjoint(singles) or text[-1] in "!?" or ":" in text or "：" in text:
        return None
    letters = bare(text)
    if not letters or (len(singles) == 1 and letters in hosts):
        return None
    # Who writes a site of their own often names it after themselves.
    if letters in own and not has_given_name(text):
        return None
    return text


def begins_like_a_byline(text: str) -> bool:
    """Whether the text begins with what stands before a name ("By", "Von", "Text:").

    >>> begins_like_a_byline("By Ada Example"), begins_like_a_byline("Byron in Ghent")
    (True, False)
    """
    words = _words()
    return words.prefix.match(text) is not None and words.others.match(text) is None


def is_byline_label(text: str) -> bool:
    """Whether the text is no more than what stands before an author's name.

    >>> is_byline_label("Written by:"), is_byline_label("Reviewed by")
    (True, False)
    """
    return len(text) < LONGEST_LABEL and text.strip(" :：").casefold() in _words().labels


LONGEST_LABEL = 30


# Small words inside of names, and the dot of an initial.
_PARTICLES = frozenset(
    [
        "al",
        "af",
        "av",
        "bin",
        "da",
        "das",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "e",
        "el",
        "la",
        "le",
        "les",
        "ibn",
        "o",
        "of",
        "te",
        "ten",
        "ter",
        "van",
        "vom",
        "von",
        "vd",
        "y",
        "zu",
        "zum",
        "zur",
    ]
)


def looks_like_a_person(name: str) -> bool:
    """Whether the words have the form of a person's name: for names that no markup vouches for.

    >>> looks_like_a_person("Ada van der Example"), looks_like_a_person("Read more stories")
    (True, False)
    """
    words = [it.strip('()"“”') or it for it in name.split()]
    if len(words) == 1:
        return not name.isascii() and 2 <= len(name) <= 4 and unicodedata.category(name[0]) == "Lo"
    if len(words) > MOST_WORDS:
        return False
    if all(unicodedata.category(it[0]) == "Lo" for it in words):
        return len(words) <= 4 and len(name) <= 20  # a script without capitals
    return all(it.lower() in _PARTICLES or it[0].isupper() for it in words) and any(
        len(it) > 1 and not it.isupper() for it in words
    )


def _is_afterthought(name: str, parts: list[str]) -> bool:
    """A single word beside whole names: a place, a desk, a degree ("Ada Example, Berlin, MD")."""
    return " " not in name and name.isascii() and any(" " in it for it in parts)
