//! What a notation spells: every notation is a [`Spelling`] in a file of its own.

use super::{Boxes, Setter, Setting};
use crate::expr::{Comparator, Gathering, Partial, Slope};
use crate::render::names::{Bold, columns};
use crate::syntax::{Ast, BinaryOp, NormKind, Sign};

/// Brackets around a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brackets {
    /// `(…)`.
    Round,
    /// `[…]` of an expectation, or of a matrix of one entry.
    Square,
    /// `[…]` of a condition or a slice.
    Iverson,
    /// `⟨…⟩`.
    Angle,
    /// `|…|`.
    Bars,
    /// `‖…‖`.
    Norm,
}

/// How brackets stand around what is in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// As high as a letter.
    Plain,
    /// As high as what is in them, which is never broken.
    Grown,
    /// Around what was opened so that it can be broken.
    Opened,
}

/// What stands between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    Space,
    /// Nothing, before the name of a function.
    BeforeWord,
    /// A little space, as before dX.
    Thin,
    /// A sign, or the second factor would run into the first.
    Dot,
    /// A sign where two factors would look like a call.
    Ambiguous,
    /// `×`.
    Times,
    /// `∘`.
    Hadamard,
    /// `⊘`.
    HadamardQuotient,
    /// `⊗`.
    Kronecker,
}

