"""Pairs of texts that are copies, and that are none, to train the model of duplicates on."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
from duplicates_mutations import (
    Text,
    corrected,
    followed_up,
    gathered,
    issued_anew,
    led,
    littered,
    quoted,
    refilled,
    reworded,
    shuffled,
    split,
    trimmed,
)

from cleaners.duplicates.candidates import packed, sharing
from cleaners.duplicates.terms import terms
from cleaners.duplicates.words import words

Row = dict[str, Any]
# All other kinds are copies of their story.
NO_COPIES = frozenset(("hard", "quote", "same_topic", "template", "roundup", "background"))


@dataclass(frozen=True)
class Group:
    """Texts and pairs of them."""

    story: str
    texts: tuple[str, ...]
    pairs: tuple[Pair, ...]


class Pair(NamedTuple):
    """Two texts by their place. ``shares``: what they share is one report; ``whole``: both are
    that report, and neither is a roundup that holds it next to others."""

    a: int
    b: int
    shares: bool
    whole: bool
    tag: str


def rows_of(data: Path, fixtures: Path) -> list[Row]:
    """All documents of both sources; each has a ``split``: tune or test, one for a whole story.

    All stories of ``data`` but the two seeds are for tuning; of the background every third text is
    for testing.
    """
    with gzip.open(data / "duplicates" / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows: list[Row] = [json.loads(line) for line in lines]
    for place, it in enumerate(rows):
        it["not_copy_of"] = [it["not_copy_of"]] if it.get("not_copy_of") else []
        is_background = it["kind"] == "background"
        is_tuned = place % 3 != 0 if is_background else it["kind"] != "seed"
        it["split"] = "tune" if is_tuned else "test"
        it["source"] = it["author"] = "dev"
    for path in sorted(fixtures.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            it = json.loads(line)
            it["source"] = "written"
            it["author"] = path.stem.split("-author")[0] if "-author" in path.stem else "first"
            it["not_copy_of"] = it.get("not_copy_of") or []
            rows.append(it)
    return rows


def is_copy(a: Row, b: Row) -> bool:
    """Whether two documents are copies of one story; a roundup is a copy of nothing."""
    return a["story"] == b["story"] and not NO_COPIES & {a["kind"], b["kind"]}


def holds(roundup: Row, part: Row) -> bool:
    """Whether a roundup holds the story that a document is a copy of."""
    return part["kind"] not in NO_COPIES and part["story"] in roundup.get("parts", ())


def written_groups(rows: Sequence[Row]) -> Iterator[Group]:
    """Each story with what is a copy of it and what is none, as people wrote them."""
    stories: dict[str, list[Row]] = defaultdict(list)
    for it in rows:
        if it["kind"] == "background":
            continue
        for story in {it["story"], *it["not_copy_of"], *it.get("parts", ())}:
            stories[story].append(it)
    for story, members in stories.items():
        pairs = []
        for b in range(len(members)):
            for a in range(b):
                one, other = members[a], members[b]
                same = is_copy(one, other)
                tag = "+".join(sorted((one["kind"], other["kind"])))
                held = holds(one, other) or holds(other, one)
                named = tag if same else f"part {tag}" if held else f"not {tag}"
                pairs.append(Pair(a, b, same or held, same, named))
        if pairs:
            yield Group(story, tuple(it["text"] for it in members), tuple(pairs))


def made_group(text: str, others: Sequence[str], vocabulary: Sequence[str], seed: str) -> Group:
    """Copies and look-alikes of one text, made by ``training/duplicates_mutations.py``."""
    random = Random(seed)
    source = split(text)
    if len(source.sentences) > 40:
        source = Text(source.sentences[: random.randint(15, 40)], source.breaks)
    rest = [split(it) for it in others]

    def worded(it: Text) -> Text:
        return reworded(it, random.uniform(0.1, 0.55), vocabulary, random)

    copies = [
        ("base", source),
        ("reworded", worded(source)),
        ("reworded2", worded(source)),
        ("trimmed", trimmed(source, random)),
        ("led", led(source, rest[0], random)),
        ("littered", littered(source, random)),
        ("corrected", corrected(source, random)),
        ("shuffled", shuffled(source, random)),
        ("led trimmed", led(trimmed(source, random), rest[1], random)),
        ("reworded trimmed", trimmed(worded(source), random)),
        ("reworded led", led(worded(source), rest[2], random)),
        ("reworded littered", littered(worded(source), random)),
        ("corrected trimmed", littered(corrected(trimmed(source, random), random), random)),
    ]
    none = [
        ("quote", quoted(source, rest[0], random)),
        ("quote reworded", quoted(worded(source), rest[1], random)),
        ("roundup", gathered([source, rest[1]], random)),
        ("roundup of three", gathered([rest[2], worded(source), rest[0]], random)),
        ("template", refilled(source, vocabulary, random)),
    ]
    if sum(any(c.isdigit() for c in it) for _, it in source.sentences) * 2 > len(source.sentences):
        none.append(("next issue", issued_anew(source, vocabulary, random)))
    texts = [it for _, it in copies + none]
    pairs = []
    for b in range(len(copies)):
        for a in range(b):
            shared = len(texts[a].numbers & texts[b].numbers)
            fewer = min(len(texts[a].numbers), len(texts[b].numbers))
            if shared * 2 >= fewer and shared >= 3:
                pairs.append(Pair(a, b, True, True, f"{copies[a][0]}+{copies[b][0]}"))
    for place, (name, _) in enumerate(none):
        held = "roundup" in name
        named = f"part {name}" if held else f"not {name}"
        pairs += [Pair(a, len(copies) + place, held, False, named) for a in (0, 1, 3, 5, 7)]
    for other in rest:
        texts.append(other)
        pairs += [Pair(a, len(texts) - 1, False, False, "not another text") for a in (0, 1, 7)]
    for _ in range(2):
        sequel = followed_up(source, random)
        if sequel:
            one, other = sequel
            at = len(texts)
            texts += [one, other, worded(other), led(one, rest[0], random), littered(other, random)]
            texts += [worded(one)]
            for a, b in ((0, 1), (0, 2), (3, 1), (0, 4), (5, 1), (5, 2)):
                pairs.append(Pair(at + a, at + b, False, False, "not follow-up"))
    return Group(seed, tuple(map(str, texts)), tuple(pairs))


def mined_groups(rows: Sequence[Row]) -> Iterator[Group]:
    """Background texts that an index takes for possible copies: the same topic, another text."""
    texts = [it["text"] for it in rows if it["kind"] == "background"]
    keys, first = terms(words(texts))
    counts = np.diff(first)
    column = packed(keys, np.repeat(np.arange(len(texts)), counts))
    for block in sharing(column, counts):
        for at in range(0, len(block), 10):
            found = np.stack([block >> np.uint64(32), block & np.uint64(0xFFFFFFFF)], axis=1)
            numbers, places = np.unique(found[at : at + 10].astype(np.int64), return_inverse=True)
            pairs = [Pair(a, b, False, False, "not background") for a, b in places.reshape(-1, 2)]
            yield Group(f"mined {at}", tuple(texts[it] for it in numbers), tuple(pairs))
