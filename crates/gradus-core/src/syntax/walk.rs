//! Walking through a syntax tree: to another place of a text, along its names, to its size.

use super::ast::{Ast, BinaryOp, Bound, Statement, Syntax, WrittenCondition};
use crate::diag::Span;
use crate::expr::Name;

impl Ast {
    /// A tree at its place.
    pub fn new(kind: Syntax, span: Span) -> Ast {
        Ast { kind, span, grouped: false }
    }

    /// The same tree in a text in which it stands `by` bytes further on.
    pub fn shifted(self, by_bytes: usize) -> Ast {
        let moved = |s: Span| Span::new(s.start + by_bytes, s.end + by_bytes);
        let one = |a: Box<Ast>| Box::new(a.shifted(by_bytes));
        let list = |l: Vec<Ast>| l.into_iter().map(|a| a.shifted(by_bytes)).collect::<Vec<_>>();
        let pair = |(a, b): (Box<Ast>, Box<Ast>)| (one(a), one(b));
        let kind = match self.kind {
            leaf @ (Syntax::Number(_) | Syntax::Name(_) | Syntax::Partial(_) | Syntax::Keyword(..)) => leaf,
            Syntax::Call { function, function_span, primes, args } => {
                Syntax::Call { function, function_span: moved(function_span), primes, args: list(args) }
            }
            Syntax::Slope { slope, function, function_span, args } => {
                Syntax::Slope { slope, function, function_span: moved(function_span), args: list(args) }
            }
            Syntax::Sum(terms) => Syntax::Sum(terms.into_iter().map(|(sign, a)| (sign, a.shifted(by_bytes))).collect()),
            Syntax::Neg(a) => Syntax::Neg(one(a)),
            Syntax::Binary(op, a, b) => Syntax::Binary(op, one(a), one(b)),
            Syntax::Transpose(a) => Syntax::Transpose(one(a)),
            Syntax::Inverse(a) => Syntax::Inverse(one(a)),
            Syntax::Power(a, b) => Syntax::Power(one(a), one(b)),
            Syntax::ElementPower(a, b) => Syntax::ElementPower(one(a), one(b)),
            Syntax::Norm(kind, a) => Syntax::Norm(kind, one(a)),
            Syntax::Bars(a) => Syntax::Bars(one(a)),
            Syntax::Matrix(rows) => Syntax::Matrix(rows.into_iter().map(list).collect()),
            Syntax::Slice { base, rows, cols } => {
                Syntax::Slice { base: one(base), rows: pair(rows), cols: cols.map(pair) }
            }
            Syntax::Entry { base, at } => Syntax::Entry { base: one(base), at: list(at) },
            Syntax::Gathered { by, over, when, body } => Syntax::Gathered {
                by,
                over: over.into_iter().map(|b| b.shifted(by_bytes)).collect(),
                when: when.into_iter().map(|c| c.shifted(by_bytes)).collect(),
                body: one(body),
            },
            Syntax::Iverson(comparison) => Syntax::Iverson(Box::new(comparison.shifted(by_bytes))),
        };
        Ast { kind, span: moved(self.span), grouped: self.grouped }
    }

    /// The last factor of a product.
    pub fn last_factor(&self) -> &Ast {
        match &self.kind {
            Syntax::Binary(BinaryOp::Mul | BinaryOp::At | BinaryOp::Dot, _, right) => right.last_factor(),
            _ => self,
        }
    }

