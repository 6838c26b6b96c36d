# Every check that the project has; `just check` before you hand in.

# The interpreter of the environment that `just` itself was installed into, or the one on PATH.
python := env("WINNOW_PYTHON", "python3")

check: lint types contracts test floors

lint:
    {{python}} -m ruff check .
    {{python}} -m ruff format --check .

types:
    {{python}} -m mypy

contracts:
    lint-imports

test:
    {{python}} -m pytest

floors:
    {{python}} benchmarks/floors.py

# Record the cassettes again against the sites in fixtures/sites.
record:
    {{python}} -m pytest tests/scraper/fetchers/test_cassettes.py --record-mode=rewrite

# Build the fixture sites again from fixtures/world.
world:
    {{python}} fixtures/world/build.py
