//! PyTorch: functions of tensors, and one that autograd differentiates by the derivatives of the file.

use super::assemble::File;
use super::batches;
use super::dialect::{Dialect, Spelled, Texts, Tightness};
use super::plan::Operation;
use super::python::{self, PythonWriter};
use crate::diag::Error;
use crate::expr::{Axis, Elementwise};

struct Torch;

/// The file.
pub fn file(file: &File) -> Result<String, Error> {
    python::file(file, &Torch)
}

impl Dialect for Torch {
    fn module(&self) -> &'static str {
        "torch"
    }

    fn imports(&self, _: bool) -> String {
        "import numpy as np\nimport torch\n".into()
    }

    fn map(&self, f: Elementwise) -> Result<&'static str, &'static str> {
        Ok(match f {
            Elementwise::Exp => "torch.exp({})",
            Elementwise::Log => "torch.log({})",
            Elementwise::Expm1 => "torch.expm1({})",
            Elementwise::Log1p => "torch.log1p({})",
            Elementwise::Sqrt => "torch.sqrt({})",
            Elementwise::Sin => "torch.sin({})",
            Elementwise::Cos => "torch.cos({})",
            Elementwise::Tan => "torch.tan({})",
            Elementwise::Asin => "torch.asin({})",
            Elementwise::Acos => "torch.acos({})",
            Elementwise::Atan => "torch.atan({})",
            Elementwise::Sinh => "torch.sinh({})",
            Elementwise::Cosh => "torch.cosh({})",
            Elementwise::Asinh => "torch.asinh({})",
            Elementwise::Tanh => "torch.tanh({})",
            Elementwise::Sigmoid => "torch.sigmoid({})",
            Elementwise::Relu => "torch.relu({})",
            Elementwise::Erf => "torch.erf({})",
            Elementwise::Lgamma => "torch.lgamma({})",
            Elementwise::Digamma => "torch.digamma({})",
            Elementwise::Trigamma => "torch.polygamma(1, {})",
            Elementwise::Abs => "torch.abs({})",
            Elementwise::Sign => "torch.sign({})",
            Elementwise::Softplus => return Err("_softplus"),
            Elementwise::Step => return Err("_step"),
            Elementwise::IsZero => "(1 - torch.abs(torch.sign({})))",
            Elementwise::Gelu => return Err("_gelu"),
            Elementwise::Silu => return Err("_silu"),
        })
    }

    fn helpers(&self) -> [&'static [(&'static str, &'static str)]; 2] {
        [HELPERS, batches::TORCH]
    }

    fn operation(&self, operation: &Operation, texts: &Texts) -> Option<Spelled> {
        let Texts { atoms, plain, shape, .. } = texts;
        let atom = |text: String| Some((text, Tightness::Atom));
        match operation {
            Operation::Fill(_) => Some((format!("{} * torch.ones({shape}, **like)", atoms[0]), Tightness::Product)),
            Operation::Repeat(_, Axis::Rows) => atom(format!("{}.expand{shape}", atoms[0])),
            Operation::Repeat(..) => atom(format!("{}[:, None].expand{shape}", atoms[0])),
            Operation::Inner(..) => atom(format!("torch.sum({} * {})", atoms[0], atoms[1])),
            // older versions look at its factors as they lie
            Operation::Kron(..) => atom(format!("torch.kron({}.contiguous(), {}.contiguous())", atoms[0], atoms[1])),
            Operation::Largest(_, Axis::All) => atom(format!("{}.max()", atoms[0])),
            Operation::Largest(_, Axis::Rows) => atom(format!("{}.amax(1)", atoms[0])),
            Operation::Largest(_, Axis::Cols) => atom(format!("{}.amax(0)", atoms[0])),
            Operation::AsMatrix(..) => atom(format!("torch.as_tensor({}, **like).reshape({shape})", plain[0])),
            Operation::Block(_, cols) => {
                let row = |row: &[String]| format!("torch.cat([{}], 1)", row.join(", "));
                let rows: Vec<String> = plain.chunks(*cols).map(row).collect();
                atom(format!("torch.cat([{}], 0)", rows.join(", ")))
            }
            Operation::Concatenate(_) => atom(format!("torch.cat([{}])", plain.join(", "))),
            _ => None,
        }
    }

    fn like(&self) -> (&'static str, &'static str) {
        ("like", "**like")
    }

    fn epilogue(&self, writer: &PythonWriter) -> String {
        differentiable(writer) + &writer.check("torch.as_tensor")
    }
}

