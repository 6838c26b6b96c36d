"""A build goes on where it was stopped, tells what it could not read, and writes to stores as well."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from scraper.errors import JobError, NothingMatched, OutputError
from scraper.jobs.settings import ExtractSettings
from scraper.scale.build import build
from scraper.scale.commits import Done
from scraper.scale.engines.engine import Died
from scraper.scale.engines.local import Local
from scraper.scale.settings import BuildSettings, Portions
from scraper.scale.steps import Step, Task, carry_out
from scraper.scale.store import Store
from tests.scraper.jobs.small_site import page
from tests.scraper.scale.corpora import (
    Here,
    Watched,
    built,
    rows,
    stands,
    told_stories,
    write_lines,
)

ROOT = Path(__file__).resolve().parents[3]
SMALL = Portions(partition=12_000, leaf=40)
RUN = """
import sys
from tests.scraper.scale.corpora import Watched
from scraper.scale.build import build
from scraper.scale.engines.local import Local
from scraper.scale.settings import BuildSettings, Portions
with Local(2) as engine:
    build(BuildSettings((sys.argv[1],), sys.argv[2], portions=Portions(12_000, 40)), engine, Watched())
"""


def begun(path: str, out: Path) -> subprocess.Popen[bytes]:
    """A build that names itself in its environment, and so does all that it begins."""
    names = {**os.environ, "BUILD": str(out)}
    return subprocess.Popen([sys.executable, "-c", RUN, path, str(out)], cwd=ROOT, env=names)


def orphans(out: Path) -> bool:
    """Whether any process of a build that was killed still has a task to finish."""
    for it in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if f"BUILD={out}\0".encode() in it.read_bytes():
                return True
    return False


def commits(out: Path) -> dict[str, int]:
    """When each task was committed."""
    return {str(it.relative_to(out)): it.stat().st_mtime_ns for it in out.glob("build/*/*.json")}


@pytest.mark.parametrize("after", ["read/000002.json", "verdicts/000000.json"])
def test_a_killed_build_goes_on_and_does_nothing_twice(after: str, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "in.jsonl", told_stories(120))
    whole, out = tmp_path / "whole", tmp_path / "out"
    built(BuildSettings((path,), str(whole), portions=SMALL))
    process = begun(path, out)
    while not (out / "build" / after).exists():
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    while orphans(out):
        time.sleep(0.05)
    before = commits(out)
    watched = Watched()
    build(BuildSettings((path,), str(out), portions=SMALL), Here(), watched)
    now = commits(out)
    assert {it: now[it] for it in before} == before
    assert {f"build/{step}/{number:06}.json" for step, number in watched.done_} == {*now} - {
        *before
    }
    assert stands(out) == stands(whole)
    assert [it["id"] for it in rows(out, "articles")] == [
        it["id"] for it in rows(whole, "articles")
    ]
    assert not list(out.rglob("*.part"))
    assert not list(out.rglob("*.arrow"))


def test_the_same_call_on_a_finished_corpus_does_nothing(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "in.jsonl", told_stories(20))
    settings = BuildSettings((path,), str(tmp_path / "out"))
    first, watched = built(settings), Watched()
    assert build(settings, Here(), watched) == first
    assert not watched.done_


def test_another_build_is_not_mixed_into_a_folder(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "in.jsonl", told_stories(20))
    built(BuildSettings((path,), str(tmp_path / "out")))
    write_lines(tmp_path / "in.jsonl", told_stories(21))
    with pytest.raises(JobError, match=r"1 inputs are new, gone or changed: .*in\.jsonl"):
        built(BuildSettings((path,), str(tmp_path / "out")))


def test_what_cannot_be_read_costs_a_failure_row_that_names_it(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    good = told_stories(20)
    write_lines(folder / "good.jsonl", [*good, {"id": "n", "text": 5}, {"id": "m"}])
    with (folder / "good.jsonl").open("a") as lines:
        lines.write("{torn\n[]\n")
    (folder / "torn.jsonl.gz").write_bytes(gzip.compress(b'{"id": "z", "text": "Rain."}\n')[:-9])
    (folder / "bad.parquet").write_bytes(b"PAR1 and no more")
    (folder / "bad.warc.gz").write_bytes(b"no archive")
    columns = {"address": ["a"], "body": ["b"]}
    pyarrow.parquet.write_table(pyarrow.table(columns), folder / "lacks.parquet")
    mixed = {"id": ["p"], "text": ["Fog."], "title": [7]}
    pyarrow.parquet.write_table(pyarrow.table(mixed), folder / "mixed.parquet")
    dated = pyarrow.table(
        {"id": ["q"], "text": ["Snow."], "published": pyarrow.array([0], "date32")}
    )
    pyarrow.parquet.write_table(dated, folder / "dated.parquet")
    found = built(BuildSettings((str(folder),), str(tmp_path / "out")))
    assert found.articles == len(good) + 1
    failed = {Path(it["asked"]).name: it["detail"] for it in rows(tmp_path / "out", "failures")}
    assert found.failed == {"unreadable": len(failed)}
    assert "no column url and html, or text; it has address, body" in failed["lacks.parquet"]
    assert "title is int, not text" in failed["mixed.parquet:1"]
    assert {"bad.parquet", "bad.warc.gz", "torn.jsonl.gz"} <= {*failed}
    lines = {it: detail for it, detail in failed.items() if it.startswith("good.jsonl@")}
    assert len(lines) == 4
    (dated_row,) = (it for it in rows(tmp_path / "out", "articles") if it["id"] == "q")
    assert dated_row["published"] == "1970-01-01"


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    for given, why in (
        ("nowhere", "no such file"),
        (".", "not one article"),
        ("*.warc", "no WARC"),
    ):
        with pytest.raises(NothingMatched, match=why):
            built(BuildSettings((f"{tmp_path}/{given}",), str(tmp_path / "out" / why[:2])))


def test_patterns_and_a_jobs_folder(tmp_path: Path) -> None:
    told = told_stories(30)
    for n in range(3):
        write_lines(tmp_path / "in" / f"{n}.jsonl", told[n::3])
    found = built(BuildSettings((f"{tmp_path}/in/[01].jsonl",), str(tmp_path / "some")))
    assert found.articles == len(told[0::3]) + len(told[1::3])
    job = tmp_path / "job"
    write_lines(job / "articles.jsonl", told)
    write_lines(job / "clusters.jsonl", [{"cluster": "it"}])
    (job / "ledger.sqlite").write_bytes(b"")
    found = built(BuildSettings((str(job),), str(tmp_path / "of job")))
    assert (found.articles, found.failed) == (len(told), {})


def pages(tmp_path: Path) -> str:
    values = [{"url": f"http://a.test/{n}", "html": page(n)} for n in range(3)]
    values[1]["html"] = "<p>" + "<b>" * 200_000 + page(1)
    return write_lines(tmp_path / "pages.jsonl", values)


def test_a_page_that_takes_too_long_costs_a_row(tmp_path: Path) -> None:
    settings = BuildSettings((pages(tmp_path),), str(tmp_path / "out"))
    found = built(settings)
    assert (found.articles, sum(found.failed.values())) == (2, 1)
    slow = ExtractSettings(deadline=0.0001)
    with pytest.raises(NothingMatched, match="3 failures"):
        built(BuildSettings(settings.inputs, str(tmp_path / "slow"), extract=slow))
    assert {it["reason"] for it in rows(tmp_path / "slow", "failures")} == {"deadline"}


def deadly(frame: object, number: int, tables: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_dies_is_replaced_and_its_task_tried_once_more(tmp_path: Path) -> None:
    task = Task(Step("deadly", deadly, "bucket"), 7, BuildSettings((), str(tmp_path)))
    path = write_lines(tmp_path / "in.jsonl", told_stories(5))
    with Local(1) as engine:
        (died,) = engine.each([task])
        assert isinstance(died, Died)
        assert (died.task.number, died.how) == (7, "SIGKILL")
        built(BuildSettings((path,), str(tmp_path / "out")), engine)


def endless(frame: object, number: int, tables: object) -> None:
    time.sleep(600)


def test_a_task_that_does_not_end_is_ended(tmp_path: Path) -> None:
    task = Task(Step("endless", endless, "bucket"), 0, BuildSettings((), str(tmp_path)))
    with Local(1, deadline=0.5) as engine:
        (died,) = engine.each([task])
    assert isinstance(died, Died)
    assert died.how == "not done after 0.5 s"


class Deadly:
    """An engine whose processes die of the second partition."""

    def each(self, tasks: Sequence[Task]) -> Iterator[Done | Died]:
        for it in tasks:
            yield Died(it, "SIGKILL") if it.step is None and it.number == 1 else carry_out(it)


def test_a_poisoned_partition_costs_a_failure_row(tmp_path: Path) -> None:
    told = told_stories(60)
    path = write_lines(tmp_path / "in.jsonl", told)
    settings = BuildSettings((path,), str(tmp_path / "out"), portions=SMALL)
    found = built(settings, Deadly())
    assert 0 < found.articles < len(told)
    (row,) = rows(tmp_path / "out", "failures")
    assert (row["asked"], row["reason"]) == (path, "worker_died")
    assert built(settings).failed == {"worker_died": 1}


def test_a_full_disk_is_named_and_what_was_finished_stays(tmp_path: Path) -> None:
    """A limit on files' sizes says what a full disk says."""
    path = write_lines(tmp_path / "in.jsonl", told_stories(60))
    out = tmp_path / "out"
    limited = f"""
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))
sys.argv[1:] = [{path!r}, {str(out)!r}]
{RUN.replace("Local(2)", "Here()").replace("import Watched", "import Here, Watched").replace("with Here() as engine:", "engine = Here()").replace("    build(", "build(")}
"""
    ended = subprocess.run(
        [sys.executable, "-c", limited], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "OutputError" in ended.stderr.splitlines()[-1]
    assert f"{out}/articles/part-0000" in ended.stderr.splitlines()[-1]
    before = commits(out)
    built(BuildSettings((path,), str(out), portions=SMALL))
    now = commits(out)
    assert {it: now[it] for it in before} == before


def test_a_folder_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "in.jsonl", told_stories(5))
    with pytest.raises(OutputError):
        built(BuildSettings((path,), f"{path}/out"))


