"""A job at a glance, from a real small job; and its figures."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scraper.errors import NothingMatched
from scraper.views.figures import by_period, figures
from scraper.views.inspection import inspect_article, inspect_job


@pytest.fixture(scope="module")
def files(job: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return inspect_job(job, tmp_path_factory.mktemp("view") / "index.html")


def test_the_overview_tells_how_it_went(files: list[Path], look: Any) -> None:
    seen = look(files[0])
    said = seen.tab.locator("body").inner_text()
    tiles = seen.tab.locator(".tiles dd").all_inner_texts()
    assert tiles[:3] == ["8", "7", "5"]  # addresses, articles, stories
    for it in ("http 4xx", "one.example.test", "The largest 1 of 1", "Bridge closed over a crack"):
        assert it in said
    seen.assert_quiet(files[0])


def test_each_plot_has_a_name_and_a_table_beside_it(files: list[Path], look: Any) -> None:
    seen = look(files[0])
    figure = seen.tab.locator("figure")
    assert figure.count() >= 7
    for it in figure.all():
        assert it.locator("svg[role=img][aria-label]").count() == 1
        assert it.locator("table").count() == 1
        assert it.locator("figcaption").inner_text()


def test_every_link_leads_to_a_file_that_is_there(files: list[Path], look: Any) -> None:
    for path in files:
        seen = look(path)
        links = seen.tab.locator("a[href]").evaluate_all(
            "them => them.map(it => it.getAttribute('href'))"
        )
        for it in links:
            assert it == "#content" or (path.parent / it).is_file(), it
        seen.assert_quiet(path)


def test_from_the_overview_to_a_story_to_a_copy_and_back(files: list[Path], look: Any) -> None:
    seen = look(files[0])
    seen.tab.get_by_role("link", name="Bridge closed over a crack").first.press("Enter")
    assert seen.tab.locator(".copy").count() == 3
    seen.tab.locator(".when a").first.click()
    assert seen.tab.locator(".block.kept").count() >= 3
    seen.tab.get_by_role("link", name="The copies of this story").click()
    seen.tab.get_by_role("link", name="The job at a glance").click()
    assert seen.tab.locator(".tiles").is_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_window(
    files: list[Path], look: Any, width: int, scheme: str
) -> None:
    seen = look(files[0], width=width, scheme=scheme)
    assert seen.tab.evaluate("document.documentElement.scrollWidth") <= width


# Whether what is written can be read: WCAG 2.2, 1.4.3, for every text that is seen.
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = (c) => c.slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const low = [];
  for (const it of document.querySelectorAll("body *")) {
    const own = [...it.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !it.checkVisibility() || it.closest(".hidden, .skip, svg, caption, title")) continue;
    let at = it, ground = [0, 0, 0, 0];
    while (at && ground[3] < 250) { ground = rgba(getComputedStyle(at).backgroundColor); at = at.parentElement; }
    const a = light(rgba(getComputedStyle(it).color)), b = light(ground);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${it.tagName}.${it.className} ${ratio.toFixed(2)} ${it.textContent.slice(0, 20)}`);
  }
  return [...new Set(low)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["index", "cluster", "article"])
def test_every_text_stands_out_from_its_ground(
    files: list[Path], look: Any, scheme: str, kind: str
) -> None:
    path = next(it for it in files if it.name.startswith(kind))
    seen = look(path, scheme=scheme)
    seen.tab.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    assert seen.tab.evaluate(CONTRAST) == []


def test_an_article_is_found_by_its_id_and_by_its_address(job: Path, files: list[Path]) -> None:
    by_address = inspect_article(job, "http://one.example.test/bridge.html")
    assert "Bridge closed over a crack" in by_address
    with pytest.raises(NothingMatched):
        inspect_article(job, "http://one.example.test/nowhere.html")


def test_a_folder_that_is_no_job_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NothingMatched):
        inspect_job(tmp_path, tmp_path / "index.html")


# The figures


def told(n: int, text: str, *removed: tuple[str, str, float]) -> dict[str, Any]:
    return {
        "id": str(n),
        "url": f"http://a.example/{n}",
        "text": text,
        "title": "Title",
        "language": "en",
        "published": "2026-03-01",
        "removed": [
            {"label": label, "text": line, "confidence": confidence}
            for label, line, confidence in removed
        ],
    }


LONG = "word " * 200


def test_a_line_is_of_the_template_when_it_returns() -> None:
    rows = [
        told(n, LONG, ("footer", "Copyright A", 0.9), ("advert", f"Only {n}", 0.9))
        for n in range(4)
    ]
    (site,) = figures(rows).templates(hosts=5, lines=9)
    assert (site.host, site.pages) == ("a.example", 4)
    assert [(it.text, it.label, it.pages) for it in site.lines] == [("Copyright A", "footer", 4)]


def test_little_text_doubtful_removals_and_mostly_gone_are_worth_a_look() -> None:
    found = figures(
        [
            told(1, LONG),
            told(2, "Short."),
            told(3, LONG, ("related", LONG, 0.5)),
            told(4, LONG, ("related", LONG, 0.99)),
            told(5, LONG, ("related", LONG * 12, 0.99)),
            told(6, "雨が一日中降り続いた。" * 40),
        ]
    )
    assert {it.id for it in found.most_suspicious(9)} == {"2", "3", "5"}
    assert found.most_suspicious(1)[0].id == "2"


def test_dates_are_counted_by_day_month_or_year() -> None:
    assert by_period(Counter({"2024-05-01": 1, "2024-07-30": 2}), most=10) == [
        ("2024-05", 1),
        ("2024-06", 0),
        ("2024-07", 2),
    ]
    years = by_period(Counter({"1820-01-01": 1, "2024-07-30": 2, "not a day": 4}), most=10)
    assert years[0] == ("before 2016", 1)
    assert years[-1] == ("2024", 2)
    assert len(years) == 10
    assert by_period(Counter({"": 3})) == []
