//! Where each size comes from: the sides of the arrays that are given, or the caller.

use super::plan::{CodePlan, Operation};
use crate::expr::{Name, Size};
use std::collections::{BTreeMap, BTreeSet};

/// How the sizes of a file are found.
pub struct Sizes {
    /// In the order in which they are found.
    pub found: Vec<SizeSource>,
    /// Those no array tells: the caller gives them.
    pub given: Vec<Name>,
}

impl Sizes {
    /// All of them.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.found.iter().map(|f| &f.name).chain(&self.given)
    }
}

/// A size that an array tells: `(side − constant) / factor`.
pub struct SizeSource {
    pub name: Name,
    /// The side as it is written, a size of one name.
    pub side: Size,
    pub constant: i64,
    pub factor: i64,
}

/// How the sizes that a plan speaks of are found.
pub fn sizes(plan: &CodePlan) -> Sizes {
    let sides: Vec<Size> = plan.inputs.iter().flat_map(|input| input.dims.clone()).collect();
    let mut known: BTreeMap<Name, SizeSource> = BTreeMap::new();
    let mut order: Vec<Name> = vec![];
    // a side that is a lone name tells it; n + 1 and 2 n tell n where nothing else does
    for lone in [true, false] {
        for side in &sides {
            let Some(found) = told(side) else { continue };
            if lone == side.as_name().is_some() && !known.contains_key(&found.name) {
                order.push(found.name.clone());
                known.insert(found.name.clone(), found);
            }
        }
    }
    let mut needed: BTreeSet<Name> = sides.iter().flat_map(|s| s.names().cloned()).collect();
    plan.instructions.iter().for_each(|i| needed.extend(spoken_of(&i.operation, &i.dims)));
    let given = needed.into_iter().filter(|n| !known.contains_key(n)).collect();
    let found = order.into_iter().filter_map(|n| known.remove(&n)).collect();
    Sizes { found, given }
}

/// The one name of a side that is `factor · name + constant`.
fn told(side: &Size) -> Option<SizeSource> {
    let (mut constant, mut of) = (0, None);
    for (letters, c) in side.terms() {
        match letters {
            [] => constant = c,
            [atom] if of.is_none() => of = Some((atom.name()?.clone(), c)),
            _ => return None,
        }
    }
    let (name, factor) = of.filter(|_| side.over() == 1)?;
    Some(SizeSource { name, side: side.clone(), constant, factor })
}

/// The size names an instruction speaks of.
fn spoken_of(operation: &Operation, dims: &[Size]) -> BTreeSet<Name> {
    let mut sizes: Vec<&Size> = dims.iter().collect();
    match operation {
        Operation::Size(n) | Operation::Unit(n) | Operation::Duplication(n) => sizes.push(n),
        Operation::Commutation(n, m) => sizes.extend([n, m]),
        Operation::Slice(_, rows, cols) => sizes.extend([&rows.first, &rows.last, &cols.first, &cols.last]),
        Operation::Plate(operation) => sizes.extend(operation.sizes()),
        Operation::Part(_, range) => sizes.extend([&range.first, &range.last]),
        _ => {}
    }
    sizes.into_iter().flat_map(|s| s.names().cloned()).collect()
}
