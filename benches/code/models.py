"""Generated code beside hand-written NumPy, jax.grad and torch autograd, one thread, in one run.

    python benches/code/models.py target/release/gradus

Ratios are to the hand-written NumPy. An error is the largest difference of a gradient from the hand-written code in
extended precision, relative to the gradient.
"""
import os

os.environ.update(OMP_NUM_THREADS='1', OPENBLAS_NUM_THREADS='1', MKL_NUM_THREADS='1', JAX_ENABLE_X64='1',
                  XLA_FLAGS='--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1')
import subprocess
import sys
import time

import numpy as np
from scipy.linalg import cho_solve, lapack

try:
    import jax
    import jax.numpy as jnp
except ImportError:
    jax = None
try:
    import torch
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
except ImportError:
    torch = None

rng = np.random.default_rng(0)


def onehot(n, k):
    return np.eye(k)[rng.integers(0, k, n)]


def softmax(S):
    E = np.exp(S - S.max(1, keepdims=True))
    return E / E.sum(1, keepdims=True)


# ---- LAPACK, or the same by columns in a precision it does not have

def factor(A):
    """The lower triangular C with C C^T = A."""
    if A.dtype == float:
        return lapack.dpotrf(A, lower=True, clean=True)[0]
    C = np.tril(A)
    for k in range(len(C)):
        C[k:, k] /= np.sqrt(C[k, k])
        C[k + 1:, k + 1:] -= np.tril(np.outer(C[k + 1:, k], C[k + 1:, k]))
    return C


def solve(C, B):
    """A^-1 B by its factor."""
    if C.dtype == float:
        return cho_solve((C, True), B)
    Z = B.copy()
    for k in range(len(C)):
        Z[k] = (Z[k] - C[k, :k] @ Z[:k]) / C[k, k]
    for k in reversed(range(len(C))):
        Z[k] = (Z[k] - C[k + 1:, k] @ Z[k + 1:]) / C[k, k]
    return Z


def inverse(C):
    """A^-1 by its factor."""
    if C.dtype == float:
        K = lapack.dpotri(C, lower=True)[0]
        return np.tril(K) + np.tril(K, -1).T
    return solve(C, np.eye(len(C), dtype=C.dtype))


# ---- hand-written: value and gradients in the order of the document

def ner(u, W, X, b):
    h = np.tanh(X @ W.T + b)
    d = u * (1 - h * h)
    return (h @ u).sum(), (h.sum(0), d.T @ X, d @ W, d.sum(0))


def regression(X, W, Y):
    S = X @ W
    S = S - S.max(1, keepdims=True)
    E = np.exp(S)
    t = E.sum(1, keepdims=True)
    logp = S - np.log(t)
    d = (E / t - Y) / len(X)
    return -np.vdot(Y, logp) / len(X), (d @ W.T, X.T @ d, -logp / len(X))


def process(D, y, a, b):
    E = np.exp(-D)
    K = a * E
    K.flat[:: len(y) + 1] += b
    c = factor(K)
    q = solve(c, y)
    s = 0.5 * (y @ q) + np.log(np.diag(c)).sum()
    d = 0.5 * (inverse(c) - np.outer(q, q))
    return s, (-a * d * E, q, np.vdot(d, E), np.trace(d))


def gaussian(S, X, m):
    n = len(X)
    r = X - m
    c = factor(S)
    V = solve(c, r.T)
    value = n * np.log(np.diag(c)).sum() + 0.5 * np.vdot(V, r.T)
    return value, (0.5 * (n * inverse(c) - V @ V.T), V.T, -V.sum(1))


def attention(Q, K, V, G):
    c = 1 / np.sqrt(Q.shape[1])
    P = softmax(Q @ K.T * c)
    O = P @ V
    dP = G @ V.T
    T = P * dP
    dS = (T - P * T.sum(1, keepdims=True)) * c
    return np.vdot(G, O), (dS @ K, dS.T @ Q, P.T @ G, O)


def factorisation(M, R, U, V, l):
    E = M * (U @ V.T - R)
    T = M * E
    uu = np.vdot(U, U)
    return 0.5 * np.vdot(E, E) + 0.5 * l * uu, (T @ V + l * U, T.T @ U)


