//! What is differentiated, and by what, in documents with indices: a variable, a family as a whole, or a member at letters.

use super::letters::{Moves, fresh, moved, moved_place};
use super::refused;
use crate::derive::Options;
use crate::derive::charts::Chart;
use crate::derive::cut::fresh_names;
use crate::derive::target::Target;
use crate::diag::{Error, Kind};
use crate::expr::{Expr, Index, Indexed, Name, Place, Purpose, Shape, Size, Symbol, bases, variable};
use crate::program::Program;
use crate::syntax::parse_name;
use std::collections::BTreeSet;

/// A variable, or a family or definition at places.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexedTarget {
    /// What it is called, without its places.
    pub name: Symbol,
    /// Where; `None` for all of it.
    pub at: Option<Vec<Place>>,
    /// What the letters of the places run over.
    pub scope: Vec<Index>,
    /// Its own shape, at those places.
    pub shape: Shape,
    /// Whether all members were asked for by the name of the family.
    pub whole: bool,
    /// Where it is the coordinates of a variable, how that hangs on them.
    pub chart: Option<Chart>,
}

impl IndexedTarget {
    /// A whole variable, or a member under the letters of its family.
    fn named(program: &Program, name: &Symbol) -> Option<IndexedTarget> {
        let shape = program.shape(name)?.clone();
        let plate = program.plates.get(name).filter(|p| !p.is_empty());
        Some(match plate {
            None => IndexedTarget { name: name.clone(), at: None, scope: vec![], shape, whole: true, chart: None },
            Some(p) => {
                let at = Some(p.iter().map(Index::place).collect());
                IndexedTarget { name: name.clone(), at, scope: p.clone(), shape, whole: false, chart: None }
            }
        })
    }

    /// As a target of the derivation; coordinates that have the shape of the variable go by its name.
    pub fn target(&self) -> Target {
        let told = self.chart.as_ref().map_or(&self.name, Chart::name);
        let told = IndexedTarget { name: told.clone(), chart: None, ..self.clone() };
        Target { label: told.label_text(), parts: vec![(told.symbol(), self.shape.clone())] }
    }

    /// What stands for it.
    pub fn symbol(&self) -> Symbol {
        match &self.at {
            Some(at) => Indexed::Member { family: self.name.clone(), at: at.clone() }.symbol(),
            None => self.name.clone(),
        }
    }

    /// The coordinates of a target, where it hangs on some. `None` for an entry that is 0 by the structure.
    pub fn on(&self, chart: &Chart) -> Option<IndexedTarget> {
        let at = match &self.at {
            Some(at) => Some(chart.places(at)?),
            None => None,
        };
        let own = |i: &Index| at.iter().flatten().flat_map(Place::letters).any(|l| *l == i.letter);
        let scope = self.scope.iter().filter(|i| own(i)).cloned().collect();
        let (name, shape, chart) = (chart.coordinates.clone(), chart.shape(), Some(chart.clone()));
        Some(IndexedTarget { name, at, scope, shape, whole: self.whole, chart })
    }

    fn label_text(&self) -> String {
        let Some(at) = self.at.as_ref().filter(|_| !self.whole) else { return self.name.to_string() };
        let places: Vec<String> = at.iter().map(Place::to_string).collect();
        let plain = places.iter().all(|p| p.chars().count() == 1);
        let joined = if plain { places.concat() } else { format!("{{{}}}", places.join(",")) };
        format!("{}_{joined}", self.name)
    }

    /// The name by which it is spoken of.
    pub fn label(&self, program: &Program) -> Symbol {
        if self.name != Symbol::Bare {
            return self.symbol();
        }
        let purpose = if self.shape.is_scalar() { Purpose::Scalar } else { Purpose::Array };
        Symbol::made(purpose, vec![], 0).written(fresh_names(purpose.letter(), 1, &program.names()).remove(0))
    }

