//! What indices run over: as written, else the size of what they index.

use super::super::environment::Environment;
use super::{Indices, PlaceUse, ReadExpression};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Index, Name, Shape, Size};
use crate::shape::infer::Elaborator;
use crate::shape::unify::{Unifier, Unknown};
use std::collections::BTreeMap;

/// The first and the last place.
type FirstLast = (Size, Size);

/// The ranges of all bindings, and the extents of all families.
#[derive(Debug, Default)]
pub(in crate::shape) struct Ranges {
    pub bindings: Vec<Option<FirstLast>>,
    pub extents: BTreeMap<Name, Vec<FirstLast>>,
}

impl Ranges {
    /// Solves for all ranges; sizes that nothing says are unknowns.
    ///
    /// # Errors
    /// Ranges that clash, and indices without any.
    pub fn solve<'a>(indices: &'a Indices, elaborator: &mut Elaborator<'a>) -> Result<Ranges, Error> {
        let mut ranges = Ranges::default();
        for binding in &indices.bindings {
            let range = match &binding.range {
                Some((first, last)) => Some((elaborator.polynomial(first)?, elaborator.polynomial(last)?)),
                None => None,
            };
            ranges.bindings.push(range);
        }
        while ranges.pass_on(indices, elaborator)?
            || ranges.end_at_others(indices, elaborator)?
            || ranges.open_one(indices, elaborator)?
        {}
        ranges.measure(indices, elaborator)?;
        Ok(ranges)
    }

    /// The sizes of all ranges, in the order of the text; those of families that stand at numbers alone after them.
    pub fn sizes(&self) -> Vec<Size> {
        self.bindings.iter().flatten().chain(self.extents.values().flatten()).map(|(_, last)| last.clone()).collect()
    }

    /// The ranges with everything known put in.
    pub fn resolved(&self, sizes: &mut Unifier) -> Ranges {
        let mut range = |(a, b): &FirstLast| (sizes.resolve(a), sizes.resolve(b));
        Ranges {
            bindings: self.bindings.iter().map(|b| b.as_ref().map(&mut range)).collect(),
            extents: self.extents.iter().map(|(n, e)| (n.clone(), e.iter().map(&mut range).collect())).collect(),
        }
    }

    /// Makes an array as large as the indices at its entries say.
    ///
    /// # Errors
    /// An index too many or too few, and sizes that clash.
    pub fn fit(
        &self,
        shape: &Shape,
        at: &[PlaceUse],
        span: Span,
        elaborator: &mut Elaborator<'_>,
    ) -> Result<(), Error> {
        let column = elaborator.sizes.is_one(&shape.cols);
        if at.len() != if column { 1 } else { 2 } {
            let message = format!("an entry of {} has {} here", elaborator.shown(shape), at.len());
            return Err(Error::new(Kind::Shape, message).at(span, "its indices").help("one index for each size"));
        }
        for (place, size) in at.iter().zip([&shape.rows, &shape.cols]) {
            let Some(id) = place.at_rest() else { continue };
            let Some(bound) = self.bindings.get(id) else {
                let error = Error::new(Kind::Name, "an index stands here that nothing gives a range");
                return Err(error.at(span, "its indices").help("write the sum it runs in, or its number"));
            };
            let Some((_, last)) = bound.as_ref() else { continue };
            if elaborator.sizes.unify(size, last, span).is_err() {
                return Err(clash(elaborator, &Name::new("this array"), (size, span), (last, span)));
            }
        }
        Ok(())
    }

    /// Indices without a range take that of what they index.
    fn pass_on<'a>(&mut self, indices: &Indices, elaborator: &mut Elaborator<'a>) -> Result<bool, Error> {
        let mut changed = false;
        for (name, family) in &indices.families {
            for position in 0..family.arity {
                let Some(hull) = self.hull(indices, name, position, elaborator)? else { continue };
                for (at, _) in &family.accesses {
                    if let Some(id) = at[position].at_rest()
                        && self.bindings[id].is_none()
                    {
                        self.bindings[id] = Some(hull.clone());
                        changed = true;
                    }
                }
            }
        }
        Ok(changed)
    }

    /// Ranges that end at other indices go as far as these ever do, once that is known.
    fn end_at_others<'a>(&mut self, indices: &'a Indices, elaborator: &mut Elaborator<'a>) -> Result<bool, Error> {
        for (id, binding) in indices.bindings.iter().enumerate() {
            let ended = binding.ends.iter().any(Option::is_some);
            if self.bindings[id].is_some() || !ended || indices.is_placed(id) {
                continue;
            }
            let mut sides = [None, None];
            for (k, side) in sides.iter_mut().enumerate() {
                *side = match (&binding.ends[k], &binding.written[k]) {
                    (Some(end), _) => self.reach(indices, end, k == 1),
                    (None, Some(written)) => Some(elaborator.polynomial(written)?),
                    (None, None) => None,
                };
            }
            if let [Some(first), Some(last)] = sides {
                self.bindings[id] = Some((first, last));
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Gives one index that has no range an unknown size.
    fn open_one<'a>(&mut self, indices: &Indices, elaborator: &mut Elaborator<'a>) -> Result<bool, Error> {
        let mut open = (0..self.bindings.len()).filter(|id| self.bindings[*id].is_none());
        let placed = |id: &usize| indices.is_placed(*id);
        let Some(id) = open.clone().find(placed).or_else(|| open.next()) else { return Ok(false) };
        let binding = &indices.bindings[id];
        if !indices.is_placed(id) && binding.letter.as_str() == super::SAMPLE {
            return Err(Error::new(Kind::Shape, "nothing in the expectation is random")
                .at(binding.span, "it depends on nothing that is drawn")
                .help("leave the expectation out, or say what is drawn: \\mathbb{E}_{x}[…]"));
        }
        if !indices.is_placed(id) {
            let message = format!("nothing says what the index `{}` runs over", binding.letter);
            return Err(Error::new(Kind::Shape, message)
                .at(binding.span, "it indexes nothing")
                .help(format!(r"give its range: \sum_{{{0}=1}}^{{n}}, or sum({0} = 1..n, …)", binding.letter)));
        }
        self.bindings[id] = Some((Size::one(), elaborator.sizes.unknown(Unknown::Free)));
        Ok(true)
    }

    /// The places of a family that are used, at one of its indices: from the least to the greatest.
    fn hull<'a>(
        &self,
        indices: &Indices,
        name: &Name,
        position: usize,
        elaborator: &mut Elaborator<'a>,
    ) -> Result<Option<FirstLast>, Error> {
        let family = &indices.families[name];
        let mut hull: Option<(FirstLast, Span)> = None;
        if family.whole
            && let Some(known) = elaborator.variables.get(&family.base)
        {
            let size = if position == 0 { known.shape.rows.clone() } else { known.shape.cols.clone() };
            if elaborator.sizes.open_in(&size).is_empty() {
                hull = Some(((Size::one(), size), known.span.unwrap_or(family.span)));
            }
        }
        let accesses = || family.accesses.iter().map(|(at, span)| (&at[position], *span));
        for (place, span) in accesses().filter(|(place, _)| place.indices().next().is_some()) {
            let Some(range) = self.reach(indices, place, false).zip(self.reach(indices, place, true)) else { continue };
            hull = Some(match hull {
                None => (range, span),
                Some((old, old_span)) => (joined(elaborator, old, range, (&family.base, old_span, span))?, old_span),
            });
        }
        // `x_T` beside x_0, …, x_{T-1} is one more member, wherever it stands
        for (place, _) in accesses().filter(|(place, _)| place.indices().next().is_none() && !place.sizes.is_empty()) {
            let end = place.shift();
            if let Some(((first, last), own)) = hull.as_ref()
                && end.minus(last).as_constant().is_some_and(|n| n > 0)
            {
                hull = Some(((first.clone(), end), *own));
            }
        }
        Ok(hull.map(|(range, _)| range))
    }

    /// The least or the greatest place of some indices: the innermost are put at their ends first, which may be others.
    fn reach(&self, indices: &Indices, place: &PlaceUse, greatest: bool) -> Option<Size> {
        let mut total = place.shift();
        let mut open: BTreeMap<usize, i64> = BTreeMap::new();
        place.indices().for_each(|(times, id)| *open.entry(id).or_default() += times);
        let several = place.indices().nth(1).is_some();
        while let Some((id, times)) = open.pop_last() {
            let last = (times > 0) == greatest;
            let by = match indices.bindings[id].ends[usize::from(last)].as_ref().filter(|_| several) {
                Some(end) => {
                    end.indices().for_each(|(n, other)| *open.entry(other).or_default() += times * n);
                    end.shift()
                }
                None => {
                    let (first, end) = self.bindings[id].clone()?;
                    if last { end } else { first }
                }
            };
            total = total.plus(&by.times(&Size::constant(times)));
        }
        Some(total)
    }

    /// The extents of all families; arrays have as many entries.
    fn measure<'a>(&mut self, indices: &Indices, elaborator: &mut Elaborator<'a>) -> Result<(), Error> {
        for (name, family) in &indices.families {
            let mut extents = Vec::new();
            for position in 0..family.arity {
                let hull = self.hull(indices, name, position, elaborator)?;
                let hull = hull.unwrap_or_else(|| (Size::one(), elaborator.sizes.unknown(Unknown::Free)));
                if let Some(known) = elaborator.variables.get(&family.base).filter(|_| family.whole) {
                    let size = if position == 0 { known.shape.rows.clone() } else { known.shape.cols.clone() };
                    let count = Index { letter: name.clone(), first: hull.0.clone(), last: hull.1.clone() }.count();
                    let span = family.span;
                    if elaborator.sizes.unify(&size, &count, span).is_err() {
                        return Err(clash(elaborator, &family.base, (&size, span), (&count, span)));
                    }
                }
                extents.push(hull);
            }
            self.extents.insert(name.clone(), extents);
        }
        Ok(())
    }
}

