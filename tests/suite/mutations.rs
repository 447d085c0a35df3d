//! The numeric test of the rule book is itself tested: each rule is spoilt in several ways, at every place of both sides,
//! and each spoilt rule must be found out by the test that every rule has to pass.
//!
//! A mutant that survives is one that says the same as the rule (−0 for 0), or one whose condition is a matter of form.
//! The survivors are a snapshot, each read and understood; a new one is a hole in the test, or a rule that says nothing.

use crate::rules::{SAMPLES, holds};
use gradus::internals::expr::{Expr, Op, Symbol, build, had, integer, is_zero, transpose};
use gradus::internals::render::{Style, ascii, present};
use gradus::internals::rules::{Fact, Pattern, Topic, patterns};

#[test]
fn every_spoilt_rule_is_found_out() {
    let (mut killed, mut survivors) = (0, Vec::new());
    for pattern in Topic::ALL.iter().flat_map(|t| patterns(*t)) {
        for (what, mutant) in mutants(pattern) {
            match (0..SAMPLES).all(|seed| holds(&mutant, seed).is_ok()) {
                true => survivors.push(format!("{}: {what}", pattern.rule.name)),
                false => killed += 1,
            }
        }
    }
    assert!(killed > 5000, "only {killed} were spoilt");
    insta::assert_snapshot!(survivors.join("\n"));
}

/// The rule spoilt in one place, with words for what was done.
fn mutants(pattern: &Pattern) -> Vec<(String, Pattern)> {
    let left = spoilt(&pattern.left).into_iter().map(|(w, left)| (w, pattern.with(left, pattern.right().clone())));
    let right = spoilt(pattern.right()).into_iter().map(|(w, right)| (w, pattern.with(pattern.left.clone(), right)));
    left.chain(right).chain(weakened(pattern)).collect()
}

/// The rule without one of its conditions: true of letters that only seem to have the fact.
fn weakened(pattern: &Pattern) -> Vec<(String, Pattern)> {
    let conditions = pattern.letters.values().flat_map(|l| l.facts.iter().map(move |f| (l.name.clone(), *f)));
    // what the left side is defined for is no condition of the rule: samples respect it
    let conditions = conditions.filter(|(_, f)| !matches!(f, Fact::Invertible | Fact::InDomain));
    conditions
        .map(|(name, fact)| {
            let mut weaker = pattern.clone();
            weaker.letters.get_mut(&name).expect("a letter of the rule").facts.retain(|f| *f != fact);
            (format!("{name} without {fact:?}"), weaker)
        })
        .collect()
}

type Found = Vec<(String, Expr)>;

/// Every form of a term that is spoilt in one place, with words for what was done.
pub fn spoilt(e: &Expr) -> Found {
    let mut found = Vec::new();
    spoil(e, &|e| e, &mut found);
    found
}

/// Every spoilt form of a term, in place: `around` puts it back where it stands.
fn spoil(e: &Expr, around: &dyn Fn(Expr) -> Expr, found: &mut Found) {
    for (what, spoilt) in spoilt_here(e) {
        found.push((format!("{} {what}", shown(e)), around(spoilt)));
    }
    for (i, argument) in e.args().iter().enumerate() {
        let within = |spoilt: Expr| {
            let mut args = e.args().to_vec();
            args[i] = spoilt;
            around(build(e.op().clone(), args))
        };
        spoil(argument, &within, found);
    }
}

/// What may be done to a term without changing its shape: another sign, a factor, a transpose, another order, less.
fn spoilt_here(e: &Expr) -> Found {
    if is_zero(e) || is_dots(e) {
        return vec![];
    }
    let mut found = vec![
        ("negated".to_string(), had(vec![integer(-1), e.clone()])),
        ("doubled".to_string(), had(vec![integer(2), e.clone()])),
    ];
    if e.shape().rows == e.shape().cols && !e.is_scalar() && *e.op() != Op::Differential {
        found.push(("transposed".into(), transpose(e.clone())));
    }
    for i in 0..e.args().len() {
        let dropped = dropped(e, i).filter(|less| less.shape() == e.shape());
        found.extend(dropped.map(|less| (format!("without argument {}", i + 1), less)));
    }
    let swaps = (1..e.args().len()).filter(|i| swappable(e, *i));
    found.extend(swaps.map(|i| (format!("with arguments {i} and {} swapped", i + 1), swapped(e, i))));
    found
}

/// A sum or a product without one of its terms or factors.
fn dropped(e: &Expr, i: usize) -> Option<Expr> {
    let counted = e.args().iter().filter(|a| !is_dots(a)).count();
    if !matches!(e.op(), Op::Add | Op::Had | Op::Mul) || is_dots(&e.args()[i]) || counted < 2 {
        return None;
    }
    let mut args = e.args().to_vec();
    args.remove(i);
    let fits = *e.op() != Op::Mul || args.windows(2).all(|w| w[0].shape().cols == w[1].shape().rows);
    fits.then(|| build(e.op().clone(), args))
}

/// Whether two neighbours can trade places: the order of sums and elementwise products means nothing.
fn swappable(e: &Expr, i: usize) -> bool {
    let (a, b) = (&e.args()[i - 1], &e.args()[i]);
    let square = |e: &Expr| e.shape().rows == e.shape().cols;
    match e.op() {
        Op::Mul => a.shape() == b.shape() && square(a),
        Op::Kron | Op::Pow | Op::Block { .. } => a.shape() == b.shape(),
        _ => false,
    }
}

fn swapped(e: &Expr, i: usize) -> Expr {
    let mut args = e.args().to_vec();
    args.swap(i - 1, i);
    build(e.op().clone(), args)
}

fn is_dots(e: &Expr) -> bool {
    e.as_variable().is_some_and(|v| v.name == Symbol::Rest)
}

fn shown(e: &Expr) -> String {
    ascii(&present(e, &Style::default()))
}
