"""``winnow sites learn`` and what comes of a profile: in ``winnow extract``, in a job, in the law."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.errors import BadData
from scraper.cli.exits import Exit
from scraper.cli.main import main
from scraper.extractors.site.profile import SiteProfile, learned
from scraper.extractors.site.profiles import learn, profile_for
from scraper.jobs.run import run

HOST = "countyecho.example.test"
PAGES = Path(__file__).parents[3] / "fixtures" / "sites" / HOST
# Stands at the head of its pages in no element that would tell what it is.
TEMPLATE = "Church Notices"

Winnow = Callable[..., tuple[int, str]]


@pytest.fixture
def winnow(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Winnow:
    def call(*arguments: str | Path) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["winnow", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        return int(stop.value.code or 0), capfd.readouterr().out

    return call


def kept(out: str) -> set[str]:
    return {line for row in out.splitlines() for line in json.loads(row)["text"].split("\n")}


def test_what_is_learned_from_a_site_s_pages_leaves_its_text(
    winnow: Winnow, tmp_path: Path
) -> None:
    rows = "-f", "json"
    without = kept(winnow("extract", PAGES, *rows)[1])
    code, said = winnow("sites", "learn", HOST, PAGES, "-o", tmp_path)
    assert (code, said.split(":")[0]) == (Exit.DONE, HOST)
    with_it = kept(winnow("extract", PAGES, *rows, "--profile", tmp_path / f"{HOST}.json")[1])
    assert TEMPLATE in without
    assert TEMPLATE not in with_it
    # What goes is the frame, short lines and a menu: no sentence is lost, and no line comes.
    assert with_it < without
    assert all(len(it) < 40 or it.count(" | ") > 3 for it in without - with_it)
    assert not [it for it in without - with_it if it.endswith((".", "!", "?", "…", "”"))]


def test_a_job_reads_with_profiles(winnow: Winnow, tmp_path: Path) -> None:
    winnow("sites", "learn", HOST, PAGES, "-o", tmp_path / "profiles")
    for name, key in (("with", 'profiles = "profiles/countyecho.example.test.json"'), ("no", "")):
        job = tmp_path / f"{name}.toml"
        source = f'[[source]]\nhtml = "{PAGES}"\n[dedup]\nenabled = false\n'
        job.write_text(f'out = "{name}"\n{source}[extract]\n{key}\n')
        run(job)
    why = {}
    for name in ("with", "no"):
        rows = (tmp_path / name / "articles.jsonl").read_text("utf-8").splitlines()
        gone = [it for row in rows for it in json.loads(row)["removed"]]
        why[name] = {it["label"] for it in gone if it["text"] == TEMPLATE}
    # The job's own pages show that the line is the house's; the profile knows it beforehand.
    assert "repeated" in why["no"]
    assert why["with"]
    assert "repeated" not in why["with"]


def test_a_job_s_stored_pages_teach_too(winnow: Winnow, tmp_path: Path) -> None:
    job = tmp_path / "job.toml"
    host = "publicradio.example.test"
    pages = PAGES.parent / host
    job.write_text(f'out = "out"\n[[source]]\nhtml = "{pages}"\n[dedup]\nenabled = false\n')
    run(job)
    code, said = winnow("sites", "learn", host, "--job", tmp_path / "out", "-o", tmp_path)
    assert code == Exit.DONE
    assert "lines of" in said
    stored = profile_for(f"http://{host}/", tmp_path)
    assert stored is not None
    assert stored.pages >= 5


def test_nothing_to_learn_from_says_so(winnow: Winnow, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    code, _ = winnow("sites", "learn", HOST, tmp_path / "pages", "-o", tmp_path / "out")
    assert code == Exit.NOTHING_MATCHED


def test_more_pages_are_added_where_it_is_wished(winnow: Winnow, tmp_path: Path) -> None:
    for more, pages in (((), 1), (("--add",), 2), ((), 1)):
        page = next(PAGES.glob("**/*.html"))
        winnow("sites", "learn", HOST, page, "-o", tmp_path, *more)
        found = profile_for(f"http://www.{HOST}/x", tmp_path)
        assert found is not None
        assert found.pages == pages


def test_a_profile_is_found_by_host_and_a_file_holds_for_all(tmp_path: Path) -> None:
    learn("a.example.test", [], tmp_path)
    assert profile_for("http://a.example.test:8000/x", tmp_path) is not None
    assert profile_for("http://b.example.test/x", tmp_path) is None
    assert profile_for("http://../x", tmp_path) is None
    assert profile_for(None, tmp_path) is None
    assert profile_for("file:///x", tmp_path / "a.example.test.json") is not None
    (tmp_path / "bad.json").write_text("[]")
    with pytest.raises(BadData):
        profile_for(None, tmp_path / "bad.json")
    with pytest.raises(BadData):
        learn("../etc", [], tmp_path)


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=6), max_size=12), st.integers(0, 12))
def test_learning_in_two_steps_is_learning_at_once(pages: list[list[str]], at: int) -> None:
    at_once = learned(SiteProfile(), pages)
    assert learned(learned(SiteProfile(), pages[:at]), pages[at:]) == at_once
