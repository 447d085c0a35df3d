//! THE table of the functions of arrays: a row says everything that is known of one but its value and its derivative.

use super::{Shape, Size};
use rustc_hash::FxHashMap;
use std::fmt::{self, Display, Formatter};
use std::sync::LazyLock;

/// What a function of an array goes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Axis {
    /// The whole array; for a function that gives an array back, a column vector.
    All,
    /// Every row by itself.
    Rows,
    /// Every column by itself.
    Cols,
}

/// `axis=1`, of programs: an array with one axis has no such axis. No name of a document is spelled so.
pub const PROGRAM_SECOND_AXIS: &str = "axis=1";
/// `axis=-1`: of an array with one axis all entries.
pub const PROGRAM_LAST_AXIS: &str = "axis=-1";

impl Axis {
    /// Every one of them.
    pub const ALL: [Axis; 3] = [Axis::All, Axis::Rows, Axis::Cols];

    /// The word an author writes for it; none for the whole array.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Axis::All => None,
            Axis::Rows => Some("rows"),
            Axis::Cols => Some("cols"),
        }
    }

    /// Reads the word, or what the axis of a program was read as.
    pub fn from_word(word: &str) -> Option<Axis> {
        match word {
            PROGRAM_SECOND_AXIS | PROGRAM_LAST_AXIS => Some(Axis::Rows),
            _ => Axis::ALL.into_iter().find(|a| a.word() == Some(word)),
        }
    }
}

/// What a call says by name, after its array: `ddof=1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// By how much less than the number of entries a variance divides.
    Degrees,
}

impl Keyword {
    /// Every one of them.
    const ALL: [Keyword; 1] = [Keyword::Degrees];

    /// What an author writes for it; the first is how gradus writes it.
    const fn spellings(self) -> &'static [&'static str] {
        match self {
            Keyword::Degrees => &["ddof", "correction"],
        }
    }

    /// Reads any of the accepted spellings.
    pub fn from_spelling(text: &str) -> Option<Keyword> {
        Keyword::ALL.into_iter().find(|s| s.spellings().contains(&text))
    }
}

impl Display for Keyword {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.spellings()[0])
    }
}

/// When every entry of the value is above 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Positivity {
    /// Whatever the array is.
    Always,
    /// When every entry of the array is.
    OfPositive,
    /// When the array is positive definite.
    OfDefinite,
    /// When the array is positive definite, or every entry of it is above 0.
    OfEither,
    /// That is not known.
    Unknown,
}

/// When no entry of the value is below 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nonnegativity {
    /// Whatever the array is.
    Always,
    /// When no entry of the array is.
    OfNonnegative,
    /// That is not known.
    Unknown,
}

/// Of what array it is, and of what shape its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrayValue {
    /// A scalar of any array; along an axis a column vector of scalars.
    Total,
    /// A scalar of a square matrix, which errors call so.
    OfSquare(&'static str),
    /// The square matrix on whose diagonal a column vector stands.
    Spread,
    /// A column vector, of a square matrix.
    Diagonal,
    /// All entries in one column.
    Stacked,
    /// The 3×3 matrix of a column vector of three entries.
    OfThree,
    /// As the array, a column vector; along an axis as any array.
    Along,
    /// As the array, whatever it is.
    Same,
}

/// What a reader of a result is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caveat {
    /// What is meant by a sign, or at a kink.
    Convention(&'static str),
    /// What the derivative rests on.
    Assumption(&'static str),
}

/// How many floating-point operations a value takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// None: entries are only put in places.
    Nothing,
    /// One for each row.
    Rows,
    /// So many for each entry.
    Entries(i64),
    /// One for each entry and row: a factorisation.
    Factorisation,
}

/// A row of the table.
pub struct About {
    /// The spelling gradus prints.
    pub ascii: &'static str,
    /// As LaTeX math writes it.
    pub latex: &'static str,
    /// Other accepted spellings.
    pub also: &'static [&'static str],
    /// Examples of calls; none where authors write it otherwise.
    pub usage: &'static str,
    /// What a call may say besides.
    pub settings: &'static [Keyword],
    /// What it is of.
    pub value: ArrayValue,
    /// What is said beside it.
    pub caveat: Option<Caveat>,
    /// Linear in its array: scalar factors come out, and zeros stay zeros.
    pub linear: bool,
    /// Of a scalar it is that scalar.
    pub keeps_scalars: bool,
    /// When its value is above 0.
    pub positive: Positivity,
    /// When its value is not below 0.
    pub nonnegative: Nonnegativity,
    /// What it costs.
    pub work: Work,
}

