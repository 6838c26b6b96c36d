"""Measures the text cleaner on publishers that no training and no tuning has seen.

    python benchmarks/cleaning.py ../shared/data [--only scores|speed|memory]

Prints, for the outputs of six extractors and for whole pages flattened to text: word F1 against
the lines that stand in the gold text before and after cleaning, and the share of residue words that
went, of all texts together and as the mean of texts. Each in three readings, since the data count
headlines and captions as residue, which no label of the cleaner is meant for: both count as
residue, the headline counts neither way (as the goals have it), both count neither way. Then the
share of story words that went with them, which goals are reached in which reading, and how many
texts without residue came back as they were; speed with the rules alone and with the model, and
memory over a stream of documents.

Needs ``pip install inscriptis`` for the flattened pages.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean, median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cleaners.boilerplate.repeats import LineCounts, Repeats
from cleaners.boilerplate.rule import Rule
from cleaners.clean import RULES, clean
from cleaners.clean_many import clean_many
from cleaners.labels import Cleaned
from cleaners.text.normalize import normalize
from training.line_captions import captions
from training.line_data import Output, flattened, read_outputs
from training.line_judged import judged, line_hash
from training.line_score import Score, score

WORDS = 500  # in a document of the speed test
LINES = 4  # in a document of the memory test
READINGS = ("headline and captions count", "captions count", "neither counts")
# The shares of residue words that are to go.
GOALS = {"trafilatura": 0.35, "resiliparse": 0.65, "newspaper4k": 0.65}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--documents", type=int, default=100_000, help="in the memory test")
    parser.add_argument("--rules-only", action="store_true", help="without the line model")
    parser.add_argument("--only", choices=("scores", "speed", "memory"), default="")
    options = parser.parse_args()
    cleaner = partial(clean, rules=()) if options.rules_only else clean
    outputs = [it for it in read_outputs(options.data) if it.is_held_back]
    pages = sorted({it.id for it in outputs})
    outputs = [it for it in outputs if it.extractor != "inscriptis"]
    documents = list(cut_to_size(outputs))
    if options.only in ("", "scores"):
        outputs += flattened(options.data, pages)
        print_scores(outputs, cleaner, options.data)
        print_unchanged(outputs, cleaner)
    if options.only in ("", "speed"):
        print_speed(documents)
    if options.only in ("", "memory"):
        print_memory(documents, options.documents)


def print_scores(outputs: Sequence[Output], cleaner: Callable[[str], Cleaned], data: Path) -> None:
    groups: dict[str, list[Score]] = defaultdict(list)
    for it in outputs:
        groups[f"{it.extractor} {it.id.split('/')[0]}"].append(
            score(it, cleaner, captions(data, it.id))
        )
    for name in sorted({it.split()[0] for it in groups}):
        parts = [groups[key] for key in sorted(groups) if key.split()[0] == name]
        if len(parts) > 1:
            groups[f"{name} all"] = [it for part in parts for it in part]
    columns = f"{'F1':>8}{'after':>8}{'gone':>8}{'mean':>8}"
    print(f"{'':<27}" + "".join(f"{it:>{len(columns)}}" for it in READINGS))
    print(f"{'output of':<22}{'n':>5}{columns * len(READINGS)}{'story lost':>12}")
    told = {name: figures(scores) for name, scores in sorted(groups.items())}
    for name, it in told.items():
        cells = "".join(f"{f:>8.4f}{a:>8.4f}{g:>8.1%}{m:>8.1%}" for f, a, g, m in it.readings)
        print(f"{name:<22}{len(groups[name]):>5}{cells}{it.lost:>12.2%}")
    for name, least in GOALS.items():
        of = told.get(f"{name} all") or told.get(f"{name} news")
        if of is None:
            continue
        for reading, (_, _, gone, mean) in zip(READINGS, of.readings, strict=True):
            reached = f"{'reached' if gone >= least else 'not reached'}, mean of texts {mean:.1%}"
            print(f"{name}, {reading}: {gone:.1%} gone, goal {least:.0%}: {reached}")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of some documents: in each reading F1 before and after, the share of residue that went, its
    mean over documents; and the share of story words lost."""

    readings: tuple[tuple[float, float, float, float], ...]
    lost: float


def figures(scores: Sequence[Score]) -> Figures:
    strict = [(it.strict_before, it.strict_after, it.residue_removed + it.headline_removed,
               it.residue + it.headline) for it in scores]  # fmt: skip
    plain = [(it.before, it.after, it.residue_removed, it.residue) for it in scores]
    bare = [(it.bare_before, it.bare_after, it.residue_removed - it.caption_removed,
             it.residue - it.caption) for it in scores]  # fmt: skip
    lost = sum(it.story_lost for it in scores) / max(1, sum(it.story for it in scores))
    return Figures(tuple(_reading(it) for it in (strict, plain, bare)), lost)


