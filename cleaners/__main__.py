"""``python -m cleaners``: text on stdin, the story on stdout; with ``--explain`` why, on stderr."""

from __future__ import annotations

import argparse
import json
import sys

from cleaners.clean import clean
from cleaners.errors import CleanerError
from cleaners.explain import explained, reasons
from cleaners.labels import Label


def main() -> int:
    """Reads all of stdin as UTF-8; 0 when done, 3 where it is no text (as ``winnow`` has it)."""
    parser = argparse.ArgumentParser(prog="python -m cleaners", description=__doc__)
    parser.add_argument("--explain", action="store_true", help="say on stderr what went and why")
    parser.add_argument("--json", action="store_true", help="text and removed blocks as JSON")
    parser.add_argument("--keep", action="append", default=[], type=Label, metavar="LABEL")
    options = parser.parse_args()
    try:
        cleaned = clean(sys.stdin.buffer.read(), keep=options.keep)
    except CleanerError as error:
        print(f"cleaners: {error}", file=sys.stderr)
        return 3
    if options.json:
        text = json.dumps({"text": cleaned.text, "removed": reasons(cleaned)}, ensure_ascii=False)
    else:
        text = cleaned.text
    sys.stdout.buffer.write(f"{text}\n".encode())
    if options.explain:
        print(*explained(cleaned), sep="\n", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
