"""What a type checker knows of the package: this file is checked, strictly, and run."""

from __future__ import annotations

import gradus

derivation: gradus.Derivation = gradus.derive("s = u^T f(W x + b)", wrt=["W", "b"], steps=True)
latex: str = derivation["W"].latex
error: float | None = derivation.error
names: list[str] = [one.target for one in derivation]
reasons: list[str] = [step.reason for step in derivation.steps]
verdict: gradus.Verdict = gradus.check("A: n x n constant; s = x^T A x", "(A + A^T) x")
right: bool = verdict.is_right
same: gradus.Equality = gradus.equal("(A B)^T", "B^T A^T")
tidied: gradus.Simplification = gradus.simplify("x + x")
try:
    gradus.derive("A: n x m; x: n; A x")
except gradus.ShapeError as wrong:
    place: tuple[int, int] | None = wrong.span
