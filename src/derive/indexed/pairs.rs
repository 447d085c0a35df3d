//! The largest or the smallest of what is the same at (i, j) and at (j, i), max_{i≠j} ‖xᵢ - xⱼ‖: every value is met twice there, and
//! where two are the largest neither counts. So each pair is met once, i < j; the value is what it was.

use super::gather::gathered;
use super::letters::{Moves, mapped, moved, moved_condition};
use crate::diag::{Error, Note};
use crate::eval::{self, Places, Unrolled, range_sizes};
use crate::expr::{Comparator, Expr, Gathering, Index, Indexed, Name, PlaceCondition, variable};
use crate::program::{Definition, Program};
use std::collections::{BTreeMap, BTreeSet};

/// The document with each pair once.
pub fn each_once(mut program: Program) -> Program {
    if !program.definitions.iter().any(|d| takes_of_several(&d.value)) {
        return program;
    }
    let mut met = BTreeSet::new();
    let definitions = program.definitions.iter().map(|d| {
        let scope = program.plates.get(&d.name).cloned().unwrap_or_default();
        let value = ordered(&program, &d.value, &scope, &mut met);
        Definition { value, ..d.clone() }
    });
    program.definitions = definitions.collect();
    if !met.is_empty() {
        let orders: Vec<String> = met.into_iter().collect();
        let what = "what the largest (or smallest) is taken of is the same where its indices change places";
        program.notes.push(Note::convention(format!("{what}: each pair is met once, {}", orders.join(", "))));
    }
    program
}

/// Whether the largest or smallest is taken over several indices at once.
fn takes_of_several(e: &Expr) -> bool {
    let own = e.as_variable().and_then(|v| v.name.as_indexed()).is_some_and(|indexed| match indexed {
        Indexed::Gathered { by: Gathering::Maximum | Gathering::Minimum, over, .. } if over.len() > 1 => true,
        other => other.inside().is_some_and(|(inner, _)| takes_of_several(inner)),
    });
    own || e.args().iter().any(takes_of_several)
}

fn ordered(program: &Program, e: &Expr, scope: &[Index], met: &mut BTreeSet<String>) -> Expr {
    mapped(e, &mut |indexed, shape| {
        let own = indexed.around(&mut |inner, over| ordered(program, inner, &[over, scope].concat(), met));
        match &own {
            Indexed::Gathered { by: by @ (Gathering::Maximum | Gathering::Minimum), over, when, body } => {
                let when = once(program, over, when, body, scope, met);
                gathered(*by, over.clone(), when, body.clone())
            }
            _ => variable(own.symbol(), shape),
        }
    })
}

/// The conditions, and an order of the indices that may change places.
fn once(
    program: &Program,
    over: &[Index],
    when: &[PlaceCondition],
    body: &Expr,
    scope: &[Index],
    met: &mut BTreeSet<String>,
) -> Vec<PlaceCondition> {
    let inner = [over, scope].concat();
    let mut conditions = when.to_vec();
    for (k, a) in over.iter().enumerate() {
        // of i, j, k that all change places i < j and j < k say it all
        let next = over[k + 1..].iter().find(|b| {
            let swap = Moves::from([(a.letter.clone(), b.place()), (b.letter.clone(), a.place())]);
            let turned: BTreeSet<_> = when.iter().map(|c| faced(&moved_condition(c, &swap))).collect();
            (&a.first, &a.last) == (&b.first, &b.last)
                && turned == when.iter().map(faced).collect()
                && are_one(program, &inner, body, &moved(body, &swap)).unwrap_or(false)
        });
        let Some(b) = next else { continue };
        let different = |c: &PlaceCondition| {
            let own = PlaceCondition { left: a.place(), relation: Comparator::Different, right: b.place() };
            faced(c) == faced(&own)
        };
        let relation = if conditions.iter().any(different) { Comparator::Less } else { Comparator::AtMost };
        let sign = if relation == Comparator::Less { '<' } else { '≤' };
        met.insert(format!("{} {sign} {}", a.letter, b.letter));
        conditions.retain(|c| !different(c));
        conditions.push(PlaceCondition { left: a.place(), relation, right: b.place() });
    }
    conditions
}

/// What is the same both ways written one way.
fn faced(c: &PlaceCondition) -> PlaceCondition {
    let both = matches!(c.relation, Comparator::Equal | Comparator::Different);
    match both && c.right < c.left {
        true => PlaceCondition { left: c.right.clone(), relation: c.relation, right: c.left.clone() },
        false => c.clone(),
    }
}

/// How many places of the letters are looked at.
const LOOKED_AT: usize = 12;

/// Whether two terms have one value wherever their letters are, at random points.
fn are_one(program: &Program, scope: &[Index], a: &Expr, b: &Expr) -> Result<bool, Error> {
    let names = range_sizes(program, &[a, b]);
    let sizes: BTreeMap<Name, i64> = names.into_iter().zip([3, 2, 4, 2].into_iter().cycle()).collect();
    let unrolled = Unrolled::declared(program, sizes);
    let document = unrolled.document()?;
    let places = unrolled.places(scope, &[], &Places::new())?;
    for seed in [1, 2] {
        let mut values = eval::sample(&document, seed)?;
        eval::extend(&mut values, &document.definitions)?;
        for at in places.iter().take(LOOKED_AT) {
            let [x, y] = [a, b].map(|e| eval::evaluate(&unrolled.term(e, at)?, &values));
            let (x, y) = (x?, y?);
            if !x.iter().zip(&y).all(|(x, y)| (x - y).abs() <= 1e-12 * (1.0 + x.abs())) {
                return Ok(false);
            }
        }
    }
    Ok(!places.is_empty())
}
