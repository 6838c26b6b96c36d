"""What an index knows about a document besides its text, as it stands in the store."""

from __future__ import annotations

import json
from datetime import datetime

from cleaners.duplicates.keep import has_agency
from cleaners.duplicates.results import Document
from cleaners.duplicates.shelf import Mark
from cleaners.duplicates.store import Row


def mark_of(row: Row) -> Mark:
    """What the index knows about a document besides its text."""
    known = json.loads(row.mark) if row.mark else {}
    published = datetime.fromisoformat(known["published"]) if "published" in known else None
    return Mark(published, known.get("url"), known.get("canonical"), "agency" in known)


def written(of: Document) -> str | None:
    """What is worth keeping of a document besides its text; None where there is nothing."""
    agency = has_agency(of.agency, of.text)
    known = {
        "published": of.published.isoformat() if of.published else None,
        "url": of.url,
        "canonical": of.canonical,
        "agency": "yes" if agency else None,
    }
    found = {key: value for key, value in known.items() if value}
    return json.dumps(found) if found else None


def document_of(row: Row, text: str) -> Document:
    """The document that was added, without its title and host."""
    mark = mark_of(row)
    agency = "yes" if mark.agency else None
    return Document(
        row.id,
        text,
        published=mark.published,
        url=mark.url,
        canonical=mark.canonical,
        agency=agency,
    )
