"""Measures what is learned from text to text of one source: house lines go, quotations stay.

    python benchmarks/repeats.py ../shared/data [--hosts 30] [--texts 40]

Each host is made of gold texts of news that no other host has. A house line (a line of residue that
some page of the data shows, of five words or more) is put at the end of most texts of a host or of
some, and a sentence of another story is quoted as a paragraph in the middle of one in four. Prints,
for the lines that are labeled ``repeated``: the share of the house lines that went, of the
quotations, and of all other lines.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cleaners.clean_many import clean_many
from cleaners.labels import Label
from cleaners.text.normalize import normalize
from training.line_data import read_outputs

HOUSE_SHARES = (0.1, 0.3, 0.8)  # of a host's texts that end in its house line
QUOTED = 0.25
_SENTENCE = re.compile(r"[A-ZÄÖÜÉ][^.!?\n]{60,200}[.!?]")


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    said.add_argument("data", type=Path)
    said.add_argument("--hosts", type=int, default=30)
    said.add_argument("--texts", type=int, default=40)
    told = said.parse_args()
    with gzip.open(told.data / "duplicates" / "dev.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(it) for it in file]
    stories = [it["text"] for it in rows if it["kind"] == "background"]
    chance = random.Random(1)
    chance.shuffle(stories)
    house = sorted(house_lines(told.data))
    for share in HOUSE_SHARES:
        counted: Counter[str] = Counter()
        for host in range(told.hosts):
            some = stories[host * told.texts : (host + 1) * told.texts]
            if len(some) == told.texts:
                counted.update(measured(some, chance.choice(house), share, chance))
        print(f"house line in {share:.0%} of {told.texts} texts of a host: ", end="")
        print(
            ", ".join(
                f"{name} {counted[name + ' gone']} of {counted[name]} gone"
                f" ({counted[name + ' gone'] / max(1, counted[name]):.2%})"
                for name in ("house lines", "quotations", "other lines")
            )
        )


def house_lines(data: Path) -> set[str]:
    """Lines of residue that could be a house line."""
    return {
        line
        for it in read_outputs(data)
        if it.is_held_back
        for line, is_story in zip(it.lines, it.is_story, strict=True)
        if not is_story and 5 <= len(line.split()) <= 30 and line == normalize(line)
    }


def measured(stories: list[str], house: str, share: float, chance: random.Random) -> Counter[str]:
    """What went of each kind of line, in texts of one host."""
    said = max(_SENTENCE.findall(stories[0]), key=len, default="")
    # Half of the hosts print a quotation without quotation marks.
    quoted = chance.choice((f"“{said}”", f"She also said this: {said}")) if said else ""
    texts = []
    for number, story in enumerate(stories):
        lines = normalize(story).split("\n\n")
        if quoted and number > 0 and chance.random() < QUOTED:
            lines.insert(chance.randint(1, max(1, len(lines) - 3)), quoted)
        if chance.random() < share:
            lines.append(house)
        texts.append((f"{number}", "\n\n".join(lines)))
    counted: Counter[str] = Counter()
    for _, cleaned in clean_many(texts):
        for it in cleaned.blocks:
            text = it.block.text
            name = "other lines"
            if text == house:
                name = "house lines"
            elif text == quoted:
                name = "quotations"
            counted[name] += 1
            is_said = any(vote.label is Label.REPEATED for vote in (it.because, *it.others))
            is_gone = it.label not in cleaned.keeping and it.because.rule == "repeats.line"
            counted[f"{name} gone"] += is_said and is_gone
    return counted


if __name__ == "__main__":
    main()
