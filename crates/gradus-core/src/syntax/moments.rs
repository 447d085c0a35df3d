//! Variances and covariances of what is random, by expectations.

use super::expression::{Parsed, Parser};
use super::token::{Bracket, Tok};
use super::{Ast, BinaryOp, Bound, Sign, Syntax, names};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Gathering, Name};

/// How many things a moment is of.
#[derive(Clone, Copy)]
pub(super) enum Moment {
    /// `Var(e)` = E[(e − E[e])²].
    Variance,
    /// `Cov(a, b)` = E[(a − E[a]) (b − E[b])].
    Covariance,
}

impl Parser<'_> {
    /// `Var(e)`, `Var_x[e]`, `\operatorname{Cov}(a, b)`, where no name of the document is called so.
    pub(super) fn moment(&self, name: &Name) -> Option<Moment> {
        let (base, _) = names::split(name);
        let opens = matches!(self.ahead(1), Tok::Open(Bracket::Paren | Bracket::Square));
        match base {
            _ if !opens || self.names.known.contains(name) => None,
            "Var" => Some(Moment::Variance),
            "Cov" => Some(Moment::Covariance),
            _ => None,
        }
    }

    pub(super) fn moment_call(&mut self, moment: Moment, name: &Name, start: usize) -> Parsed {
        let span = self.token().span;
        self.at += 1;
        let Tok::Open(bracket) = *self.tok() else { return self.operand() };
        self.at += 1;
        let (args, below) = self.bracketed(Self::list)?;
        self.close(bracket)?;
        let letters: Vec<Name> = names::split(name).1.into_iter().map(Name::new).collect();
        let over: Vec<Bound> = letters
            .into_iter()
            .map(|letter| Bound { letter, letter_span: span, range: None, set: None, drawn: vec![] })
            .collect();
        let whole = self.since(start);
        let mean = |body: Ast| {
            let by = Gathering::Expectation;
            Ast::new(Syntax::Gathered { by, over: over.clone(), when: vec![], body: Box::new(body) }, whole)
        };
        let apart =
            |e: &Ast| Ast::new(Syntax::Sum(vec![(Sign::Plus, e.clone()), (Sign::Minus, mean(e.clone()))]), e.span);
        let body = match (moment, args.as_slice()) {
            (Moment::Variance, [e]) => squared(apart(e), whole),
            (Moment::Covariance, [a, b]) => {
                Ast::new(Syntax::Binary(BinaryOp::Mul, Box::new(apart(a)), Box::new(apart(b))), whole)
            }
            (Moment::Variance | Moment::Covariance, _) => {
                let message = "the variance is of one value, the covariance of two";
                return Err(Box::new(
                    Error::new(Kind::Shape, message)
                        .at(whole, format!("of {} here", args.len()))
                        .help("Var(e), Cov(a, b)"),
                ));
            }
        };
        self.node(mean(body).kind, start, below + 4)
    }
}

fn squared(e: Ast, span: Span) -> Ast {
    let two = Ast::new(Syntax::Number("2".into()), span);
    Ast::new(Syntax::Power(Box::new(e), Box::new(two)), span)
}
