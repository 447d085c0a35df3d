//! Facts nobody declared that would make a claim right, found by sampling points where they hold.

use crate::diag::{Error, Kind};
use crate::eval::{Comparison, Quantity, Region, Values, compare, sample_sized};
use crate::expr::{Symbol, stacked_shape};
use crate::program::{Input, Program};
use crate::syntax::Attribute;

/// Something that is not declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Variables have these attributes.
    Facts(Vec<(Symbol, Attribute)>),
    /// Two variables are the same.
    Equal(Symbol, Symbol),
}

/// Where no entry is larger, agreement says nothing.
const VISIBLE: f64 = 1e-6;
/// Pairs of variables tried together, at most.
const MAX_PAIRS: usize = 15;
/// Attributes of variables, and of pairs, tried at most.
const MAX_CANDIDATES: usize = 60;

/// Two sides that differ, at points of a program.
pub struct DifferingSides<'a> {
    pub domain: Region<'a>,
    pub left: &'a Quantity<'a>,
    pub right: &'a Quantity<'a>,
}

/// Attributes of a document's variables that would make two sides `agree`, the weakest first: of one variable, then of two.
/// Only variables that `occur` are tried. Empty when nothing does.
///
/// # Errors
/// Those of evaluation, `Domain` aside: a fact under which nothing has a value explains nothing.
pub fn attributes(
    program: &Program,
    occurs: &dyn Fn(&Symbol) -> bool,
    agree: &dyn Fn(&Program) -> Result<bool, Error>,
) -> Result<Vec<Condition>, Error> {
    let mut found = vec![];
    for facts in candidates(program, occurs) {
        let weaker = |c: &Condition| matches!(c, Condition::Facts(known) if known.iter().all(|k| implied(k, &facts)));
        if !found.iter().any(weaker) && agree(&with_facts(program, &facts))? {
            found.push(Condition::Facts(facts));
        }
    }
    Ok(found)
}

impl DifferingSides<'_> {
    /// Whether they agree where the document says more.
    ///
    /// # Errors
    /// As for `attributes`.
    pub fn agree_under(&self, program: &Program) -> Result<bool, Error> {
        holds(&Region { program, ..self.domain }, self.left, self.right)
    }
}

/// Two variables that would have to be the same.
///
/// # Errors
/// As for `attributes`.
pub fn coincidences(sides: &DifferingSides) -> Result<Vec<Condition>, Error> {
    let mut found = vec![];
    for (a, b) in pairs(&sides.domain.program.inputs, |a, b| a.shape == b.shape) {
        let same = |values: &Values| merged(values, &a.name, &b.name);
        let (left, right) = (|v: &Values| (sides.left)(&same(v)), |v: &Values| (sides.right)(&same(v)));
        if holds(&sides.domain, &left, &right)? {
            found.push(Condition::Equal(a.name.clone(), b.name.clone()));
        }
    }
    Ok(found)
}

/// Whether the sides agree, and not because both vanish.
pub(super) fn holds(domain: &Region, left: &Quantity, right: &Quantity) -> Result<bool, Error> {
    let visible = |values: &Values| Ok(right(values)?.iter().any(|x| x.abs() > VISIBLE));
    match compare(domain, left, right) {
        Ok(Comparison::Agree(_)) => Ok(sample_sized(domain.sized, domain.program, 1, visible)?.1),
        Ok(Comparison::Differ(_)) => Ok(false),
        Err(e) if matches!(e.kind, Kind::Domain | Kind::Limit) => Ok(false),
        Err(e) => Err(e),
    }
}

/// One attribute of one variable that occurs, then the same attribute of two.
fn candidates(program: &Program, occurs: &dyn Fn(&Symbol) -> bool) -> Vec<Vec<(Symbol, Attribute)>> {
    let inputs: Vec<Input> =
        program.inputs.iter().filter(|i| occurs(&i.name)).map(|i| declarable(i, program)).collect();
    let single = inputs.iter().flat_map(|i| undeclared(i).into_iter().map(|a| vec![(i.name.clone(), a)]));
    let both = |a: &Input, b: &Input| {
        let shared: Vec<Attribute> = undeclared(a).into_iter().filter(|x| undeclared(b).contains(x)).collect();
        let pair = |x: &Attribute| vec![(a.name.clone(), *x), (b.name.clone(), *x)];
        shared.iter().map(pair).collect::<Vec<_>>()
    };
    let double = pairs(&inputs, |_, _| true).into_iter().flat_map(|(a, b)| both(a, b));
    single.chain(double).take(MAX_CANDIDATES).collect()
}

/// An input as it is declared: scalars of a family are entries of one array.
fn declarable(input: &Input, program: &Program) -> Input {
    let plate = program.plates.get(&input.name).filter(|_| input.shape.is_scalar());
    let shape = plate.and_then(|plate| stacked_shape(plate, &input.shape));
    Input { shape: shape.unwrap_or_else(|| input.shape.clone()), ..input.clone() }
}

fn pairs(inputs: &[Input], fits: impl Fn(&Input, &Input) -> bool) -> Vec<(&Input, &Input)> {
    let all = inputs.iter().enumerate().flat_map(|(i, a)| inputs[i + 1..].iter().map(move |b| (a, b)));
    all.filter(|(a, b)| fits(a, b)).take(MAX_PAIRS).collect()
}

/// What might be declared of an input and is not.
fn undeclared(input: &Input) -> Vec<Attribute> {
    let square = input.shape.is_square() && !input.shape.is_scalar();
    let possible: &[Attribute] = if square {
        &[Attribute::Symmetric, Attribute::Spd, Attribute::Diagonal, Attribute::Orthogonal, Attribute::StochasticRows]
    } else if input.shape.is_vector() {
        &[Attribute::Positive, Attribute::Distribution]
    } else if input.shape.is_scalar() {
        &[Attribute::Positive]
    } else {
        &[Attribute::Positive, Attribute::StochasticRows]
    };
    let known = |a: &Attribute| input.attributes.iter().any(|d| entails(*d, *a));
    possible.iter().copied().filter(|a| !known(a)).collect()
}

fn entails(declared: Attribute, asked: Attribute) -> bool {
    let symmetric = matches!(declared, Attribute::Spd | Attribute::Diagonal) && asked == Attribute::Symmetric;
    let summed = matches!(
        (declared, asked),
        (Attribute::Onehot, Attribute::Distribution) | (Attribute::OnehotRows, Attribute::StochasticRows)
    );
    declared == asked || symmetric || summed || (declared == Attribute::Negative && asked == Attribute::Positive)
}

/// Whether one of the facts is the known one or entails it.
fn implied(known: &(Symbol, Attribute), facts: &[(Symbol, Attribute)]) -> bool {
    facts.iter().any(|(name, a)| *name == known.0 && entails(*a, known.1))
}

fn with_facts(program: &Program, facts: &[(Symbol, Attribute)]) -> Program {
    let mut program = program.clone();
    for input in &mut program.inputs {
        input.attributes.extend(facts.iter().filter(|(n, _)| *n == input.name).map(|(_, a)| *a));
    }
    program
}

/// The point with the value of `a` for `b` too.
fn merged(values: &Values, a: &Symbol, b: &Symbol) -> Values {
    let mut values = values.clone();
    if let Some(value) = values.arrays.get(a).cloned() {
        values.arrays.insert(b.clone(), value);
    }
    values
}