macro_rules! builtins {
    ($($(#[$doc:meta])* $variant:ident $(($axis:ident))? => $about:tt)*) => {
        /// Built-in functions of one array that are not elementwise.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Builtin {
            $($(#[$doc])* $variant $(($axis))?),*
        }

        impl Builtin {
            /// What is known of it.
            pub const fn about(self) -> About {
                match self { $(Builtin::$variant { .. } => About $about),* }
            }

            /// What it goes along.
            pub fn axis(self) -> Axis {
                $(builtins!(@axis self $variant $($axis)?);)*
                Axis::All
            }

            /// Every one of them, along every axis, in the order of the table.
            pub fn all() -> impl Iterator<Item = Builtin> {
                [$(builtins!(@all $variant $($axis)?)),*].into_iter().flatten()
            }
        }
    };
    (@axis $own:ident $variant:ident) => {};
    (@axis $own:ident $variant:ident $axis:ident) => {
        if let Builtin::$variant(axis) = $own {
            return axis;
        }
    };
    (@all $variant:ident) => { vec![Builtin::$variant] };
    (@all $variant:ident $axis:ident) => { $axis::ALL.map(Builtin::$variant).to_vec() };
}

builtins! {
    /// The sum of the entries; by rows and by columns a column vector of sums.
    Sum(Axis) => {
        ascii: "sum", latex: "\\operatorname{sum}", also: &[], usage: "sum(X) or sum(X, rows) or sum(X, cols)",
        settings: &[], value: ArrayValue::Total, caveat: None,
        linear: true, keeps_scalars: true, positive: Positivity::OfPositive, nonnegative: Nonnegativity::OfNonnegative,
        work: Work::Entries(1),
    }
    /// The mean of the entries.
    Mean => {
        ascii: "mean", latex: "\\operatorname{mean}", also: &[], usage: "mean(x)",
        settings: &[], value: ArrayValue::Total, caveat: None,
        linear: true, keeps_scalars: true, positive: Positivity::OfPositive, nonnegative: Nonnegativity::OfNonnegative,
        work: Work::Entries(1),
    }
    /// The product of the entries; by rows and by columns a column vector of products.
    Prod(Axis) => {
        ascii: "prod", latex: "\\operatorname{prod}", also: &[],
        usage: "prod(X) or prod(X, rows) or prod(X, cols)", settings: &[], value: ArrayValue::Total,
        caveat: Some(Caveat::Convention("prod_others(x) holds at every place the product of all other entries")),
        linear: false, keeps_scalars: true, positive: Positivity::OfPositive,
        nonnegative: Nonnegativity::OfNonnegative, work: Work::Entries(1),
    }
    /// At every place the product of all other entries: of the array, its row or its column.
    ProdOthers(Axis) => {
        ascii: "prod_others", latex: "\\operatorname{prod\\_others}", also: &[],
        usage: "prod_others(X) or prod_others(X, rows)", settings: &[], value: ArrayValue::Same,
        caveat: Some(Caveat::Convention("prod_others(x) holds at every place the product of all other entries")),
        linear: false, keeps_scalars: false, positive: Positivity::OfPositive,
        nonnegative: Nonnegativity::OfNonnegative, work: Work::Entries(3),
    }
    /// The mean of the squared distances of the entries from their mean; by rows and by columns a column vector of them.
    Var(Axis) => {
        ascii: "var", latex: "\\operatorname{var}", also: &[],
        usage: "var(X) or var(X, rows) or var(X, cols)", settings: &[Keyword::Degrees], value: ArrayValue::Total,
        caveat: Some(Caveat::Convention("var divides by the number n of entries; with ddof=1 by n - 1")),
        linear: false, keeps_scalars: false, positive: Positivity::Unknown,
        nonnegative: Nonnegativity::Always, work: Work::Entries(4),
    }
    /// The sum of the diagonal of a square matrix.
    Trace => {
        ascii: "tr", latex: "\\operatorname{tr}", also: &["trace"], usage: "tr(A)",
        settings: &[], value: ArrayValue::OfSquare("the trace"), caveat: None,
        linear: true, keeps_scalars: true, positive: Positivity::OfEither, nonnegative: Nonnegativity::OfNonnegative,
        work: Work::Rows,
    }
    /// The determinant of a square matrix.
    Det => {
        ascii: "det", latex: "\\det", also: &[], usage: "det(A)",
        settings: &[], value: ArrayValue::OfSquare("the determinant"), caveat: Some(Caveat::Assumption("the matrix in det is invertible: det X · X⁻ᵀ is used for its gradient")),
        linear: false, keeps_scalars: true, positive: Positivity::OfDefinite, nonnegative: Nonnegativity::Unknown,
        work: Work::Factorisation,
    }
    /// log |det A| of a square matrix.
    LogDet => {
        ascii: "logdet", latex: "\\operatorname{logdet}", also: &[], usage: "logdet(A)",
        settings: &[], value: ArrayValue::OfSquare("the log determinant"), caveat: None,
        linear: false, keeps_scalars: false, positive: Positivity::Unknown, nonnegative: Nonnegativity::Unknown,
        work: Work::Factorisation,
    }
    /// ‖A‖² (Frobenius); norms are its powers.
    NormSquared => {
        ascii: "norm_squared", latex: "", also: &[], usage: "",
        settings: &[], value: ArrayValue::Total, caveat: None,
        linear: false, keeps_scalars: false, positive: Positivity::OfPositive, nonnegative: Nonnegativity::Always,
        work: Work::Entries(2),
    }
    /// The sum of the absolute values of the entries.
    Norm1 => {
        ascii: "norm1", latex: "", also: &[], usage: "norm1(x)",
        settings: &[], value: ArrayValue::Total, caveat: Some(Caveat::Convention("at entries that are 0, norm1 has derivative 0 (sign(0) = 0)")),
        linear: false, keeps_scalars: false, positive: Positivity::OfPositive, nonnegative: Nonnegativity::Always,
        work: Work::Entries(2),
    }
    /// log Σ exp of the entries.
    LogSumExp => {
        ascii: "logsumexp", latex: "\\operatorname{logsumexp}", also: &[], usage: "logsumexp(x)",
        settings: &[], value: ArrayValue::Total, caveat: None,
        linear: false, keeps_scalars: false, positive: Positivity::Unknown, nonnegative: Nonnegativity::Unknown,
        work: Work::Entries(3),
    }
    /// The diagonal matrix of a column vector.
    Diag => {
        ascii: "diag", latex: "\\operatorname{diag}", also: &[], usage: "diag(x)",
        settings: &[], value: ArrayValue::Spread, caveat: None,
        linear: true, keeps_scalars: true, positive: Positivity::Unknown, nonnegative: Nonnegativity::OfNonnegative,
        work: Work::Nothing,
    }
    /// The diagonal of a square matrix, as a column vector.
    DiagonalOf => {
        ascii: "diag", latex: "\\operatorname{diag}", also: &[], usage: "diag(x)",
        settings: &[], value: ArrayValue::Diagonal, caveat: None,
        linear: true, keeps_scalars: true, positive: Positivity::OfEither, nonnegative: Nonnegativity::OfNonnegative,
        work: Work::Nothing,
    }
    /// `[a]×`, by which a column vector is multiplied from the left as by a × of the cross product.
    Skew => {
        ascii: "skew", latex: "\\operatorname{skew}", also: &["hat_map", "skewsymm"], usage: "skew(x)",
        settings: &[], value: ArrayValue::OfThree,
        caveat: None,
        linear: true, keeps_scalars: false, positive: Positivity::Unknown, nonnegative: Nonnegativity::Unknown,
        work: Work::Nothing,
    }
    /// The columns of an array below each other.
    Vec => {
        ascii: "vec", latex: "\\operatorname{vec}", also: &[], usage: "vec(x)",
        settings: &[], value: ArrayValue::Stacked, caveat: None,
        linear: true, keeps_scalars: false, positive: Positivity::OfPositive, nonnegative: Nonnegativity::OfNonnegative,
        work: Work::Nothing,
    }
    /// exp(x) / Σ exp(xᵢ).
    Softmax(Axis) => {
        ascii: "softmax", latex: "\\operatorname{softmax}", also: &[], usage: "softmax(x) or softmax(X, rows)",
        settings: &[], value: ArrayValue::Along, caveat: None,
        linear: false, keeps_scalars: false, positive: Positivity::Always, nonnegative: Nonnegativity::Always,
        work: Work::Entries(3),
    }
    /// x − log Σ exp(xᵢ).
    LogSoftmax(Axis) => {
        ascii: "log_softmax", latex: "\\operatorname{log\\_softmax}", also: &[], usage: "log_softmax(x) or log_softmax(X, rows)",
        settings: &[], value: ArrayValue::Along, caveat: None,
        linear: false, keeps_scalars: false, positive: Positivity::Unknown, nonnegative: Nonnegativity::Unknown,
        work: Work::Entries(3),
    }
    /// The running sums of a column vector.
    CumSum => {
        ascii: "cumsum", latex: "\\operatorname{cumsum}", also: &[], usage: "cumsum(x) or cumsum(X, rows)",
        settings: &[], value: ArrayValue::Along, caveat: None,
        linear: true, keeps_scalars: false, positive: Positivity::OfPositive, nonnegative: Nonnegativity::OfNonnegative,
        work: Work::Entries(1),
    }
    /// (x − mean x) / sd x, with the biased variance.
    LayerNorm(Axis) => {
        ascii: "layernorm", latex: "\\operatorname{layernorm}", also: &[], usage: "layernorm(x) or layernorm(X, rows)",
        settings: &[], value: ArrayValue::Along, caveat: None,
        linear: false, keeps_scalars: false, positive: Positivity::Unknown, nonnegative: Nonnegativity::Unknown,
        work: Work::Entries(3),
    }
}

impl Builtin {
    /// The plain spelling gradus prints.
    pub fn ascii(self) -> &'static str {
        self.about().ascii
    }

    /// The same function along another axis, where there is one.
    pub fn along(self, axis: Axis) -> Option<Builtin> {
        Builtin::all().find(|b| std::mem::discriminant(b) == std::mem::discriminant(&self) && b.axis() == axis)
    }

    /// Whether a word after the array may say what it goes along.
    pub fn takes_axis(self) -> bool {
        self.about().usage.contains("rows")
    }

    /// Reads any of the accepted spellings.
    pub fn from_spelling(text: &str) -> Option<Builtin> {
        // of two with one spelling the first in the table is meant: it is entered last
        static SPELLINGS: LazyLock<FxHashMap<&str, Builtin>> = LazyLock::new(|| {
            let all: Vec<Builtin> = Builtin::all().collect();
            all.into_iter().rev().flat_map(|b| b.spellings().map(move |s| (s, b))).collect()
        });
        SPELLINGS.get(text).copied()
    }

    fn spellings(self) -> impl Iterator<Item = &'static str> {
        let about = self.about();
        std::iter::once(about.ascii).chain(about.also.iter().copied())
    }

    /// Every accepted spelling.
    pub fn all_spellings() -> impl Iterator<Item = &'static str> {
        Builtin::all().filter(|b| b.axis() == Axis::All).flat_map(Builtin::spellings)
    }

    /// The shape of the value; `None` where the array does not fit.
    pub(super) fn shape_of(self, a: &Shape) -> Option<Shape> {
        match (self.about().value, self.axis()) {
            (ArrayValue::Total, Axis::All) => Some(Shape::scalar()),
            (ArrayValue::Total, Axis::Rows) => Some(Shape::vector(a.rows.clone())),
            (ArrayValue::Total, Axis::Cols) => Some(Shape::vector(a.cols.clone())),
            (ArrayValue::OfSquare(_), _) => a.is_square().then(Shape::scalar),
            (ArrayValue::Spread, _) => a.cols.is_one().then(|| Shape::new(a.rows.clone(), a.rows.clone())),
            (ArrayValue::Diagonal, _) => a.is_square().then(|| Shape::vector(a.rows.clone())),
            (ArrayValue::OfThree, _) => {
                let three = Size::constant(3);
                (*a == Shape::vector(three.clone())).then(|| Shape::new(three.clone(), three))
            }
            (ArrayValue::Stacked, _) => Some(Shape::vector(a.count())),
            (ArrayValue::Along, axis) => (axis != Axis::All || a.cols.is_one()).then(|| a.clone()),
            (ArrayValue::Same, _) => Some(a.clone()),
        }
    }
}
