//! The order in which a chain of matrix products costs least.

/// What costs are counted in: numbers, or polynomials in the sizes.
pub trait Amount: Clone {
    /// A whole number.
    fn whole(n: i64) -> Self;
    /// The sum.
    fn plus(&self, other: &Self) -> Self;
    /// The product.
    fn times(&self, other: &Self) -> Self;
    /// How large it is, to compare by.
    fn magnitude(&self) -> f64;
}

impl Amount for f64 {
    fn whole(n: i64) -> f64 {
        n as f64
    }

    fn plus(&self, other: &f64) -> f64 {
        self + other
    }

    fn times(&self, other: &f64) -> f64 {
        self * other
    }

    fn magnitude(&self) -> f64 {
        *self
    }
}

/// What an order of products goes by: how large a factor is, what it costs to multiply one column by it, whether its
/// entries are written out.
#[derive(Clone, Copy, Debug)]
pub struct Extent<N> {
    /// How many rows.
    pub rows: N,
    /// How many columns.
    pub cols: N,
    /// Floating-point operations a column.
    pub rate: N,
    /// Whether its entries are written out; diagonal matrices, Kronecker products and outer products are not.
    pub dense: bool,
}

impl<N: Amount> Extent<N> {
    /// An array of entries.
    pub fn dense(rows: N, cols: N) -> Extent<N> {
        let rate = rows.times(&cols).times(&N::whole(2));
        Extent { rows, cols, rate, dense: true }
    }

    /// How many entries there are.
    pub fn count(&self) -> N {
        self.rows.times(&self.cols)
    }

    /// Whether structure is cheaper to multiply by than entries.
    pub fn pays(&self) -> bool {
        self.rate.magnitude() < 2.0 * self.count().magnitude()
    }

    /// What the product of two factors costs, and what it is.
    pub fn times(&self, other: &Extent<N>) -> (N, Extent<N>) {
        let (rows, cols) = (self.rows.clone(), other.cols.clone());
        let is_one = |n: &N| n.magnitude() == 1.0;
        let outer = is_one(&self.cols) && !is_one(&rows) && !is_one(&cols);
        match (self.dense, other.dense) {
            (true, true) if !outer => (self.rate.times(&cols), Extent::dense(rows, cols)),
            (false, true) => (self.rate.times(&cols), Extent::dense(rows, cols)),
            (true, false) => (other.rate.times(&rows), Extent::dense(rows, cols)),
            (true, true) | (false, false) => {
                let rate = self.rate.plus(&other.rate);
                (N::whole(0), Extent { rows, cols, rate, dense: false })
            }
        }
    }

    fn measured(&self) -> Extent<f64> {
        let (rows, cols) = (self.rows.magnitude(), self.cols.magnitude());
        Extent { rows, cols, rate: self.rate.magnitude(), dense: self.dense }
    }
}

/// Where each partial product of a chain is split in two.
pub struct Order {
    splits: Vec<usize>,
    length: usize,
}

impl Order {
    /// The classical dynamic program (Cormen et al., Introduction to Algorithms, ch. 14.2) with the costs of structured
    /// factors; among equals the one whose left part is longest, so that chains that begin alike share it. `known` says
    /// what the product of the first so many factors is, where that is there already. Cubic in the length.
    pub fn best<N: Amount>(factors: &[Extent<N>], known: impl Fn(usize) -> Option<Extent<f64>>) -> Order {
        let n = factors.len();
        let mut order = Order { splits: vec![0; n * n], length: n };
        let alone = factors.iter().map(Extent::measured);
        let mut best: Vec<(f64, Extent<f64>)> = alone.flat_map(|f| std::iter::repeat_n((0.0, f), n)).collect();
        for length in 1..n {
            for first in 0..n - length {
                let last = first + length;
                let mut cheapest = f64::INFINITY;
                for split in (first..last).rev() {
                    let ((left, a), (right, b)) = (best[first * n + split], best[(split + 1) * n + last]);
                    let (own, extent) = a.times(&b);
                    // products of two that are held in factors come last: what is next to a vector goes to it first
                    let cost = left + right + own + if extent.dense { 0.0 } else { extent.rows.min(extent.cols) };
                    if cost < cheapest {
                        cheapest = cost;
                        best[first * n + last] = (cost, extent);
                        order.splits[first * n + last] = split;
                    }
                }
                if let Some(extent) = (first == 0).then(|| known(last + 1)).flatten() {
                    best[last] = (0.0, extent);
                }
            }
        }
        order
    }

    /// Where the product of the factors `first..=last` is split: after which of them.
    pub fn split(&self, first: usize, last: usize) -> usize {
        self.splits[first * self.length + last]
    }

    /// What the product of the factors `first..=last` costs in this order, and what it is.
    pub fn cost<N: Amount>(&self, factors: &[Extent<N>], first: usize, last: usize) -> (N, Extent<N>) {
        if first == last {
            return (N::whole(0), factors[first].clone());
        }
        let split = self.split(first, last);
        let (left, a) = self.cost(factors, first, split);
        let (right, b) = self.cost(factors, split + 1, last);
        let (own, extent) = a.times(&b);
        (left.plus(&right).plus(&own), extent)
    }
}
