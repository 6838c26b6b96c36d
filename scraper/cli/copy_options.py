"""The options of which texts count as copies, as every command that looks for copies takes them."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import typer

Threshold: TypeAlias = Annotated[
    Literal["strict", "normal", "loose"], typer.Option(help="How sure a match has to be.")
]
Kinds: TypeAlias = Annotated[
    str, typer.Option(help="Only these kinds of copies: exact,near,contained,rewritten.")
]
Window: TypeAlias = Annotated[
    str, typer.Option(help="How far apart copies are published at most: 14d, 36h, 2w.")
]
