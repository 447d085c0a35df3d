"""The functions made of generated code, for each target that is installed."""

import importlib.util
import linecache

import numpy as np
import pytest

import gradus

RANDOM = np.random.default_rng(11)
VALUES = {"u": RANDOM.normal(size=3), "W": RANDOM.normal(size=(3, 4)), "x": RANDOM.normal(size=4), "b": RANDOM.normal(size=3)}
DOCUMENT = "s = u^T tanh(W x + b)"


@pytest.mark.parametrize(("target", "package"), [("numpy", "numpy"), ("jax", "jax"), ("torch", "torch")])
def test_a_function_of_arrays(target, package):
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed: to_{target} was NOT run")
    d = gradus.derive(DOCUMENT)
    function = getattr(d, f"to_{target}")()
    values = VALUES
    if target == "torch":
        import torch

        values = {name: torch.tensor(value) for name, value in VALUES.items()}
    value, derivatives = function(**values)
    expected = d.evaluate(VALUES)
    np.testing.assert_allclose(np.asarray(value), expected.value, rtol=1e-5)
    for name in VALUES:
        np.testing.assert_allclose(np.asarray(derivatives[name]), expected[name], rtol=1e-5)


def test_what_a_function_tells_of_itself():
    function = gradus.derive(DOCUMENT).to_numpy()
    assert function.inputs == ("u", "W", "x", "b") and "numpy" in repr(function)
    assert "∂s/∂W" in function.__doc__ and function.source == gradus.derive(DOCUMENT).code("numpy")
    assert max(function.check_gradient(**VALUES).values()) < 1e-5
    assert function.value(**VALUES) == function(**VALUES)[0]
    assert linecache.getlines(function.module.__name__)


def test_a_target_that_is_none():
    with pytest.raises(gradus.UsageError, match="numpy"):
        gradus.derive(DOCUMENT).code("fortran")
