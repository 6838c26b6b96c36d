"""The process that carries out tasks for the local engine: tasks in, what became of them out."""

from __future__ import annotations

import sys
from multiprocessing.connection import Connection

from scraper.scale.engines.engine import attempt


def main() -> None:
    """Serve until nobody holds the other end of the pipe."""
    with Connection(int(sys.argv[1])) as pipe:
        while True:
            try:
                task = pipe.recv()
            except (EOFError, ConnectionResetError):
                return
            told = attempt(task)
            try:
                pipe.send(told)
            except (BrokenPipeError, ConnectionResetError):
                return  # the build has gone; the task is committed


if __name__ == "__main__":
    main()
