"""Functions written for NumPy: the document means what they compute, and their gradient is right."""

import numpy as np
import pytest

import gradus

SHAPES = {"n": 3, "m": 4, "k": 2}
RANDOM = np.random.default_rng(3)


def array(declared):
    names = declared.split(" x ") if declared != "scalar" else []
    a = RANDOM.uniform(0.5, 1.5, size=[SHAPES[name] for name in names])
    return a + 3 * np.eye(a.shape[0]) if a.ndim == 2 and a.shape[0] == a.shape[1] else a


def attention(Q, K, V):
    scores = np.exp(Q @ K.T / np.sqrt(Q.shape[1]))
    return np.sum((scores / scores.sum(axis=1, keepdims=True)) @ V)


FUNCTIONS = [
    (lambda W, x, b, u: u @ np.tanh(W @ x + b), {"W": "n x m", "x": "m", "b": "n", "u": "n"}),
    (lambda X, w, y: 0.5 * np.sum((X @ w - y) ** 2) / X.shape[0], {"X": "n x m", "w": "m", "y": "n"}),
    (lambda x, A: x @ A @ x, {"x": "n", "A": "n x n"}),
    (lambda x, A: x.T @ np.linalg.inv(A) @ x + np.linalg.slogdet(A)[1], {"x": "n", "A": "n x n"}),
    (lambda A, b: b @ np.linalg.solve(A, b), {"A": "n x n", "b": "n"}),
    (lambda X, b: np.sum(np.log(1 + np.exp(X + b))), {"X": "n x m", "b": "m"}),
    (lambda X: np.sum(np.sum(X, axis=0) ** 2) + X.sum(axis=1).mean(), {"X": "n x m"}),
    (lambda X: np.mean((X - X.mean(axis=0)) ** 2), {"X": "n x m"}),
    (lambda X: np.sum(X / np.sum(X, axis=1, keepdims=True) * X), {"X": "n x m"}),
    (lambda X: np.sum(X * np.sum(X, axis=0, keepdims=True)), {"X": "n x m"}),
    (attention, {"Q": "n x m", "K": "n x m", "V": "n x k"}),
    (lambda x, t: np.linalg.norm(x - t) + np.abs(x).sum() - t, {"x": "n", "t": "scalar"}),
    (lambda a, b, C: np.sum(np.outer(a, b) * C) + np.trace(C @ C.T), {"a": "n", "b": "m", "C": "n x m"}),
    (lambda x: np.sum(np.maximum(x - 1, 0) + np.minimum(x, 2.5) + np.square(-x) + 2**x.sum()), {"x": "n"}),
    (lambda x: np.sum(1 / x + np.sqrt(x) - np.arctan(x) * 1e-3), {"x": "n"}),
    (lambda A: np.sum(np.diag(A)) + np.linalg.det(A) + np.sum(np.diag(np.diag(A))), {"A": "n x n"}),
    (lambda x, y: np.dot(x, y) + np.vdot(x, x) * x.size, {"x": "n", "y": "n"}),
]


@pytest.mark.parametrize(("function", "shapes"), FUNCTIONS)
def test_the_document_computes_what_the_function_computes(function, shapes):
    document = gradus.trace(function, **shapes)
    values = {name: array(shape) for name, shape in shapes.items()}
    at = gradus.derive(document).evaluate(values)
    np.testing.assert_allclose(at.value, function(**values), rtol=1e-9)
    for name, value in values.items():
        direction = RANDOM.normal(size=value.shape)
        moved = [function(**{**values, name: value + h * direction}) for h in (1e-6, -1e-6)]
        np.testing.assert_allclose(np.sum(at[name] * direction), (moved[0] - moved[1]) / 2e-6, rtol=1e-4, atol=1e-6)


def test_what_is_used_twice_has_a_name():
    def f(x):
        h = np.tanh(x)
        return np.sum(h * h)

    assert str(gradus.trace(f, x="n")) == "x: n\nt_1 = tanh(x)\ns = sum((t_1 .* t_1))"


def test_shapes_of_arrays_and_facts():
    assert str(gradus.trace(lambda x: x @ x, x=np.zeros(3))).startswith("x: 3\n")
    assert str(gradus.trace(lambda A: np.trace(A), A=(2, 2))).startswith("A: 2 x 2\n")
    document = gradus.trace(lambda A, x: x @ A @ x, A="n x n symmetric constant", x="n")
    assert str(gradus.derive(document)["x"]) == "2 A x"


def refused_if(x):
    return np.sum(x) if np.sum(x) > 0 else np.sum(-x)


def refused_loop(x):
    return sum(entry for entry in x)


REFUSED = [
    (lambda x: np.sum(np.where(x, x, 0)), "np.where"),
    (lambda x: np.sort(x).sum(), "np.sort"),
    (lambda x: np.sum(np.floor(x)), "np.floor"),
    (refused_if, "np.greater"),
    (lambda x: np.sum(x) if np.sum(x) else x, "control flow"),
    (refused_loop, "iteration"),
    (lambda x: x[0], "indexing"),
    (lambda x: np.sum(x * np.arange(3.0)), "parameter"),
    (lambda x: x.reshape(3, 1), "reshape"),
    (lambda x: float(np.sum(x)), "float"),
    (lambda x: np.add.reduce(x), "np.add with reduce"),
    (lambda x: np.linalg.norm(x, ord=np.inf), "ord"),
    (lambda x: np.sum(x, dtype=np.float32), "np.sum with these arguments"),
]


@pytest.mark.parametrize(("function", "named"), REFUSED)
def test_what_cannot_be_traced_is_named(function, named):
    with pytest.raises(gradus.UnsupportedError, match=named):
        gradus.trace(function, x="n")


def test_shapes_that_do_not_fit():
    with pytest.raises(gradus.UsageError, match="do not go together"):
        gradus.trace(lambda x, y: np.sum(x + y), x="n", y="m")
    with pytest.raises(gradus.UsageError, match="does not fit"):
        gradus.trace(lambda A, x: np.sum(A @ x), A="n x m", x="n")
    with pytest.raises(gradus.UsageError, match="no shape for the parameter y"):
        gradus.trace(lambda x, y: x + y, x="n")
    with pytest.raises(gradus.UsageError, match="no parameter q"):
        gradus.trace(lambda x: x, x="n", q="n")
    with pytest.raises(gradus.UsageError, match="nothing that depends"):
        gradus.trace(lambda x: 3.0, x="n")
