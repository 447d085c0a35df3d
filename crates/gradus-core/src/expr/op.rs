//! THE operator table: every operator of the core with its shape. What is known of the functions stands in `elementwise` and
//! `builtin`.

use super::{ArrayFunction, Builtin, Elementwise, Name, Rational, Shape, Size, Symbol};

/// A variable of the document, or a symbol that stands for a definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Variable {
    /// What it is.
    pub name: Symbol,
    /// Its sizes.
    pub shape: Shape,
}

/// Constants with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Constant {
    /// π.
    Pi,
    /// e, the base of the natural logarithm.
    E,
}

/// Rows or columns `first..last` of a slice, counted from 1, ends included.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Range {
    /// The first place.
    pub first: Size,
    /// The last place, included.
    pub last: Size,
}

impl Range {
    /// How many places there are.
    pub fn len(&self) -> Size {
        self.last.minus(&self.first).plus(&Size::one())
    }

    /// All places of a dimension.
    pub fn all(size: &Size) -> Range {
        Range { first: Size::one(), last: size.clone() }
    }
}

/// An operator of the core. Arguments are listed beside each; `derive_shape` gives the shape of the result.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Op {
    // ---- leaves
    /// An exact number.
    Number(Rational),
    /// A size name used as a number: `1/n`.
    SizeNumber(Size),
    /// π or e.
    Constant(Constant),
    /// A variable of the document, or a definition's symbol.
    Variable(Variable),
    /// Ones everywhere.
    Ones(Shape),
    /// Zeros everywhere.
    Zeros(Shape),
    /// The identity.
    Eye(Size),
    /// `unit(n, i)`: column i of the n × n identity.
    Unit(Size, Size),
    /// Ones on and below the diagonal.
    Tril(Size),
    /// `K(n, m)`: K vec X = vec Xᵀ for X: n × m.
    Commutation(Size, Size),
    /// `dup(n)`, the duplication matrix: D vech X = vec X for symmetric X: n × n.
    Duplication(Size),
    // ---- n-ary, sorted
    /// Sum of arguments of one shape.
    Add,
    /// Elementwise product; scalar arguments scale the rest.
    Had,
    // ---- products
    /// Matrix product: a chain of two or more in trees, of exactly two in the engine. No argument is a scalar.
    Mul,
    /// The Kronecker product.
    Kron,
    // ---- unary and powers
    /// Aᵀ.
    Transpose,
    /// A⁻¹ of a square matrix.
    Inverse,
    /// Whole power of a square matrix, not 0 or ±1.
    MatrixPower(i64),
    /// Elementwise (or scalar) power: base, scalar exponent.
    Pow,
    /// A scalar function at every entry.
    Map(Map),
    /// A function of a whole array nobody defines, or a derivative of it.
    Field(ArrayFunction),
    /// A built-in function of one array.
    Builtin(Builtin),
    /// `unvec(v, n, m)`.
    Unvec(Size, Size),
    /// Blocks row by row: a stack is rows × 1.
    Block {
        /// How many blocks down.
        rows: usize,
        /// How many blocks across.
        cols: usize,
    },
    /// Some rows and some columns.
    Slice {
        /// Which rows.
        rows: Range,
        /// Which columns.
        cols: Range,
    },
    // ---- the calculus; only derivations hold these
    /// `d(A)`: the differential of A.
    Differential,
    /// `⟨G, A⟩ = tr(Gᵀ A)`: the inner product in which gradients are read off.
    Inner,
}

/// An elementwise function, differentiated `order` times: `f''` has order 2.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Map {
    /// Which function.
    pub function: Function,
    /// How often it is differentiated.
    pub order: u32,
}

/// A scalar function.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Function {
    /// One of the table.
    Builtin(Elementwise),
    /// One nobody defines: f.
    Abstract(Name),
}

/// How many entries stand on and below the diagonal of an n × n matrix: n (n + 1)/2.
pub fn triangular(n: &Size) -> Size {
    n.times(&n.plus(&Size::one())).halved(2).expect("one of two neighbours is even")
}

impl Op {
    /// The sizes inside the operator: those of a leaf's shape, of what is put in places, of a slice's ends.
    pub fn sizes(&self) -> Vec<&Size> {
        match self {
            Op::Variable(Variable { shape, .. }) | Op::Ones(shape) | Op::Zeros(shape) => vec![&shape.rows, &shape.cols],
            Op::SizeNumber(n) | Op::Eye(n) | Op::Tril(n) | Op::Duplication(n) => vec![n],
            Op::Field(f) => vec![&f.codomain],
            Op::Unit(n, m) | Op::Commutation(n, m) | Op::Unvec(n, m) => vec![n, m],
            Op::Slice { rows, cols } => vec![&rows.first, &rows.last, &cols.first, &cols.last],
            Op::Number(_)
            | Op::Constant(_)
            | Op::Add
            | Op::Had
            | Op::Mul
            | Op::Kron
            | Op::Transpose
            | Op::Inverse
            | Op::MatrixPower(_)
            | Op::Pow
            | Op::Map(_)
            | Op::Builtin(_)
            | Op::Block { .. }
            | Op::Differential
            | Op::Inner => vec![],
        }
    }

