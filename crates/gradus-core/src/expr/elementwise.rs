//! THE table of the scalar functions: a row says everything that is known of one but its derivative, which is a rule.

use super::Real;
use rustc_hash::FxHashMap;
use std::f64::consts::FRAC_1_SQRT_2;
use std::sync::LazyLock;

/// Where a scalar function has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Everywhere.
    All,
    /// Above 0.
    Positive,
    /// Above −1.
    AboveMinusOne,
    /// At 0 and above.
    AtLeastZero,
    /// Between −1 and 1.
    Fractions,
    /// Everywhere but at its poles.
    BetweenPoles,
    /// Above 0, where Γ is positive.
    OfGamma,
}

impl Domain {
    /// What it asks of an argument, in words, when x does not have it.
    pub fn violation(self, x: f64) -> Option<&'static str> {
        match self {
            Domain::All | Domain::BetweenPoles => None,
            Domain::Positive => (x <= 0.0).then_some("the logarithm needs a positive argument"),
            Domain::OfGamma => (x <= 0.0).then_some("Γ and its logarithm are taken of positive numbers"),
            Domain::AboveMinusOne => (x <= -1.0).then_some("log1p needs an argument above -1"),
            Domain::AtLeastZero => (x < 0.0).then_some("the square root needs an argument of at least 0"),
            Domain::Fractions => (x.abs() > 1.0).then_some("its domain is between -1 and 1"),
        }
    }
}

/// A row of the table.
pub struct AboutMap {
    /// The plain spelling gradus prints.
    pub ascii: &'static str,
    /// As it is written on a blackboard.
    pub unicode: &'static str,
    /// As LaTeX math writes it.
    pub latex: &'static str,
    /// Other accepted spellings.
    pub also: &'static [&'static str],
    /// Where it has a value.
    pub domain: Domain,
    /// The convention at a kink or a jump, in words.
    pub kink: Option<&'static str>,
    /// Above 0 whatever the argument is.
    pub positive: bool,
}

macro_rules! elementwise {
    ($($variant:ident => $about:tt $x:ident => $value:expr;)*) => {
        /// Built-in scalar functions, applied at every entry.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Elementwise {
            $(#[doc = concat!("The function `", stringify!($variant), "`.")] $variant),*
        }

        impl Elementwise {
            /// Every one of them, in the order of the table.
            pub const ALL: &'static [Elementwise] = &[$(Elementwise::$variant),*];

            /// What is known of it.
            pub const fn about(self) -> AboutMap {
                match self { $(Elementwise::$variant => AboutMap $about),* }
            }

            /// f(x). At a kink (0 for relu, abs, sign, step) the function and its derivatives follow the branch of x < 0 or
            /// x = 0: relu′(0) = abs′(0) = sign(0) = step(0) = 0.
            pub fn value<T: Real>(self, x: T) -> T {
                match self { $(Elementwise::$variant => { let $x = x; $value })* }
            }
        }
    };
}

const JUMP: &str = "at their jump at 0, sign and step have derivative 0, as everywhere";