/// What is raised.
pub enum Raise<'a> {
    /// `Aᵀ`.
    Transpose,
    /// `A⁻¹`.
    Inverse,
    /// `A⁻ᵀ`.
    InverseTranspose,
    /// A power.
    Power(&'a Ast),
    /// A power of each entry.
    Entrywise(&'a Ast),
}

/// How a notation spells what a formula is set of. Where nothing is said it is as on a blackboard.
pub trait Spelling: Sync {
    // ---- how it sets

    /// How quotients and sums over indices are set.
    fn setting(&self) -> Setting;

    /// Whether formulas are marked off from the words around them, and set by a program.
    fn is_typeset(&self) -> bool {
        self.setting().fractions
    }

    /// About how wide a spelled formula is set, in letters.
    fn width(&self, formula: &str) -> usize {
        columns(formula)
    }

    /// What stands at a place where a formula could be broken and is not.
    fn gap(&self) -> &'static str {
        " "
    }

    /// A line of a broken formula that goes on within so many brackets. Never asked of a notation without fractions.
    fn line(&self, depth: usize, line: &str) -> String {
        format!("{}{line}", "\\quad ".repeat(depth))
    }

    /// What belongs together, where that has to be said.
    fn group(&self, boxes: Boxes) -> Boxes {
        boxes
    }

    // ---- leaves

    /// A number.
    fn number(&self, digits: &str) -> String {
        digits.to_owned()
    }

    /// A name; some are set in bold.
    fn name(&self, name: &str, bold: Bold) -> String;

    /// The name of a function.
    fn function(&self, name: &str) -> String;

    // ---- sums and products

    /// The minus before a formula.
    fn minus(&self) -> &'static str {
        "-"
    }

    /// The minus between words of a formula that are spelled already.
    fn between_terms(&self) -> &'static str {
        "-"
    }

    /// The sign of a term.
    fn before_term(&self, first: bool, sign: Sign) -> &'static str {
        match (first, sign) {
            (true, Sign::Plus) => "",
            (true, Sign::Minus) => "-",
            (false, Sign::Plus) => "+ ",
            (false, Sign::Minus) => "- ",
        }
    }

    /// The sign between two operands, which follows a gap.
    fn operator(&self, mark: Mark) -> &'static str {
        match mark {
            Mark::Space | Mark::BeforeWord | Mark::Thin | Mark::Ambiguous => "",
            Mark::Dot => "· ",
            Mark::Times => "× ",
            Mark::Hadamard => "∘ ",
            Mark::HadamardQuotient => "⊘ ",
            Mark::Kronecker => "⊗ ",
        }
    }

    /// The function of both operands, where the sign of an operator is no sign of this notation.
    fn called(&self, _: BinaryOp) -> Option<&'static str> {
        None
    }

    /// A fraction, of numbers alone where it is small. Never asked of a notation without fractions.
    fn fraction(&self, negative: bool, top: &str, below: &str, small: bool) -> String {
        let _ = small;
        format!("{}{top}/{below}", if negative { "-" } else { "" })
    }

    // ---- what is raised and lowered

    /// What stands behind the base.
    fn exponent(&self, raise: &Raise, setter: &Setter) -> String;

    /// A base with its exponent.
    fn raised(&self, base: Boxes, exponent: String) -> Boxes {
        base.then(exponent)
    }

    /// Places in a row, letters side by side.
    fn places(&self, places: &[String], letters: bool) -> String {
        places.join(if letters { "" } else { "," })
    }

    /// A base with its places.
    fn lowered(&self, base: Boxes, places: &str) -> Boxes;

    // ---- brackets

    /// Whether the brackets grow with what is in them.
    fn grows(&self, brackets: Brackets, tall: bool, body: &Boxes) -> bool {
        let _ = (brackets, tall, body);
        false
    }

    /// What opens and what closes.
    fn brackets(&self, brackets: Brackets, growth: Growth) -> (&'static str, &'static str);

    /// Between two of a list, before the space.
    fn comma(&self) -> &'static str {
        ","
    }

    /// Between a function and its arguments.
    fn application(&self) -> &'static str {
        ""
    }

    /// The name of a function with its primes.
    fn primed(&self, function: String, primes: u32) -> String {
        format!("{function}{}", "'".repeat(primes as usize))
    }

    /// `I_n`, `𝟏_n`, `K_{n,m}`, where that is not a call.
    fn constructor(&self, function: &str, sizes: &[Ast], setter: &Setter) -> Option<String>;

    /// A square root. Never asked of a notation without fractions.
    fn root(&self, body: &str) -> String {
        format!("sqrt({body})")
    }

    /// ∇f, J_c, ∇²f; of a weighted Hessian the ∇² alone.
    fn slope(&self, slope: Slope, function: &str, symbols: &dyn Symbols) -> String;

    /// Whether the weights of a Hessian stand among its arguments.
    fn weights_are_arguments(&self) -> bool {
        false
    }

    /// The d of differentials.
    fn differential(&self) -> &'static str {
        "d"
    }

    /// Whether `dX` of a name needs no parentheses.
    fn has_bare_differentials(&self) -> bool {
        true
    }

    /// The function that a norm is, where it has one.
    fn norm_call(&self, kind: &NormKind) -> Option<&'static str> {
        let _ = kind;
        None
    }

    /// Whether a norm within a norm needs no parentheses.
    fn closes_norms(&self) -> bool {
        false
    }

    /// A norm with what tells its kind.
    fn indexed_norm(&self, norm: Boxes, kind: &NormKind) -> Boxes;

    /// Whether one entry, such as the term behind ∂/∂x, stands between plain brackets.
    fn brackets_one_entry(&self) -> bool {
        false
    }

    /// Rows of entries between brackets. Never asked of a notation without fractions.
    fn matrix(&self, rows: &[Vec<String>]) -> String {
        let rows: Vec<String> = rows.iter().map(|row| row.join(", ")).collect();
        format!("[{}]", rows.join("; "))
    }

    /// From the first of a range to its last.
    fn dots(&self) -> &'static str {
        ".."
    }

    // ---- sums over indices

    /// The sign of a sum over indices, or the word for it.
    fn gathering(&self, by: Gathering) -> &'static str;

    /// The sign of a comparison.
    fn relation(&self, relation: Comparator) -> &'static str {
        match relation {
            Comparator::Equal => "=",
            Comparator::Less => "<",
            Comparator::Different => "≠",
            Comparator::AtMost => "≤",
        }
    }

    /// The sign between what is in a set, and the set.
    fn element(&self) -> &'static str {
        "∈"
    }

    /// The sign of an order read from right to left.
    fn reversed(&self, order: Comparator) -> &'static str {
        match order {
            Comparator::Less => ">",
            Comparator::AtMost => "≥",
            Comparator::Equal | Comparator::Different => self.relation(order),
        }
    }

    /// A comparison; tight where space is dear.
    fn related(&self, left: &str, relation: &str, right: &str, tight: bool) -> String {
        let spaced = format!("{left} {relation} {right}");
        if tight { spaced.replace(' ', "") } else { spaced }
    }

    /// A sign with a range below and above it.
    fn ranged(&self, sign: &str, letter: &str, first: &str, last: &str) -> String;

    /// A sign with indices and conditions below it.
    fn beneath(&self, sign: &str, parts: &[String]) -> String;

    // ---- derivatives, of what is spelled already

    /// A partial derivative, where it has a spelling of its own.
    fn partial(&self, partial: &Partial) -> Option<String> {
        let _ = partial;
        None
    }

    /// ∂ᵏy over what stands below, each behind a ∂.
    fn quotient(&self, order: usize, of: &str, below: &[String]) -> String {
        let power = if order > 1 { order.to_string() } else { String::new() };
        self.over(&power, of, below)
    }

    /// ∂y/∂x with a power at the first ∂.
    fn over(&self, power: &str, of: &str, below: &[String]) -> String {
        let (above, round) = (self.round(power), self.round(""));
        format!("{above}{of}/{round}{}", below.join(&round))
    }

    /// The sign ∂ with a power, and a + where it is direct.
    fn round(&self, power: &str) -> String;

    /// ∂y/∂x on one line, within words.
    fn slash(&self, direct: bool, of: &str, below: &str) -> String {
        let (above, round) = (self.round(if direct { "+" } else { "" }), self.round(""));
        format!("{above}{of}/{round}{below}")
    }

    /// A transpose.
    fn transposed(&self, a: &str) -> String;

    /// A power.
    fn to_the(&self, a: &str, exponent: &str) -> String {
        format!("{a}^{exponent}")
    }

    /// Between parentheses.
    fn bracketed(&self, a: &str) -> String {
        format!("({a})")
    }

    /// A quotient that something follows.
    fn held(&self, quotient: &str) -> String {
        quotient.to_owned()
    }

    /// A linear map applied to a direction.
    fn applied(&self, map: &str, direction: &str) -> String {
        format!("{map}[{direction}]")
    }

    /// vec.
    fn vec(&self, a: &str) -> String {
        format!("vec({a})")
    }

    /// One below the other between brackets.
    fn stack(&self, names: &[String]) -> String {
        format!("[{}]", names.join("; "))
    }

    /// The sign between two sizes.
    fn times(&self) -> &'static str;

    // ---- words

    /// Words within a formula.
    fn words(&self, words: &str) -> String {
        words.to_owned()
    }

    /// A plain text beside formulas.
    fn plain(&self, text: &str) -> String {
        text.to_owned()
    }

    /// Sizes within a sentence, `n×m` as everyone writes them.
    fn sizes(&self, sizes: &str) -> String {
        sizes.to_owned()
    }

    /// The plus of +=.
    fn gains(&self) -> &'static str {
        "+"
    }
}

/// Spells what has a name.
pub trait Symbols {
    /// A name.
    fn word(&self, name: &str) -> String;

    /// A partial derivative.
    fn partial_symbol(&self, partial: &Partial) -> String;
}
