//! Documents with indices written out: at ranges that are numbers every member is a variable of its own, and a sum is the sum
//! of its terms. What comes out is an ordinary document; how sums are differentiated is not known here.

use super::sample::LABELS;
use crate::diag::{Error, Kind, Span};
use crate::expr::{
    Atom, Comparator, Elementwise, Expr, Gathering, Index, Indexed, Name, Op, Partial, Place, PlaceCondition, Purpose,
    Range, Shape, Size, Symbol, add, build, elementwise, had, integer, of_a_set, pow, stacked_shape, sub, transpose,
    variable, zeros,
};
use crate::fuel;
use crate::program::{Definition, Input, Program, SizeCondition};
use crate::syntax::Attribute;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where letters are.
pub type Places = BTreeMap<Name, i64>;

/// A document with indices whose ranges are numbers.
pub struct Unrolled<'a> {
    program: &'a Program,
    sizes: BTreeMap<Name, i64>,
    /// Whether families of which something is declared as arrays are one input each.
    declared: bool,
    /// Sums within sums, each with its name: `None` where all is written into one term.
    sums: Option<RefCell<NamedSums>>,
}

/// Sums that are named rather than written out wherever they stand: sums within sums grow like powers.
#[derive(Default)]
struct NamedSums {
    named: BTreeMap<(Indexed, Places), Expr>,
    definitions: Vec<Definition>,
}

/// A sum is not written out into more terms.
const MAX_TERMS: usize = 4_096;

