//! What a reader needs: parentheses beyond those of the grammar, signs of multiplication, brackets that grow.

use crate::expr::Gathering;
use crate::render::precedence::{Level, level};
use crate::syntax::{Ast, BinaryOp, SIZE_LETTERS, Sign, Syntax};

/// How quotients and sums over indices are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Quotients as fractions, which hold together by themselves.
    pub fractions: bool,
    /// Sums as calls, `sum(i, …)`, which do so too: behind a sign Σ, what follows belongs to the body.
    pub calls: bool,
}

/// What stands between two factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// Nothing but space.
    Space,
    /// A sign, or the second factor would run into the first.
    Dot,
    /// Nothing, but a sign in plain text: a reader could take the two for a call.
    Ambiguous,
}

impl Setting {
    /// How tightly a tree holds together.
    pub fn level(self, ast: &Ast) -> Level {
        match &ast.kind {
            Syntax::Binary(BinaryOp::Div, a, _) if self.fractions => {
                if is_negated(a) {
                    Level::Negation
                } else {
                    Level::Postfix
                }
            }
            Syntax::Gathered { .. } if self.calls => Level::Atom,
            kind => level(kind),
        }
    }

    /// What the grammar needs, and products under ∘ and ⊗ as authors set them: `(Vᵀ u) ∘ f'(z)`, but `2 x ∘ y`.
    pub fn left_needs_parens(self, op: BinaryOp, a: &Ast) -> bool {
        let chained = match &a.kind {
            Syntax::Binary(inner, ..) => *inner == op,
            _ => false,
        };
        match op {
            _ if self.is_open(a) => true,
            BinaryOp::Had | BinaryOp::HadDiv => match self.level(a) {
                Level::Sum => true,
                Level::Elementwise | Level::Negation | Level::Postfix | Level::Atom => false,
                Level::Product => !is_scaled(a),
            },
            BinaryOp::Mul | BinaryOp::At | BinaryOp::Dot | BinaryOp::Star | BinaryOp::Cross => {
                self.level(a) < Level::Product || a.grouped || self.is_loose_factor(a)
            }
            BinaryOp::Div => self.level(a) < Level::Product || is_kron(a),
            BinaryOp::Kron => {
                self.level(a) < Level::Product || (self.level(a) == Level::Product && !chained && !is_scaled(a))
            }
        }
    }

    /// Whether what follows would belong to it: a sum behind a sign.
    pub fn is_open(self, a: &Ast) -> bool {
        !self.calls && matches!(a.kind, Syntax::Gathered { by, .. } if by != Gathering::Expectation)
    }

    /// The tree with brackets around the sum it ends in, so that something may follow.
    pub fn closed(self, a: &Ast) -> Ast {
        let kind = match &a.kind {
            Syntax::Gathered { .. } if self.is_open(a) => return Ast { grouped: true, ..a.clone() },
            Syntax::Neg(x) => Syntax::Neg(Box::new(self.closed(x))),
            Syntax::Binary(BinaryOp::Mul, x, y) => Syntax::Binary(BinaryOp::Mul, x.clone(), Box::new(self.closed(y))),
            _ => return a.clone(),
        };
        Ast { kind, ..a.clone() }
    }

    /// Left factors that the grammar takes bare but a reader would misread: `(A ⊗ B) x`, `(x / t) yᵀ`.
    fn is_loose_factor(self, a: &Ast) -> bool {
        match &a.kind {
            Syntax::Binary(BinaryOp::Kron, ..) => true,
            Syntax::Binary(BinaryOp::Div, top, _) => !self.fractions && !is_coefficient(top),
            _ => false,
        }
    }

    /// What stands between the factors of a product.
    pub fn between(self, a: &Ast, b: &Ast) -> Between {
        match () {
            () if starts_anew(b) && !ends_in_operator(a) => Between::Dot,
            () if looks_like_a_call(a, b) => Between::Ambiguous,
            () => Between::Space,
        }
    }
}

// ---- what trees look like

pub fn is_number(e: &Ast) -> bool {
    matches!(e.kind, Syntax::Number(_))
}

/// The factors of a size that is read back from a subscript: a number or not, and names of one letter.
pub fn size_factors(e: &Ast) -> Option<Vec<&str>> {
    match &e.kind {
        Syntax::Number(n) => Some(vec![n]),
        Syntax::Name(n) if matches!(n.as_str().as_bytes(), [b'a'..=b'z']) => Some(vec![n.as_str()]),
        Syntax::Binary(BinaryOp::Mul, a, b) if matches!(b.kind, Syntax::Name(_)) => {
            Some([size_factors(a)?, size_factors(b)?].concat()).filter(|factors| factors.len() <= SIZE_LETTERS)
        }
        _ => None,
    }
}

/// Whether it ends in ∂/∂w, which is for what follows.
fn ends_in_operator(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Partial(partial) => partial.of.word().is_empty(),
        Syntax::Binary(BinaryOp::Mul, _, b) => ends_in_operator(b),
        Syntax::Neg(a) => ends_in_operator(a),
        _ => false,
    }
}

pub fn is_kron(e: &Ast) -> bool {
    matches!(e.kind, Syntax::Binary(BinaryOp::Kron, ..))
}

/// A denominator that may stand close: `1/2`, `1/n`.
pub fn is_small(e: &Ast) -> bool {
    matches!(e.kind, Syntax::Number(_) | Syntax::Name(_) | Syntax::Partial(_))
}

