//! Members, entries and sums over indices as syntax.

use super::present::Presenter;
use super::{Style, tree};
use crate::diag::Span;
use crate::expr::{
    Comparator, Expr, Gathering, Index, Indexed, Name, Partial, Place, PlaceCondition, Shape, Size, Symbol, of_a_set,
};
use crate::syntax::{Ast, BinaryOp, Bound, Sign, Syntax, WrittenCondition};
use std::sync::Arc;

/// The set whose mask is a member at the one index, `j ∈ S`, or at others too, `j ∈ N(i)`.
fn set_of(over: &[Index], mask: &Expr) -> Option<(Name, Vec<Name>)> {
    let ([own], Some(Indexed::Member { family, at })) = (over, mask.as_variable()?.name.as_indexed()) else {
        return None;
    };
    let letters: Vec<Name> = at.iter().map(|p| p.at_rest().cloned()).collect::<Option<_>>()?;
    let (last, others) = letters.split_last()?;
    (*last == own.letter && !others.contains(last)).then(|| (Name::new(family.word()), others.to_vec()))
}

impl Presenter<'_> {
    /// A variable, as it is written.
    pub(super) fn variable(&self, symbol: &Symbol) -> Ast {
        if let Some(partial) = symbol.as_partial() {
            return self.partial(symbol, partial);
        }
        match symbol.as_indexed() {
            Some(indexed) => self.indexed(indexed),
            None => tree::symbol(symbol),
        }
    }

    /// ∂s/∂w; of a term the operator ∂/∂w in front of it.
    fn partial(&self, symbol: &Symbol, partial: &Partial) -> Ast {
        let Some(of @ Indexed::Gathered { .. }) = partial.of.as_indexed() else { return tree::symbol(symbol) };
        let operator = Partial { of: Symbol::from(&Name::new("")), ..partial.clone() };
        let operator = tree::ast(Syntax::Partial(Arc::new(operator)));
        let term = self.indexed(of);
        let term = tree::ast(Syntax::Matrix(vec![vec![term]]));
        tree::chain(BinaryOp::Mul, [operator, term]).unwrap_or_else(|| tree::symbol(symbol))
    }

    fn indexed(&self, indexed: &Indexed) -> Ast {
        match indexed {
            Indexed::Member { family, at } => self.entry(tree::symbol(family), at),
            Indexed::Entry { of, at } => self.entry(self.whole(of), at),
            Indexed::Stack { over, body } => self.stack(over, body),
            Indexed::Gathered { by, over, when, body } => self.gathered(*by, over, when, body),
            Indexed::Number(place) => self::place(place),
        }
    }

    /// A member of what is random is written without its sample.
    fn entry(&self, base: Ast, at: &[Place]) -> Ast {
        let shown = at.iter().filter(|p| !p.letters().any(|l| self.samples.contains(l)));
        match shown.map(place).collect::<Vec<_>>() {
            at if at.is_empty() => base,
            at => tree::ast(Syntax::Entry { base: Box::new(base), at }),
        }
    }

    /// K for the array of all `K_ij`, else the members between brackets of their own: `stack(i, j, e)`.
    fn stack(&self, over: &[Index], body: &Expr) -> Ast {
        if let Some(Indexed::Member { family, at }) = body.as_variable().and_then(|v| v.name.as_indexed())
            && at.iter().cloned().eq(over.iter().map(Index::place))
        {
            return tree::symbol(family);
        }
        let letters = over.iter().map(|i| tree::ast(Syntax::Name(i.letter.clone())));
        tree::call("stack", letters.chain([self.whole(body)]).collect())
    }

    fn gathered(&self, by: Gathering, over: &[Index], when: &[PlaceCondition], body: &Expr) -> Ast {
        if over.is_empty() {
            return self.where_it_holds(when, body);
        }
        if by == Gathering::Expectation {
            let samples = self.samples.iter().chain(over.iter().map(|i| &i.letter)).cloned().collect();
            let body = Box::new(Presenter { style: self.style, samples }.whole(body));
            return tree::ast(Syntax::Gathered { by, over: vec![], when: vec![], body });
        }
        let set = of_a_set(by, body).and_then(|(value, mask)| Some((set_of(over, &mask)?, value)));
        let (set, body) = set.map_or((None, body.clone()), |(set, value)| (Some(set), value));
        let body = &body;
        let bound = over.iter().map(|i| match &set {
            Some(set) => Bound { range: None, set: Some(set.clone()), ..self.bound(i, body) },
            None => self.bound(i, body),
        });
        let bound: Vec<Bound> = bound.collect();
        let when = when.iter().map(|c| condition(&turned(c, over))).collect();
        tree::ast(Syntax::Gathered { by, over: bound, when, body: Box::new(self.whole(body)) })
    }

    /// The index with its range, where no member tells it.
    fn bound(&self, index: &Index, body: &Expr) -> Bound {
        let told = WrittenRange { index, style: self.style }.is_told(body);
        let range = (!told).then(|| (tree::size(&index.first), tree::size(&index.last)));
        Bound { letter: index.letter.clone(), letter_span: Span::default(), range, set: None, drawn: vec![] }
    }

    /// `[i < j] e`; δ_ij where two letters are to be the same.
    fn where_it_holds(&self, when: &[PlaceCondition], body: &Expr) -> Ast {
        let body = (!crate::expr::is_one(body)).then(|| tree::factors(self.whole(body)));
        let factors = when.iter().map(|c| self.bracket(c)).chain(body.into_iter().flatten());
        tree::chain(BinaryOp::Mul, factors).unwrap_or_else(|| tree::number("1"))
    }

    /// `[y_i = k]`, of the difference of its sides.
    pub(super) fn equation(&self, difference: &Expr) -> Ast {
        let side = |terms: Vec<(Sign, Ast)>| match <[_; 1]>::try_from(terms) {
            Ok([(_, one)]) => one,
            Err(terms) if terms.is_empty() => tree::number("0"),
            Err(terms) => tree::sum(terms),
        };
        let whole = self.whole(difference);
        let (left, right) = match whole.kind {
            Syntax::Sum(terms) => terms.into_iter().partition(|(sign, _)| *sign == Sign::Plus),
            Syntax::Neg(inner) => (vec![(Sign::Plus, *inner)], vec![]),
            _ => (vec![(Sign::Plus, whole)], vec![]),
        };
        let right = right.into_iter().map(|(_, term)| (Sign::Plus, term)).collect();
        let condition = WrittenCondition { left: side(left), relation: Comparator::Equal, right: side(right) };
        tree::ast(Syntax::Iverson(Box::new(condition)))
    }

    fn bracket(&self, c: &PlaceCondition) -> Ast {
        let plain = |p: &Place| p.at_rest().is_some();
        if c.relation == Comparator::Equal && plain(&c.left) && plain(&c.right) && !self.style.uses_letter("δ") {
            let (base, at) = (Box::new(tree::name("δ")), vec![place(&c.left), place(&c.right)]);
            return tree::ast(Syntax::Entry { base, at });
        }
        tree::ast(Syntax::Iverson(Box::new(condition(c))))
    }
}

