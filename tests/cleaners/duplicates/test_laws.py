"""What holds for any documents: no order, no direction, and no neighbor changes what is a copy."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaners.duplicates import CopyKind, DuplicateIndex, Duplicates, deduplicate
from cleaners.duplicates.evidence import passages
from cleaners.duplicates.judge import KINDS, judge
from tests.cleaners.duplicates.made import copies, report, text

CORPUS = [it for seed in range(1, 9) for it in copies(seed).items()]
CORPUS += [(f"lone {seed}", text(report(500 + seed))) for seed in range(10)]
few = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


def stories(of: Duplicates) -> set[frozenset[str]]:
    return {frozenset(it.members) for it in of.clusters}


def facts(of: Duplicates) -> set[tuple[object, ...]]:
    return {(it.a, it.b, it.kind, it.likeness, it.confidence) for it in of.matches}


def test_made_copies_are_found_and_strangers_are_not() -> None:
    assert stories(deduplicate(CORPUS)) == {frozenset(copies(seed)) for seed in range(1, 9)}


@few
@given(st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(random: Random) -> None:
    documents = random.sample(CORPUS, 24)
    batch = deduplicate(documents, evidence=False)
    random.shuffle(documents)
    again = deduplicate(documents, evidence=False)
    with DuplicateIndex(evidence=False) as index:
        for it in documents:
            index.add(*it)
        one_by_one = index.duplicates()
    assert stories(batch) == stories(again) == stories(one_by_one)
    assert facts(batch) == facts(again) == facts(one_by_one)
    assert {it.keep for it in batch.clusters} == {it.keep for it in one_by_one.clusters}
    assert set(batch.unique) == set(one_by_one.unique)


@few
@given(st.randoms(use_true_random=False))
def test_near_copies_alone_are_judged_as_among_all(random: Random) -> None:
    bodies = [body for _, body in random.sample(CORPUS, 12)]
    pairs = np.array(list(combinations(range(len(bodies)), 2)))
    every = judge(lambda numbers: [bodies[it] for it in numbers], pairs)
    near = judge(lambda numbers: [bodies[it] for it in numbers], pairs, only_near=True)
    among = every.chosen(every.kind == KINDS.index(CopyKind.NEAR))
    assert near.pairs.tolist() == among.pairs.tolist()
    assert near.copy.tolist() == among.copy.tolist()
    assert near.verbatim.tolist() == among.verbatim.tolist()


@few
@given(st.randoms(use_true_random=False))
def test_a_further_copy_changes_no_other_cluster(random: Random) -> None:
    documents = random.sample(CORPUS, 20)
    name, body = random.choice(documents)
    before = stories(deduplicate(documents, evidence=False))
    after = stories(deduplicate([*documents, ("new", body)], evidence=False))
    assert {it - {"new"} for it in after if name not in it} == {
        it for it in before if name not in it
    }
    assert any({"new", name} <= it for it in after)


@few
@given(st.randoms(use_true_random=False))
def test_to_remove_what_was_added_restores_the_state(random: Random) -> None:
    documents = random.sample(CORPUS, 20)
    extra = [it for it in CORPUS if it not in documents][:8]
    with DuplicateIndex(evidence=False) as index:
        for it in documents:
            index.add(*it)
        before = index.duplicates()
        for it in extra:
            index.add(*it)
        random.shuffle(extra)
        for name, _ in extra:
            index.remove(name)
        after = index.duplicates()
    assert stories(before) == stories(after)
    assert facts(before) == facts(after)


@given(st.integers(0, 50), st.integers(0, 50))
@settings(max_examples=20, deadline=None)
def test_likeness_has_no_direction(one: int, other: int) -> None:
    texts = [text(report(one)), text(report(other)[:4] + report(one)[3:8])]
    there = judge(lambda rows: [texts[it] for it in rows], np.array([[0, 1]]))
    back = judge(lambda rows: [texts[it] for it in rows], np.array([[1, 0]]))
    assert there.copy[0] == back.copy[0]
    assert there.likeness[0] == back.likeness[0]
    assert there.kind[0] == back.kind[0]


@given(st.text(alphabet="abcde fghi. AB12\n", min_size=1, max_size=200))
@settings(deadline=None)
def test_a_text_is_a_copy_of_itself(body: str) -> None:
    found = deduplicate([("a", body), ("b", body)], evidence=False)
    has_words = any(it.isalnum() for it in body)
    assert len(found.matches) == int(has_words)
    if has_words:
        assert found.matches[0].likeness == 1.0


@given(st.text(max_size=200), st.text(max_size=200))
@settings(deadline=None)
def test_passages_lie_within_their_texts_and_in_order(a: str, b: str) -> None:
    found = passages(a, b)
    for side, body in (("a", a), ("b", b)):
        spans = sorted(it for passage in found if (it := getattr(passage, side)) is not None)
        for start, end in spans:
            assert 0 <= start < end <= len(body)
        assert len(spans) == len(set(spans))


@few
@given(st.randoms(use_true_random=False))
def test_evidence_points_at_the_text_that_it_quotes(random: Random) -> None:
    told = report(random.randrange(1000))
    order = random.sample(range(len(told)), len(told))
    a, b = text(told), text([told[it] for it in order])
    linked = [it for it in passages(a, b) if it.a and it.b]
    assert len(linked) == len(told)
    for it in linked:
        assert it.a is not None
        assert it.b is not None
        assert a[slice(*it.a)] == b[slice(*it.b)]
        assert a[slice(*it.a)] in told
