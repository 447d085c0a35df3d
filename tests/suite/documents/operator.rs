//! What an operator of the language is to the test: spellings, arguments, meaning.

use super::array::Array;
use super::shape::{Dim, Shape, Sizes};
use gradus::internals::eval::Random;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What an argument must be for the operator to have a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Any,
    Positive,
    /// Between −1 and 1.
    Bounded,
    Invertible,
    /// With a positive determinant.
    Definite,
}

/// Arguments by shape and need.
pub type Arguments = Vec<(Shape, Need)>;

/// Where an operator is evaluated.
pub struct Point {
    pub sizes: Sizes,
    pub arrays: BTreeMap<String, Array>,
    pub functions: BTreeMap<String, Rc<dyn Fn(f64) -> f64>>,
}

impl Point {
    pub fn function(&self, name: &str) -> &dyn Fn(f64) -> f64 {
        &*self.functions[name]
    }

    pub fn size(&self, d: &Dim) -> usize {
        d.value(&self.sizes)
    }
}

/// A row of the table.
pub struct Operator {
    /// What it is called in the count.
    pub name: &'static str,
    /// 1 sums, 2 elementwise, 3 products, 4 minus, 5 postfix, 6 atoms.
    pub level: u8,
    /// Ways to write it: `$0` is the first argument, `$0@5` the first argument, in parentheses unless it binds as
    /// tightly as level 5; `$r` and `$c` are the rows and columns of the result, `$R` and `$C` those of `$0`.
    pub spellings: &'static [&'static str],
    /// Its arguments when its value is to have this shape; `None` when it cannot.
    pub arguments: fn(&mut Random, &Shape) -> Option<Arguments>,
    /// Its value, which has this shape.
    pub value: fn(&Point, &[Array], &Shape) -> Array,
}

impl Operator {
    pub const fn new(
        name: &'static str,
        level: u8,
        spellings: &'static [&'static str],
        arguments: fn(&mut Random, &Shape) -> Option<Arguments>,
        value: fn(&Point, &[Array], &Shape) -> Array,
    ) -> Operator {
        Operator { name, level, spellings, arguments, value }
    }

    /// Whether it maps scalars to scalars, entry by entry: what the body of a defined function may use.
    pub fn is_scalar(&self) -> bool {
        SCALAR.contains(&self.name)
    }
}

/// What the body of a defined function may use.
const SCALAR: &[&str] = &[
    "exp",
    "log",
    "sqrt",
    "sin",
    "cos",
    "tanh",
    "sigmoid",
    "softplus",
    "atan",
    "erf",
    "silu",
    "sum of terms",
    "difference",
    "scale",
    "scalar power",
    "scalar root",
    "scalar quotient",
    "minus",
];

// ---- arguments

type Drawn = Option<Arguments>;

pub fn same(_: &mut Random, s: &Shape) -> Drawn {
    Some(vec![(s.clone(), Need::Any)])
}

pub fn same_positive(_: &mut Random, s: &Shape) -> Drawn {
    Some(vec![(s.clone(), Need::Positive)])
}

pub fn same_bounded(_: &mut Random, s: &Shape) -> Drawn {
    Some(vec![(s.clone(), Need::Bounded)])
}

pub fn two_same(_: &mut Random, s: &Shape) -> Drawn {
    Some(vec![(s.clone(), Need::Any), (s.clone(), Need::Any)])
}

pub fn three_same(_: &mut Random, s: &Shape) -> Drawn {
    Some(vec![(s.clone(), Need::Any), (s.clone(), Need::Any), (s.clone(), Need::Any)])
}

/// Something and a positive thing of the same shape.
pub fn over_positive(_: &mut Random, s: &Shape) -> Drawn {
    Some(vec![(s.clone(), Need::Any), (s.clone(), Need::Positive)])
}

pub fn scalar_and_same(_: &mut Random, s: &Shape) -> Drawn {
    Some(vec![(Shape::scalar(), Need::Any), (s.clone(), Need::Any)])
}