    /// Its value, under its own letters.
    pub fn value(&self, program: &Program) -> Expr {
        let value = program.definition(&self.name).map(|d| d.value.clone());
        let value = value.unwrap_or_else(|| variable(self.symbol(), &self.shape));
        let plate = program.plates.get(&self.name).into_iter().flatten();
        let moves = plate.zip(self.at.iter().flatten()).map(|(i, p)| (i.letter.clone(), p.clone()));
        moved(&value, &moves.collect())
    }

    /// The same under letters that the others do not have: `x_j` beside `x_i`.
    pub fn apart(&self, others: &[&IndexedTarget], always: bool) -> IndexedTarget {
        let mut taken: BTreeSet<Name> = others.iter().flat_map(|t| &t.scope).map(|i| i.letter.clone()).collect();
        let clash = self.scope.iter().any(|i| taken.contains(&i.letter));
        if !clash && !always || self.at.is_none() {
            return self.clone();
        }
        let (mut moves, mut scope) = (Moves::new(), vec![]);
        for i in &self.scope {
            let letter = if taken.contains(&i.letter) { fresh(&taken) } else { i.letter.clone() };
            taken.insert(letter.clone());
            moves.insert(i.letter.clone(), Place::at(&letter));
            scope.push(Index { letter, ..i.clone() });
        }
        let at = self.at.as_ref().map(|at| at.iter().map(|p| moved_place(p, &moves)).collect());
        IndexedTarget { at, scope, ..self.clone() }
    }
}

/// What is differentiated.
pub fn subject(program: &Program, options: &Options) -> Result<IndexedTarget, Error> {
    let main = || {
        let nothing = || Error::new(Kind::Syntax, "nothing to derive: the document has no expression");
        let name = program.main.clone().ok_or_else(nothing)?;
        IndexedTarget::named(program, &name).ok_or_else(nothing)
    };
    match &options.of {
        None => main(),
        Some(text) => {
            let found = parse(text, program)?;
            let no = || Error::new(Kind::Usage, format!("--of {text}: `{text}` is not a definition of the document"));
            program.definition(&found.name).map(|_| found.clone()).ok_or_else(no)
        }
    }
}

/// What is differentiated by: what is asked for, or everything that is met, is not constant and is no sample under an
/// expectation.
pub fn targets(program: &Program, of: &IndexedTarget, options: &Options) -> Result<Vec<IndexedTarget>, Error> {
    if !options.wrt.is_empty() {
        // all of a family has letters of its own: ∂āᵢ/∂aⱼ, and not the diagonal of that
        let own = |t: IndexedTarget| if t.whole && of.at.is_some() { t.apart(&[of], false) } else { t };
        return options.wrt.iter().map(|t| Ok(own(parse(t, program)?))).collect();
    }
    let mut used = BTreeSet::from([of.name.clone()]);
    for d in program.definitions.iter().rev() {
        if used.contains(&d.name) {
            used.extend(bases(&d.value));
        }
    }
    let sampled = sampled(program);
    let free = program.inputs.iter().filter(|i| !i.is_constant() && used.contains(&i.name));
    let free = free.filter(|i| !sampled.contains(&i.name));
    let found: Vec<IndexedTarget> = free.filter_map(|i| IndexedTarget::named(program, &i.name)).collect();
    if found.is_empty() {
        return Err(Error::new(Kind::Usage, "there is nothing to differentiate with respect to"));
    }
    let scope = |t: IndexedTarget| if of.at.is_some() { t.apart(&[of], false) } else { t };
    Ok(found.into_iter().map(scope).collect())
}

/// The families and definitions that have a member for every sample: what is random does not move.
pub(super) fn sampled(program: &Program) -> BTreeSet<Symbol> {
    let samples = program.samples();
    let drawn = |plate: &[Index]| plate.iter().any(|i| samples.iter().any(|s| s.first == i.first && s.last == i.last));
    program.plates.iter().filter(|(_, plate)| drawn(plate)).map(|(name, _)| name.clone()).collect()
}

