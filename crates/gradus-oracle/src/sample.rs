//! Points in the domain of a program: generic, of different sizes, true to what inputs are declared to be.

use super::plan::Plan;
use super::random::Random;
use super::run::{Run, Written};
use super::work::affordable_tries;
use super::{Matrix, Values, facts, sizes};
use crate::diag::{Error, Kind};
use crate::expr::{Elementwise, Expr, Name, Op, Purpose, Shape, Size, Symbol, as_number};
use crate::program::{Input, Program};
use crate::syntax::Attribute;
use ndarray::{Array1, Array2, Axis};
use std::collections::BTreeMap;

/// What abstract functions are bound to, by turns: smooth, neither even nor odd in every derivative.
const FUNCTIONS: [Elementwise; 5] =
    [Elementwise::Tanh, Elementwise::Sin, Elementwise::Sigmoid, Elementwise::Softplus, Elementwise::Exp];

/// Points tried with one manner for all inputs: every manner with every turn of the functions.
const PLAIN_TRIES: u64 = (MANNERS.len() * FUNCTIONS.len()) as u64;
/// Points tried after those, with a manner of its own for every input.
const MIXED_TRIES: u64 = 60;
/// Points tried when none of those is in the domain: about the document's own numbers, and as far out as these.
const SOUGHT_TRIES: u64 = 120;
/// Points of either kind tried for the second and later choices of sizes.
const LATER_TRIES: u64 = MANNERS.len() as u64;

/// Labels are places up to this one, which every range of several places has.
pub const LABELS: i64 = 2;

/// The relative change of every input that tells small numbers from noise: noise changes altogether.
const NUDGE: f64 = 1e-13;
/// What a nudge may change a value by, relative to it and to 1.
const STEADY: f64 = 1e-5;

/// What was made to add up to 1 does so but for this.
const SUMMED: f64 = 1e-12;

/// How the entries of an input are drawn.
#[derive(Clone, Copy)]
enum Manner {
    /// ±(0.2, 1.5)
    Signed,
    /// (0.2, 1.5)
    Positive,
    /// (0.1, 0.9)
    Unit,
    /// Square matrices get a dominant positive diagonal, everything else is from (0.1, 0.9).
    Dominant,
    /// ±(0.01, 0.1)
    Small,
    /// (1.2, 3)
    Large,
    /// Square matrices are A Aᵀ with a small asymmetry, everything else is ±(0.2, 1.5).
    Gram,
    /// −(0.2, 1.5)
    Negative,
    /// ±(3, 25); of `variants` alone
    Far,
}

const MANNERS: [Manner; 8] = [
    Manner::Signed,
    Manner::Positive,
    Manner::Unit,
    Manner::Dominant,
    Manner::Gram,
    Manner::Small,
    Manner::Large,
    Manner::Negative,
];

/// A point at which every definition of the program has a finite value; the same seed gives the same point.
///
/// # Errors
/// The `Domain` error of the first try when no try succeeds; `Limit` when the document's sizes are too large.
pub fn sample(program: &Program, seed: u64) -> Result<Values, Error> {
    Ok(sample_where(program, seed, |_| Ok(()))?.0)
}

/// A point of the program's domain where `look` has no domain error either, and what it saw there.
pub fn sample_where<A>(
    program: &Program,
    seed: u64,
    look: impl Fn(&Values) -> Result<A, Error>,
) -> Result<(Values, A), Error> {
    sample_sized(program, program, seed, look)
}

/// The same, with sizes that suit another program too: one that holds more definitions than need have a value.
pub fn sample_sized<A>(
    sized: &Program,
    program: &Program,
    seed: u64,
    look: impl Fn(&Values) -> Result<A, Error>,
) -> Result<(Values, A), Error> {
    let plan = Plan::new(&program.definitions, []);
    sample_planned(sized, program, &plan, Manners::All, seed, |seen| look(seen.values))
}

/// In which order the manners are tried.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Manners {
    /// As they come.
    All,
    /// Those first that saturate nothing.
    Gentle,
    /// The same, all inputs divided by the largest number of the document: σ(70 x) is not saturated there.
    Scaled,
}

