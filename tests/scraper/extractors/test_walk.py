"""The walk: every visible word in exactly one block, cut where a browser would start a new line."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from cleaners.blocks import Block, Kind
from scraper.extractors.columns import columns
from scraper.extractors.page_blocks import blocks
from scraper.extractors.tags import BLOCK_TAGS, INLINE_TAGS, OPENS, UNSEEN_TAGS
from scraper.extractors.walk import walk


def read(html: str) -> list[Block]:
    page = columns(LexborHTMLParser(html))
    assert page is not None
    return blocks(page, walk(page))


def texts(html: str) -> list[str]:
    return [it.text for it in read(html)]


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<p>One <b>two</b> three</p><p>four", ["One two three", "four"]),
        ("<div>before<p>in</p>after</div>", ["before", "in", "after"]),
        ("<p>half<i>word</i></p>", ["halfword"]),
        ("<p>a<br>b<br><br>c</p>", ["a", "b", "c"]),
        ("<p>x<script>var y</script>z</p><style>p{}</style>", ["xz"]),
        ("<template><p>no</p></template><p>yes</p>", ["yes"]),
        ("<svg><title>no</title></svg><p>yes</p>", ["yes"]),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", ["a", "b", "c"]),
        ("<table><tr><td>a</td><td>b <i>c</i></td></tr></table>", ["a\tb c"]),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", ["a", "b", "c"]),
        ("<pre>  if x:\n    y\n</pre>", ["  if x:\n    y"]),
        ("<details><summary>s</summary>d</details>", ["s", "d"]),
        ("<noscript><p>hidden story</p></noscript>", ["hidden story"]),
        ("<p>a&nbsp;b&#8203;c &amp; d</p>", ["a b\u200bc & d"]),
        ("<my-story><p>a</p></my-story>b<my-link>c</my-link>d", ["a", "bcd"]),
        ("<button>Share</button>text", ["Share", "text"]),
    ],
)  # fmt: skip
def test_lines_end_where_a_browser_ends_them(html: str, wanted: list[str]) -> None:
    assert texts(html) == wanted


def test_kinds_and_what_html_says_of_them() -> None:
    found = read(
        "<article class='Story main-body' id=top><h2>Head</h2><ul><li>a<ol><li>b</ol></ul>"
        "<blockquote><p>q</p></blockquote><figure><figcaption>c</figcaption></figure>"
        "<p>go <a href=/x>there now</a> or <a>not</a></p><pre>code</pre></article>"
    )
    kinds = [it.kind for it in found]
    assert kinds == [
        Kind.HEADING, Kind.LIST_ITEM, Kind.LIST_ITEM, Kind.QUOTE, Kind.CAPTION, Kind.PARAGRAPH, Kind.CODE,
    ]  # fmt: skip
    assert [it.tight for it in found] == [False, False, True, False, False, False, False]
    said = [it.markup for it in found]
    assert all(said)
    assert [it.level for it in said if it] == [2, 1, 2, 0, 0, 0, 0]
    assert said[0] is not None
    assert said[0].path == ("body", "article.Story", "h2")
    assert said[0].hints >= {"story", "main", "body", "top"}
    link = said[5]
    assert link is not None
    assert [found[5].text[it.start : it.end] for it in link.links] == ["there now"]
    assert link.links[0].href == "/x"
    assert link.link_chars == 9


WORD = st.text("abcdefgäπ字", min_size=1, max_size=4)
TAGS = st.sampled_from(
    sorted(BLOCK_TAGS | INLINE_TAGS | UNSEEN_TAGS | {"my-tag"}) + ["p", "div", "br"] * 9
)
MARKS = st.sampled_from(["", " class='a b'", " hidden", " href=/x", " style='display:none'"])


@st.composite
def page(draw: st.DrawFn, depth: int = 0) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        if depth > 4 or draw(st.booleans()):
            parts.append(draw(st.sampled_from(["", " ", "\n"])) + draw(WORD))
        else:
            tag = draw(TAGS)
            end = f"</{tag}>" if draw(st.integers(0, 5)) else ""
            parts.append(f"<{tag}{draw(MARKS)}>{draw(page(depth + 1))}{end}")
    return "".join(parts)


def visible(tree: LexborHTMLParser) -> Counter[str]:
    """The letters that stand outside of what no browser shows, found the slow and plain way."""
    found: Counter[str] = Counter()
    stack = [tree.body] if tree.body is not None else []
    while stack:
        node = stack.pop()
        if node.is_text_node:
            found.update((node.text_content or "").replace(" ", "").replace("\n", ""))
        elif node.tag not in UNSEEN_TAGS:
            stack += list(node.iter(include_text=True))
    return found


@settings(max_examples=300, deadline=None)
@given(page())
def test_every_visible_letter_goes_into_exactly_one_block(html: str) -> None:
    tree = LexborHTMLParser(html)
    read_ = columns(tree)
    if read_ is None:
        return
    found = Counter("".join(walk(read_).texts))
    for blank in " \n\t":
        found.pop(blank, None)
    assert found == visible(tree)


@settings(max_examples=150, deadline=None)
@given(page())
def test_columns_tell_what_the_tree_does(html: str) -> None:
    tree = LexborHTMLParser(html)
    read_ = columns(tree)
    if read_ is None:
        return
    for row in range(1, len(read_.tag)):
        above = int(read_.parent[row])
        node, parent = read_.nodes[row], read_.nodes[row].parent
        assert parent is not None
        assert parent.mem_id == read_.nodes[above].mem_id
        assert read_.depth[row] == read_.depth[above] + 1
        assert above < row < read_.end[row] <= read_.end[above]
        assert read_.box[row] == (row if node.tag in BLOCK_TAGS else read_.box[above])
        assert read_.within[row] == read_.within[above] | OPENS[read_.tag[row]]


@settings(max_examples=150, deadline=None)
@given(page())
def test_links_and_numbers_fit_the_text(html: str) -> None:
    if columns(LexborHTMLParser(html)) is None:
        return
    for place, block in enumerate(read(html)):
        assert block.index == place
        assert block.markup is not None
        assert block.text.strip()
        assert all(0 <= it.start < it.end <= len(block.text) for it in block.markup.links)
        assert block.markup.link_chars == sum(it.end - it.start for it in block.markup.links)


def test_depth_costs_no_recursion() -> None:
    assert texts("<div>" * 3000 + "deep" + "</div>" * 3000) == ["deep"]


def test_a_frame_set_has_no_body() -> None:
    assert columns(LexborHTMLParser("<frameset><frame src=a></frameset>")) is None
