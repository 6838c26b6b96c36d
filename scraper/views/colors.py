"""Which color stands for which label: labels of one family are neighbors on the color wheel."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from cleaners.labels import Label

# Hue in degrees of OKLCH, where steps that look alike are alike.
HUES: Final[Mapping[Label, int]] = {
    # what is kept
    Label.CONTENT: 150,
    Label.HEADLINE: 158,
    Label.DATELINE: 142,
    Label.CREDIT: 166,
    Label.CORRECTION: 134,
    # the way around the site
    Label.NAVIGATION: 250,
    Label.BREADCRUMB: 262,
    Label.RELATED: 228,
    Label.SHARING: 212,
    Label.FOOTER: 274,
    # what wants something of the reader
    Label.ADVERT: 40,
    Label.NEWSLETTER: 62,
    Label.DONATION: 52,
    Label.CONSENT: 82,
    Label.PAYWALL: 26,
    # persons
    Label.BYLINE: 318,
    Label.AUTHOR_BIO: 306,
    Label.COMMENT: 334,
    Label.COMMENT_FORM: 346,
    Label.PHOTO_CREDIT: 294,
    # bookkeeping
    Label.UPDATE_STAMP: 112,
    Label.LEGAL: 286,
    Label.REPEATED: 98,
    Label.REPEATED_HEADLINE: 122,
}

NAMES: Final = frozenset(it.value for it in Label)


@lru_cache
def label_styles() -> str:
    """A class for each label that sets its hue."""
    return "".join(f".l-{label.value}{{--h:{hue}}}" for label, hue in HUES.items())


def label_class(label: str) -> str:
    """The class of a label; a row may hold one that this version does not know.

    >>> label_class("advert"), label_class('x"y')
    ('l-advert', 'l-content')
    """
    return f"l-{label}" if label in NAMES else "l-content"


def words_of(label: str) -> str:
    """
    >>> words_of("comment_form")
    'comment form'
    """
    return label.replace("_", " ")