impl Manners {
    /// The attempts of a round: all of them for the first sizes, some of either kind for the others.
    fn attempts(self, round: u64) -> impl Iterator<Item = u64> {
        let (plain, mixed) =
            if round == 0 { (PLAIN_TRIES, MIXED_TRIES + SOUGHT_TRIES) } else { (LATER_TRIES, LATER_TRIES) };
        let is_gentle = move |attempt: &u64| {
            self != Manners::All && matches!(MANNERS[*attempt as usize % MANNERS.len()], Manner::Small | Manner::Unit)
        };
        let (first, rest): (Vec<u64>, Vec<u64>) = (0..plain).partition(is_gentle);
        first.into_iter().chain(rest).chain(PLAIN_TRIES..PLAIN_TRIES + mixed)
    }
}

/// A point, one within rounding of it, and the runs of a plan there that got as far as the program's definitions.
pub struct Seen<'a> {
    pub values: &'a Values,
    pub nearby: &'a Values,
    pub here: Run<'a, Written<'a>>,
    pub near: Run<'a, Written<'a>>,
}

/// The same, with a plan that begins with the program's definitions.
pub fn sample_planned<A>(
    sized: &Program,
    program: &Program,
    plan: &Plan,
    manners: Manners,
    seed: u64,
    look: impl Fn(Seen) -> Result<A, Error>,
) -> Result<(Values, A), Error> {
    let mut first_error = None;
    for round in 0..sizes::ROUNDS {
        let blank = Values { sizes: sizes::choose(sized, seed, round)?, ..Values::default() };
        let affordable = affordable_tries(program, &blank.sizes)?;
        for attempt in manners.attempts(round).take(affordable) {
            let mut values = draw(program, &blank, seed.wrapping_add(round), attempt)?;
            if manners == Manners::Scaled {
                scale_down(program, &mut values);
            }
            match seen_at(program, plan, &values, seed, &look) {
                Ok(result) => return Ok((values, result)),
                Err(e) if e.kind != Kind::Domain => return Err(e),
                Err(e) => first_error = first_error.or(Some(e)),
            }
        }
        if blank.sizes.is_empty() {
            break;
        }
    }
    let error = first_error.unwrap_or_else(|| Error::new(Kind::Domain, "the program has no value"));
    Err(if error.help.is_none() { error.help("no point tried is in the domain of the document") } else { error })
}

/// What is seen of a plan that begins with the program's definitions at a given point.
///
/// # Errors
/// `Domain` where the program has no value that is one.
pub fn seen_at<A>(
    program: &Program,
    plan: &Plan,
    values: &Values,
    seed: u64,
    look: impl Fn(Seen) -> Result<A, Error>,
) -> Result<A, Error> {
    let nearby = nudge(values, seed);
    let (here, near) = (Run::new(plan, Written(values)), Run::new(plan, Written(&nearby)));
    let mut seen = Seen { values, nearby: &nearby, here, near };
    check_steady(program, &mut seen)?;
    look(seen)
}

/// Points unlike a first sample, where the program has a value there: every input with large, negative, positive or
/// far-off entries, or of either sign.
pub fn variants(sized: &Program, program: &Program) -> Result<Vec<Values>, Error> {
    let mut points = vec![];
    let manners = [
        Manner::Large,
        Manner::Negative,
        Manner::Positive,
        Manner::Far,
        Manner::Signed,
        Manner::Signed,
        Manner::Signed,
    ];
    for (seed, manner) in manners.into_iter().enumerate() {
        let seed = seed as u64 + 1;
        let blank = Values { sizes: sizes::choose(sized, seed, 0)?, ..Values::default() };
        affordable_tries(program, &blank.sizes)?;
        let mut random = Random::new(seed);
        let turn = seed as usize % FUNCTIONS.len();
        let values = drawn(program, &blank, turn, &mut random, |_| manner)?;
        if seen_at(program, &Plan::new(&program.definitions, []), &values, seed, |_| Ok(())).is_ok() {
            points.push(values);
        }
    }
    Ok(points)
}