/// `t - 1`, `n`, `i`.
pub(super) fn place(place: &Place) -> Ast {
    let signed = |n: i64| if n < 0 { Sign::Minus } else { Sign::Plus };
    let letter = |l: &Name| tree::ast(Syntax::Name(l.clone()));
    let many = |l: &Name, n: i64| match n {
        1 => letter(l),
        n => tree::chain(BinaryOp::Mul, [tree::number(n.to_string()), letter(l)]).unwrap_or_else(|| letter(l)),
    };
    let mut terms: Vec<(Sign, Ast)> = place.letter.iter().map(|l| (Sign::Plus, letter(l))).collect();
    let others: Vec<(Sign, Ast)> = place.others.iter().map(|(l, n)| (signed(*n), many(l, n.abs()))).collect();
    let offset =
        if place.is_fixed() || place.offset != Size::constant(0) { tree::size_terms(&place.offset) } else { vec![] };
    match place.letter {
        // `n - k`
        None => terms.extend(offset.into_iter().chain(others)),
        Some(_) => terms.extend(others.into_iter().chain(offset)),
    }
    if terms.len() == 1 && matches!(terms[0].0, Sign::Plus) { terms.remove(0).1 } else { tree::sum(terms) }
}

fn condition(c: &PlaceCondition) -> WrittenCondition {
    WrittenCondition { left: place(&c.left), relation: c.relation, right: place(&c.right) }
}

/// What is bound stands on the left: `j ≠ i` in a sum over j.
fn turned(c: &PlaceCondition, over: &[Index]) -> PlaceCondition {
    let bound = |p: &Place| p.letters().any(|l| over.iter().any(|i| i.letter == *l));
    let symmetric = matches!(c.relation, Comparator::Equal | Comparator::Different);
    match symmetric && bound(&c.right) && !bound(&c.left) {
        true => PlaceCondition { left: c.right.clone(), relation: c.relation, right: c.left.clone() },
        false => c.clone(),
    }
}

/// An index, and what the members in a body say of where it runs.
struct WrittenRange<'a> {
    index: &'a Index,
    style: &'a Style,
}

impl WrittenRange<'_> {
    /// Whether the members that stand at the index run over just these places.
    fn is_told(&self, body: &Expr) -> bool {
        let mut told = vec![];
        self.hear(body, &mut told);
        !told.is_empty() && told.iter().all(|(first, last)| *first == self.index.first && *last == self.index.last)
    }

    fn hear(&self, e: &Expr, told: &mut Vec<(Size, Size)>) {
        for symbol in e.variables() {
            let symbol = symbol.as_partial().map_or(&symbol, |p| &p.of);
            match symbol.as_indexed() {
                Some(Indexed::Member { family, at }) => {
                    let plate = self.style.plates.get(family).map_or(&[][..], Vec::as_slice);
                    let ranges = plate.iter().map(|i| (i.first.clone(), i.last.clone()));
                    told.extend(at.iter().zip(ranges).filter(|(p, _)| self.is_at(p)).map(|(_, range)| range));
                }
                Some(Indexed::Entry { of, at }) => {
                    told.extend(at.iter().zip(sides(of.shape())).filter(|(p, _)| self.is_at(p)).map(|(_, side)| side));
                    self.hear(of, told);
                }
                Some(Indexed::Stack { body, .. } | Indexed::Gathered { body, .. }) => self.hear(body, told),
                Some(Indexed::Number(_)) | None => {}
            }
        }
    }

    fn is_at(&self, place: &Place) -> bool {
        *place == self.index.place()
    }
}

/// Where the rows and the columns of an array begin and end.
fn sides(shape: &Shape) -> [(Size, Size); 2] {
    [&shape.rows, &shape.cols].map(|size| (Size::one(), size.clone()))
}
