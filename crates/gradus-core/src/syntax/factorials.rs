//! Factorials: `n!` is Γ(n + 1), its logarithm `lgamma(n + 1)`.

use super::expression::{Parsed, Parser};
use super::token::Tok;
use super::{Ast, Sign, Syntax};
use crate::diag::{Error, Kind, Note};
use crate::expr::Name;

impl Parser<'_> {
    /// What stands before `!`, as exp(lgamma(n + 1)).
    pub fn factorial(&mut self, of: Ast, start: usize) -> Parsed {
        let below = self.height;
        let sign = self.token().span;
        self.at += 1;
        if *self.tok() == Tok::Factorial {
            return Err(Box::new(
                Error::new(Kind::Unsupported, "double factorials are not in the language")
                    .at(sign.to(self.token().span), "every second factor")
                    .help("n! is Γ(n + 1): write the product out"),
            ));
        }
        let span = self.since(start);
        let written = self.text.get(span.start..span.end).unwrap_or_default();
        self.notes.push(Note::convention(format!("{written} is read as Γ of one more")));
        let call = |name: &str, arg| {
            let function = Name::new(name);
            Ast::new(Syntax::Call { function, function_span: span, primes: 0, args: vec![arg] }, span)
        };
        let one = Ast::new(Syntax::Number("1".into()), span);
        let next = Ast::new(Syntax::Sum(vec![(Sign::Plus, of), (Sign::Plus, one)]), span);
        self.node(call("exp", call("lgamma", next)).kind, start, below + 2)
    }
}

/// The logarithm of a factorial is lgamma itself.
pub(super) fn without_logarithm(call: Syntax) -> Syntax {
    let Syntax::Call { function, args, .. } = &call else { return call };
    match (function.as_str(), &args[..]) {
        ("log", [Ast { kind: Syntax::Call { function, args, .. }, .. }]) if function.as_str() == "exp" => {
            match &args[..] {
                [Ast { kind: lgamma @ Syntax::Call { function, .. }, .. }] if function.as_str() == "lgamma" => {
                    lgamma.clone()
                }
                _ => call,
            }
        }
        _ => call,
    }
}
