#!/usr/bin/env python3
"""What the files for JAX and PyTorch promise beyond their values: compiled, differentiated by autodiff, spread over devices and
processes, and in single precision no less accurate than autodiff.

    wrappers.py BINARY jax|torch
"""
import inspect
import os
import subprocess
import sys
import tempfile

os.environ.setdefault('XLA_FLAGS', '--xla_force_host_platform_device_count=8')
import numpy as np

RANDOM = np.random.default_rng(3)
DRAWS = 32
NORMAL = lambda *size: RANDOM.normal(size=size)


def spd(n):
    root = NORMAL(n, n)
    return root @ root.T / n + np.eye(n) / 4


def onehot(n, k):
    return np.eye(k)[RANDOM.integers(0, k, n)]


def distances(n):
    places = NORMAL(n, 2)
    return ((places[:, None] - places[None])**2).sum(-1)


# the document, its targets where they are not all, arguments as they are drawn (more than 64 where a definite matrix is
# inverted: by blocks, then)
MODELS = {
    'ner': ('s = sum(i=1..N, u^T tanh(W x_i + b))', None, lambda: [NORMAL(16), NORMAL(16, 20), NORMAL(64, 20), NORMAL(16)]),
    'regression': ('X: n x d; W: d x k; Y: n x k onehot rows; L = -1/n sum(Y .* log(softmax(X W, rows)))', 'W', lambda: [NORMAL(64, 20), 3 * NORMAL(20, 5), onehot(64, 5)]),
    'process': ('D: n x n symmetric; y: n; a: scalar; b: scalar; K = a exp(-D) + b eye(n); s = 1/2 y^T K^-1 y + 1/2 log(det(K))', 'a,b',
                lambda: [distances(150), NORMAL(150), 1.3, 0.1]),
    'gaussian': ('S: n x n spd; X: N x n; mu: n; L = N/2 logdet(S) + 1/2 tr(S^-1 (X - ones(N) mu^T)^T (X - ones(N) mu^T))', 'mu,S', lambda: [spd(71), NORMAL(64, 71), NORMAL(71)]),
    'attention': ('Q: n x d; K: n x d; V: n x d; G: n x d; s = sum(G .* (softmax(Q K^T / sqrt(d), rows) V))', 'Q,K,V', lambda: [NORMAL(32, 8) for _ in range(4)]),
    'factorisation': ('M: n x m; R: n x m; U: n x k; V: m x k; λ: scalar; s = 1/2 norm2(M .* (U V^T - R))^2 + λ/2 norm2(U)^2', 'U,V',
                      lambda: [(NORMAL(32, 24) > 0) * 1.0, NORMAL(32, 24), NORMAL(32, 4), NORMAL(24, 4), 0.1]),
    'logistic': ('x: n; w: n; s = -log(sigmoid(w^T x))', 'w', lambda: [3 * NORMAL(50), NORMAL(50)]),
    'pooled': ('x: n; s = logsumexp(x)', 'x', lambda: [40 * NORMAL(50)]),
}


def drawn(name):
    return MODELS[name][2]()


def text(binary, name, target):
    document, targets, _ = MODELS[name]
    argv = [binary, 'code', document, '--target', target] + (['--wrt', targets] if targets else [])
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def module(binary, name, target):
    found = {}
    exec(compile(text(binary, name, target), name + '.py', 'exec'), found)
    return found


def near(name, got, expected, tolerance):
    got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    assert got.shape == expected.shape, '%s: the shape is %s, expected %s' % (name, got.shape, expected.shape)
    error = np.abs(got - expected).max() / max(np.abs(expected).max(), 1e-300)
    assert error <= tolerance, '%s: relative error %.2g' % (name, error)
    return error


# ---- JAX

