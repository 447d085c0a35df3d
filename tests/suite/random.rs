//! Random well-shaped expressions, the same ones at every run.

use gradus::internals::expr::*;

/// The declarations under which `Source::expression` makes sense.
pub const SCOPE: &str = "A: n x m; B: m x n; C: n x n; D: m x m; W_1: n x m; a: n; b: n; x: n; u: m; v: m; y_hat: m
s: scalar; t: scalar; λ: scalar; f: elementwise; g: elementwise";

const VARIABLES: &[(&str, &str, &str)] = &[
    ("A", "n", "m"),
    ("B", "m", "n"),
    ("C", "n", "n"),
    ("D", "m", "m"),
    ("W_1", "n", "m"),
    ("a", "n", "1"),
    ("b", "n", "1"),
    ("x", "n", "1"),
    ("u", "m", "1"),
    ("v", "m", "1"),
    ("y_hat", "m", "1"),
    ("s", "1", "1"),
    ("t", "1", "1"),
    ("λ", "1", "1"),
];

fn size(name: &str) -> Size {
    if name == "1" { Size::one() } else { Size::name(name.into()) }
}

fn shape(rows: &str, cols: &str) -> Shape {
    Shape::new(size(rows), size(cols))
}

/// A stream of expressions from a seed.
pub struct Source(u64);

