"""Which label the place of a segment suggests for it, if it is to be removed."""

from __future__ import annotations

from itertools import repeat
from typing import Final

import numpy as np

from cleaners.labels import Label
from scraper.extractors.columns import Ints
from scraper.extractors.elements import Elements
from scraper.extractors.model.name_tokens import tokens_of_names
from scraper.extractors.model.remembered import remembered

# Words of class, id and role names, and tags; the first label that has one of an element's words.
# What is more special comes first: a "comment-form" is a form, a "share-nav" is for sharing.
WORDS: Final[tuple[tuple[Label, frozenset[str]], ...]] = tuple(
    (label, frozenset(words.split()))
    for label, words in (
        (Label.COMMENT_FORM, "comment-form respond reply-form commentform comment-respond"),
        (Label.COMMENT, "comment comments disqus commentlist comment-list comment-body replies"),
        (Label.NEWSLETTER, "newsletter newsletters subscribe signup sign-up mailchimp"),
        (Label.PAYWALL, "paywall piano regwall meter subscriber-only"),
        (Label.SHARING, "share shares sharing social socials addtoany sharedaddy follow"),
        (Label.CONSENT, "cookie cookies consent gdpr onetrust cmp"),
        (Label.DONATION, "donate donation donations"),
        (Label.ADVERT, "advert adverts advertisement advertising ad ads sponsored promo promos"
                       " promotion banner adslot commercial"),
        (Label.AUTHOR_BIO, "author-bio bio about-author author-box authorbox author-info"),
        (Label.BYLINE, "byline bylines author authors"),
        (Label.BREADCRUMB, "breadcrumb breadcrumbs crumbs"),
        (Label.PHOTO_CREDIT, "photo-credit image-credit copyright-holder"),
        (Label.UPDATE_STAMP, "timestamp dateline published-date post-date entry-date updated"),
        (Label.RELATED, "related recommended recommendations recommendation more-stories read-more"
                        " trending popular most-read latest recirculation recirc teaser teasers"
                        " outbrain taboola tags suggestions also-like up-next sidebar carousel"),
        (Label.LEGAL, "legal copyright disclaimer terms privacy"),
        (Label.FOOTER, "footer colophon <footer site-footer contentinfo"),
        (Label.NAVIGATION, "nav navigation navbar menu menus <nav topbar header-nav skip toolbar"
                           " pagination pager search dropdown submenu masthead <menu"),
        (Label.RELATED, "<aside widget widgets rail"),
    )
)  # fmt: skip
SUSPECTS: Final = tuple(dict.fromkeys(label for label, _ in WORDS))


RANKS: Final = {
    word: rank for rank, (_, words) in reversed(list(enumerate(WORDS))) for word in words
}
NONE: Final = len(WORDS)
LABELS: Final = np.array([*(SUSPECTS.index(label) for label, _ in WORDS), -1], dtype=np.int32)


def place_labels(found: Elements) -> Ints:
    """For each segment the place in ``SUSPECTS`` of the label that the nearest telling element
    around its box suggests, or -1."""
    of_names = np.array(remembered(_KNOWN, found.names, _ranks))
    ranks = np.minimum.reduceat(of_names[found.called], found.begin[:-1])
    label = np.append(LABELS[ranks][found.key], -1)
    return label[found.nearest(label >= 0)[found.box]].astype(np.int32)


def _ranks(names: tuple[str, ...]) -> list[int]:
    of = tokens_of_names(names)
    ranks = np.array(list(map(RANKS.get, of.tokens, repeat(NONE))), dtype=np.int64)
    found: list[int] = np.minimum.reduceat(ranks[of.order], of.begin).tolist()
    return found


_KNOWN: Final[dict[str, int]] = {}
