//! NumPy, with SciPy where a matrix is factored or erf is needed.

use super::assemble::File;
use super::batches;
use super::dialect::{Dialect, Spelled, Texts, Tightness};
use super::plan::Operation;
use super::python::{self, PythonWriter};
use crate::diag::Error;
use crate::expr::{Axis, Elementwise};

struct NumPy;

/// The file.
pub fn file(file: &File) -> Result<String, Error> {
    python::file(file, &NumPy)
}

impl Dialect for NumPy {
    fn module(&self) -> &'static str {
        "np"
    }

    fn imports(&self, scipy: bool) -> String {
        let more = if scipy { "import scipy.linalg\nimport scipy.special\n" } else { "" };
        format!("import numpy as np\n{more}")
    }

    fn map(&self, f: Elementwise) -> Result<&'static str, &'static str> {
        Ok(match f {
            Elementwise::Exp => "np.exp({})",
            Elementwise::Log => "np.log({})",
            Elementwise::Expm1 => "np.expm1({})",
            Elementwise::Log1p => "np.log1p({})",
            Elementwise::Sqrt => "np.sqrt({})",
            Elementwise::Sin => "np.sin({})",
            Elementwise::Cos => "np.cos({})",
            Elementwise::Tan => "np.tan({})",
            Elementwise::Asin => "np.arcsin({})",
            Elementwise::Acos => "np.arccos({})",
            Elementwise::Atan => "np.arctan({})",
            Elementwise::Sinh => "np.sinh({})",
            Elementwise::Cosh => "np.cosh({})",
            Elementwise::Asinh => "np.arcsinh({})",
            Elementwise::Tanh => "np.tanh({})",
            Elementwise::Relu => "np.maximum({}, 0)",
            Elementwise::Erf => "scipy.special.erf({})",
            Elementwise::Lgamma => "scipy.special.gammaln({})",
            Elementwise::Digamma => "scipy.special.digamma({})",
            Elementwise::Trigamma => "scipy.special.polygamma(1, {})",
            Elementwise::Abs => "np.abs({})",
            Elementwise::Sign => "np.sign({})",
            Elementwise::Step => "np.heaviside({}, 0)",
            Elementwise::IsZero => "(1 - np.abs(np.sign({})))",
            Elementwise::Sigmoid => return Err("_sigmoid"),
            Elementwise::Softplus => return Err("_softplus"),
            Elementwise::Gelu => return Err("_gelu"),
            Elementwise::Silu => return Err("_silu"),
        })
    }

    fn helpers(&self) -> [&'static [(&'static str, &'static str)]; 2] {
        [HELPERS, batches::NUMPY]
    }

    /// Sums are added up in blocks, so that what is lost to rounding does not grow with their length.
    fn operation(&self, operation: &Operation, texts: &Texts) -> Option<Spelled> {
        let a = &texts.plain;
        let text = match operation {
            Operation::Inner(..) => format!("np.einsum(\"ij,ij->i\", {}, {}).sum()", a[0], a[1]),
            Operation::Total(_, Axis::Rows) => format!("_sum({}, 1)", a[0]),
            Operation::Total(_, Axis::Cols) => format!("_sum({}, 0)", a[0]),
            _ => return None,
        };
        Some((text, Tightness::Atom))
    }

    fn like(&self) -> (&'static str, &'static str) {
        ("dtype", "dtype=dtype")
    }

    fn unconcerned(&self) -> &'static str {
        "@np.errstate(divide=\"ignore\", invalid=\"ignore\")\n"
    }

    fn epilogue(&self, writer: &PythonWriter) -> String {
        writer.check("")
    }
}

