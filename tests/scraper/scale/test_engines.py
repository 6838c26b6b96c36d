"""Every engine finds what ``deduplicate`` finds; Daft and Ray are the real ones, on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.scraper.scale.corpora import expected, rows, said, stands

# Daft and Ray would tell their makers how they are used, and Ray start more threads than cores.
QUIET = {
    "DO_NOT_TRACK": "true",
    "RAY_USAGE_STATS_ENABLED": "0",
    "OMP_NUM_THREADS": "1",
    # Whoever joins the cluster has to know it.
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": "of-the-tests-0123456789abcdef0123456789abcdef",
}


def winnow(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scraper", "corpus", "build", *words],
        capture_output=True,
        text=True,
        timeout=240,
        env={**os.environ, **QUIET},
    )


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Ray cluster of two machines with one core each; both are processes of this one."""
    pytest.importorskip("ray")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"127.0.0.1:{port}"
    # Ray's sockets have paths of at most 107 bytes: pytest's folders are too deep.
    common = ["--num-cpus=1", "--block", "--disable-usage-stats"]
    common += ["--object-store-memory=80000000", "--include-dashboard=false"]
    with ExitStack() as stack:
        begin = "import sys; from ray.scripts.scripts import main; sys.exit(main())"
        for which in (["--head", f"--port={port}"], [f"--address={address}"]):
            words = [it for it in common if "dashboard" not in it or "--head" in which]
            process = subprocess.Popen(
                [sys.executable, "-c", begin, "start", *which, *words],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **QUIET},
            )
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
            _wait_for(port)
        yield address


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the cluster does not begin")


@pytest.mark.parametrize("engine", ["local", "daft", "ray"])
def test_what_is_built_is_what_deduplicate_finds(
    engine: str, archive: Path, stories: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    words = ["--workers", "2"]
    if engine == "ray":
        words = ["--address", request.getfixturevalue("cluster")]
    elif engine == "daft":
        pytest.importorskip("daft")
    out = tmp_path / "out"
    ended = winnow(
        str(archive), str(stories), "-o", str(out), "--engine", engine, "--leaf", "80", *words
    )
    assert ended.returncode == 0, ended.stderr
    articles = rows(out, "articles")
    pages = [it for it in articles if it["asked"]]
    assert len(articles) - len(pages) == len(stories.read_text("utf-8").splitlines())
    assert len(pages) > 40
    assert all(it["removed"] for it in pages)
    assert stands(out) == said(expected(articles))
    assert "stories" in ended.stderr


def test_a_cluster_that_is_not_there_is_named(stories: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray")
    ended = winnow(str(stories), "-o", str(tmp_path), "--engine", "ray", "--address", "127.0.0.1:1")
    assert ended.returncode == 4
    assert "127.0.0.1:1: the cluster cannot be reached" in ended.stderr


def test_failures_end_in_their_exit_code(stories: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 and no more")
    ended = winnow(str(stories), str(tmp_path / "bad.parquet"), "-o", str(tmp_path / "out"))
    assert ended.returncode == 3, ended.stderr
    assert "unreadable 1" in ended.stderr
    ended = winnow(str(tmp_path / "bad.parquet"), "-o", str(tmp_path / "none"), "--quiet")
    assert ended.returncode == 5
    assert ended.stderr == (
        f"winnow: {tmp_path}/bad.parquet: not one article came out of it; 1 failures in failures/\n"
    )