impl Source {
    pub fn new(seed: u64) -> Source {
        Source(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % n
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// An expression of any of the usual shapes.
    pub fn expression(&mut self, depth: u32) -> Expr {
        let (rows, cols) = *self.pick(&[("1", "1"), ("n", "1"), ("m", "1"), ("n", "m"), ("m", "n"), ("n", "n")]);
        self.of(&shape(rows, cols), depth)
    }

    fn many(&mut self, shape: &Shape, depth: u32) -> Vec<Expr> {
        (0..2 + self.below(2)).map(|_| self.of(shape, depth)).collect()
    }

    fn of(&mut self, s: &Shape, depth: u32) -> Expr {
        if depth == 0 {
            return self.leaf(s);
        }
        let d = depth - 1;
        match self.below(12) {
            0 | 1 => add(self.many(s, d)),
            2 => sub(self.of(s, d), self.of(s, d)),
            3 => had(self.many(s, d)),
            4 => had(vec![self.number(), self.of(s, d)]),
            5 => had(vec![self.of(&Shape::scalar(), d), self.of(s, d)]),
            6 => self.map(s, d),
            7 => self.power(s, d),
            8 => add(vec![ones(s), self.of(s, d)]),
            _ if s.is_scalar() => self.scalar(d),
            _ => self.array(s, d),
        }
    }

    fn leaf(&mut self, s: &Shape) -> Expr {
        let fits: Vec<Expr> = VARIABLES
            .iter()
            .map(|(name, rows, cols)| variable(*name, &shape(rows, cols)))
            .flat_map(|v| [transpose(v.clone()), v])
            .filter(|v| v.shape() == s)
            .collect();
        let leaf = |op: Op| Expr::node(op, vec![]);
        match self.below(10) {
            0 if s.is_scalar() => self.number(),
            1 if s.is_scalar() => leaf(Op::Constant(Constant::Pi)),
            0 if s.is_square() => eye(&s.rows),
            1 if s.is_square() => leaf(Op::Tril(s.rows.clone())),
            0 if s.is_vector() => leaf(Op::Unit(s.rows.clone(), Size::constant(2))),
            2 if !s.is_scalar() => zeros(s),
            _ => self.pick(&fits).clone(),
        }
    }

    fn number(&mut self) -> Expr {
        let (p, q) = *self.pick(&[(2, 1), (-1, 1), (3, 1), (1, 2), (-3, 2), (5, 1), (-2, 1), (1, 3)]);
        number(Rational::new(p, q))
    }

    fn map(&mut self, s: &Shape, depth: u32) -> Expr {
        let arg = self.of(s, depth);
        let abstracted = |name: &str| Function::Abstract(name.into());
        let (function, order) = match self.below(6) {
            0 => (abstracted("f"), 0),
            1 => (abstracted("f"), 1),
            2 => (abstracted("g"), 2),
            3 => (Function::Builtin(Elementwise::Exp), 0),
            4 => (Function::Builtin(Elementwise::Tanh), 0),
            _ => (Function::Builtin(Elementwise::Sigmoid), 1),
        };
        map(function, order, arg)
    }

    fn power(&mut self, s: &Shape, depth: u32) -> Expr {
        let (p, q) = *self.pick(&[(2, 1), (3, 1), (-1, 1), (-2, 1), (1, 2), (-1, 2), (3, 2)]);
        let base = self.of(s, depth);
        if as_number(&base).is_some() {
            return base;
        }
        pow(base, number(Rational::new(p, q)))
    }

    fn inner_size(&mut self) -> Size {
        let name = *self.pick::<&str>(&["n", "m"]);
        size(name)
    }

    fn scalar(&mut self, depth: u32) -> Expr {
        let (n, m) = (self.inner_size(), self.inner_size());
        let (vector, any) = (Shape::vector(n.clone()), Shape::new(n.clone(), m.clone()));
        let square = Shape::new(n.clone(), n.clone());
        match self.below(14) {
            0 | 1 => mul(vec![transpose(self.of(&vector, depth)), self.of(&vector, depth)]),
            2 => builtin(Builtin::Sum(Axis::All), self.of(&any, depth)),
            3 => builtin(Builtin::Trace, self.of(&square, depth)),
            4 => builtin(Builtin::NormSquared, self.of(&any, depth)),
            5 => builtin(Builtin::Norm1, self.of(&vector, depth)),
            6 => builtin(Builtin::LogDet, self.of(&square, depth)),
            7 => size_number(&n),
            8 => {
                let k = Expr::node(Op::Commutation(n.clone(), m.clone()), vec![]);
                builtin(Builtin::Mean, mul(vec![k, builtin(Builtin::Vec, self.of(&any, depth))]))
            }
            9 => builtin(Builtin::LogSumExp, self.block(&vector, depth)),
            10 => {
                let rows = Range { first: Size::constant(2), last: n.clone() };
                let base = self.of(&any, depth);
                let cols = Range::all(&m);
                builtin(Builtin::Sum(Axis::All), gradus::internals::expr::build(Op::Slice { rows, cols }, vec![base]))
            }
            11 => builtin(
                Builtin::Sum(Axis::All),
                build(Op::Unvec(n, m), vec![builtin(Builtin::Vec, self.of(&any, depth))]),
            ),
            _ => builtin(Builtin::Sum(Axis::All), kron(self.of(&any, depth), self.of(&vector, depth))),
        }
    }

    /// A stack of two columns, or two by two.
    fn block(&mut self, s: &Shape, depth: u32) -> Expr {
        let parts: Vec<Expr> = (0..4).map(|_| self.of(s, depth)).collect();
        match self.below(2) {
            0 => build(Op::Block { rows: 2, cols: 1 }, parts[..2].to_vec()),
            _ => build(Op::Block { rows: 2, cols: 2 }, parts),
        }
    }

    fn array(&mut self, s: &Shape, depth: u32) -> Expr {
        match self.below(8) {
            0 => transpose(self.of(&s.transposed(), depth)),
            1 if s.is_square() => inverse(self.of(s, depth)),
            2 if s.is_square() => matrix_power(self.of(s, depth), *[2, 3, -2].get(depth as usize).unwrap_or(&2)),
            3 if s.is_square() => builtin(Builtin::Diag, self.of(&Shape::vector(s.rows.clone()), depth)),
            1 if s.is_vector() => {
                let square = Shape::new(s.rows.clone(), s.rows.clone());
                builtin(Builtin::DiagonalOf, self.of(&square, depth))
            }
            2 if s.is_vector() => builtin(Builtin::Softmax(Axis::All), self.of(s, depth)),
            3 if s.is_vector() => {
                let wide = Shape::new(s.rows.clone(), self.inner_size());
                builtin(Builtin::Sum(Axis::Rows), self.of(&wide, depth))
            }
            4 if s.is_vector() => {
                let high = Shape::new(self.inner_size(), s.rows.clone());
                builtin(Builtin::Sum(Axis::Cols), self.of(&high, depth))
            }
            4 if !s.is_row() => {
                let along = [
                    Builtin::Softmax(Axis::Rows),
                    Builtin::Softmax(Axis::Cols),
                    Builtin::LogSoftmax(Axis::Rows),
                    Builtin::LogSoftmax(Axis::Cols),
                ];
                builtin(*self.pick(&along), self.of(s, depth))
            }
            _ => {
                let inner = self.inner_size();
                let left = self.of(&Shape::new(s.rows.clone(), inner.clone()), depth);
                mul(vec![left, self.of(&Shape::new(inner, s.cols.clone()), depth)])
            }
        }
    }
}
