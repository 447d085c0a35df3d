//! Values of families: the list of their members, nested where there are two indices.

use super::datum::Datum;
use super::solve::Equation;
use super::{Matrix, Unrolled, Values};
use crate::diag::{Error, Kind};
use crate::expr::{Index, Indexed, Place, Symbol};
use crate::program::Program;

/// Reads the members of a family, each a variable of its own.
///
/// # Errors
/// `Usage` for what is no list, or lists of different lengths; `Unsupported` for a range that begins at a size.
pub fn read(name: &Symbol, value: &impl Datum, plate: &[Index], values: &mut Values) -> Result<(), Error> {
    let first = plate.iter().map(|i| i.first.as_constant()).collect::<Option<Vec<i64>>>();
    let unsupported = || Error::new(Kind::Unsupported, format!("the members of {name} are not counted from a number"));
    let mut lengths = vec![None; plate.len()];
    let mut reader = MemberReader { name, first: first.ok_or_else(unsupported)?, lengths: &mut lengths, values };
    reader.list(value, &mut vec![])
}

struct MemberReader<'a> {
    name: &'a Symbol,
    first: Vec<i64>,
    lengths: &'a mut Vec<Option<usize>>,
    values: &'a mut Values,
}

impl MemberReader<'_> {
    fn list(&mut self, value: &impl Datum, at: &mut Vec<i64>) -> Result<(), Error> {
        let depth = at.len();
        if depth == self.first.len() {
            let array = value.array(self.name)?;
            self.values.arrays.insert(Unrolled::member(self.name, at), array);
            return Ok(());
        }
        let usage = |what: &str| Error::new(Kind::Usage, format!("the value of {} {what}", self.name));
        let items = value.items().ok_or_else(|| usage("is the list of its members"))?;
        if items.is_empty() {
            return Err(usage("is empty"));
        }
        if *self.lengths[depth].get_or_insert(items.len()) != items.len() {
            return Err(usage("has lists of different lengths"));
        }
        for (item, place) in items.iter().zip(self.first[depth]..) {
            at.push(place);
            self.list(item, at)?;
            at.pop();
        }
        Ok(())
    }
}

/// The values of a family with their places; of what has no index, the one it has.
pub fn of<'a>(name: &'a Symbol, values: &'a Values) -> impl Iterator<Item = (Vec<i64>, &'a Matrix<f64>)> {
    values.arrays.iter().filter_map(move |(s, array)| match s.as_indexed() {
        None => (s == name).then(|| (vec![], array)),
        Some(Indexed::Member { family, at }) if family == name => {
            Some((at.iter().map(fixed).collect::<Option<Vec<i64>>>()?, array))
        }
        Some(_) => None,
    })
}

fn fixed(place: &Place) -> Option<i64> {
    place.offset.as_constant().filter(|_| place.is_fixed())
}

/// Where the ranges of a family end, by how many members it has.
pub fn ranges(name: &Symbol, program: &Program, values: &Values) -> Vec<Equation> {
    let plate = program.plates.get(name).map_or(&[][..], Vec::as_slice);
    let last = of(name, values).last();
    let Some((at, array)) = last.filter(|(at, _)| at.len() == plate.len()) else { return vec![] };
    let largest = |k: usize| of(name, values).map(|(at, _)| at[k]).max().unwrap_or(at[k]);
    let source = || Some((name.clone(), array.dim()));
    let end = |(k, i): (usize, &Index)| Equation { size: i.last.clone(), extent: largest(k), source: source() };
    plate.iter().enumerate().map(end).collect()
}
