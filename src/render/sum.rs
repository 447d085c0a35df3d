//! Sums: the author's order or positive terms first, minus signs, broadcast numbers.

use super::leaves::Standing;
use super::present::Presenter;
use super::tree;
use crate::expr::{Expr, Op, had};
use crate::syntax::{Ast, Sign, Syntax};

/// A term of a sum on its way to the page.
struct Summand {
    negative: bool,
    ast: Ast,
}

impl Presenter<'_> {
    pub(super) fn sum(&self, e: &Expr, place: Standing) -> Ast {
        let ordered = self.style.order(e);
        let args = ordered.unwrap_or(e.args());
        let spoken = spoken_terms(args);
        let inner = self.identity_place(args, place);
        let mut terms: Vec<Summand> = args.iter().zip(spoken).map(|(a, spoken)| self.term(a, spoken, inner)).collect();
        if ordered.is_none() {
            self.arrange(&mut terms);
        }
        let sign = |t: Summand| (if t.negative { Sign::Minus } else { Sign::Plus }, t.ast);
        tree::sum(terms.into_iter().map(sign).collect())
    }

    fn term(&self, e: &Expr, spoken: bool, place: Standing) -> Summand {
        let (negative, ast) = match broadcast(e).filter(|_| !spoken) {
            Some(scalar) => self.signed(&scalar, Standing::Open),
            None => self.signed(e, place),
        };
        Summand { negative, ast }
    }

    /// Positive terms first, numbers before the rest, then as names appear in the document, short before long.
    fn arrange(&self, terms: &mut [Summand]) {
        terms.sort_by_cached_key(|t| {
            let number = matches!(t.ast.kind, Syntax::Number(_));
            (t.negative, !number, self.style.reading(&t.ast), t.ast.size())
        });
    }

    /// Identities among the terms take their size from a term that carries one.
    fn identity_place(&self, args: &[Expr], place: Standing) -> Standing {
        let anchored = args.iter().any(holds_identity)
            && spoken_terms(args).into_iter().zip(args).any(|(spoken, a)| spoken && anchors(a));
        if anchored { Standing::Known } else { place }
    }
}

/// The scalar that an array of equal entries spreads: t for `t ones(n)`.
fn broadcast(e: &Expr) -> Option<Expr> {
    match e.op() {
        Op::Ones(_) => Some(crate::expr::integer(1)),
        Op::Had => {
            let scalars: Vec<Expr> = e.args().iter().filter(|a| a.is_scalar()).cloned().collect();
            let arrays = e.args().len() - scalars.len();
            let spread = arrays == 1 && e.args().iter().any(|a| matches!(a.op(), Op::Ones(_)));
            spread.then(|| had(scalars))
        }
        _ => None,
    }
}

/// Which terms must spell out their shape: all that are no broadcast, and the first one if there is no other.
fn spoken_terms(args: &[Expr]) -> Vec<bool> {
    let mut spoken: Vec<bool> = args.iter().map(|a| broadcast(a).is_none()).collect();
    if !spoken.contains(&true)
        && let Some(first) = spoken.first_mut()
    {
        *first = true;
    }
    spoken
}

/// An identity, perhaps scaled.
fn holds_identity(e: &Expr) -> bool {
    match e.op() {
        Op::Eye(_) => true,
        Op::Had => e.args().iter().any(holds_identity),
        _ => false,
    }
}

/// True when the expression's shape can be read off it even if identities in it are written `I`.
pub(super) fn anchors(e: &Expr) -> bool {
    let args = e.args();
    match e.op() {
        _ if e.is_scalar() => false,
        Op::Eye(_) => false,
        Op::Add => spoken_terms(args).into_iter().zip(args).any(|(spoken, a)| spoken && anchors(a)),
        Op::Had => args.iter().any(anchors),
        Op::Mul | Op::Kron => args.iter().all(anchors),
        Op::Transpose
        | Op::Inverse
        | Op::MatrixPower(_)
        | Op::Pow
        | Op::Map(_)
        | Op::Field(_)
        | Op::Builtin(_)
        | Op::Unvec(..)
        | Op::Slice { .. }
        | Op::Differential => args.iter().all(|a| a.is_scalar() || anchors(a)),
        Op::Number(_)
        | Op::SizeNumber(_)
        | Op::Constant(_)
        | Op::Variable(_)
        | Op::Ones(_)
        | Op::Zeros(_)
        | Op::Unit(..)
        | Op::Tril(_)
        | Op::Duplication(_)
        | Op::Commutation(..)
        | Op::Block { .. }
        | Op::Inner => true,
    }
}