/// The value as a function that autograd knows. What was not derived by is refused where a gradient by it is asked for.
fn differentiable(writer: &PythonWriter) -> String {
    let gradients = writer.gradients();
    if gradients.is_empty() {
        return String::new();
    }
    let key = |i: usize| gradients.iter().find(|(k, _)| *k == i).map_or("None".to_owned(), |(_, key)| key.clone());
    let keys: Vec<String> = (0..writer.inputs.len()).map(key).collect();
    let keywords: Vec<String> = writer.keywords().iter().map(|k| format!("\"{k}\": {k}")).collect();
    DIFFERENTIABLE
        .replace("PARAMETERS", &writer.parameters())
        .replace("KEYS", &python::tuple(&keys))
        .replace("KEYWORDS", &keywords.join(", "))
        .replace("ARGUMENTS", &writer.inputs.join(", "))
}

const DIFFERENTIABLE: &str = r#"

class Function(torch.autograd.Function):
    """The value, differentiated once by the derivatives of this file."""

    keys = KEYS

    @staticmethod
    def forward(ctx, keywords, *arguments):
        if not any(ctx.needs_input_grad):
            return value(*arguments, **keywords)
        result, derivatives = value_and_grad(*arguments, **keywords)
        ctx.save_for_backward(*(derivatives[key] for key in Function.keys if key is not None))
        return result

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, g):
        saved = iter(ctx.saved_tensors)
        found = [None if key is None else next(saved) for key in Function.keys]
        for derivative, needed in zip(found, ctx.needs_input_grad[1:]):
            if needed and derivative is None:
                raise ValueError("an argument requires a gradient that was not derived")
        return None, *(g * d if needed else None for d, needed in zip(found, ctx.needs_input_grad[1:]))


def function(PARAMETERS):
    """The value, which autograd differentiates by the derivatives of this file."""
    return Function.apply({KEYWORDS}, ARGUMENTS)
"#;

