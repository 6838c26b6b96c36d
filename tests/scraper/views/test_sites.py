"""What changed rules would change in the stored pages of a site."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scraper.cli.exits import Exit
from tests.scraper.jobs.small_site import serve_pages, write_job
from tests.scraper.views.conftest import OTHER, run_job, wire_page


@pytest.fixture
def sites_test(winnow: Any) -> Any:
    return partial(winnow, "sites", "test")


def test_a_selector_is_tried_on_the_pages_of_a_web_archive(sites_test: Any, job: Path) -> None:
    done = sites_test(
        "one.example.test", "--job", str(job), "--drop", "advert=article.story > p:nth-of-type(2)"
    )
    assert done.returncode == Exit.DONE, done.stderr
    gone = [it for it in done.stdout.splitlines() if it.startswith("  - ")]
    assert len(gone) == 1
    assert "The council of Wendle" in gone[0]
    assert "advert, site.drop" in gone[0]
    assert "1 of 5 stored pages of one.example.test change" in done.stdout
    assert "http://one.example.test/bridge.html" in done.stdout


def test_a_file_of_rules_is_tried_and_may_change_the_title(
    sites_test: Any, job: Path, tmp_path: Path
) -> None:
    path = tmp_path / "new.toml"
    path.write_text('checked = 2026-03-01\ntitle = "article.story p"\nkeep = ["footer.foot"]\n')
    done = sites_test("two.example.test", "--job", str(job), "--rules", str(path))
    assert done.returncode == Exit.DONE, done.stderr
    assert "  title: Bridge closed over a crack -> A bridge over" in done.stdout
    assert "  + Copyright two.example.test  [content, site.keep: footer.foot]" in done.stdout


def test_a_rule_that_takes_everything_is_told(sites_test: Any, job: Path) -> None:
    done = sites_test("two.example.test", "--job", str(job), "--drop", "body", "--summary")
    assert done.returncode == Exit.DONE, done.stderr
    assert "1 would be no article any more" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nowhere.example.test", "--drop", "p"], Exit.NOTHING_MATCHED, "no page"),
        (["one.example.test"], Exit.NOTHING_MATCHED, "no rules"),
        (["one.example.test", "--drop", "p["], Exit.BAD_JOB, "not a CSS selector"),
    ],
)
def test_what_cannot_be_tried_says_why(
    sites_test: Any, job: Path, arguments: list[str], code: Exit, words: str
) -> None:
    done = sites_test(*arguments, "--job", str(job))
    assert done.returncode == code
    assert words in done.stderr


def test_a_job_that_stored_nothing_says_how_to_store(sites_test: Any, tmp_path: Path) -> None:
    pages = {
        "one.example.test/bridge.html": wire_page("one.example.test", OTHER["one.example.test"], 1)
    }
    with serve_pages(tmp_path / "sites", pages) as world:
        run_job(
            write_job(tmp_path, world, '[[source]]\nurls = ["http://one.example.test/bridge.html"]')
        )
    done = sites_test("one.example.test", "--job", str(tmp_path / "out"), "--drop", "p")
    assert done.returncode == Exit.NOTHING_MATCHED
    assert 'warc = "archive/"' in done.stderr


def test_saved_files_are_of_the_host_that_they_name(sites_test: Any, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    for host, text in OTHER.items():
        (saved / f"{host}.html").write_text(wire_page(host, text, 1))
    job = tmp_path / "job.toml"
    job.write_text('out = "out"\n[[source]]\nhtml = "saved"\n')
    run_job(job)
    done = sites_test("three.example.test", "--job", str(tmp_path / "out"), "--drop", "article > p")
    assert "of 1 stored pages of three.example.test" in done.stdout
    assert "three.example.test.html" in done.stdout
