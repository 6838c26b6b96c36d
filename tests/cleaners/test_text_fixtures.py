"""Every text of fixtures/text loses what its expected.toml names, for that reason, and nothing else."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from cleaners import clean, normalize

CASES = Path(__file__).parents[2] / "fixtures" / "text"
KNOWN = tomllib.loads((CASES / "known-failures.toml").read_text("utf-8"))
FAILURES: dict[str, str] = KNOWN["cleaned"]
STORY_FAILURES: dict[str, str] = KNOWN["story"]
FOLDERS = sorted(it for it in CASES.iterdir() if it.is_dir())


def case(folder: Path, failures: dict[str, str]) -> Any:
    reason = failures.get(folder.name)
    marks = [pytest.mark.xfail(reason=reason, strict=True, raises=AssertionError)] if reason else []
    return pytest.param(folder, id=folder.name, marks=marks)


def load(folder: Path) -> tuple[str, dict[str, Any]]:
    expected = tomllib.loads((folder / "expected.toml").read_text("utf-8"))
    return (folder / "input.txt").read_text("utf-8"), expected


def words(text: str) -> list[str]:
    return normalize(text).split()


def without(text: str, removed: list[dict[str, str]]) -> list[str]:
    """The words of the text less each removed block, looked for in their order."""
    left, at, all_words = [], 0, words(text)
    for it in removed:
        gone = words(it["text"])
        begins = next(
            (n for n in range(at, len(all_words)) if all_words[n : n + len(gone)] == gone), None
        )
        if begins is None:
            raise ValueError(f"not in the text, or not in this order: {it['text']!r}")
        left += all_words[at:begins]
        at = begins + len(gone)
    return left + all_words[at:]


def story_of(text: str, removed: list[dict[str, str]]) -> str:
    """The text less its residue, line by line; of two equal lines the last goes first."""
    lines = text.split("\n")
    for it in reversed(removed):
        del lines[len(lines) - 1 - lines[::-1].index(it["text"])]
    return "\n".join(lines)


@pytest.mark.parametrize("folder", [case(it, FAILURES) for it in FOLDERS])
def test_a_text_loses_its_residue_and_nothing_else(folder: Path) -> None:
    text, expected = load(folder)
    removed = expected.get("removed", [])
    stays = without(text, removed)
    cleaned = clean(text)

    assert [(word, it.label) for it in cleaned.removed for word in it.block.text.split()] == [
        (word, it["label"]) for it in removed for word in words(it["text"])
    ]
    assert cleaned.text.split() == stays
    bears = {(" ".join(it.block.text.split()), it.label) for it in cleaned.kept}
    for it in expected.get("labeled", []):
        assert (" ".join(words(it["text"])), it["label"]) in bears


@pytest.mark.parametrize("folder", [case(it, STORY_FAILURES) for it in FOLDERS])
def test_the_story_alone_comes_back_whole(folder: Path) -> None:
    """The same story as it would be had its page left no residue in it."""
    text, expected = load(folder)
    story = story_of(text, expected.get("removed", []))
    assert clean(story).text.split() == words(story)


def test_a_known_failure_is_a_case_and_has_a_reason() -> None:
    assert {*FAILURES, *STORY_FAILURES} <= {it.name for it in FOLDERS}
    assert all([*FAILURES.values(), *STORY_FAILURES.values()])
