//! The symbols of derivatives, ∂s/∂W, in each notation.

use super::{Notation, Printer};
use crate::derive::{Sentence, Word};
use crate::expr::{Partial, Shape, Symbol, variable};
use crate::render::boxes::Symbols;
use crate::render::present::present;
use crate::render::style::Style;

/// Variables as they are written.
impl Printer<'_> {
    /// A variable.
    pub fn symbol(self, symbol: &Symbol) -> String {
        match symbol {
            Symbol::Partial(partial) => self.symbol_of(partial),
            Symbol::Named(_) | Symbol::Made(_) => self.word(symbol.word()),
            Symbol::Indexed(_) => self.line(&present(&variable(symbol.clone(), &Shape::scalar()), &Style::default())),
            other => other.to_string(),
        }
    }

    /// A name.
    pub fn word(self, name: &str) -> String {
        // ∂/∂x in front of a term is of nothing that has a name
        if name.is_empty() {
            return String::new();
        }
        self.spelling().name(name, &|part| self.is_bold(part))
    }

    /// ∂y/∂x, ∂²s/∂x∂y; a derivative that it is by stands in one line.
    pub fn symbol_of(self, partial: &Partial) -> String {
        let spelling = self.spelling();
        if let Some(own) = spelling.partial(partial) {
            return own;
        }
        let (mut of, mut direct, mut below) = (&partial.of, partial.direct, vec![self.by(partial)]);
        while let Some(inner) = of.as_partial() {
            direct |= inner.direct;
            below.push(self.by(inner));
            of = &inner.of;
        }
        below.reverse();
        match direct {
            true => self.direct(&self.symbol(of), &below),
            false => spelling.quotient(below.len(), &self.symbol(of), &below),
        }
    }

    /// What stands below the line.
    fn by(self, partial: &Partial) -> String {
        match partial.by.as_slice() {
            [Symbol::Partial(p)] if p.of.as_partial().is_none() => {
                self.spelling().bracketed(&self.spelling().slash(p.direct, &self.symbol(&p.of), &self.by(p)))
            }
            [one] => self.symbol(one),
            parts => self.spelling().stack(&parts.iter().map(|part| self.symbol(part)).collect::<Vec<_>>()),
        }
    }
}

impl Symbols for Printer<'_> {
    fn word(&self, name: &str) -> String {
        Printer::word(*self, name)
    }

    fn partial_symbol(&self, partial: &Partial) -> String {
        self.symbol_of(partial)
    }
}

/// A sentence, the variables in it as the notation spells them.
pub fn prose(sentence: &Sentence, notation: Notation) -> String {
    let printer = Printer::of_steps(notation.in_words());
    let formula = |spelled: String| if printer.spelling().is_typeset() { format!("${spelled}$") } else { spelled };
    let word = |word: &Word| match word {
        Word::Text(text) => text.clone(),
        Word::Symbol(of) => formula(printer.symbol(of)),
        Word::Term(e) => formula(printer.line(&present(e, &Style::default()))),
    };
    sentence.words().iter().map(word).collect()
}

/// Symbols around formulas that are spelled already.
impl Printer<'_> {
    /// ∂y/∂x of names that are spelled already.
    pub fn partial(self, of: &str, wrt: &str) -> String {
        self.spelling().quotient(1, of, &[wrt.to_owned()])
    }

    /// ∂s/∂W, or ∂²s/∂x∂xᵀ, of targets that are spelled already.
    pub fn derivative(self, of: &str, targets: &[(String, Shape)]) -> String {
        match targets {
            [(wrt, _)] => self.partial(of, wrt),
            more => {
                let below: Vec<String> = more.iter().enumerate().map(|(i, (x, of))| self.below(x, of, i > 0)).collect();
                self.spelling().quotient(below.len(), of, &below)
            }
        }
    }

    /// A target below the line: a matrix as its vec, columns after the first transposed.
    fn below(self, name: &str, shape: &Shape, transposed: bool) -> String {
        let column = if shape.cols.is_one() { name.to_owned() } else { self.spelling().vec(name) };
        if shape.is_scalar() || !transposed { column } else { self.spelling().transposed(&column) }
    }

    /// ∂⁺y/∂x: how y moves with x where x stands in its formula, everything else held fixed.
    pub fn direct(self, of: &str, below: &[String]) -> String {
        let order = if below.len() > 1 { below.len().to_string() } else { String::new() };
        self.spelling().over(&format!("{order}+"), of, below)
    }
}
