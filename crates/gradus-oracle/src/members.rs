//! Values of families: the list of their members, nested where there are two indices.

use super::datum::Datum;
use super::solve::Equation;
use super::{Matrix, Unrolled, Values};
use crate::diag::{Error, Kind};
use crate::expr::{Index, Indexed, Place, Symbol};
use crate::program::Program;

/// Reads the members of a family, each a variable of its own. Where a range begins at a size, `1 - p`, its places are counted
/// from 1 until `placed` knows the sizes.
///
/// # Errors
/// `Usage` for what is no list, or lists of different lengths.
pub fn read(name: &Symbol, value: &impl Datum, plate: &[Index], values: &mut Values) -> Result<(), Error> {
    let first = plate.iter().map(|i| i.first.as_constant().unwrap_or(1)).collect();
    let mut lengths = vec![None; plate.len()];
    let mut reader = MemberReader { name, first, lengths: &mut lengths, values };
    reader.list(value, &mut vec![])
}

/// Members at the places that their ranges, whose sizes are known now, begin with.
///
/// # Errors
/// `Usage` where the values do not say where a range begins.
pub fn placed(name: &Symbol, plate: &[Index], values: &mut Values) -> Result<(), Error> {
    let unknown = |i: &Index| {
        let message = format!("the values do not say where the members of {name} begin, at {}", i.first);
        Error::new(Kind::Usage, message).help("give the sizes in it too")
    };
    let by = |i: &Index| match i.first.as_constant() {
        Some(_) => Ok(0),
        None => i.first.value(&values.sizes).map(|first| first - 1).ok_or_else(|| unknown(i)),
    };
    let shifts: Vec<i64> = plate.iter().map(by).collect::<Result<_, _>>()?;
    if shifts.iter().all(|s| *s == 0) {
        return Ok(());
    }
    let found: Vec<(Vec<i64>, Matrix<f64>)> = of(name, values).map(|(at, array)| (at, array.clone())).collect();
    found.iter().for_each(|(at, _)| drop(values.arrays.remove(&Unrolled::member(name, at))));
    for (at, array) in found {
        let at: Vec<i64> = at.iter().zip(&shifts).map(|(place, shift)| place + shift).collect();
        values.arrays.insert(Unrolled::member(name, &at), array);
    }
    Ok(())
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
    let size = |i: &Index| if i.first.as_constant().is_some() { i.last.clone() } else { i.count() };
    let end = |(k, i): (usize, &Index)| Equation { size: size(i), extent: largest(k), source: source() };
    plate.iter().enumerate().map(end).collect()
}