/// Reads a target: `w`, `x`, `x_i`, `A_ij`, `A_{i,j}`, `x_{i+1}`, `W_23`.
fn parse(text: &str, program: &Program) -> Result<IndexedTarget, Error> {
    let whole = |text: &str| {
        // `\mu` and `mu` are μ here as in the document
        let name = parse_name(text).unwrap_or_else(|_| Name::new(text));
        program.symbol(&name).filter(|s| program.shape(s).is_some())
    };
    if let Some(t) = whole(text).and_then(|s| IndexedTarget::named(program, &s)) {
        return Ok(IndexedTarget { whole: true, ..t });
    }
    let member = text.rsplit_once('_').and_then(|(family, places)| {
        let name = whole(family)?;
        let plate = program.plates.get(&name)?;
        let at = places_of(places.trim_matches(['{', '}']), plate.len())?;
        member(program, &name, plate, at)
    });
    match member {
        Some(t) => Ok(t),
        None if text.contains(';') => Err(refused("a stack of targets in a document with indices")),
        None => {
            // what is no member is a variable as elsewhere, and its errors are those
            let target = Target::parse(text, program)?;
            let found = target.parts.first().and_then(|(s, _)| IndexedTarget::named(program, s));
            found.ok_or_else(|| Error::new(Kind::Name, format!("there is no variable `{text}` in the document")))
        }
    }
}

fn member(program: &Program, name: &Symbol, plate: &[Index], at: Vec<Place>) -> Option<IndexedTarget> {
    let scope = ranges(&at, plate)?;
    let shape = program.shape(name)?.clone();
    Some(IndexedTarget { name: name.clone(), at: Some(at), scope, shape, whole: false, chart: None })
}

/// What the letters of these places run over; `None` where one would have to run over two ranges.
fn ranges(at: &[Place], plate: &[Index]) -> Option<Vec<Index>> {
    let mut scope: Vec<Index> = vec![];
    for (p, i) in at.iter().zip(plate) {
        if !p.others.is_empty() {
            return None;
        }
        if let Some(letter) = &p.letter {
            let minus = |s: &Size| s.minus(&p.offset);
            let own = Index { letter: letter.clone(), first: minus(&i.first), last: minus(&i.last) };
            match scope.iter().find(|s| s.letter == *letter) {
                Some(known) if *known != own => return None,
                Some(_) => {}
                None => scope.push(own),
            }
        }
    }
    Some(scope)
}

/// What the letters of a target run over.
pub fn ranges_of(program: &Program, symbol: &Symbol) -> Vec<Index> {
    let Some(Indexed::Member { family, at }) = symbol.as_indexed() else { return vec![] };
    program.plates.get(family).and_then(|plate| ranges(at, plate)).unwrap_or_default()
}

/// The places in a subscript: as many as there are indices, beside each other or with commas.
fn places_of(text: &str, count: usize) -> Option<Vec<Place>> {
    let parts: Vec<String> = match (text.contains([',', ' ']), count) {
        (true, _) => text.split([',', ' ']).map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect(),
        (false, 1) => vec![text.to_owned()],
        (false, _) => text.chars().map(|c| c.to_string()).collect(),
    };
    let places: Option<Vec<Place>> = parts.iter().map(|p| place_of(p)).collect();
    places.filter(|p| p.len() == count)
}

/// `i`, `3`, `t-1`.
fn place_of(text: &str) -> Option<Place> {
    if let Ok(n) = text.parse::<i64>() {
        return Some(Place::fixed(Size::constant(n)));
    }
    let cut = text.find(['+', '-']).filter(|c| *c > 0);
    let (letter, offset) = match cut {
        Some(c) => (&text[..c], text[c..].trim_start_matches('+').parse::<i64>().ok()?),
        None => (text, 0),
    };
    let mut characters = letter.chars();
    let is_letter = characters.next().is_some_and(char::is_alphabetic) && characters.all(|c| c == '\'');
    is_letter.then(|| Place::at(&Name::new(letter)).shifted(&Size::constant(offset)))
}
