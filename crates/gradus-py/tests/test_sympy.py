"""To SymPy and back: the same numbers on both sides, and refusals by name."""

import numpy as np
import pytest
import sympy as sp
from sympy.matrices.expressions.kronecker import KroneckerProduct

import gradus

n, m = sp.symbols("n m", integer=True)
A, B, X = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, n), sp.MatrixSymbol("X", n, m)
x, y = sp.MatrixSymbol("x", n, 1), sp.MatrixSymbol("y", n, 1)
t = sp.Symbol("t")
f = sp.Function("f")

FROM = [
    (x.T * A * x, "x: n\nA: n x n\n((x)^T * A * x)"),
    (sp.Trace(A * B.I), "A: n x n\nB: n x n\ntr((A * inv(B)))"),
    (sp.Determinant(A), "A: n x n\ndet(A)"),
    (2 * A + B.T, None),
    (sp.HadamardProduct(x, y), "x: n\ny: n\n(x .* y)"),
    (sp.HadamardPower(x, 2), "x: n\n(x).^(2)"),
    (KroneckerProduct(A, B), "A: n x n\nB: n x n\n(A ⊗ B)"),
    (A**3, "A: n x n\n(A)^3"),
    (x.applyfunc(sp.sin), "x: n\nsin(x)"),
    (x.applyfunc(f), "x: n\nf: elementwise\nf(x)"),
    (sp.exp(t) + sp.Rational(1, 2) * t**2, None),
    (A * sp.Identity(n) + sp.ZeroMatrix(n, n), None),
    (sp.OneMatrix(1, n) * x, None),
    (sp.BlockMatrix([[A, B], [B, A]]), "A: n x n\nB: n x n\n[A, B; B, A]"),
    (sp.pi * t + sp.Symbol("p", positive=True), None),
]


@pytest.mark.parametrize(("expression", "document"), FROM)
def test_from_sympy(expression, document):
    written = gradus.from_sympy(expression)
    assert document is None or written == document
    gradus.Document(written)


REFUSED = [
    (sp.besselj(0, t), "besselj"),
    (sp.Integral(t, t), "Integral"),
    (A[0, 1], "MatrixElement"),
    (sp.Piecewise((t, t > 0), (0, True)), "Piecewise"),
    (sp.gamma(t), "gamma"),
    (x.applyfunc(sp.Lambda(t, t**2 + 1)), "Lambda"),
]


@pytest.mark.parametrize(("expression", "named"), REFUSED)
def test_what_gradus_lacks_is_named(expression, named):
    with pytest.raises(gradus.UnsupportedError, match=named):
        gradus.from_sympy(expression)


TO = [
    ("A: n x n; x: n; s = x^T A x", "x", A * x + A.T * x),
    ("A: n x n; B: n x n; s = tr(A B)", "A", B.T),
    ("A: n x n invertible; s = logdet(A)", "A", A.T.I),
    ("x: n; y: n; s = x^T y", "x", y),
]


@pytest.mark.parametrize(("document", "target", "expected"), TO)
def test_to_sympy(document, target, expected):
    found = gradus.derive(document)[target].to_sympy()
    at = {A: RANDOM_A, B: RANDOM_B, x: RANDOM_X, y: RANDOM_Y, n: 3}
    np.testing.assert_allclose(number(found, at), number(expected, at))


RANDOM = np.random.default_rng(5)
RANDOM_A, RANDOM_B = (sp.Matrix(RANDOM.integers(-4, 5, size=(3, 3)) + 9 * np.eye(3, dtype=int)) for _ in range(2))
RANDOM_X, RANDOM_Y = (sp.Matrix(RANDOM.integers(-4, 5, size=(3, 1))) for _ in range(2))


def number(expression, at):
    by_name = {symbol.name: value for symbol, value in at.items()}
    there = {s: by_name[s.name] for s in expression.atoms(sp.MatrixSymbol)}
    sizes = {s: by_name[s.name] for s in expression.free_symbols if s.name in ("n", "m")}
    resized = {s: sp.MatrixSymbol(s.name, *there[s].shape) for s in there}
    value = expression.xreplace(resized).subs(sizes)
    return np.array(value.subs({resized[s]: there[s] for s in there}).doit(), dtype=float)


def test_round_trip():
    document = "A: n x n\nx: n\nf: elementwise\ns = x^T f(A x)"
    gradient = gradus.derive(document)["x"].to_sympy()
    again = gradus.from_sympy(gradient)
    assert "f" in again and "A: n x n" in again


def test_what_sympy_lacks_is_named():
    with pytest.raises(gradus.UnsupportedError, match="softmax"):
        gradus.derive("x: n; a: n constant; s = a^T softmax(x)")["x"].to_sympy()
    with pytest.raises(gradus.UnsupportedError, match="sigmoid"):
        gradus.derive("x: n; s = sum(sigmoid(x))")["x"].to_sympy()
