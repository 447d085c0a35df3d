"""The questions in one call: read the document, then ask it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._gradus import Derivation, Document, Simplification, Verdict


def derive(
    document: str | Document,
    wrt: str | Sequence[str] | None = None,
    *,
    shapes: Mapping[str, Sequence[int]] | None = None,
    lagrangian: bool = False,
    **options: Any,
) -> Derivation:
    """Derives a document by every variable that is not constant, or by those that `wrt` names.

    Every option of the command line is a keyword: `of`, `form`, `order`, `jvp`, `vjp`, `hvp`, `structured`, `indices`,
    `inline`, `check`, `steps`. `shapes` are those of values that undeclared names will have.
    """
    return _read(document, wrt, shapes, lagrangian).derive(wrt, **options)


def check(document: str | Document, claim: str, wrt: str | None = None, **options: Any) -> Verdict:
    """Whether a derivative found by hand is right. The verdict is true where it is, and false where it is wrong; where it
    is not decided its truth cannot be asked for."""
    return _read(document, wrt).check(claim, wrt, **options)


def simplify(document: str | Document, **options: Any) -> Simplification:
    """Tidies an expression: the form an author would print."""
    return _read(document).simplify(**options)


def _read(
    document: str | Document,
    wrt: str | Sequence[str] | None = None,
    shapes: Mapping[str, Sequence[int]] | None = None,
    lagrangian: bool = False,
) -> Document:
    if isinstance(document, Document):
        return document
    shapes = {name: list(shape) for name, shape in (shapes or {}).items()}
    return Document(document, wrt=wrt, shapes=shapes, lagrangian=lagrangian)