const HELPERS: &[(&str, &str)] = &[
    (
        "_sum",
        r#"
def _sum(x, axis):
    """The sums along an axis, in blocks where NumPy would add one number to the last."""
    if x.shape[axis] < 256 or x.strides[axis] == x.itemsize:
        return x.sum(axis)
    lines = np.moveaxis(x, axis, 0)
    whole = len(lines) // 128 * 128
    blocks = lines[:whole].reshape(-1, 128, *lines.shape[1:])
    return blocks.sum(1).sum(0) + lines[whole:].sum(0)
"#,
    ),
    (
        "_arrays",
        r#"
def _arrays(sizes, *arguments):
    """The arguments in one floating-point type, their sides by name, and that type; an error where sides do not fit."""
    values = [v if isinstance(v, (int, float)) else np.asarray(v) for _, v, _ in arguments]
    dtype = np.result_type(*values) if values else np.dtype(float)
    if not np.issubdtype(dtype, np.floating):
        if np.issubdtype(dtype, np.complexfloating):
            raise TypeError("the arguments must be real")
        dtype = np.dtype(float)
    out = []
    for (name, _, sides), v in zip(arguments, values):
        v = np.asarray(v, dtype=dtype)
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
        "_sigmoid",
        r#"
def _sigmoid(x):
    """1 / (1 + exp(-x)), by the exponential that does not overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, 1) / (1 + e)
"#,
    ),
    (
        "_softplus",
        r#"
def _softplus(x):
    """log(1 + exp(x)), by the exponential that does not overflow."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
"#,
    ),
    (
        "_gelu",
        r#"
def _gelu(x):
    """x times the standard normal distribution function."""
    return 0.5 * x * scipy.special.erfc(-x * 0.7071067811865476)
"#,
    ),
    (
        "_silu",
        r#"
def _silu(x):
    """x times the sigmoid of x."""
    return x * _sigmoid(x)
"#,
    ),
    (
        "_prod_others",
        r#"
def _prod_others(x, axis):
    """At every place the product of all other entries, without dividing."""
    lines = x.reshape(1, -1) if axis is None else np.moveaxis(x, axis, -1)
    one = np.ones_like(lines[..., :1])
    before = np.cumprod(np.concatenate([one, lines[..., :-1]], -1), -1)
    after = np.cumprod(np.concatenate([one, lines[..., :0:-1]], -1), -1)[..., ::-1]
    others = before * after
    return others.reshape(x.shape) if axis is None else np.moveaxis(others, -1, axis)
"#,
    ),
    (
        "_duplication",
        r#"
def _duplication(n, dtype):
    """D with D vech X = vec X for symmetric X."""
    j, i = np.triu_indices(n)
    columns = np.arange(j.size)
    d = np.zeros((n * n, j.size), dtype=dtype)
    d[i + j * n, columns] = 1
    d[j + i * n, columns] = 1
    return d
"#,
    ),
    (
        "_add_diagonal",
        r#"
def _add_diagonal(a, d):
    """A matrix to whose diagonal d is added."""
    a = np.array(a, order="C")
    a.reshape(-1)[:: a.shape[0] + 1] += d
    return a
"#,
    ),
    (
        "_cholesky",
        r#"
def _cholesky(a):
    """The factors of a positive definite matrix."""
    return scipy.linalg.cho_factor(a.T, lower=True, check_finite=False)[0], None
"#,
    ),
    (
        "_lu",
        r#"
def _lu(a):
    """The factors of a square matrix."""
    return scipy.linalg.lu_factor(a, check_finite=False)
"#,
    ),
    (
        "_factor_symmetric",
        r#"
def _factor_symmetric(a):
    """The factors of a symmetric matrix: by Cholesky where it is positive definite."""
    try:
        return _cholesky(a)
    except np.linalg.LinAlgError:
        return _lu(a)
"#,
    ),
    (
        "_solve",
        r#"
def _solve(factor, b, transposed=False):
    """A^-1 b, or A^-T b, by the factors of A."""
    if factor[1] is None:
        return scipy.linalg.cho_solve((factor[0], True), b, check_finite=False)
    return scipy.linalg.lu_solve(factor, b, trans=int(transposed), check_finite=False)
"#,
    ),
    (
        "_inverse",
        r#"
def _inverse(factor):
    """A^-1 by the factors of A."""
    if factor[1] is None:
        (potri,) = scipy.linalg.get_lapack_funcs(("potri",), factor[:1])
        lower = np.tril(potri(factor[0], lower=1)[0])
        return lower + np.tril(lower, -1).T
    (getri,) = scipy.linalg.get_lapack_funcs(("getri",), factor[:1])
    return getri(*factor, lwork=64 * factor[0].shape[0])[0]
"#,
    ),
    (
        "_log_abs_det",
        r#"
def _log_abs_det(factor):
    """log |det A| by the factors of A."""
    logs = np.log(np.abs(np.diag(factor[0]))).sum()
    return 2 * logs if factor[1] is None else logs
"#,
    ),
    (
        "_det_sign",
        r#"
def _det_sign(factor):
    """The sign of det A by the factors of A."""
    lu, pivots = factor
    if pivots is None:
        return np.ones((), lu.dtype)
    swaps = np.count_nonzero(pivots != np.arange(pivots.size))
    return np.sign(np.diag(lu)).prod() * (-1) ** swaps
"#,
    ),
    (
        "_det",
        r#"
def _det(factor):
    """det A by the factors of A."""
    lu, pivots = factor
    if pivots is None:
        return np.square(np.diag(lu)).prod()
    swaps = np.count_nonzero(pivots != np.arange(pivots.size))
    return np.diag(lu).prod() * (-1) ** swaps
"#,
    ),
];
