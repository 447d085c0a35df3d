//! Losses as PyTorch calls them: what they are of every pair of entries, and how that is reduced to a number.

use super::expression::{Parsed, Parser};
use super::token::{Bracket, Tok, Token};
use super::{Ast, Syntax};
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;

/// A loss, without its underscores: the function of the language that is its entries, and its mean where that has a name too.
const LOSSES: &[(&str, &str, Option<&str>)] = &[
    ("mseloss", "squared_error", Some("mse")),
    ("l1loss", "absolute_error", None),
    ("smoothl1loss", "huber_error", None),
    ("huberloss", "huber_error", None),
    ("binarycrossentropy", "binary_cross_entropies", None),
    ("binarycrossentropywithlogits", "logistic_loss", None),
    ("softmarginloss", "margin_loss", None),
    ("kldiv", "divergence_of_log", None),
];

/// How the entries of a loss become a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reduction {
    Mean,
    Sum,
    None,
    /// The sum over all, divided by the number of rows.
    BatchMean,
}

impl Reduction {
    fn from_spelling(word: &str) -> Option<Reduction> {
        match word {
            "mean" => Some(Reduction::Mean),
            "sum" => Some(Reduction::Sum),
            "none" => Some(Reduction::None),
            "batchmean" => Some(Reduction::BatchMean),
            _ => None,
        }
    }
}

fn loss(name: &str) -> Option<&'static (&'static str, &'static str, Option<&'static str>)> {
    // classes of Keras end alike, and take their arguments the other way round
    let plain = name.replace('_', "");
    LOSSES.iter().find(|(spelling, ..)| *spelling == plain).filter(|_| name.contains('_'))
}

/// True for a loss of PyTorch.
pub(super) fn is_loss(name: &str) -> bool {
    loss(name).is_some()
}

/// `reduction='sum'`, what is in quotes.
pub(super) fn is_reduction(word: &str, before: &[Token]) -> bool {
    let named = matches!(before, [.., name, sign] if name.tok.is_name("reduction") && sign.tok == Tok::Equals);
    named && Reduction::from_spelling(word).is_some()
}

impl Parser<'_> {
    /// `l1_loss(a, b)`, `kl_div(log_p, q, reduction='sum')`.
    pub fn loss_call(&mut self, name: &Name, start: usize) -> Parsed {
        let Some((_, entries, mean)) = loss(name.as_str()) else { return self.variable(name, start) };
        let function_span = self.token().span;
        let reduction = self.reduction();
        self.at += 2;
        let (args, below) = self.bracketed(Self::list)?;
        self.close(Bracket::Paren)?;
        let [_, _] = &args[..] else { return Err(Box::new(of_two(name, function_span, args.len()))) };
        let call =
            |name: &str, args: Vec<Ast>| Syntax::Call { function: Name::new(name), function_span, primes: 0, args };
        if let (Reduction::Mean, Some(mean)) = (reduction, mean) {
            return self.node(call(mean, args), start, below);
        }
        let first = args[0].clone();
        let entries = self.node(call(entries, args), start, below)?;
        let below = self.height;
        match reduction {
            Reduction::None => Ok(entries),
            Reduction::Mean => self.node(call("mean", vec![entries]), start, below),
            Reduction::Sum => self.node(call("sum", vec![entries]), start, below),
            Reduction::BatchMean => {
                let sum = self.node(call("sum", vec![entries]), start, below)?;
                let below = self.height;
                let rows = self.node(call("nrow", vec![first]), start, below)?;
                let below = below.max(self.height);
                self.node(Syntax::Binary(super::BinaryOp::Div, Box::new(sum), Box::new(rows)), start, below)
            }
        }
    }

    /// Takes `, reduction='sum'` off the call that begins here.
    fn reduction(&mut self) -> Reduction {
        let (open, Some(close)) = (self.at + 1, self.closing(self.at + 1)) else { return Reduction::Mean };
        let named = |w: &[Token]| w[0].tok == Tok::Comma && w[1].tok.is_name("reduction") && w[2].tok == Tok::Equals;
        let Some(at) = self.tokens[open..close].windows(4).position(named) else { return Reduction::Mean };
        let word = self.tokens[open + at + 3].tok.name().and_then(|n| Reduction::from_spelling(n.as_str()));
        self.tokens.drain(open + at..open + at + 4);
        word.unwrap_or(Reduction::Mean)
    }
}

fn of_two(name: &Name, span: Span, given: usize) -> Error {
    Error::new(Kind::Name, format!("{name} takes two arguments here, {given} given"))
        .at(span, "wrong number of arguments")
        .help("write the weights and other settings of the loss out")
}
