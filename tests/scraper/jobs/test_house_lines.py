"""What a site says in one article after another is none of their text, and its place is kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scraper.corpus.rows import ArticleRow, Removed
from scraper.jobs.house_lines import house_lines, without_house_lines

HOUSE = "The Wendle Post is printed on paper from the strait"


def lead(n: int) -> str:
    return f"Ferry {n} sailed at dawn with {n} goats and the mayor of village {n} aboard, the captain said."


def rows(many: int, host: str = "a.example.test") -> list[ArticleRow]:
    return [
        ArticleRow(
            id=str(n),
            url=f"http://{host}/{n}",
            text=f"{lead(n)}\n\nIt came back with {n} more.\n\n{HOUSE}",
            removed=(
                Removed("related", "r", 0.9, "e", "More", at=0),
                Removed("footer", "r", 0.9, "e", "(c)", at=200),
            ),
        )
        for n in range(many)
    ]


def test_a_line_of_every_article_is_moved_with_its_count_as_evidence() -> None:
    given_rows = rows(6)
    counts = house_lines(given_rows)
    row = without_house_lines(given_rows[2], counts)
    assert row.text == f"{lead(2)}\n\nIt came back with 2 more."
    (moved,) = (it for it in row.removed if it.label == "repeated")
    assert moved.text == HOUSE
    assert "6 of 6" in moved.evidence
    assert moved.at == len(row.text)


def test_a_few_articles_and_other_sites_show_nothing() -> None:
    few = rows(2)
    assert without_house_lines(few[0], house_lines(few)) == few[0]
    other = rows(1, host="b.example.test")[0]
    assert without_house_lines(other, house_lines(rows(9))) == other


@given(
    st.lists(
        st.sampled_from(["One line.", "Two lines are here.", HOUSE, "Three.", ""]),
        min_size=1,
        max_size=8,
    )
)
def test_no_word_is_lost(lines: list[str]) -> None:
    """Text kept and text removed are all text, whatever is repeated."""
    row = ArticleRow(id="x", url="http://a.example.test/x", text="\n\n".join(lines))
    done = without_house_lines(row, house_lines([*rows(8), row]))
    kept = [*done.text.split("\n\n"), *(it.text for it in done.removed)]
    assert sorted(kept) == sorted(lines)
    assert all(0 <= (it.at or 0) <= len(done.text) for it in done.removed)
