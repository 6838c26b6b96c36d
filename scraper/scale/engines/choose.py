"""Opens the engine that was asked for; a heavy one is imported only then."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from typing import Literal

from scraper.scale.engines.engine import Engine

Name = Literal["local", "daft", "ray"]


def opened(name: Name, workers: int = 0, address: str = "") -> AbstractContextManager[Engine]:
    """The engine, to be used within ``with``; no workers is one for each core.

    Raises JobError where its library is not installed or its cluster cannot be reached.
    """
    many = workers or os.cpu_count() or 1
    if name == "daft":
        from scraper.scale.engines.daft import Daft

        return Daft(many)
    if name == "ray":
        from scraper.scale.engines.ray import Ray

        return Ray(workers, address)
    from scraper.scale.engines.local import Local

    return Local(many)