def plain_jax():
    """The same values as a user writes them, for autodiff."""
    import jax
    import jax.numpy as jnp
    log_softmax, solve, logdet = lambda S: jax.nn.log_softmax(S, axis=1), jnp.linalg.solve, lambda K: jnp.linalg.slogdet(K)[1]
    return {
        'ner': lambda u, W, X, b: (jnp.tanh(X @ W.T + b) @ u).sum(),
        'regression': lambda X, W, Y: -(Y * log_softmax(X @ W)).sum() / X.shape[0],
        'process': lambda D, y, a, b: (lambda K: 0.5 * y @ solve(K, y) + 0.5 * logdet(K))(a * jnp.exp(-D) + b * jnp.eye(len(y), dtype=D.dtype)),
        'gaussian': lambda S, X, m: X.shape[0] / 2 * logdet(S) + 0.5 * jnp.vdot(solve(S, (X - m).T), (X - m).T),
        'attention': lambda Q, K, V, G: (G * (jax.nn.softmax(Q @ K.T / jnp.sqrt(Q.shape[1]).astype(Q.dtype), axis=1) @ V)).sum(),
        'factorisation': lambda M, R, U, V, l: 0.5 * ((M * (U @ V.T - R))**2).sum() + l / 2 * (U**2).sum(),
        'logistic': lambda x, w: -jax.nn.log_sigmoid(w @ x),
        'pooled': lambda x: jax.nn.logsumexp(x),
    }


def places(found, keys):
    """Where the targets stand among the arguments: by their names in the document, or in the file (a family x_i is X)."""
    names = [list(found['INPUTS']), list(inspect.signature(found['value_and_grad']).parameters)]
    return tuple(next(n.index(key) for n in names if key in n) for key in keys)


def wrappers_jax(name, found, plain):
    """`value_and_grad` compiled, and `function` under jit and grad, against autodiff of what a user writes."""
    import jax
    arguments = [np.asarray(a, dtype=float) for a in drawn(name)]
    value, derivatives = jax.jit(found['value_and_grad'])(*arguments)
    at = places(found, derivatives)
    expected, gradients = jax.value_and_grad(plain, at)(*arguments)
    near(name, value, expected, 1e-10)
    wrapped = jax.jit(jax.value_and_grad(lambda *a: 3 * found['function'](*a), at))(*arguments)
    near(name + ' by custom_vjp', wrapped[0], 3 * expected, 1e-10)
    for key, by_autodiff, by_rule in zip(derivatives, gradients, wrapped[1]):
        near('%s by %s' % (name, key), derivatives[key], by_autodiff, 1e-9)
        near('%s by %s, by custom_vjp' % (name, key), by_rule, 3 * by_autodiff, 1e-9)


def accuracy_jax(name, found, plain):
    """In single precision, over many draws: how far the file and jax.grad are from jax.grad in double precision."""
    import jax
    keys = list(found['value_and_grad'](*drawn(name))[1])
    at = places(found, keys)
    ours, autodiff, truth = jax.jit(found['value_and_grad']), jax.jit(jax.grad(plain, at)), jax.jit(jax.grad(plain, at))
    far = lambda got, t: float(np.linalg.norm(np.asarray(got, dtype=float) - t) / np.linalg.norm(t))
    squares = {}
    for _ in range(DRAWS):
        single = [np.asarray(a, dtype=np.float32) for a in drawn(name)]
        derivatives = ours(*single)[1]
        assert all(d.dtype == np.float32 for d in derivatives.values())
        for key, a, t in zip(keys, autodiff(*single), truth(*(a.astype(float) for a in single))):
            squares.setdefault(key, []).append((far(derivatives[key], t)**2, far(a, t)**2))
    for key, pairs in squares.items():
        gradus, theirs = np.sqrt(np.mean(pairs, axis=0))
        print('   %-14s by %-3s  gradus %.1e   jax.grad %.1e' % (name, key, gradus, theirs))
        assert gradus <= 2 * theirs + 3e-8, '%s by %s: less accurate than jax.grad' % (name, key)


def sharded_jax(binary):
    """Rows of the data on eight devices: the same numbers, and nothing gathered on the way in."""
    import jax
    from jax.sharding import Mesh, NamedSharding, PartitionSpec
    devices = jax.devices()
    assert len(devices) == 8, 'there are %d devices' % len(devices)
    mesh = Mesh(np.array(devices), ('rows',))
    rows, whole = NamedSharding(mesh, PartitionSpec('rows')), NamedSharding(mesh, PartitionSpec())
    for name, spread in [('ner', {2}), ('regression', {0, 2}), ('factorisation', {0, 1, 2}), ('attention', {0, 3})]:
        found, arguments = module(binary, name, 'jax'), [np.asarray(a, dtype=float) for a in drawn(name)]
        placed = [jax.device_put(a, rows if k in spread else whole) for k, a in enumerate(arguments)]
        expected_value, expected = found['value_and_grad'](*arguments)
        compiled = jax.jit(found['value_and_grad'], in_shardings=tuple(rows if k in spread else whole for k in range(len(placed))))
        value, derivatives = compiled(*placed)
        near(name + ' sharded', value, expected_value, 1e-12)
        for key in expected:
            assert len(derivatives[key].sharding.device_set) == 8
            near('%s by %s, sharded' % (name, key), derivatives[key], expected[key], 1e-12)
        at = places(found, expected)
        for key, g in zip(expected, jax.jit(jax.grad(found['function'], at))(*placed)):
            near('%s by %s, sharded, by custom_vjp' % (name, key), g, expected[key], 1e-12)


