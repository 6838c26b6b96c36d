"""The learned reader of pages: how likely each segment is story, and what type the page is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import cleaners
from cleaners.blocks import Kind
from cleaners.boilerplate.network import Floats, Network, load, mean_logits
from cleaners.errors import BadData
from scraper.extractors.columns import Ints
from scraper.extractors.model.features import features, names
from scraper.extractors.model.measured import Measured
from scraper.extractors.model.token_scores import TokenScores
from scraper.extractors.said import Said
from scraper.extractors.walk import KINDS

MODELS: Final = Path(cleaners.__file__).parent / "data" / "models"
NETWORKS: Final = "page.npz"
TOKENS: Final = "page_tokens.npz"
HEAD: Final = "kept"
# Nothing is so sure that its odds could not be multiplied.
LEAST: Final = 1e-6
FEATURES: Final = names()
HEADING: Final = KINDS.index(Kind.HEADING)


@dataclass(frozen=True, slots=True, eq=False)
class PageModel:
    """Weights and token scores; ``temperature`` divides the logits so that they are calibrated."""

    networks: tuple[Network, ...]
    scores: TokenScores
    temperature: float


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """``story`` float64 [n]: how likely each segment is of the story; ``types`` [k] likewise."""

    story: NDArray[np.float64]
    types: dict[str, float]


def rows(it: Measured, said: Said, suspected: Ints, scores: TokenScores) -> Floats:
    """What the network is given of a page, float32 [n, f]."""
    found = (
        features(it, said, suspected),
        scores.of_elements(it.elements),
        scores.of_texts(it.segments.texts, it.segments.kind == HEADING),
    )
    return np.concatenate(found).T


def read(model: PageModel, inputs: Floats) -> Reading:
    """What the model says of a page whose ``rows`` are given."""
    wanted = model.networks[0].features
    if wanted != FEATURES:
        # A model that was trained on fewer features takes its own by their names.
        inputs = inputs[:, [FEATURES.index(name) for name in wanted]]
    of_rows, of_page = mean_logits(model.networks, inputs)
    place = model.networks[0].heads.index(HEAD)
    story = 1 / (1 + np.exp(-of_rows[:, place].astype(np.float64) / model.temperature))
    story = np.clip(story, LEAST, 1 - LEAST)
    odds = np.exp(of_page - of_page.max()).astype(np.float64)
    classes = model.networks[0].classes
    return Reading(story, dict(zip(classes, (odds / odds.sum()).tolist(), strict=True)))


@cache
def page_model(folder: Path = MODELS) -> PageModel:
    """The model that ships with the package, read once; ``BadData`` where the files are broken."""
    path = folder / TOKENS
    try:
        with np.load(path, allow_pickle=False) as arrays:
            scores = TokenScores(_dictionary(arrays, "names"), _dictionary(arrays, "words"))
            temperature = float(arrays["temperature"][0])
    except (OSError, KeyError, ValueError) as error:
        raise BadData(str(path), f"no token scores: {error}") from error
    return PageModel(load(folder / NETWORKS), scores, temperature)


def _dictionary(arrays: np.lib.npyio.NpzFile, name: str) -> dict[str, float]:
    tokens = arrays[name].tobytes().decode("utf-8").split("\n")
    return dict(zip(tokens, arrays[f"{name}.scores"].astype(np.float64).tolist(), strict=True))


def save_tokens(scores: TokenScores, temperature: float, path: Path) -> None:
    """Writes the scores as bytes and half floats, the same bytes for the same scores."""
    arrays: dict[str, NDArray[np.generic]] = {"temperature": np.array([temperature])}
    for name, table in (("names", scores.names), ("words", scores.words)):
        tokens = sorted(table)
        arrays[name] = np.frombuffer("\n".join(tokens).encode("utf-8"), dtype=np.uint8)
        arrays[f"{name}.scores"] = np.array([table[it] for it in tokens], dtype=np.float16)
    np.savez_compressed(path, allow_pickle=False, **arrays)