impl<'a> Unrolled<'a> {
    /// The document at these sizes: all that ranges are made of are among them.
    pub fn new(program: &'a Program, sizes: BTreeMap<Name, i64>) -> Unrolled<'a> {
        Unrolled { program, sizes, declared: false, sums: None }
    }

    /// The same, where what is declared of the array of all members (symmetric, entries that add up to 1) is true: such a
    /// family is one input, and its members are entries.
    pub fn declared(program: &'a Program, sizes: BTreeMap<Name, i64>) -> Unrolled<'a> {
        Unrolled { program, sizes, declared: true, sums: None }
    }

    /// The same document, of whose terms sums within sums get names: `named_sums` says what they are.
    pub fn with_named_sums(&self) -> Unrolled<'a> {
        Unrolled { sizes: self.sizes.clone(), sums: Some(RefCell::default()), ..*self }
    }

    /// The sums that terms so far speak of by a name, in dependency order.
    pub fn named_sums(&self) -> Vec<Definition> {
        self.sums.as_ref().map_or_else(Vec::new, |sums| sums.borrow().definitions.clone())
    }

    /// The shape of a family that is one input.
    pub fn array(&self, family: &Symbol) -> Option<Shape> {
        let input = self.program.input(family).filter(|i| self.declared && i.shape.is_scalar())?;
        let plate = self.program.plates.get(family).filter(|_| input.attributes.iter().any(|a| is_of_array(*a)))?;
        stacked_shape(plate, &input.shape).map(|s| self.shape(&s))
    }

    /// Which entry of the array a member is, from 1 on.
    ///
    /// # Errors
    /// As `place`.
    pub fn entry_of(&self, family: &Symbol, at: &[i64]) -> Result<Vec<i64>, Error> {
        let plate = self.plate(family);
        at.iter().zip(&plate).map(|(n, i)| Ok(n - self.number(&i.first)? + 1)).collect()
    }

    /// The ordinary document: one input for every member, one definition for every place.
    ///
    /// # Errors
    /// `Domain` where a member is met that there is not, or a largest of nothing is asked for; `Limit` for too many terms.
    pub fn document(&self) -> Result<Program, Error> {
        let labelled = self.program.inputs.iter().any(|i| i.attributes.contains(&Attribute::Labels));
        if labelled && self.sizes.values().any(|n| *n < LABELS) {
            return Err(Error::new(Kind::Domain, "labels are of ranges with several places"));
        }
        let mut inputs = vec![];
        for input in &self.program.inputs {
            if let Some(shape) = self.array(&input.name) {
                inputs.push(Input { shape, ..input.clone() });
                continue;
            }
            let entries = input.shape.is_scalar() && self.program.plates.contains_key(&input.name);
            let own = |a: &&Attribute| !entries || !is_of_array(**a);
            let attributes: Vec<Attribute> = input.attributes.iter().filter(own).copied().collect();
            for name in self.names(&input.name)? {
                let shape = self.shape(&input.shape);
                inputs.push(Input { name, shape, attributes: attributes.clone(), ..input.clone() });
            }
        }
        let mut definitions = vec![];
        for d in &self.program.definitions {
            definitions.extend(self.definition(d)?);
        }
        let condition =
            |c: &SizeCondition| SizeCondition { left: self.size(&c.left), right: self.size(&c.right), ..c.clone() };
        Ok(Program {
            inputs,
            definitions,
            sizes: self.program.sizes.iter().filter(|n| !self.sizes.contains_key(*n)).cloned().collect(),
            conditions: self.program.conditions.iter().map(condition).collect(),
            orders: vec![],
            plates: BTreeMap::new(),
            ..self.program.clone()
        })
    }

    fn definition(&self, d: &Definition) -> Result<Vec<Definition>, Error> {
        let plate = self.plate(&d.name);
        let places = self.places(&plate, &[], &Places::new())?;
        let one = |at: Places| {
            let name = self.name_at(&d.name, &plate, &at);
            Ok(Definition { name, value: self.term(&d.value, &at)?, written: None, span: d.span })
        };
        places.into_iter().map(one).collect()
    }

    fn plate(&self, name: &Symbol) -> Vec<Index> {
        self.program.plates.get(name).cloned().unwrap_or_default()
    }

    /// What the members of a family are called.
    fn names(&self, name: &Symbol) -> Result<Vec<Symbol>, Error> {
        let plate = self.plate(name);
        let places = self.places(&plate, &[], &Places::new())?;
        Ok(places.iter().map(|at| self.name_at(name, &plate, at)).collect())
    }

    fn name_at(&self, name: &Symbol, plate: &[Index], at: &Places) -> Symbol {
        let numbers: Vec<i64> = plate.iter().map(|i| at[&i.letter]).collect();
        Unrolled::member(name, &numbers)
    }

    /// The variable a member is: the name itself where it has no index.
    pub fn member(name: &Symbol, at: &[i64]) -> Symbol {
        if at.is_empty() {
            return name.clone();
        }
        let at = at.iter().map(|n| Place::fixed(Size::constant(*n))).collect();
        Indexed::Member { family: name.clone(), at }.symbol()
    }

    /// All places of these indices where the conditions hold, in order, beside those that are known.
    ///
    /// # Errors
    /// `Limit` for too many, `Usage` for ranges that are no numbers.
    pub fn places(&self, over: &[Index], when: &[PlaceCondition], known: &Places) -> Result<Vec<Places>, Error> {
        let mut all = vec![known.clone()];
        for i in over {
            let (first, last) = (self.number(&i.first)?, self.number(&i.last)?);
            let many = usize::try_from((last - first + 1).max(0)).unwrap_or(MAX_TERMS + 1);
            if all.len().saturating_mul(many) > MAX_TERMS {
                return Err(Error::new(
                    Kind::Limit,
                    format!("a sum of more than {MAX_TERMS} terms is not written out"),
                ));
            }
            let with =
                |at: &Places, n: i64| at.iter().map(|(l, m)| (l.clone(), *m)).chain([(i.letter.clone(), n)]).collect();
            all = all.iter().flat_map(|at| (first..=last).map(move |n| with(at, n))).collect();
        }
        let mut holding = vec![];
        for at in all {
            if self.hold(when, &at)? {
                holding.push(at);
            }
        }
        Ok(holding)
    }

    fn hold(&self, when: &[PlaceCondition], at: &Places) -> Result<bool, Error> {
        for c in when {
            let (left, right) = (self.place(&c.left, at)?, self.place(&c.right, at)?);
            let holds = match c.relation {
                Comparator::Equal => left == right,
                Comparator::Different => left != right,
                Comparator::Less => left < right,
                Comparator::AtMost => left <= right,
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The number of a place.
    ///
    /// # Errors
    /// `Name` for a letter that is nowhere.
    pub fn place(&self, place: &Place, at: &Places) -> Result<i64, Error> {
        let offset = self.number(&place.offset)?;
        let unbound = |l: &Name| Error::new(Kind::Name, format!("nothing says where the index {l} is"));
        let own = |(l, times): (Name, i64)| at.get(&l).map(|n| n * times).ok_or_else(|| unbound(&l));
        place.terms().into_iter().map(own).try_fold(offset, |sum, n| Ok(sum + n?))
    }

    fn number(&self, size: &Size) -> Result<i64, Error> {
        let unknown = || Error::new(Kind::Usage, format!("the range to {size} has no number"));
        size.value(&self.sizes).ok_or_else(unknown)
    }

    fn size(&self, size: &Size) -> Size {
        size.substitute(&|atom| atom.name().and_then(|n| self.sizes.get(n)).map(|n| Size::constant(*n)))
    }

    fn shape(&self, shape: &Shape) -> Shape {
        Shape::new(self.size(&shape.rows), self.size(&shape.cols))
    }

    /// A term with its letters at places.
    ///
    /// # Errors
    /// As `document`; `Limit` where the question is over: sums within sums grow like powers.
    pub fn term(&self, e: &Expr, at: &Places) -> Result<Expr, Error> {
        fuel::left()?;
        if let Op::Variable(v) = e.op() {
            return self.variable(&v.name, &self.shape(&v.shape), at);
        }
        if matches!(e.op(), Op::Had | Op::Mul) && self.holds_nothing(e, at)? {
            return Ok(zeros(&self.shape(e.shape())));
        }
        let args = e.args().iter().map(|a| self.term(a, at)).collect::<Result<Vec<_>, _>>()?;
        Ok(build(e.op().map_sizes(&mut |s| self.size(s)), args))
    }

    /// Whether a factor is a sum over no place, or a sum of such: the others need not even have a meaning then, as with
    /// brackets elsewhere.
    fn holds_nothing(&self, e: &Expr, at: &Places) -> Result<bool, Error> {
        for f in e.args() {
            if self.is_nothing(f, at)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_nothing(&self, f: &Expr, at: &Places) -> Result<bool, Error> {
        match f.op() {
            Op::Variable(v) => match v.name.as_indexed() {
                Some(Indexed::Gathered { by: Gathering::Sum, over, when, .. }) => {
                    Ok(self.places(over, when, at)?.is_empty())
                }
                Some(_) | None => Ok(false),
            },
            Op::Had | Op::Mul => self.holds_nothing(f, at),
            Op::Add | Op::Transpose => {
                for part in f.args() {
                    if !self.is_nothing(part, at)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn variable(&self, name: &Symbol, shape: &Shape, at: &Places) -> Result<Expr, Error> {
        if let Some(partial) = name.as_partial() {
            return Ok(variable(self.partial(partial, at)?, shape));
        }
        let Some(indexed) = name.as_indexed() else {
            return self.whole(name, shape);
        };
        match indexed {
            Indexed::Member { family, at: places } => {
                let numbers = places.iter().map(|p| self.place(p, at)).collect::<Result<Vec<_>, _>>()?;
                self.exists(family, &numbers)?;
                match self.array(family) {
                    Some(whole) => Ok(entry(variable(family, &whole), &self.entry_of(family, &numbers)?)),
                    None => Ok(variable(Unrolled::member(family, &numbers), shape)),
                }
            }
            Indexed::Number(place) => Ok(integer(self.place(place, at)?)),
            Indexed::Entry { of, at: places } => {
                let numbers = places.iter().map(|p| self.place(p, at)).collect::<Result<Vec<_>, _>>()?;
                let of = self.term(of, at)?;
                Ok(entry(of, &numbers))
            }
            Indexed::Stack { over, body } => {
                let places = self.places(over, &[], at)?;
                let parts = places.iter().map(|p| self.term(body, p)).collect::<Result<Vec<_>, _>>()?;
                let cols = if over.len() == 2 { self.count(&over[1])? } else { 1 };
                array(parts, cols, shape)
            }
            Indexed::Gathered { by, over, when, body } => {
                let known = self.named_sum(indexed, body, at);
                if let Some((_, Some(name))) = known {
                    return Ok(name);
                }
                let places = self.places(over, when, at)?;
                let terms = |e: &Expr| places.iter().map(|p| self.term(e, p)).collect::<Result<Vec<_>, _>>();
                let value = match of_a_set(*by, body) {
                    Some((value, mask)) => chosen(*by, terms(&value)?.into_iter().zip(terms(&mask)?))?,
                    None => gathered(*by, terms(body)?, shape)?,
                };
                Ok(known.map_or(value.clone(), |(places, _)| self.name_sum(indexed, places, value)))
            }
        }
    }

    /// Where the letters of a sum that gets a name are, and the name it has there already.
    fn named_sum(&self, sum: &Indexed, body: &Expr, at: &Places) -> Option<(Places, Option<Expr>)> {
        let sums = self.sums.as_ref().filter(|_| holds_sum(body))?;
        let mut letters = BTreeSet::new();
        letters_within(sum, &mut letters);
        let own: Places = at.iter().filter(|(l, _)| letters.contains(*l)).map(|(l, n)| (l.clone(), *n)).collect();
        let name = sums.borrow().named.get(&(sum.clone(), own.clone())).cloned();
        Some((own, name))
    }

    fn name_sum(&self, sum: &Indexed, at: Places, value: Expr) -> Expr {
        // a number takes away what it is multiplied with, or is taken away
        let Some(sums) = self.sums.as_ref().filter(|_| !value.args().is_empty()) else { return value };
        let mut sums = sums.borrow_mut();
        let name = Symbol::made(Purpose::Repeated, vec![sum.clone().symbol()], sums.definitions.len());
        let named = variable(&name, value.shape());
        sums.definitions.push(Definition { name, value, written: None, span: Span::default() });
        sums.named.insert((sum.clone(), at), named.clone());
        named
    }

    /// The derivative of a term by a member, both with their letters at places; the term stands as a sum without an index.
    fn partial(&self, partial: &Partial, at: &Places) -> Result<Symbol, Error> {
        let named = |symbol: &Symbol| match symbol.as_indexed() {
            Some(Indexed::Member { family, at: places }) => {
                let numbers = places.iter().map(|p| self.place(p, at)).collect::<Result<Vec<_>, _>>()?;
                Ok(Unrolled::member(family, &numbers))
            }
            Some(_) | None => Ok::<_, Error>(symbol.clone()),
        };
        let of = match partial.of.as_indexed() {
            Some(Indexed::Gathered { .. } | Indexed::Entry { .. } | Indexed::Stack { .. }) => {
                let shape = match partial.of.as_indexed() {
                    Some(Indexed::Gathered { body, .. }) => self.shape(body.shape()),
                    Some(_) | None => Shape::scalar(),
                };
                let body = self.variable(&partial.of, &shape, at)?;
                Indexed::Gathered { by: Gathering::Sum, over: vec![], when: vec![], body }.symbol()
            }
            Some(_) | None => named(&partial.of)?,
        };
        let by = partial.by.iter().map(named).collect::<Result<Vec<_>, _>>()?;
        Ok(Symbol::Partial(Arc::new(Partial { of, by, direct: partial.direct })))
    }

    fn count(&self, index: &Index) -> Result<usize, Error> {
        Ok(usize::try_from(self.number(&index.count())?).unwrap_or(0))
    }

    fn exists(&self, family: &Symbol, at: &[i64]) -> Result<(), Error> {
        for (n, i) in at.iter().zip(self.plate(family)) {
            let range = self.number(&i.first)?..=self.number(&i.last)?;
            if !range.contains(n) {
                return Err(Error::new(Kind::Domain, format!("there is no member {n} of `{family}`")));
            }
        }
        Ok(())
    }

    /// A variable without an index; a family as the array of its members.
    fn whole(&self, name: &Symbol, shape: &Shape) -> Result<Expr, Error> {
        let plate = self.plate(name);
        if plate.is_empty() || self.array(name).is_some() {
            return Ok(variable(name, shape));
        }
        let own = self.program.shape(name).map_or_else(Shape::scalar, |s| self.shape(s));
        let members = self.names(name)?.iter().map(|n| variable(n, &own)).collect();
        let cols = if plate.len() == 2 { self.count(&plate[1])? } else { 1 };
        array(members, cols, shape)
    }
}

/// Whether an attribute speaks of an array, and of none of its entries.
fn is_of_array(attribute: Attribute) -> bool {
    attribute.structure().is_some() || attribute == Attribute::Invertible
}

/// An array of scalars row by row, or of columns, whose rows they become.
fn array(parts: Vec<Expr>, cols: usize, shape: &Shape) -> Result<Expr, Error> {
    let parts: Vec<Expr> = parts.into_iter().map(|p| if p.is_scalar() { p } else { transpose(p) }).collect();
    if parts.is_empty() {
        return Err(Error::new(Kind::Domain, "an array without an entry"));
    }
    let array = if parts.len() == 1 {
        parts.into_iter().next().expect("one")
    } else {
        build(Op::Block { rows: parts.len() / cols.max(1), cols: cols.max(1) }, parts)
    };
    if array.shape() == shape {
        return Ok(array);
    }
    Err(Error::new(Kind::Internal, format!("members make an array of shape {}, not {shape}", array.shape())))
}

fn entry(of: Expr, at: &[i64]) -> Expr {
    if of.is_scalar() {
        return of;
    }
    let one = |n: i64| Range { first: Size::constant(n), last: Size::constant(n) };
    let (rows, cols) = match at {
        [row, col, ..] => (*row, *col),
        [place] if of.shape().is_row() => (1, *place),
        [place] => (*place, 1),
        [] => (1, 1),
    };
    build(Op::Slice { rows: one(rows), cols: one(cols) }, vec![of])
}

/// The largest or the smallest of the values whose mask is 1; without a value where there is none.
fn chosen(by: Gathering, mut parts: impl Iterator<Item = (Expr, Expr)>) -> Result<Expr, Error> {
    let nothing = || Error::new(Kind::Domain, "there is nothing to take the largest of");
    let (mut value, mut known) = parts.next().ok_or_else(nothing)?;
    let relu = |e: Expr| elementwise(Elementwise::Relu, e);
    for (next, mask) in parts {
        let better = match by {
            Gathering::Minimum => had(vec![integer(-1), relu(sub(value.clone(), next.clone()))]),
            _ => relu(sub(next.clone(), value.clone())),
        };
        let both = add(vec![value, had(vec![mask.clone(), better])]);
        let first = had(vec![sub(integer(1), known.clone()), next]);
        value = add(vec![had(vec![known.clone(), both]), first]);
        known = sub(add(vec![known.clone(), mask.clone()]), had(vec![known, mask]));
    }
    Ok(had(vec![value, pow(known, integer(-1))]))
}

fn gathered(by: Gathering, parts: Vec<Expr>, shape: &Shape) -> Result<Expr, Error> {
    let count = parts.len() as i64;
    let nothing = || Error::new(Kind::Domain, "there is nothing to take the mean or the largest of");
    if count == 0 && !matches!(by, Gathering::Sum | Gathering::Product) {
        return Err(nothing());
    }
    let larger = |a: Expr, b: Expr| add(vec![a.clone(), elementwise(Elementwise::Relu, sub(b, a))]);
    let smaller = |a: Expr, b: Expr| sub(a.clone(), elementwise(Elementwise::Relu, sub(a, b)));
    Ok(match by {
        Gathering::Sum => add(parts.into_iter().chain([zeros(shape)]).collect()),
        Gathering::Product => had(parts.into_iter().chain([integer(1)]).collect()),
        Gathering::Maximum => parts.into_iter().reduce(larger).ok_or_else(nothing)?,
        Gathering::Minimum => parts.into_iter().reduce(smaller).ok_or_else(nothing)?,
        Gathering::Mean | Gathering::Expectation => had(vec![add(parts), pow(integer(count), integer(-1))]),
    })
}

fn holds_sum(e: &Expr) -> bool {
    let own = matches!(e.as_variable().and_then(|v| v.name.as_indexed()), Some(Indexed::Gathered { .. }));
    own || e.args().iter().any(holds_sum)
}

/// All letters in what stands at an index, bound ones too.
fn letters_within(indexed: &Indexed, found: &mut BTreeSet<Name>) {
    let mut note = |p: &Place| found.extend(p.letters().cloned());
    let inner = match indexed {
        Indexed::Member { at, .. } => return at.iter().for_each(note),
        Indexed::Number(place) => return note(place),
        Indexed::Entry { of, at } => {
            at.iter().for_each(note);
            of
        }
        Indexed::Gathered { when, body, .. } => {
            when.iter().flat_map(|c| [&c.left, &c.right]).for_each(note);
            body
        }
        Indexed::Stack { body, .. } => body,
    };
    inner.variables().iter().filter_map(Symbol::as_indexed).for_each(|i| letters_within(i, found));
}

/// A document written out, without the definitions that neither these names nor these terms need: `1 / r_ij` has no value at
/// i = j, where no sum goes.
pub fn without_unused<'a>(document: &Program, names: impl IntoIterator<Item = &'a Symbol>, terms: &[&Expr]) -> Program {
    let mut needed: BTreeSet<Symbol> =
        terms.iter().flat_map(|t| t.variables()).chain(names.into_iter().cloned()).collect();
    for d in document.definitions.iter().rev() {
        if needed.contains(&d.name) {
            needed.extend(d.value.variables());
        }
    }
    let definitions = document.definitions.iter().filter(|d| needed.contains(&d.name)).cloned().collect();
    Program { definitions, ..document.clone() }
}

/// The size names that ranges of the document are made of.
pub fn range_sizes(program: &Program, terms: &[&Expr]) -> Vec<Name> {
    let mut found: Vec<Name> = vec![];
    let mut note = |i: &Index| {
        for n in [&i.first, &i.last].into_iter().flat_map(|s| s.atoms()).filter_map(Atom::name) {
            if !found.contains(n) {
                found.push(n.clone());
            }
        }
    };
    program.plates.values().flatten().for_each(&mut note);
    program.definitions.iter().map(|d| &d.value).chain(terms.iter().copied()).for_each(|e| indices(e, &mut note));
    found
}

fn indices(e: &Expr, f: &mut dyn FnMut(&Index)) {
    if let Some(indexed) = e.as_variable().and_then(|v| v.name.as_indexed()) {
        match indexed {
            Indexed::Entry { of, .. } => indices(of, f),
            Indexed::Stack { over, body } | Indexed::Gathered { over, body, .. } => {
                over.iter().for_each(&mut *f);
                indices(body, f);
            }
            Indexed::Member { .. } | Indexed::Number(_) => {}
        }
    }
    e.args().iter().for_each(|a| indices(a, f));
}