    /// Goes through the names of variables, in the order they are read.
    pub fn names(&self, see: &mut dyn FnMut(&Name)) {
        match &self.kind {
            Syntax::Number(_) | Syntax::Partial(_) | Syntax::Keyword(..) => {}
            Syntax::Name(name) => see(name),
            Syntax::Call { args, .. } | Syntax::Slope { args, .. } => args.iter().for_each(|a| a.names(see)),
            Syntax::Sum(terms) => terms.iter().for_each(|(_, t)| t.names(see)),
            Syntax::Neg(a) | Syntax::Transpose(a) | Syntax::Inverse(a) | Syntax::Norm(_, a) | Syntax::Bars(a) => {
                a.names(see)
            }
            Syntax::Binary(_, a, b) | Syntax::Power(a, b) | Syntax::ElementPower(a, b) => {
                a.names(see);
                b.names(see);
            }
            Syntax::Matrix(rows) => rows.iter().flatten().for_each(|a| a.names(see)),
            Syntax::Slice { base, .. } | Syntax::Entry { base, .. } => base.names(see),
            Syntax::Gathered { body, .. } => body.names(see),
            Syntax::Iverson(_) => {}
        }
    }

    /// The size the contract counts: operators, names and constants; a call its name and its arguments; parentheses free.
    pub fn size(&self) -> usize {
        match &self.kind {
            Syntax::Number(_) | Syntax::Name(_) | Syntax::Partial(_) | Syntax::Keyword(..) => 1,
            Syntax::Call { args, .. } | Syntax::Slope { args, .. } => 1 + args.iter().map(Ast::size).sum::<usize>(),
            Syntax::Sum(terms) => terms.len() - 1 + terms.iter().map(|(_, t)| t.size()).sum::<usize>(),
            Syntax::Neg(a) | Syntax::Transpose(a) | Syntax::Inverse(a) | Syntax::Norm(_, a) | Syntax::Bars(a) => {
                1 + a.size()
            }
            Syntax::Binary(_, a, b) | Syntax::Power(a, b) | Syntax::ElementPower(a, b) => 1 + a.size() + b.size(),
            Syntax::Matrix(rows) => {
                rows.iter().flatten().map(Ast::size).sum::<usize>()
                    + rows.iter().map(Vec::len).sum::<usize>().saturating_sub(1)
            }
            Syntax::Slice { base, rows, cols } => {
                let range = |r: &(Box<Ast>, Box<Ast>)| r.0.size() + r.1.size();
                1 + base.size() + range(rows) + cols.as_ref().map_or(0, range)
            }
            // a member is one name, however many indices it has
            Syntax::Entry { base, .. } => base.size(),
            Syntax::Gathered { over, when, body, .. } => 1 + over.len() + when.len() + body.size(),
            Syntax::Iverson(_) => 1,
        }
    }
}

impl Statement {
    /// The expression it holds, but for the sides of a condition on sizes.
    pub fn value(&self) -> Option<&Ast> {
        match self {
            Statement::Definition { value, .. }
            | Statement::FunctionDefinition { body: value, .. }
            | Statement::Expression(value) => Some(value),
            Statement::Declaration(_) | Statement::SizeCondition { .. } => None,
        }
    }

    /// The same, to be changed.
    pub fn value_mut(&mut self) -> Option<&mut Ast> {
        match self {
            Statement::Definition { value, .. }
            | Statement::FunctionDefinition { body: value, .. }
            | Statement::Expression(value) => Some(value),
            Statement::Declaration(_) | Statement::SizeCondition { .. } => None,
        }
    }
}

impl Bound {
    fn shifted(self, by: usize) -> Bound {
        let moved = |s: Span| Span::new(s.start + by, s.end + by);
        let range = self.range.map(|(a, b)| (a.shifted(by), b.shifted(by)));
        Bound { letter_span: moved(self.letter_span), range, ..self }
    }

    /// The expressions of its range.
    pub fn expressions(&self) -> impl Iterator<Item = &Ast> {
        self.range.iter().flat_map(|(a, b)| [a, b])
    }
}

impl WrittenCondition {
    fn shifted(self, by: usize) -> WrittenCondition {
        WrittenCondition { left: self.left.shifted(by), right: self.right.shifted(by), ..self }
    }

    /// Its sides.
    pub fn sides(&self) -> [&Ast; 2] {
        [&self.left, &self.right]
    }
}