/// Small points with short entries, for readers: whole numbers first, then halves and tenths; where functions are applied,
/// halves first, which saturate them less. Not all of the points lie in the domain of the program.
pub fn short<'a>(
    sized: &Program,
    program: &'a Program,
) -> Result<impl Iterator<Item = Result<Values, Error>> + use<'a>, Error> {
    let blank = Values { sizes: sizes::small(sized)?, ..Values::default() };
    affordable_tries(program, &blank.sizes)?;
    let mut units = [(2.0, 1.0), (1.0, 0.5), (1.0, 0.1)];
    if sized.definitions.iter().any(|d| applies_function(&d.value)) {
        units.swap(0, 1);
    }
    let tries = units.into_iter().flat_map(|unit| (0..PLAIN_TRIES).map(move |attempt| (unit, attempt)));
    Ok(tries.map(move |((stretch, unit), attempt)| {
        let mut values = draw(program, &blank, attempt, attempt)?;
        for input in &program.inputs {
            if let Some(array) = values.arrays.get_mut(&input.name) {
                // the last digit is the nearest float to what is shown
                let rounded = array.mapv(|x| (x * stretch / unit).round() / (1.0 / unit)).into_shared();
                if facts::check(input, &rounded).is_ok() {
                    *array = rounded;
                }
            }
        }
        Ok(values)
    }))
}

/// The same point with every input, or one alone, so many times as large, where its declaration leaves it that. How far a
/// variable is from its structure is a share of it.
pub fn scaled(values: &Values, program: &Program, alone: Option<&Symbol>, by: f64) -> Values {
    let mut scaled = values.clone();
    let bound = |i: &Input| {
        i.name.purpose() == Some(Purpose::Displacement)
            || i.attributes
                .iter()
                .any(|a| matches!(a, Attribute::Orthogonal | Attribute::Mask | Attribute::Labels) || a.sums_to_one())
    };
    let moves = |i: &&Input| alone.is_none_or(|n| *n == i.name) && !bound(i);
    for input in program.inputs.iter().filter(moves) {
        if let Some(array) = scaled.arrays.get_mut(&input.name) {
            array.mapv_inplace(|x| x * by);
        }
    }
    scaled
}

fn applies_function(e: &Expr) -> bool {
    matches!(e.op(), Op::Map(_)) || e.args().iter().any(applies_function)
}

/// Every definition has a value at the point, and one that is not made of rounding errors: where A Aᵀ is singular,
/// log(det(A Aᵀ)) may well come out finite.
fn check_steady(program: &Program, seen: &mut Seen) -> Result<(), Error> {
    (0..program.definitions.len()).try_for_each(|i| seen.here.root(i).map(drop))?;
    let steady = |x: f64, y: f64| (x - y).abs() <= STEADY * x.abs().max(1.0);
    for (i, definition) in program.definitions.iter().enumerate() {
        let (here, near) = (seen.here.entries(i)?, seen.near.entries(i)?);
        if let Some((x, _)) = here.iter().zip(near.iter()).find(|(x, y)| !steady(**x, **y)) {
            let message = format!("{x:e}, in the value of {}, is mostly rounding error", definition.name);
            return Err(Error::new(Kind::Domain, message));
        }
    }
    Ok(())
}

/// The same point, but for rounding.
pub fn nudge(values: &Values, seed: u64) -> Values {
    moved(values, NUDGE, seed)
}

/// A point beside it: entries scaled by factors close to 1, of a square array A as D A D with a diagonal D close to I, which
/// keeps it symmetric, diagonal, positive definite; what adds up to 1 goes on doing so.
pub fn moved(values: &Values, by: f64, seed: u64) -> Values {
    let mut random = Random::new(seed.wrapping_add(0x5851_f42d_4c95_7f2d));
    let mut moved = values.clone();
    for array in moved.arrays.values_mut() {
        let mut factor = || 1.0 + by * random.signed(0.5, 1.0);
        let lines = [Axis(1), Axis(0)]
            .into_iter()
            .find(|along| array.axis_iter(*along).all(|line| facts::is_distribution(line, SUMMED)));
        if array.is_square() {
            let factors: Vec<f64> = (0..array.nrows()).map(|_| factor().sqrt()).collect();
            array.indexed_iter_mut().for_each(|((i, j), x)| *x *= factors[i] * factors[j]);
        } else {
            array.mapv_inplace(|x| x * factor());
        }
        let Some(along) = lines else { continue };
        for mut line in array.axis_iter_mut(along) {
            let sum = line.sum();
            line.mapv_inplace(|x| x / sum);
        }
    }
    moved
}

/// Every abstract function bound to one of `FUNCTIONS`, from the one of that turn on.
fn functions(program: &Program, turn: usize) -> BTreeMap<Name, Elementwise> {
    let bound = |i: usize| FUNCTIONS[(turn + i) % FUNCTIONS.len()];
    program
        .functions
        .iter()
        .chain(program.fields.keys())
        .enumerate()
        .map(|(i, name)| (name.clone(), bound(i)))
        .collect()
}

