//! Random documents whose targets are declared symmetric, spd, diagonal or orthogonal: derivatives of orders 1 to 3 and
//! products with directions, compared with differences along directions that leave the structure.
//!
//! `RANDOM_STRUCTURED=10000 cargo test --release --test suite random_structured -- --nocapture` is the long run; of one
//! document, `RANDOM_FIRST=735 RANDOM_STRUCTURED=1`, everything is asked.

use super::draw::document;
use super::judge::asks_back;
use super::node::Document;
use gradus::Options;
use gradus::internals::derive::{Derivation, Derivative, Product, ResultKind, derive};
use gradus::internals::diag::{Error, Kind};
use gradus::internals::eval::{self, Random, Valuation, Values};
use gradus::internals::expr::{Expr, Symbol};
use gradus::internals::program::Program;
use gradus::internals::render::{Style, ascii, present};
use ndarray::Array2;
use num_dual::Dual64;
use std::collections::{BTreeMap, BTreeSet};

/// How many documents `cargo test` draws.
const DOCUMENTS: u64 = 28;
const STRUCTURES: [&str; 4] = ["symmetric", "spd", "diagonal", "orthogonal"];
const TOLERANCE: f64 = 2e-4;
/// How far targets are moved off the kinks at which a structure holds them.
const BESIDE: f64 = 1e-4;
const SEEDS: std::ops::Range<u64> = 201..207;

/// What is asked of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    Order(u32),
    Jvp,
    Vjp,
    Hvp,
}

/// What is asked of documents, the second order twice as often.
const QUESTIONS: [Question; 7] = [
    Question::Order(2),
    Question::Order(1),
    Question::Order(2),
    Question::Order(3),
    Question::Jvp,
    Question::Vjp,
    Question::Hvp,
];

type Moves = BTreeMap<Symbol, Array2<f64>>;

