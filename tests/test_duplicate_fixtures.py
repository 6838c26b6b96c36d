"""The invented stories in fixtures/duplicates: whole, consistent, and without a text twice."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "fixtures" / "duplicates"
COPIES = {"base", "spun", "spun2", "spun3", "lead", "trim_spun", "lead_spun", "boiler", "numbers"}
NEIGHBORS = {"hard", "quote", "same_topic"}
FIELDS = {"id", "story", "kind", "text", "title", "published", "host", "language", "split"}
Row = dict[str, Any]


def rows() -> Iterator[Row]:
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


@pytest.fixture(scope="module")
def documents() -> list[Row]:
    return list(rows())


@pytest.fixture(scope="module")
def stories(documents: list[Row]) -> dict[str, list[Row]]:
    told: dict[str, list[Row]] = defaultdict(list)
    for row in documents:
        if row["kind"] in COPIES:
            told[row["story"]].append(row)
    return told


def test_every_document_has_its_fields(documents: list[Row]) -> None:
    for row in documents:
        extra = set(row) - FIELDS
        if row["kind"] in NEIGHBORS | {"template"}:
            assert extra == {"not_copy_of"}, row["id"]
        elif row["kind"] == "roundup":
            assert extra == {"parts"}, row["id"]
        else:
            assert row["kind"] in COPIES, row["id"]
            assert not extra, row["id"]
        assert set(row) >= FIELDS, row["id"]
        assert all(row[field].strip() for field in FIELDS), row["id"]
        assert row["split"] in {"tune", "test"}, row["id"]
        assert row["host"].endswith(".example"), row["id"]
        assert datetime.fromisoformat(row["published"]).tzinfo is not None, row["id"]


def test_ids_and_texts_are_unique(documents: list[Row]) -> None:
    for field in ("id", "text"):
        seen: dict[str, str] = {}
        for row in documents:
            assert row[field] not in seen, f"{row['id']} repeats the {field} of {seen[row[field]]}"
            seen[row[field]] = row["id"]


def test_there_are_enough_stories_and_languages(stories: dict[str, list[Row]]) -> None:
    tests = [name for name, told in stories.items() if told[0]["split"] == "test"]
    assert len(stories) >= 20
    assert len(tests) >= 10
    assert len({told[0]["language"] for told in stories.values()}) >= 6
    assert len({stories[name][0]["language"] for name in tests}) >= 6


def test_every_story_is_told_in_every_way(
    documents: list[Row], stories: dict[str, list[Row]]
) -> None:
    near: dict[str, set[str]] = defaultdict(set)
    for row in documents:
        for story in row.get("not_copy_of", ()):
            near[story].add(row["kind"])
    for name, told in stories.items():
        assert {row["kind"] for row in told} == COPIES, name
        assert len({(row["language"], row["split"]) for row in told}) == 1, name
        assert near[name] >= NEIGHBORS, name


def test_what_is_named_as_near_exists_on_the_same_side(documents: list[Row]) -> None:
    side = {row["story"]: row["split"] for row in documents}
    for row in documents:
        for story in [*row.get("not_copy_of", ()), *row.get("parts", ())]:
            assert story != row["story"], row["id"]
            assert side[story] == row["split"], row["id"]


def test_a_negative_is_no_story_of_its_own_twice(documents: list[Row]) -> None:
    alone = [row["story"] for row in documents if row["kind"] not in COPIES]
    assert len(alone) == len(set(alone))
    assert not set(alone) & {row["story"] for row in documents if row["kind"] in COPIES}


def test_a_rewriting_keeps_few_sentences_of_the_report(stories: dict[str, list[Row]]) -> None:
    """Translation may leave a short paragraph as it was; more would test what shingles find."""
    for name, told in stories.items():
        by_kind = {row["kind"]: set(row["text"].split("\n\n")) for row in told}
        for kind in ("spun", "spun2", "spun3", "trim_spun", "lead_spun"):
            assert len(by_kind["base"] & by_kind[kind]) <= 1, f"{name}#{kind}"


def test_a_trimmed_rewriting_is_shorter(stories: dict[str, list[Row]]) -> None:
    for name, told in stories.items():
        length = {row["kind"]: len(row["text"]) for row in told}
        assert 0.2 * length["base"] < length["trim_spun"] < 0.95 * length["base"], name
