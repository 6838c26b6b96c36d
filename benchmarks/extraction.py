"""How much of the right text comes out of pages, what is left in it, and what it costs.

    python benchmarks/extraction.py DATA --folds DIR [--peers trafilatura resiliparse …] [--every N]

DATA holds ``wcxb/dev`` and ``news/dev``. DIR holds one model for each fold (``python -m
training.page_model DATA --folds-out DIR`` writes them): each page is read by the model that has
seen no page of its host. Without ``--folds`` the shipped model reads pages that it was trained on,
and the table says so. Texts are compared as bags of lower-case words, and of characters in scripts
that put no space between words. Peers are those that are installed, each in a process of its own.
"""

from __future__ import annotations

import argparse
import gc
import re
import statistics
import sys
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from selectolax.lexbor import LexborHTMLParser

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.peers import LIMIT, MODULES, is_installed, texts_and_seconds
from scraper.errors import ExtractError
from scraper.extractors.charset import as_utf8
from scraper.extractors.extract import How, extract_as
from scraper.extractors.model.page_model import page_model
from training.page_data import FOLDS, Sample, fold_of, samples
from training.page_tokens import overlap, tokens

# What nobody wants in a text, as lines that stand alone. Written for this table and used nowhere
# else; a line that is in the gold text is not counted.
RESIDUE = {
    "comment form": r"(leave|post|write|add) (a|your) (reply|comment)\b|your email address will not"
    r"|(schreiben sie|kommentar schreiben|kommentar verfassen)|(laisser|ajouter) un commentaire"
    r"|(dejar?|escribe|añade) un comentario|deixe um comentário|lascia un commento",
    "author bio": r"about (the|our) (author|writer)s?\W*$|(über|zum) (den|die|der) autor"
    r"|à propos de l.auteur|sobre (el|la|o|a) autora?\b",
    "share bar": r"(share|tweet|pin|email|print|copy link|facebook|twitter|whatsapp|linkedin|x)"
    r"(\W+(this|on|via|share|tweet|pin|email|print|copy link|facebook|twitter|whatsapp|linkedin|x"
    r"|article|story|page))*\W*$|(teilen|partager|compartir|compartilhar|condividi)\W*$",
    "related list": r"(related|recommended|more|popular|trending|latest|further)"
    r" (articles?|stories|posts?|news|reading|content|topics)\W*$|you (may|might) (also|like)"
    r"|(read|see) (more|next|also)\W*$|mehr zum thema|lesen sie (auch|mehr)"
    r"|(à|a) lire (aussi|également)|(lea|lee|ver|leia) (también|también|mais|também)"
    r"|leggi anche|lees ook|czytaj (także|też)",
}
PATTERNS = {name: re.compile(rule, re.I) for name, rule in RESIDUE.items()}


@dataclass(frozen=True, slots=True)
class Score:
    sample: Sample
    f1: float
    precision: float
    recall: float
    residue: tuple[str, ...]
    seconds: float


def winnow(folds: Path | None, pages: Sequence[Sample]) -> list[tuple[str, float]]:
    """For each page its text and the CPU time, read by the model that has not seen its host."""
    models = [page_model(folds / str(fold)) for fold in range(FOLDS)] if folds else []

    found = []
    for sample in pages:
        model = models[fold_of(sample.host, FOLDS)] if models else None
        start = time.process_time()
        try:
            text = extract_as(sample.html, sample.url or None, How(model=model)).text
        except ExtractError:
            text = ""
        found.append((text, time.process_time() - start))
    return found


def scores(pages: Sequence[Sample], read: Sequence[tuple[str, float]]) -> Iterator[Score]:
    for sample, (text, seconds) in zip(pages, read, strict=True):
        precision, recall, f1 = overlap(tokens(text), tokens(sample.gold))
        gold = sample.gold.lower()
        left = {
            name
            for line in text.split("\n")
            if 2 < len(line) < 120 and line.strip().lower() not in gold
            for name, pattern in PATTERNS.items()
            if pattern.match(line.strip())
        }
        yield Score(sample, f1, precision, recall, tuple(sorted(left)), seconds)


def groups(sample: Sample) -> Iterator[str]:
    yield sample.source
    if sample.source == "wcxb":
        yield f"wcxb {sample.page_type}"
    else:
        yield f"news {LANGUAGES.get(sample.country, 'English')}"


