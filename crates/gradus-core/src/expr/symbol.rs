//! What a variable of an expression is: the author's, or one of those gradus needs on the way.

use super::{Indexed, Name};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// What a variable is. Symbols of different kinds are never equal, however they are written: what gradus makes up cannot
/// be taken for what an author names.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// The expression of a document that has no name.
    Bare,
    /// A class of the engine's e-graph.
    Class(u32),
    /// A variable of a problem up to renaming, by its number.
    Slot(u32),
    /// What an author names.
    Named(Name),
    /// What gradus makes up.
    Made(Arc<Made>),
    /// Ḡ: the cotangent of a local problem.
    Cotangent,
    /// …: the rest of a sum or a product.
    Rest,
    /// ∂y/∂x.
    Partial(Arc<Partial>),
    /// What stands at an index: `x_i`, `Σ_i …`.
    Indexed(Arc<Indexed>),
}

/// A variable gradus made up.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Made {
    /// What for.
    pub purpose: Purpose,
    /// What it belongs to: of an error signal the value it reaches, of a Jacobian that of which and by which it is.
    pub of: Vec<Symbol>,
    /// Tells those of a kind apart.
    pub number: usize,
    /// How it is written: a name the author does not use. `None` until all that need a name are known.
    pub name: Option<Name>,
}

/// What gradus makes variables up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// The argument of an elementwise function, or of what works on one column.
    Argument,
    /// The argument of a layer norm of rows or columns.
    Arguments,
    /// The argument of a softmax of rows or columns.
    Scores,
    /// The value of an elementwise function, or of what works on one column.
    Value,
    /// The value of a layer norm of rows or columns.
    Values,
    /// The value of a softmax.
    Probability,
    /// The value of a softmax of rows or columns.
    Probabilities,
    /// A term that occurs again, or is too large.
    Repeated,
    /// The variance a layer norm divides by.
    Variance,
    /// The cotangent that reaches a definition.
    Signal,
    /// The Jacobian of an error signal by its own value.
    Curvature,
    /// Any other Jacobian.
    Jacobian,
    /// The pairing ⟨G, A⟩ of an array with a direction.
    Pairing,
    /// The change of a definition along a direction.
    Change,
    /// How a scalar is spoken of that has no name.
    Scalar,
    /// How an array is spoken of that has no name.
    Array,
    /// One of several occurrences of a variable.
    Occurrence,
    /// The argument by which a defined function is differentiated.
    Parameter,
    /// The claim about a derivative.
    Claim,
    /// What a variable is where it has its structure.
    Base,
    /// By which share a variable leaves that.
    Displacement,
    /// How far a definition leaves it.
    Offset,
    /// The coordinates of a variable on its structure.
    Coordinates,
}

impl Purpose {
    /// The letter its variables are called by.
    pub fn letter(self) -> &'static str {
        match self {
            Purpose::Argument => "z",
            Purpose::Arguments => "Z",
            Purpose::Scores => "S",
            Purpose::Value => "h",
            Purpose::Values => "H",
            Purpose::Probability => "p",
            Purpose::Probabilities => "P",
            Purpose::Repeated => "r",
            Purpose::Variance => "v",
            Purpose::Signal => "δ",
            Purpose::Curvature => "H",
            Purpose::Jacobian => "J",
            Purpose::Pairing => "q",
            Purpose::Change => "t",
            Purpose::Scalar => "s",
            Purpose::Array => "y",
            Purpose::Occurrence => "x",
            Purpose::Parameter => "the parameter",
            Purpose::Claim => "the claim",
            Purpose::Base => "X",
            Purpose::Displacement | Purpose::Offset => "E",
            Purpose::Coordinates => "Z",
        }
    }

    /// The letters its variables may be called by, the first that no name of the author is; a name beside its own with a
    /// number, `h_1` beside `h`, would be taken for a second one of the kind.
    pub fn letters(self) -> &'static [&'static str] {
        match self {
            Purpose::Argument => &["z", "a", "v"],
            Purpose::Arguments => &["Z", "A", "V"],
            Purpose::Scores => &["S", "R", "T"],
            Purpose::Value => &["h", "g", "y"],
            Purpose::Values => &["H", "G", "Y"],
            Purpose::Probability => &["p", "q"],
            Purpose::Probabilities => &["P", "Q"],
            Purpose::Repeated => &["r", "c", "t"],
            Purpose::Variance => &["v", "w", "s"],
            Purpose::Signal
            | Purpose::Curvature
            | Purpose::Jacobian
            | Purpose::Pairing
            | Purpose::Change
            | Purpose::Scalar
            | Purpose::Array
            | Purpose::Occurrence
            | Purpose::Parameter
            | Purpose::Claim
            | Purpose::Base
            | Purpose::Displacement
            | Purpose::Offset
            | Purpose::Coordinates => &[],
        }
    }

    /// Those a forward pass needs, in the order in which they get their names.
    pub const INTERMEDIATE: [Purpose; 9] = [
        Purpose::Argument,
        Purpose::Arguments,
        Purpose::Scores,
        Purpose::Value,
        Purpose::Values,
        Purpose::Probability,
        Purpose::Probabilities,
        Purpose::Repeated,
        Purpose::Variance,
    ];
}