pub fn array_and_scalar(_: &mut Random, s: &Shape) -> Drawn {
    (!s.is_scalar()).then(|| vec![(s.clone(), Need::Any), (Shape::scalar(), Need::Any)])
}

pub fn same_and_positive_scalar(_: &mut Random, s: &Shape) -> Drawn {
    Some(vec![(s.clone(), Need::Any), (Shape::scalar(), Need::Positive)])
}

pub fn positive_and_scalar(_: &mut Random, s: &Shape) -> Drawn {
    Some(vec![(s.clone(), Need::Positive), (Shape::scalar(), Need::Any)])
}

/// One of the simple sizes.
pub fn dim(r: &mut Random) -> Dim {
    [Dim::Name("n"), Dim::Name("m"), Dim::Name("k"), Dim::Int(2)][r.below(4)].clone()
}

pub fn any_matrix(r: &mut Random) -> Shape {
    let (rows, cols) = (dim(r), dim(r));
    Shape { rows, cols }
}

pub fn any_square(r: &mut Random) -> Shape {
    let n = dim(r);
    Shape::new(&n, &n)
}

pub fn any_column(r: &mut Random) -> Shape {
    Shape::column(&dim(r))
}

/// A column or a matrix.
pub fn any_array(r: &mut Random) -> Shape {
    if r.below(2) == 0 { any_column(r) } else { any_matrix(r) }
}

pub fn array_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    s.is_scalar().then(|| vec![(any_array(r), Need::Any)])
}

pub fn column_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    s.is_scalar().then(|| vec![(any_column(r), Need::Any)])
}

pub fn matrix_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    s.is_scalar().then(|| vec![(any_matrix(r), Need::Any)])
}

pub fn square_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    s.is_scalar().then(|| vec![(any_square(r), Need::Any)])
}

pub fn invertible_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    s.is_scalar().then(|| vec![(any_square(r), Need::Invertible)])
}

pub fn definite_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    s.is_scalar().then(|| vec![(any_square(r), Need::Definite)])
}

pub fn two_columns_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    let column = any_column(r);
    s.is_scalar().then(|| vec![(column.clone(), Need::Any), (column, Need::Any)])
}

pub fn two_arrays_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    let a = any_array(r);
    s.is_scalar().then(|| vec![(a.clone(), Need::Any), (a, Need::Any)])
}

pub fn with_threshold_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    let a = any_array(r);
    s.is_scalar().then(|| vec![(a.clone(), Need::Any), (a, Need::Any), (Shape::scalar(), Need::Positive)])
}

pub fn any_and_positive_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    let a = any_array(r);
    s.is_scalar().then(|| vec![(a.clone(), Need::Any), (a, Need::Positive)])
}

pub fn quadratic_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    let square = any_square(r);
    let column = Shape::column(&square.rows);
    s.is_scalar().then(|| vec![(column.clone(), Need::Any), (square, Need::Any), (column, Need::Any)])
}

pub fn square(_: &mut Random, s: &Shape) -> Drawn {
    s.is_square().then(|| vec![(s.clone(), Need::Any)])
}

pub fn invertible(_: &mut Random, s: &Shape) -> Drawn {
    s.is_square().then(|| vec![(s.clone(), Need::Invertible)])
}

/// A⁻¹ B.
pub fn invertible_times(_: &mut Random, s: &Shape) -> Drawn {
    let square = Shape::new(&s.rows, &s.rows);
    square.is_square().then(|| vec![(square, Need::Invertible), (s.clone(), Need::Any)])
}

pub fn scalars_only(_: &mut Random, s: &Shape) -> Drawn {
    s.is_scalar().then(|| vec![(s.clone(), Need::Any)])
}

pub fn positive_scalars_only(_: &mut Random, s: &Shape) -> Drawn {
    s.is_scalar().then(|| vec![(s.clone(), Need::Positive)])
}