    /// The same operator with other sizes inside, handed over in the order of `sizes`.
    pub fn map_sizes(&self, f: &mut dyn FnMut(&Size) -> Size) -> Op {
        let mut other = self.clone();
        match &mut other {
            Op::Variable(Variable { shape, .. }) | Op::Ones(shape) | Op::Zeros(shape) => {
                *shape = Shape::new(f(&shape.rows), f(&shape.cols));
            }
            Op::SizeNumber(n) | Op::Eye(n) | Op::Tril(n) | Op::Duplication(n) => *n = f(n),
            Op::Field(field) => field.codomain = f(&field.codomain),
            Op::Unit(n, m) | Op::Commutation(n, m) | Op::Unvec(n, m) => (*n, *m) = (f(n), f(m)),
            Op::Slice { rows, cols } => {
                for end in [&mut rows.first, &mut rows.last, &mut cols.first, &mut cols.last] {
                    *end = f(end);
                }
            }
            Op::Number(_)
            | Op::Constant(_)
            | Op::Add
            | Op::Had
            | Op::Mul
            | Op::Kron
            | Op::Transpose
            | Op::Inverse
            | Op::MatrixPower(_)
            | Op::Pow
            | Op::Map(_)
            | Op::Builtin(_)
            | Op::Block { .. }
            | Op::Differential
            | Op::Inner => {}
        }
        other
    }
}

/// The shape of `op` applied to arguments of these shapes; `None` when they do not fit.
pub fn derive_shape(op: &Op, args: &[Shape]) -> Option<Shape> {
    let shape = match (op, args) {
        (Op::Number(_) | Op::SizeNumber(_) | Op::Constant(_), []) => Shape::scalar(),
        (Op::Variable(v), []) => v.shape.clone(),
        (Op::Ones(s) | Op::Zeros(s), []) => s.clone(),
        (Op::Eye(n) | Op::Tril(n), []) => Shape::new(n.clone(), n.clone()),
        (Op::Unit(n, _), []) => Shape::vector(n.clone()),
        (Op::Commutation(n, m), []) => Shape::new(n.times(m), n.times(m)),
        (Op::Duplication(n), []) => Shape::new(n.times(n), triangular(n)),
        (Op::Add, [first, rest @ ..]) if rest.iter().all(|s| s == first) => first.clone(),
        (Op::Had, [_, ..]) => hadamard_shape(args)?,
        (Op::Mul, [first, .., last]) if conformable(args) => Shape::new(first.rows.clone(), last.cols.clone()),
        (Op::Kron, [a, b]) => Shape::new(a.rows.times(&b.rows), a.cols.times(&b.cols)),
        (Op::Transpose, [a]) => a.transposed(),
        (Op::Inverse | Op::MatrixPower(_), [a]) if a.is_square() => a.clone(),
        (Op::Pow, [a, p]) if p.is_scalar() => a.clone(),
        (Op::Map(_) | Op::Differential, [a]) => a.clone(),
        (Op::Field(f), args) => f.shape_of(args)?,
        (Op::Builtin(b), [a]) => b.shape_of(a)?,
        (Op::Unvec(n, m), [a]) if a.count() == n.times(m) => Shape::new(n.clone(), m.clone()),
        (Op::Block { rows, cols }, _) if args.len() == rows * cols => block_shape(*cols, args)?,
        (Op::Slice { rows, cols }, [_]) => Shape::new(rows.len(), cols.len()),
        (Op::Inner, [a, b]) if a == b => Shape::scalar(),
        _ => return None,
    };
    Some(shape)
}

/// The one shape of the arguments that are not scalars.
fn hadamard_shape(args: &[Shape]) -> Option<Shape> {
    let mut arrays = args.iter().filter(|s| !s.is_scalar());
    let Some(first) = arrays.next() else {
        return Some(Shape::scalar());
    };
    arrays.all(|s| s == first).then(|| first.clone())
}

fn conformable(args: &[Shape]) -> bool {
    args.iter().all(|s| !s.is_scalar()) && args.windows(2).all(|pair| pair[0].cols == pair[1].rows)
}

fn block_shape(cols: usize, args: &[Shape]) -> Option<Shape> {
    let mut rows_total = Size::constant(0);
    for row in args.chunks(cols) {
        if row.iter().any(|s| s.rows != row[0].rows) || row.iter().zip(args).any(|(s, top)| s.cols != top.cols) {
            return None;
        }
        rows_total = rows_total.plus(&row[0].rows);
    }
    let cols_total = args[..cols].iter().fold(Size::constant(0), |sum, s| sum.plus(&s.cols));
    Some(Shape::new(rows_total, cols_total))
}

/// The name of an operator, as a message would call it.
pub fn operator_name(op: &Op) -> String {
    let name = match op {
        Op::Number(_) | Op::SizeNumber(_) | Op::Constant(_) => "a number",
        Op::Variable(v) => return format!("the variable {}", v.name),
        Op::Ones(_) => "ones",
        Op::Zeros(_) => "zeros",
        Op::Eye(_) => "eye",
        Op::Unit(..) => "unit",
        Op::Tril(_) => "tril",
        Op::Duplication(_) => "dup",
        Op::Commutation(..) => "the commutation matrix K",
        Op::Add => "a sum",
        Op::Had => "an elementwise product",
        Op::Mul => "a matrix product",
        Op::Kron => "a Kronecker product ⊗",
        Op::Transpose => "a transpose",
        Op::Inverse => "an inverse (inv)",
        Op::MatrixPower(k) => return format!("the matrix power with exponent {k}"),
        Op::Pow => "an elementwise power",
        Op::Map(Map { function: Function::Builtin(f), order }) => {
            return format!("{}{}", f.ascii(), "'".repeat(*order as usize));
        }
        Op::Map(Map { function: Function::Abstract(f), order }) => {
            return format!("{f}{}", "'".repeat(*order as usize));
        }
        Op::Field(f) => return f.to_string(),
        Op::Builtin(b) => return b.ascii().to_owned(),
        Op::Unvec(..) => "unvec",
        Op::Block { .. } => "a block matrix [ ; ]",
        Op::Slice { .. } => "a slice [ .. ]",
        Op::Differential => "a differential",
        Op::Inner => "an inner product",
    };
    name.to_owned()
}
