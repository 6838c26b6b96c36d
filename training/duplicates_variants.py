"""Makes further texts of written stories: shorter ones, and follow-ups with other background."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from duplicates_mutations import split
from duplicates_pairs import NO_COPIES, Group, Pair, written_groups

Row = dict[str, Any]
_REWRITTEN = ("spun", "spun2", "spun3")


def varied_groups(rows: Sequence[Row]) -> Iterator[Group]:
    """Groups like those of ``written_groups``, of texts that were changed by paragraphs.

    Once only the first sentence of each paragraph is kept, once only the first paragraphs, once
    only the first third of a report beside all that is like it; once what a local paper adds stands
    at the end and not at the beginning; and follow-ups repeat other background than they were
    written with.
    """
    written = [it for it in rows if it["kind"] != "background"]
    yield from written_groups([it | {"text": heads(it["text"])} for it in written])
    # A roundup that is cut short is none.
    yield from written_groups(
        [it | {"text": _beginning(it)} for it in written if it["kind"] != "roundup"]
    )
    base = {it["story"]: set(it["text"].split("\n\n")) for it in written if it["kind"] == "spun"}
    for it in written:
        if it["kind"] == "base":
            base[it["story"]] = base.get(it["story"], set()) | set(it["text"].split("\n\n"))
    for group in written_groups([_turned(it, base.get(it["story"], set())) for it in written]):
        # All other pairs are as they were.
        pairs = tuple(it for it in group.pairs if "lead" in it.tag)
        yield Group(group.story, group.texts, pairs)
    yield from _thirds(written)
    yield from _followed(written)


def _thirds(rows: Sequence[Row]) -> Iterator[Group]:
    """The first third of a report beside all that is like it: a trimmed copy, and no roundup."""
    cut = [_third(it) for it in rows if it["kind"] in ("base", "spun3")]
    for group in written_groups([*rows, *(it for it in cut if it["text"])]):
        pairs = tuple(
            it
            for it in group.pairs
            if it.tag.count("third") == 1
            and (it.shares or not _is_held(group.texts[it.b], group.texts[it.a]))
        )
        yield Group(group.story, group.texts, pairs)


def _third(it: Row) -> Row:
    paragraphs = [p for p in it["text"].split("\n") if p.strip()]
    kept = paragraphs[: max(2, round(len(paragraphs) / 3))]
    return it | {"kind": "third", "text": "\n\n".join(kept) if len(paragraphs) > 3 else ""}


def _is_held(part: str, whole: str) -> bool:
    """Whether more than half of a text stands in another paragraph by paragraph."""
    paragraphs = [it for it in part.split("\n") if it.strip()]
    return 2 * sum(len(it) for it in paragraphs if it in whole) > len(part)


def _turned(it: Row, told: set[str]) -> Row:
    """A copy with a local lead, with what it adds at its end."""
    if it["kind"] not in ("lead", "lead_spun") or not told:
        return it
    paragraphs = it["text"].split("\n\n")
    ours = [p for p in paragraphs if p not in told]
    return it | {"text": "\n\n".join([*(p for p in paragraphs if p in told), *ours])}


def heads(text: str) -> str:
    """The first sentence of each paragraph."""
    paragraphs = [it for it in text.split("\n") if it.strip()]
    return "\n\n".join(split(it).sentences[0][1] for it in paragraphs)


def _beginning(it: Row) -> str:
    """The first half to four fifths of the paragraphs; one share for a whole story."""
    paragraphs = [p for p in it["text"].split("\n") if p.strip()]
    about = it["not_copy_of"][0] if it["not_copy_of"] else it["story"]
    share = Random(about).uniform(0.5, 0.8)
    return "\n\n".join(paragraphs[: max(3, round(share * len(paragraphs)))])


def _followed(rows: Sequence[Row]) -> Iterator[Group]:
    copies: dict[str, list[Row]] = defaultdict(list)
    sequels: dict[str, list[Row]] = defaultdict(list)
    for it in rows:
        if it["kind"] == "hard":
            for story in it["not_copy_of"]:
                sequels[story].append(it)
        elif it["kind"] not in NO_COPIES:
            copies[it["story"]].append(it)
    for story, those in sequels.items():
        random = Random(story)
        told = copies[story]
        base = [it for it in told if it["kind"] == "base"]
        sources = [it for it in told if it["kind"] in ("base", *_REWRITTEN)]
        if not base:
            continue
        known = set(base[0]["text"].split("\n\n"))
        texts = [it["text"] for it in told]
        pairs = []
        for sequel in those:
            own = [it for it in sequel["text"].split("\n\n") if it not in known]
            for source in random.sample(sources, min(4, len(sources))):
                texts.append(_with_background(own, source["text"].split("\n\n"), random))
                pairs += [
                    Pair(at, len(texts) - 1, False, False, f"not followed+{it['kind']}")
                    for at, it in enumerate(told)
                    if not _is_held(it["text"], texts[-1])
                ]
        yield Group(story, tuple(texts), tuple(pairs))


def _with_background(own: Sequence[str], told: Sequence[str], random: Random) -> str:
    """News with background behind it: a part of it, or all from the report's lead on."""
    retold = random.random() < 0.5
    left = sum(map(len, own)) * (random.uniform(0.7, 1.4) if retold else random.uniform(0.4, 1.0))
    # A rewriting begins with its title.
    rest = list(told[1 if len(told[0]) < 100 else 0 :]) if retold else list(told[2:])
    at = 0 if retold else random.randrange(max(1, len(rest)))
    chosen = []
    for paragraph in rest[at:] + rest[:at]:
        if len(paragraph) <= left:
            chosen.append(paragraph)
            left -= len(paragraph)
    place = random.choice((len(own), max(1, len(own) - 1)))
    return "\n\n".join([*own[:place], *chosen, *own[place:]])
