//! JAX: functions that can be compiled, and one that is differentiated by the derivatives of the file.

use super::assemble::File;
use super::batches;
use super::dialect::{Dialect, Spelled, Texts};
use super::plan::Operation;
use super::python::{self, PythonWriter, tuple};
use crate::diag::Error;
use crate::expr::Elementwise;

struct Jax;

/// The file.
pub fn file(file: &File) -> Result<String, Error> {
    python::file(file, &Jax)
}

impl Dialect for Jax {
    fn module(&self) -> &'static str {
        "jnp"
    }

    fn imports(&self, _: bool) -> String {
        "import jax\nimport jax.numpy as jnp\nimport jax.scipy.linalg\nimport jax.scipy.special\nimport numpy as np\n"
            .into()
    }

    fn map(&self, f: Elementwise) -> Result<&'static str, &'static str> {
        Ok(match f {
            Elementwise::Exp => "jnp.exp({})",
            Elementwise::Log => "jnp.log({})",
            Elementwise::Expm1 => "jnp.expm1({})",
            Elementwise::Log1p => "jnp.log1p({})",
            Elementwise::Sqrt => "jnp.sqrt({})",
            Elementwise::Sin => "jnp.sin({})",
            Elementwise::Cos => "jnp.cos({})",
            Elementwise::Tan => "jnp.tan({})",
            Elementwise::Asin => "jnp.arcsin({})",
            Elementwise::Acos => "jnp.arccos({})",
            Elementwise::Atan => "jnp.arctan({})",
            Elementwise::Sinh => "jnp.sinh({})",
            Elementwise::Cosh => "jnp.cosh({})",
            Elementwise::Asinh => "jnp.arcsinh({})",
            Elementwise::Tanh => "jnp.tanh({})",
            Elementwise::Sigmoid => "jax.nn.sigmoid({})",
            Elementwise::Relu => "jnp.maximum({}, 0)",
            Elementwise::Softplus => "jnp.logaddexp({}, 0)",
            Elementwise::Erf => "jax.scipy.special.erf({})",
            Elementwise::Lgamma => "jax.scipy.special.gammaln({})",
            Elementwise::Digamma => "jax.scipy.special.digamma({})",
            Elementwise::Trigamma => "jax.scipy.special.polygamma(1, {})",
            Elementwise::Abs => "jnp.abs({})",
            Elementwise::Sign => "jnp.sign({})",
            Elementwise::Step => return Err("_step"),
            Elementwise::IsZero => "(1 - jnp.abs(jnp.sign({})))",
            Elementwise::Gelu => return Err("_gelu"),
            Elementwise::Silu => return Err("_silu"),
        })
    }

    fn helpers(&self) -> [&'static [(&'static str, &'static str)]; 2] {
        [HELPERS, batches::JAX]
    }

    fn operation(&self, _: &Operation, _: &Texts) -> Option<Spelled> {
        None
    }

    fn like(&self) -> (&'static str, &'static str) {
        ("dtype", "dtype=dtype")
    }

    fn epilogue(&self, writer: &PythonWriter) -> String {
        differentiable(writer) + &writer.check("jnp.asarray")
    }
}

/// The value with a rule of its own for what JAX derives. What was not derived by is no argument of the rule: JAX says so
/// where it is asked for.
fn differentiable(writer: &PythonWriter) -> String {
    let gradients = writer.gradients();
    if gradients.is_empty() {
        return String::new();
    }
    let names: Vec<String> = gradients.iter().map(|(i, _)| writer.inputs[*i].clone()).collect();
    let keys: Vec<String> = gradients.iter().map(|(_, key)| key.clone()).collect();
    DIFFERENTIABLE
        .replace("PARAMETERS", &writer.parameters())
        .replace("TARGETS", &names.join(", "))
        .replace("KEYS", &tuple(&keys))
        .replace("HANDED_ON", &format!("{}{}", writer.inputs.join(", "), writer.handed_on()))
}

const DIFFERENTIABLE: &str = r#"

def function(PARAMETERS):
    """The value, which JAX differentiates by the derivatives of this file: `jax.grad(function)`, once."""

    @jax.custom_vjp
    def rule(TARGETS):
        return value(HANDED_ON)

    def forward(TARGETS):
        return value_and_grad(HANDED_ON)

    def backward(derivatives, g):
        return tuple(g * derivatives[key] for key in KEYS)

    rule.defvjp(forward, backward)
    return rule(*(jnp.asarray(a, dtype=jnp.result_type(a, 0.0)) for a in (TARGETS,)))
"#;