def test_a_store_is_read_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("moto")
    from moto.server import ThreadedMotoServer

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "of-tests")
    told = told_stories(60)
    path = write_lines(tmp_path / "in.jsonl", told)
    two = Portions(partition=100_000, leaf=40)
    built(BuildSettings((path,), str(tmp_path / "out"), portions=two))
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        query = f"?scheme=http&endpoint_override={host}:{port}&region=us-east-1&allow_bucket_creation=true"
        inputs = Store(f"s3://news{query}")
        inputs.write("in/0.jsonl", Path(path).read_bytes())
        settings = BuildSettings((f"s3://news/in{query}",), f"s3://news/out{query}", portions=two)
        found = built(settings)
        assert found.articles == len(told)
        for name in ("articles", "stories", "clusters", "matches", "copies", "build/read"):
            for each in Store(settings.out).names(name):
                target = tmp_path / "copy" / name / each
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(Store(settings.out).read(f"{name}/{each}") or b"")
        assert stands(tmp_path / "copy") == stands(tmp_path / "out")
        watched = Watched()
        build(settings, Here(), watched)
        assert not watched.done_
        with pytest.raises(NothingMatched, match=r"s3://news/nothing: no such"):
            built(BuildSettings((f"s3://news/nothing{query}",), settings.out))
    finally:
        server.stop()