/// A quotient of numbers or names, set in one line within an exponent.
pub fn ratio(e: &Ast) -> Option<(&Ast, &Ast)> {
    match &e.kind {
        Syntax::Binary(BinaryOp::Div, a, b) if is_small(a) && is_number(b) => Some((a, b)),
        _ => None,
    }
}

/// A number before one factor: `2 x`, `1/2 x`, `-2 x`.
pub fn is_scaled(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Binary(BinaryOp::Mul, a, _) => is_coefficient(a),
        Syntax::Binary(BinaryOp::Div, a, b) => is_coefficient(a) && is_number(b),
        _ => false,
    }
}

pub fn is_coefficient(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Number(_) => true,
        Syntax::Neg(a) => is_coefficient(a),
        Syntax::Binary(BinaryOp::Div, a, b) => is_coefficient(a) && is_small(b),
        _ => false,
    }
}

/// True when the text begins with a minus.
pub fn is_negated(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Neg(_) => true,
        Syntax::Number(n) => n.starts_with('-'),
        Syntax::Sum(terms) => matches!(terms.first(), Some((Sign::Minus, _))),
        Syntax::Binary(_, a, _) => is_negated(a),
        _ => false,
    }
}

/// The tree without the minus that its leftmost product factor carries.
pub fn strip_minus(e: &Ast) -> Option<Ast> {
    match &e.kind {
        Syntax::Neg(a) => Some((**a).clone()),
        Syntax::Binary(op @ (BinaryOp::Mul | BinaryOp::Div | BinaryOp::Kron), a, b) => {
            let a = strip_minus(a)?;
            Some(Ast::new(Syntax::Binary(*op, Box::new(a), b.clone()), e.span))
        }
        _ => None,
    }
}

/// `2/n (a + b)`, `n (a + b)`: a reader who does not know n for a size would take `n (…)` for a call.
pub fn looks_like_a_call(a: &Ast, b: &Ast) -> bool {
    let name = |e: &Ast| matches!(e.kind, Syntax::Name(_) | Syntax::Partial(_));
    let sum = |e: &Ast| matches!(e.kind, Syntax::Sum(_));
    let ratio = matches!(&a.kind, Syntax::Binary(BinaryOp::Div, _, below) if name(below));
    let letter = name(a) && size_factors(a).is_some();
    (ratio || letter) && sum(b) || name(a) && matches!(&b.kind, Syntax::Power(base, _) if sum(base))
}

/// A right factor that needs a sign of multiplication before it: a number would run into the factor before it, a
/// bracket would slice it.
pub fn starts_anew(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Number(_) | Syntax::Matrix(_) => true,
        Syntax::Transpose(a) | Syntax::Inverse(a) | Syntax::Power(a, _) | Syntax::ElementPower(a, _) => starts_anew(a),
        Syntax::Slice { base, .. } | Syntax::Entry { base, .. } => starts_anew(base),
        Syntax::Iverson(_) => true,
        Syntax::Gathered { .. }
        | Syntax::Name(_)
        | Syntax::Partial(_)
        | Syntax::Keyword(..)
        | Syntax::Call { .. }
        | Syntax::Slope { .. }
        | Syntax::Sum(_)
        | Syntax::Neg(_)
        | Syntax::Binary(..)
        | Syntax::Norm(..)
        | Syntax::Bars(_) => false,
    }
}

/// True when a norm's bars stand in the open, outside all brackets.
pub fn shows_norm(e: &Ast) -> bool {
    match &e.kind {
        Syntax::Norm(..) | Syntax::Bars(_) => true,
        Syntax::Sum(terms) => terms.iter().any(|(_, t)| shows_norm(t)),
        Syntax::Neg(a) | Syntax::Transpose(a) | Syntax::Inverse(a) => shows_norm(a),
        Syntax::Binary(_, a, b) | Syntax::Power(a, b) | Syntax::ElementPower(a, b) => shows_norm(a) || shows_norm(b),
        Syntax::Slice { base, .. } | Syntax::Entry { base, .. } => shows_norm(base),
        Syntax::Gathered { body, .. } => shows_norm(body),
        Syntax::Iverson(_)
        | Syntax::Number(_)
        | Syntax::Name(_)
        | Syntax::Partial(_)
        | Syntax::Keyword(..)
        | Syntax::Call { .. }
        | Syntax::Slope { .. }
        | Syntax::Matrix(_) => false,
    }
}

/// True when LaTeX sets the tree higher than a line.
pub fn is_tall(e: &Ast) -> bool {
    match &e.kind {
        // a ratio of numbers is set small
        Syntax::Binary(BinaryOp::Div, a, b) => !(is_number(a) && is_number(b)),
        Syntax::Matrix(_) | Syntax::Gathered { .. } => true,
        Syntax::Entry { base, .. } => is_tall(base),
        Syntax::Iverson(_) | Syntax::Number(_) | Syntax::Name(_) | Syntax::Partial(_) | Syntax::Keyword(..) => false,
        Syntax::Call { args, .. } | Syntax::Slope { args, .. } => args.iter().any(is_tall),
        Syntax::Sum(terms) => terms.iter().any(|(_, t)| is_tall(t)),
        Syntax::Neg(a) | Syntax::Transpose(a) | Syntax::Inverse(a) | Syntax::Norm(_, a) | Syntax::Bars(a) => is_tall(a),
        Syntax::Power(a, _) | Syntax::ElementPower(a, _) | Syntax::Slice { base: a, .. } => is_tall(a),
        Syntax::Binary(_, a, b) => is_tall(a) || is_tall(b),
    }
}
