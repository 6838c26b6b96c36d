"""Clusters of copies as the users of datasketch and rensa make them, to measure beside ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

Clusters = list[tuple[str, ...]]


def datasketch_clusters(documents: Iterable[tuple[str, str]], threshold: float) -> Clusters:
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError:
        print("datasketch is not installed")
        return []
    index = MinHashLSH(threshold=threshold, num_perm=128)
    root: dict[str, str] = {}
    for name, text in documents:
        sketch = MinHash(num_perm=128)
        sketch.update_batch([it.encode() for it in _shingles(text)])
        root[name] = name
        for other in index.query(sketch):
            root[_top(root, name)] = _top(root, str(other))
        index.insert(name, sketch)
    return _joined(root)


def rensa_clusters(documents: Iterable[tuple[str, str]], threshold: float) -> Clusters:
    try:
        from rensa import RMinHash, RMinHashLSH
    except ImportError:
        print("rensa is not installed")
        return []
    index = RMinHashLSH(threshold=threshold, num_perm=128, num_bands=32)
    root: dict[str, str] = {}
    names: list[str] = []
    for number, (name, text) in enumerate(documents):
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(_shingles(text))
        root[name] = name
        for other in index.query(sketch):
            root[_top(root, name)] = _top(root, names[other])
        index.insert(number, sketch)
        names.append(name)
    return _joined(root)


def _shingles(text: str) -> list[str]:
    words = text.lower().split()
    return [" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))]


def _top(root: dict[str, str], it: str) -> str:
    while root[it] != it:
        root[it] = root[root[it]]
        it = root[it]
    return it


def _joined(root: dict[str, str]) -> Clusters:
    found: dict[str, list[str]] = defaultdict(list)
    for it in root:
        found[_top(root, it)].append(it)
    return [tuple(it) for it in found.values() if len(it) > 1]
