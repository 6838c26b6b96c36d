"""Every row of the list of agencies is a test; so is what only looks like one."""

from __future__ import annotations

import time

import pytest

from scraper.extractors.metadata.agency import agencies, agency_named, credited_agency

ROWS = [(it.name, line) for it in agencies() for line in it.hits]


@pytest.mark.parametrize(("name", "line"), ROWS)
def test_a_credit_line_is_recognized(name: str, line: str) -> None:
    found = credited_agency(line)
    assert found is not None
    assert found[0] == name
    assert found[1] in line


@pytest.mark.parametrize("line", [line for it in agencies() for line in it.misses])
def test_what_is_no_credit_is_not(line: str) -> None:
    assert credited_agency(line) is None


@pytest.mark.parametrize(("name", "line"), [it for it in ROWS if len(it[1]) < 80])
def test_the_story_goes_on_after_a_dateline(name: str, line: str) -> None:
    story = f"{line}\n\nThe committee will meet again in June and vote on the rest of the plan."
    found = credited_agency(story)
    assert found is None or found[0] == name


@pytest.mark.parametrize("name", [each for it in agencies() for each in it.names])
def test_names_lead_to_one_agency(name: str) -> None:
    assert agency_named(name.upper()) == agency_named(name)
    assert agency_named(name) is not None


@pytest.mark.parametrize("name", ["Ada Example", "Apa Reinhold", "Efe Yılmaz", "Papa Legba", ""])
def test_people_are_no_agencies(name: str) -> None:
    assert agency_named(name) is None


@pytest.mark.parametrize("text", ["(" * 50_000, "A" * 100_000, "/ " * 50_000, "3, " * 50_000])
def test_no_text_takes_long(text: str) -> None:
    begun = time.perf_counter()
    credited_agency(text)
    assert time.perf_counter() - begun < 0.5
