//! Claims that are right about something else: the derivative by another name, with the slope of another function, before
//! a sum is taken, of independent entries alone.

use super::asked::Question;
use super::material::Material;
use super::slip::{Slip, SlipKind};
use super::trial::{Trial, TrialPoint};
use crate::derive::Form;
use crate::diag::Span;
use crate::eval::{self, Matrix, Values, agree, automatic_derivative, evaluate};
use crate::expr::{
    Axis, Builtin, Elementwise, Expr, Function, Map, Op, Purpose, Shape, Symbol, add, builtin, had, map, neg, ones,
    pow, variable,
};
use crate::program::{Definition, Input, Program};

/// More applications of functions than this are not tried.
const MAX_FUNCTIONS: usize = 8;

/// The rival that the claim is, the simplest first.
pub(super) fn find(question: &Question, trial: &Trial, claim: &Expr, material: &Material) -> Option<Slip> {
    let alike = || unsummed(trial, claim).or_else(|| times_an_array(trial, claim, material));
    alike().or_else(|| {
        let named = || independent(trial, claim).or_else(|| other_slope(question, trial, claim, &slopes));
        is_gradient(question).then(|| named().or_else(|| other_name(question, trial, claim))).flatten()
    })
}

/// What is said when nothing else explains the claim: a slope is missing whose function has no name in the result, or only
/// a scalar is wrong.
pub(super) fn last(question: &Question, trial: &Trial, claim: &Expr) -> Option<Slip> {
    let none = |f: &Expr| vec![ones(f.shape())];
    let missing = is_gradient(question).then(|| other_slope(question, trial, claim, &none)).flatten();
    missing.or_else(|| unknown_scalar(trial, claim))
}

/// A first derivative in the shape convention, every entry counted as free.
fn is_gradient(question: &Question) -> bool {
    question.order() == 1 && question.form == Form::Shape && question.is_free()
}

/// The sum over the rows of a batch is forgotten, or over the columns, or over everything.
fn unsummed(trial: &Trial, claim: &Expr) -> Option<Slip> {
    if *claim.shape() == trial.shape {
        return None;
    }
    let sums = [Axis::Cols, Axis::Rows, Axis::All].map(|axis| builtin(Builtin::Sum(axis), claim.clone()));
    let corrected = sums.into_iter().find(|sum| trial.fits(sum))?;
    Some(Slip { after: Some(corrected.clone()), ..Slip::new(SlipKind::SumMissing, Some(corrected)) })
}

/// A scalar claim lacks the array it scales.
fn times_an_array(trial: &Trial, claim: &Expr, material: &Material) -> Option<Slip> {
    if !claim.is_scalar() || trial.shape.is_scalar() {
        return None;
    }
    let arrays = material.factors.iter().chain(&material.names).filter(|f| *f.shape() == trial.shape);
    arrays.flat_map(|f| [f.clone(), neg(f.clone())]).find_map(|f| {
        let corrected = had(vec![claim.clone(), f.clone()]);
        let slip = || Slip { after: Some(f.clone()), ..Slip::new(SlipKind::FactorMissing, Some(corrected.clone())) };
        trial.fits(&corrected).then(slip)
    })
}

/// G + Gᵀ − G ∘ I, where G is right: the derivative by the entries of one triangle of a symmetric matrix.
fn independent(trial: &Trial, claim: &Expr) -> Option<Slip> {
    let square = trial.shape.is_square() && !trial.shape.is_scalar() && *claim.shape() == trial.shape;
    let is = |(value, point): (&Matrix<f64>, &TrialPoint)| {
        let truth = &point.truth;
        let mut folded = (truth + &truth.t()).into_shared();
        (0..truth.nrows()).for_each(|i| folded[(i, i)] = truth[(i, i)]);
        agree(value, &folded) && !agree(&folded, truth)
    };
    let values = trial.values(claim).filter(|_| square)?;
    values.iter().zip(&trial.points).all(is).then(|| Slip::new(SlipKind::IndependentEntries, None))
}

/// The derivative by another name of the document.
fn other_name(question: &Question, trial: &Trial, claim: &Expr) -> Option<Slip> {
    let values = trial.values(claim)?;
    let program = &question.program;
    let inputs = program.inputs.iter().filter(|i| !i.is_constant()).map(|i| (&i.name, &i.shape));
    let definitions = program.definitions.iter().map(|d| (&d.name, d.value.shape()));
    let asked = |name: &Symbol| *name == question.of || question.wrt.parts.iter().any(|(n, _)| n == name);
    let others = definitions.rev().chain(inputs).filter(|(n, shape)| !asked(n) && **shape == *claim.shape());
    let is = |(name, _): &(&Symbol, &Shape)| {
        let by = |p: &TrialPoint| derivative(program, &question.of, name, &p.values);
        trial.points.iter().zip(&values).all(|(p, v)| by(p).is_some_and(|d| agree(v, &d) && !is_zero(&d)))
    };
    let (name, shape) = others.into_iter().find(is)?;
    Some(Slip { after: Some(variable(name, shape)), ..Slip::new(SlipKind::OtherName, None) })
}

fn is_zero(a: &Matrix<f64>) -> bool {
    a.iter().all(|x| *x == 0.0)
}