def spd(n):
    A = rng.normal(size=(n, n))
    return A @ A.T / n + np.eye(n)


def distances(n):
    P = rng.normal(size=(n, 2))
    return ((P[:, None] - P[None])**2).sum(-1)


def jax_models():
    lse = jax.nn.log_softmax
    return {
        'ner': lambda u, W, X, b: jax.vmap(lambda x: u @ jnp.tanh(W @ x + b))(X).sum(),
        'regression': lambda X, W, Y: -(Y * lse(X @ W, axis=1)).sum() / X.shape[0],
        'process': lambda D, y, a, b: (lambda K: 0.5 * y @ jnp.linalg.solve(K, y) + 0.5 * jnp.linalg.slogdet(K)[1])(a * jnp.exp(-D) + b * jnp.eye(len(y))),
        'gaussian': lambda S, X, m: X.shape[0] / 2 * jnp.linalg.slogdet(S)[1] + 0.5 * jnp.vdot(jnp.linalg.solve(S, (X - m).T), (X - m).T),
        'attention': lambda Q, K, V, G: (G * (jax.nn.softmax(Q @ K.T / jnp.sqrt(Q.shape[1]), axis=1) @ V)).sum(),
        'factorisation': lambda M, R, U, V, l: 0.5 * ((M * (U @ V.T - R))**2).sum() + l / 2 * (U**2).sum(),
    }


def torch_models():
    return {
        'ner': lambda u, W, X, b: (torch.tanh(X @ W.T + b) @ u).sum(),
        'regression': lambda X, W, Y: -(Y * torch.log_softmax(X @ W, 1)).sum() / len(X),
        'process': lambda D, y, a, b: (lambda K: 0.5 * y @ torch.linalg.solve(K, y) + 0.5 * torch.linalg.slogdet(K)[1])(a * torch.exp(-D) + b * torch.eye(len(y))),
        'gaussian': lambda S, X, m: len(X) / 2 * torch.linalg.slogdet(S)[1] + 0.5 * (torch.linalg.solve(S, (X - m).T) * (X - m).T).sum(),
        'attention': lambda Q, K, V, G: (G * (torch.softmax(Q @ K.T / Q.shape[1]**0.5, 1) @ V)).sum(),
        'factorisation': lambda M, R, U, V, l: 0.5 * ((M * (U @ V.T - R))**2).sum() + l / 2 * (U**2).sum(),
    }


r = rng.normal
MODELS = {
    # name: the document, its targets where they are not all, the arguments, what is hand-written
    'ner': ('s = sum(i=1..N, u^T tanh(W x_i + b))', None, lambda: (r(size=100), r(size=(100, 250)), r(size=(2000, 250)), r(size=100)), ner),
    'regression': ('X: n x d; W: d x k; Y: n x k onehot rows; L = -1/n sum(Y .* log(softmax(X W, rows)))', None,
                   lambda: (r(size=(4000, 300)), r(size=(300, 20)) / 10, onehot(4000, 20)), regression),
    'process': ('D: n x n symmetric; y: n; a: scalar; b: scalar; K = a exp(-D) + b eye(n); s = 1/2 y^T K^-1 y + 1/2 log(det(K))', None,
                lambda: (distances(600), r(size=600), 1.3, 0.1), process),
    'gaussian': ('S: n x n spd; X: N x n; mu: n; L = N/2 logdet(S) + 1/2 tr(S^-1 (X - ones(N) mu^T)^T (X - ones(N) mu^T))', None,
                 lambda: (spd(200), r(size=(5000, 200)), r(size=200)), gaussian),
    'attention': ('Q: n x d; K: n x d; V: n x d; G: n x d; s = sum(G .* (softmax(Q K^T / sqrt(d), rows) V))', None,
                  lambda: tuple(r(size=(512, 64)) for _ in range(4)), attention),
    'factorisation': ('M: n x m; R: n x m; U: n x k; V: m x k; λ: scalar; s = 1/2 norm2(M .* (U V^T - R))^2 + λ/2 norm2(U)^2', 'U,V',
                      lambda: ((r(size=(800, 600)) > 1) * 1.0, r(size=(800, 600)), r(size=(800, 20)), r(size=(600, 20)), 0.1), factorisation),
}


