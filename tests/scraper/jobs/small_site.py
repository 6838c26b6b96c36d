"""A few pages of a few hosts, served on loopback, for tests of the whole job."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scraper.demo.world import World, serve

STORY = (
    "The ferry {n} left the harbor of Wendle at {n} minutes past noon with {n} passengers aboard. "
    "Its captain, who has crossed the strait for {n} years, said that the new timetable would "
    "bring visitors to village number {n} even in winter. The council of district {n} pays for it."
)


def page(n: int, extra: str = "") -> str:
    """An article page unlike every other; ``extra`` goes into its head."""
    paragraphs = "".join(f"<p>{STORY.format(n=n * 1000 + k)}</p>" for k in range(4))
    return (
        f"<html lang=en><head><title>Ferry {n} sails | Wendle Post</title>{extra}</head><body>"
        f"<nav><a href=/>Home</a> <a href=/news>News</a></nav>"
        f"<article><h1>Ferry {n} sails</h1>{paragraphs}</article>"
        f"<footer>Copyright Wendle Post</footer></body></html>"
    )


def urls(*paths: str) -> str:
    listed = ", ".join(f'"http://{it}"' for it in paths)
    return f"[[source]]\nurls = [{listed}]\n"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(it) for it in path.read_text("utf-8").splitlines()]


@contextmanager
def serve_pages(
    folder: Path, pages: Mapping[str, str], delays: Mapping[str, float] | None = None
) -> Iterator[World]:
    """Serve ``{"host/path.html": html}``."""
    folder.mkdir()
    for name, html in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, "utf-8")
    with serve(root=folder, delays=delays) as world:
        yield world


def write_job(folder: Path, world: World, sources: str, more: str = "") -> Path:
    """A job file whose results lie in ``folder / "out"``."""
    path = folder / "job.toml"
    path.write_text(
        f'out = "out"\n{more if more.startswith("limit") else ""}\n{sources}\n'
        f'[fetch]\ndelay = 0.0\nretries = 0\nconnect_to = {{ "*.example.test" = "127.0.0.1:{world.port}" }}\n'
        f"{'' if more.startswith('limit') else more}\n",
        "utf-8",
    )
    return path
