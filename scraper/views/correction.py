"""What a person may write down for a site while looking at a block: lines to copy."""

from __future__ import annotations

from cleaners.labels import Label
from scraper.extractors.site.votes import DROP
from scraper.views.html import Html, Part, el
from scraper.views.pieces import Piece
from scraper.views.selectors import Place, Steps, drop_line, keep_line, places, value_lines


def corrections(it: Piece, steps: Steps) -> Part:
    """The lines for a block, from the narrowest element to the widest; None without a path."""
    found = places(it.path, steps)
    if not found:
        if not it.path:
            return None
        return el(
            "p", "Nothing around this block has a class that a rule could name.", class_="quiet"
        )
    if it.because is not None and it.because.rule == DROP:
        # Dropping goes before keeping: another line would change nothing.
        told = f"The site's own rules drop it. To keep it, take out {it.because.evidence} there."
        return el("p", told, class_="quiet")
    lines = [
        el(
            "li",
            _line(
                drop_line(Label.ADVERT.value, at.selector) if it.is_kept else keep_line(at.selector)
            ),
            el("span", _reach(at), class_="reach"),
        )
        for at in found
    ]
    wish = "This is no story: drop it" if it.is_kept else "This is story: keep it"
    hint = " (advert stands for any label of what is removed)" if it.is_kept else ""
    values = el(
        "details",
        el("summary", "It is the title, the author or the date"),
        el(
            "ul",
            *(el("li", _line(line)) for line in value_lines(found[0].selector)),
            class_="lines",
        ),
    )
    return el(
        "div",
        el("h3", wish, el("small", hint) if hint else None),
        el("ul", *lines, class_="lines"),
        values,
        class_="correct",
    )


def _reach(at: Place) -> str:
    """What else such a rule takes along, as far as this page shows."""
    if ">" in at.selector:
        return "only what stands right there"
    blocks = "1 block" if at.blocks == 1 else f"{at.blocks} blocks"
    return f"{blocks} of this page, {at.kept} kept now"


def _line(line: str) -> Html:
    return el(
        "span",
        el("code", line),
        el("button", "Copy", type="button", data_copy=line, aria_label=f"Copy the line {line}"),
        class_="line",
    )
