//! What was refused or broken and should not be: the whole of every kind, not its first example.

use gradus::Options;
use gradus::internals::derive::derive;

fn run(args: &[&str]) -> gradus_cli::cli::Output {
    gradus_cli::cli::run([&["gradus"], args].concat().into_iter().map(Into::into).collect())
}

/// What went wrong with each text that did not derive, checked, at this order.
fn failures(texts: impl Iterator<Item = String>, options: &Options) -> Vec<String> {
    let failure = |text: String| derive(&text, options).err().map(|e| format!("{text}: {}", e[0].message));
    texts.filter_map(failure).collect()
}

#[track_caller]
fn all_derive(texts: impl Iterator<Item = String>, options: &Options) {
    let failures = failures(texts, options);
    assert!(failures.is_empty(), "{} texts:\n{}", failures.len(), failures.join("\n"));
}

const FUNCTIONS: [&str; 22] = [
    "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "sigmoid", "relu", "softplus",
    "erf", "abs", "sign", "step", "silu", "gelu", "sqrt", "f",
];

/// Terms in an x of n entries, each of another operator.
const INNER: [&str; 16] = [
    "x",
    "-x",
    "x.^2",
    "x.^-1",
    "x.^-2",
    "x.^(3/2)",
    "sqrt(x)",
    "x.^p",
    "x .* y",
    "y ./ x",
    "(c x).^2",
    "(x .* y).^2",
    "1 - x.^2",
    "exp(-x)",
    "log(x)",
    "abs(x)",
];

#[test]
fn every_function_of_every_elementwise_term_is_derived() {
    let one = |f: &'static str| move |e: &&str| format!("x: n; y: n; p: scalar; c: scalar; s = sum({f}({e}))");
    let texts = FUNCTIONS.iter().flat_map(|f| INNER.iter().map(one(f)).collect::<Vec<_>>());
    all_derive(texts, &Options::default().with_respect_to(&["x"]));
}

#[test]
fn every_function_of_a_power_is_derived_twice() {
    let one = |f: &'static str| move |e: &&str| format!("x: scalar; p: scalar; s = {f}({e})");
    let powers = ["x^2", "sqrt(x)"];
    let texts = FUNCTIONS.iter().flat_map(|f| powers.iter().map(one(f)).collect::<Vec<_>>());
    all_derive(texts, &Options::default().with_respect_to(["x"]).order(2));
}

#[test]
fn the_logarithm_of_a_power_is_derived() {
    for (text, first) in [
        ("x: n; s = sum(log(x.^2))", "∂s/∂x = 2 ⊘ x    n"),
        ("s = log(sqrt(τ))", "∂s/∂τ = 1 / (2 τ)    scalar"),
        (r"s = \ln \sigma^2", "∂s/∂σ = 2/σ    scalar"),
    ] {
        let output = run(&[text]);
        assert_eq!(output.stdout.lines().next(), Some(first), "{text}: {}", output.stderr);
    }
}
