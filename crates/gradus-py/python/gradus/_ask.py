"""The questions in one call: read the document, then ask it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ._gradus import Derivation, Document, Simplification, Verdict


def derive(
    document: str | Document,
    wrt: str | Sequence[str] | None = None,
    *,
    of: str | None = None,
    form: str | None = None,
    order: int = 1,
    jvp: str | None = None,
    vjp: str | None = None,
    hvp: str | None = None,
    structured: bool = False,
    indices: bool = False,
    inline: bool = False,
    check: bool = True,
    steps: bool = False,
    shapes: Mapping[str, Sequence[int]] | None = None,
    lagrangian: bool = False,
) -> Derivation:
    """Derives a document by every variable that is not constant, or by those that `wrt` names.

    `shapes` are those of values that undeclared names will have; `lagrangian` reads an objective with its constraints.
    """
    return _read(document, wrt, shapes, lagrangian).derive(
        wrt,
        of=of,
        form=form,
        order=order,
        jvp=jvp,
        vjp=vjp,
        hvp=hvp,
        structured=structured,
        indices=indices,
        inline=inline,
        check=check,
        steps=steps,
    )


def check(
    document: str | Document,
    claim: str,
    wrt: str | Sequence[str] | None = None,
    *,
    of: str | None = None,
    form: str | None = None,
    order: int = 1,
    structured: bool = False,
    indices: bool = False,
    steps: bool = False,
) -> Verdict:
    """Whether a derivative found by hand is right. The verdict is true where it is, and false where it is wrong; where it
    is not decided its truth cannot be asked for."""
    read = _read(document, wrt)
    return read.check(claim, wrt, of=of, form=form, order=order, structured=structured, indices=indices, steps=steps)


def simplify(
    document: str | Document, *, of: str | None = None, inline: bool = False, check: bool = True, steps: bool = False
) -> Simplification:
    """Tidies an expression: the form an author would print."""
    return _read(document).simplify(of=of, inline=inline, check=check, steps=steps)


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