elementwise! {
    Exp => {
        ascii: "exp", unicode: "exp", latex: "\\exp", also: &[],
        domain: Domain::All, kink: None, positive: true,
    } x => x.exp();
    Log => {
        ascii: "log", unicode: "log", latex: "\\log", also: &["ln"],
        domain: Domain::Positive, kink: None, positive: false,
    } x => x.ln();
    Expm1 => {
        ascii: "expm1", unicode: "expm1", latex: "\\operatorname{expm1}", also: &[],
        domain: Domain::All, kink: None, positive: false,
    } x => x.exp_m1();
    Log1p => {
        ascii: "log1p", unicode: "log1p", latex: "\\operatorname{log1p}", also: &[],
        domain: Domain::AboveMinusOne, kink: None, positive: false,
    } x => x.ln_1p();
    Sqrt => {
        ascii: "sqrt", unicode: "sqrt", latex: "\\sqrt", also: &[],
        domain: Domain::AtLeastZero, kink: None, positive: false,
    } x => x.power(0.5);
    Sin => {
        ascii: "sin", unicode: "sin", latex: "\\sin", also: &[],
        domain: Domain::All, kink: None, positive: false,
    } x => x.sin();
    Cos => {
        ascii: "cos", unicode: "cos", latex: "\\cos", also: &[],
        domain: Domain::All, kink: None, positive: false,
    } x => x.cos();
    Tan => {
        ascii: "tan", unicode: "tan", latex: "\\tan", also: &[],
        domain: Domain::BetweenPoles, kink: None, positive: false,
    } x => x.tan();
    Asin => {
        ascii: "asin", unicode: "asin", latex: "\\arcsin", also: &["arcsin"],
        domain: Domain::Fractions, kink: None, positive: false,
    } x => x.asin();
    Acos => {
        ascii: "acos", unicode: "acos", latex: "\\arccos", also: &["arccos"],
        domain: Domain::Fractions, kink: None, positive: false,
    } x => x.acos();
    Atan => {
        ascii: "atan", unicode: "atan", latex: "\\arctan", also: &["arctan"],
        domain: Domain::All, kink: None, positive: false,
    } x => x.atan();
    Sinh => {
        ascii: "sinh", unicode: "sinh", latex: "\\sinh", also: &[],
        domain: Domain::All, kink: None, positive: false,
    } x => x.sinh();
    Cosh => {
        ascii: "cosh", unicode: "cosh", latex: "\\cosh", also: &[],
        domain: Domain::All, kink: None, positive: true,
    } x => x.cosh();
    Asinh => {
        ascii: "asinh", unicode: "asinh", latex: "\\operatorname{arsinh}", also: &["arcsinh", "arsinh"],
        domain: Domain::All, kink: None, positive: false,
    } x => x.asinh();
    Tanh => {
        ascii: "tanh", unicode: "tanh", latex: "\\tanh", also: &[],
        domain: Domain::All, kink: None, positive: false,
    } x => x.hyperbolic_tangent();
    Sigmoid => {
        ascii: "sigmoid", unicode: "σ", latex: "\\sigma", also: &["σ"],
        domain: Domain::All, kink: None, positive: true,
    } x => sigmoid(x);
    Relu => {
        ascii: "relu", unicode: "relu", latex: "\\operatorname{relu}", also: &[],
        domain: Domain::All, kink: Some("at 0, relu has derivative 0 (step(0) = 0)"), positive: false,
    } x => by_sign(x, x, T::zero());
    Softplus => {
        ascii: "softplus", unicode: "softplus", latex: "\\operatorname{softplus}", also: &[],
        domain: Domain::All, kink: None, positive: true,
    } x => softplus(x);
    Gelu => {
        ascii: "gelu", unicode: "gelu", latex: "\\operatorname{gelu}", also: &[],
        domain: Domain::All, kink: None, positive: false,
    } x => x * (-x * FRAC_1_SQRT_2).erfc() * 0.5;
    Silu => {
        ascii: "silu", unicode: "silu", latex: "\\operatorname{silu}", also: &[],
        domain: Domain::All, kink: None, positive: false,
    } x => x * sigmoid(x);
    Erf => {
        ascii: "erf", unicode: "erf", latex: "\\operatorname{erf}", also: &[],
        domain: Domain::All, kink: None, positive: false,
    } x => x.erf();
    Lgamma => {
        ascii: "lgamma", unicode: "lgamma", latex: "\\operatorname{lgamma}", also: &["gammaln", "loggamma"],
        domain: Domain::OfGamma, kink: None, positive: false,
    } x => x.log_gamma_slope(0);
    Digamma => {
        ascii: "digamma", unicode: "digamma", latex: "\\operatorname{digamma}", also: &[],
        domain: Domain::OfGamma, kink: None, positive: false,
    } x => x.log_gamma_slope(1);
    Trigamma => {
        ascii: "trigamma", unicode: "trigamma", latex: "\\operatorname{trigamma}", also: &[],
        domain: Domain::OfGamma, kink: None, positive: true,
    } x => x.log_gamma_slope(2);
    Abs => {
        ascii: "abs", unicode: "abs", latex: "\\operatorname{abs}", also: &[],
        domain: Domain::All, kink: Some("at 0, |t| has derivative 0 (sign(0) = 0)"), positive: false,
    } x => by_sign(x, x, -x);
    Sign => {
        ascii: "sign", unicode: "sign", latex: "\\operatorname{sign}", also: &[],
        domain: Domain::All, kink: Some(JUMP), positive: false,
    } x => by_sign(x, T::one(), -T::one());
    Step => {
        ascii: "step", unicode: "step", latex: "\\operatorname{step}", also: &[],
        domain: Domain::All, kink: Some(JUMP), positive: false,
    } x => by_sign(x, T::one(), T::zero());
    IsZero => {
        ascii: "iszero", unicode: "iszero", latex: "\\operatorname{iszero}", also: &[],
        domain: Domain::All, kink: Some("where an equation holds, what says so has derivative 0, as everywhere"),
        positive: false,
    } x => if x.re() == 0.0 { T::one() } else { T::zero() };
}

impl Elementwise {
    /// The plain spelling gradus prints.
    pub const fn ascii(self) -> &'static str {
        self.about().ascii
    }

    /// As it is written on a blackboard.
    pub const fn unicode(self) -> &'static str {
        self.about().unicode
    }

    /// As LaTeX math writes it.
    pub const fn latex(self) -> &'static str {
        self.about().latex
    }

    fn spellings(self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.ascii()).chain(self.about().also.iter().copied())
    }

    /// Reads any of the accepted spellings.
    pub fn from_spelling(text: &str) -> Option<Elementwise> {
        static SPELLINGS: LazyLock<FxHashMap<&str, Elementwise>> =
            LazyLock::new(|| Elementwise::ALL.iter().flat_map(|f| f.spellings().map(|s| (s, *f))).collect());
        SPELLINGS.get(text).copied()
    }

    /// Every accepted spelling.
    pub fn all_spellings() -> impl Iterator<Item = &'static str> {
        Elementwise::ALL.iter().flat_map(|f| f.spellings())
    }
}

/// One value for x > 0, one for x < 0, and zero at 0.
fn by_sign<T: Real>(x: T, positive: T, negative: T) -> T {
    match x.re() {
        re if re > 0.0 => positive,
        re if re < 0.0 => negative,
        _ => T::zero(),
    }
}

/// 1/(1 + e⁻ˣ), from the exponential that does not overflow.
fn sigmoid<T: Real>(x: T) -> T {
    if x.re() < 0.0 {
        let e = x.exp();
        e / (e + 1.0)
    } else {
        ((-x).exp() + 1.0).recip()
    }
}

/// log(1 + eˣ), from the exponential that does not overflow.
fn softplus<T: Real>(x: T) -> T {
    if x.re() < 0.0 { x.exp().ln_1p() } else { (-x).exp().ln_1p() + x }
}
