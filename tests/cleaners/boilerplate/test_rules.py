"""The rules that are written in code: each confidence is some rule's, and some rule's vote shows it."""

from __future__ import annotations

import inspect
from types import ModuleType

import pytest

from cleaners.boilerplate import bios, captions, context, edges, shape


@pytest.mark.parametrize("module", [bios, captions, context, edges, shape])
def test_a_rule_that_claims_something_votes(module: ModuleType) -> None:
    source = inspect.getsource(module)
    rules = set(module.CONFIDENCE)
    assert {it for it in rules if source.count(f'"{it}"') < 2} == set()
    assert {it.split(".")[0] for it in rules} == {module.__name__.rsplit(".", 1)[-1]}
