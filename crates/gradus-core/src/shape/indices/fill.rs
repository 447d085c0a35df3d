//! From the program of a skeleton to that of the document: placeholders become symbols of the core.

use super::{ConditionUse, Hoisted, Indices, Leaf, PlaceUse, Ranges, plain};
use crate::diag::Note;
use crate::expr::{
    Expr, Gathering, Index, Indexed, Name, Op, Place, PlaceCondition, Shape, Size, Symbol, had, is_one, stacked_shape,
    variable,
};
use crate::program::{Definition, Input, Program, Reading};
use crate::syntax::Attribute;
use std::collections::{BTreeMap, BTreeSet};

/// What fills a skeleton.
struct Filler<'a> {
    indices: &'a Indices,
    ranges: &'a Ranges,
    /// What placeholders stand for, as far as they are filled.
    values: BTreeMap<Symbol, Expr>,
    /// The arrays of which there are entries.
    arrays: BTreeMap<Name, Expr>,
}

/// Puts members, entries and sums in the places of their names. The ranges are those of the settled sizes.
pub(in crate::shape) fn filled(program: Program, indices: &Indices, ranges: &Ranges) -> Program {
    let mut filler = Filler { indices, ranges, values: BTreeMap::new(), arrays: BTreeMap::new() };
    let mut definitions = Vec::new();
    for d in program.definitions {
        definitions.extend(filler.definition(d));
    }
    let densities = densities(&mut definitions, &indices.densities);
    let mut plates = filler.plates();
    plates.retain(|name, _| !name.name().is_some_and(|n| indices.densities.contains_key(n)));
    let mut sizes = program.sizes;
    for name in
        plates.values().flatten().flat_map(|i| i.first.names().chain(i.last.names()).cloned().collect::<Vec<_>>())
    {
        if !sizes.contains(&name) {
            sizes.push(name);
        }
    }
    let orders = program.orders.iter().map(|(e, args)| (filler.expr(e), args.iter().map(|a| filler.expr(a)).collect()));
    let notes = program.notes.into_iter().map(|n| Note { message: plain(&n.message), ..n });
    let random = |name: &Name| {
        Note::assumption(format!("{name} is what is random under E, all else is fixed: write E_{name}[…]"))
    };
    let guessed = indices.guessed.iter().map(random);
    let member = |name: &Name| Note::assumption(format!("{name} is a member of its family, and no name of its own"));
    let pair = |set: &Name| Note::assumption(format!("{set} holds no pair of one thing with itself"));
    let loopless = indices.loopless.iter().map(pair);
    let numbered = indices.numbered.iter().map(member);
    Program {
        orders: orders.collect(),
        inputs: filler.inputs(program.inputs),
        main: program.main.map(|s| filler.symbol(&s)),
        reading: filler.reading(program.reading),
        notes: notes.chain(guessed).chain(loopless).chain(numbered).collect(),
        definitions,
        plates,
        densities,
        sizes,
        drawn: indices.drawn.iter().map(|(name, from)| (Symbol::from(name), from.clone())).collect(),
        ..program
    }
}

/// The log-densities among these, which are no definitions of the document.
fn densities(definitions: &mut Vec<Definition>, called: &BTreeMap<Name, Name>) -> BTreeMap<Name, Expr> {
    let mut found = BTreeMap::new();
    definitions.retain(|d| match d.name.name().and_then(|name| called.get(name)) {
        Some(distribution) => {
            found.insert(distribution.clone(), d.value.clone());
            false
        }
        None => true,
    });
    found
}

/// An expression of a skeleton, after what its placeholders stand for.
pub(super) fn expression(before: Vec<Definition>, value: &Expr, indices: &Indices, ranges: &Ranges) -> Expr {
    let mut filler = Filler { indices, ranges, values: BTreeMap::new(), arrays: BTreeMap::new() };
    for d in before {
        let value = guarded(&d.value);
        filler.definition(Definition { value, ..d });
    }
    guarded(&filler.expr(value))
}

