"""Derivations at arrays, against NumPy by hand."""

import numpy as np
import pytest

import gradus

RANDOM = np.random.default_rng(7)
W, x, b, u = RANDOM.normal(size=(3, 4)), RANDOM.normal(size=4), RANDOM.normal(size=3), RANDOM.normal(size=3)


def test_a_network_at_arrays():
    at = gradus.derive("s = u^T f(W x + b)").evaluate(W=W, x=x, b=b, u=u, f="tanh")
    h = np.tanh(W @ x + b)
    delta = u * (1 - h**2)
    np.testing.assert_allclose(at.value, u @ h, rtol=1e-12)
    np.testing.assert_allclose(at["W"], np.outer(delta, x), rtol=1e-12)
    np.testing.assert_allclose(at["x"], W.T @ delta, rtol=1e-12)
    assert list(at) == ["u", "W", "x", "b"] and len(at.derivatives) == 4
    assert at.value.shape == () and at["b"].shape == (3,) and at["W"].shape == (3, 4)


@pytest.mark.parametrize(
    "laid_out",
    [
        np.asfortranarray,
        lambda a: a[::-1][::-1],
        lambda a: np.repeat(a, 2, axis=0)[::2],
        lambda a: a.astype(np.float32).astype(object).astype(float),
        lambda a: a.tolist(),
    ],
)
def test_every_layout_means_the_same(laid_out):
    d = gradus.derive("A: n x m; s = ||A x||^2", wrt="A")
    expected = d.evaluate(A=W, x=x)["A"]
    np.testing.assert_allclose(d.evaluate(A=laid_out(W), x=laid_out(x))["A"], expected, rtol=1e-6)


def test_types_of_numbers():
    d = gradus.derive("s = x^T x")
    assert d.evaluate(x=np.array([1, 2], dtype=np.int8))["x"].tolist() == [2.0, 4.0]
    assert d.evaluate(x=[True, False])["x"].tolist() == [2.0, 0.0]
    for wrong in [np.array([1j, 2]), np.array(["a", "b"]), np.array([None, 1])]:
        with pytest.raises(gradus.UsageError, match="real numbers"):
            d.evaluate(x=wrong)


def test_sizes_given_and_read_off():
    d = gradus.derive("x: n; s = 1/n x^T x", wrt="x")
    assert d.evaluate(x=[2.0, 4.0])["x"].tolist() == [2.0, 4.0]
    d = gradus.derive("x: n; s = sum(x) + tr(eye(k))", wrt="x")
    assert d.evaluate(x=[2.0], k=3).value == 5.0


def test_a_jacobian_is_a_matrix():
    d = gradus.derive("y = A x", wrt="x", of="y")
    np.testing.assert_array_equal(d.evaluate(A=W, x=x)["x"], W)
    row = gradus.derive("s = a^T x", wrt="x", form="jacobian")
    assert row.evaluate(a=[1.0, 2.0], x=[3.0, 4.0])["x"].tolist() == [[1.0, 2.0]]


def test_families_are_stacked():
    d = gradus.derive("s = sum_i (x_i)^2", wrt="x_i")
    assert d.evaluate(x=[1.0, 2.0, 3.0]).value == 14.0


def test_a_mapping_takes_names_that_python_has_not():
    d = gradus.derive("s = λ x^T x", wrt="x")
    assert d.evaluate({"λ": 2.0}, x=[1.0])["x"].tolist() == [4.0]
    assert d.evaluate({"lambda": 2.0, "x": [1.0]})["x"].tolist() == [4.0]


def test_results_belong_to_the_caller():
    x = np.array([1.0, 2.0])
    d = gradus.derive("s = a^T x", wrt="x")
    a = np.array([5.0, 6.0])
    at = d.evaluate(a=a, x=x)
    at["x"][0] = 99.0
    assert a.tolist() == [5.0, 6.0] and d.evaluate(a=a, x=x)["x"].tolist() == [5.0, 6.0]


WRONG = [
    ({"x": [1.0]}, gradus.UsageError, "none for A"),
    ({"x": [1.0], "A": [[1.0]], "Q": 1.0}, gradus.UsageError, "Q"),
    ({"x": [1.0, 2.0, 3.0], "A": W}, gradus.ShapeError, "A"),
    ({"x": np.zeros((2, 2, 2)), "A": W}, gradus.UsageError, "3 axes"),
    ({"x": [np.nan, 1.0, 1.0, 1.0], "A": W}, gradus.UsageError, "not a finite number"),
    ({"x": [], "A": W}, gradus.UsageError, "empty"),
    ({"x": "tanh", "A": W}, gradus.UsageError, "x is a variable"),
]


@pytest.mark.parametrize(("values", "kind", "message"), WRONG)
def test_what_does_not_fit_is_named(values, kind, message):
    d = gradus.derive("A: n x m; s = ||A x||^2", wrt="x")
    with pytest.raises(kind, match=message):
        d.evaluate(values)


def test_outside_its_domain():
    with pytest.raises(gradus.DomainError):
        gradus.derive("s = sum(log(x))").evaluate(x=[-1.0])


def test_masks_are_minus_infinity():
    d = gradus.derive("M: n constant; s = a^T softmax(x + M)", wrt="x")
    at = d.evaluate(x=[1.0, 2.0], M=[0.0, -np.inf], a=[3.0, 4.0])
    assert at.value == 3.0 and at["x"].tolist() == [0.0, 0.0]
