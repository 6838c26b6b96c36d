"""The demo's job file: a real one, with comments, that reads the world that is being served."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from scraper.corpus.atomic import write_whole
from scraper.demo.world import LOOPBACK, World

NAME = "demo.toml"


def write_job(folder: Path, world: World) -> Path:
    """Write the job file for a world into a folder, over an older one. Raises OutputError."""
    text = files("scraper.demo").joinpath("job.toml").read_text("utf-8")
    path = folder / NAME
    write_whole(path, text.replace("127.0.0.1:PORT", f"{LOOPBACK}:{world.port}").encode())
    return path