fn derivative(program: &Program, of: &Symbol, by: &Symbol, values: &Values) -> Option<Matrix<f64>> {
    automatic_derivative(program, of, std::slice::from_ref(by), eval::ClaimedForm::Shape, values).ok()
}

/// Another slope is taken for that of a function: the sigmoid's for tanh', the value for a mask, one entry by one for a
/// softmax, none at all.
fn other_slope(question: &Question, trial: &Trial, claim: &Expr, slopes: &dyn Fn(&Expr) -> Vec<Expr>) -> Option<Slip> {
    let values = trial.values(claim).filter(|_| *claim.shape() == trial.shape)?;
    let mut applied = vec![];
    question.program.definitions.iter().for_each(|d| applications(&d.value, &mut applied));
    applied.into_iter().take(MAX_FUNCTIONS).find_map(|f| {
        let slope = slopes(&f).into_iter().find(|slope| {
            let with = |p: &TrialPoint| with_slope(question, &f, slope, &p.values);
            trial.points.iter().zip(&values).all(|(p, v)| with(p).is_some_and(|d| agree(v, &d)))
        })?;
        let called = |e: &Expr| e.rewrite(&mut |e| name_of(&question.program, &e).unwrap_or(e));
        let is_none = slope == ones(f.shape());
        Some(Slip {
            before: (!is_none).then(|| called(&slope)),
            after: Some(called(&f)),
            ..Slip::new(SlipKind::OtherSlope, None)
        })
    })
}

/// A term that a definition gives a name to.
fn name_of(program: &Program, e: &Expr) -> Option<Expr> {
    let d = program.definitions.iter().find(|d| d.value == *e && !e.args().is_empty() && d.name != Symbol::Bare)?;
    Some(variable(&d.name, d.value.shape()))
}

/// f(u) and softmax(u), each once.
fn applications(e: &Expr, found: &mut Vec<Expr>) {
    e.args().iter().for_each(|a| applications(a, found));
    let is_function = matches!(e.op(), Op::Map(Map { function: Function::Builtin(_), order: 0 }));
    let applied = is_function || matches!(e.op(), Op::Builtin(Builtin::Softmax(_)));
    if applied && !found.contains(e) {
        found.push(e.clone());
    }
}

/// Functions of hidden layers, of which the slopes are taken for each other's.
const ACTIVATIONS: [Elementwise; 5] =
    [Elementwise::Sigmoid, Elementwise::Tanh, Elementwise::Relu, Elementwise::Softplus, Elementwise::Gelu];

/// What people take for the slope of f(u), in terms of its value h: h ∘ (1 − h), 1 − h², h itself, f'(h), σ'(u) and tanh'(u).
fn slopes(f: &Expr) -> Vec<Expr> {
    let one = || ones(f.shape());
    let square = pow(f.clone(), crate::expr::integer(2));
    let mut slopes =
        vec![had(vec![f.clone(), add(vec![one(), neg(f.clone())])]), add(vec![one(), neg(square)]), f.clone()];
    if let Op::Map(Map { function, .. }) = f.op() {
        slopes.push(map(function.clone(), 1, f.clone()));
        let is_activation = matches!(function, Function::Builtin(own) if ACTIVATIONS.contains(own));
        let others = [Elementwise::Sigmoid, Elementwise::Tanh].map(Function::Builtin);
        let others = others.into_iter().filter(|other| is_activation && other != function);
        slopes.extend(others.map(|other| map(other, 1, f.args()[0].clone())));
    }
    slopes
}

/// The derivative where f(u) is replaced by c + w ∘ (u − u₀), which has its value and the slope w.
fn with_slope(question: &Question, f: &Expr, slope: &Expr, values: &Values) -> Option<Matrix<f64>> {
    let [(by, _)] = question.wrt.parts.as_slice() else { return None };
    let u = &f.args()[0];
    let parts = [f, slope, u].map(|e| evaluate(e, values).ok());
    let names = [1, 2, 3].map(|i| Symbol::made(Purpose::Repeated, vec![question.of.clone()], LINE + i));
    let [value, weight, at] = [0, 1, 2].map(|i| variable(&names[i], f.shape()));
    let line = add(vec![value, had(vec![weight, add(vec![u.clone(), neg(at)])])]);
    let mut values = values.clone();
    for (name, part) in names.iter().zip(parts) {
        values.arrays.insert(name.clone(), part?);
    }
    let mut program = question.program.clone();
    let input = |n: &Symbol| Input {
        name: n.clone(),
        shape: f.shape().clone(),
        attributes: vec![],
        declared: true,
        span: Span::default(),
    };
    program.inputs.extend(names.iter().map(input));
    let replaced = |d: &Definition| Definition {
        value: d.value.rewrite(&mut |e| if e == *f { line.clone() } else { e }),
        ..d.clone()
    };
    program.definitions = program.definitions.iter().map(replaced).collect();
    derivative(&program, &question.of, by, &values)
}

/// Numbers of made-up names that nothing else has.
const LINE: usize = 1_000_000;

/// The claim is right but for a scalar that no term of the document is.
fn unknown_scalar(trial: &Trial, claim: &Expr) -> Option<Slip> {
    trial.ratios(claim).filter(|_| !trial.shape.is_scalar()).map(|_| Slip::new(SlipKind::ScalarFactor, None))
}