pub fn scalar_over_positive(_: &mut Random, s: &Shape) -> Drawn {
    s.is_scalar().then(|| vec![(s.clone(), Need::Any), (s.clone(), Need::Positive)])
}

pub fn positive_scalar_and_scalar(_: &mut Random, s: &Shape) -> Drawn {
    s.is_scalar().then(|| vec![(s.clone(), Need::Positive), (s.clone(), Need::Any)])
}

pub fn transposed(_: &mut Random, s: &Shape) -> Drawn {
    (!s.is_scalar()).then(|| vec![(s.transposed(), Need::Any)])
}

/// A matrix product through any inner size.
pub fn product(r: &mut Random, s: &Shape) -> Drawn {
    let inner = dim(r);
    let fits = s.is_matrix() || s.is_column() || s.is_row();
    fits.then(|| vec![(Shape::new(&s.rows, &inner), Need::Any), (Shape::new(&inner, &s.cols), Need::Any)])
}

pub fn outer(_: &mut Random, s: &Shape) -> Drawn {
    s.is_matrix().then(|| vec![(Shape::column(&s.rows), Need::Any), (Shape::column(&s.cols), Need::Any)])
}

pub fn kron(_: &mut Random, s: &Shape) -> Drawn {
    let (rows, cols) = (s.rows.factors(), s.cols.factors());
    let (left, right) = (Shape { rows: rows.0, cols: cols.0 }, Shape { rows: rows.1, cols: cols.1 });
    (!left.is_scalar() && !right.is_scalar()).then(|| vec![(left, Need::Any), (right, Need::Any)])
}

/// A Kronecker product summed, traced, or applied to a vec.
pub fn kron_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    let (a, b) = (any_matrix(r), any_matrix(r));
    s.is_scalar().then(|| vec![(a, Need::Any), (b, Need::Any)])
}

/// (A ⊗ B) vec(X), a vec of its own.
pub fn kron_vec(r: &mut Random, s: &Shape) -> Drawn {
    let Dim::Product(cols, rows) = &s.rows else { return None };
    let (p, q) = (dim(r), dim(r));
    let args =
        vec![(Shape::new(cols, &p), Need::Any), (Shape::new(rows, &q), Need::Any), (Shape::new(&q, &p), Need::Any)];
    s.is_column().then_some(args)
}

/// vec of an n × m matrix has the size m n here: column by column.
pub fn vec(_: &mut Random, s: &Shape) -> Drawn {
    let Dim::Product(cols, rows) = &s.rows else { return None };
    s.is_column().then(|| vec![(Shape::new(rows, cols), Need::Any)])
}

pub fn unvec(_: &mut Random, s: &Shape) -> Drawn {
    let simple = s.is_matrix() && matches!((&s.rows, &s.cols), (Dim::Name(_), Dim::Name(_)));
    simple.then(|| vec![(Shape::column(&s.cols.times(&s.rows)), Need::Any)])
}

/// The same, read back as a matrix of the transposed shape.
pub fn commuted(_: &mut Random, s: &Shape) -> Drawn {
    let Dim::Product(cols, rows) = &s.rows else { return None };
    let simple = matches!((&**rows, &**cols), (Dim::Name(_), Dim::Name(_)));
    (s.is_column() && simple).then(|| vec![(Shape::column(&rows.times(cols)), Need::Any)])
}

pub fn diagonal_matrix(_: &mut Random, s: &Shape) -> Drawn {
    s.is_square().then(|| vec![(Shape::column(&s.rows), Need::Any)])
}

pub fn diagonal_of(_: &mut Random, s: &Shape) -> Drawn {
    s.is_column().then(|| vec![(Shape::new(&s.rows, &s.rows), Need::Any)])
}

pub fn wide_to_column(r: &mut Random, s: &Shape) -> Drawn {
    let cols = dim(r);
    s.is_column().then(|| vec![(Shape::new(&s.rows, &cols), Need::Any)])
}

