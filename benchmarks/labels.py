"""How often a removed block of our fixture sites carries the label that says what it is.

python benchmarks/labels.py [--wrong]

The sites were written for this project, and with them what they say around their stories
(fixtures/world/words.toml, in twelve languages) and who wrote what (fixtures/sites/gold.jsonl): so
it is known of most blocks what they are. Rules that know places by their class names have an easier
life here than in the wild; compare labels with each other and a change with what was before.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cleaners.labels import Label
from scraper.errors import ExtractError
from scraper.extractors.extract import extract

ROOT = Path(__file__).resolve().parent.parent / "fixtures"
# What the words of the sites are; with several labels any of them is right.
WORDS: dict[str, tuple[Label, ...]] = {
    "about_author": (Label.AUTHOR_BIO,),
    "leave_reply": (Label.COMMENT_FORM,),
    "email_note": (Label.COMMENT_FORM,),
    "save_name": (Label.COMMENT_FORM,),
    "post_comment": (Label.COMMENT_FORM,),
    "comments": (Label.COMMENT, Label.COMMENT_FORM),
    "share": (Label.SHARING,),
    "share_on": (Label.SHARING,),
    "copy_link": (Label.SHARING,),
    "print": (Label.SHARING,),
    "follow": (Label.SHARING, Label.FOOTER, Label.NAVIGATION),
    "newsletter_title": (Label.NEWSLETTER,),
    "newsletter_text": (Label.NEWSLETTER,),
    "newsletter_button": (Label.NEWSLETTER,),
    "cookie_text": (Label.CONSENT,),
    "cookie_accept": (Label.CONSENT,),
    "cookie_more": (Label.CONSENT,),
    "advert": (Label.ADVERT,),
    "wall_title": (Label.PAYWALL,),
    "wall_text": (Label.PAYWALL,),
    "donate": (Label.DONATION,),
    "related": (Label.RELATED,),
    "most_read": (Label.RELATED,),
    "latest": (Label.RELATED, Label.NAVIGATION),
    "more_from": (Label.RELATED,),
    "read_also": (Label.RELATED,),
    "all_rights": (Label.LEGAL, Label.FOOTER),
    "legal": (Label.LEGAL, Label.FOOTER),
    "skip": (Label.NAVIGATION,),
    "menu": (Label.NAVIGATION,),
}
# A few words are too short to tell by their beginning.
WHOLE = {"advert", "comments", "latest", "menu", "follow", "print", "related"}


@dataclass(frozen=True, slots=True)
class Wrong:
    wanted: str
    given: Label
    text: str
    host: str


def wanted(
    text: str, words: dict[str, object], gold: dict[str, object]
) -> tuple[str, tuple[Label, ...]] | None:
    """What a text of a page is: a name for it, and the labels that would be right."""
    if text == gold["title"]:
        return "headline", (Label.REPEATED_HEADLINE,)
    if text in (gold["comments"] or ()):
        return "comment", (Label.COMMENT,)
    names = [it for it in gold["byline"] or () if it]
    if names and any(it in text for it in names) and len(text) < 60 + sum(map(len, names)):
        return "byline", (Label.BYLINE, Label.AUTHOR_BIO)
    for name, labels in WORDS.items():
        said = words.get(name)
        if isinstance(said, str) and (
            text == said or (name not in WHOLE and len(said) > 5 and text.startswith(said))
        ):
            return name, labels
    return None


def checked() -> Iterator[tuple[str, bool, Wrong]]:
    said = tomllib.loads((ROOT / "world" / "words.toml").read_text("utf-8"))
    for line in (ROOT / "sites" / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        words = said.get(gold["language"].split("-")[0], {})
        path = ROOT / "sites" / gold["host"] / gold["path"].lstrip("/")
        here = (path, path.with_name(f"{path.name}.html"), path / "index.html")
        file = next((it for it in here if it.is_file()), None)
        if file is None:
            continue
        try:
            article = extract(file.read_bytes(), gold["url"])
        except ExtractError:
            continue
        for it in article.body.removed:
            text = " ".join(it.block.text.split())
            found = wanted(text, words, gold)
            if found:
                yield found[0], it.label in found[1], Wrong(found[0], it.label, text, gold["host"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--wrong", action="store_true", help="print the blocks that are wrong")
    told = parser.parse_args()
    right: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for name, is_right, it in checked():
        every[name] += 1
        right[name] += is_right
        if told.wrong and not is_right:
            print(f"{it.wanted:16} {it.given:16} {it.host:30} {it.text[:80]}")
    for name, many in every.most_common():
        print(f"{name:18} {right[name] / many:.2f} of {many}")
    print(f"{'all':18} {right.total() / every.total():.3f} of {every.total()}")


if __name__ == "__main__":
    main()