const HELPERS: &[(&str, &str)] = &[
    (
        "_arrays",
        r#"
def _arrays(sizes, *arguments):
    """The arguments in one floating-point type, their sides by name, and that type; an error where sides do not fit."""
    dtype = jnp.result_type(0.0, *(v if isinstance(v, (int, float)) else jnp.asarray(v) for _, v, _ in arguments))
    if jnp.issubdtype(dtype, jnp.complexfloating):
        raise TypeError("the arguments must be real")
    out = []
    for name, v, sides in arguments:
        v = jnp.asarray(v, dtype=dtype)
        sides = sides.split()
        if v.ndim != len(sides):
            raise ValueError(f"{name}: expected the shape ({', '.join(sides)}), got {v.shape}")
        for side, n in zip(sides, v.shape):
            known = int(side) if side.isdigit() else sizes.setdefault(side, n)
            if known != n:
                raise ValueError(f"{name}: expected the shape ({', '.join(sides)}) with {side} = {known}, got {v.shape}")
        out.append(v)
    return out, sizes, dtype
"#,
    ),
    (
        "_step",
        r#"
def _step(x):
    """1 where x > 0, else 0."""
    return jnp.where(x > 0, 1.0, 0.0).astype(jnp.result_type(x))
"#,
    ),
    (
        "_gelu",
        r#"
def _gelu(x):
    """x times the standard normal distribution function."""
    return 0.5 * x * jax.scipy.special.erfc(-x * 0.7071067811865476)
"#,
    ),
    (
        "_silu",
        r#"
def _silu(x):
    """x times the sigmoid of x."""
    return x * jax.nn.sigmoid(x)
"#,
    ),
    (
        "_prod_others",
        r#"
def _prod_others(x, axis):
    """At every place the product of all other entries, without dividing."""
    lines = x.reshape(1, -1) if axis is None else jnp.moveaxis(x, axis, -1)
    one = jnp.ones_like(lines[..., :1])
    before = jnp.cumprod(jnp.concatenate([one, lines[..., :-1]], -1), -1)
    after = jnp.cumprod(jnp.concatenate([one, lines[..., :0:-1]], -1), -1)[..., ::-1]
    others = before * after
    return others.reshape(x.shape) if axis is None else jnp.moveaxis(others, -1, axis)
"#,
    ),
    (
        "_duplication",
        r#"
def _duplication(n, dtype):
    """D with D vech X = vec X for symmetric X."""
    j, i = np.triu_indices(n)
    columns = np.arange(j.size)
    d = np.zeros((n * n, j.size))
    d[i + j * n, columns] = 1
    d[j + i * n, columns] = 1
    return jnp.asarray(d, dtype=dtype)
"#,
    ),
    (
        "_add_diagonal",
        r#"
def _add_diagonal(a, d):
    """A matrix to whose diagonal d is added."""
    i = jnp.arange(a.shape[0])
    return a.at[i, i].add(d)
"#,
    ),
    (
        "_either",
        r#"
def _either(definite, one, other):
    """What is done with the factors of a definite matrix, or with those of any other."""
    if isinstance(definite, bool):
        return one() if definite else other()
    return jax.lax.cond(definite, one, other)
"#,
    ),
    (
        "_cholesky",
        r#"
def _cholesky(a):
    """The factors of a positive definite matrix."""
    return jax.lax.linalg.cholesky(a, symmetrize_input=False), None, True
"#,
    ),
    (
        "_lu",
        r#"
def _lu(a):
    """The factors of a square matrix."""
    return *jax.scipy.linalg.lu_factor(a), False
"#,
    ),
    (
        "_factor_symmetric",
        r#"
def _factor_symmetric(a):
    """The factors of a symmetric matrix: by Cholesky where it is positive definite."""
    c = jax.lax.linalg.cholesky(a, symmetrize_input=False)
    definite = jnp.all(jnp.isfinite(jnp.diag(c)))
    none = jnp.zeros(a.shape[0], jnp.int32)
    factors = jax.lax.cond(definite, lambda: (c, none), lambda: tuple(jax.scipy.linalg.lu_factor(a)))
    return *factors, definite
"#,
    ),
    (
        "_solve",
        r#"
def _solve(factor, b, transposed=False):
    """A^-1 b, or A^-T b, by the factors of A."""
    c, pivots, definite = factor
    by_cholesky = lambda: jax.scipy.linalg.cho_solve((c, True), b)
    by_lu = lambda: jax.scipy.linalg.lu_solve((c, pivots), b, trans=int(transposed))
    return _either(definite, by_cholesky, by_lu)
"#,
    ),
    (
        "_inverse",
        r#"
def _inverse(factor):
    """A^-1 by the factors of A."""
    c, pivots, definite = factor
    by_lu = lambda: jax.scipy.linalg.lu_solve((c, pivots), jnp.eye(c.shape[0], dtype=c.dtype))
    return _either(definite, lambda: _inverse_definite(c), by_lu)


def _inverse_definite(c):
    """(C C^T)^-1 by blocks of the lower triangular C: less than half of the work of solving for the columns of I."""
    n = c.shape[0]
    if n <= 64:
        return jax.scipy.linalg.cho_solve((c, True), jnp.eye(n, dtype=c.dtype))
    h = n // 2
    w = jax.lax.linalg.triangular_solve(c[:h, :h], c[h:, :h], left_side=False, lower=True)
    last = _inverse_definite(c[h:, h:])
    across = last @ w
    return jnp.block([[_inverse_definite(c[:h, :h]) + w.T @ across, -across.T], [-across, last]])
"#,
    ),
    (
        "_log_abs_det",
        r#"
def _log_abs_det(factor):
    """log |det A| by the factors of A."""
    logs = jnp.log(jnp.abs(jnp.diag(factor[0]))).sum()
    return _either(factor[2], lambda: 2 * logs, lambda: logs)
"#,
    ),
    (
        "_det_sign",
        r#"
def _det_sign(factor):
    """The sign of det A by the factors of A."""
    c, pivots, definite = factor
    one = jnp.ones((), c.dtype)

    def of_lu():
        swaps = jnp.count_nonzero(pivots != jnp.arange(pivots.size))
        return jnp.sign(jnp.diag(c)).prod() * (1 - 2 * (swaps % 2)).astype(c.dtype)

    return _either(definite, lambda: one, of_lu)
"#,
    ),
    (
        "_det",
        r#"
def _det(factor):
    """det A by the factors of A."""
    c, pivots, definite = factor

    def of_lu():
        swaps = jnp.count_nonzero(pivots != jnp.arange(pivots.size))
        return jnp.diag(c).prod() * (1 - 2 * (swaps % 2)).astype(c.dtype)

    return _either(definite, lambda: jnp.square(jnp.diag(c)).prod(), of_lu)
"#,
    ),
];
