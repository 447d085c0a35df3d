//! Where in a term a step of a proof uses its rule, and what the rule's reason speaks of there.

use super::analysis::{Context, Graph, rebuild};
use super::language::{Node, from_flat, from_rec, to_rec};
use super::pattern::{instantiate, matches, referenced, written};
use crate::expr::{Expr, Function, Map, Op};
use crate::rules::{self, Pattern, Reason, Topic, pattern_of, patterns};
use egg::{FlatTerm, Id, RecExpr};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A reason speaks of terms of at most so many nodes; of larger ones in the rule's letters.
const MAX_SPOKEN: u64 = 12;

/// The term a rule is used for, as the proof has it: its parts are told apart by their classes.
struct Site {
    graph: Graph,
    trees: BTreeMap<Id, Expr>,
    node: Node,
}

/// Why the step holds, in the terms it is about; `None` where the rule's own reason is all there is to say.
pub fn reason(before: &FlatTerm<Node>, after: &FlatTerm<Node>, context: &Context) -> Option<Reason> {
    let (matched, name) = matched(before, after)?;
    let rule = rules::find(name.as_str()).filter(|r| r.is_told_in_place())?;
    Site::of(matched, context).reason(pattern_of(rule)?)
}

/// The same of a step that uses its rule wherever that fits: in the terms of the first place, before the step or after it.
pub fn reason_anywhere(rule: &str, step: [&Expr; 2], context: &Context) -> Option<Reason> {
    let rule = rules::find(rule).filter(|r| r.is_told_in_place())?;
    let pattern = pattern_of(rule)?;
    step.into_iter().find_map(|e| Site::first(e, pattern, context)).and_then(|s| s.reason(pattern))
}

/// The subterm that fits the left side of the rule, and the rule. Read backwards, that is the one after the step.
fn matched<'a>(before: &'a FlatTerm<Node>, after: &'a FlatTerm<Node>) -> Option<(&'a FlatTerm<Node>, egg::Symbol)> {
    match (after.forward_rule, after.backward_rule) {
        (Some(rule), _) => Some((before, rule)),
        (None, Some(rule)) => Some((after, rule)),
        (None, None) => before.children.iter().zip(&after.children).find_map(|(b, a)| matched(b, a)),
    }
}

impl Site {
    fn of(term: &FlatTerm<Node>, context: &Context) -> Site {
        let mut site = Site { graph: Graph::new(context.clone()), trees: BTreeMap::new(), node: term.node.clone() };
        site.node.args = term.children.iter().map(|c| site.add(c)).collect();
        site.graph.add(site.node.clone());
        rebuild(&mut site.graph);
        site
    }

    /// The first part of a term that a rule fits.
    fn first(e: &Expr, pattern: &Pattern, context: &Context) -> Option<Site> {
        let parts = to_rec(e);
        let (mut graph, mut trees, mut nodes): (_, _, Vec<Node>) =
            (Graph::new(context.clone()), BTreeMap::new(), vec![]);
        let mut ids: Vec<Id> = vec![];
        for (at, part) in parts.as_ref().iter().enumerate() {
            let node = Node { op: part.op.clone(), args: part.args.iter().map(|a| ids[usize::from(*a)]).collect() };
            let id = graph.add(node.clone());
            trees.entry(id).or_insert_with(|| from_rec(&RecExpr::from(parts.as_ref()[..=at].to_vec())));
            ids.push(id);
            nodes.push(node);
        }
        rebuild(&mut graph);
        let node = nodes.into_iter().find(|node| !matches(&graph, pattern, node).is_empty())?;
        Some(Site { graph, trees, node })
    }

    fn add(&mut self, term: &FlatTerm<Node>) -> Id {
        let args = term.children.iter().map(|c| self.add(c)).collect();
        let id = self.graph.add(Node { op: term.node.op.clone(), args });
        self.trees.entry(id).or_insert_with(|| from_flat(term));
        id
    }

    fn reason(&self, pattern: &Pattern) -> Option<Reason> {
        let (binding, _) = matches(&self.graph, pattern, &self.node).into_iter().next()?;
        let alone = !pattern.rule.alone.is_empty() && binding.moves_alone(&self.graph);
        let general = if alone { pattern.reason_alone() } else { pattern.reason() };
        let here = |e: &Expr| Some(self.resolved(&written(&self.graph, pattern, &binding, e)?));
        let reason = general.try_map(&here).filter(|r| r.terms().all(|t| t.nodes() <= MAX_SPOKEN));
        reason.or_else(|| alone.then(|| general.clone()))
    }

    /// The trees in the place of the classes the engine writes, and exp(t) for exp'(t).
    fn resolved(&self, e: &Expr) -> Expr {
        e.rewrite(&mut |e| match referenced(&e).and_then(|id| self.trees.get(&id)) {
            Some(tree) => tree.clone(),
            None => slope(&e, &self.graph.analysis).unwrap_or(e),
        })
    }
}

/// What the derivative of a built-in function is, where a rule says so.
fn slope(e: &Expr, context: &Context) -> Option<Expr> {
    let Op::Map(Map { function: Function::Builtin(_), order: 1.. }) = e.op() else { return None };
    let argument = &e.args()[0];
    let mut graph = Graph::new(context.clone());
    let args = vec![graph.add_expr(&to_rec(argument))];
    rebuild(&mut graph);
    let node = Node { op: Arc::new(e.op().clone()), args };
    let said = patterns(Topic::Function).iter().find_map(|pattern| {
        let (binding, _) = matches(&graph, pattern, &node).into_iter().next()?;
        Some(instantiate(&graph, pattern, &binding))
    })?;
    Some(said.rewrite(&mut |e| if referenced(&e).is_some() { argument.clone() } else { e }))
}
