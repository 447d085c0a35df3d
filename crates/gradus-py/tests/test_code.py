"""The functions made of generated code, for each target that is installed."""

import importlib.util
import linecache

import numpy as np
import pytest

import gradus

RANDOM = np.random.default_rng(11)
VALUES = {"u": RANDOM.normal(size=3), "W": RANDOM.normal(size=(3, 4)), "x": RANDOM.normal(size=4), "b": RANDOM.normal(size=3)}
DOCUMENT = "s = u^T tanh(W x + b)"


@pytest.mark.parametrize("target", ["numpy", "jax", "torch"])
def test_a_function_of_arrays(target):
    if importlib.util.find_spec(target) is None:
        pytest.skip(f"{target} is not installed: to_{target} was NOT run")
    values = VALUES
    if target == "jax":
        import jax

        jax.config.update("jax_enable_x64", True)
    if target == "torch":
        import torch

        values = {name: torch.tensor(value) for name, value in VALUES.items()}
    d = gradus.derive(DOCUMENT)
    function = getattr(d, f"to_{target}")()
    value, derivatives = function(**values)
    expected = d.evaluate(VALUES)
    np.testing.assert_allclose(np.asarray(value), expected.value, rtol=1e-12)
    for name in VALUES:
        np.testing.assert_allclose(np.asarray(derivatives[name]), expected[name], rtol=1e-12)
    assert max(function.check_gradient(**VALUES).values()) < 1e-5


def test_jax_differentiates_and_compiles():
    jax = pytest.importorskip("jax", reason="jax is not installed: what to_jax gives was NOT differentiated")
    jax.config.update("jax_enable_x64", True)
    d = gradus.derive(DOCUMENT)
    own = jax.jit(jax.grad(d.to_jax().module.function, argnums=1))(*VALUES.values())
    np.testing.assert_allclose(np.asarray(own), d.evaluate(VALUES)["W"], rtol=1e-12)


def test_autograd_differentiates():
    torch = pytest.importorskip("torch", reason="torch is not installed: what to_torch gives was NOT differentiated")
    d = gradus.derive(DOCUMENT)
    arguments = [torch.tensor(value, requires_grad=True) for value in VALUES.values()]
    d.to_torch().module.function(*arguments).backward()
    np.testing.assert_allclose(arguments[1].grad.numpy(), d.evaluate(VALUES)["W"], rtol=1e-12)


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
