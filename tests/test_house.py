"""The house rules that a machine can hold."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(
    path for package in ("cleaners", "scraper") for path in (ROOT / package).rglob("*.py")
)
MOST_LINES = 300
NO_NAMES = {
    "utils", "util", "helpers", "helper", "common", "core", "base", "misc", "manager", "handler",
    "processor",
}  # fmt: skip
# dict: for ``__missing__``, the form in which ``str.translate`` takes a table that grows.
MAY_INHERIT = {"Exception", "StrEnum", "IntEnum", "Protocol", "TypedDict", "dict"}
# Each heavy library has one home.
HOMES = {
    "httpx": "scraper/fetchers/",
    "httpcore": "scraper/fetchers/",
    "selectolax": "scraper/extractors/",
    "trafilatura": "scraper/extractors/with_trafilatura.py",
    "playwright": "scraper/fetchers/browser.py",
    "pyarrow": ("scraper/corpus/", "scraper/scale/"),
    "daft": "scraper/scale/engines/daft.py",
    "ray": "scraper/scale/engines/ray.py",
    "pydantic": "scraper/jobs/",
    "lxml": "scraper/extractors/",
}
# What ``import cleaners`` must never pull in.
NOT_IN_CLEANERS = (
    "httpx", "httpcore", "selectolax", "trafilatura", "lxml", "rich", "typer", "click", "asyncio",
    "pydantic", "socket", "ssl", "scraper",
)  # fmt: skip


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in SOURCES:
        yield path, ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (it.name.split(".")[0] for it in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_a_file_is_short_enough_to_have_one_reason_to_change() -> None:
    long = {
        name(it): n for it in SOURCES if (n := len(it.read_text("utf-8").splitlines())) > MOST_LINES
    }
    assert not long


def test_a_file_is_named_for_the_thing_it_holds() -> None:
    assert not [name(it) for it in SOURCES if NO_NAMES & {*it.stem.split("_"), it.parent.name}]


def test_a_module_says_in_its_first_line_what_it_is_for() -> None:
    assert not [name(path) for path, tree in trees() if tree.body and not ast.get_docstring(tree)]


def test_nobody_catches_every_exception() -> None:
    """Only the top of the program may: there an error becomes an exit code."""
    found = [
        f"{name(path)}:{node.lineno}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
        )
        and name(path) != "scraper/cli/main.py"
    ]
    assert not found


def test_we_inherit_from_errors_enums_and_protocols_only() -> None:
    own = {
        node.name
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    errors = {it for it in own if it.endswith("Error")} | {
        "PageError",
        "CleanerError",
        "ScraperError",
    }
    strange = [
        f"{name(path)}: class {node.name}({ast.unparse(parent)})"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for parent in node.bases
        if ast.unparse(parent).split("[")[0].split(".")[-1] not in MAY_INHERIT | errors
    ]
    assert not strange


def test_six_parameters_are_the_most() -> None:
    """A command's options are a command line, no function that somebody calls."""
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path, tree in trees()
        if path.parent.name != "cli"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and sum(
            it.arg not in {"self", "cls"}
            for it in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        )
        > 6
    ]
    assert not long


def test_each_heavy_library_has_one_home() -> None:
    away = [
        f"{name(path)} imports {library}"
        for path, tree in trees()
        for library in imported(tree)
        if library in HOMES and not name(path).startswith(HOMES[library])
    ]
    assert not away


def test_the_core_reads_no_environment() -> None:
    """The workers hand theirs on to a child, and read nothing in it."""
    found = [
        name(path)
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and path.parent.name != "cli"
        and name(path) != "scraper/jobs/workers.py"
    ]
    assert not found


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return done.stdout.strip()


def test_import_cleaners_pulls_in_no_network_no_html_and_no_command_line() -> None:
    """Beyond what numpy itself brings."""
    code = "import sys, numpy; had = set(sys.modules); import cleaners; print(*sorted(set(sys.modules) - had))"
    brought = {it.split(".")[0] for it in run_python(code).split()}
    assert not brought & set(NOT_IN_CLEANERS)


def test_import_cleaners_takes_less_than_150_ms_more_than_numpy() -> None:
    """The median of seven, so that a busy machine does not decide."""
    code = "import time, numpy; t = time.process_time(); import cleaners; print(time.process_time() - t)"
    times = sorted(float(run_python(code)) for _ in range(7))
    assert times[3] < 0.150


def test_help_is_there_at_once() -> None:
    """0.3 s of processor time, the median of five."""
    code = (
        "import resource, sys; sys.argv = ['winnow', '--help']\n"
        "from scraper.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "it = resource.getrusage(resource.RUSAGE_SELF); print(it.ru_utime + it.ru_stime)"
    )
    times = sorted(float(run_python(code).splitlines()[-1]) for _ in range(5))
    assert times[2] < 0.3


def test_both_packages_are_typed() -> None:
    assert all((ROOT / it / "py.typed").exists() for it in ("cleaners", "scraper"))


def phrase_rows() -> Iterator[tuple[str, dict[str, object]]]:
    for path in sorted((ROOT / "cleaners/data/phrases").glob("*.toml")):
        for row in tomllib.loads(path.read_text("utf-8")).get("phrase", []):
            yield path.stem, row


def test_a_rule_id_names_its_family_what_it_sees_and_its_language() -> None:
    ids = [(language, str(row["id"])) for language, row in phrase_rows()]
    assert not [it for language, it in ids if it.split(".")[-1] != language or it.count(".") != 2]


@pytest.mark.parametrize("package", ["cleaners", "scraper"])
def test_public_functions_say_what_they_promise(package: str) -> None:
    """A name without underscore in a package's ``__init__`` is public; so it has a docstring."""
    code = (
        f"import {package}; print(*[it for it in {package}.__all__ "
        f"if not (getattr({package}, it).__doc__ or '').strip()])"
    )
    assert not run_python(code)
