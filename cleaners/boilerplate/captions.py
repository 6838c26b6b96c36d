"""Rules on captions: lines that end by naming who took the picture, and the same line without it.

A caption without a name reads like a sentence of the story; plain text does not tell it from one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaners.blocks import Kind
from cleaners.boilerplate.looks import Looks
from cleaners.labels import Label, Vote

# Measured by benchmarks/rules.py, see there.
CONFIDENCE = {
    "captions.credit": 0.97,
    "captions.rights": 0.93,
    "captions.twice": 0.83,
}

_LONGEST = 90  # words
_SHORTEST = 4  # words; "LONDON (Reuters)" is a dateline
_TAIL = 110  # characters in which the name stands
_AGENCIES = (
    "AFP|Reuters|REUTERS|AP|Getty Images|Getty|EPA(?:-EFE)?|EFE|dpa|DPA|PA|NTB|ANP|Belga|APA"
    "|Keystone|TASS|ANSA|LaPresse|Shutterstock|iStock|[Ii]mago|IMAGO|picture alliance|Alamy"
    "|Unsplash|Pexels|Pixabay|Adobe Stock|Xinhua|Anadolu|Bloomberg"
    "|(?:Ritzau )?Scanpix|PAP|ČTK|Yonhap|Kyodo|PTI|ANI"
)
_NAMED = (
    "fotos?|photos?|photographs?|pictures?|pics?|images?|bild(?:er)?|credits?"
    "|(?:photo|image) credits?|foto de|foto di|imagen|imagem|immagine|zdjęcie|fot\\.|фото|写真|사진"
    "|ảnh|fotoğraf|kuva"
    "|crédit photo|illustration"
)
# "(Picture: PA)", "(AFP/Getty Images)", "… via AP", "… Foto: Anna Berg", "AP Photo/Ann Lee".
_CREDIT = re.compile(
    rf"\((?i:{_NAMED})\s?[:：/][^()]{{1,70}}\)?$"
    rf"|\((?:[^()]{{0,60}}[/ ,|-])?(?:{_AGENCIES})(?: Photo)?(?:[/ ,|-][^()]{{0,60}})?\)$"
    rf"|(?:[/|©:]|\bvia|\bby)\s?(?:{_AGENCIES})\)?$"
    r"|(?:Getty Images|picture alliance|Shutterstock|Adobe Stock)\)?$"
    r"|(?:REUTERS|AP Photo)/[^.!?]{3,40}\)?$"
    rf"|(?<=\s)(?i:{_NAMED})\s?[:：]\s?[^.!?:：]{{2,60}}$"
)
# A year after the sign is a line of rights (shape.rights).
_RIGHTS = re.compile(r"(?<=\S )©\s?[^.!?©\d/]{2,50}$")
# What one of these patterns needs in the tail, so that most lines are not searched: the last word
# of an agency, or one of these. A colon or a bracket at the very end leads to no name.
_NEEDED = (":", "：", "(", "©", "REUTERS/", "AP Photo/")
_LAST_WORDS = (
    "afp reuters ap images getty epa efe dpa pa ntb anp belga apa keystone tass ansa lapresse"
    " shutterstock istock imago alliance alamy unsplash pexels pixabay stock xinhua anadolu"
    " bloomberg scanpix pap ctk yonhap kyodo pti ani"
)
_LAST = frozenset(_LAST_WORDS.split())


def caption_votes(looks: Looks) -> Iterator[Vote]:
    """A vote on each line that names a photographer or an agency at its end, and on a line beside
    it that says the same."""
    for at, length in enumerate(looks.lengths):
        if not _SHORTEST <= length <= _LONGEST or looks.closed[at]:
            continue
        if looks.blocks.kinds[at] in (Kind.TABLE, Kind.CODE):
            continue
        tail = looks.blocks.texts[at][-_TAIL:]
        if looks.words[at][-1] not in _LAST and not any(map(tail[:-1].__contains__, _NEEDED)):
            continue
        if found := _CREDIT.search(tail):
            rule = "captions.credit"
        elif found := _RIGHTS.search(tail):
            rule = "captions.rights"
        else:
            continue
        yield _vote(looks, at, rule, f"ends in “{found.group()[:40]}”")
        for beside in (at - 1, at + 1):
            if 0 <= beside < len(looks.blocks) and _is_begun(looks, beside, at):
                yield _vote(looks, beside, "captions.twice", f"the caption of block {at}")


def _is_begun(looks: Looks, at: int, whole: int) -> bool:
    """Whether a block is the beginning of another, by whole words."""
    words = looks.words[at]
    is_some = _SHORTEST <= len(words) < len(looks.words[whole])
    return is_some and looks.words[whole][: len(words)] == words


def _vote(looks: Looks, at: int, rule: str, evidence: str) -> Vote:
    return Vote(looks.blocks.index(at), Label.PHOTO_CREDIT, rule, CONFIDENCE[rule], evidence)
