"""The lines that a person would put into ``sites/<host>.toml`` to set a block right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

# More than so many ways out of a block are no choice any more.
MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A selector for the element around a block; ``blocks`` and ``kept`` tell what stands in it."""

    selector: str
    blocks: int
    kept: int


@dataclass(frozen=True, slots=True)
class Steps:
    """How often each step of a path stands on a page: once for a block, whatever it holds."""

    blocks: Counter[str]
    kept: Counter[str]


def count_steps(blocks: Iterable[tuple[Sequence[str], bool]]) -> Steps:
    """Of pairs of a block's path and whether it is kept."""
    every: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for path, is_kept in blocks:
        steps = set(path)
        every.update(steps)
        if is_kept:
            kept.update(steps)
    return Steps(every, kept)


def places(path: Sequence[str], steps: Steps) -> list[Place]:
    """From the narrowest to the widest element around a block that has a class to call it by.

    >>> path = ("body", "div.main", "div.promo", "p")
    >>> [it.selector for it in places(path, count_steps([(path, True)]))]
    ['div.promo > p', 'div.promo', 'div.main']
    """
    named = [at for at, step in enumerate(path) if "." in step]
    if not named:
        return []
    found: list[Place] = []
    deepest = named[-1]
    # The element itself, where it has no class: so far below the nearest one that has.
    if deepest < len(path) - 1:
        chain = " > ".join(_selector(it) for it in path[deepest:])
        # What else stands there is not known from the steps alone; never more than in the box.
        box = path[deepest]
        found.append(Place(chain, steps.blocks[box], steps.kept[box]))
    for at in reversed(named):
        place = Place(_selector(path[at]), steps.blocks[path[at]], steps.kept[path[at]])
        if place.selector not in [it.selector for it in found]:
            found.append(place)
    return found[:MOST]


def _selector(step: str) -> str:
    """A step of a path as CSS; a custom element's name is not known, only that it has the class.

    >>> _selector("div.md:flex"), _selector("custom.box"), _selector("p")
    ('div.md\\\\:flex', '.box', 'p')
    """
    tag, dot, name = step.partition(".")
    tag = "" if tag in {"custom", "other"} else tag
    return f"{tag}.{escaped(name)}" if dot else tag or "*"


def escaped(name: str) -> str:
    """A class name as CSS writes it (CSSOM 2.1, "serialize an identifier").

    >>> escaped("w-1/2"), escaped("2col"), escaped("-")
    ('w-1\\\\/2', '\\\\32 col', '\\\\-')
    """
    if name == "-":
        return "\\-"
    written = []
    for at, it in enumerate(name):
        if it.isascii() and it.isdigit() and (at == 0 or (at == 1 and name[0] == "-")):
            written.append(f"\\{ord(it):x} ")
        elif it in "-_" or (it.isascii() and it.isalnum()) or (it >= "\u00c0" and it.isalpha()):
            written.append(it)
        elif it.isascii() and it.isprintable():
            written.append(f"\\{it}")
        else:
            # Not all parsers take every sign beyond ASCII for a part of a name.
            written.append(f"\\{ord(it):x} ")
    return "".join(written)


def quoted(value: str) -> str:
    r"""A string as TOML writes it.

    >>> print(quoted('a"b\\c'))
    'a"b\c'
    """
    if "'" not in value and all(it >= " " and it != "\x7f" for it in value):
        return f"'{value}'" if '"' in value or "\\" in value else f'"{value}"'
    body = value.replace("\\", "\\\\").replace('"', '\\"')
    body = "".join(f"\\u{ord(it):04x}" if it < " " or it == "\x7f" else it for it in body)
    return f'"{body}"'


def drop_line(label: str, selector: str) -> str:
    """
    >>> drop_line("advert", "div.promo")
    'drop.advert = ["div.promo"]'
    """
    return f"drop.{label} = [{quoted(selector)}]"


def keep_line(selector: str) -> str:
    return f"keep = [{quoted(selector)}]"


def value_lines(selector: str) -> Iterator[str]:
    """Lines that take the title, the author or the date of a page from an element."""
    for key in ("title", "author", "date"):
        yield f"{key} = {quoted(selector)}"