fn draw(program: &Program, blank: &Values, seed: u64, attempt: u64) -> Result<Values, Error> {
    let mut random = Random::new(seed ^ (attempt + 1).wrapping_mul(0xd1b5_4a32_d192_ed03));
    let turn = seed as usize % FUNCTIONS.len() + attempt as usize / MANNERS.len();
    let mixed = attempt >= PLAIN_TRIES;
    let manner = |random: &mut Random| {
        MANNERS[if mixed { random.below(MANNERS.len()) } else { attempt as usize % MANNERS.len() }]
    };
    let mut values = drawn(program, blank, turn, &mut random, manner)?;
    if attempt >= PLAIN_TRIES + MIXED_TRIES {
        seek(program, &mut values, &mut random);
    }
    Ok(values)
}

/// Moves inputs to where functions with a domain may have one: about the numbers c of the document and their roots, where
/// x − c is small, or as far out as they are, where x − c has the sign of x.
fn seek(program: &Program, values: &mut Values, random: &mut Random) {
    let mut numbers = vec![];
    program.definitions.iter().for_each(|d| magnitudes(&d.value, &mut numbers));
    for input in program.inputs.iter().filter(|_| !numbers.is_empty()) {
        let c = numbers[random.below(numbers.len())];
        let c = if random.below(3) == 0 { c.sqrt() } else { c };
        let place: &dyn Fn(f64) -> f64 = match random.below(4) {
            0 => &|x| x,
            1 => &|x| c + x,
            2 => &|x| x - c,
            _ => &|x| x * c,
        };
        move_where_allowed(input, values, place);
    }
}

/// Divides inputs by the largest number of the document, where that leaves what is declared of them true.
fn scale_down(program: &Program, values: &mut Values) {
    let mut numbers = vec![1.0];
    program.definitions.iter().for_each(|d| magnitudes(&d.value, &mut numbers));
    let largest = numbers.into_iter().fold(1.0, f64::max);
    for input in &program.inputs {
        move_where_allowed(input, values, |x| x / largest);
    }
}

/// Moves the entries of an input, where that leaves what is declared of it true.
fn move_where_allowed(input: &Input, values: &mut Values, place: impl Fn(f64) -> f64) {
    if let Some(array) = values.arrays.get_mut(&input.name) {
        let moved = array.mapv(place).into_shared();
        if facts::check(input, &moved).is_ok() {
            *array = moved;
        }
    }
}

/// The sizes of the numbers in a term, each once.
pub fn magnitudes(e: &Expr, found: &mut Vec<f64>) {
    let own = as_number(e).map(|n| n.to_f64().abs()).filter(|c| *c > 0.0 && c.is_finite() && !found.contains(c));
    found.extend(own);
    e.args().iter().for_each(|a| magnitudes(a, found));
}

/// A value for every input, each drawn in its manner, and a binding for every function.
fn drawn(
    program: &Program,
    blank: &Values,
    turn: usize,
    random: &mut Random,
    manner: impl Fn(&mut Random) -> Manner,
) -> Result<Values, Error> {
    let mut values = blank.clone();
    values.functions = functions(program, turn);
    for input in &program.inputs {
        let manner = manner(random);
        let mut array = array(input, extent(&input.shape, blank)?, manner, random);
        if input.attributes.contains(&Attribute::Labels) {
            let places = blank.sizes.values().min().map_or(LABELS, |n| (*n).clamp(1, LABELS));
            array.mapv_inplace(|_| 1.0 + random.below(places as usize) as f64);
        }
        values.arrays.insert(input.name.clone(), array);
    }
    Ok(values)
}

fn extent(shape: &Shape, values: &Values) -> Result<(usize, usize), Error> {
    let number = |size: &Size| size.value(&values.sizes).and_then(|n| usize::try_from(n).ok());
    match (number(&shape.rows), number(&shape.cols)) {
        (Some(rows), Some(cols)) => Ok((rows, cols)),
        _ => Err(Error::new(Kind::Internal, format!("the shape {shape} has no extent"))),
    }
}

