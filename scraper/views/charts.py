"""Plots as SVG, each with its figures in a table beside it.

Widths are shares of what there is, so that a plot fits a phone and its letters keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from scraper.views.document import table
from scraper.views.html import Html, Part, el

ROW: Final = 36  # pixels for a bar and its name
LANE: Final = 30  # pixels for a host on a time line
LANES: Final = 24  # hosts on a time line; the rest is in its table


@dataclass(frozen=True, slots=True)
class Bar:
    """``class_`` gives it a color; ``shown`` is what its name looks like in the table."""

    name: str
    value: int
    class_: str = ""
    shown: Part = None


def bars(title: str, unit: str, values: Sequence[Bar], most: int = 12, beside: Part = None) -> Html:
    """Bars one below the other, the first ``most`` of them; the table has them all, or ``beside``
    stands in its place."""
    top = max((it.value for it in values), default=0) or 1
    total = sum(it.value for it in values) or 1
    drawn: list[Part] = []
    for row, it in enumerate(values[:most]):
        y = row * ROW
        drawn += [
            el("text", _short(it.name), x=0, y=y + 14),
            el("text", f"{it.value:,}", x="100%", y=y + 14, text_anchor="end", class_="value"),
            el("rect", width="100%", height=7, y=y + 20, class_="rail", rx=2),
            el(
                "rect",
                width=f"{100 * it.value / top:.2f}%",
                height=7,
                y=y + 20,
                class_=f"bar {it.class_}".strip(),
                rx=2,
            ),
        ]
    rows = [
        [it.shown or it.name, f"{it.value:,}", f"{100 * it.value / total:.1f} %"] for it in values
    ]
    return figure(
        title,
        _svg(drawn, ROW * min(len(values), most), f"{title}: bars, the figures are in the table"),
        beside or table(title, ["", f"#{unit}", "#share"], rows),
    )


def steps(title: str, unit: str, of: str, values: Sequence[tuple[str, int]]) -> Html:
    """Columns side by side, for what has an order: days, sizes."""
    top = max((it for _, it in values), default=0) or 1
    width = 100 / max(1, len(values))
    drawn: list[Part] = [el("line", x1=0, x2="100%", y1=120.5, y2=120.5, class_="axis")]
    for at, (name, value) in enumerate(values):
        height = 104 * value / top
        drawn.append(
            el(
                "rect",
                el("title", f"{name}: {value:,}"),
                x=f"{at * width + width * 0.1:.3f}%",
                width=f"{width * 0.8:.3f}%",
                y=f"{120 - height:.1f}",
                height=f"{height:.1f}",
                class_="bar",
            )
        )
    if values:
        last = values[-1][0]
        drawn += [
            el("text", values[0][0], x=0, y=138),
            el("text", last, x="100%", y=138, text_anchor="end") if len(values) > 1 else None,
            el("text", f"{top:,}", x=0, y=12, class_="value"),
        ]
    rows = [[name, f"{value:,}"] for name, value in values]
    return figure(
        title,
        _svg(drawn, 144, f"{title}: columns, the figures are in the table"),
        table(title, [of, f"#{unit}"], rows),
    )


@dataclass(frozen=True, slots=True)
class Dot:
    """Something that happened: ``lane`` is where, ``name`` what it is called."""

    when: datetime
    lane: str
    name: str
    is_kept: bool


def timeline(title: str, dots: Sequence[Dot], beside: Part) -> Html:
    """Lanes with dots from the first moment to the last; ``beside`` is their table."""
    order = dict.fromkeys(it.lane for it in sorted(dots, key=lambda it: it.when))
    lanes = {lane: row for row, lane in enumerate(list(order)[:LANES])}
    dots = [it for it in dots if it.lane in lanes]
    first, last = min(it.when for it in dots), max(it.when for it in dots)
    span = (last - first).total_seconds() or 1.0
    bottom = LANE * len(lanes)
    drawn: list[Part] = []
    for lane, row in lanes.items():
        y = row * LANE + 24
        drawn.append(el("line", x1="2%", x2="98%", y1=y, y2=y, class_="rail"))
        drawn.append(el("text", lane, x="2%", y=y - 8, class_="lane"))
    for it in dots:
        drawn.append(
            el(
                "circle",
                el("title", f"{it.name}, {it.when:%Y-%m-%d %H:%M}"),
                cx=f"{2 + 96 * (it.when - first).total_seconds() / span:.2f}%",
                cy=lanes[it.lane] * LANE + 24,
                r=9,
                class_="dot kept" if it.is_kept else "dot",
            )
        )
        drawn.append(
            el(
                "text",
                it.name,
                x=f"{2 + 96 * (it.when - first).total_seconds() / span:.2f}%",
                y=lanes[it.lane] * LANE + 27.5,
                text_anchor="middle",
                class_="letter",
            )
        )
    drawn.append(el("text", f"{first:%Y-%m-%d %H:%M}", x="2%", y=bottom + 18, class_="value"))
    if last > first:
        drawn.append(
            el(
                "text",
                f"{last:%Y-%m-%d %H:%M}",
                x="98%",
                y=bottom + 18,
                text_anchor="end",
                class_="value",
            )
        )
    return figure(title, _svg(drawn, bottom + 24, f"{title}: the moments are in the table"), beside)


def figure(title: str, plot: Html, beside: Part) -> Html:
    return el("figure", el("figcaption", title), el("div", plot, beside, class_="pair"))


def _svg(parts: Sequence[Part], height: int, said: str) -> Html:
    return el(
        "svg", *parts, width="100%", height=height, role="img", aria_label=said, class_="plot"
    )


def _short(name: str, most: int = 44) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
