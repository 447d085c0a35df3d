//! The check is itself tested: right derivatives are spoilt in every place, and each spoilt one must be refused.
//!
//! Random documents give the derivatives. A spoilt derivative that is as good as the right one (−0, an even function of
//! a negated argument) is told by evaluating both at points of the test's own: where they are far apart, the check must
//! see it.

use crate::documents::{document, on_large_stack};
use crate::mutations::spoilt;
use gradus::internals::derive::{Derivation, derive};
use gradus::internals::eval::{Candidate, ClaimedForm, Matrix, check, evaluate, extend, sample};
use gradus::internals::expr::Expr;
use gradus::internals::program::Program;
use gradus::{Kind, Options, Sharing};

/// Documents whose derivatives are spoilt; `INJECTIONS=2000` for more.
const DOCUMENTS: u64 = 20;
/// Points of the test's own, other ones than the check draws.
const SEEDS: std::ops::Range<u64> = 301..305;
/// Relative to the right derivative, what is far apart.
const FAR: f64 = 1e-4;

#[derive(Default)]
struct Tally {
    caught: usize,
    alike: usize,
    missed: Vec<String>,
}

#[test]
fn spoilt_derivatives_are_refused() {
    let documents = std::env::var("INJECTIONS").map_or(DOCUMENTS, |n| n.parse().expect("a number of documents"));
    let tally = on_large_stack(move || {
        let mut tally = Tally::default();
        (0..documents).for_each(|index| spoil_document(index, &mut tally));
        tally
    });
    println!("{} spoilt derivatives refused, {} as good as the right ones", tally.caught, tally.alike);
    assert!(tally.missed.is_empty(), "{} of {} missed:\n{}", tally.missed.len(), tally.caught, tally.missed.join("\n"));
    assert!(tally.caught > 10 * documents as usize, "only {} were tried", tally.caught);
}

fn spoil_document(index: u64, tally: &mut Tally) {
    let document = document(index);
    let wrt: Vec<&str> = document.wrt.iter().map(String::as_str).collect();
    let options = Options::default().with_respect_to(&wrt).sharing(Sharing::Inline);
    let Ok(derivation) = derive(&document.text(), &options) else { return };
    for derivative in derivation.derivatives.iter().filter(|d| d.form == gradus::Form::Shape) {
        let right = derivative.inlined.as_ref().unwrap_or(&derivative.result);
        for (what, wrong) in spoilt(right) {
            if !are_far_apart(&derivation.program, right, &wrong) {
                tally.alike += 1;
            } else if is_refused(&derivation, &derivative.wrt.parts[0].0, &wrong) {
                tally.caught += 1;
            } else {
                tally.missed.push(format!("{index}, by {}: {what}\n{}", derivative.wrt.label, document.text()));
            }
        }
    }
}

fn is_refused(derivation: &Derivation, wrt: &gradus::internals::expr::Symbol, derivative: &Expr) -> bool {
    let claim = Candidate { wrt, derivative, also: None, form: ClaimedForm::Shape };
    check(&derivation.program, &derivation.of, &[], &[claim]).is_err_and(|e| e.kind == Kind::Internal)
}

/// Whether they differ much at all points of the test's own where both have a value.
fn are_far_apart(program: &Program, right: &Expr, wrong: &Expr) -> bool {
    let distances: Vec<f64> = SEEDS.filter_map(|seed| distance(program, right, wrong, seed)).collect();
    !distances.is_empty() && distances.iter().all(|d| *d > FAR)
}

fn distance(program: &Program, right: &Expr, wrong: &Expr, seed: u64) -> Option<f64> {
    let mut here = sample(program, seed).ok()?;
    extend(&mut here, &program.definitions).ok()?;
    let (a, b) = (evaluate(right, &here).ok()?, evaluate(wrong, &here).ok()?);
    let largest = |m: &Matrix<f64>| m.iter().fold(0.0_f64, |l, x| l.max(x.abs()));
    let difference = largest(&(&a - &b).into_shared());
    (difference.is_finite() && difference > f64::EPSILON).then(|| difference / largest(&a).max(largest(&b)))
}