def jax_promises(binary):
    import jax
    jax.config.update('jax_enable_x64', True)
    plain = plain_jax()
    for name in MODELS:
        found = module(binary, name, 'jax')
        wrappers_jax(name, found, plain[name])
        accuracy_jax(name, found, plain[name])
    sharded_jax(binary)
    print('passed: compiled, differentiated, on 8 devices, and no less accurate than jax.grad: %d models' % len(MODELS))


# ---- PyTorch

def wrappers_torch(name, found):
    """`function` under autograd against autograd through `value`, and central differences of it."""
    import torch
    arguments = [torch.tensor(np.asarray(a, dtype=float)) for a in drawn(name)]
    keys = list(found['value_and_grad'](*arguments)[1])
    at = places(found, keys)

    def gradients(f):
        own = [a.clone().requires_grad_(k in at) for k, a in enumerate(arguments)]
        (3 * f(*own)).backward()
        return [own[k].grad.numpy() for k in at]
    for key, ours, theirs in zip(keys, gradients(found['function']), gradients(found['value'])):
        near('%s by %s, by Function' % (name, key), ours, theirs, 1e-9)
    if all(a.ndim < 2 or key != 'S' for key, a in zip(found['INPUTS'], arguments)):
        own = [a.clone().requires_grad_(k in at) for k, a in enumerate(arguments)]
        assert torch.autograd.gradcheck(found['function'], own), name


def worker(rank, directory, source, arguments):
    """One of two processes, each with half of the rows."""
    import torch
    import torch.distributed
    torch.set_num_threads(1)
    torch.distributed.init_process_group('gloo', init_method='file://' + os.path.join(directory, 'meet'), rank=rank, world_size=2)
    found = {}
    exec(compile(source, 'ner.py', 'exec'), found)

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            u, W, _, b = (torch.tensor(a) for a in arguments)
            self.u, self.W, self.b = (torch.nn.Parameter(a) for a in (u, W, b))

        def forward(self, X):
            return found['function'](self.u, self.W, X, self.b)
    model = torch.nn.parallel.DistributedDataParallel(Model())
    model(torch.tensor(arguments[2])[rank::2]).backward()
    np.savez(os.path.join(directory, 'rank%d.npz' % rank), **{key: p.grad.numpy() for key, p in model.module.named_parameters()})
    torch.distributed.destroy_process_group()


def distributed_torch(binary):
    """DistributedDataParallel means the gradients of the processes: twice it is the gradient of all rows."""
    import torch
    import torch.multiprocessing
    source, arguments = text(binary, 'ner', 'torch'), [np.asarray(a, dtype=float) for a in drawn('ner')]
    found = {}
    exec(compile(source, 'ner.py', 'exec'), found)
    expected = found['value_and_grad'](*(torch.tensor(a) for a in arguments))[1]
    with tempfile.TemporaryDirectory() as directory:
        torch.multiprocessing.spawn(worker, (directory, source, arguments), nprocs=2)
        for rank in range(2):
            got = np.load(os.path.join(directory, 'rank%d.npz' % rank))
            for key in ('u', 'W', 'b'):
                near('ner by %s, of process %d' % (key, rank), 2 * got[key], expected[key].numpy(), 1e-12)


def torch_promises(binary):
    for name in MODELS:
        wrappers_torch(name, module(binary, name, 'torch'))
    distributed_torch(binary)
    print('passed: differentiated, and in two processes: %d models' % len(MODELS))


if __name__ == '__main__':
    {'jax': jax_promises, 'torch': torch_promises}[sys.argv[2]](os.path.abspath(sys.argv[1]))
