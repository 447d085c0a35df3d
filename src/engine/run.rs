//! One phase: a fresh e-graph, seeded with one term, rewritten until nothing is new, read off and explained.

use super::analysis::{Context, Graph, rebuild};
use super::extract::{Extractor, Measure};
use super::language::{Node, flatten, from_flat, from_rec, to_rec};
use super::pattern::{Matched, instantiate, matches, referenced};
use super::rows;
use super::site;
use super::structural;
use super::view::Rewrite;
use crate::expr::{Expr, Op};
use crate::fuel;
use crate::rules::{Pattern, Reason, Topic, patterns};
use egg::{ENodeOrVar, Id, PatternAst, RecExpr, Subst, Symbol, Var};

/// How much work a phase may do: counts, never the clock, so that results are the same everywhere.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// How many e-nodes there may be.
    pub nodes: usize,
    /// How many rounds of rewriting.
    pub rounds: usize,
}

/// Directed phases must come to rest within this.
pub const DIRECTED: Budget = Budget { nodes: 20_000, rounds: 60 };
/// Tidying explores equal forms only as far as this.
pub const TIDY: Budget = Budget { nodes: 1_200, rounds: 7 };
/// What a detour has made of a term is tidied within less.
pub const DETOUR: Budget = Budget { nodes: 600, rounds: 5 };

/// One step of a proof: the whole term before and after, and the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofStep {
    /// The name of the rule.
    pub rule: String,
    /// The whole term before.
    pub before: Expr,
    /// The whole term after.
    pub after: Expr,
    /// Why it holds, in the terms of this place; `None` where the rule's own reason is all there is to say.
    pub reason: Option<Reason>,
}

impl ProofStep {
    /// A step with its rule's own reason.
    pub fn new(rule: &str, before: Expr, after: Expr) -> ProofStep {
        ProofStep { rule: rule.to_owned(), before, after, reason: None }
    }

    /// The same step of other terms.
    pub fn map(&self, f: &dyn Fn(&Expr) -> Expr) -> ProofStep {
        let reason = self.reason.as_ref().map(|r| r.map(f));
        ProofStep { rule: self.rule.clone(), before: f(&self.before), after: f(&self.after), reason }
    }
}

/// What a phase did.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The best form found.
    pub result: Expr,
    /// How it follows from the term the phase started with.
    pub steps: Vec<ProofStep>,
    /// True when no rule had anything left to say.
    pub saturated: bool,
    /// How many e-nodes the rules were held against, over all rounds.
    pub work: usize,
}

/// A phase of a derivation.
pub struct Phase<'a> {
    /// Whose rules it uses.
    pub topics: &'a [Topic],
    /// Whether it looks for equal forms.
    pub tidy: bool,
    /// What it may cost.
    pub budget: Budget,
    /// What it minimises.
    pub measure: &'a Measure<'a>,
    /// Whether the proof is wanted.
    pub explain: bool,
}

/// Runs a phase on a term.
pub fn run(start: &Expr, context: Context, phase: &Phase) -> Outcome {
    if fuel::is_spent() {
        return Outcome { result: start.clone(), steps: vec![], saturated: false, work: 0 };
    }
    let mut graph = Graph::new(context).with_explanations_enabled();
    let seed = to_rec(start);
    let root = graph.add_expr(&seed);
    rebuild(&mut graph);
    let rules: Vec<&Pattern> = phase.topics.iter().flat_map(|t| patterns(*t)).collect();
    let (saturated, work) = saturate(&mut graph, &rules, phase);
    let best = Extractor::new(&graph, phase.measure, &seed).best(root);
    let steps = if phase.explain && !fuel::is_spent() { explain(&mut graph, &seed, &best) } else { vec![] };
    Outcome { result: from_rec(&best), steps, saturated, work }
}

/// To hold all rules against an e-node takes as long as building so many nodes of an expression.
const RULES: u64 = 16;

/// Whether the graph came to rest, and how many e-nodes the rules were held against.
fn saturate(graph: &mut Graph, rules: &[&Pattern], phase: &Phase) -> (bool, usize) {
    let mut work = 0;
    for _ in 0..phase.budget.rounds {
        work += graph.total_number_of_nodes();
        fuel::burn(RULES * graph.total_number_of_nodes() as u64);
        let rewrites = find(graph, rules, phase.tidy);
        if fuel::is_spent() {
            return (false, work);
        }
        let mut changed = false;
        for (from, to, name) in &rewrites {
            changed |= apply(graph, from, to, name);
            if fuel::is_spent() || graph.total_number_of_nodes() > phase.budget.nodes {
                rebuild(graph);
                return (false, work);
            }
        }
        rebuild(graph);
        if !changed {
            return (true, work);
        }
    }
    (false, work)
}

