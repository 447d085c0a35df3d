//! THE table of the functions of arrays: a row says everything that is known of one but its value and its derivative.

use super::Shape;

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

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Axis> {
        Axis::ALL.into_iter().find(|a| a.word() == Some(word))
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
    /// Linear in its array: scalar factors come out, and zeros stay zeros.
    pub linear: bool,
    /// Of a scalar it is that scalar.
    pub keeps_scalars: bool,
    /// When its value is above 0.
    pub positive: Positivity,
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

            /// Every one of them, along every axis, in the order of the table.
            pub fn all() -> impl Iterator<Item = Builtin> {
                [$(builtins!(@all $variant $($axis)?)),*].into_iter().flatten()
            }
        }
    };
    (@all $variant:ident) => { vec![Builtin::$variant] };
    (@all $variant:ident $axis:ident) => { $axis::ALL.map(Builtin::$variant).to_vec() };
}

builtins! {
    /// The sum of the entries; by rows and by columns a column vector of sums.
    Sum(Axis) => {
        ascii: "sum", latex: "\\operatorname{sum}", also: &[], linear: true, keeps_scalars: true,
        positive: Positivity::OfPositive, work: Work::Entries(1),
    }
    /// The mean of the entries.
    Mean => {
        ascii: "mean", latex: "\\operatorname{mean}", also: &[], linear: true, keeps_scalars: true,
        positive: Positivity::OfPositive, work: Work::Entries(1),
    }
    /// The sum of the diagonal of a square matrix.
    Trace => {
        ascii: "tr", latex: "\\operatorname{tr}", also: &["trace"], linear: true, keeps_scalars: true,
        positive: Positivity::OfEither, work: Work::Rows,
    }
    /// The determinant of a square matrix.
    Det => {
        ascii: "det", latex: "\\det", also: &[], linear: false, keeps_scalars: true,
        positive: Positivity::OfDefinite, work: Work::Factorisation,
    }
    /// log |det A| of a square matrix.
    LogDet => {
        ascii: "logdet", latex: "\\operatorname{logdet}", also: &[], linear: false, keeps_scalars: false,
        positive: Positivity::Unknown, work: Work::Factorisation,
    }
    /// ‖A‖² (Frobenius); norms are its powers.
    NormSquared => {
        ascii: "norm_squared", latex: "", also: &[], linear: false, keeps_scalars: false,
        positive: Positivity::OfPositive, work: Work::Entries(2),
    }
    /// The sum of the absolute values of the entries.
    Norm1 => {
        ascii: "norm1", latex: "", also: &[], linear: false, keeps_scalars: false, positive: Positivity::OfPositive,
        work: Work::Entries(2),
    }
    /// log Σ exp of the entries.
    LogSumExp => {
        ascii: "logsumexp", latex: "\\operatorname{logsumexp}", also: &[], linear: false, keeps_scalars: false,
        positive: Positivity::Unknown, work: Work::Entries(3),
    }
    /// The diagonal matrix of a column vector.
    Diag => {
        ascii: "diag", latex: "\\operatorname{diag}", also: &[], linear: true, keeps_scalars: true,
        positive: Positivity::Unknown, work: Work::Nothing,
    }
    /// The diagonal of a square matrix, as a column vector.
    DiagonalOf => {
        ascii: "diag", latex: "\\operatorname{diag}", also: &[], linear: true, keeps_scalars: true,
        positive: Positivity::OfEither, work: Work::Nothing,
    }
    /// The columns of an array below each other.
    Vec => {
        ascii: "vec", latex: "\\operatorname{vec}", also: &[], linear: true, keeps_scalars: false,
        positive: Positivity::OfPositive, work: Work::Nothing,
    }
    /// exp(x) / Σ exp(xᵢ).
    Softmax(Axis) => {
        ascii: "softmax", latex: "\\operatorname{softmax}", also: &[], linear: false, keeps_scalars: false,
        positive: Positivity::Always, work: Work::Entries(3),
    }
    /// x − log Σ exp(xᵢ).
    LogSoftmax(Axis) => {
        ascii: "log_softmax", latex: "\\operatorname{log\\_softmax}", also: &[], linear: false, keeps_scalars: false,
        positive: Positivity::Unknown, work: Work::Entries(3),
    }
    /// The running sums of a column vector.
    CumSum => {
        ascii: "cumsum", latex: "\\operatorname{cumsum}", also: &[], linear: true, keeps_scalars: false,
        positive: Positivity::OfPositive, work: Work::Entries(1),
    }
    /// (x − mean x) / sd x, with the biased variance.
    LayerNorm(Axis) => {
        ascii: "layernorm", latex: "\\operatorname{layernorm}", also: &[], linear: false, keeps_scalars: false,
        positive: Positivity::Unknown, work: Work::Entries(3),
    }
}

impl Builtin {
    /// The plain spelling gradus prints.
    pub fn ascii(self) -> &'static str {
        self.about().ascii
    }

    /// What it goes along.
    pub fn axis(self) -> Axis {
        use Builtin::*;
        match self {
            Sum(axis) | Softmax(axis) | LogSoftmax(axis) | LayerNorm(axis) => axis,
            Mean | Trace | Det | LogDet | NormSquared | Norm1 | LogSumExp | Diag | DiagonalOf | Vec | CumSum => {
                Axis::All
            }
        }
    }

    /// The same function along another axis, where there is one.
    pub fn along(self, axis: Axis) -> Option<Builtin> {
        Builtin::all().find(|b| std::mem::discriminant(b) == std::mem::discriminant(&self) && b.axis() == axis)
    }

    /// Reads any of the accepted spellings.
    pub fn from_spelling(text: &str) -> Option<Builtin> {
        Builtin::all().find(|b| b.spellings().any(|s| s == text))
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
        use Builtin::*;
        match self {
            Sum(Axis::All) | Mean | NormSquared | Norm1 | LogSumExp => Some(Shape::scalar()),
            Sum(Axis::Rows) => Some(Shape::vector(a.rows.clone())),
            Sum(Axis::Cols) => Some(Shape::vector(a.cols.clone())),
            Trace | Det | LogDet => a.is_square().then(Shape::scalar),
            Diag => a.cols.is_one().then(|| Shape::new(a.rows.clone(), a.rows.clone())),
            DiagonalOf => a.is_square().then(|| Shape::vector(a.rows.clone())),
            Vec => Some(Shape::vector(a.count())),
            Softmax(axis) | LogSoftmax(axis) | LayerNorm(axis) => {
                (axis != Axis::All || a.cols.is_one()).then(|| a.clone())
            }
            CumSum => a.cols.is_one().then(|| a.clone()),
        }
    }
}
