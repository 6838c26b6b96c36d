"""The learned reader of pages: how likely each segment is story, and what type the page is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import cleaners
from cleaners.blocks import Kind
from cleaners.boilerplate.network import Floats, Network, load, mean_logits
from cleaners.errors import BadData
from scraper.article import PageType
from scraper.extractors.columns import Ints
from scraper.extractors.model.features import filled, names, parts
from scraper.extractors.model.measured import Measured, alike
from scraper.extractors.model.token_scores import TokenScores
from scraper.extractors.said import Said
from scraper.extractors.walk import KINDS

MODELS: Final = Path(cleaners.__file__).parent / "data" / "models"
NETWORKS: Final = "page.npz"
TOKENS: Final = "page_tokens.npz"
HEAD: Final = "kept"
CALIBRATION: Final = ("temperature", "shift")
# Nothing is so sure that its odds could not be multiplied.
LEAST: Final = 1e-6
FEATURES: Final = names()
# The columns that are the same for all segments on one kind of path, and factors to tell them by.
PATH: Final = ("path.count", "path.chars", "path.links", "path.share")
APART: Final = (1.0, 2.0**0.5, 3.0**0.5, 5.0**0.5)
# How much the others on its path say of a segment; from 0.3 to 0.7 it is the same held out.
ALIKE: Final = 0.5
HEADING: Final = KINDS.index(Kind.HEADING)


@dataclass(frozen=True, slots=True, eq=False)
class PageModel:
    """Weights and token scores; logits divided by ``temperature``, with ``shift`` added, are those
    of calibrated probabilities (Platt 1999)."""

    networks: tuple[Network, ...]
    scores: TokenScores
    temperature: float = 1.0
    shift: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """``story`` float64 [n]: how likely each segment is of the story; ``types`` [k] likewise."""

    story: NDArray[np.float64]
    types: dict[str, float]

    @property
    def page_type(self) -> PageType:
        """The likeliest."""
        return PageType(max(self.types, key=lambda it: self.types[it]))


def rows(it: Measured, said: Said, suspected: Ints, scores: TokenScores) -> Floats:
    """What the network is given of a page, float32 [n, f]."""
    told = (
        scores.of_elements(it.elements),
        scores.of_texts(it.segments.texts, it.segments.kind == HEADING),
    )
    found = np.empty((len(FEATURES), it.n), dtype=np.float32)
    return filled(found, chain(parts(it, said, suspected), told)).T


def read(model: PageModel, inputs: Floats) -> Reading:
    """What the model says of a page whose ``rows`` are given."""
    wanted = model.networks[0].features
    if wanted != FEATURES:
        # A model that was trained on fewer features takes its own by their names.
        inputs = inputs[:, [FEATURES.index(name) for name in wanted]]
    of_rows, of_page = mean_logits(model.networks, inputs)
    place = model.networks[0].heads.index(HEAD)
    logit = _with_its_like(of_rows[:, place].astype(np.float64), inputs, wanted)
    story = 1 / (1 + np.exp(-logit / model.temperature - model.shift))
    story = np.clip(story, LEAST, 1 - LEAST)
    odds = np.exp(of_page - of_page.max()).astype(np.float64)
    classes = model.networks[0].classes
    return Reading(story, dict(zip(classes, (odds / odds.sum()).tolist(), strict=True)))


def _with_its_like(
    logit: NDArray[np.float64], inputs: Floats, wanted: Sequence[str]
) -> NDArray[np.float64]:
    """Each logit drawn towards the mean of those on the same kind of path, however far away they
    stand: cards of a list and posts of a thread are kept or left together."""
    path = [inputs[:, wanted.index(name)].astype(np.float64) for name in PATH]
    # What the features say of a path, no two paths that matter have in common.
    said = sum(column * factor for column, factor in zip(path, APART, strict=True))
    which = alike(said)
    mean = np.bincount(which, weights=logit) / np.bincount(which)
    found: NDArray[np.float64] = logit + ALIKE * (mean[which] - logit)
    return found


@cache
def page_model(folder: Path = MODELS) -> PageModel:
    """The model that ships with the package, read once; ``BadData`` where the files are broken."""
    path = folder / TOKENS
    try:
        with np.load(path, allow_pickle=False) as arrays:
            scores = TokenScores(_dictionary(arrays, "names"), _dictionary(arrays, "words"))
            temperature, shift = (float(arrays[name][0]) for name in CALIBRATION)
    except (OSError, KeyError, ValueError) as error:
        raise BadData(str(path), f"no token scores: {error}") from error
    return PageModel(load(folder / NETWORKS), scores, temperature, shift)


def _dictionary(arrays: np.lib.npyio.NpzFile, name: str) -> dict[str, float]:
    tokens = arrays[name].tobytes().decode("utf-8").split("\n")
    return dict(zip(tokens, arrays[f"{name}.scores"].astype(np.float64).tolist(), strict=True))


def save_tokens(model: PageModel, path: Path) -> None:
    """Writes the scores as bytes and half floats, the same bytes for the same scores."""
    arrays: dict[str, NDArray[np.generic]] = {
        name: np.array([getattr(model, name)]) for name in CALIBRATION
    }
    for name, table in (("names", model.scores.names), ("words", model.scores.words)):
        tokens = sorted(table)
        arrays[name] = np.frombuffer("\n".join(tokens).encode("utf-8"), dtype=np.uint8)
        arrays[f"{name}.scores"] = np.array([table[it] for it in tokens], dtype=np.float16)
    np.savez_compressed(path, allow_pickle=False, **arrays)
