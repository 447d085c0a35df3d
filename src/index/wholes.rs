//! What stands for a whole family: its letter and its shape.

use crate::expr::{Expr, Index, Name, Shape, Size, Symbol, variable};
use crate::program::Program;
use std::collections::{BTreeMap, BTreeSet};

/// A family as one array: its indices first, then the rows of a member.
#[derive(Clone, Debug)]
pub(super) struct Whole {
    /// The array.
    pub value: Expr,
    /// The indices of the family.
    pub plate: Vec<Index>,
}

/// The arrays of the families of a program, as far as they have no more than two sides.
pub(super) fn wholes(program: &Program) -> BTreeMap<Symbol, Whole> {
    let mut taken: BTreeSet<Name> = program.names();
    let mut found = BTreeMap::new();
    for (family, plate) in &program.plates {
        let Some(shape) = program.shape(family).and_then(|member| stacked(plate, member)) else { continue };
        let is_stack = !program.shape(family).is_some_and(Shape::is_scalar) && !is_used_whole(program, family);
        let name = if is_stack { capital(family, &taken) } else { family.clone() };
        taken.extend(name.name().cloned());
        found.insert(family.clone(), Whole { value: variable(name, &shape), plate: plate.clone() });
    }
    found
}

/// The shape of the whole: columns become rows.
fn stacked(plate: &[Index], member: &Shape) -> Option<Shape> {
    let sides: Vec<Size> =
        plate.iter().map(Index::count).chain((!member.is_scalar()).then(|| member.rows.clone())).collect();
    match sides.as_slice() {
        _ if !member.cols.is_one() => None,
        [rows] => Some(Shape::vector(rows.clone())),
        [rows, cols] => Some(Shape::new(rows.clone(), cols.clone())),
        _ => None,
    }
}

/// Whether the author writes the family without an index: the letter is the array's then.
fn is_used_whole(program: &Program, family: &Symbol) -> bool {
    program.definitions.iter().any(|d| super::lift::mentions(&d.value, family))
}

/// X for x, U for u; what is taken or no letter of its own, `x_all`.
fn capital(family: &Symbol, taken: &BTreeSet<Name>) -> Symbol {
    let word = family.word();
    let (base, rest) = word.split_once('_').map_or((word, String::new()), |(b, r)| (b, format!("_{r}")));
    let upper = format!("{}{rest}", base.to_uppercase());
    let fits = base.chars().count() == 1
        && !LATIN.contains(&base)
        && (upper == word || !taken.contains(&Name::from(upper.as_str())));
    Symbol::from(&Name::from(if fits { upper } else { format!("{word}_all") }.as_str()))
}

/// Greek letters whose capitals are Latin ones, or mean something: α is no A, σ no Σ.
const LATIN: &[&str] = &["α", "β", "ε", "ζ", "η", "ι", "κ", "μ", "ν", "ο", "ρ", "τ", "χ", "σ", "π"];
