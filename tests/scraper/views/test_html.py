"""No text of a stranger becomes markup, whatever is in it."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from scraper.views.html import el, text


class Read(HTMLParser):
    """What a parser makes of it: the tags, the attributes, the text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.said = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.said += data


STRANGE = st.text(st.sampled_from("<>&\"'=/ \x00\ud800abscript!-#;x")) | st.text()


@given(STRANGE, STRANGE)
def test_text_stays_text_and_a_value_a_value(body: str, value: str) -> None:
    read = Read(el("p", body, title=value).source)
    assert read.tags == ["p"]
    assert len(read.attributes) == 1
    name, found = read.attributes[0]
    assert name == "title"
    assert len(found or "") == len(value)
    assert len(read.said) == len(body)


@given(STRANGE)
def test_what_is_written_can_be_written(body: str) -> None:
    text(body).source.encode("utf-8")