pub fn high_to_column(r: &mut Random, s: &Shape) -> Drawn {
    let rows = dim(r);
    s.is_column().then(|| vec![(Shape::new(&rows, &s.rows), Need::Any)])
}

pub fn column(_: &mut Random, s: &Shape) -> Drawn {
    s.is_column().then(|| vec![(s.clone(), Need::Any)])
}

pub fn matrix(_: &mut Random, s: &Shape) -> Drawn {
    s.is_matrix().then(|| vec![(s.clone(), Need::Any)])
}

pub fn constant_column(_: &mut Random, s: &Shape) -> Drawn {
    s.is_column().then(Vec::new)
}

pub fn constant_matrix(_: &mut Random, s: &Shape) -> Drawn {
    s.is_matrix().then(Vec::new)
}

pub fn constant_square(_: &mut Random, s: &Shape) -> Drawn {
    s.is_square().then(Vec::new)
}

pub fn constant_scalar(_: &mut Random, s: &Shape) -> Drawn {
    s.is_scalar().then(Vec::new)
}

pub fn stack(_: &mut Random, s: &Shape) -> Drawn {
    let Dim::Sum(a, b) = &s.rows else { return None };
    Some(vec![(Shape::new(a, &s.cols), Need::Any), (Shape::new(b, &s.cols), Need::Any)])
}

/// Two scalars stacked.
pub fn pair(_: &mut Random, s: &Shape) -> Drawn {
    let fits = s.is_column() && s.rows == Dim::Int(2);
    fits.then(|| vec![(Shape::scalar(), Need::Any), (Shape::scalar(), Need::Any)])
}

/// Two columns side by side.
pub fn beside(_: &mut Random, s: &Shape) -> Drawn {
    let column = Shape::column(&s.rows);
    (s.is_matrix() && s.cols == Dim::Int(2)).then(|| vec![(column.clone(), Need::Any), (column, Need::Any)])
}

pub fn four_scalars(_: &mut Random, s: &Shape) -> Drawn {
    let two = Dim::Int(2);
    (s.rows == two && s.cols == two).then(|| vec![(Shape::scalar(), Need::Any); 4])
}

pub fn two_by_two(_: &mut Random, s: &Shape) -> Drawn {
    let two = Dim::Int(2);
    (s.rows == two && s.cols == two).then(Vec::new)
}

/// A block matrix of four, as its trace or sum.
pub fn blocks_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    let (a, b, c, d) = (dim(r), dim(r), dim(r), dim(r));
    let shapes = [Shape::new(&a, &c), Shape::new(&a, &d), Shape::new(&b, &c), Shape::new(&b, &d)];
    s.is_scalar().then(|| shapes.map(|shape| (shape, Need::Any)).to_vec())
}

pub fn two_more_columns_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    let (a, b) = (any_column(r), any_column(r));
    s.is_scalar().then(|| vec![(a, Need::Any), (b, Need::Any)])
}

/// The first two of a longer column.
pub fn head(_: &mut Random, s: &Shape) -> Drawn {
    (s.is_column() && s.rows == Dim::Int(2)).then(|| vec![(Shape::column(&Dim::Name("n")), Need::Any)])
}

/// All but the first.
pub fn tail_to_scalar(r: &mut Random, s: &Shape) -> Drawn {
    let column = Shape::column(&[Dim::Name("n"), Dim::Name("m"), Dim::Name("k")][r.below(3)]);
    s.is_scalar().then(|| vec![(column, Need::Any)])
}

pub fn corner(_: &mut Random, s: &Shape) -> Drawn {
    let two = Dim::Int(2);
    let whole = Shape::new(&Dim::Name("n"), &Dim::Name("m"));
    (s.rows == two && s.cols == two).then(|| vec![(whole, Need::Any)])
}

/// One column of a matrix.
pub fn column_of(_: &mut Random, s: &Shape) -> Drawn {
    let whole = Shape::new(&s.rows, &Dim::Name("k"));
    s.is_column().then(|| vec![(whole, Need::Any)])
}
