"""How many real articles would be lost because they look like a wall: false alarms, with reasons.

python benchmarks/walls.py DATA [--text own|none]

DATA holds ``news/dev`` and ``wcxb/dev``. ``own`` gives the judge the text of our extractor,
``none`` is the hardest case: as if the extractor had found nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

sys.path.insert(0, str(Path(__file__).parent))
from metadata import cases

from scraper.errors import ExtractError
from scraper.extractors.extract import extract
from scraper.extractors.wall import what_it_is


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--text", choices=("own", "none"), default="own")
    told = parser.parse_args()
    seen: Counter[str] = Counter()
    alarms: Counter[tuple[str, str]] = Counter()
    for case in cases(told.data, "all"):
        seen[case.kind] += 1
        text = ""
        if told.text == "own":
            try:
                text = extract(case.html, case.url).text
            except ExtractError:
                text = ""
        found = what_it_is(LexborHTMLParser(case.html), text=text, url=case.url)
        if found:
            alarms[case.kind, found.reason] += 1
            print(
                f"{case.kind:14} {found.reason:13} {case.name} {case.url[:70]}"
                f"  {len(text)}  {found.evidence}"
            )
    for kind, count in seen.items():
        told_of = {reason: n for (k, reason), n in alarms.items() if k == kind}
        print(f"{kind}: {count} pages, alarms {dict(told_of) or 0}")


if __name__ == "__main__":
    main()
