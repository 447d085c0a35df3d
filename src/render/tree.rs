//! Small constructors of syntax trees, and what the presenter asks of them.

use super::precedence::{level, operator_level};
use crate::diag::Span;
use crate::expr::{Atom, Name, Rational, Size, Symbol};
use crate::syntax::{Ast, BinaryOp, Sign, Syntax};

pub fn ast(kind: Syntax) -> Ast {
    Ast::new(kind, Span::default())
}

pub fn name(text: &str) -> Ast {
    ast(Syntax::Name(Name::from(text)))
}

/// A variable, as it is written.
pub fn symbol(symbol: &Symbol) -> Ast {
    match (symbol, symbol.name()) {
        (Symbol::Partial(partial), _) => ast(Syntax::Partial(partial.clone())),
        (_, Some(name)) => ast(Syntax::Name(name.clone())),
        (_, None) => name(&symbol.to_string()),
    }
}

pub fn number(text: impl Into<String>) -> Ast {
    ast(Syntax::Number(text.into()))
}

pub fn call(function: &str, args: Vec<Ast>) -> Ast {
    primed_call(Name::from(function), 0, args)
}

pub fn primed_call(function: Name, primes: u32, args: Vec<Ast>) -> Ast {
    ast(Syntax::Call { function, function_span: Span::default(), primes, args })
}

/// The weights of `∇²(wᵀ c)(x)` as the row that stands before c.
pub fn transposed(weights: &Ast) -> Ast {
    match &weights.kind {
        Syntax::Transpose(row) => (**row).clone(),
        _ => ast(Syntax::Transpose(Box::new(weights.clone()))),
    }
}

pub fn binary(op: BinaryOp, a: Ast, b: Ast) -> Ast {
    ast(Syntax::Binary(op, Box::new(a), Box::new(b)))
}

pub fn power(base: Ast, exponent: Ast) -> Ast {
    ast(Syntax::Power(Box::new(base), Box::new(exponent)))
}

/// A chain that associates to the left; `None` for no factors.
pub fn chain(op: BinaryOp, factors: impl IntoIterator<Item = Ast>) -> Option<Ast> {
    factors.into_iter().reduce(|a, b| binary(op, a, b))
}

/// The factors of a left-associated chain of products, as far as a reader takes them one by one.
pub fn factors(e: Ast) -> Vec<Ast> {
    match e.kind {
        Syntax::Binary(BinaryOp::Mul, a, b) if !e.grouped => {
            let mut list = factors(*a);
            list.push(*b);
            list
        }
        _ => vec![e],
    }
}

/// The negative: the minus stands before the leftmost factor, as it is read back, and before its parentheses.
pub fn negate(e: Ast) -> Ast {
    match e.kind {
        Syntax::Binary(op, a, b) => {
            let negative =
                if level(&a.kind) >= operator_level(op) && !a.grouped { negate(*a) } else { ast(Syntax::Neg(a)) };
            binary(op, negative, *b)
        }
        kind => ast(Syntax::Neg(Box::new(ast(kind)))),
    }
}

/// A Kronecker product; chains of them need no brackets: `A ⊗ B ⊗ C`.
pub fn kron(a: Ast, b: Ast) -> Ast {
    match b.kind {
        Syntax::Binary(BinaryOp::Kron, first, second) => kron(kron(a, *first), *second),
        kind => binary(BinaryOp::Kron, a, ast(kind)),
    }
}

/// Puts a number before the leftmost operand of an elementwise or Kronecker product (`2 x .* y`), or before the whole.
pub fn scale(coefficient: Ast, e: Ast) -> Ast {
    match e.kind {
        Syntax::Binary(op @ (BinaryOp::Had | BinaryOp::HadDiv | BinaryOp::Kron), a, b) => {
            binary(op, scale(coefficient, *a), *b)
        }
        kind => binary(BinaryOp::Mul, coefficient, ast(kind)),
    }
}

/// A rational without its sign: `3`, `1/2`, or `0.5` where the document writes `decimals`.
pub fn magnitude(n: &Rational, decimals: bool) -> Ast {
    let n = n.abs();
    let (numerator, denominator) = n.parts();
    if denominator == "1" {
        return number(numerator);
    }
    match n.decimal().filter(|_| decimals) {
        Some(decimal) => number(decimal),
        None => binary(BinaryOp::Div, number(numerator), number(denominator)),
    }
}

/// A size as an expression: `n`, `5 d`, `n k + 1`.
pub fn size(size: &Size) -> Ast {
    let mut terms = size_terms(size);
    match terms.len() {
        1 => {
            let (sign, term) = terms.remove(0);
            if sign == Sign::Minus { negate(term) } else { term }
        }
        _ => sum(terms),
    }
}

/// The terms of a size, by degree, the highest first, as polynomials are written.
pub fn size_terms(size: &Size) -> Vec<(Sign, Ast)> {
    if size.over() != 1 {
        let quotient = binary(BinaryOp::Div, self::size(&size.numerator()), number(size.over().to_string()));
        return vec![(Sign::Plus, quotient)];
    }
    let mut terms: Vec<(Sign, Ast)> = size.terms().map(|(atoms, c)| monomial(atoms, c)).collect();
    terms.reverse();
    if terms.is_empty() { vec![(Sign::Plus, number("0"))] } else { terms }
}

fn atom(atom: &Atom) -> Ast {
    match atom {
        Atom::Name(n) => ast(Syntax::Name(n.clone())),
        Atom::Unknown(_) | Atom::Slot(_) => name(&atom.to_string()),
    }
}

fn monomial(atoms: &[Atom], coefficient: i64) -> (Sign, Ast) {
    let sign = if coefficient < 0 { Sign::Minus } else { Sign::Plus };
    let magnitude = coefficient.unsigned_abs();
    let lead = (magnitude != 1 || atoms.is_empty()).then(|| number(magnitude.to_string()));
    let factors = lead.into_iter().chain(atoms.iter().map(atom));
    (sign, chain(BinaryOp::Mul, factors).unwrap_or_else(|| number("1")))
}

/// A sum of two or more terms; a leading minus goes to its factor, as it is read back.
pub fn sum(mut terms: Vec<(Sign, Ast)>) -> Ast {
    if let Some(first @ (Sign::Minus, _)) = terms.first_mut() {
        first.0 = Sign::Plus;
        let term = std::mem::replace(&mut first.1, number("0"));
        first.1 = negate(term);
    }
    ast(Syntax::Sum(terms))
}
