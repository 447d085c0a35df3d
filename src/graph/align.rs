//! How far to the right everything stands: each item under or over the median of what it is joined to, as near as its
//! neighbours in the row let it. A row is settled by isotonic regression: items that want the same place become a block,
//! which stands at the median of its members' wishes.

/// A wish: a place, and how much it counts.
type Wish = (f64, f64);

/// Sweeps over all rows, the first and the last one downwards; how many at the end look both ways where an edge passes.
const SWEEPS: usize = 13;
const STRAIGHTENING: usize = 4;
/// How much an item counts that is joined to nothing and would rather stay.
const IDLE: f64 = 0.01;

/// Places for the items of these rows; `passing` says which are on the way of an edge to a row further down, `apart` how
/// far two neighbours stand from each other at least.
pub fn align(
    rows: &[Vec<usize>],
    links: &[(usize, usize, f64)],
    count: usize,
    passing: &dyn Fn(usize) -> bool,
    apart: &dyn Fn(usize, usize) -> f64,
) -> Vec<f64> {
    let (mut above, mut below) = (vec![vec![]; count], vec![vec![]; count]);
    for (upper, lower, weight) in links {
        above[*lower].push((*upper, *weight));
        below[*upper].push((*lower, *weight));
    }
    let mut x = vec![0.0; count];
    for sweep in 0..SWEEPS {
        let downwards = sweep % 2 == 0;
        let wishes = |item: usize, x: &[f64]| -> Vec<Wish> {
            let (near, far) = if downwards { (&above[item], &below[item]) } else { (&below[item], &above[item]) };
            let far = far.iter().filter(|_| passing(item) && sweep + STRAIGHTENING >= SWEEPS);
            let wishes: Vec<Wish> = near.iter().chain(far).map(|(other, weight)| (x[*other], *weight)).collect();
            if wishes.is_empty() { vec![(x[item], IDLE)] } else { wishes }
        };
        for k in 0..rows.len() {
            let row = &rows[if downwards { k } else { rows.len() - 1 - k }];
            settle(row, &row.iter().map(|i| wishes(*i, &x)).collect::<Vec<_>>(), apart, &mut x);
        }
    }
    x
}

/// Places for one row that keep its order and its distances.
fn settle(row: &[usize], wishes: &[Vec<Wish>], apart: &dyn Fn(usize, usize) -> f64, x: &mut [f64]) {
    let mut offsets = vec![0.0; row.len()];
    (1..row.len()).for_each(|i| offsets[i] = offsets[i - 1] + apart(row[i - 1], row[i]));
    let mut blocks: Vec<(Vec<Wish>, usize)> = vec![];
    for (wishes, offset) in wishes.iter().zip(&offsets) {
        blocks.push((wishes.iter().map(|(at, weight)| (at - offset, *weight)).collect(), 1));
        while let [.., before, last] = blocks.as_slice()
            && median(&before.0) > median(&last.0)
        {
            let merged = ([&before.0[..], &last.0[..]].concat(), before.1 + last.1);
            blocks.truncate(blocks.len() - 2);
            blocks.push(merged);
        }
    }
    let starts = blocks.iter().flat_map(|(wishes, items)| std::iter::repeat_n(median(wishes), *items));
    row.iter().zip(starts).zip(offsets).for_each(|((item, start), offset)| x[*item] = start + offset);
}

/// The weighted median; the middle between two where both are.
fn median(wishes: &[Wish]) -> f64 {
    let mut sorted = wishes.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sorted.iter().map(|w| w.1).sum::<f64>() / 2.0;
    let first = |enough: &dyn Fn(f64) -> bool| {
        let mut sum = 0.0;
        sorted.iter().find(|w| {
            sum += w.1;
            enough(sum)
        })
    };
    let (low, high) = (first(&|sum| sum >= half), first(&|sum| sum > half));
    match (low, high.or(low)) {
        (Some(low), Some(high)) => (low.0 + high.0) / 2.0,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_of_two_lie_between() {
        assert_eq!(median(&[(4.0, 1.0), (0.0, 1.0)]), 2.0);
        assert_eq!(median(&[(4.0, 2.0), (0.0, 1.0), (9.0, 1.0)]), 4.0);
        assert_eq!(median(&[(0.0, 1.0), (1.0, 1.0), (9.0, 1.0)]), 1.0);
    }

    #[test]
    fn a_chain_is_straight_and_its_inputs_stand_around_it() {
        // three inputs over a value, a chain of two below
        let rows = vec![vec![0, 1, 2], vec![3], vec![4]];
        let links = [(0, 3, 1.0), (1, 3, 1.0), (2, 3, 1.0), (3, 4, 1.0)];
        let x = align(&rows, &links, 5, &|_| false, &|_, _| 10.0);
        assert_eq!((x[1], x[3], x[4]), (x[3], x[4], x[1]));
        assert_eq!((x[1] - x[0], x[2] - x[1]), (10.0, 10.0));
    }
}
