"""Writes ``cleaners/data/phrases.json``: the phrase files, folded and arranged for the search.

``python -m training.phrase_book`` after a change to ``cleaners/data/phrases``. Without it the
cleaner still sees the change, but reads the phrase files anew in each process.
"""

from __future__ import annotations

from cleaners.boilerplate.phrase_book import BOOK, as_json, compile_phrases, stamp
from cleaners.boilerplate.phrase_rows import load_phrases


def main() -> None:
    BOOK.write_text(as_json(compile_phrases(load_phrases()), stamp()), "utf-8")


if __name__ == "__main__":
    main()