pub(super) fn find(graph: &Graph, rules: &[&Pattern], tidy: bool) -> Vec<Rewrite> {
    let mut ids: Vec<Id> = graph.classes().map(|c| c.id).collect();
    ids.sort();
    let mut found = Vec::new();
    for id in ids {
        for node in &graph[id].nodes {
            if node.args.iter().any(|a| graph.find(*a) == id) {
                continue; // x = 1 x leads nowhere
            }
            found.extend(structural::always(graph, id, node));
            if tidy {
                found.extend(structural::tidying(graph, id, node));
                found.extend(rows::tidying(graph, id, node));
            }
            for rule in rules {
                found.extend(
                    matches(graph, rule, node)
                        .into_iter()
                        .map(|(b, m)| (m, instantiate(graph, rule, &b), rule.rule.name)),
                );
            }
        }
    }
    found
}

/// Unites the matched term with the written one, so that the proof knows why.
pub(super) fn apply(graph: &mut Graph, from: &Matched, to: &Expr, name: &str) -> bool {
    let mut subst = Subst::default();
    bind_references(to, &mut subst);
    let mut left = PatternAst::<Node>::default();
    write_matched(graph, from, &mut left, &mut subst);
    let mut right = PatternAst::<Node>::default();
    let leaf = |e: &Expr| referenced(e).map(|id| ENodeOrVar::Var(variable_for(id)));
    flatten(to, &mut right, &ENodeOrVar::ENode, &leaf);
    graph.union_instantiations(&left, &right, &subst, Symbol::from(name)).1
}

fn variable_for(id: Id) -> Var {
    Var::from_u32(usize::from(id) as u32)
}

/// The left side of a move. What the right side writes as a number stands here as that: that sum(y) is one has a reason of
/// its own.
fn write_matched(graph: &Graph, from: &Matched, nodes: &mut RecExpr<ENodeOrVar<Node>>, subst: &mut Subst) -> Id {
    match from {
        Matched::Class(id) => match &graph[*id].data.number {
            Some(n) if subst.get(variable_for(*id)).is_none() => {
                nodes.add(ENodeOrVar::ENode(Node { op: Op::Number(n.clone()).into(), args: vec![] }))
            }
            Some(_) | None => {
                subst.insert(variable_for(*id), *id);
                nodes.add(ENodeOrVar::Var(variable_for(*id)))
            }
        },
        Matched::Node(op, args) => {
            let args = args.iter().map(|a| write_matched(graph, a, nodes, subst)).collect();
            nodes.add(ENodeOrVar::ENode(Node { op: op.clone(), args }))
        }
    }
}

fn bind_references(e: &Expr, subst: &mut Subst) {
    if let Some(id) = referenced(e) {
        subst.insert(variable_for(id), id);
    }
    e.args().iter().for_each(|a| bind_references(a, subst));
}

/// The proof as whole terms, one rule a step; steps that only regroup read the same before and after and are dropped.
pub(super) fn explain(graph: &mut Graph, start: &RecExpr<Node>, end: &RecExpr<Node>) -> Vec<ProofStep> {
    if start == end {
        return vec![];
    }
    let mut explanation = graph.explain_equivalence(start, end);
    let flat = explanation.make_flat_explanation();
    let mut steps: Vec<ProofStep> = Vec::new();
    let mut before = from_rec(start);
    for (last, term) in flat.iter().zip(flat.iter().skip(1)) {
        let after = from_flat(term);
        if after != before {
            let rule = rule_of(term).unwrap_or_else(|| "regroup".to_owned());
            let reason = site::reason(last, term, &graph.analysis);
            steps.push(ProofStep { rule, before: std::mem::replace(&mut before, after.clone()), after, reason });
        }
    }
    without_detours(steps)
}

/// A proof that comes back to a term it has been at goes on from there.
pub(super) fn without_detours(steps: Vec<ProofStep>) -> Vec<ProofStep> {
    let mut kept: Vec<ProofStep> = Vec::new();
    for step in steps {
        match kept.iter().position(|s| s.before == step.after) {
            Some(i) => kept.truncate(i),
            None => kept.push(step),
        }
    }
    kept
}

/// The one rule used somewhere in this term.
fn rule_of(term: &egg::FlatTerm<Node>) -> Option<String> {
    let own = term.forward_rule.or(term.backward_rule).map(|s| s.to_string());
    own.or_else(|| term.children.iter().find_map(rule_of))
}
