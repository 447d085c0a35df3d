//! Arrays of exact numbers, and what is computed of their entries alone.

use super::field::{Field, Gap};
use crate::expr::Axis;

/// An array, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Array<F> {
    pub rows: usize,
    pub cols: usize,
    pub entries: Vec<F>,
}

impl<F: Field> Array<F> {
    pub fn filled((rows, cols): (usize, usize), mut entry: impl FnMut(usize, usize) -> F) -> Array<F> {
        let places = (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j)));
        Array { rows, cols, entries: places.map(|(i, j)| entry(i, j)).collect() }
    }

    pub fn tabulated(
        (rows, cols): (usize, usize),
        mut entry: impl FnMut(usize, usize) -> Result<F, Gap>,
    ) -> Result<Array<F>, Gap> {
        let places = (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j)));
        let entries = places.map(|(i, j)| entry(i, j)).collect::<Result<_, Gap>>()?;
        Ok(Array { rows, cols, entries })
    }

    pub fn scalar(x: F) -> Array<F> {
        Array { rows: 1, cols: 1, entries: vec![x] }
    }

    pub fn at(&self, i: usize, j: usize) -> &F {
        &self.entries[i * self.cols + j]
    }

    pub fn dim(&self) -> (usize, usize) {
        (self.rows, self.cols)
    }

    pub fn transposed(&self) -> Array<F> {
        Array::filled((self.cols, self.rows), |i, j| self.at(j, i).clone())
    }

    pub fn map(&self, f: impl FnMut(&F) -> Result<F, Gap>) -> Result<Array<F>, Gap> {
        let entries = self.entries.iter().map(f).collect::<Result<_, _>>()?;
        Ok(Array { rows: self.rows, cols: self.cols, entries })
    }
}

pub fn total<'a, F: Field + 'a>(entries: impl Iterator<Item = &'a F>) -> F {
    entries.fold(F::whole(0), |sum, x| sum.plus(x))
}

pub fn product<'a, F: Field + 'a>(entries: impl Iterator<Item = &'a F>) -> F {
    entries.fold(F::whole(1), |product, x| product.times(x))
}

/// The product of all entries of the array, of row i or of column j but the one that stands there.
pub fn product_of_others<F: Field>(a: &Array<F>, axis: Axis, i: usize, j: usize) -> F {
    let places = (0..a.rows).flat_map(|k| (0..a.cols).map(move |l| (k, l)));
    let counts = |&(k, l): &(usize, usize)| match axis {
        Axis::All => (k, l) != (i, j),
        Axis::Rows => k == i && l != j,
        Axis::Cols => l == j && k != i,
    };
    product(places.filter(counts).map(|(k, l)| a.at(k, l)))
}

pub fn indicator<F: Field>(extent: (usize, usize), test: impl Fn(usize, usize) -> bool) -> Array<F> {
    Array::filled(extent, |i, j| F::whole(i64::from(test(i, j))))
}

pub fn sum<F: Field>(args: Vec<Array<F>>) -> Array<F> {
    let extent = args[0].dim();
    Array::filled(extent, |i, j| total(args.iter().map(|a| a.at(i, j))))
}

/// Elementwise product of the arrays, scaled by the scalars.
pub fn hadamard<F: Field>(args: &[Array<F>]) -> Array<F> {
    let extent = args.iter().map(Array::dim).find(|d| *d != (1, 1)).unwrap_or((1, 1));
    let entry =
        |a: &Array<F>, i: usize, j: usize| if a.dim() == (1, 1) { a.at(0, 0).clone() } else { a.at(i, j).clone() };
    Array::filled(extent, |i, j| args.iter().fold(F::whole(1), |p, a| p.times(&entry(a, i, j))))
}

/// Every entry less the mean.
pub fn centred<F: Field>(x: &[F]) -> Result<Vec<F>, Gap> {
    let shift = mean(x)?.negated();
    Ok(x.iter().map(|x| x.plus(&shift)).collect())
}

pub fn variance<F: Field>(x: &[F]) -> Result<F, Gap> {
    mean(&centred(x)?.iter().map(|x| x.times(x)).collect::<Vec<F>>())
}

pub fn mean<F: Field>(x: &[F]) -> Result<F, Gap> {
    Ok(total(x.iter()).times(&F::whole(x.len() as i64).inverse()?))
}

/// Rows by themselves, or columns; the whole array is a column.
pub fn along<F: Field>(axis: Axis, a: Array<F>, f: impl FnMut(&[F]) -> Result<Vec<F>, Gap>) -> Result<Array<F>, Gap> {
    match axis {
        Axis::Rows => by_rows(a, f),
        Axis::All | Axis::Cols => Ok(by_rows(a.transposed(), f)?.transposed()),
    }
}

pub fn by_rows<F: Field>(a: Array<F>, mut f: impl FnMut(&[F]) -> Result<Vec<F>, Gap>) -> Result<Array<F>, Gap> {
    let rows = a.entries.chunks(a.cols.max(1)).map(&mut f).collect::<Result<Vec<_>, _>>()?;
    Ok(Array { entries: rows.concat(), ..a })
}

pub fn blocks<F: Field>(cols: usize, args: &[Array<F>]) -> Array<F> {
    let (rows, width) = (args.iter().step_by(cols).map(|a| a.rows).sum(), args[..cols].iter().map(|a| a.cols).sum());
    let mut entries = Vec::with_capacity(rows * width);
    for row in args.chunks(cols) {
        for i in 0..row[0].rows {
            row.iter()
                .for_each(|block| entries.extend_from_slice(&block.entries[i * block.cols..(i + 1) * block.cols]));
        }
    }
    Array { rows, cols: width, entries }
}

/// Gauss and Jordan: the left square becomes the identity; with its determinant, which is 0 where that cannot be.
pub fn eliminated<F: Field>(mut a: Array<F>) -> Result<(Array<F>, F), Gap> {
    let mut determinant = F::whole(1);
    for k in 0..a.rows {
        let Some(pivot) = (k..a.rows).find(|i| !a.at(*i, k).is_zero()) else {
            return Ok((a, F::whole(0)));
        };
        if pivot != k {
            (0..a.cols).for_each(|j| a.entries.swap(k * a.cols + j, pivot * a.cols + j));
            determinant = determinant.negated();
        }
        determinant = determinant.times(a.at(k, k));
        let scale = a.at(k, k).inverse()?;
        (k..a.cols).for_each(|j| a.entries[k * a.cols + j] = a.at(k, j).times(&scale));
        for i in (0..a.rows).filter(|i| *i != k) {
            let factor = a.at(i, k).negated();
            if !factor.is_zero() {
                (k..a.cols).for_each(|j| a.entries[i * a.cols + j] = a.at(i, j).plus(&factor.times(a.at(k, j))));
            }
        }
        if a.entries.iter().any(F::is_long) {
            return Err(Gap::Beyond);
        }
    }
    Ok((a, determinant))
}
