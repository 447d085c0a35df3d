//! Points with exact coordinates, true to what inputs are declared to be.

use super::array::Array;
use super::field::{Field, Gap};
use crate::expr::{Name, Rational, Size, Symbol};
use crate::program::{Input, Program};
use crate::syntax::Attribute;
use std::collections::BTreeMap;

/// A point with more entries is not drawn.
const MAX_ENTRIES: usize = 4_096;

/// A value for every input, made of the numbers that are drawn.
pub fn point<'a, F: Field>(
    program: &'a Program,
    sizes: &BTreeMap<Name, i64>,
    draw: &mut dyn FnMut() -> F,
) -> Result<BTreeMap<&'a Symbol, Array<F>>, Gap> {
    let mut arrays = BTreeMap::new();
    let mut entries = 0usize;
    for input in &program.inputs {
        let number = |n: &Size| n.value(sizes).and_then(|n| usize::try_from(n).ok()).ok_or(Gap::Beyond);
        let extent = (number(&input.shape.rows)?, number(&input.shape.cols)?);
        entries = entries.saturating_add(extent.0.saturating_mul(extent.1));
        if entries > MAX_ENTRIES {
            return Err(Gap::Beyond);
        }
        arrays.insert(&input.name, array(input, extent, draw)?);
    }
    Ok(arrays)
}

/// An array with the input's attributes. What is positive is a square: squares are as good as any numbers where only
/// rational functions of them are looked at.
fn array<F: Field>(input: &Input, (rows, cols): (usize, usize), draw: &mut dyn FnMut() -> F) -> Result<Array<F>, Gap> {
    let has = |a: Attribute| input.attributes.contains(&a);
    let mut free = Array::filled((rows, cols), |_, _| draw());
    let square = |x: &F| Ok(x.times(x));
    if input.attributes.iter().any(|a| a.sums_to_one()) {
        return summed_to_one(&free.map(square)?, &input.attributes);
    }
    if has(Attribute::Positive) || has(Attribute::Negative) || (has(Attribute::Spd) && rows == 1) {
        free = free.map(square)?;
    }
    if has(Attribute::Negative) {
        free = free.map(|x| Ok(x.negated()))?;
    }
    if has(Attribute::Labels) {
        free = free.map(|x| Ok(F::whole(1 + i64::from(x.looks_negative()))))?;
    }
    if rows != cols || rows == 1 {
        return Ok(free);
    }
    let kept = |test: &dyn Fn(usize, usize) -> bool, a: &Array<F>| {
        Array::filled((rows, cols), |i, j| if test(i, j) { a.at(i, j).clone() } else { F::whole(0) })
    };
    Ok(if has(Attribute::Diagonal) {
        let entries = if has(Attribute::Spd) { free.map(square)? } else { free };
        kept(&|i, j| i == j, &entries)
    } else if has(Attribute::Mask) {
        Array::filled((rows, cols), |i, j| F::whole(i64::from(!free.at(i, j).looks_negative())))
    } else if has(Attribute::Orthogonal) {
        reflections(rows, draw)?
    } else if has(Attribute::Spd) {
        Array::filled((rows, cols), |i, j| {
            let identity = F::whole(i64::from(i == j));
            (0..rows).fold(identity, |sum, k| sum.plus(&free.at(i, k).times(free.at(j, k))))
        })
    } else if has(Attribute::Symmetric) {
        Array::filled((rows, cols), |i, j| free.at(i.min(j), i.max(j)).clone())
    } else {
        free
    })
}

/// The column, or every row, divided by its sum; where it is onehot one entry alone, of a place the numbers decide.
fn summed_to_one<F: Field>(a: &Array<F>, attributes: &[Attribute]) -> Result<Array<F>, Gap> {
    let onehot = attributes.iter().any(|a| matches!(a, Attribute::Onehot | Attribute::OnehotRows));
    let by_rows = attributes.iter().any(|a| a.is_of_rows());
    let a = if by_rows { a.clone() } else { a.transposed() };
    let mut lines = vec![];
    for i in 0..a.rows {
        let sum = (0..a.cols).fold(F::whole(0), |sum, j| sum.plus(a.at(i, j)));
        let scale = sum.inverse()?;
        let place = (0..a.cols).find(|j| a.at(i, *j).looks_negative()).unwrap_or(i % a.cols);
        let entry = |j: usize| if onehot { F::whole(i64::from(j == place)) } else { a.at(i, j).times(&scale) };
        lines.push((0..a.cols).map(entry).collect::<Vec<F>>());
    }
    let summed = Array::filled((a.rows, a.cols), |i, j| lines[i][j].clone());
    Ok(if by_rows { summed } else { summed.transposed() })
}

/// A product of n or n + 1 reflections I − 2vvᵀ/vᵀv: every orthogonal matrix is one.
fn reflections<F: Field>(n: usize, draw: &mut dyn FnMut() -> F) -> Result<Array<F>, Gap> {
    let odd = draw().looks_negative();
    let mut product = Array::filled((n, n), |i, j| F::whole(i64::from(i == j)));
    for _ in 0..n + usize::from(odd) {
        let v: Vec<F> = (0..n).map(|_| draw()).collect();
        let norm = v.iter().fold(F::whole(0), |sum, x| sum.plus(&x.times(x)));
        let scale = norm.inverse()?.times(&F::whole(-2));
        let image =
            |i: usize| (0..n).fold(F::whole(0), |sum, k| sum.plus(&product.at(i, k).times(&v[k]))).times(&scale);
        let images: Vec<F> = (0..n).map(image).collect();
        product = Array::filled((n, n), |i, j| product.at(i, j).plus(&images[i].times(&v[j])));
    }
    Ok(product)
}

/// Numbers a reader can follow: those of a later round are larger.
pub fn short(bits: u64, round: u64) -> Rational {
    let choices: &[i64] = match round {
        0 => &[1],
        1 => &[0],
        2 | 3 => &[1, 2, -1],
        _ => &[1, 2, 3, -1, -2, 0],
    };
    let n = choices[(bits % choices.len() as u64) as usize];
    if round % 3 == 2 && round > 3 { Rational::new(n, 2) } else { Rational::from(n) }
}
