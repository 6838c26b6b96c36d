"""A rule on bios without a heading: the last lines of a text that say who wrote it.

"Ada Berg is a reporter who covers the coast." A story may say so of somebody whom it is about, so
the rule looks at the end alone, and the line model has its say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaners.boilerplate.looks import Looks
from cleaners.labels import Label, Vote

# Measured by benchmarks/rules.py, see there.
CONFIDENCE = {"bios.at-end": 0.9}

_LAST = 7  # blocks
_SHORTEST, _LONGEST = 8, 130  # words
_HEAD = 220  # characters in which it is said
_IS = "is|ist|est|es|è|é|jest|är|er"
# Who works for a paper. "Author" is left out: the person of a story has written books, too.
_WORKS = (
    "writer|journalist|reporter|editor|correspondent|columnist|contributor|freelancer?|blogger"
    "|photographer|copywriter|broadcaster|critic|redakteur(?:in)?|journalistin|reporterin"
    "|korrespondent(?:in)?|autorin|kolumnist(?:in)?|volontär(?:in)?|fotograf(?:in)?"
    "|journaliste|rédacteur|rédactrice|correspondante?|chroniqueu(?:r|se)|periodista|redactora?"
    "|reportera?|corresponsal|columnista|giornalista|redattore|redattrice|inviat[oa]|cronista"
    "|jornalista|repórter|redatora?|colunista|editora|redacteur|verslaggever|dziennikar(?:z|ka)"
    "|redaktor(?:ka)?|reporterka|redaktør|redaktör"
)
_PART = r"[^\W\d_a-z][\w.'’-]*"
# Two parts at least, with what is called by one small word or a nickname in brackets between them.
_SMALL = r"(?: (?:de|van|von|der|di|da|el|al|la)){0,2}"
_NAME = rf"{_PART}(?: \([^)]{{1,20}}\))?{_SMALL}(?: {_PART}){{1,4}}"
_BIO = re.compile(
    rf"{_NAME}(?: \([^)]{{1,30}}\))?,? (?:{_IS})(?: [\w'’&/-]+){{0,9}}? (?i:{_WORKS})\b"
)


def bio_votes(looks: Looks) -> Iterator[Vote]:
    """A vote on each of the last lines that says of somebody that they write, report or edit."""
    size = len(looks.lengths)
    for at in range(max(1, size - _LAST), size):
        if not looks.closed[at] or not _SHORTEST <= looks.lengths[at] <= _LONGEST:
            continue
        if found := _BIO.match(looks.blocks.texts[at][:_HEAD]):
            rule, evidence = "bios.at-end", f"“{found.group()[:60]}”"
            yield Vote(looks.blocks.index(at), Label.AUTHOR_BIO, rule, CONFIDENCE[rule], evidence)
