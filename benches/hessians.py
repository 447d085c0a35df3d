"""The peers of benches/hessians.rs: NumPy by the closed forms, and jax.hessian under jit when JAX is importable.

Prints a line of JSON for each measurement. Run by the benchmark, with the problem sizes as arguments: `logistic:100 …`.
"""

import json
import os
import sys
import time

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import numpy as np

try:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
except ImportError:
    jax = None

RANK = 5
LAYERS = 10
SECONDS = 1.0  # of repeats for one measurement
JAX_ENTRIES = 2**24


def filled(seed, rows, cols=1):
    i, j = np.arange(rows)[:, None], np.arange(cols)[None, :]
    return np.sin(seed + 12.9898 * i + 78.233 * j)


def column(seed, n):
    return filled(seed, n)[:, 0]


def softplus(z):
    return np.logaddexp(z, 0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def logistic(n):
    X, y, w = filled(1, n, n), column(2, n), column(3, n) / n

    def closed():
        p = sigmoid(X @ w)
        return X.T @ ((p * (1 - p))[:, None] * X)

    def loss(w, X, y):
        z = X @ w
        return jnp.sum(jnp.logaddexp(z, 0)) - y @ z

    return closed, None, loss, (w, X, y)


def factorisation(n):
    T, U, V = filled(1, n, n), filled(2, n, RANK), filled(3, n, RANK)

    def closed():
        return 2 * (V.T @ V)

    def loss(U, T, V):
        return jnp.sum((T - U @ V.T) ** 2)

    # vec stacks columns: 2 (VᵀV ⊗ I)
    return closed, lambda: np.kron(closed(), np.eye(n)), loss, (U, T, V)


def network(n):
    x, y = column(1, n), column(2, n)
    W = [filled(2 + l, n, n) / n for l in range(1, LAYERS + 1)]

    def closed():
        h, slopes = x, []
        for l in range(LAYERS - 1):
            z = W[l] @ h
            slopes.append(sigmoid(z))
            h = softplus(z)
        z = W[-1] @ h
        p = np.exp(z - z.max())
        p /= p.sum()
        delta, H = p - y, np.diag(p) - np.outer(p, p)
        for l in range(LAYERS - 1, 0, -1):
            s = slopes[l - 1]
            A = W[l] * s
            H = A.T @ H @ A
            delta = W[l].T @ delta
            H[np.diag_indices(n)] += delta * s * (1 - s)
            delta = delta * s
        return H

    def loss(first, x, y, rest):
        z = first @ x
        for w in rest:
            z = w @ jnp.logaddexp(z, 0)
        return jax.nn.logsumexp(z) - y @ z

    # vec stacks columns: (x xᵀ) ⊗ H
    return closed, lambda: np.kron(np.outer(x, x), closed()), loss, (W[0], x, y, W[1:])


def best(run):
    run()
    shortest, total = float("inf"), 0.0
    while total < SECONDS:
        start = time.perf_counter()
        run()
        elapsed = time.perf_counter() - start
        shortest, total = min(shortest, elapsed), total + elapsed
    return shortest


def measured(problem, n):
    closed, written, loss, arguments = {"logistic": logistic, "factorisation": factorisation, "network": network}[problem](n)
    row = {"problem": problem, "n": n, "numpy": best(closed)}
    if written is not None:
        row["numpy_written"] = best(written)
    entries = arguments[0].size ** 2
    if jax is not None and entries <= JAX_ENTRIES:
        hessian = jax.jit(jax.hessian(loss))
        row["jax"] = best(lambda: hessian(*arguments).block_until_ready())
        row["norm"] = float(jnp.linalg.norm(hessian(*arguments).ravel()))
    return row


print(json.dumps({"numpy": np.__version__, "jax": jax.__version__ if jax else None}), flush=True)
for problem, n in (argument.split(":") for argument in sys.argv[1:]):
    print(json.dumps(measured(problem, int(n))), flush=True)
