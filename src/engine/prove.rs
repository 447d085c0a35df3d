//! Proofs of equalities: the way of both sides to one normal form, or a proof of the e-graph where that is shorter.

use super::analysis::{Context, Graph, Varying, rebuild};
use super::language::to_rec;
use super::normal::{Normal, elementary_form, has_definitions, normal_form};
use super::pattern::Matched;
use super::run::{Budget, ProofStep, apply, explain, find, without_detours};
use super::site;
use crate::expr::{Expr, Symbol, variable};
use crate::fuel;
use crate::program::Definition;
use crate::rules::{Fact, Pattern, Topic, patterns};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is known of each variable.
pub type Facts = BTreeMap<Symbol, Vec<Fact>>;

/// The search of an e-graph for a proof.
const SEARCH: Budget = Budget { nodes: 1_200, rounds: 6 };
/// A proof this short needs no search for a shorter one.
const SHORT: usize = 2;
/// Terms with more nodes are not searched.
const MAX_NODES: u64 = 200;
/// Definitions are written out as long as the term stays below so many nodes.
const MAX_WRITTEN_OUT: u64 = 1_000;

/// A proof that two terms are equal wherever both are defined: from `left` to `right`, one rule a step. Names stand for
/// their definitions. `None` when none was found, which refutes nothing.
pub fn prove(left: &Expr, right: &Expr, definitions: &[Definition], facts: &Facts) -> Option<Vec<ProofStep>> {
    if left == right {
        return Some(vec![]);
    }
    let context = Context { varying: Varying::On(vec![]), facts: facts.clone() };
    let by_form = by_normal_form(left, right, definitions, &context);
    if by_form.as_ref().is_some_and(|steps| steps.len() <= SHORT) {
        return by_form;
    }
    let by_search = by_search(left, right, definitions, &context);
    match (by_form, by_search) {
        (Some(form), Some(search)) => Some(if search.len() < form.len() { search } else { form }),
        (form, search) => form.or(search),
    }
}

/// The proof by the normal form, however long; `None` where both sides have not the same.
pub fn prove_by_form(left: &Expr, right: &Expr, definitions: &[Definition], facts: &Facts) -> Option<Vec<ProofStep>> {
    by_normal_form(left, right, definitions, &Context { varying: Varying::On(vec![]), facts: facts.clone() })
}

/// Both ways to the normal form, from where they meet first. Definitions are written out when they do not meet without.
fn by_normal_form(left: &Expr, right: &Expr, definitions: &[Definition], context: &Context) -> Option<Vec<ProofStep>> {
    let told_by = |form: fn(&Expr, &Context) -> Normal| {
        let plain = [left, right].map(|e| form(e, context));
        let full = || [left, right].map(|e| from_definitions(e, definitions, context, form));
        joined(&plain).or_else(|| if definitions.is_empty() { None } else { joined(&full()) })
    };
    let speaks_of_functions = || {
        let full = |e: &Expr| written_out(e, definitions).unwrap_or_else(|| e.clone());
        [left, right].iter().any(|e| has_definitions(&full(e), context))
    };
    let found = told_by(normal_form).or_else(|| if speaks_of_functions() { told_by(elementary_form) } else { None });
    let told = |s: ProofStep| ProofStep { reason: site::reason_anywhere(&s.rule, [&s.before, &s.after], context), ..s };
    found.map(|steps| steps.into_iter().map(told).collect())
}

/// The normal form of a term with its definitions written out.
fn from_definitions(
    e: &Expr,
    definitions: &[Definition],
    context: &Context,
    form: fn(&Expr, &Context) -> Normal,
) -> Normal {
    let start = written_out(e, definitions).unwrap_or_else(|| e.clone());
    let step = || ProofStep::new("definition", e.clone(), start.clone());
    let first = (start != *e).then(step);
    let rest = form(&start, context);
    Normal { term: rest.term, steps: first.into_iter().chain(rest.steps).collect() }
}

/// The term without any defined name; `None` when it would be too large.
fn written_out(e: &Expr, definitions: &[Definition]) -> Option<Expr> {
    definitions.iter().rev().try_fold(e.clone(), |e, d| {
        let inlined = if e.mentions(&d.name) { e.substitute(&|n| (*n == d.name).then(|| d.value.clone())) } else { e };
        (inlined.nodes() <= MAX_WRITTEN_OUT).then_some(inlined)
    })
}

/// One proof of two ways that meet: the first forwards, the second backwards.
fn joined([left, right]: &[Normal; 2]) -> Option<Vec<ProofStep>> {
    if left.term != right.term {
        return None;
    }
    let terms = |n: &Normal| {
        let first = n.steps.first().map_or(&n.term, |s| &s.before).clone();
        [vec![first], n.steps.iter().map(|s| s.after.clone()).collect()].concat()
    };
    let (l, r) = (terms(left), terms(right));
    let meetings = (0..l.len()).filter_map(|i| Some((i, r.iter().position(|t| *t == l[i])?)));
    let (i, j) = meetings.min_by_key(|(i, j)| i + j)?;
    let back = |s: &ProofStep| ProofStep { before: s.after.clone(), after: s.before.clone(), ..s.clone() };
    Some(without_detours(left.steps[..i].iter().cloned().chain(right.steps[..j].iter().rev().map(back)).collect()))
}

fn by_search(left: &Expr, right: &Expr, definitions: &[Definition], context: &Context) -> Option<Vec<ProofStep>> {
    if left.nodes().saturating_add(right.nodes()) > MAX_NODES {
        return None;
    }
    let mut graph = Graph::new(context.clone()).with_explanations_enabled();
    let (start, end) = (to_rec(left), to_rec(right));
    let ids = [&start, &end].map(|e| graph.add_expr(e));
    define(&mut graph, &[left, right], definitions);
    rebuild(&mut graph);
    let rules: Vec<&Pattern> = [Topic::Algebra, Topic::Expansion].iter().flat_map(|t| patterns(*t)).collect();
    for _ in 0..SEARCH.rounds {
        if graph.find(ids[0]) == graph.find(ids[1]) {
            return Some(explain(&mut graph, &start, &end));
        }
        let mut changed = false;
        let found = find(&graph, &rules, true);
        if fuel::is_spent() {
            return None;
        }
        for (from, to, name) in found {
            changed |= apply(&mut graph, &from, &to, name);
            if graph.total_number_of_nodes() > SEARCH.nodes {
                break;
            }
        }
        rebuild(&mut graph);
        if !changed || graph.total_number_of_nodes() > SEARCH.nodes {
            break;
        }
    }
    (graph.find(ids[0]) == graph.find(ids[1])).then(|| explain(&mut graph, &start, &end))
}

/// Unites the names that occur with their definitions.
fn define(graph: &mut Graph, terms: &[&Expr], definitions: &[Definition]) {
    let mut needed: BTreeSet<Symbol> = terms.iter().flat_map(|e| e.variables()).collect();
    for d in definitions.iter().rev().filter(|d| d.value.nodes() <= MAX_NODES) {
        if needed.contains(&d.name) {
            needed.extend(d.value.variables());
            let name = variable(&d.name, d.value.shape());
            apply(graph, &Matched::Node(Arc::new(name.op().clone()), vec![]), &d.value, "definition");
        }
    }
}
