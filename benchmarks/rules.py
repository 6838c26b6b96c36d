"""Measures each rule's precision and fails a rule that claims more than it earns.

    python benchmarks/rules.py ../shared/data [--held-back] [--wrong RULE] [--lower]

A vote for a label that removes is right where the line is not in the gold text. A publisher counts
once for each rule, however many pages, outputs and lines it has, so that one odd site does not
speak for all. Gold texts keep some ``Read more`` lines, stamps and photo credits; such lines,
picked by a pattern for each rule of which samples were read, are listed, hashed, in ``judged.txt``
and count as right. A rule fails where its claim lies above the upper end of the 95 % interval
(Wilson 1927) of what was measured. ``--wrong`` prints the lines a rule got wrong; ``--lower``
writes the measured precision into the phrase files for each row that failed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cleaners.boilerplate.phrase_rows import PHRASES
from cleaners.clean import clean
from cleaners.text.fold import fold
from cleaners.text.normalize import normalize
from training.line_data import Output, read_outputs
from training.line_judged import judged, line_hash
from training.line_score import is_title

FEWEST_PUBLISHERS = 4  # below, a rule counts as not measured


@dataclass(slots=True)
class Tally:
    """Right and wrong by publisher, each line of a page once."""

    claim: float = 0.0
    lines: set[tuple[str, str]] = field(default_factory=set)
    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    all: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def precision(self) -> float:
        return sum(self.right[it] / self.all[it] for it in self.all) / len(self.all)

    @property
    def highest(self) -> float:
        """Upper end of the 95 % interval, a publisher counting as one trial."""
        n, p, z = len(self.all), self.precision, 1.96
        return (p + z * z / (2 * n) + z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (
            1 + z * z / n
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--held-back", action="store_true", help="on what nobody tuned on")
    parser.add_argument("--wrong", metavar="RULE", default="")
    parser.add_argument("--lower", action="store_true", help="write what was measured")
    options = parser.parse_args()
    outputs = [it for it in read_outputs(options.data) if it.is_held_back is options.held_back]
    tallies = measured(outputs, options.wrong)
    failed = 0
    print(f"{'rule':<44}{'lines':>7}{'publishers':>12}{'precision':>11}{'claim':>8}")
    for rule, it in sorted(tallies.items(), key=lambda pair: (pair[1].precision, pair[0])):
        verdict = ""
        if len(it.all) >= FEWEST_PUBLISHERS and it.claim > it.highest:
            verdict, failed = "  claims more than it earns", failed + 1
            if options.lower:
                lower(rule, it.precision)
        print(
            f"{rule:<44}{len(it.lines):>7}{len(it.all):>12}{it.precision:>11.3f}{it.claim:>8.3f}{verdict}"
        )
    print(f"{len(tallies)} rules, {failed} claim more than they earn")
    return int(failed > 0)


def lower(rule: str, precision: float) -> None:
    """Writes a lower confidence into the row of a phrase; rules in code are changed by hand."""
    path = PHRASES / f"{rule.rsplit('.', 1)[-1]}.toml"
    if not path.is_file():
        return
    text = path.read_text("utf-8")
    claim = re.compile(
        rf'(id = "{re.escape(rule)}"\n(?:(?!\[\[phrase)[\s\S])*?confidence = )[\d.]+'
    )
    path.write_text(claim.sub(rf"\g<1>{max(0.5, precision):.2f}", text, count=1), "utf-8")


def measured(outputs: Iterable[Output], wrong: str = "") -> dict[str, Tally]:
    """Votes of the written rules for labels that remove, against the gold texts."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    residue = judged()
    for output in outputs:
        title = fold(output.title)
        marks = dict(zip(map(normalize, output.lines), output.is_story, strict=True))
        for it in clean("\n".join(output.lines), rules=()).blocks:
            text = it.block.text
            if line_hash(text) in residue:
                marks[text] = False
            if text not in marks or is_title(fold(text), title):
                continue
            for vote in (it.because, *it.others):
                tally = tallies[vote.rule]
                if vote.label.is_kept or (output.id, text) in tally.lines:
                    continue
                tally.claim = max(tally.claim, vote.confidence)
                tally.lines.add((output.id, text))
                tally.all[output.publisher] += 1
                tally.right[output.publisher] += not marks[text]
                if vote.rule == wrong and marks[text]:
                    print(f"{output.id}  [{vote.evidence}]  {text[:150]}")
    return {rule: it for rule, it in tallies.items() if it.all}


if __name__ == "__main__":
    sys.exit(main())