const HELPERS: &[(&str, &str)] = &[
    (
        "_arrays",
        r#"
def _arrays(sizes, *arguments):
    """The arguments in one floating-point type, their sides by name, and what new tensors are like; an error where sides
    do not fit."""
    tensors = [v for _, v, _ in arguments if isinstance(v, torch.Tensor)]
    dtype = torch.get_default_dtype()
    floating = [v.dtype for v in tensors if v.dtype.is_floating_point and v.ndim > 0]
    floating = floating or [v.dtype for v in tensors if v.dtype.is_floating_point]
    for k, other in enumerate(floating):
        dtype = other if k == 0 else torch.promote_types(dtype, other)
    like = {"dtype": dtype, "device": tensors[0].device if tensors else None}
    out = []
    for name, v, sides in arguments:
        v = torch.as_tensor(v, **like)
        sides = sides.split()
        if v.ndim != len(sides):
            raise ValueError(f"{name}: expected the shape ({', '.join(sides)}), got {tuple(v.shape)}")
        for side, n in zip(sides, v.shape):
            known = int(side) if side.isdigit() else sizes.setdefault(side, n)
            if known != n:
                raise ValueError(
                    f"{name}: expected the shape ({', '.join(sides)}) with {side} = {known}, got {tuple(v.shape)}"
                )
        out.append(v)
    return out, sizes, like
"#,
    ),
    (
        "_softplus",
        r#"
def _softplus(x):
    """log(1 + exp(x)), by the exponential that does not overflow."""
    return torch.relu(x) + torch.log1p(torch.exp(-torch.abs(x)))
"#,
    ),
    (
        "_step",
        r#"
def _step(x):
    """1 where x > 0, else 0."""
    return (x > 0).to(x.dtype)
"#,
    ),
    (
        "_gelu",
        r#"
def _gelu(x):
    """x times the standard normal distribution function."""
    return 0.5 * x * torch.erfc(-x * 0.7071067811865476)
"#,
    ),
    (
        "_silu",
        r#"
def _silu(x):
    """x times the sigmoid of x."""
    return x * torch.sigmoid(x)
"#,
    ),
    (
        "_prod_others",
        r#"
def _prod_others(x, axis):
    """At every place the product of all other entries, without dividing."""
    lines = x.reshape(1, -1) if axis is None else torch.movedim(x, axis, -1)
    one = torch.ones_like(lines[..., :1])
    before = torch.cumprod(torch.cat([one, lines[..., :-1]], -1), -1)
    after = torch.flip(torch.cumprod(torch.cat([one, torch.flip(lines[..., 1:], (-1,))], -1), -1), (-1,))
    others = before * after
    return others.reshape(x.shape) if axis is None else torch.movedim(others, -1, axis)
"#,
    ),
    (
        "_duplication",
        r#"
def _duplication(n, like):
    """D with D vech X = vec X for symmetric X."""
    j, i = (torch.as_tensor(k) for k in np.triu_indices(n))
    columns = torch.arange(len(j))
    d = torch.zeros((n * n, len(j)), **like)
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
    a = a.clone()
    a.diagonal().add_(d)
    return a
"#,
    ),
    (
        "_cholesky",
        r#"
def _cholesky(a):
    """The factors of a positive definite matrix."""
    return torch.linalg.cholesky(a), None
"#,
    ),
    (
        "_lu",
        r#"
def _lu(a):
    """The factors of a square matrix."""
    return torch.linalg.lu_factor(a)
"#,
    ),
    (
        "_factor_symmetric",
        r#"
def _factor_symmetric(a):
    """The factors of a symmetric matrix: by Cholesky where it is positive definite."""
    c, failed = torch.linalg.cholesky_ex(a)
    return _lu(a) if failed else (c, None)
"#,
    ),
    (
        "_solve",
        r#"
def _solve(factor, b, transposed=False):
    """A^-1 b, or A^-T b, by the factors of A."""
    columns = b[:, None] if b.ndim == 1 else b
    if factor[1] is None:
        solved = torch.cholesky_solve(columns, factor[0])
    elif not transposed:
        solved = torch.lu_solve(columns, *factor)
    else:
        p, lower, upper = torch.lu_unpack(*factor)
        half = torch.linalg.solve_triangular(upper.T, columns, upper=False)
        solved = p @ torch.linalg.solve_triangular(lower.T, half, upper=True, unitriangular=True)
    return solved[:, 0] if b.ndim == 1 else solved
"#,
    ),
    (
        "_inverse",
        r#"
def _inverse(factor):
    """A^-1 by the factors of A."""
    if factor[1] is None:
        return torch.cholesky_inverse(factor[0])
    return _solve(factor, torch.eye(len(factor[0]), dtype=factor[0].dtype, device=factor[0].device))
"#,
    ),
    (
        "_log_abs_det",
        r#"
def _log_abs_det(factor):
    """log |det A| by the factors of A."""
    logs = torch.log(torch.abs(torch.diagonal(factor[0]))).sum()
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
        return torch.ones((), dtype=lu.dtype, device=lu.device)
    swaps = torch.count_nonzero(pivots != torch.arange(1, len(pivots) + 1, device=pivots.device))
    return torch.sign(torch.diagonal(lu)).prod() * (-1) ** int(swaps)
"#,
    ),
    (
        "_det",
        r#"
def _det(factor):
    """det A by the factors of A."""
    lu, pivots = factor
    if pivots is None:
        return torch.square(torch.diagonal(lu)).prod()
    swaps = torch.count_nonzero(pivots != torch.arange(1, len(pivots) + 1, device=pivots.device))
    return torch.diagonal(lu).prod() * (-1) ** int(swaps)
"#,
    ),
];
