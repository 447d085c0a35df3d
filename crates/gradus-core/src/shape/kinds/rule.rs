//! What the operators ask of the sorts of their operands, and what of it only counts against a reading.

use super::sort::{Cost, Sort};
use crate::expr::Slope;

/// How the sort of a node follows from the sorts of its operands. `charges` say how many operands of that side are
/// undeclared names, or hold some, so that their being scalars counts against the reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SortRule {
    /// A name or a constant: it has a sort, it does not get one.
    Leaf,
    /// A function at every entry.
    Same,
    /// A function and its argument: elementwise where the function's own node is a matrix, else of its node's sort. A
    /// declared one takes arguments of one sort.
    Applied(Option<Sort>),
    /// A derivative of a function of arrays at its argument, of a function as above.
    Slope(Slope),
    /// Any array gives this sort.
    Always(Sort),
    /// Of a square matrix, a scalar; nobody takes a trace of an open scalar.
    OfSquare { open: bool },
    /// A square matrix gives one: the inverse; of an undeclared capital hardly the reciprocal of a number.
    Square { capital: bool },
    /// A norm; of an open scalar it would be an absolute value.
    Norm { open: bool },
    /// A norm without an index of a difference of points, or of members: of matrices it would be Frobenius' by custom, and is a
    /// hint against them.
    Distance { open: bool },
    /// What is normalised or added up along its entries: an array.
    Along { open: bool },
    /// A transpose; of an open scalar nothing.
    Transpose { open: bool },
    /// Bars: of a matrix the determinant, else absolute values.
    Bars,
    /// A vector gives its diagonal matrix, a matrix its diagonal.
    Diag,
    /// What a program takes along its second axis, or sums up along its last one: a matrix.
    Axes,
    /// A sum, or what else needs one shape, broadcasting scalars.
    Add(Addends),
    /// A matrix product.
    Mul(Factors),
    /// A quotient; of two letters it is one of scalars, a hint.
    Div { letters: bool },
    /// A product or quotient entry by entry; `open` operands that are scalars beside an array count. `sign` where it is written
    /// with a sign of its own, ∘, and an operand is open.
    /// `scaling`, a letter before a formula: if that is a scalar, so is the letter, a hint. `plain` where the sign, `*` or `/`, is
    /// that of numbers too. A `capital`, or a sum with one, is no number beside a row: a hint.
    Entrywise { open: [bool; 2], sign: bool, scaling: bool, plain: bool, capital: [bool; 2] },
    /// A quotient entry by entry: below a number there is rather a number, and so is a `letter` alone below a formula.
    Quotient { letter: bool },
    /// ⊗.
    Kron,
    /// A power; of a matrix only a constant one.
    Power { constant: bool },
    /// A power entry by entry; of a letter that is customary in exponents rather with a number there. `plain` where the sign,
    /// `**`, is that of numbers too.
    ElementPower { exponent: bool, plain: bool },
    /// Two operands of one sort give a scalar.
    Pair,
    /// The value and its declaration are of one sort.
    Declared,
    /// The value of a name that is a scalar by custom; of an optimum it is no matrix for `sure`; of sums over
    /// indices one letter more is overruled.
    Head { sure: bool, sums: bool },
    /// The value of a name in bold that is lower case: a vector.
    BoldHead,
    /// The exponent of e, or what is compared, with a capital member of a family in it: rather a number.
    Exponent,
    /// A name in the body of a function: a scalar, or like the argument.
    Parameter,
    /// A letter in a block of coordinates, beside a number: it is one.
    Coordinate,
    /// One beside the other.
    Beside,
    /// One below the other.
    Below,
    /// Rows, and perhaps columns, of a slice: whether they are single.
    Slice { row: bool, column: Option<bool> },
}