def milliseconds(functions, rounds=9):
    """The median time of each, the functions in turn so that the noise of the machine is shared."""
    for f in functions:
        f()
    times = [[] for _ in functions]
    for _ in range(rounds):
        for f, own in zip(functions, times):
            start = time.perf_counter()
            f()
            own.append(time.perf_counter() - start)
    return [1e3 * sorted(own)[rounds // 2] for own in times]


def generated(binary, document, wrt, target):
    argv = [binary, 'code', document, '--target', target] + (['--wrt', wrt] if wrt else [])
    module = {}
    exec(compile(subprocess.run(argv, capture_output=True, check=True, text=True).stdout, target, 'exec'), module)
    return module


def error(got, want):
    return max(float(np.abs(np.asarray(g) - w).max() / (np.abs(w).max() or 1)) for g, w in zip(got, want))


def extended(by_hand, values):
    """The gradients of the hand-written code in extended precision."""
    return by_hand(*(np.asarray(v, dtype=np.longdouble) for v in values))[1]


def functions_of(binary, name, values):
    """The columns of the table: each computes the value and the gradients."""
    document, wrt, _, by_hand = MODELS[name]
    targets = list(range(len(values))) if wrt is None else [2, 3]
    module = generated(binary, document, wrt, 'numpy')
    out = {'by hand': lambda: by_hand(*values), 'numpy': lambda: module['value_and_grad'](*values)}
    if jax:
        compiled = jax.jit(generated(binary, document, wrt, 'jax')['value_and_grad'])
        auto = jax.jit(jax.value_and_grad(jax_models()[name], tuple(targets)))
        given = tuple(jnp.asarray(v, dtype=float) for v in values)
        out['jax'] = lambda: jax.block_until_ready(compiled(*given))
        out['jax.grad'] = lambda: jax.block_until_ready(auto(*given))
    if torch:
        own = generated(binary, document, wrt, 'torch')
        tensors = [torch.as_tensor(v, dtype=torch.float64) for v in values]
        leaves = [t.clone().requires_grad_() if k in targets else t for k, t in enumerate(tensors)]
        model = torch_models()[name]

        def autograd():
            value = model(*leaves)
            return value, torch.autograd.grad(value, [leaves[k] for k in targets])

        out['torch'] = lambda: own['value_and_grad'](*tensors)
        out['autograd'] = autograd
    return out


def gradients(answer, names):
    """In the order of the document; jit sorts a dictionary."""
    derivatives = answer[1]
    return [derivatives[name] for name in names] if isinstance(derivatives, dict) else list(derivatives)


def main():
    binary = sys.argv[1]
    slow, loose = [], []
    columns = ['by hand', 'numpy'] + ['jax', 'jax.grad'] * bool(jax) + ['torch', 'autograd'] * bool(torch)
    print('%-14s %s' % ('ms, ratios', ' '.join('%9s' % c for c in columns)))
    for name, (_, _, arguments, by_hand) in MODELS.items():
        values = arguments()
        functions = functions_of(binary, name, values)
        exact = extended(by_hand, values)
        names = list(functions['numpy']()[1])
        errors = [error(gradients(f(), names), exact) for f in functions.values()]
        times = milliseconds(list(functions.values()))
        ratios = [times[0]] + [t / times[0] for t in times[1:]]
        print('%-14s %s' % (name, ' '.join('%9.2f' % r for r in ratios)))
        print('%-14s %s' % ('  error', ' '.join('%9.1e' % e for e in errors)), flush=True)
        own = [k for k, c in enumerate(columns) if c in ('numpy', 'jax', 'torch')]
        slow += ['%s in %s' % (name, columns[k]) for k in own if ratios[k] > 1.2]
        loose += ['%s in %s' % (name, columns[k]) for k in own if jax and errors[k] > 2 * errors[columns.index('jax.grad')]]
    if slow:
        print('slower than 1.2 times the hand-written code: ' + ', '.join(slow))
    if loose:
        print('an error of more than twice that of jax.grad: ' + ', '.join(loose))


if __name__ == '__main__':
    main()
