//! The kinds of slip, and what explains a wrong claim.

use crate::expr::Expr;

/// The kinds of slip, in the order in which they are tried: what one slips on most comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SlipKind {
    /// The whole is transposed.
    Transposed,
    /// x uᵀ for u xᵀ.
    OuterProduct,
    /// The whole has the wrong sign.
    Sign,
    /// A constant factor of the whole: right = factor · claim.
    Factor,
    /// The gradient where the Jacobian was asked for, or the other way round.
    OtherForm,
    /// The transposed Jacobian.
    OtherLayout,
    /// f(z) for f'(z).
    FunctionForDerivative,
    /// f'(x) for f'(z).
    Argument,
    /// W for Wᵀ inside.
    FactorTransposed,
    /// A B for B A inside.
    FactorOrder,
    /// A ⊗ B for B ⊗ A.
    KroneckerOrder,
    /// x_j for x_i, A_ji for A_ij, x_{t-1} for x_t.
    WrongIndex,
    /// A sum that runs over too much or too little.
    SumRange,
    /// A factor that belongs inside a product stands outside.
    Place,
    /// A term with the wrong sign.
    TermSign,
    /// A term with the wrong constant.
    TermFactor,
    /// A sum over what is not summed.
    SumExtra,
    /// f' is missing.
    DerivativeMissing,
    /// A term is missing.
    TermMissing,
    /// Not every place where the variable occurs was counted.
    Occurrences,
    /// w for x.
    WrongName,
    /// The wrong power.
    Exponent,
    /// The sum over a batch, or over everything, is missing.
    SumMissing,
    /// A mean for a sum, or the other way round.
    MeanForSum,
    /// Of a symmetric matrix the derivative by the entries of one triangle.
    IndependentEntries,
    /// The slope of another function, or what is none.
    OtherSlope,
    /// The derivative by another name.
    OtherName,
    /// A factor is missing.
    FactorMissing,
    /// A factor too many.
    FactorExtra,
    /// A term too many.
    TermExtra,
    /// Right on the diagonal, nothing off it.
    DiagonalOnly,
    /// A scalar factor of the whole that is no constant.
    ScalarFactor,
}

/// What explains a wrong claim.
#[derive(Clone, Debug)]
pub struct Slip {
    /// Which kind.
    pub kind: SlipKind,
    /// What stands in the claim (a factor or term too many, the wrong name).
    pub before: Option<Expr>,
    /// What belongs there.
    pub after: Option<Expr>,
    /// The claim corrected; right at every point that was tried.
    pub corrected: Option<Expr>,
    /// Of `Occurrences`: how many of how many were counted.
    pub counted: Option<(usize, usize)>,
}

impl SlipKind {
    /// The kind in words, as programs read it.
    pub fn word(self) -> &'static str {
        match self {
            SlipKind::Transposed => "transposed",
            SlipKind::OuterProduct => "outer product turned round",
            SlipKind::Sign => "sign",
            SlipKind::Factor => "constant factor",
            SlipKind::OtherForm => "other form",
            SlipKind::OtherLayout => "other layout",
            SlipKind::FunctionForDerivative => "function for derivative",
            SlipKind::Argument => "wrong argument",
            SlipKind::FactorTransposed => "factor transposed",
            SlipKind::FactorOrder => "order of a product",
            SlipKind::KroneckerOrder => "order of a Kronecker product",
            SlipKind::WrongIndex => "wrong index",
            SlipKind::SumRange => "range of a sum",
            SlipKind::SumExtra => "sum too many",
            SlipKind::Place => "factor in the wrong place",
            SlipKind::TermSign => "sign of a term",
            SlipKind::TermFactor => "constant of a term",
            SlipKind::DerivativeMissing => "derivative missing",
            SlipKind::Occurrences => "occurrences not counted",
            SlipKind::WrongName => "wrong name",
            SlipKind::Exponent => "power",
            SlipKind::SumMissing => "sum missing",
            SlipKind::MeanForSum => "mean for sum",
            SlipKind::IndependentEntries => "independent entries",
            SlipKind::OtherSlope => "slope of another function",
            SlipKind::OtherName => "derivative by another name",
            SlipKind::FactorMissing => "factor missing",
            SlipKind::FactorExtra => "factor too many",
            SlipKind::TermMissing => "term missing",
            SlipKind::TermExtra => "term too many",
            SlipKind::DiagonalOnly => "diagonal only",
            SlipKind::ScalarFactor => "scalar factor",
        }
    }
}

impl Slip {
    pub(super) fn new(kind: SlipKind, corrected: Option<Expr>) -> Slip {
        Slip { kind, before: None, after: None, corrected, counted: None }
    }
}

/// A corrected claim.
#[derive(Clone, Debug)]
pub struct Edit {
    pub kind: SlipKind,
    /// What was there.
    pub before: Option<Expr>,
    /// What is there now.
    pub after: Option<Expr>,
    /// The whole claim with it.
    pub whole: Expr,
}

impl Edit {
    pub fn new(kind: SlipKind, before: &Expr, after: Expr) -> Edit {
        Edit { kind, before: Some(before.clone()), after: Some(after.clone()), whole: after }
    }
}