/// What is added, of either side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Addends {
    /// How many terms hold undeclared names: scalars among them would be broadcast.
    pub charges: [u32; 2],
    /// Undeclared letters and nothing else: beside a scalar they are scalars, a hint.
    pub letters: [bool; 2],
    /// Numbers and nothing else: they are added to anything.
    pub numbers: [bool; 2],
    /// A letter of tiny constants below a root, in a logarithm or a denominator: it is added to every entry.
    pub tiny: [bool; 2],
    /// NumPy's arrays: one with one axis is added to every row of a matrix.
    pub axes: bool,
}

impl Addends {
    fn cost(self, a: Sort, b: Sort) -> Cost {
        if a == b {
            return Cost::ZERO;
        }
        if a != Sort::Scalar && b != Sort::Scalar {
            // `x @ W.T + b`: of rows and a bias rather than of a column and a matrix
            let [left, right] = self.letters;
            let spread = self.axes && (a == Sort::Matrix && left && !right || b == Sort::Matrix && right && !left);
            return if spread { Cost::BROADCAST } else { Cost::OVERRULED };
        }
        let (scalar, array) = if a == Sort::Scalar { (0, 1) } else { (1, 0) };
        if self.tiny[scalar] {
            return Cost::ZERO;
        }
        let hint = if self.letters[array] && !self.numbers[scalar] { Cost::HINT } else { Cost::ZERO };
        Cost::BROADCAST.times(self.charges[scalar]) + hint
    }
}

/// What stands in a matrix product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Factors {
    /// What the sign between them makes of two columns: `·` a scalar, `*` and `×` a column.
    pub signed: Option<Sort>,
    /// The sign is `·`, and two of its factors can be vectors.
    pub inner: bool,
    /// It stands between two letters that are customary weights and data: a hint that they are vectors.
    pub weights: bool,
    /// The sign is that of arrays with axes, `@`: a column before a matrix is one with one axis.
    pub axes: bool,
    /// The sign is ×, and between which letters: one that is no capital speaks for two columns.
    pub cross: bool,
    pub across: bool,
    /// The right one is a lone undeclared letter and the last factor.
    pub last: bool,
    /// The left ones are undeclared lower-case letters and numbers, the first factors of a value that should be a scalar.
    pub front: bool,
    /// The right one is a formula, not a letter or a number.
    pub formula: bool,
    /// The left one is a lone small letter that begins the product.
    pub begins: bool,
    /// The left ones are a small letter and a row, the first factors: `y w^T x`.
    pub before_row: bool,
    /// Either side is a capital, or a sum with one.
    pub capitals: [bool; 2],
    /// The product is written with a sign of matrix products, `@`.
    pub matrices: bool,
    /// A capital stands on either side of `@`, transposed perhaps: nobody writes an outer product so.
    pub no_outer: bool,
    /// Small letters before a small letter or the power of one, `k x^2`: if that is a scalar, they are, a hint.
    pub scalars: bool,
}

impl Factors {
    /// `a · b`.
    pub fn is_point(self) -> bool {
        self.signed == Some(Sort::Scalar) && !self.axes && !self.matrices
    }

    /// `a * b` of a text that is no program.
    pub fn is_entrywise(self) -> bool {
        self.signed == Some(Sort::Vector) && !self.cross
    }
}

/// So many letters are overruled, and no more, that a value called `L` is a scalar.
const HEAD: u32 = 3;

impl SortRule {
    /// The sort of the node, and what that costs; `None` when the operands do not fit.
    pub fn apply(self, args: &[Sort]) -> Option<(Sort, Cost)> {
        match *args {
            [] => None,
            [a] => self.unary(a),
            [a, b, ..] => self.binary(a, b),
        }
    }