/// An array of the input's shape with its attributes.
fn array(input: &Input, (rows, cols): (usize, usize), manner: Manner, random: &mut Random) -> Matrix<f64> {
    let has = |a: Attribute| input.attributes.contains(&a);
    let mut a = entries((rows, cols), manner, random);
    if input.attributes.iter().any(|a| a.sums_to_one()) {
        summed_to_one(&mut a, &input.attributes, random);
        return a.into_shared();
    }
    if has(Attribute::Mask) {
        a.mapv_inplace(|_| if random.below(3) == 0 { 0.0 } else { 1.0 });
        return a.into_shared();
    }
    if has(Attribute::Positive) || has(Attribute::Negative) {
        a.mapv_inplace(f64::abs);
    }
    if rows == cols && rows > 1 {
        a = structured(a, &has, random);
    }
    if has(Attribute::Spd) && rows == 1 {
        a.mapv_inplace(f64::abs);
    }
    if has(Attribute::Negative) {
        a.mapv_inplace(|x| -x);
    }
    a.into_shared()
}

/// Makes the column, or every row, one of entries that add up to 1: one of them alone where it is onehot.
fn summed_to_one(a: &mut Array2<f64>, attributes: &[Attribute], random: &mut Random) {
    let onehot = attributes.iter().any(|a| matches!(a, Attribute::Onehot | Attribute::OnehotRows));
    let along = if attributes.iter().any(|a| a.is_of_rows()) { Axis(0) } else { Axis(1) };
    for mut line in a.axis_iter_mut(along) {
        if onehot {
            let one = random.below(line.len());
            line.iter_mut().enumerate().for_each(|(i, x)| *x = if i == one { 1.0 } else { 0.0 });
        } else {
            line.mapv_inplace(f64::abs);
            let sum = line.sum();
            line.mapv_inplace(|x| x / sum);
        }
    }
}

fn entries((rows, cols): (usize, usize), manner: Manner, random: &mut Random) -> Array2<f64> {
    let square = rows == cols && rows > 1;
    let mut fill = |low: f64, high: f64, signed: bool| {
        let entry = || if signed { random.signed(low, high) } else { random.uniform(low, high) };
        Array2::from_shape_simple_fn((rows, cols), entry)
    };
    match manner {
        Manner::Signed => fill(0.2, 1.5, true),
        Manner::Positive => fill(0.2, 1.5, false),
        Manner::Unit => fill(0.1, 0.9, false),
        Manner::Dominant if square => fill(0.1, 0.9, false) + Array2::<f64>::eye(rows) * rows as f64,
        Manner::Dominant => fill(0.1, 0.9, false),
        Manner::Small => fill(0.01, 0.1, true),
        Manner::Large => fill(1.2, 3.0, false),
        Manner::Gram if square => {
            let a = fill(0.2, 1.5, true);
            gram(&a) + fill(0.01, 0.1, true)
        }
        Manner::Gram => fill(0.2, 1.5, true),
        Manner::Negative => -fill(0.2, 1.5, false),
        Manner::Far => fill(3.0, 25.0, true),
    }
}

/// A Aᵀ / n + I/2.
fn gram(a: &Array2<f64>) -> Array2<f64> {
    let n = a.nrows();
    a.dot(&a.t()) / n as f64 + Array2::<f64>::eye(n) * 0.5
}

/// A square matrix as its attributes want it, made of `a`.
fn structured(a: Array2<f64>, has: &dyn Fn(Attribute) -> bool, random: &mut Random) -> Array2<f64> {
    let n = a.nrows();
    if has(Attribute::Diagonal) {
        let magnitude = |x: f64| if has(Attribute::Spd) { x.abs() } else { x };
        Array2::from_diag(&a.diag().mapv(magnitude))
    } else if has(Attribute::Spd) {
        gram(&a)
    } else if has(Attribute::Orthogonal) {
        orthogonal(n, random)
    } else if has(Attribute::Symmetric) {
        (&a + &a.t()) * 0.5
    } else if has(Attribute::Invertible) {
        a + Array2::<f64>::eye(n) * n as f64
    } else {
        a
    }
}

/// A product of two or of three reflections I − 2vvᵀ/vᵀv: orthogonal, not symmetric, of either determinant.
fn orthogonal(n: usize, random: &mut Random) -> Array2<f64> {
    let mut reflection = || {
        let v = Array1::from_shape_simple_fn(n, || random.signed(0.2, 1.5)).insert_axis(Axis(1));
        Array2::eye(n) - v.dot(&v.t()) * (2.0 / v.iter().map(|x| x * x).sum::<f64>())
    };
    let rotation = reflection().dot(&reflection());
    let third = reflection();
    if random.below(2) == 0 { rotation } else { rotation.dot(&third) }
}