/// The derivative of one thing by another, as a thing of its own.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partial {
    /// What moves.
    pub of: Symbol,
    /// What it moves with: one variable, or the parts of a stack.
    pub by: Vec<Symbol>,
    /// `∂⁺`: by the formula of `of` alone, everything else in it held fixed.
    pub direct: bool,
}

impl Symbol {
    /// A variable made up for something, which has no name yet.
    pub fn made(purpose: Purpose, of: Vec<Symbol>, number: usize) -> Symbol {
        Symbol::Made(Arc::new(Made { purpose, of, number, name: None }))
    }

    /// ∂y/∂x.
    pub fn partial(y: &Symbol, x: &Symbol) -> Symbol {
        Symbol::Partial(Arc::new(Partial { of: y.clone(), by: vec![x.clone()], direct: false }))
    }

    /// The same variable, written so. What is not made up stays as it is.
    pub fn written(&self, name: Name) -> Symbol {
        match self {
            Symbol::Made(made) => Symbol::Made(Arc::new(Made { name: Some(name), ..(**made).clone() })),
            other => other.clone(),
        }
    }

    /// The name by which it can be written, if there is one.
    pub fn name(&self) -> Option<&Name> {
        match self {
            Symbol::Named(name) => Some(name),
            Symbol::Made(made) => made.name.as_ref(),
            Symbol::Bare
            | Symbol::Class(_)
            | Symbol::Slot(_)
            | Symbol::Cotangent
            | Symbol::Rest
            | Symbol::Partial(_)
            | Symbol::Indexed(_) => None,
        }
    }

    /// Whether it is written so.
    pub fn is_written(&self, name: &Name) -> bool {
        self.name() == Some(name)
    }

    /// The derivative this is, if it is one.
    pub fn as_partial(&self) -> Option<&Partial> {
        if let Symbol::Partial(partial) = self { Some(partial) } else { None }
    }

    /// What stands at an index, if it is that.
    pub fn as_indexed(&self) -> Option<&Indexed> {
        if let Symbol::Indexed(indexed) = self { Some(indexed) } else { None }
    }

    /// What it was made up for, if it was.
    pub fn purpose(&self) -> Option<Purpose> {
        if let Symbol::Made(made) = self { Some(made.purpose) } else { None }
    }

    /// What it belongs to, the last part of it: of ∂y/∂x, x.
    pub fn owner(&self) -> Option<&Symbol> {
        if let Symbol::Made(made) = self { made.of.last() } else { None }
    }

    /// What stands for it among the words of a document: nothing for what is no word.
    pub fn word(&self) -> &str {
        match self {
            Symbol::Named(name) => name.as_str(),
            Symbol::Made(made) => made.name.as_ref().map_or(made.purpose.letter(), Name::as_str),
            Symbol::Bare
            | Symbol::Class(_)
            | Symbol::Slot(_)
            | Symbol::Cotangent
            | Symbol::Rest
            | Symbol::Partial(_)
            | Symbol::Indexed(_) => "",
        }
    }