# The press language of the countries of the news set; what is not named here is English.
LANGUAGES = {
    "at": "German", "de": "German", "ch": "German", "li": "German", "fr": "French", "es": "Spanish",
    "mx": "Spanish", "cl": "Spanish", "jp": "Japanese", "cn": "Chinese", "tw": "Chinese",
    "kr": "Korean", "il": "Hebrew", "eg": "Arabic", "ma": "Arabic", "lb": "Arabic",
    "no": "Norwegian",
    "dk": "Danish", "se": "Swedish", "fi": "Finnish", "is": "Icelandic", "it": "Italian",
    "pt": "Portuguese", "br": "Portuguese", "pl": "Polish", "cz": "Czech", "lt": "Lithuanian",
    "tr": "Turkish", "gr": "Greek", "ru": "Russian", "ua": "Ukrainian", "be": "Dutch",
    "nl": "Dutch", "id": "Indonesian", "my": "Malay", "vn": "Vietnamese", "th": "Thai",
    "bd": "Bengali", "ro": "Romanian", "hu": "Hungarian", "bg": "Bulgarian", "lu": "German",
}  # fmt: skip


def parse_seconds(pages: Sequence[Sample]) -> list[float]:
    found = []
    for sample in pages:
        start = time.process_time()
        LexborHTMLParser(sample.html)
        found.append(time.process_time() - start)
    return found


def main(arguments: Sequence[str]) -> None:
    said = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    said.add_argument("data", type=Path)
    said.add_argument("--folds", type=Path)
    said.add_argument("--peers", nargs="*", default=["trafilatura"], choices=list(MODULES))
    said.add_argument("--every", type=int, default=1, help="of all pages only each N-th")
    said.add_argument("--floors", action="store_true", help="fail below benchmarks/floors.toml")
    said.add_argument("--worst", type=int, default=0, help="name the N pages that come out worst")
    told = said.parse_args(arguments)
    pages = list(samples(told.data))[:: told.every]
    if not told.folds:
        print("The shipped model has seen these pages: the first column is no measurement.\n")
    gc.freeze()
    results = {"winnow": list(scores(pages, winnow(told.folds, pages)))}
    decoded = [as_utf8(it.html)[0].decode("utf-8", "replace") for it in pages]
    for name in told.peers:
        if is_installed(name):
            results[name] = list(scores(pages, texts_and_seconds(name, decoded)))
    report(results, parse_seconds(pages))
    if told.floors:
        hold(results["winnow"])
    for it in sorted(results["winnow"], key=lambda it: it.f1)[: told.worst]:
        print(
            f"{it.sample.name} {it.sample.page_type} F1 {it.f1:.3f}",
            f"P {it.precision:.3f} R {it.recall:.3f}",
        )


def hold(found: Sequence[Score]) -> None:
    """Exits with 1 where a group is below its floor in the section ``extraction``."""
    floors = tomllib.loads(Path(__file__).with_name("floors.toml").read_text("utf-8"))["extraction"]
    below = []
    for group, floor in floors.items():
        mean = np.mean([it.f1 for it in found if group in groups(it.sample)])
        if mean < floor:
            below.append(f"{group}: {mean:.4f} is below {floor}")
    if below:
        sys.exit("\n".join(below))


def report(results: dict[str, list[Score]], parse: list[float]) -> None:
    by_group: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for name, found in results.items():
        for it in found:
            for group in groups(it.sample):
                by_group[group][name].append(it.f1)
    print(f"{'word F1':24}{'pages':>6}" + "".join(f"{name:>18}" for name in results))
    for group in sorted(by_group, key=lambda it: ("wcxb" not in it, it)):
        row = by_group[group]
        print(
            f"{group:24}{len(row['winnow']):6}"
            + "".join(f"{np.mean(row[it]):18.3f}" for it in results)
        )
    print("\nleft in the text, share of pages")
    for kind in RESIDUE:
        shares = [np.mean([kind in it.residue for it in found]) for found in results.values()]
        print(f"{kind:30}" + "".join(f"{share:18.1%}" for share in shares))
    bare = statistics.median(parse)
    print(f"\nCPU time a page, median (a bare lexbor parse: {bare * 1e3:.2f} ms)")
    for name, found in results.items():
        middle = statistics.median(it.seconds for it in found)
        most = max(it.seconds for it in found)
        print(f"{name:24}{middle * 1e3:8.2f} ms {middle / bare:8.1f} × parse {most:8.2f} s at most")
        if ended := sum(it.seconds == LIMIT for it in found):
            print(f"{'':24}{ended} pages ended after {LIMIT} s")


if __name__ == "__main__":
    main(sys.argv[1:])
