//! Terms: core operators with sizes that may still be unknown, on their way from the syntax tree to the core.

use super::unify::Unifier;
use crate::diag::{Error, Kind, Span};
use crate::expr::{Expr, Op, Rational, Shape, Symbol, Variable, build, derive_shape};
use std::collections::HashSet;
use std::rc::Rc;

/// An operator of the core with arguments whose sizes unification may still be working on.
#[derive(Clone, Debug)]
pub(super) struct Term(Rc<TermNode>);

#[derive(Debug)]
struct TermNode {
    op: Op,
    args: Vec<Term>,
    shape: Shape,
    span: Span,
    nodes: usize,
    depth: usize,
}

impl Term {
    pub fn new(op: Op, args: Vec<Term>, shape: Shape, span: Span) -> Term {
        let nodes = args.iter().fold(1usize, |n, a| n.saturating_add(a.0.nodes));
        let depth = 1 + args.iter().map(|a| a.0.depth).max().unwrap_or(0);
        Term(Rc::new(TermNode { op, args, shape, span, nodes, depth }))
    }

    pub fn leaf(op: Op, shape: Shape, span: Span) -> Term {
        Term::new(op, Vec::new(), shape, span)
    }

    /// The same term, standing elsewhere.
    pub fn spanning(&self, span: Span) -> Term {
        Term::new(self.0.op.clone(), self.0.args.clone(), self.0.shape.clone(), span)
    }

    pub fn op(&self) -> &Op {
        &self.0.op
    }

    pub fn args(&self) -> &[Term] {
        &self.0.args
    }

    pub fn shape(&self) -> &Shape {
        &self.0.shape
    }

    pub fn span(&self) -> Span {
        self.0.span
    }

    pub fn nodes(&self) -> usize {
        self.0.nodes
    }

    pub fn depth(&self) -> usize {
        self.0.depth
    }

    pub fn as_number(&self) -> Option<&Rational> {
        if let Op::Number(n) = self.op() { Some(n) } else { None }
    }

    pub fn as_variable(&self) -> Option<&Symbol> {
        if let Op::Variable(v) = self.op() { Some(&v.name) } else { None }
    }

    /// The rational this is when it is written with numbers alone: `3/2`, `-(1 + 2)`, `2^-1`.
    pub fn constant(&self) -> Option<Rational> {
        if let Some(n) = self.as_number() {
            return Some(n.clone());
        }
        let mut values = self.args().iter().map(Term::constant);
        if *self.op() == Op::Add {
            values.try_fold(Rational::zero(), |sum, v| Some(&sum + &v?))
        } else if *self.op() == Op::Had {
            values.try_fold(Rational::one(), |product, v| Some(&product * &v?))
        } else if *self.op() == Op::Pow {
            let (base, exponent) = (values.next()??, values.next()??);
            base.pow(exponent.to_i64()?)
        } else {
            None
        }
    }

    /// Whether the variable of this name occurs.
    pub fn mentions(&self, name: &Symbol) -> bool {
        self.as_variable() == Some(name) || self.args().iter().any(|a| a.mentions(name))
    }

    /// The same with a term of its shape in place of a variable.
    pub fn substituted(&self, name: &Symbol, value: &Term) -> Term {
        if self.as_variable() == Some(name) {
            return value.spanning(self.span());
        }
        let args = self.args().iter().map(|a| a.substituted(name, value)).collect();
        Term::new(self.op().clone(), args, self.shape().clone(), self.span())
    }

    /// The variables in it, in order, at most `limit` of them.
    pub fn variables(&self, limit: usize, found: &mut Vec<Variable>) {
        if found.len() >= limit {
            return;
        }
        if let Op::Variable(v) = self.op()
            && !found.contains(v)
        {
            found.push(v.clone());
        }
        self.args().iter().for_each(|a| a.variables(limit, found));
    }
}

/// Turns terms into expressions once all sizes are known.
pub(super) struct Finisher<'u> {
    pub sizes: &'u mut Unifier,
    /// Nodes as written, without the rearrangements of the constructors: for patterns.
    pub raw: bool,
    /// Sums and elementwise products as written (see `Program::orders`).
    pub orders: Vec<(Expr, Vec<Expr>)>,
    seen: HashSet<Expr>,
}

/// An expression and, when it is a sum or an elementwise product, its arguments in the author's order.
struct Finished {
    expr: Expr,
    order: Option<Vec<Expr>>,
}

impl<'u> Finisher<'u> {
    pub fn new(sizes: &'u mut Unifier, raw: bool) -> Finisher<'u> {
        Finisher { sizes, raw, orders: Vec::new(), seen: HashSet::new() }
    }

    /// # Errors
    /// Internal, when a shape rule of this module and the operator table disagree.
    pub fn finish(&mut self, term: &Term) -> Result<Expr, Error> {
        self.term(term).map(|finished| finished.expr)
    }

    fn term(&mut self, term: &Term) -> Result<Finished, Error> {
        let args: Vec<Finished> = term.args().iter().map(|a| self.term(a)).collect::<Result<_, Error>>()?;
        let op = self.op(term.op());
        let shapes: Vec<Shape> = args.iter().map(|a| a.expr.shape().clone()).collect();
        let shape = self.sizes.resolve_shape(term.shape());
        if derive_shape(&op, &shapes).as_ref() != Some(&shape) {
            let message = format!("the shapes {shapes:?} of the arguments of {op:?} were not settled");
            return Err(Error::new(Kind::Internal, message).at(term.span(), "here"));
        }
        let exprs: Vec<Expr> = args.iter().map(|a| a.expr.clone()).collect();
        if self.raw {
            return Ok(Finished { expr: Expr::node(op, exprs), order: None });
        }
        let is_ordered = matches!(op, Op::Add | Op::Had);
        let expr = build(op.clone(), exprs);
        let order = (is_ordered && *expr.op() == op).then(|| self.record(&expr, args));
        Ok(Finished { expr, order })
    }

    /// Remembers in which order the arguments of a sum or product were written.
    fn record(&mut self, expr: &Expr, args: Vec<Finished>) -> Vec<Expr> {
        let mut written = Vec::new();
        for arg in args {
            match arg.order {
                Some(order) if arg.expr.op() == expr.op() => written.extend(order),
                _ if arg.expr.op() == expr.op() => written.extend(arg.expr.args().to_vec()),
                _ => written.push(arg.expr),
            }
        }
        let order = merged(written, expr);
        if self.seen.insert(expr.clone()) {
            self.orders.push((expr.clone(), order.clone()));
        }
        order
    }

    fn op(&mut self, op: &Op) -> Op {
        op.map_sizes(&mut |n| self.sizes.resolve(n))
    }
}

/// The arguments in the order they were written; those the constructors made (a folded number) come where numbers do,
/// first in a product and last in a sum.
fn merged(written: Vec<Expr>, expr: &Expr) -> Vec<Expr> {
    let args = expr.args();
    let mut left: std::collections::HashMap<&Expr, usize> = std::collections::HashMap::new();
    args.iter().for_each(|a| *left.entry(a).or_insert(0) += 1);
    let mut order = Vec::new();
    for expr in &written {
        if let Some(count) = left.get_mut(expr).filter(|c| **c > 0) {
            *count -= 1;
            order.push(expr.clone());
        }
    }
    let made = args.iter().filter(|a| left.get_mut(a).is_some_and(|c| std::mem::replace(c, c.saturating_sub(1)) > 0));
    let made: Vec<Expr> = made.cloned().collect();
    let at = if *expr.op() == Op::Add { order.len() } else { 0 };
    order.splice(at..at, made);
    order
}