impl ReadExpression {
    /// What the members and entries that stand at an index say of its range.
    pub(super) fn told(&self, id: usize, known: &Environment, elaborator: &Elaborator<'_>) -> Result<FirstLast, Error> {
        let mut told: Vec<FirstLast> = vec![];
        let mut hear = |place: &PlaceUse, first: &Size, last: &Size| {
            let range = (first.clone(), last.clone());
            if place.at_rest() == Some(id) && !told.contains(&range) {
                told.push(range);
            }
        };
        for family in self.indices.families.values() {
            let plate = known.families.get(&family.base).map_or(&[][..], |f| f.plate.as_slice());
            for (at, _) in &family.accesses {
                at.iter().zip(plate).for_each(|(p, i)| hear(p, &i.first, &i.last));
            }
        }
        for (array, at, _) in self.indices.entries() {
            let Some(known) = elaborator.variables.get(array) else { continue };
            let sides =
                if known.shape.is_row() { [&known.shape.cols; 2] } else { [&known.shape.rows, &known.shape.cols] };
            at.iter().zip(sides).for_each(|(p, size)| hear(p, &Size::one(), size));
        }
        let binding = &self.indices.bindings[id];
        let letter = &binding.letter;
        // where a condition chooses, a member that is not there may be meant to be left out
        let common = told.iter().cloned().map(Some).reduce(|a, b| shared(&a?, &b?)).flatten();
        let chosen = self.indices.chooses(id);
        match common.filter(|_| told.len() == 1 || !chosen) {
            Some(range) => Ok(range),
            None => {
                let message = match told.is_empty() {
                    true => format!("nothing says what the index `{letter}` runs over"),
                    false => format!("what stands at the index `{letter}` runs over different ranges"),
                };
                Err(Error::new(Kind::Shape, message)
                    .at(binding.span, "its range is needed")
                    .help(format!("write it: sum({letter} = 1..n, …)")))
            }
        }
    }
}