    fn unary(self, a: Sort) -> Option<(Sort, Cost)> {
        use Sort::{Matrix, Scalar, Vector};
        let free = |sort| Some((sort, Cost::ZERO));
        let against = |open: bool| if open && a == Scalar { Cost::EVIDENCE } else { Cost::ZERO };
        match (self, a) {
            (SortRule::Same, a) => free(a),
            (SortRule::Exponent, a) => Some((a, if a == Matrix { Cost::EVIDENCE } else { Cost::ZERO })),
            (SortRule::Head { .. }, Scalar) => free(Scalar),
            (SortRule::Head { sure: true, .. }, Matrix) => Some((Matrix, Cost::EVIDENCE)),
            (SortRule::Head { sums, .. }, a) => Some((a, Cost::OVERRULED.times(HEAD + u32::from(sums)))),
            (SortRule::BoldHead, Vector) => free(a),
            (SortRule::BoldHead, a) => Some((a, Cost::EVIDENCE.times(2))),
            (SortRule::Always(sort), _) => free(sort),
            (SortRule::OfSquare { open }, Scalar | Matrix) => Some((Scalar, against(open))),
            (SortRule::Square { capital: true }, Scalar) => Some((Scalar, Cost::HINT)),
            (SortRule::Square { .. }, a @ (Scalar | Matrix)) => free(a),
            (SortRule::Norm { open }, _) => Some((Scalar, against(open))),
            (SortRule::Distance { .. }, Matrix) => Some((Scalar, Cost::HINT)),
            (SortRule::Distance { open }, _) => Some((Scalar, against(open))),
            (SortRule::Transpose { open }, a) => Some((a.transposed(), against(open))),
            (SortRule::Along { open }, a) => Some((a, against(open))),
            (SortRule::Bars, a) => free(if a == Matrix { Scalar } else { a }),
            (SortRule::Axes, Matrix) => free(Scalar),
            (SortRule::Axes, _) => Some((Scalar, Cost::EVIDENCE)),
            (SortRule::Diag, Scalar) => free(Scalar),
            (SortRule::Diag, Vector) => free(Matrix),
            (SortRule::Diag, Matrix) => free(Vector),
            // a number has no parts
            (SortRule::Slice { .. }, Scalar) => Some((Scalar, Cost::EVIDENCE)),
            (SortRule::Slice { row, column }, a) => free(Sort::new(row, column.unwrap_or(a.one_column()))),
            _ => None,
        }
    }

    fn binary(self, a: Sort, b: Sort) -> Option<(Sort, Cost)> {
        use Sort::Scalar;
        let free = |sort| Some((sort, Cost::ZERO));
        match self {
            SortRule::Add(terms) => {
                let rows = matches!((a, b), (Sort::Matrix, Sort::Vector) | (Sort::Vector, Sort::Matrix));
                let sort = if terms.axes && rows { Some(Sort::Matrix) } else { alike(a, b) };
                sort.map(|sort| (sort, terms.cost(a, b)))
            }
            SortRule::Mul(factors) => product(a, b, factors),
            SortRule::Div { letters } if b == Scalar => {
                Some((a, if letters && a != Scalar { Cost::HINT } else { Cost::ZERO }))
            }
            SortRule::Quotient { letter } => {
                let hint = b != Scalar && (a == Scalar || letter);
                alike(a, b).map(|sort| (sort, if hint { Cost::HINT } else { Cost::ZERO }))
            }
            // nobody writes ∘ between numbers
            SortRule::Entrywise { sign: true, .. } if a == Scalar && b == Scalar => Some((Scalar, Cost::EVIDENCE)),
            SortRule::Entrywise { open, scaling, capital, .. } => {
                let scalar = if a == Scalar { open[0] } else { open[1] };
                let beside_row =
                    capital[0] && a == Scalar && b == Sort::Row || capital[1] && b == Scalar && a == Sort::Row;
                let against = match a != b && scalar {
                    true => Cost::EVIDENCE,
                    false if scaling && a == Sort::Vector && b == Scalar || beside_row => Cost::HINT,
                    false => Cost::ZERO,
                };
                alike(a, b).map(|sort| (sort, against))
            }
            SortRule::Kron => free(Sort::new(a.one_row() && b.one_row(), a.one_column() && b.one_column())),
            SortRule::Power { constant } if b == Scalar => match a {
                Sort::Matrix if constant => free(a),
                Scalar => free(a),
                Sort::Matrix | Sort::Vector | Sort::Row => None,
            },
            SortRule::ElementPower { exponent, .. } => {
                let hint = if exponent && a != Scalar && b != Scalar { Cost::HINT } else { Cost::ZERO };
                alike(a, b).map(|sort| (sort, hint))
            }
            SortRule::Applied(domain) if domain.is_none_or(|d| d == b) => free(if a == Sort::Matrix { b } else { a }),
            SortRule::Slope(slope) => sort_of_slope(slope, a, b).and_then(free),
            SortRule::Pair if a == b => free(Scalar),
            SortRule::Declared if a == b => free(a),
            SortRule::Coordinate => Some((a, if a == b { Cost::ZERO } else { Cost::EVIDENCE })),
            SortRule::Parameter if a == Scalar || a == b => free(b),
            SortRule::Beside if a.one_row() == b.one_row() => free(Sort::new(a.one_row(), false)),
            SortRule::Below if a.one_column() == b.one_column() => free(Sort::new(false, a.one_column())),
            _ => None,
        }
    }
}

