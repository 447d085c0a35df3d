//! A variable that occurs in several places, and a claim that counts only some of them.

use super::asked::Question;
use super::slip::{Slip, SlipKind};
use super::trial::Trial;
use crate::derive::Form;
use crate::diag::{Error, Kind, Span};
use crate::eval::{self, Matrix, Values, agree, automatic_derivative};
use crate::expr::{Expr, Op, Purpose, Shape, Symbol, variable};
use crate::program::{Definition, Input, Program};

/// Variables with more occurrences are not taken apart.
const MAX_OCCURRENCES: usize = 6;
/// Larger documents are not written out.
const MAX_NODES: u64 = 2_000;

/// The claim counts some of the occurrences of the variable it is by, and not the others.
pub fn find(question: &Question, trial: &Trial, claim: &Expr) -> Result<Option<Slip>, Error> {
    // in a derivative the variable occurs where no author wrote it
    let first = Some(question).filter(|q| q.order() == 1);
    let Some((apart, names)) = first.and_then(taken_apart) else { return Ok(None) };
    if claim.shape() != &question.shape {
        return Ok(None);
    }
    let mut counted: Vec<usize> = (1..(1usize << names.len()) - 1).collect();
    counted.sort_by_key(|set| set.count_ones());
    for point in &trial.points {
        let Ok(claimed) = point.value(claim) else { return Ok(None) };
        let Some(parts) = contributions(question, &apart, &names, &point.values)? else { return Ok(None) };
        counted.retain(|set| agree(&claimed, &sum(&parts, *set)));
    }
    let slip = |set: &usize| Slip {
        counted: Some((set.count_ones() as usize, names.len())),
        ..Slip::new(SlipKind::Occurrences, None)
    };
    Ok(counted.first().map(slip))
}

/// The document with every occurrence of the variable a variable of its own.
fn taken_apart(question: &Question) -> Option<(Program, Vec<Symbol>)> {
    let [(name, shape)] = question.wrt.parts.as_slice() else { return None };
    if !question.is_free() {
        return None;
    }
    let value = written_out(&question.program, &question.of, name)?;
    let mut names: Vec<Symbol> = vec![];
    let apart = apart(&value, name, shape, &mut names);
    if names.len() < 2 || names.len() > MAX_OCCURRENCES {
        return None;
    }
    let span = Span::default();
    let input = |n: &Symbol| Input { name: n.clone(), shape: shape.clone(), attributes: vec![], declared: false, span };
    let mut program = question.program.clone();
    program.inputs.extend(names.iter().map(input));
    program.definitions = vec![Definition { name: question.of.clone(), value: apart, written: None, span }];
    Some((program, names))
}

/// The value of `of` in terms of inputs and of the variable itself.
fn written_out(program: &Program, of: &Symbol, keep: &Symbol) -> Option<Expr> {
    let start = program.definition(of)?.value.clone();
    let earlier = program.definitions.iter().rev().filter(|d| d.name != *keep && d.name != *of);
    earlier.into_iter().try_fold(start, |e, d| {
        let e = if e.mentions(&d.name) { e.substitute(&|n| (*n == d.name).then(|| d.value.clone())) } else { e };
        (e.nodes() <= MAX_NODES).then_some(e)
    })
}

/// Left to right, each occurrence is a variable of its own.
fn apart(e: &Expr, name: &Symbol, shape: &Shape, names: &mut Vec<Symbol>) -> Expr {
    if e.as_variable().is_some_and(|v| v.name == *name) {
        let own = Symbol::made(Purpose::Occurrence, vec![name.clone()], names.len() + 1);
        names.push(own.clone());
        return variable(&own, shape);
    }
    if e.args().is_empty() {
        return e.clone();
    }
    // as it is: the constructors could sort the occurrences together
    let args = e.args().iter().map(|a| apart(a, name, shape, names)).collect();
    let op: Op = e.op().clone();
    Expr::node(op, args)
}

/// What each occurrence adds to the derivative at a point.
fn contributions(
    question: &Question,
    apart: &Program,
    names: &[Symbol],
    values: &Values,
) -> Result<Option<Vec<Matrix<f64>>>, Error> {
    let Some(value) = values.arrays.get(&question.wrt.parts[0].0).cloned() else { return Ok(None) };
    let mut values = values.clone();
    values.arrays.extend(names.iter().map(|n| (n.clone(), value.clone())));
    let form = if question.form == Form::Jacobian { eval::ClaimedForm::Jacobian } else { eval::ClaimedForm::Shape };
    let one = |n: &Symbol| automatic_derivative(apart, &question.of, std::slice::from_ref(n), form, &values);
    match names.iter().map(one).collect::<Result<Vec<_>, Error>>() {
        Ok(parts) => Ok(Some(parts)),
        Err(e) if e.kind == Kind::Domain => Ok(None),
        Err(e) => Err(e),
    }
}

/// The contributions of the occurrences in a set.
fn sum(parts: &[Matrix<f64>], set: usize) -> Matrix<f64> {
    let mut total = Matrix::zeros(parts[0].dim());
    for part in parts.iter().enumerate().filter(|(i, _)| set & (1 << i) != 0).map(|(_, p)| p) {
        total += part;
    }
    total
}