#[derive(Default)]
struct Tally {
    drawn: u64,
    verdicts: BTreeMap<(String, &'static str), usize>,
    refusals: BTreeMap<String, usize>,
    faults: Vec<String>,
}

#[test]
fn random_structured() {
    let tally = super::on_large_stack(run);
    for ((question, verdict), count) in &tally.verdicts {
        println!("{question:<12}{verdict:<10}{count:>6}");
    }
    println!("{:#?}", tally.refusals);
    assert!(tally.faults.is_empty(), "{} faults\n{}", tally.faults.len(), tally.faults.join("\n"));
    let right: usize = tally.verdicts.iter().filter(|((_, v), _)| *v == "right").map(|(_, n)| n).sum();
    assert!(right as u64 * 10 >= tally.drawn * 8, "{right} of {} right", tally.drawn);
}

fn run() -> Tally {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let (first, count) = (number("RANDOM_FIRST").unwrap_or(0), number("RANDOM_STRUCTURED").unwrap_or(DOCUMENTS));
    let mut tally = Tally::default();
    for index in first.. {
        if tally.drawn == count {
            break;
        }
        let mut random = Random::new(index.wrapping_mul(0x51_7cc1_b727_2209).wrapping_add(7));
        if let Some((document, targets)) = structured(index, &mut random) {
            tally.drawn += 1;
            if count == 1 {
                println!("{} by {targets:?}", document.text());
            }
            let one = [QUESTIONS[random.below(QUESTIONS.len())]];
            for question in if count == 1 { &QUESTIONS[1..] } else { &one } {
                tally.add(index, &document.text(), &targets, *question);
            }
        }
    }
    tally
}

/// Document number `index` with a structure for one of its square variables, and what it is to be derived by.
fn structured(index: u64, random: &mut Random) -> Option<(Document, Vec<String>)> {
    let mut document = document(index);
    let reached = document.reached();
    let square = |shape: &super::shape::Shape| shape.is_square() && !shape.is_scalar() && shape.is_simple();
    let fits = |v: &&mut super::node::Variable| {
        reached.contains(&v.name) && square(&v.shape) && !matches!(v.attributes, "constant" | "positive")
    };
    let variable = document.variables.iter_mut().find(fits)?;
    variable.attributes = match variable.attributes {
        "" | "symmetric" | "diagonal" => STRUCTURES[random.below(4)],
        "invertible" => ["spd", "orthogonal"][random.below(2)],
        own => own,
    };
    let mut targets = vec![variable.name.clone()];
    let mut others: Vec<String> = document.variables.iter().map(|v| v.name.clone()).collect();
    others.extend(document.definitions.iter().rev().skip(1).map(|(name, _)| name.clone()));
    others.retain(|n| reached.contains(n) && *n != targets[0]);
    if !others.is_empty() {
        targets.insert(random.below(2), others[random.below(others.len())].clone());
    }
    Some((document, targets))
}

impl Tally {
    fn add(&mut self, index: u64, text: &str, targets: &[String], question: Question) {
        let attempt = std::panic::AssertUnwindSafe(|| judge(text, targets, question));
        let verdict = std::panic::catch_unwind(attempt).unwrap_or_else(|_| Err("panicked".to_owned()));
        let word = match &verdict {
            Ok(None) => "right",
            Ok(Some(_)) => "refused",
            Err(_) => "wrong",
        };
        *self.verdicts.entry((format!("{question:?}"), word)).or_default() += 1;
        match verdict {
            Ok(None) => {}
            Ok(Some(refusal)) => *self.refusals.entry(refusal).or_default() += 1,
            Err(fault) => {
                let text = text.replace('\n', "\n    ");
                self.faults.push(format!("{index} {question:?} by {targets:?}: {fault}\n    {text}\n"));
            }
        }
    }
}

/// `Ok` when it is right or, with a reason, refused.
fn judge(text: &str, targets: &[String], question: Question) -> Result<Option<String>, String> {
    let (order, product) = match question {
        Question::Order(k) => (k, None),
        Question::Jvp => (1, Some(Product::Jvp("V_1".to_owned()))),
        Question::Vjp => (1, Some(Product::Vjp("V_1".to_owned()))),
        Question::Hvp => (1, Some(Product::Hvp("V_1".to_owned()))),
    };
    let own = if product.is_some() { &targets[..1] } else { targets };
    let names: Vec<&str> = own.iter().map(String::as_str).collect();
    let d = match derive(text, &Options::default().order(order).product(product).with_respect_to(&names)) {
        Ok(d) => d,
        Err(errors) => return refusal(&errors[0]),
    };
    for seed in SEEDS {
        let Ok(values) = eval::sample(&d.program, seed) else { continue };
        return compare(&d, &values, question, seed);
    }
    Ok(Some("no point".to_owned()))
}

fn refusal(e: &Error) -> Result<Option<String>, String> {
    match e.kind {
        Kind::Unsupported | Kind::Domain | Kind::Limit => {
            Ok(Some(e.message.split(['`', '(']).next().unwrap_or_default().to_owned()))
        }
        Kind::Shape if asks_back(e) => Ok(Some("a name is to be declared".to_owned())),
        Kind::Usage if e.message.starts_with("--hvp is for scalars") => Ok(Some("no scalar".to_owned())),
        _ => Err(e.message.clone()),
    }
}

/// What a comparison with differences says.
enum Compared {
    Right,
    Refused(String),
    /// No two steps say the same, or no step says anything: a kink is near.
    Unsteady,
    Wrong(String),
}

/// Where and how differences are taken.
struct Place<'a> {
    values: &'a Values,
    /// How far variables and definitions are moved from there.
    off: Moves,
    steps: [f64; 3],
    tolerance: f64,
}

