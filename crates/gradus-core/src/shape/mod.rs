//! Shapes: symbolic sizes, their unification over a whole document, and elaboration of syntax trees into the core.
//!
//! Elaboration has two passes. The first gives every name and subterm a shape, with unknowns where nothing is declared,
//! and unifies sizes as products, sums and functions demand. The second, when all sizes are known, builds expressions.
//! Whether something is a scalar, a vector or a matrix is decided by declarations and by the convention for undeclared
//! names, never by a size that turns out to be 1 later.

mod algebra;
mod arrays;
mod calls;
mod clash;
mod document;
mod environment;
mod factors;
mod fields;
mod fresh;
mod indices;
mod infer;
mod kinds;
mod labels;
mod lagrangian;
mod losses;
mod mend;
mod names;
mod prelude;
mod slope;
mod stacks;
mod stand_ins;
mod term;
mod unfold;
mod unify;

pub use document::{Given, elaborate, elaborate_given};
pub use environment::Environment;
pub use indices::free_letters;
pub use lagrangian::{Lagrangian, elaborate_lagrangian};
pub use mend::proposed;

use crate::diag::{Error, Kind};
use crate::expr::{Builtin, Elementwise, Expr, Name, Op, Shape, Variable, is_zero, ones, zeros};
use crate::syntax::{Ast, parse_expression};
use infer::{Elaborator, KnownVariable, Mode};
use names::UserFunction;
use term::{Finisher, Term};

/// Reads a claim, a target or a printed result: every name must be known. `expected` gives bare `I` and `𝟏` a size
/// where nothing else does, and turns a lone `0` into zeros; it is not demanded.
///
/// # Errors
/// Unknown names, shape clashes, and arrays whose size nothing fixes.
pub fn elaborate_expression(ast: &Ast, environment: &Environment, expected: Option<&Shape>) -> Result<Expr, Error> {
    let expr = elaborate_with(ast, None, environment, expected, Mode::Expression)?;
    Ok(zeros_where_expected(expr, expected))
}

/// A lone 0 is the zero of the shape that is expected.
fn zeros_where_expected(expr: Expr, expected: Option<&Shape>) -> Expr {
    match expected {
        Some(shape) if expr.is_scalar() && is_zero(&expr) => zeros(shape),
        Some(_) | None => expr,
    }
}

/// Parses and elaborates a claim or a target; errors quote its text.
///
/// # Errors
/// Those of the parser, and as for [`elaborate_expression`].
pub fn read_expression(text: &str, environment: &Environment, expected: Option<&Shape>) -> Result<Expr, Error> {
    let ast = parse_expression(text, &environment.scope(false))?;
    let expr = elaborate_with(&ast, Some(text), environment, expected, Mode::Expression)?;
    Ok(zeros_where_expected(expr, expected))
}

/// Reads one side of a rule: nodes stay as written, `…` is the rest of a sum or of an elementwise product, `d(A)` a
/// differential and `ip(G, A)` an inner product.
///
/// # Errors
/// As for [`elaborate_expression`].
pub fn elaborate_pattern(ast: &Ast, environment: &Environment, expected: Option<&Shape>) -> Result<Expr, Error> {
    let expr = elaborate_with(ast, None, environment, expected, Mode::Pattern)?;
    Ok(match (expected, expr.op()) {
        (Some(shape), Op::Number(n)) if n.is_zero() => zeros(shape),
        (Some(shape), Op::Number(n)) if n.is_one() => ones(shape),
        (Some(_) | None, _) => expr,
    })
}

fn elaborate_with(
    ast: &Ast,
    text: Option<&str>,
    environment: &Environment,
    expected: Option<&Shape>,
    mode: Mode,
) -> Result<Expr, Error> {
    let mut elaborator = Elaborator::new(mode);
    elaborator.text = text;
    elaborator.sizes.rigid = true;
    for (name, Variable { name: symbol, shape }) in &environment.variables {
        let known = KnownVariable { symbol: symbol.clone(), shape: shape.clone(), span: None, declared: true };
        elaborator.variables.insert(name.clone(), known);
    }
    elaborator.functions = environment.functions.clone();
    elaborator.fields = environment.fields.clone();
    elaborator.size_names = environment.sizes.clone();
    for f in &environment.defined_functions {
        let function = UserFunction { parameters: &f.parameters, body: &f.body, span: f.span, foreign: true };
        elaborator.user_functions.insert(f.name.clone(), function);
    }
    let read = match mode {
        Mode::Expression | Mode::Document => Some(indices::expression(ast, environment).map_err(indices::spoken)?),
        Mode::Pattern => None,
    };
    if let Some(read) = &read {
        read.enter(environment, &mut elaborator);
    }
    finished(&mut elaborator, ast, read.as_ref(), environment, expected).map_err(indices::spoken)
}

