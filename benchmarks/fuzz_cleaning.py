"""Breaks texts at random and cleans them: a text or a typed error, no block lost, and soon.

    python benchmarks/fuzz_cleaning.py [--minutes 10] [--seed 1] [--huge] [FOLDER …]

Takes the texts of ``fixtures/text`` and those of each FOLDER (``*.txt``) apart and puts them
together again: lines cut, doubled, moved to another text, in another script, with characters that
nobody sees, halves of surrogate pairs, bytes that are no UTF-8. Checks that what is kept and what
is removed is all there was, that normalizing twice is normalizing once, that the result can be
written, and the time. Prints what was cleaned and refused, and the slowest text; fails on any
other exception.
``--huge`` first gives it a line of 200 MB, which must be refused at once.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cleaners.clean import clean
from cleaners.errors import CleanerError
from cleaners.text.normalize import normalize

TEXTS = Path(__file__).resolve().parent.parent / "fixtures" / "text"
SCRAPS = (
    "\0", "\ud800", "\udfff\ud800", "\u200f", "\u202e", "\u2066\u2069", "\ufeff", "\u200b",
    "\u00ad", "\n" * 10_000, "\r\n\r", "\u2028", "\u2029", "\x85", "\t", " " * 5_000,
    "&amp;" * 500, "&#0;", "&#x110000;", "\u00c3\u00a9" * 50, "\ufffd", "\u0301" * 500,
    "\u1112\u1161\u11ab", "-\n" * 300, "***\n\n" * 100, "| a | b |\n" * 100, "# ", "> " * 200,
    "```\n", "1. ", "©", "Read more: ", "Leave a Reply\n", "17 comments\n", "“" * 300,
    "https://a.b/c?d=" * 40, "word " * 400, "字" * 400, "ก" * 400, "\U0001f642" * 50, "99 " * 300,
)  # fmt: skip
LARGEST = 200_000  # characters
SLOWEST = 20e-6  # seconds a character, on top of half a second: fifty times what is usual


def broken(texts: list[str], chance: random.Random) -> str | bytes:
    text = chance.choice(texts)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + int(chance.expovariate(1 / 80)))
        match chance.randrange(7):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:at] + text[at:end] * chance.randint(1, 40) + text[end:]
            case 2:
                text = text[:at] + chance.choice(SCRAPS) + text[at:]
            case 3:
                other = chance.choice(texts)
                start = chance.randrange(len(other))
                text = text[:at] + other[start : start + chance.randint(1, 600)] + text[end:]
            case 4:
                some = "".join(chr(chance.randrange(0x110000)) for _ in range(min(9, end - at)))
                text = text[:at] + some + text[end:]
            case 5:
                lines = text.split("\n")
                chance.shuffle(lines)
                text = "\n".join(lines)
            case _:
                text = text[: chance.randrange(len(text) + 1)]
    text = text[:LARGEST]
    if chance.random() < 0.1:
        content = bytearray(text.encode("utf-8", "surrogatepass"))
        for _ in range(chance.randint(0, 3)):
            if content:
                content[chance.randrange(len(content))] = chance.randrange(256)
        return bytes(content)
    return text


def check(content: str | bytes) -> None:
    """Cleans, and fails where a law is broken. Raises what ``clean`` raises."""
    cleaned = clean(content)
    cleaned.text.encode("utf-8")
    text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    normal = normalize(text)
    assert normalize(normal) == normal, "normalizing twice changes more"
    blocks = sorted((*cleaned.kept, *cleaned.removed), key=lambda it: it.block.index)
    assert [it.block.index for it in blocks] == list(range(len(cleaned.blocks))), "a block is lost"
    assert " ".join(it.block.text for it in blocks).split() == normal.split(), "words are lost"
    assert all(it.because.rule and it.because.evidence for it in cleaned.removed), "no reason"


def refuse_huge() -> None:
    start = time.process_time()
    try:
        clean("a" * 200_000_000)
    except CleanerError as error:
        print(f"a line of 200 MB after {time.process_time() - start:.2f} s: {error}")
    else:
        raise AssertionError("a line of 200 MB was cleaned")


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("folders", nargs="*", type=Path)
    said.add_argument("--minutes", type=float, default=10)
    said.add_argument("--seed", type=int, default=1)
    said.add_argument("--huge", action="store_true")
    told = said.parse_args()
    if told.huge:
        refuse_huge()
    paths = sorted(it for folder in [TEXTS, *told.folders] for it in folder.rglob("*.txt"))
    clean("The first text waits until the phrases and the weights have been read.")
    texts = [text for it in paths if (text := it.read_text("utf-8", "replace"))]
    chance = random.Random(told.seed)
    counted: Counter[str] = Counter()
    slowest = (0.0, 0)
    until = time.monotonic() + told.minutes * 60
    while time.monotonic() < until:
        content = broken(texts, chance)
        start = time.process_time()
        try:
            check(content)
            counted["cleaned"] += 1
        except CleanerError:
            counted["refused"] += 1
        except BaseException:
            kind = "bytes" if isinstance(content, bytes) else "text"
            raw = (
                content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
            )
            Path(f"fuzz-failure-{kind}.bin").write_bytes(raw)
            print(f"wrote fuzz-failure-{kind}.bin")
            raise
        took = time.process_time() - start
        assert took < 0.5 + SLOWEST * len(content), f"{took:.1f} s for {len(content):,} characters"
        slowest = max(slowest, (took, len(content)))
    print(f"{counted.total()} texts of {len(texts)}: {dict(counted)}")
    print(f"slowest: {slowest[0]:.2f} s of CPU for {slowest[1]:,} characters")


if __name__ == "__main__":
    main()
