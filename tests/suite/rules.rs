//! Every rule of the book, numerically: both sides are evaluated in dual numbers at random points, by the evaluator that
//! never sees a rule. Listed means tested.

use gradus::internals::diag::{Error, Span};
use gradus::internals::eval::{Valuation, evaluate, sample};
use gradus::internals::expr::{Elementwise, Expr, Op, Size};
use gradus::internals::program::{Input, Program};
use gradus::internals::render::reason_of_rule;
use gradus::internals::rules::{Fact, Pattern, RuleLetter, Topic, book, patterns};
use gradus::internals::syntax::Attribute;
use num_dual::Dual64;
use std::collections::BTreeSet;

/// Points a rule is held against.
pub const SAMPLES: u64 = 20;

#[test]
fn names_are_unique_and_every_rule_says_why() {
    let mut seen = BTreeSet::new();
    for rule in book() {
        assert!(seen.insert(rule.name), "two rules are named {}", rule.name);
        assert!(!rule.why.is_empty() && !rule.source.is_empty(), "{} lacks its reason or its source", rule.name);
        // what stands between braces is written in the rule's letters
        assert!(!reason_of_rule(rule).contains(['{', '}']), "{}", rule.name);
    }
}

#[test]
fn every_rule_holds_in_numbers() {
    let mut tested = 0;
    for topic in Topic::ALL {
        for pattern in patterns(*topic) {
            (0..SAMPLES).for_each(|seed| holds(pattern, seed).unwrap_or_else(|fault| panic!("{fault}")));
            tested += 1;
        }
    }
    assert_eq!(tested, book().filter(|r| r.topic != Topic::Structure).count());
}

/// Both sides agree, and the right side is defined wherever the left is.
///
/// # Errors
/// What differs.
pub fn holds(pattern: &Pattern, seed: u64) -> Result<(), String> {
    let (left, right, letters) = pattern.written_out(2 + seed as usize % 2);
    let name = pattern.rule.name;
    let environment = environment(&letters, seed).map_err(|e| format!("{name}: {e}"))?;
    let [l, r] = [&left, &right].map(|e| evaluate(e, &environment).map_err(|e| format!("{name}: {e}")));
    let (l, r) = (l?, r?);
    if l.dim() != r.dim() {
        return Err(format!("{name}: shapes"));
    }
    let first_order = !holds_differential(&left) && pattern.rule.topic != Topic::Function;
    l.iter().zip(r.iter()).try_for_each(|(a, b)| {
        close(a.re, b.re, name)?;
        if first_order { close(a.eps, b.eps, name) } else { Ok(()) }
    })
}

fn close(a: f64, b: f64, name: &str) -> Result<(), String> {
    let agree = (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()));
    if agree { Ok(()) } else { Err(format!("{name}: {a} is not {b}")) }
}

fn holds_differential(e: &Expr) -> bool {
    *e.op() == Op::Differential || e.args().iter().any(holds_differential)
}

/// A point for the letters of a rule: values that respect its conditions, tangents where the letter may vary.
///
/// # Errors
/// When no such point is found.
fn environment(letters: &[RuleLetter], seed: u64) -> Result<Valuation<Dual64>, Error> {
    let codomains = letters.iter().filter_map(|l| l.codomain.as_ref()).flat_map(Size::names);
    let sizes = codomains.cloned().collect();
    let program = Program { inputs: letters.iter().filter_map(input).collect(), sizes, ..Program::default() };
    let values = sample(&program, seed)?;
    let tangents = sample(&program, seed + 1000 + SAMPLES)?;
    let mut environment: Valuation<Dual64> = values.lift();
    for letter in letters.iter().filter(|l| l.shape.is_some()) {
        let constant = letter.facts.contains(&Fact::Constant);
        let structured = letter.facts.iter().any(|f| {
            matches!(
                f,
                Fact::Symmetric
                    | Fact::Diagonal
                    | Fact::Orthogonal
                    | Fact::Definite
                    | Fact::Distribution
                    | Fact::StochasticRows
                    | Fact::Centred
            )
        });
        let array = environment.arrays.get_mut(&letter.name).expect("every letter has a value");
        let directions =
            tangents.arrays.get(&letter.name).filter(|d| d.dim() == array.dim() && !constant && !structured);
        if letter.facts.contains(&Fact::Centred) {
            let mean = array.iter().fold(Dual64::from(0.0), |sum, x| sum + *x) / array.len() as f64;
            array.mapv_inplace(|x| x - mean);
        }
        if letter.fraction {
            array.mapv_inplace(|x| Dual64::from(x.re.tanh() * 0.9));
        }
        if let Some(directions) = directions {
            array.zip_mut_with(directions, |x, d| x.eps = *d);
        }
    }
    let bound = [Elementwise::Tanh, Elementwise::Sin, Elementwise::Exp][seed as usize % 3];
    environment.functions =
        letters.iter().filter(|l| l.shape.is_none()).filter_map(|l| Some((l.name.name()?.clone(), bound))).collect();
    Ok(environment)
}

fn input(letter: &RuleLetter) -> Option<Input> {
    let attribute = |f: &Fact| match f {
        Fact::Symmetric => Some(Attribute::Symmetric),
        Fact::Orthogonal => Some(Attribute::Orthogonal),
        Fact::Invertible => Some(Attribute::Invertible),
        Fact::Diagonal => Some(Attribute::Diagonal),
        Fact::Semidefinite | Fact::Definite => Some(Attribute::Spd),
        Fact::Distribution => Some(Attribute::Distribution),
        Fact::StochasticRows => Some(Attribute::StochasticRows),
        Fact::Positive | Fact::InDomain => Some(Attribute::Positive),
        Fact::Varying | Fact::Constant | Fact::Centred => None,
    };
    let attributes = letter.facts.iter().filter_map(attribute).collect();
    Some(Input {
        name: letter.name.clone(),
        shape: letter.shape.clone()?,
        attributes,
        declared: true,
        span: Span::default(),
    })
}
