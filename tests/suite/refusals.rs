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

#[test]
fn points_are_sought_where_the_domain_is() {
    let texts = [
        "s = log(x - 100)",
        "x: n; s = sum(log(x - 100))",
        "s = sqrt(x - 100)",
        "x: scalar; s = (x - 100)^(1/2)",
        "x: scalar; s = sqrt(5 - x)",
        "x: n; s = log(x^T x - 1000)",
        "x: scalar; s = acos(x - 3)",
        "x: scalar; s = acos(x - 300)",
        "x: scalar; s = asin(x + 40)",
        "p: n; s = log(1 - sum(p))",
        "x: scalar; y: scalar; s = log(x / y - 100)",
        "x: scalar positive; s = sqrt(x - 50)",
        "x: scalar negative; s = log(-x - 50)",
    ];
    all_derive(texts.into_iter().map(str::to_owned), &Options::default());
    let nowhere = derive("x: scalar; s = log(-x^2 - 1)", &Options::default()).expect_err("it is defined nowhere");
    assert_eq!(nowhere[0].kind.word(), "domain");
}

#[test]
fn saturation_at_any_scale_is_no_disagreement() {
    let functions = ["sigmoid", "tanh", "softplus", "erf", "silu", "gelu", "atan"];
    let texts = functions.iter().flat_map(|f| [30, 70, 1000].map(|k| format!("x: n; s = sum({f}({k} x))")));
    all_derive(texts, &Options::default());
}

#[test]
fn a_deep_inverse_is_derived() {
    let nested = |step: &str, depth: usize| (0..depth).fold("X".to_owned(), |e, _| step.replace("_", &e));
    let steps = ["inv(X + _)", "inv(A _ + X)"];
    let texts = steps.iter().map(|step| format!("X: n x n; A: n x n; s = tr({})", nested(step, 16)));
    all_derive(texts, &Options::default().with_respect_to(&["X"]));
}

#[test]
fn products_with_a_direction_read_back() {
    let documents = [
        ("x: n; s = norm(x)", r#"{"x": [1, 2, 3], "v": [1, 0, 0]}"#),
        ("A: n x m; x: m; s = norm(A x)", r#"{"A": [[1, 2], [3, 4]], "x": [1, 2], "v": [1, 0]}"#),
        ("x: n x m; s = normF(x)", r#"{"x": [[1, 2], [3, 4]], "v": [[1, 0], [2, 1]]}"#),
        ("x: 1 x n; s = norm(x)", r#"{"x": [[1, 2, 3]], "v": [[1, 0, 0]]}"#),
        ("x: n; s = norm1(x)", r#"{"x": [1, 2, 3], "v": [1, 0, 0]}"#),
        ("x: n x m; s = logsumexp(x)", r#"{"x": [[1, 2], [3, 4]], "v": [[1, 0], [2, 1]]}"#),
    ];
    let directory = std::env::temp_dir().join(format!("gradus-directions-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("there is room");
    let file = directory.join("values.json");
    for (text, values) in documents {
        std::fs::write(&file, values).expect("there is room");
        for product in ["--jvp", "--hvp"] {
            let output = run(&[text, product, "v", "--wrt", "x", "--at", &file.to_string_lossy()]);
            assert_eq!(output.code, 0, "{text} {product}: {}", output.stderr);
        }
    }
    std::fs::remove_dir_all(&directory).expect("it is ours");
}

#[test]
fn rows_are_derived_twice() {
    let values = [
        "x A x^T",
        "sum(exp(x))",
        "logsumexp(x^T)",
        "norm(x)",
        "sum(softmax(x, rows).^2)",
        "log(x y^T)",
        "sum(tanh(x A))",
        "sum(x.^3)",
        "mean(x .* y)",
        "sum(layernorm(x, rows) .* y)",
        "tr(x^T x)",
        "sum(cumsum(x^T).^2)",
        "norm1(x)",
    ];
    let texts = || values.iter().map(|v| format!("x: 1 x n; y: 1 x n; A: n x n; s = {v}"));
    all_derive(texts(), &Options::default().with_respect_to(["x"]).order(2));
    for product in ["--jvp", "--hvp"] {
        for text in texts() {
            let output = run(&[&text, product, "v", "--wrt", "x"]);
            assert_eq!(output.code, 0, "{text} {product}: {}", output.stderr);
        }
    }
}

#[test]
fn a_root_is_told_as_a_root_and_a_cost_with_powers() {
    assert!(run(&["s = sqrt(-1)"]).stderr.starts_with("error: the square root of -1 is not a real number (domain)"));
    let cost = run(&["A: n x n; B: n x n; C = A B; s = sum(C)", "--cost"]);
    assert!(cost.stdout.contains("flops(∂s/∂A) = 2n³\n"), "{}", cost.stdout);
}

#[test]
fn the_operator_without_a_rule_is_named_not_what_stands_around_it() {
    for text in ["C: k x 2; s = norm2(prod(C, rows))", "Q: n x n; s = logsumexp(prod(Q^2, cols))"] {
        let refused = run(&[text, "--order", "2"]).stderr;
        assert!(refused.contains("no rule yet for the differential of prod_others"), "{refused}");
    }
}

#[test]
fn every_format_has_the_same_limit() {
    for text in ["β: scalar; s = exp(tanh(β / softplus(β)))", "x: scalar; s = silu(x / exp(x))"] {
        let code = |format| run(&[text, "--order", "2", "--format", format]).code;
        assert_eq!((code("unicode"), code("json"), code("latex")), (0, 0, 0), "{text}");
    }
}

#[test]
fn kinks_of_structured_targets_have_slope_0() {
    let values = ["norm1(B)", "sum(abs(B))", "sum(relu(B))", "norm1(B x)", "normF(B)", "sum(B.^2)"];
    let texts = values.iter().map(|v| format!("B: n x n diagonal; x: n; s = {v}"));
    all_derive(texts, &Options::default().with_respect_to(["B"]));
}
