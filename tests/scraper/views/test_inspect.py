"""``winnow inspect`` as a person calls it: what it writes where, and how it ends."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scraper.cli.exits import Exit
from tests.scraper.views.conftest import OTHER, wire_page


@pytest.fixture
def inspect(winnow: Any) -> Any:
    return partial(winnow, "inspect")


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "bridge.html"
    path.write_text(wire_page("one.example.test", OTHER["one.example.test"], 1))
    return path


def test_a_page_is_written_to_a_file_whose_path_is_printed(inspect: Any, saved: Path) -> None:
    out = saved.with_name("view.html")
    done = inspect(str(saved), "-o", str(out))
    assert done.returncode == Exit.DONE, done.stderr
    assert done.stdout == f"{out}\n"
    html = out.read_text("utf-8")
    assert "Subscribe to our newsletter" in html
    assert "The council of Wendle" in html
    assert "srcdoc=" in html


def test_a_page_on_stdin_goes_to_stdout(saved: Path) -> None:
    command = [sys.executable, "-m", "scraper", "inspect", "-", "-o", "-"]
    done = subprocess.run(
        command, input=saved.read_text(), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == Exit.DONE, done.stderr
    assert done.stdout.startswith("<!doctype html>")


def test_a_job_its_cluster_and_its_article_lie_in_its_folder(inspect: Any, job: Path) -> None:
    done = inspect("--job", str(job))
    assert done.stdout == f"{job / 'inspect' / 'index.html'}\n"
    (cluster,) = (job / "inspect").glob("cluster-*.html")
    name = cluster.stem.removeprefix("cluster-")
    assert inspect("--job", str(job), "--cluster", name).stdout == f"{cluster}\n"
    done = inspect(name, "--job", str(job), "--no-open")
    assert done.stdout == f"{job / 'inspect' / f'article-{name}.html'}\n"
    html = Path(done.stdout.strip()).read_text("utf-8")
    # What was removed stands where it stood: the menu before the story, the footer after it.
    assert html.index("Home") < html.index("The council of Wendle") < html.index("Copyright one")


def test_site_rules_are_put_to_work_and_named(inspect: Any, saved: Path) -> None:
    rules = saved.with_name("rules")
    rules.mkdir()
    (rules / "one.example.test.toml").write_text(
        'checked = 2026-03-01\nkeep = ["footer.foot"]\n[drop]\nadvert = ["article p"]\n'
    )
    url = "http://one.example.test/bridge.html"
    done = inspect(str(saved), "-o", "-", "--url", url, "--rules", str(rules))
    assert "Read with the rules for one.example.test, last checked on 2026-03-01" in done.stdout
    assert "site.keep" in done.stdout


def test_a_page_that_a_job_would_not_take_is_shown_with_the_reason(
    inspect: Any, tmp_path: Path
) -> None:
    path = tmp_path / "short.html"
    path.write_text(
        "<title>Not found</title><h1>Page not found</h1><p>We could not find this page.</p>"
    )
    done = inspect(str(path), "-o", "-")
    assert done.returncode == Exit.DONE, done.stderr
    assert "A job would not take this as an article" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], Exit.USAGE),
        (["--cluster", "1"], Exit.USAGE),
        (["nowhere.html"], Exit.SOME_FAILED),
        (["--job", "nowhere"], Exit.NOTHING_MATCHED),
        (["1", "--job", "nowhere"], Exit.NOTHING_MATCHED),
    ],
)
def test_what_cannot_be_shown_ends_with_its_code(
    inspect: Any, arguments: list[str], code: Exit
) -> None:
    assert inspect(*arguments).returncode == code


def test_where_nothing_can_be_written_it_says_so(inspect: Any, saved: Path) -> None:
    done = inspect(str(saved), "-o", str(saved / "below" / "view.html"))
    assert done.returncode == Exit.OUTPUT