/// The sort of a derivative of a function with values of one sort, at arguments of another.
fn sort_of_slope(slope: Slope, values: Sort, argument: Sort) -> Option<Sort> {
    let scalar = argument == Sort::Scalar;
    match (slope, values) {
        (Slope::Gradient, Sort::Scalar) => Some(argument),
        (Slope::Jacobian, Sort::Scalar) => Some(argument.transposed()),
        (Slope::Jacobian, Sort::Vector) => Some(Sort::new(false, scalar)),
        (Slope::Hessian, Sort::Scalar) | (Slope::Weighted, Sort::Vector) => Some(Sort::new(scalar, scalar)),
        _ => None,
    }
}

/// The sort of two operands of one shape, of which one may be a scalar.
fn alike(a: Sort, b: Sort) -> Option<Sort> {
    match (a, b) {
        (Sort::Scalar, other) | (other, Sort::Scalar) => Some(other),
        (a, b) => (a == b).then_some(a),
    }
}

fn product(a: Sort, b: Sort, factors: Factors) -> Option<(Sort, Cost)> {
    use Sort::{Matrix, Row, Scalar, Vector};
    let sort = match (a, b) {
        (Scalar, other) | (other, Scalar) => other,
        (Vector, Vector) => factors.signed?,
        (Row, Row) if factors.signed == Some(Vector) => Row,
        (Vector, Matrix) if factors.axes => Vector,
        (Row, _) | (_, Row) if factors.cross => return None,
        (a, b) if a.one_column() == b.one_row() => Sort::new(a.one_row(), b.one_column()),
        _ => return None,
    };
    let no_product = factors.matrices && (a == Scalar || b == Scalar);
    let no_cross = factors.across && (a != Vector || b != Vector);
    let no_outer = factors.no_outer && a == Vector && b == Row;
    let evidence = no_product || no_cross || no_outer || factors.last && b == Scalar && matches!(a, Row | Matrix);
    let [left, right] = factors.capitals;
    let scaled = left && a == Scalar && b != Scalar || right && b == Scalar && a != Scalar;
    let scaled = scaled || left && right && (a != Matrix || b != Matrix);
    let behind = factors.last && b == Scalar && a == Vector;
    let outer = a == Vector && (b == Row || b == Scalar && factors.formula);
    let scalars = factors.scalars && b == Scalar && a == Vector;
    let behind = behind || factors.weights && (a != Vector || b != Vector);
    let in_front =
        factors.front && (outer || a == Matrix) || factors.begins && a == Vector && b == Scalar && factors.formula;
    let in_front = in_front || factors.before_row && a == Matrix && b == Vector;
    let cost = match (evidence, scaled, behind || in_front || scalars) {
        (true, ..) => Cost::EVIDENCE,
        (false, true, _) => Cost::HINT.times(2),
        (false, false, true) => Cost::HINT,
        (false, false, false) => Cost::ZERO,
    };
    Some((sort, cost))
}