/// Every derivative, contracted with random directions, against differences. A diagonal matrix is full of zeros, and at a
/// zero relu and its like have a convention and no second derivative: what differs there has to be right beside it.
fn compare(d: &Derivation, values: &Values, question: Question, seed: u64) -> Result<Option<String>, String> {
    let here = Place { values, off: Moves::new(), steps: steps(question, 1e-3), tolerance: TOLERANCE };
    let fault = match compared(d, &here, question, seed)? {
        Compared::Right => return Ok(None),
        Compared::Refused(reason) => return Ok(Some(reason)),
        Compared::Unsteady => None,
        Compared::Wrong(fault) => Some(fault),
    };
    let off = beside(d, values, seed);
    let near = Place { values, off, steps: steps(question, BESIDE / 10.0), tolerance: 10.0 * TOLERANCE };
    match (compared(d, &near, question, seed)?, fault) {
        (Compared::Right, _) => Ok(Some("right beside its kinks".to_owned())),
        (Compared::Wrong(there), Some(here)) => Err(format!("{here}; beside: {there}")),
        (Compared::Wrong(fault), None) | (Compared::Refused(_) | Compared::Unsteady, Some(fault)) => Err(fault),
        (Compared::Refused(_) | Compared::Unsteady, None) => Ok(Some("the differences differ".to_owned())),
    }
}

impl Place<'_> {
    /// Every name's value.
    fn whole(&self, d: &Derivation) -> Result<Values, Error> {
        let mut whole = self.values.clone();
        let moved = |name: &Symbol, value: &mut eval::Matrix<f64>| {
            if let Some(by) = self.off.get(name) {
                value.zip_mut_with(by, |x, b| *x += b);
            }
        };
        whole.arrays.iter_mut().for_each(|(name, value)| moved(name, value));
        for definition in d.program.definitions.iter().chain(&d.extra_definitions()) {
            let mut value = eval::evaluate(&definition.value, &whole)?;
            moved(&definition.name, &mut value);
            whole.arrays.insert(definition.name.clone(), value);
        }
        Ok(whole)
    }
}

/// What changes a derivative by much less than this share of what it is off is no rounding.
const NOISE: f64 = 1e-2;
/// How far a nudge goes.
const NUDGE: f64 = 1e-13;

impl Place<'_> {
    /// What is printed, read back: with named parts, and written out unless a definition is moved, of which that knows
    /// nothing.
    fn forms(&self, d: &Derivation, one: &Derivative) -> Result<Vec<Expr>, String> {
        let style = Style::of(d);
        let moved = self.off.keys().any(|name| d.program.definition(name).is_some());
        let all = [Some(&one.result), one.inlined.as_ref().filter(|_| !moved)];
        let printed = |e: &Expr| d.read_back(&ascii(&present(e, &style)), e.shape()).map_err(|e| e.message);
        all.into_iter().flatten().map(printed).collect()
    }

    /// Whether a nudge changes the derivative about as much as it is off.
    fn is_rounding(
        &self,
        d: &Derivation,
        form: &Expr,
        (got, wanted): (&[f64], &[f64]),
        directions: &[Array2<f64>],
        question: Question,
    ) -> bool {
        let mut nudged = self.values.clone();
        nudged.arrays.values_mut().for_each(|a| a.mapv_inplace(|x| x * (1.0 + NUDGE * (1.0 + x.sin()))));
        let near = Place { values: &nudged, off: self.off.clone(), ..*self };
        let there = near.whole(d).and_then(|whole| eval::evaluate(form, &whole));
        there.is_ok_and(|there| {
            gap(got, &contracted(&there.to_owned(), directions, question)) > NOISE * gap(got, wanted)
        })
    }
}

/// A difference of differences asks for longer steps.
fn steps(question: Question, first: f64) -> [f64; 3] {
    let first = if question == Question::Order(3) && first > BESIDE { 10.0 * first } else { first };
    [first, 0.1 * first, 0.03 * first]
}