/// Elaborates what was read, and puts its indices in their places.
fn finished<'a>(
    elaborator: &mut Elaborator<'a>,
    ast: &'a Ast,
    read: Option<&'a indices::ReadExpression>,
    environment: &Environment,
    expected: Option<&Shape>,
) -> Result<Expr, Error> {
    let pattern = elaborator.mode == Mode::Pattern;
    let before = read.map_or(Ok(vec![]), |r| r.terms(environment, elaborator))?;
    let term = elaborator.expression(read.map_or(ast, |r| &r.value))?;
    if let Some(shape) = expected.filter(|s| !s.is_scalar()) {
        // A claim of another shape is wrong, not malformed: whoever compares will say so.
        let _ = elaborator.sizes.unify_shapes(term.shape(), shape, ast.span);
    }
    elaborator.sizes.settle();
    elaborator.sizes.close_literals();
    before.iter().chain([&term]).try_for_each(|t| check_settled(elaborator, t))?;
    let ranges = read.map(|r| r.ranges(environment, elaborator)).transpose()?;
    let mut finisher = Finisher::new(&mut elaborator.sizes, pattern);
    let before = before.iter().map(|t| finisher.finish(t)).collect::<Result<Vec<_>, _>>()?;
    let value = finisher.finish(&term)?;
    Ok(match (read, &ranges) {
        (Some(read), Some(ranges)) => read.filled(before, &value, ranges),
        (Some(_) | None, _) => value,
    })
}

/// In a single expression every size must be known.
fn check_settled(elaborator: &mut Elaborator<'_>, term: &Term) -> Result<(), Error> {
    let mut stack = vec![term];
    while let Some(t) = stack.pop() {
        if t.args().is_empty() {
            let shape = t.shape().clone();
            let open = [shape.rows, shape.cols].iter().any(|s| !elaborator.sizes.open_in(s).is_empty());
            if open {
                return Err(Error::new(Kind::Shape, "the size of this is not known")
                    .at(t.span(), "nothing here fixes its size")
                    .help("write it with its size: `eye(n)`, `ones(n)`"));
            }
        }
        stack.extend(t.args());
    }
    Ok(())
}

/// The known name that was probably meant: equal but for case, or few letters away.
fn closest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let allowed = match name.chars().count() {
        0..=1 => 0,
        2..=6 => 1,
        _ => 2,
    };
    let distance = |other: &str| {
        // norm2 is read as norm_2
        let [name, other] = [name, other].map(|n| n.replace('_', ""));
        if other.to_lowercase() == name.to_lowercase() { 0 } else { strsim::osa_distance(&name, &other) }
    };
    known.map(|other| (distance(other), other)).filter(|(d, _)| *d <= allowed).min().map(|(_, other)| other)
}

/// Functions other languages have, and how they are written here.
const FOREIGN: &[(&str, &str)] = &[
    ("transpose", "the transpose is `X^T`"),
    ("trans", "the transpose is `X^T`"),
    ("inverse", "the inverse is `inv(X)` or `X^-1`"),
    ("trace", "the trace is `tr(X)`"),
    ("determinant", "the determinant is `det(X)`"),
    ("frobenius", "the Frobenius norm is `normF(X)`"),
    ("hadamard", "the elementwise product is `A .* B`"),
    ("kron", "the Kronecker product is `A ⊗ B`"),
    ("outer", "the outer product is `x y^T`"),
    ("matmul", "the product is `A B`"),
    ("logistic", "the logistic function is `sigmoid(x)`"),
    ("square", "the elementwise square is `x.^2`"),
    ("pow", "the elementwise power is `x.^p`"),
    ("average", "the mean is `mean(x)`"),
];

/// What was probably meant by a function nobody knows.
fn similar_function<'n>(name: &Name, known: impl Iterator<Item = &'n Name>) -> Option<String> {
    let text = name.as_str();
    if let Some((_, help)) = FOREIGN.iter().find(|(foreign, _)| *foreign == text.to_lowercase()) {
        return Some((*help).to_owned());
    }
    let spellings = names::FUNCTIONS
        .iter()
        .copied()
        .chain(crate::syntax::prelude::names())
        .chain(Elementwise::all_spellings())
        .chain(Builtin::all_spellings());
    let spellings = spellings.map(|s| -> &'n str { s });
    let known: Vec<&str> =
        known.map(Name::as_str).chain(spellings).filter(|s| s.chars().count() > 1 && *s != text).collect();
    closest(text, known.into_iter()).map(|other| format!("did you mean `{other}`?"))
}
