"""A benchmark's own server, in a process of its own, so that its processor time is its own too."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.fetchers.settings import FetchSettings

HOSTS = "*.example.test"


@contextmanager
def served(script: str, *more: object) -> Iterator[int]:
    """Run ``script serve``, which prints the port it listens on as its first line; the port."""
    command = [sys.executable, script, "serve", *map(str, more)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def settings(port: int, **changes: object) -> FetchSettings:
    """Any host under example.test leads to the port; no robots.txt, no delay but what is given."""
    from scraper.fetchers.settings import FetchSettings

    plain: dict[str, object] = {
        "connect_to": {HOSTS: f"127.0.0.1:{port}"},
        "delay": 0.0,
        "robots": False,
    }
    return FetchSettings(**(plain | changes))  # type: ignore[arg-type]
