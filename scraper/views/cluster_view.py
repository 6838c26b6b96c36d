"""One story: its copies side by side, what each one added, cut or changed, and which is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from cleaners.duplicates.results import Passage
from scraper.views.charts import Dot, figure, timeline
from scraper.views.copies import Copy, Span, Story
from scraper.views.document import Link, document, facts, file_name, masthead, table
from scraper.views.html import Html, Part, el, joined
from scraper.views.wording import compared

# So many stand side by side; the rest of a large cluster is in the table.
MOST: Final = 8
ROWS: Final = 500  # of the table
# Colors that can be told apart come back after so many passages; the numbers do not.
WHEEL: Final = 9


def cluster_view(story: Story, pages: Collection[str] = (), trail: Sequence[Link] = ()) -> str:
    """The whole file. ``pages`` are the ids of rows that have a page view beside this file."""
    kept = story.copies[0]
    title = kept.row.title or "No title was found"
    names = name_copies(story)
    shown = story.copies[:MOST]
    main = el(
        "main",
        _kept_and_why(story, names),
        _timeline(story, names, pages),
        _side_by_side(story, shown, names),
        *(_difference(it, story, names) for it in shown if it.compared),
        id="content",
        tabindex=-1,
    )
    hosts = len({it.host for it in story.copies})
    sums = el(
        "p",
        f"{len(story.copies)} copies on {hosts} host{'' if hosts == 1 else 's'}: ",
        ", ".join(f"{count} {kind}" for kind, count in sorted(story.kinds.items())) or "all alike",
        class_="sums",
    )
    return document(
        f"{title} · winnow inspect",
        "cluster",
        masthead("copies of one story", title, sums),
        main,
        trail=trail,
        language=None,
    )


def name_copies(story: Story) -> dict[str, str]:
    """A letter for each copy: A is the one that is kept."""
    return {it.row.id: _letter(number) for number, it in enumerate(story.copies)}


def _letter(number: int) -> str:
    """
    >>> _letter(0), _letter(25), _letter(26)
    ('A', 'Z', 'A2')
    """
    turn, at = divmod(number, 26)
    return chr(ord("A") + at) + (str(turn + 1) if turn else "")


def _kept_and_why(story: Story, names: dict[str, str]) -> Html:
    kept = story.copies[0]
    told: list[tuple[str, Part]] = [
        ("Kept", joined([_badge(kept, names), " ", el("bdi", kept.row.title or kept.row.url)])),
        ("Why", story.why),
        ("From", el("span", kept.row.url, class_="address")),
        ("Published", when(kept.row.published)),
        ("Cluster", el("code", story.id)),
    ]
    return el("section", facts(told), class_="kept-one", aria_label="The copy that is kept")


def _badge(it: Copy, names: dict[str, str]) -> Html:
    return el("span", names[it.row.id], class_="badge kept" if it.is_kept else "badge")


def _timeline(story: Story, names: dict[str, str], pages: Collection[str]) -> Html:
    rows: list[Sequence[Part]] = []
    order = sorted(
        story.copies, key=lambda it: (it.moment is None, it.moment.timestamp() if it.moment else 0)
    )
    for it in order[:ROWS]:
        title: Part = el("bdi", it.row.title or it.row.url)
        if it.row.id in pages:
            title = el("a", title, href=file_name("article", it.row.id))
        rows.append(
            [
                joined([_badge(it, names), " ", title]),
                it.host,
                when(it.row.published),
                it.row.agency or "none named",
                _kind(it, names),
                f"{len(it.row.text.split()):,}",
            ]
        )
    columns = ["copy", "host", "published", "agency", "is", "#words"]
    many = len(order)
    caption = "Copies by date" if many <= ROWS else f"The first {ROWS} of {many:,} copies by date"
    beside = table(caption, columns, rows)
    dots = [
        Dot(it.moment, it.host, names[it.row.id], it.is_kept) for it in story.copies if it.moment
    ]
    title_ = "When and where it appeared"
    body = (
        timeline(title_, dots, beside)
        if dots
        else figure(title_, el("p", "No copy is dated."), beside)
    )
    return el("section", body, class_="when")


def when(moment: str | None) -> str:
    """A row's moment as a person reads it.

    >>> when("2024-05-03T15:47:42+02:00"), when("2024-05-03"), when(None)
    ('2024-05-03 15:47 +02:00', '2024-05-03', 'not known')
    """
    if not moment:
        return "not known"
    day, _, rest = moment.partition("T")
    zone = rest[8:].lstrip(".0123456789")
    return " ".join(it for it in (day, rest[:5], zone) if it)


def _kind(it: Copy, names: dict[str, str]) -> str:
    if it.is_kept:
        return "kept"
    if it.compared is None:
        return "linked by no match to the kept one"
    of = names.get(it.compared.to, it.compared.to)
    return f"{it.compared.kind.value}, {it.compared.likeness:.0%} as in {of}"


def _side_by_side(story: Story, shown: Sequence[Copy], names: dict[str, str]) -> Html:
    more = len(story.copies) - len(shown)
    return el(
        "section",
        el("h2", "Side by side"),
        el(
            "p",
            "A number and its color stand for what several copies tell alike. Press a number "
            "to see it in all of them, Escape to let go. What has none stands in one copy alone.",
            class_="quiet",
        ),
        el("div", *(_column(it, story, names) for it in shown), class_="copies"),
        el("p", f"{more} more copies are in the table above.", class_="note") if more else None,
        class_="side",
        aria_label="The copies side by side",
    )


def _column(it: Copy, story: Story, names: dict[str, str]) -> Html:
    head = el(
        "header",
        el("h3", _badge(it, names), " ", el("bdi", it.host)),
        el("p", _kind(it, names), " · ", (it.row.published or "not dated")[:10], class_="quiet"),
    )
    name = f"Copy {names[it.row.id]}"
    body = el(
        "div",
        el("p", it.row.title or "", class_="headline") if it.row.title else None,
        *_paragraphs(it, story),
        class_="body",
        tabindex=0,
        role="region",
        aria_label=f"{name}: the text",
        lang=it.row.language,
        dir="auto",
    )
    return el("article", head, body, class_="copy", aria_label=name)


def _paragraphs(it: Copy, story: Story) -> Iterator[Html]:
    """The text with its passages; a passage that spans two paragraphs is cut at their border."""
    text = it.row.text
    at = 0
    for part in text.split("\n\n"):
        end = at + len(part)
        pieces: list[Part] = []
        here = at
        for span in it.spans:
            start, stop = max(span.start, at), min(span.end, end)
            if start >= stop:
                continue
            pieces += [_alone(text[here:start]), _passage(span, text[start:stop], story)]
            here = stop
        pieces.append(_alone(text[here:end]))
        if part.strip():
            yield el("p", *pieces, dir="auto")
        at = end + 2


def _alone(text: str) -> Part:
    return el("span", text, class_="alone") if text.strip() else text


def _passage(span: Span, text: str, story: Story) -> Html:
    many = story.threads.get(span.thread, 1)
    return el(
        "span",
        el(
            "button",
            str(span.thread),
            type="button",
            data_thread=span.thread,
            aria_pressed="false",
            aria_label=f"Passage {span.thread}, in {many} copies",
        ),
        text,
        class_="passage",
        data_thread=span.thread,
        style=_color(span.thread),
    )


def _color(thread: int) -> str:
    return f"--h:{(thread - 1) % WHEEL * 360 // WHEEL + 20}"


def _difference(it: Copy, story: Story, names: dict[str, str]) -> Html:
    """What a copy made of the one that it is compared with."""
    pair = it.compared
    other = next((each for each in story.copies if pair and each.row.id == pair.to), None)
    if pair is None or other is None:
        return Html("")
    passages = sorted(pair.passages, key=_reading_order)
    both = [each for each in passages if each.a and each.b]
    added = [each for each in passages if each.a is None]
    cut = [each for each in passages if each.b is None]
    here, there = names[it.row.id], names[other.row.id]
    rows = [_row(each, other, it) for each in passages]
    same = sum(1 for each in both if _said(each.a, other) == _said(each.b, it))
    counts = f"{same} the same, {len(both) - same} changed, {len(added)} added, {len(cut)} cut"
    columns = [f"in {there}", f"in {here}", "facts that differ"]
    return el(
        "details",
        el(
            "summary",
            _badge(it, names),
            el("span", f"What {here} made of {there}", class_="name"),
            el("span", counts, class_="quiet"),
        ),
        facts(
            [
                (
                    "Match",
                    f"{pair.kind.value}, likeness {pair.likeness:.2f}, "
                    f"confidence {pair.confidence:.2f}",
                ),
                ("Added", _share(added, it, True)),
                ("Cut", _share(cut, other, False)),
            ]
        ),
        table(f"Sentences of {there} and {here}", columns, rows)
        if rows
        else el("p", "No sentences were aligned."),
        class_="block difference",
    )


def _reading_order(it: Passage) -> tuple[int, int]:
    return (it.a or it.b or (0, 0))[0], 0 if it.a else 1


def _share(passages: Sequence[Passage], of: Copy, is_b: bool) -> str:
    places = [it.b if is_b else it.a for it in passages]
    words = sum(len(_said(it, of).split()) for it in places)
    return f"{len(passages)} sentences, {words:,} words" if passages else "nothing"


def _said(place: tuple[int, int] | None, of: Copy) -> str:
    return of.row.text[place[0] : place[1]] if place else ""


def _row(it: Passage, other: Copy, this: Copy) -> list[Part]:
    left, right = _said(it.a, other), _said(it.b, this)
    if it.a is None:
        return [el("span", "not there", class_="quiet"), el("ins", right, dir="auto"), None]
    if it.b is None:
        return [el("del", left, dir="auto"), el("span", "not there", class_="quiet"), None]
    if left == right:
        same = el("span", left, dir="auto")
        return [same, el("span", "the same", class_="quiet"), None]
    olds, news = compared(left, right)
    differs = [
        el("li", f"{each.what}: ", el("b", each.a or "none"), " → ", el("b", each.b or "none"))
        for each in it.differs
    ]
    return [
        el("span", *(text if is_same else el("del", text) for is_same, text in olds), dir="auto"),
        el("span", *(text if is_same else el("ins", text) for is_same, text in news), dir="auto"),
        el("ul", *differs, class_="differs") if differs else None,
    ]
