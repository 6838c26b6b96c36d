"""The index on disk: found again after a restart, after a kill, and in files of many sizes."""

from __future__ import annotations

import os
import random as chance
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cleaners.duplicates.index as module
import cleaners.duplicates.postings as postings
from cleaners.duplicates import CopyKind, DuplicateIndex, deduplicate
from cleaners.errors import BadDocument, BadIndex
from tests.cleaners.duplicates.made import copies, report, text

ROOT = Path(__file__).resolve().parents[3]
# Adds without end and says each id once it is added.
CHILD = """
import sys
from cleaners.duplicates import DuplicateIndex
import cleaners.duplicates.index as module
from tests.cleaners.duplicates.made import copies
module._FRESH = 16
with DuplicateIndex(sys.argv[1], evidence=False) as index:
    print("ready", flush=True)
    seed = int(sys.argv[2])
    while True:
        for name, body in copies(seed).items():
            index.add(name, body)
            print(name, flush=True)
        seed += 1
"""


def test_a_copy_is_found_after_the_index_was_closed(tmp_path: Path) -> None:
    told = copies(1)
    with DuplicateIndex(tmp_path / "index") as index:
        index.add("1", told["1"], published="2026-01-02", url="https://a.example/1")
    with DuplicateIndex(tmp_path / "index") as index:
        (match,) = index.query(told["1 trimmed"], "asked")
        assert (match.a, match.b, match.kind) == ("asked", "1", CopyKind.CONTAINED)
        assert len(index) == 1
        assert "asked" not in index
        assert index.add("again", told["1"])[0].kind is CopyKind.EXACT
        (cluster,) = index.duplicates().clusters
        assert cluster.keep == "1"
        # Offsets of the evidence are offsets in the two texts as they were given.
        linked = [it for it in match.evidence if it.a and it.b]
        assert len(linked) == 7
        for it in linked:
            assert it.a is not None
            assert it.b is not None
            assert told["1 trimmed"][slice(*it.a)] == told["1"][slice(*it.b)]


def test_files_are_merged_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FRESH", 10)
    with DuplicateIndex(tmp_path, evidence=False) as index:
        for seed in range(60):
            index.add(f"{seed}", text(report(seed)))
        index.remove("7")
        for seed in range(60, 120):
            index.add(f"{seed}", text(report(seed)))
    files = [it.name for it in tmp_path.glob("*.keys")]
    assert 1 < len(files) < 8
    with DuplicateIndex(tmp_path, evidence=False) as index:
        for seed in range(120):
            found = index.query(copies(seed)[f"{seed} led"])
            assert len(found) == (seed != 7)
        with pytest.raises(BadDocument, match="does not hold"):
            index.remove("7")


def test_an_addition_that_fails_leaves_nothing_behind() -> None:
    with DuplicateIndex(evidence=False) as index:
        index.add("1", copies(1)["1"])
        with pytest.raises(BadDocument, match="the index holds"):
            list(index.extend([("2", copies(1)["1 led"]), ("1", "Another text.")]))
        assert len(index) == 1
        assert "2" not in index
        assert [it.kind for it in index.add("2", copies(1)["1 led"])] == [CopyKind.NEAR]
        with pytest.raises(BadDocument, match="missing"):
            index.extend([{"id": "3"}]).__next__()


def test_the_heir_of_a_removed_text_has_its_copies() -> None:
    told = copies(1)
    with DuplicateIndex(evidence=False) as index:
        index.add("a", told["1"])
        index.add("b", told["1 led"])
        index.add("c", told["1 loud"])
        index.add("d", told["1"])
        index.remove("a")
        (cluster,) = index.duplicates().clusters
        assert set(cluster.members) == {"b", "c", "d"}
        index.remove("c")
        (cluster,) = index.duplicates().clusters
        assert set(cluster.members) == {"b", "d"}
        index.remove("d")
        assert not index.duplicates().clusters


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite").write_bytes(b"no database at all" * 99)
    with pytest.raises(BadIndex):
        DuplicateIndex(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(BadIndex):
        DuplicateIndex(tmp_path / "file")


def test_nothing_that_was_acknowledged_is_lost_in_a_kill(tmp_path: Path) -> None:
    """A child adds and is killed at a moment of chance, again and again."""
    random = chance.Random(3)
    known: dict[str, str] = {}
    for turn in range(6):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path / "index"), str(1000 * turn)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        # So many are waited for, however slow the machine is; and then a moment more.
        said = [child.stdout.readline() for _ in range(random.randint(3, 25))]
        time.sleep(random.uniform(0, 0.02))
        child.send_signal(signal.SIGKILL)
        said += child.stdout.read().splitlines(keepends=True)
        child.wait()
        child.stdout.close()
        names = [it.strip() for it in said if it.endswith("\n")]
        known |= {it: copies(int(it.split()[0]))[it] for it in names}
    assert len(known) > 18
    with DuplicateIndex(tmp_path / "index", evidence=False) as index:
        # At most one document a turn was added and not yet acknowledged.
        assert len(known) <= len(index) <= len(known) + 6
        for name, body in known.items():
            assert name in index
            assert index.query(body)
        found = index.duplicates()
        assert set(known) <= {it for cluster in found.clusters for it in cluster.members} | set(
            found.unique
        )


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_whatever_was_done_it_knows_what_the_batch_finds(random: chance.Random) -> None:
    """Additions one by one and together, removals, restarts, and files of every size."""
    corpus = dict(it for seed in range(1, 6) for it in copies(seed).items())
    corpus |= {f"{name} again": body for name, body in list(corpus.items())[:7]}
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_FRESH", random.choice([1, 3, 8]))
        patch.setattr(postings, "_AT_ONCE", random.choice([7, 100, 10**6]))
        index = DuplicateIndex(folder, evidence=False)
        inside: dict[str, str] = {}
        for _ in range(14):
            absent = sorted(set(corpus) - set(inside))
            deed = random.choice(["add", "add", "extend", "remove", "restart"])
            if deed == "add" and absent:
                name = random.choice(absent)
                index.add(name, corpus[name])
                inside[name] = corpus[name]
            elif deed == "extend" and absent:
                chosen = random.sample(absent, min(6, len(absent)))
                list(index.extend([(it, corpus[it]) for it in chosen]))
                inside |= {it: corpus[it] for it in chosen}
            elif deed == "remove" and inside:
                name = random.choice(sorted(inside))
                index.remove(name)
                del inside[name]
            elif deed == "restart":
                index.close()
                index = DuplicateIndex(folder, evidence=False)
        found = index.duplicates()
        index.close()
    batch = deduplicate(inside.items(), evidence=False)
    assert {frozenset(it.members) for it in found.clusters} == {
        frozenset(it.members) for it in batch.clusters
    }
    assert {(it.a, it.b, it.kind, it.likeness) for it in found.matches} == {
        (it.a, it.b, it.kind, it.likeness) for it in batch.matches
    }
    assert set(found.unique) == set(batch.unique)


def test_a_flood_of_one_text_costs_no_square() -> None:
    body = copies(1)["1"]
    spent = []
    with DuplicateIndex(evidence=False) as index:
        for start in range(0, 3000, 300):
            began = time.process_time()
            for _ in index.extend((f"{it:05}", body) for it in range(start, start + 300)):
                pass
            spent.append(time.process_time() - began)
        (cluster,) = index.duplicates().clusters
    assert len(cluster.members) == 3000
    # Looked at one by one, the last of ten portions would cost ten times the second.
    assert min(spent[-3:]) < 4 * min(spent[1:4])