/// Every entry of the targets moved a little: by more than the steps that are taken there, and by so little that what a
/// structure has tidied is still right to the tolerance.
fn beside(d: &Derivation, values: &Values, seed: u64) -> Moves {
    let (mut random, mut whole) = (Random::new(seed), values.clone());
    let targets: BTreeSet<&Symbol> =
        d.derivatives.iter().flat_map(Derivative::targets).map(|t| &t.parts[0].0).collect();
    if eval::extend(&mut whole, &d.program.definitions).is_err() {
        return Moves::new();
    }
    let moved = |target: &Symbol| (target.clone(), random.direction(whole.arrays[target].dim()) * BESIDE);
    targets.into_iter().map(moved).collect()
}

fn compared(d: &Derivation, place: &Place, question: Question, seed: u64) -> Result<Compared, String> {
    let whole = match place.whole(d) {
        Ok(whole) => whole,
        Err(e) => return undefined(&e),
    };
    let mut random = Random::new(seed);
    for one in &d.derivatives {
        let names: Vec<Symbol> = one.targets().map(|t| t.parts[0].0.clone()).collect();
        let directions: Vec<Array2<f64>> = names.iter().map(|n| random.direction(whole.arrays[n].dim())).collect();
        let Some(expected) = expected(d, one, place, &names, &directions, question) else {
            return Ok(Compared::Unsteady);
        };
        for form in place.forms(d, one)? {
            let got = match eval::evaluate(&form, &whole) {
                Ok(got) => contracted(&got.to_owned(), &directions, question),
                Err(e) => return undefined(&e),
            };
            let scale = expected.iter().flatten().chain(&got).fold(1.0f64, |m, x| m.max(x.abs()));
            let same = |a: &[f64], b: &[f64], tolerance: f64| a.len() == b.len() && gap(a, b) <= tolerance * scale;
            if expected.iter().any(|wanted| same(&got, wanted, place.tolerance)) {
                continue;
            }
            if place.is_rounding(d, &form, (&got, &expected[0]), &directions, question) {
                return Ok(Compared::Refused("rounding".to_owned()));
            }
            let steady = expected.len() > 1 && expected.windows(2).all(|pair| same(&pair[0], &pair[1], 1e-2));
            let by: Vec<&str> = names.iter().map(Symbol::word).collect();
            let wrong = || Compared::Wrong(format!("by {by:?}: {got:?}, the differences are {expected:?}"));
            return Ok(if steady { wrong() } else { Compared::Unsteady });
        }
    }
    Ok(Compared::Right)
}

fn undefined(e: &Error) -> Result<Compared, String> {
    Ok(refusal(e)?.map_or(Compared::Right, Compared::Refused))
}

fn gap(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0f64, |m, (x, y)| m.max((x - y).abs()))
}

/// The derivative applied to directions of its targets: what is left are the entries of the value.
fn contracted(got: &Array2<f64>, directions: &[Array2<f64>], question: Question) -> Vec<f64> {
    let stacked = |a: &Array2<f64>| -> Vec<f64> { a.t().iter().copied().collect() };
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let vector = stacked(got);
    match question {
        Question::Jvp => vector,
        Question::Vjp | Question::Hvp => vec![dot(&vector, &stacked(&directions[0]))],
        // columns belong to the last target, rows to the entries of the value first, then to the first target and so on
        Question::Order(_) => directions.iter().rev().fold(vector, |left, along| {
            let along = stacked(along);
            let rows = left.len() / along.len();
            (0..rows).map(|i| (0..along.len()).map(|j| left[i + j * rows] * along[j]).sum()).collect()
        }),
    }
}

