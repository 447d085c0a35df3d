//! Changes of an expression that points have to show: each changes one part, by a hundredth or to what the part is near 0
//! or on one side of its kink. Where no point shows a change of a part, agreement at these points says nothing of it.

use crate::expr::{
    ArrayFunction, Axis, Builtin, Elementwise, Expr, Function, Map, Op, Rational, add, as_number, build, builtin, had,
    map, neg, number, ones, pow, sub, zeros,
};
use rustc_hash::FxHashSet as HashSet;

/// A number of more binary digits is held against the short one beside it, …
const SHORT_BITS: u64 = 40;
/// … which differs by no more than this share.
const NEARLY: f64 = 1e-6;
/// Digits before the point, or after it, that a number is looked at for.
const MAX_DIGITS: i64 = 40;
/// A continued fraction ends here.
const MAX_QUOTIENT: f64 = 1e15;

/// More changes of one expression are not tried.
const MAX_MUTANTS: usize = 160;

/// An expression with one part changed.
#[derive(Clone)]
pub struct Mutant {
    /// The part, as it was.
    pub part: Expr,
    /// The part, changed.
    pub changed: Expr,
    /// The whole with the change.
    pub whole: Expr,
    /// Where the change is to be looked for.
    pub guide: Option<Guide>,
    /// Whether a point has shown it.
    pub shown: bool,
    /// Whether one has where the guide leads.
    pub seen: bool,
}

/// What has to come where for a change to show.
#[derive(Clone, Debug, PartialEq)]
pub struct Guide {
    /// What is watched …
    pub watch: Expr,
    /// … as a share of this, if there is something.
    pub beside: Option<Expr>,
    /// An entry of it has to come into one of these intervals.
    pub intervals: Vec<(f64, f64)>,
    /// Between these the part is neither saturated nor switched off, and hides nothing else.
    pub open: (f64, f64),
}

impl Guide {
    fn symmetric(watch: &Expr, low: f64, high: f64) -> Option<Guide> {
        Some(Guide { watch: watch.clone(), beside: None, intervals: window(low, high), open: (-high, high) })
    }
}

/// A change of a part, and where to look for it.
type Mutation = (Expr, Option<Guide>);

const EVERYWHERE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

/// The mutants of an expression; equal parts are changed where they come first.
pub fn mutants(e: &Expr) -> Vec<Mutant> {
    let mut found = Vec::new();
    visit(e, &|part| part, &mut HashSet::default(), &mut found);
    found
}

fn visit(e: &Expr, within: &dyn Fn(Expr) -> Expr, seen: &mut HashSet<Expr>, found: &mut Vec<Mutant>) {
    if found.len() >= MAX_MUTANTS || !seen.insert(e.clone()) {
        return;
    }
    for (changed, guide) in changes(e) {
        let whole = within(changed.clone());
        found.push(Mutant { part: e.clone(), changed, whole, guide, shown: false, seen: false });
    }
    for i in 0..e.args().len() {
        let inside = |part: Expr| {
            let mut args = e.args().to_vec();
            args[i] = part;
            within(build(e.op().clone(), args))
        };
        visit(&e.args()[i], &inside, seen, found);
    }
}

/// The same with a hundredth more.
fn stretched(e: &Expr) -> Expr {
    had(vec![number(Rational::new(101, 100)), e.clone()])
}

fn changes(e: &Expr) -> Vec<Mutation> {
    match e.op() {
        Op::Map(m) => of_function(m, &e.args()[0]),
        Op::Add => e.args().iter().enumerate().map(|(i, t)| of_term(e, i, t)).collect(),
        Op::Pow => vec![of_power(e)],
        Op::Builtin(Builtin::Norm1) => {
            let sum = builtin(Builtin::Sum(Axis::All), e.args()[0].clone());
            either_side(&e.args()[0], [sum.clone(), neg(sum)], EVERYWHERE)
        }
        Op::Builtin(b @ (Builtin::Softmax(_) | Builtin::LogSoftmax(_) | Builtin::LogSumExp)) => {
            vec![(builtin(*b, stretched(&e.args()[0])), Guide::symmetric(&e.args()[0], 0.05, 3.0))]
        }
        Op::Field(f) => f_stretched(f, e.args()),
        Op::Number(n) => [short_beside(n), last_digit(n)].into_iter().flatten().map(|n| (number(n), None)).collect(),
        Op::SizeNumber(_)
        | Op::Constant(_)
        | Op::Variable(_)
        | Op::Ones(_)
        | Op::Zeros(_)
        | Op::Eye(_)
        | Op::Unit(..)
        | Op::Tril(_)
        | Op::Commutation(..)
        | Op::Duplication(_)
        | Op::Had
        | Op::Mul
        | Op::Kron
        | Op::Transpose
        | Op::Inverse
        | Op::MatrixPower(_)
        | Op::Builtin(_)
        | Op::Unvec(..)
        | Op::Block { .. }
        | Op::Slice { .. }
        | Op::Differential
        | Op::Inner => vec![],
    }
}

/// A function of arrays at a point a hundredth further out.
fn f_stretched(f: &ArrayFunction, args: &[Expr]) -> Vec<Mutation> {
    let Some((point, weights)) = args.split_last() else { return vec![] };
    let moved = [weights, &[stretched(point)]].concat();
    vec![(Expr::node(Op::Field(f.clone()), moved), Guide::symmetric(point, 0.05, 3.0))]
}

