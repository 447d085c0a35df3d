//! Derivatives of the built-in scalar functions, applied entry by entry.

use super::{Rule, Topic};

const fn rule(name: &'static str, statement: &'static str, given: &'static str, why: &'static str) -> Rule {
    Rule {
        name,
        topic: Topic::Function,
        statement,
        given,
        why,
        source: "Abramowitz & Stegun, ch. 4 and 7",
        ..Rule::UNPLACED
    }
}

pub const RULES: &[Rule] = &[
    rule("derivative_exp", "exp'(A) = exp(A)", "A: n x m", "the exponential is its own derivative"),
    rule("derivative_log", "log'(A) = 1 ./ A", "A: n x m in-domain", "d log t = dt / t"),
    rule("derivative_sin", "sin'(A) = cos(A)", "A: n x m", "d sin t = cos t dt"),
    rule("derivative_cos", "cos'(A) = -sin(A)", "A: n x m", "d cos t = −sin t dt"),
    rule("derivative_tan", "tan'(A) = 1 + tan(A).^2", "A: n x m", "d tan t = (1 + tan² t) dt"),
    rule("derivative_asin", "asin'(A) = 1 ./ sqrt(1 - A.^2)", "A: n x m fraction", "d asin t = dt / √(1 − t²)"),
    rule("derivative_acos", "acos'(A) = -1 ./ sqrt(1 - A.^2)", "A: n x m fraction", "d acos t = −dt / √(1 − t²)"),
    rule("derivative_atan", "atan'(A) = 1 ./ (1 + A.^2)", "A: n x m", "d atan t = dt / (1 + t²)"),
    rule("derivative_sinh", "sinh'(A) = cosh(A)", "A: n x m", "d sinh t = cosh t dt"),
    rule("derivative_cosh", "cosh'(A) = sinh(A)", "A: n x m", "d cosh t = sinh t dt"),
    rule("derivative_tanh", "tanh'(A) = 1 - tanh(A).^2", "A: n x m", "d tanh t = (1 − tanh² t) dt"),
    rule(
        "derivative_sigmoid",
        "sigmoid'(A) = sigmoid(A) .* (1 - sigmoid(A))",
        "A: n x m",
        "σ = 1/(1 + exp(−t)) gives σ' = σ (1 − σ)",
    ),
    rule(
        "derivative_relu",
        "relu'(A) = step(A)",
        "A: n x m",
        "slope 1 where the input is positive, 0 where it is not (0 at the kink, by convention)",
    ),
    rule("derivative_softplus", "softplus'(A) = sigmoid(A)", "A: n x m", "d log(1 + eᵗ) = eᵗ/(1 + eᵗ) dt = σ(t) dt"),
    rule("derivative_erf", "erf'(A) = 2 / sqrt(π) exp(-A.^2)", "A: n x m", "by the definition of the error function"),
    rule("derivative_abs", "abs'(A) = sign(A)", "A: n x m", "|t| has slope ±1 (0 at the kink, by convention)"),
    rule(
        "derivative_sign",
        "sign'(A) = zeros(n, m)",
        "A: n x m",
        "sign is constant away from 0 (0 at the jump, by convention)",
    ),
    rule(
        "derivative_step",
        "step'(A) = zeros(n, m)",
        "A: n x m",
        "step is constant away from 0 (0 at the jump, by convention)",
    ),
    rule(
        "derivative_silu",
        "silu'(A) = sigmoid(A) .* (1 + A .* (1 - sigmoid(A)))",
        "A: n x m",
        "product rule on t σ(t)",
    ),
    rule(
        "derivative_gelu",
        "gelu'(A) = 1/2 (1 + erf(A / sqrt(2))) + A .* exp(-1/2 A.^2) / sqrt(2 π)",
        "A: n x m",
        "product rule on t Φ(t), Φ the normal distribution function",
    ),
    rule("derivative_asinh", "asinh'(A) = 1 ./ sqrt(1 + A.^2)", "A: n x m", "d asinh t = dt / √(1 + t²)"),
    rule("derivative_expm1", "expm1'(A) = exp(A)", "A: n x m", "expm1 t = eᵗ − 1, computed without cancellation"),
    rule(
        "derivative_log1p",
        "log1p'(A) = 1 ./ (1 + A)",
        "A: n x m in-domain",
        "log1p t = log(1 + t), computed without cancellation",
    ),
    rule("second_exp", "exp''(A) = exp(A)", "A: n x m", "the exponential is its own derivative"),
    rule("second_log", "log''(A) = -1 ./ A.^2", "A: n x m in-domain", "d t⁻¹ = −t⁻² dt"),
    rule("second_sin", "sin''(A) = -sin(A)", "A: n x m", "sin' = cos, cos' = −sin"),
    rule("second_cos", "cos''(A) = -cos(A)", "A: n x m", "cos' = −sin, sin' = cos"),
    rule("second_tan", "tan''(A) = 2 tan(A) .* (1 + tan(A).^2)", "A: n x m", "chain rule on tan' = 1 + tan²"),
    rule("second_asin", "asin''(A) = A ./ (1 - A.^2).^(3/2)", "A: n x m fraction", "chain rule on (1 − t²)^(−1/2)"),
    rule("second_acos", "acos''(A) = -A ./ (1 - A.^2).^(3/2)", "A: n x m fraction", "chain rule on −(1 − t²)^(−1/2)"),
    rule("second_atan", "atan''(A) = -2 A ./ (1 + A.^2).^2", "A: n x m", "chain rule on (1 + t²)⁻¹"),
    rule("second_sinh", "sinh''(A) = sinh(A)", "A: n x m", "sinh' = cosh, cosh' = sinh"),
    rule("second_cosh", "cosh''(A) = cosh(A)", "A: n x m", "cosh' = sinh, sinh' = cosh"),
    rule("second_tanh", "tanh''(A) = -2 tanh(A) .* (1 - tanh(A).^2)", "A: n x m", "chain rule on tanh' = 1 − tanh²"),
    rule(
        "second_sigmoid",
        "sigmoid''(A) = sigmoid(A) .* (1 - sigmoid(A)) .* (1 - 2 sigmoid(A))",
        "A: n x m",
        "product rule on σ (1 − σ)",
    ),
    rule(
        "second_relu",
        "relu''(A) = zeros(n, m)",
        "A: n x m",
        "the slope is constant away from 0 (0 at the kink, by convention)",
    ),
    rule("second_softplus", "softplus''(A) = sigmoid(A) .* (1 - sigmoid(A))", "A: n x m", "softplus' = σ"),
    rule("second_erf", "erf''(A) = -4 / sqrt(π) A .* exp(-A.^2)", "A: n x m", "chain rule on 2/√π exp(−t²)"),
    rule(
        "second_abs",
        "abs''(A) = zeros(n, m)",
        "A: n x m",
        "the slope is constant away from 0 (0 at the kink, by convention)",
    ),
    rule(
        "second_sign",
        "sign''(A) = zeros(n, m)",
        "A: n x m",
        "sign is constant away from 0 (0 at the jump, by convention)",
    ),
    rule(
        "second_step",
        "step''(A) = zeros(n, m)",
        "A: n x m",
        "step is constant away from 0 (0 at the jump, by convention)",
    ),
    rule(
        "second_silu",
        "silu''(A) = sigmoid(A) .* (1 - sigmoid(A)) .* (2 + A .* (1 - 2 sigmoid(A)))",
        "A: n x m",
        "product rule on σ(t) + t σ'(t)",
    ),
    rule(
        "second_gelu",
        "gelu''(A) = (2 - A.^2) .* exp(-1/2 A.^2) / sqrt(2 π)",
        "A: n x m",
        "product rule on Φ(t) + t φ(t), where φ' = −t φ",
    ),
    rule("second_asinh", "asinh''(A) = -A ./ (1 + A.^2).^(3/2)", "A: n x m", "chain rule on (1 + t²)^(−1/2)"),
    rule("second_expm1", "expm1''(A) = exp(A)", "A: n x m", "the exponential is its own derivative"),
    rule("second_log1p", "log1p''(A) = -1 ./ (1 + A).^2", "A: n x m in-domain", "chain rule on (1 + t)⁻¹"),
];
