"""What ``winnow clean`` writes: texts, rows or JSON into their place, and its reasons to stderr."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from cleaners.explain import explained, reasons
from scraper.cli.terminal import safe

if TYPE_CHECKING:
    from cleaners.labels import Cleaned
    from scraper.cli.destination import Destination

# Red for what goes is too loud for a page of it; the label stands out, the rest is dim.
_LABEL, _DIM, _PLAIN = "\x1b[33m", "\x1b[2m", "\x1b[0m"


class Results:
    """Gives each cleaned text the form that was asked for."""

    def __init__(
        self, to: Destination, *, explain: bool, as_json: bool, several: bool = True
    ) -> None:
        self._to, self._explain, self._as_json = to, explain, as_json
        self._several = several

    def text(self, name: str, cleaned: Cleaned) -> None:
        """One text, as a text or as a JSON object with the blocks that were removed."""
        if self._as_json:
            content = orjson.dumps({"text": cleaned.text, "removed": reasons(cleaned)})
        else:
            content = cleaned.text.encode()
        path = Path(name)
        self._to.put(path.stem, content + b"\n", path.suffix)
        self._say(name if self._several else "", cleaned)

    def row(self, name: str, row: dict[str, Any], field: str, cleaned: Cleaned) -> None:
        """One row with its text cleaned; into a folder, the text alone as a file of its own."""
        if self._to.is_folder and not self._as_json:
            self._to.put(name, cleaned.text.encode() + b"\n", ".txt")
        else:
            changed = {**row, field: cleaned.text}
            if self._as_json:
                changed["removed"] = reasons(cleaned)
            self._to.put(name, orjson.dumps(changed) + b"\n", ".json")
        self._say(name, cleaned)

    def _say(self, name: str, cleaned: Cleaned) -> None:
        if not self._explain:
            return
        is_colored = sys.stderr.isatty()
        for line in explained(cleaned):
            text = safe(line)
            if is_colored:
                label, _, rest = text.partition(" ")
                text = f"{_LABEL}{label}{_PLAIN} {_DIM}{rest}{_PLAIN}"
            print(f"{safe(name)}: {text}" if name else text, file=sys.stderr)
