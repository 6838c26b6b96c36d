"""What a job file may say, and what a person is told when it says something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.errors import JobError
from scraper.jobs.job_file import read_job

GOOD = """
out = "results"
limit = 100

[[source]]
urls = ["http://news.example.test/1"]

[[source]]
html = "saved"
exclude = ["/print/"]

[fetch]
delay = 2
connect_to = { "*.example.test" = "127.0.0.1:8000" }

[extract]
focus = "precision"

[clean]
keep = ["byline"]

[dedup]
kinds = ["exact", "near"]

[output]
formats = ["jsonl", "csv"]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "job.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_job_file_is_read_from_its_own_folder(tmp_path: Path) -> None:
    job = read_job(write(tmp_path, GOOD))
    assert job.out == tmp_path / "results"
    assert job.source[1].html == tmp_path / "saved"
    assert job.fetch.delay == 2.0
    assert job.dedup.kinds == ("exact", "near")
    assert job.limit == 100


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("delay = 2", "dealy = 2", "unknown key 'fetch.dealy'; did you mean 'delay'?"),
        ("exclude =", "exclud =", "unknown key 'source.1.exclud'; did you mean 'exclude'?"),
        ("[extract]", "[extrakt]", "unknown key 'extrakt'; did you mean 'extract'?"),
        ("limit = 100", "limit = 'all'", "key 'limit': input should be a valid integer, found 'all'"),
        ("delay = 2", "delay = -2", "key 'fetch.delay': -2"),
        ("focus = \"precision\"", "focus = \"speed\"", "'balanced', 'precision' or 'recall', found 'speed'"),
        ("keep = [\"byline\"]", "keep = [\"bylines\"]", "key 'clean.keep.0'"),
        ("html = \"saved\"", "html = \"saved\"\nfeed = 'x'", "html and feed: expected exactly one of"),
        ("[fetch]", "[fetch", "is not TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_file_key_and_remedy(
    tmp_path: Path, was: str, now: str, says: str
) -> None:
    assert was in GOOD
    path = write(tmp_path, GOOD.replace(was, now))
    with pytest.raises(JobError) as caught:
        read_job(path)
    assert str(path) in str(caught.value)
    assert says in str(caught.value)


def test_a_job_without_sources_is_none(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="source"):
        read_job(write(tmp_path, 'out = "x"'))


def test_a_file_that_is_not_there_and_one_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="cannot be read"):
        read_job(tmp_path / "none.toml")
    (tmp_path / "job.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(JobError, match="not UTF-8"):
        read_job(tmp_path / "job.toml")


def test_a_span_of_time_is_checked_when_the_file_is_read(tmp_path: Path) -> None:
    assert read_job(write(tmp_path, 'every = "6h"\n' + GOOD)).every == "6h"
    with pytest.raises(JobError, match=r"key 'every'.*'often'"):
        read_job(write(tmp_path, 'every = "often"\n' + GOOD))
