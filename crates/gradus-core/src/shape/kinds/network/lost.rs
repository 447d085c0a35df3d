//! Products whose transposes are lost, `x A x`, and products of rows that arrays with one axis have not, `q @ k.T`.

use super::super::sort::Letter;
use super::{Builder, Doubt, Open, ReadPart};
use crate::diag::Span;
use crate::expr::Name;
use crate::syntax::{Ast, BinaryOp, Sign, Syntax};

impl Builder<'_> {
    /// `x A x`, `(y - X w)(y - X w)`, `(y - X w) Ω (y - X w)`: of numbers they would be powers.
    pub(super) fn note_lost_transpose(&mut self, first: &Ast, rest: &[(BinaryOp, &Ast)]) {
        let product = |op: BinaryOp| matches!(op, BinaryOp::Mul | BinaryOp::Dot | BinaryOp::Star);
        let factors: Vec<&Ast> = std::iter::once(first).chain(rest.iter().map(|(_, factor)| *factor)).collect();
        let joined = |i: usize| rest.get(i).is_some_and(|(op, _)| product(*op));
        for i in 0..rest.len() {
            let place = self.place(factors[i]);
            if !joined(i) || self.place.is_some() {
                continue;
            }
            let last = factors.get(i + 2).filter(|_| joined(i + 1));
            let form = last.and_then(|last| self.form(factors[i], factors[i + 1], last));
            let squares = [Some(&factors[i + 1]), last].into_iter().flatten();
            let square = || squares.filter_map(|right| self.square(factors[i], right)).next();
            if let Some(capital) = form.or_else(square) {
                self.network.doubts.push(Doubt::Lost(capital, place));
            }
        }
    }

    /// The node of the capital of `x A x`.
    fn form(&self, left: &Ast, capital: &Ast, right: &Ast) -> Option<usize> {
        let [left, capital, right] = [left, capital, right].map(|ast| self.open_letter(ast));
        let same = left?.node == right?.node && left?.letter == Letter::Latin;
        capital.filter(|o| same && o.letter == Letter::Capital).map(|o| o.node)
    }

    /// The node of a capital before a small letter in a bracket that is multiplied by itself.
    fn square(&self, left: &Ast, right: &Ast) -> Option<usize> {
        let Syntax::Sum(terms) = &left.kind else { return None };
        if left.span.start == right.span.start || self.typed(left) != self.typed(right) {
            return None;
        }
        terms.iter().find_map(|(_, term)| match &term.kind {
            Syntax::Binary(BinaryOp::Mul, capital, small) => {
                let capital = self.open_letter(capital).filter(|o| o.letter == Letter::Capital)?;
                self.open_letter(small).filter(|o| o.letter != Letter::Capital).map(|_| capital.node)
            }
            _ => None,
        })
    }

    /// `x^T A x - b x`: a letter before the vector of a quadratic form.
    pub(super) fn note_lost_row(&mut self, terms: &[(Sign, Ast)]) {
        let forms = terms.iter().filter_map(|(_, term)| self.vector_of_form(term));
        let vectors: Vec<usize> = forms.map(|open| open.node).collect();
        if vectors.is_empty() || self.place.is_some() {
            return;
        }
        for (_, term) in terms {
            let (first, rest) = term.chain();
            let factors: Vec<&Ast> = std::iter::once(first).chain(rest.iter().map(|(_, factor)| *factor)).collect();
            let [.., before, last] = &factors[..] else { continue };
            let plain = matches!(rest.last(), Some((BinaryOp::Mul | BinaryOp::Dot, _)));
            let vector = self.open_letter(last).filter(|o| vectors.contains(&o.node));
            let number = self.open_letter(before).filter(|o| o.letter == Letter::Latin);
            if let (Some(vector), Some(number), true) = (vector, number, plain)
                && vector.node != number.node
            {
                let doubt = Doubt::LostRow(number.node, before.span);
                self.network.doubts.push(doubt);
            }
        }
    }

    /// `w x + b`: weights and data side by side, and an intercept.
    pub(super) fn note_lost_weights(&mut self, terms: &[(Sign, Ast)]) {
        let latin = |ast: &Ast| self.open_letter(ast).filter(|o| o.letter == Letter::Latin);
        let is = |open: &Open, letter: &str| open.name.as_str().split('_').next() == Some(letter);
        if self.place.is_some() || !terms.iter().any(|(_, term)| latin(term).is_some_and(|o| is(o, "b"))) {
            return;
        }
        let products = terms.iter().filter_map(|(_, term)| {
            let Syntax::Binary(BinaryOp::Mul, left, right) = &term.kind else { return None };
            let (row, column) = (latin(left)?, latin(right)?);
            (is(row, "w") != is(column, "w")).then_some(([row.node, column.node], left.span))
        });
        // either may be the number that is left
        let doubts: Vec<Doubt> = products
            .flat_map(|([a, b], span)| [Doubt::LostWeights([a, b], span), Doubt::LostWeights([b, a], span)])
            .collect();
        self.network.doubts.extend(doubts);
    }

    /// The x of `x^T A x`, `x A x`.
    fn vector_of_form(&self, term: &Ast) -> Option<&Open> {
        let (first, rest) = term.chain();
        if let [.., (_, left), (_, capital), (_, right)] = rest[..] {
            if self.form(left, capital, right).is_some() {
                return self.open_letter(right);
            }
        } else if let [(_, capital), (_, right)] = rest[..]
            && self.form(first, capital, right).is_some()
        {
            return self.open_letter(right);
        }
        let mut factors = std::iter::once(first).chain(rest.iter().map(|(_, factor)| *factor));
        let row = factors
            .find_map(|f| if let Syntax::Transpose(inner) = &f.kind { self.open_letter(inner) } else { None })?;
        self.open_letter(rest.last()?.1).filter(|o| o.node == row.node && rest.len() > 1)
    }

    /// `q @ k.T`: small letters, which NumPy would not transpose if they had one axis.
    pub(super) fn note_outer(&mut self, left: ReadPart, factor: &Ast, span: Span) {
        let Syntax::Transpose(inner) = &factor.kind else { return };
        let latin = |o: &&Open| o.letter == Letter::Latin;
        let left = self.network.open.iter().find(|o| o.node == left.node && left.lone).filter(latin);
        let letters: Vec<(Name, usize)> =
            left.into_iter().chain(self.open_letter(inner).filter(latin)).map(|o| (o.name.clone(), o.node)).collect();
        if letters.len() == 2 {
            self.network.doubts.push(Doubt::Outer(letters, span));
        }
    }

    /// `softmax(q @ k.T) @ v`: a small letter behind a formula.
    pub(super) fn note_behind_formula(&mut self, left: ReadPart, right: ReadPart) {
        let open = self.network.open.iter().find(|o| o.node == right.node && right.is_small() && !left.lone);
        let letter = open.map(|o| (o.name.clone(), o.node));
        self.network.behind_formulas.extend(letter);
    }
}