/// The same by differences of automatic differentiation, by each step.
fn expected(
    d: &Derivation,
    one: &Derivative,
    place: &Place,
    names: &[Symbol],
    directions: &[Array2<f64>],
    question: Question,
) -> Option<Vec<Vec<f64>>> {
    let along = |i: usize| (names[i].clone(), directions[i].clone());
    let given = place.values.arrays.get(&Symbol::from("V_1"));
    // a product's program may end with what it pairs: what is differentiated has a name of its own
    let of = match &one.quantity {
        ResultKind::Product { of, .. } if d.program.definition(of).is_some() => of.clone(),
        ResultKind::Product { .. } => Symbol::Bare,
        ResultKind::Derivative => d.of.clone(),
    };
    let slope = |shift: &Moves, by: (Symbol, Array2<f64>)| slope(&d.program, &of, place, shift, &by);
    let moved = |(name, direction): (Symbol, Array2<f64>), h: f64| (name, direction * h);
    let each = |h: f64| -> Option<Vec<f64>> {
        match question {
            Question::Order(1) => slope(&Moves::new(), along(0)),
            Question::Jvp => slope(&Moves::new(), (names[0].clone(), given?.to_owned())),
            Question::Vjp => {
                let change = slope(&Moves::new(), along(0))?;
                Some(vec![change.iter().zip(given?.t().iter()).map(|(x, y)| x * y).sum()])
            }
            Question::Hvp => {
                let at = |h: f64| {
                    slope(&Moves::from([(names[0].clone(), given.expect("a direction").to_owned() * h)]), along(0))
                };
                central(&at, h)
            }
            Question::Order(2) => {
                let at = |h: f64| slope(&Moves::from([moved(along(1), h)]), along(0));
                central(&at, h)
            }
            Question::Order(_) => {
                let at = |h: f64, k: f64| {
                    let mut shift = Moves::from([moved(along(1), h)]);
                    let (name, by) = moved(along(2), k);
                    let sum = shift.remove(&name).map_or_else(|| by.clone(), |own| own + &by);
                    shift.insert(name, sum);
                    slope(&shift, along(0))
                };
                central(&|k| central(&|h| at(h, k), h), h)
            }
        }
    };
    Some(place.steps.iter().filter_map(|h| each(*h)).collect::<Vec<_>>()).filter(|found| !found.is_empty())
}

/// A central difference; `None` at a kink, where the slopes on either side are not one: off the diagonal of a diagonal
/// matrix relu is at its kink.
fn central(at: &dyn Fn(f64) -> Option<Vec<f64>>, h: f64) -> Option<Vec<f64>> {
    let (plus, here, minus) = (at(h)?, at(0.0)?, at(-h)?);
    let scale = plus.iter().chain(&minus).zip(here.iter().cycle()).fold(1.0f64, |m, (x, y)| m.max((x - y).abs() / h));
    let slope = |i: usize| {
        let (right, left) = ((plus[i] - here[i]) / h, (here[i] - minus[i]) / h);
        ((right - left).abs() <= 0.1 * scale).then_some((right + left) / 2.0)
    };
    (0..here.len()).map(slope).collect()
}

/// How vec of a value moves along a direction, at a point where some names are shifted, variables and definitions alike.
fn slope(
    program: &Program,
    of: &Symbol,
    place: &Place,
    shift: &Moves,
    along: &(Symbol, Array2<f64>),
) -> Option<Vec<f64>> {
    let mut environment: Valuation<Dual64> = place.values.lift();
    let moved = |name: &Symbol, value: &mut eval::Matrix<Dual64>| {
        for by in [place.off.get(name), shift.get(name)].into_iter().flatten() {
            value.zip_mut_with(by, |x, b| x.re += b);
        }
        if along.0 == *name {
            value.zip_mut_with(&along.1, |x, b| x.eps += b);
        }
    };
    for (name, value) in &mut environment.arrays {
        moved(name, value);
    }
    for definition in &program.definitions {
        let mut value = eval::evaluate(&definition.value, &environment).ok()?;
        moved(&definition.name, &mut value);
        environment.arrays.insert(definition.name.clone(), value);
    }
    Some(environment.arrays.get(of)?.t().iter().map(|x| x.eps).collect())
}