/// The places two ranges share, where that can be told.
fn shared(a: &FirstLast, b: &FirstLast) -> Option<FirstLast> {
    let end = |x: &Size, y: &Size, greater: bool| {
        let apart = y.minus(x).as_constant()?;
        Some(if (apart > 0) == greater { y.clone() } else { x.clone() })
    };
    Some((end(&a.0, &b.0, true)?, end(&a.1, &b.1, false)?))
}

/// The least range that holds two; where their ends cannot be compared they are equal.
fn joined(
    elaborator: &mut Elaborator<'_>,
    a: FirstLast,
    b: FirstLast,
    place: (&Name, Span, Span),
) -> Result<FirstLast, Error> {
    let mut end = |x: Size, y: Size, greater: bool| -> Result<Size, Error> {
        match y.minus(&x).as_constant() {
            Some(n) if (n > 0) == greater && n != 0 => Ok(y),
            Some(_) => Ok(x),
            None if elaborator.sizes.open_in(&y.minus(&x)).is_empty() && y.minus(&x).is_nonnegative() => {
                Ok(if greater { y } else { x })
            }
            None if elaborator.sizes.open_in(&x.minus(&y)).is_empty() && x.minus(&y).is_nonnegative() => {
                Ok(if greater { x } else { y })
            }
            None if elaborator.sizes.unify(&x, &y, place.2).is_ok() => Ok(x),
            None => Err(clash(elaborator, place.0, (&x, place.1), (&y, place.2))),
        }
    };
    Ok((end(a.0, b.0, false)?, end(a.1, b.1, true)?))
}

fn clash(elaborator: &mut Elaborator<'_>, base: &Name, a: (&Size, Span), b: (&Size, Span)) -> Error {
    let (x, y) = (elaborator.shown_size(a.0), elaborator.shown_size(b.0));
    Error::new(Kind::Shape, format!("`{base}` is taken to have {x} members in one place and {y} in another"))
        .at(a.1, format!("up to {x}"))
        .at(b.1, format!("up to {y}"))
        .help("let the indices run over the same range, or declare that the sizes are equal")
}