def _reading(rows: Sequence[tuple[float, float, int, int]]) -> tuple[float, float, float, float]:
    befores, afters, removed, residue = zip(*rows, strict=True)
    shares = [gone / of for gone, of in zip(removed, residue, strict=True) if of]
    gone = sum(removed) / max(1, sum(residue))
    return fmean(befores), fmean(afters), gone, fmean(shares) if shares else 0.0


def print_unchanged(outputs: Sequence[Output], cleaner: Callable[[str], Cleaned]) -> None:
    """Texts without residue: what an extractor left without any, and each page's story alone.

    Once as gold has it, and once without the lines that a person judged residue, which gold keeps.
    """
    texts: dict[str, list[str]] = {
        "left by an extractor": [],
        "left by an extractor, no line judged residue": [],
        "the story lines alone": [],
        "the story lines alone, less those judged residue": [],
    }
    for it in outputs:
        pairs = zip(it.lines, it.is_story, strict=True)
        story = [line for line, is_story in pairs if is_story]
        better = [line for line in story if line_hash(line) not in judged()]
        if story and all(it.is_story):
            texts["left by an extractor"].append("\n".join(story))
            if better == story:
                texts["left by an extractor, no line judged residue"].append("\n".join(story))
        if story and it.extractor == "trafilatura":
            texts["the story lines alone"].append("\n".join(story))
            texts["the story lines alone, less those judged residue"].append("\n".join(better))
    for name, group in texts.items():
        same = sum(cleaner(it).text == normalize(it) for it in group)
        print(
            f"without residue, {name}: {same} of {len(group)} unchanged ({same / len(group):.1%})"
        )


def cut_to_size(outputs: Sequence[Output]) -> Iterator[str]:
    """Documents of about 500 words: what trafilatura left of a page, cut after that many."""
    for it in outputs:
        if it.extractor == "trafilatura":
            lines, words = [], 0
            for line in it.lines:
                lines.append(line)
                words += len(line.split())
                if words >= WORDS:
                    break
            if 0.9 * WORDS <= words <= 1.2 * WORDS:
                yield "\n".join(lines)


def print_speed(documents: Sequence[str]) -> None:
    """Each text on its own by ``clean``, and all as a stream of some sources by ``clean_many``."""
    rows = [
        {"id": str(at), "text": it, "host": f"{at % 9}.example"} for at, it in enumerate(documents)
    ]

    def alone(rules: Sequence[Rule]) -> None:
        for it in documents:
            clean(it, rules=rules)

    def together(rules: Sequence[Rule]) -> None:
        for _ in clean_many(rows, rules=rules):
            pass

    print(f"{f'documents of {WORDS} words a second':<40}{'median':>8}{'best':>8}")
    for name, way in (("clean, one after the other", alone), ("clean_many", together)):
        for beside, rules in (("rules", ()), ("rules and model", RULES)):
            rates = speed(documents, partial(way, rules))
            print(f"{f'{name}: {beside}':<40}{median(rates):>8.0f}{max(rates):>8.0f}")


def speed(documents: Sequence[str], clean_all: Callable[[], None]) -> list[float]:
    """Documents a second of processor time on one core, in each of seven passes."""
    clean_all()
    words = sum(len(it.split()) for it in documents)
    rates = []
    # What this script has loaded to measure is no part of what is measured.
    gc.collect()
    gc.freeze()
    for _ in range(7):
        start = time.process_time()
        clean_all()
        rates.append(words / WORDS / (time.process_time() - start))
    return rates


def print_memory(documents: Sequence[str], count: int) -> None:
    """The highest resident memory after a tenth of a stream and after all of it.

    Each line is a new one, of which so many are remembered as a twentieth of the stream has: from
    then on the counts have to forget. Documents are cut to a few lines to have many of them.
    """

    def stream() -> Iterator[tuple[str, str]]:
        for number in range(count):
            lines = documents[number % len(documents)].split("\n")[:LINES]
            yield str(number), "\n".join([f"{it} Number {number}." for it in lines])

    tenth = 0
    counts = LineCounts(Repeats(most_lines=count * LINES // 20))
    for number, _ in enumerate(clean_many(stream(), counts=counts)):
        if number == count // 10:
            tenth = peak()
    print(f"memory: {tenth} MB after {count // 10:,} documents, {peak()} MB after {count:,}")


def peak() -> int:
    """In MB; Linux counts in kilobytes, macOS in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (
        1 << (20 if sys.platform == "darwin" else 10)
    )


if __name__ == "__main__":
    main()
