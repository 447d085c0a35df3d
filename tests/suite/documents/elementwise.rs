//! The table's scalar functions: built in, differentiated, abstract, defined.

use super::array::{Array, curvature, slope};
use super::operator::*;

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn normal(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

fn step(x: f64) -> f64 {
    f64::from(u8::from(x > 0.0))
}

/// One argument, a function of each entry.
macro_rules! entrywise {
    ($name:literal, [$($spelling:literal),+], $arguments:expr, $f:expr) => {
        Operator::new($name, 6, &[$($spelling),+], $arguments, |_, a, _| a[0].map($f))
    };
}

/// A function of the document, differentiated so often.
macro_rules! called {
    ($name:literal, $spelling:literal, $f:literal, $derivative:expr) => {
        Operator::new($name, 6, &[$spelling], same, |p, a, _| {
            let f = p.function($f);
            let derivative: fn(&dyn Fn(f64) -> f64, f64) -> f64 = $derivative;
            a[0].map(|x| derivative(f, x))
        })
    };
}

pub static ELEMENTWISE: &[Operator] = &[
    entrywise!("exp", ["exp($0)", "(e^($0))"], same_bounded, f64::exp),
    entrywise!("log", ["log($0)", "ln($0)"], same_positive, f64::ln),
    entrywise!("sqrt", ["sqrt($0)"], same_positive, f64::sqrt),
    entrywise!("sin", ["sin($0)"], same, f64::sin),
    entrywise!("cos", ["cos($0)"], same, f64::cos),
    entrywise!("tan", ["tan($0)"], same_bounded, f64::tan),
    entrywise!("asin", ["asin($0)", "arcsin($0)"], same_bounded, f64::asin),
    entrywise!("acos", ["acos($0)", "arccos($0)"], same_bounded, f64::acos),
    entrywise!("atan", ["atan($0)", "arctan($0)"], same, f64::atan),
    entrywise!("sinh", ["sinh($0)"], same_bounded, f64::sinh),
    entrywise!("cosh", ["cosh($0)"], same_bounded, f64::cosh),
    entrywise!("tanh", ["tanh($0)"], same, f64::tanh),
    entrywise!("sigmoid", ["sigmoid($0)", "σ($0)"], same, sigmoid),
    entrywise!("relu", ["relu($0)", "ReLU($0)", "max($0, 0)", "max(0, $0)"], same, |x| x.max(0.0)),
    entrywise!("softplus", ["softplus($0)"], same, softplus),
    entrywise!("gelu", ["gelu($0)"], same, |x| x * normal(x)),
    entrywise!("silu", ["silu($0)"], same, |x| x * sigmoid(x)),
    entrywise!("erf", ["erf($0)"], same, libm::erf),
    entrywise!("abs", ["abs($0)"], same, f64::abs),
    entrywise!("sign", ["sign($0)"], same, sign),
    entrywise!("step", ["step($0)"], same, step),
    entrywise!("leaky_relu", ["leaky_relu($0, 0.1)"], same, |x| if x > 0.0 { x } else { 0.1 * x }),
    Operator::new("leaky_relu of a slope", 6, &["leaky_relu($0, $1)"], array_and_scalar, |_, a, _| {
        a[0].map(|x| if x > 0.0 { x } else { a[1].only() * x })
    }),
    entrywise!("tanh'", ["tanh'($0)"], same, |x| 1.0 - x.tanh().powi(2)),
    entrywise!("σ'", ["σ'($0)", "sigmoid'($0)"], same, |x| sigmoid(x) * sigmoid(-x)),
    entrywise!("relu'", ["relu'($0)"], same, step),
    entrywise!("sin''", ["sin''($0)"], same, |x| -x.sin()),
    entrywise!("log'", ["log'($0)"], same_positive, f64::recip),
    entrywise!("sqrt'", ["sqrt'($0)"], same_positive, |x| 0.5 / x.sqrt()),
    entrywise!("gelu'", ["gelu'($0)"], same, |x| slope(|x| x * normal(x), x)),
    called!("abstract f", "f($0)", "f", |f, x| f(x)),
    called!("abstract f'", "f'($0)", "f", |f, x| slope(f, x)),
    called!("abstract f''", "f''($0)", "f", |f, x| curvature(f, x)),
    called!("defined g", "g($0)", "g", |g, x| g(x)),
    called!("defined g'", "g'($0)", "g", |g, x| slope(g, x)),
];

/// Whether a spelling calls one of the document's functions.
pub fn calls(operator: &Operator, function: &str) -> bool {
    operator.spellings[0].starts_with(&format!("{function}("))
        || operator.spellings[0].starts_with(&format!("{function}'"))
}

/// Powers, quotients, sums and elementwise products.
pub static ARITHMETIC: &[Operator] = &[
    Operator::new("sum of terms", 1, &["$0@1 + $1@2"], two_same, |_, a, _| a[0].zip(&a[1], |x, y| x + y)),
    Operator::new("three terms", 1, &["$0@1 + $1@2 - $2@2"], three_same, |_, a, _| {
        a[0].zip(&a[1], |x, y| x + y).zip(&a[2], |x, y| x - y)
    }),
    Operator::new("difference", 1, &["$0@1 - $1@2"], two_same, |_, a, _| a[0].zip(&a[1], |x, y| x - y)),
    Operator::new("minus", 4, &["-$0@4"], same, |_, a, _| a[0].map(|x| -x)),
    Operator::new("scale", 3, &["$0@3 $1@5", "$0@3 * $1@5", "$0@3 · $1@5"], scalar_and_same, |_, a, _| {
        a[0].zip(&a[1], |x, y| x * y)
    }),
    Operator::new("twice", 3, &["2 $0@5", "2 * $0@5"], same, |_, a, _| a[0].map(|x| 2.0 * x)),
    Operator::new("half", 3, &["1/2 $0@5", "0.5 $0@5"], same, |_, a, _| a[0].map(|x| 0.5 * x)),
    Operator::new("over a scalar", 3, &["$0@3 / $1@5"], same_and_positive_scalar, |_, a, _| {
        a[0].zip(&a[1], |x, y| x / y)
    }),
    Operator::new("scalar quotient", 3, &["$0@3 / $1@5"], scalar_over_positive, |_, a, _| {
        a[0].zip(&a[1], |x, y| x / y)
    }),
    Operator::new("scalar plus array", 1, &["$1@1 + $0@2", "$0@1 + $1@2"], scalar_and_same, |_, a, _| {
        a[0].zip(&a[1], |x, y| x + y)
    }),
    Operator::new("one minus", 1, &["1 - $0@2"], same, |_, a, _| a[0].map(|x| 1.0 - x)),
    Operator::new("Hadamard product", 2, &["$0@2 .* $1@3", "$0@2 ∘ $1@3", "$0@2 ⊙ $1@3"], two_same, |_, a, _| {
        a[0].zip(&a[1], |x, y| x * y)
    }),
    Operator::new("Hadamard product of three", 2, &["$0@2 .* $1@3 .* $2@3"], three_same, |_, a, _| {
        a[0].zip(&a[1], |x, y| x * y).zip(&a[2], |x, y| x * y)
    }),
    Operator::new("Hadamard quotient", 2, &["$0@2 ./ $1@3", "$0@2 ⊘ $1@3"], over_positive, |_, a, _| {
        a[0].zip(&a[1], |x, y| x / y)
    }),
    Operator::new("one over an array", 2, &["1 ./ $0@3"], same_positive, |_, a, _| a[0].map(f64::recip)),
    Operator::new("elementwise square", 5, &["$0@6.^2"], same, |_, a, _| a[0].map(|x| x * x)),
    Operator::new("elementwise cube", 5, &["$0@6.^3"], same, |_, a, _| a[0].map(|x| x * x * x)),
    Operator::new("elementwise reciprocal", 5, &["$0@6.^-1", "$0@6.^(-1)"], same_positive, |_, a, _| {
        a[0].map(f64::recip)
    }),
    Operator::new("elementwise negative power", 5, &["$0@6.^(-2)"], same_positive, |_, a, _| a[0].map(|x| x.powi(-2))),
    Operator::new("elementwise root", 5, &["$0@6.^(1/2)", "$0@6.^0.5"], same_positive, |_, a, _| a[0].map(f64::sqrt)),
    Operator::new("elementwise fractional power", 5, &["$0@6.^(3/2)", "$0@6.^1.5"], same_positive, |_, a, _| {
        a[0].map(|x| x.powf(1.5))
    }),
    Operator::new("elementwise varying power", 5, &["$0@6.^($1)"], positive_and_scalar, |_, a, _| {
        a[0].zip(&a[1], f64::powf)
    }),
    Operator::new("scalar power", 5, &["$0@6^2", "$0@6²"], scalars_only, |_, a, _| a[0].map(|x| x * x)),
    Operator::new("scalar negative power", 5, &["$0@6^(-3)", "$0@6^{-3}"], positive_scalars_only, |_, a, _| {
        a[0].map(|x| x.powi(-3))
    }),
    Operator::new("scalar root", 5, &["$0@6^(1/2)", "$0@6^0.5"], positive_scalars_only, |_, a, _| a[0].map(f64::sqrt)),
    Operator::new("scalar fractional power", 5, &["$0@6^(-3/2)"], positive_scalars_only, |_, a, _| {
        a[0].map(|x| x.powf(-1.5))
    }),
    Operator::new("scalar varying power", 5, &["$0@6^($1)"], positive_scalar_and_scalar, |_, a, _| {
        a[0].zip(&a[1], f64::powf)
    }),
    Operator::new("number", 6, &["2"], constant_scalar, |_, _, _| Array::scalar(2.0)),
    Operator::new("fraction", 3, &["3/2"], constant_scalar, |_, _, _| Array::scalar(1.5)),
    Operator::new("π", 6, &["π"], constant_scalar, |_, _, _| Array::scalar(std::f64::consts::PI)),
    Operator::new("size as a number", 3, &["1/n"], constant_scalar, |p, _, _| Array::scalar(1.0 / p.sizes["n"] as f64)),
];