    /// The order of their texts, which names know at their heads.
    fn by_word(&self, other: &Symbol) -> Ordering {
        match (self.name(), other.name()) {
            (Some(a), Some(b)) => a.cmp(b),
            (None, _) | (_, None) => self.word().cmp(other.word()),
        }
    }

    /// Where its kind stands in the order.
    fn rank(&self) -> u8 {
        match self {
            Symbol::Bare => 0,
            Symbol::Class(_) => 1,
            Symbol::Slot(_) => 2,
            Symbol::Named(_) | Symbol::Made(_) => 3,
            Symbol::Cotangent => 4,
            Symbol::Rest => 5,
            Symbol::Partial(_) => 6,
            Symbol::Indexed(_) => 7,
        }
    }
}

/// As they are read: words by their texts, the author's before one made up.
impl Ord for Symbol {
    #[inline]
    fn cmp(&self, other: &Symbol) -> Ordering {
        // nearly all that maps of symbols ask
        if let (Symbol::Named(a), Symbol::Named(b)) = (self, other) { a.cmp(b) } else { self.by_kind(other) }
    }
}

impl Symbol {
    fn by_kind(&self, other: &Symbol) -> Ordering {
        match (self, other) {
            (Symbol::Named(a), Symbol::Named(b)) => a.cmp(b),
            (Symbol::Class(a), Symbol::Class(b)) => digits(*a, *b),
            (Symbol::Slot(a), Symbol::Slot(b)) => a.cmp(b),
            (Symbol::Made(a), Symbol::Made(b)) if Arc::ptr_eq(a, b) => Ordering::Equal,
            (Symbol::Made(a), Symbol::Made(b)) => self.by_word(other).then_with(|| a.cmp(b)),
            (Symbol::Named(_), Symbol::Made(_)) => self.by_word(other).then(Ordering::Less),
            (Symbol::Made(_), Symbol::Named(_)) => self.by_word(other).then(Ordering::Greater),
            (Symbol::Partial(a), Symbol::Partial(b)) => a.cmp(b),
            (Symbol::Indexed(a), Symbol::Indexed(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

/// Numbers in the order of their digits, 17 before 2: among proofs of one length, it is this order that chooses.
fn digits(a: u32, b: u32) -> Ordering {
    let length = |n: u32| n.checked_ilog10().unwrap_or(0);
    let (a_length, b_length) = (length(a), length(b));
    let filled = |n: u32, own: u32| u64::from(n) * 10u64.pow(a_length.max(b_length) - own);
    filled(a, a_length).cmp(&filled(b, b_length)).then(a_length.cmp(&b_length))
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Symbol) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<Name> for Symbol {
    fn from(name: Name) -> Symbol {
        Symbol::Named(name)
    }
}

impl From<&Name> for Symbol {
    fn from(name: &Name) -> Symbol {
        Symbol::Named(name.clone())
    }
}

impl From<&Symbol> for Symbol {
    fn from(symbol: &Symbol) -> Symbol {
        symbol.clone()
    }
}

impl From<&str> for Symbol {
    fn from(text: &str) -> Symbol {
        Symbol::Named(Name::new(text))
    }
}

/// For messages and for looking on; `render` spells symbols in each notation.
impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Symbol::Bare => Ok(()),
            Symbol::Class(id) => write!(f, "#{id}"),
            Symbol::Slot(i) => write!(f, "_{i}"),
            Symbol::Named(name) => write!(f, "{name}"),
            Symbol::Made(made) => match &made.name {
                Some(name) => write!(f, "{name}"),
                None => f.write_str(made.purpose.letter()),
            },
            Symbol::Cotangent => f.write_str("Ḡ"),
            Symbol::Rest => f.write_str("…"),
            Symbol::Partial(partial) => partial.fmt(f),
            Symbol::Indexed(indexed) => indexed.fmt(f),
        }
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Debug for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = |s: &Symbol| if s.as_partial().is_some() { format!("({s})") } else { s.to_string() };
        let by: Vec<String> = self.by.iter().map(held).collect();
        let by = if by.len() == 1 { by[0].clone() } else { format!("[{}]", by.join("; ")) };
        write!(f, "∂{}{}/∂{by}", if self.direct { "⁺" } else { "" }, held(&self.of))
    }
}