/// A bracket in front of a product guards it: where the bracket is 0 the other factors need no value.
fn guarded(e: &Expr) -> Expr {
    e.rewrite(&mut |e| {
        let bracket = |f: &Expr| match f.as_variable().and_then(|v| v.name.as_indexed()) {
            Some(Indexed::Gathered { over, when, body, .. }) if over.is_empty() && is_one(body) => Some(when.clone()),
            _ => None,
        };
        if *e.op() != Op::Had || !e.args().iter().any(|f| bracket(f).is_some()) {
            return e;
        }
        let when = e.args().iter().filter_map(bracket).flatten().collect();
        let body = had(e.args().iter().filter(|f| bracket(f).is_none()).cloned().collect());
        let shape = body.shape().clone();
        variable(Indexed::Gathered { by: Gathering::Sum, over: vec![], when, body }.symbol(), &shape)
    })
}

impl Filler<'_> {
    /// A definition of the document; sums and arrays of the skeleton are kept for their places.
    fn definition(&mut self, d: Definition) -> Option<Definition> {
        let value = self.expr(&d.value);
        let own = d.name.name().cloned();
        if let Some((name, hoisted)) = own.as_ref().and_then(|n| Some((n, self.indices.hoisted.get(n)?))) {
            let symbol = self.gathered(hoisted, value.clone());
            self.values.insert(Symbol::from(name), variable(symbol, value.shape()));
            return None;
        }
        if let Some((name, ids)) = own.as_ref().and_then(|n| Some((n, self.indices.stacks.get(n)?))) {
            let over: Vec<Index> = ids.iter().map(|id| self.index(*id)).collect();
            let shape = stacked_shape(&over, value.shape())?;
            self.values.insert(Symbol::from(name), variable(Indexed::Stack { over, body: value }.symbol(), &shape));
            return None;
        }
        if let Some(name) = own.filter(|n| n.as_str().starts_with("entry⟨")) {
            self.arrays.insert(name, value);
            return None;
        }
        let written = self.indices.written.get(&d.name).cloned().or(d.written);
        Some(Definition { name: self.symbol(&d.name), value, written, ..d })
    }

    fn gathered(&self, hoisted: &Hoisted, body: Expr) -> Symbol {
        let over = hoisted.over.iter().map(|id| self.index(*id)).collect();
        let when = hoisted.when.iter().map(|c| self.condition(c)).collect();
        Indexed::Gathered { by: hoisted.by, over, when, body }.symbol()
    }

    fn index(&self, id: usize) -> Index {
        let (first, last) = self.ranges.bindings[id].clone().unwrap_or((Size::one(), Size::one()));
        Index { letter: self.indices.bindings[id].letter.clone(), first, last }
    }

    fn place(&self, place: &PlaceUse) -> Place {
        let mut letters = BTreeMap::new();
        for (times, id) in place.indices() {
            *letters.entry(self.indices.bindings[id].letter.clone()).or_default() += times;
        }
        Place::of(letters, place.shift())
    }

    fn places(&self, at: &[PlaceUse]) -> Vec<Place> {
        at.iter().map(|p| self.place(p)).collect()
    }

    fn condition(&self, c: &ConditionUse) -> PlaceCondition {
        PlaceCondition { left: self.place(&c.left), relation: c.relation, right: self.place(&c.right) }
    }

    /// What the author calls a name of the skeleton.
    fn symbol(&self, symbol: &Symbol) -> Symbol {
        match symbol.name().and_then(|n| self.indices.families.get(n)) {
            Some(family) => Symbol::from(&family.base),
            None => symbol.clone(),
        }
    }

    fn expr(&self, e: &Expr) -> Expr {
        e.rewrite(&mut |e| match e.op() {
            Op::Variable(v) => self.variable(&v.name, &v.shape).unwrap_or(e),
            _ => e,
        })
    }

    fn variable(&self, symbol: &Symbol, shape: &Shape) -> Option<Expr> {
        if let Some(value) = self.values.get(symbol) {
            return Some(value.clone());
        }
        let name = symbol.name()?;
        let indexed = match self.indices.leaves.get(name) {
            Some(Leaf::Member { family, at }) => {
                let family = Symbol::from(&self.indices.families.get(family)?.base);
                Indexed::Member { family, at: self.places(at) }
            }
            Some(Leaf::Entry { array, at, .. }) => {
                Indexed::Entry { of: self.arrays.get(array)?.clone(), at: self.places(at) }
            }
            Some(Leaf::Number(place)) => Indexed::Number(self.place(place)),
            Some(Leaf::Iverson(condition)) => Indexed::Gathered {
                by: Gathering::Sum,
                over: vec![],
                when: vec![self.condition(condition)],
                body: crate::expr::number(crate::expr::Rational::one()),
            },
            None => return self.whole(name, shape),
        };
        Some(variable(indexed.symbol(), shape))
    }

    /// A defined family that stands whole: the array of its members.
    fn whole(&self, name: &Name, shape: &Shape) -> Option<Expr> {
        let (_, _, family) = self.indices.wholes().find(|(base, ..)| *base == name)?;
        let over: Vec<Index> = family.free.as_ref()?.iter().map(|id| self.index(*id)).collect();
        let at = over.iter().map(Index::place).collect();
        let member = Indexed::Member { family: Symbol::from(name), at }.symbol();
        let body = variable(member, &Shape::scalar());
        Some(variable(Indexed::Stack { over, body }.symbol(), shape))
    }

    /// The indices of the families, by the letters that stand at them first.
    fn plates(&self) -> BTreeMap<Symbol, Vec<Index>> {
        let mut plates = BTreeMap::new();
        for (name, family) in &self.indices.families {
            let letters = |position: usize| {
                let of = |(at, _): &(Vec<PlaceUse>, _)| at[position].binding;
                let id = family.free.as_ref().map(|f| f[position]).or_else(|| family.accesses.iter().find_map(of));
                id.map_or_else(|| Name::new("i"), |id| self.indices.bindings[id].letter.clone())
            };
            let extents = self.ranges.extents.get(name).cloned().unwrap_or_default();
            let mut index: Vec<Index> = Vec::new();
            for (position, (first, last)) in extents.into_iter().enumerate() {
                let letter = letters(position);
                let letter = if index.iter().any(|i| i.letter == letter) { other(&letter, &index) } else { letter };
                index.push(Index { letter, first, last });
            }
            plates.insert(Symbol::from(&family.base), index);
        }
        plates
    }

    /// Families by their names; of one that stands whole too there is one input.
    fn inputs(&self, inputs: Vec<Input>) -> Vec<Input> {
        let mut kept: Vec<Input> = Vec::new();
        for input in inputs {
            let name = self.symbol(&input.name);
            let own = name.name().filter(|_| name == input.name);
            let whole = own.is_some_and(|n| self.indices.families.values().any(|f| f.base == *n));
            let shape = if whole { Shape::scalar() } else { input.shape.clone() };
            match kept.iter_mut().find(|i| i.name == name) {
                Some(known) if whole => {
                    known.attributes = input.attributes;
                    known.declared = input.declared;
                }
                Some(_) => {}
                None => kept.push(Input { name, shape, ..input }),
            }
        }
        let masks = self.indices.masks.iter().filter_map(|m| self.indices.families.get(m));
        let masks: BTreeSet<Symbol> = masks.map(|family| Symbol::from(&family.base)).collect();
        for input in kept.iter_mut().filter(|i| masks.contains(&i.name)) {
            input.attributes.extend([Attribute::Mask, Attribute::Constant]);
        }
        for input in &mut kept {
            let Some(name) = input.name.name().filter(|n| self.indices.labels.contains(n)) else { continue };
            let from_one = self.indices.places_of_arrays.contains(name).then_some(Attribute::Positive);
            input.attributes.extend([Attribute::Labels, Attribute::Constant].into_iter().chain(from_one));
        }
        kept
    }

    fn reading(&self, reading: Reading) -> Reading {
        let base = |n: Name| self.indices.families.get(&n).map_or(n.clone(), |f| f.base.clone());
        Reading {
            overruled: reading.overruled.into_iter().map(base).collect(),
            broadcasts: reading.broadcasts.iter().map(|t| plain(t)).collect(),
            head: reading.head.map(|t| plain(&t)),
            reasons: reading.reasons.into_iter().map(|(n, r)| (base(n), plain(&r))).collect(),
            ..reading
        }
    }
}

/// A letter that stands at none of these.
fn other(letter: &Name, taken: &[Index]) -> Name {
    let free = ["i", "j", "k", "l"].into_iter().map(Name::new).find(|n| !taken.iter().any(|i| i.letter == *n));
    free.unwrap_or_else(|| letter.clone())
}
