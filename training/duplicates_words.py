"""Weighs the words that say little about which story is told, for the search for copies.

    python training/duplicates_words.py [DATA]

Counts in how many background texts of ``DATA/duplicates/dev.jsonl.gz`` a stem occurs and writes
``cleaners/data/models/duplicates-words.npz``: ``stems`` (uint64, sorted) and ``weights`` (uint8, of
255). A stem that is not listed weighs 255. The texts are of WCXB (CC BY 4.0) and of the tests of
Fundus (MIT); no text can be read from the counts.
"""

from __future__ import annotations

import gzip
import json
import sys
import tomllib
from pathlib import Path

import numpy as np

from cleaners.duplicates.words import words

HERE = Path(__file__).parent
OUT = HERE.parent / "cleaners" / "data" / "models" / "duplicates-words.npz"
# A stem in one text of a thousand says as much as can be known from 1,563 texts.
RARE = 1 / 1000
# Function words of languages that are not counted weigh as much as a stem in every fifth text.
FUNCTION = 0.2


def main() -> None:
    data = Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent / "shared" / "data")
    with gzip.open(data / "duplicates" / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = [it["text"] for it in rows if it["kind"] in {"background", "base"}]
    counts: dict[int, int] = {}
    for at in range(0, len(texts), 64):
        of = words(texts[at : at + 64])
        seen = np.unique(np.stack([of.text.astype(np.uint64), of.stem], axis=1), axis=0)
        for stem in seen[:, 1].tolist():
            counts[stem] = counts.get(stem, 0) + 1
    shares = {stem: count / len(texts) for stem, count in counts.items()}
    lists = tomllib.loads((HERE / "function_words.toml").read_text("utf-8"))
    for line in lists.values():
        for stem in words([line]).stem.tolist():
            shares[stem] = max(shares.get(stem, 0.0), FUNCTION)
    # Two characters of Hiragana are grammar far more often than they are a word.
    kana = [chr(code) for code in range(0x3041, 0x3097)]
    for stem in words([f"{a}{b}" for a in kana for b in kana]).stem.tolist():
        shares[stem] = max(shares.get(stem, 0.0), FUNCTION)
    # Letters and digits alone, and numbers below one hundred, tell nothing either.
    for stem in words(
        [" ".join([*"abcdefghijklmnopqrstuvwxyz", *map(str, range(10))])]
    ).stem.tolist():
        shares[stem] = max(shares.get(stem, 0.0), FUNCTION)
    common = sorted((stem, share) for stem, share in shares.items() if share > 2 * RARE)
    stems = np.array([stem for stem, _ in common], dtype=np.uint64)
    share = np.array([share for _, share in common])
    # The information of a stem, as a share of that of a rare one; nothing in every third text.
    weights = np.log(np.minimum(share * 3, 1)) / np.log(RARE * 3)
    np.savez_compressed(OUT, stems=stems, weights=np.round(weights * 255).astype(np.uint8))
    print(f"{OUT.name}: {len(stems):,} stems of {len(texts):,} texts", file=sys.stderr)


if __name__ == "__main__":
    main()