/// The first short fraction that is nearly a number of many digits: whoever writes 1 + 10⁻¹¹ means another number than 1.
fn short_beside(n: &Rational) -> Option<Rational> {
    let x = n.to_f64();
    if n.bits() <= SHORT_BITS || !x.is_finite() {
        return None;
    }
    let (mut above, mut below, mut rest) = ([1i64, 0], [0i64, 1], x.abs());
    while rest < MAX_QUOTIENT {
        let whole = rest.floor();
        for part in [&mut above, &mut below] {
            *part = [(whole as i64).checked_mul(part[0])?.checked_add(part[1])?, part[0]];
        }
        let short = Rational::new(if x < 0.0 { -above[0] } else { above[0] }, below[0]);
        if (short.to_f64() - x).abs() <= NEARLY * x.abs() {
            return (short != *n && short.bits() < n.bits()).then_some(short);
        }
        rest = 1.0 / (rest - whole);
    }
    None
}

/// A decimal number of many digits with one more in the last of them: whoever writes 3.14159265358979 means no other number.
fn last_digit(n: &Rational) -> Option<Rational> {
    if n.bits() <= SHORT_BITS {
        return None;
    }
    let power = |k: i64| Rational::from(10).pow(k);
    let last = (-MAX_DIGITS..=MAX_DIGITS)
        .rev()
        .filter_map(power)
        .find(|unit| unit.recip().is_some_and(|inverse| (n * &inverse).is_integer()));
    last.map(|unit| n + &unit)
}

fn window(low: f64, high: f64) -> Vec<(f64, f64)> {
    vec![(low, high), (-high, -low)]
}

/// One term of a sum, a hundredth larger: it shows where the others are not much larger.
fn of_term(sum: &Expr, i: usize, term: &Expr) -> Mutation {
    let mut terms = sum.args().to_vec();
    terms[i] = stretched(term);
    let others: Vec<Expr> = sum.args().iter().enumerate().filter(|(j, _)| *j != i).map(|(_, t)| t.clone()).collect();
    let beside = Some(add(others));
    (add(terms), Some(Guide { watch: term.clone(), beside, intervals: window(0.01, 100.0), open: EVERYWHERE }))
}

/// A power of a base a hundredth larger; of a high power the base has to be near 1.
fn of_power(e: &Expr) -> Mutation {
    let changed = pow(stretched(&e.args()[0]), e.args()[1].clone());
    let exponent = as_number(&e.args()[1]).map_or(1.0, |p| p.to_f64().abs());
    let near = (1.0 + 0.1 / exponent, 1.0 + 3.0 / exponent);
    let watch = e.args()[0].clone();
    let intervals = vec![near, (-near.1, -near.0)];
    (changed, (exponent > 8.0).then(|| Guide { watch, beside: None, intervals, open: (-near.1, near.1) }))
}

/// What a function with a kink is on either side of it.
fn either_side(argument: &Expr, [above, below]: [Expr; 2], open: (f64, f64)) -> Vec<Mutation> {
    let guide =
        |interval: (f64, f64)| Some(Guide { watch: argument.clone(), beside: None, intervals: vec![interval], open });
    // what is changed to the branch of one side shows on the other
    vec![(above, guide((f64::NEG_INFINITY, -1e-3))), (below, guide((1e-3, f64::INFINITY)))]
}

fn of_function(m: &Map, a: &Expr) -> Vec<Mutation> {
    use Elementwise::{Abs, IsZero, Relu, Sign, Step};
    let (none, all) = (zeros(a.shape()), ones(a.shape()));
    let positive = (0.0, f64::INFINITY);
    match (&m.function, m.order) {
        (Function::Builtin(Relu), 0) => either_side(a, [a.clone(), none], positive),
        (Function::Builtin(Relu), 1) | (Function::Builtin(Step), 0) => either_side(a, [all, none], positive),
        (Function::Builtin(Abs), 0) => either_side(a, [a.clone(), neg(a.clone())], EVERYWHERE),
        (Function::Builtin(Abs), 1) | (Function::Builtin(Sign), 0) => {
            either_side(a, [all.clone(), neg(all)], EVERYWHERE)
        }
        (Function::Builtin(IsZero), 0) => vec![(none, None), (all, None)],
        (Function::Builtin(Relu | Step | Abs | Sign | IsZero), _) => vec![],
        (Function::Builtin(_) | Function::Abstract(_), _) => of_smooth_function(m, a),
    }
}

/// The function of an argument a hundredth larger, and the tangent at 0 (of log at 1).
fn of_smooth_function(m: &Map, a: &Expr) -> Vec<Mutation> {
    use Elementwise::{Acos, Asin, Cos, Cosh, Exp, Log, Sin, Sinh, Sqrt, Tan};
    let f = |order: u32, at: Expr| map(m.function.clone(), order, at);
    let (low, high) = match &m.function {
        Function::Builtin(Sin | Cos | Tan) => (0.05, 100.0),
        Function::Builtin(Exp | Sinh | Cosh) => (0.05, 20.0),
        Function::Builtin(Asin | Acos) => (0.05, 0.95),
        Function::Builtin(Log | Sqrt) => (1.5, 1e3),
        Function::Builtin(_) | Function::Abstract(_) => (0.05, 3.0),
    };
    let guide = Guide::symmetric(a, low, high);
    let stretched = (f(m.order, stretched(a)), guide.clone());
    let start = match &m.function {
        Function::Builtin(Log) => Some(ones(a.shape())),
        Function::Builtin(Sqrt) => None,
        Function::Builtin(_) | Function::Abstract(_) => Some(zeros(a.shape())),
    };
    let tangent = start.filter(|_| m.order < super::elementwise::MAX_ORDER).map(|start| {
        let rise = had(vec![f(m.order + 1, start.clone()), sub(a.clone(), start.clone())]);
        (add(vec![f(m.order, start), rise]), guide)
    });
    [stretched].into_iter().chain(tangent).collect()
}
