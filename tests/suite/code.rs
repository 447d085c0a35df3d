//! Generated code: what is written for each target. That it runs and agrees is held by `.ci/code`, with the languages at hand.

use super::binary::{Directory, gradus};
use std::process::Command;

const LECTURE: &str = "s = u^T f(W x + b)";

const TARGETS: [&str; 6] = ["numpy", "jax", "torch", "rust", "c", "matlab"];

const PROCESS: &str =
    "D: n x n symmetric; y: n; K = a exp(-D) + b eye(n); a: scalar; b: scalar; s = 1/2 y^T K^-1 y + 1/2 log(det(K))";

#[track_caller]
fn written(args: &[&str]) -> String {
    let run = gradus(&[&["code"], args].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

/// The function alone, without the helpers behind it.
fn function(target: &str, document: &str) -> String {
    let text = written(&[document, "--target", target, "--no-check"]);
    let start = text.find("value_and_grad(").expect("it is there");
    let text = &text[text[..start].rfind('\n').map_or(0, |at| at + 1)..];
    let end = ["\n\n\n", "\n}\n", "\nend\n"].iter().filter_map(|mark| text.find(mark)).min();
    text[..end.unwrap_or(text.len())].to_owned()
}

#[test]
fn the_lecture_in_every_target() {
    for target in TARGETS {
        insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true, description => LECTURE}, {
            insta::assert_snapshot!(format!("code.{target}"), written(&[LECTURE, "--target", target]));
        });
    }
}

/// A Cholesky factor of what is known to be symmetric, one for all, in every language.
#[test]
fn a_process_is_factored_once_in_every_target() {
    for (target, factored) in TARGETS.iter().zip([
        "_factor_symmetric(K)",
        "_factor_symmetric(K)",
        "_factor_symmetric(K)",
        "factor(&K, n, true, true)?",
        "K, n, 1)",
        "factors_of(K, 1)",
    ]) {
        let text = function(target, PROCESS);
        assert_eq!(text.matches(factored).count(), 1, "{text}");
    }
}

/// What is written out anyway is used as a whole: its parts, taken alone, are large and cancel.
#[test]
fn an_error_signal_is_not_taken_apart_again() {
    let text = function("numpy", PROCESS);
    assert!(text.contains("np.einsum(\"ij,ij->i\", t, δ).sum()") && text.contains("np.trace(δ)"), "{text}");
}

/// What the printed formula says literally would overflow, lose digits, or cost an order more.
#[test]
fn stable_and_cheap_forms() {
    let has = |document: &str, parts: &[&str], none: &[&str]| {
        let text = function("numpy", document);
        parts.iter().for_each(|p| assert!(text.contains(p), "{document}: no {p} in {text}"));
        none.iter().for_each(|p| assert!(!text.contains(p), "{document}: {p} in {text}"));
    };
    has("S: n x n spd; s = log(det(S))", &["_cholesky(S)", "_log_abs_det("], &[]);
    has("A: n x n; b: n; s = b^T A^-1 b", &["_lu(A)", "_solve("], &["_inverse("]);
    has("x: n; s = log(sum(exp(x)))", &["x.max()"], &["np.exp(x)"]);
    has("x: n; s = sum(log(1 + exp(x)))", &["_softplus(x)"], &["np.log("]);
    has("x: n; s = sum(log(sigmoid(x)))", &["_softplus(t)"], &["np.log("]);
    has("x: n; s = sum(log(1 - sigmoid(x)))", &["_softplus(x)"], &["np.log("]);
    has("x: n; s = sum(sigmoid(x) - 1)", &["_sigmoid(-x)"], &["_sigmoid(x) - 1"]);
    has("x: n; y: n; s = sum((y + 2 sigmoid(x) - 2).^2)", &["_sigmoid(-x)"], &["_sigmoid(x) - 2"]);
    has("x: n; s = sum(exp(x) - 1)", &["np.expm1(x)"], &["np.exp(x) - 1"]);
    has("x: n; s = sum(2 exp(x) - 1)", &["- 1"], &["np.expm1(x)"]);
    has("u: n; A: n x m; s = sum(diag(u) A)", &["u[:, None] * A"], &["np.diag("]);
    has("u: n; v: n; A: n x n; s = u^T A A v", &["A.T @ u"], &["matrix_power"]);
    has("M: n x m; A: n x m; s = norm2(M .* A)^2", &["t * M"], &["M**2"]);
    has("A: n x m; B: m x n; s = tr(A B)", &["np.einsum(\"ij,ij->i\", "], &["A @ B"]);
}

/// Quotients and logarithms of exponentials are those of their exponents: logits of 3,000 overflow in none of them.
#[test]
fn exponentials_against_each_other_do_not_overflow() {
    let directory = Directory::new("code_exponents");
    for (name, document) in [
        ("contrast", r"L = -\sum_i \log \frac{\exp(u_i^\top v_i)}{\sum_j \exp(u_i^\top v_j)}"),
        ("others", r"L = \sum_i \log \left(\exp(u_i^\top v_i) + \sum_{j \ne i} \exp(u_i^\top v_j)\right)"),
        ("npairs", r"L = \sum_i \log \left(1 + \sum_{j \ne i} \exp(u_i^\top v_j - u_i^\top v_i)\right)"),
        ("whole", "u: n x d; v: n x d; L = log(1 + sum(exp(u v^T)))"),
        ("ratio", r"L = \sum_i \exp(u_i^\top v_i) / \sum_j \exp(u_i^\top v_j)"),
    ] {
        let text = written(&[document, "--target", "rust", "--no-check"]);
        let far = largest_distance(
            &directory,
            name,
            &text,
            "3, 2, &[40.0, -35.0, 30.1, 52.0, 0.5, 1.0], &[50.0, -45.0, 31.0, 51.0, 0.25, 2.0]",
        );
        assert!(far < 1e-6, "{document}: {far}");
    }
}

/// Where the diagonal is large, less it is all that remains: it is left out of the sum, not taken off it.
#[test]
fn a_sum_without_the_diagonal_keeps_its_digits() {
    let text = function("numpy", "A: n x n; x: n; s = x^T (exp(A) ones(n) - diag(exp(A)))");
    assert!(text.contains("s = x @ t_3") && text.contains("t_3 = _sum(_add_diagonal("), "{text}");
}

#[test]
fn a_plate_is_the_side_of_an_array() {
    let text = function("numpy", "s = sum(i=1..N, u^T tanh(W x_i + b))");
    assert!(text.contains("np.tanh(") && text.contains("X @ W.T + b") && !text.contains("for "), "{text}");
}

/// PyTorch 1.13 fails at a Kronecker product with a transpose: "view size is not compatible".
#[test]
fn factors_of_a_kronecker_product_lie_in_rows_for_torch() {
    let text = written(&["X: k x k; s = tr(X^3)", "--order", "2", "--target", "torch", "--no-check"]);
    assert!(text.contains("torch.kron(X.T.contiguous(), ") && !text.contains("torch.kron(X.T, "), "{text}");
}

#[test]
fn sizes_that_no_array_tells_are_given() {
    let text = written(&["x: scalar; s = x sum(ones(k))", "--target", "numpy"]);
    assert!(text.contains("def value_and_grad(x, *, k):"), "{text}");
}

#[test]
fn names_are_no_words_of_the_language() {
    let lambda = "x: n; λ: scalar; s = λ x^T x";
    assert!(written(&[lambda, "--target", "numpy"]).contains("def value_and_grad(x, λ):"));
    assert!(written(&[lambda, "--target", "c"]).contains("double lambda,"));
    assert!(written(&["for: n; s = for^T for", "--target", "rust"]).contains("for_2: &[f64]"));
}

#[test]
fn what_a_target_cannot_do_is_refused_by_name() {
    let run = gradus(&["code", "s = x^T x", "--target", "fortran"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("numpy"), "{}", run.stderr);
}

#[test]
fn the_ending_of_the_file_says_the_target() {
    let directory = Directory::new("code");
    let path = directory.path().join("score.c");
    let run = gradus(&["code", LECTURE, "-o", &path.to_string_lossy()]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert!(std::fs::read_to_string(path).expect("it was written").contains("int value_and_grad(size_t"));
}

#[test]
fn a_row_that_repeats_is_written_out_below_a_diagonal() {
    let text = written(&["x: n; y = log_softmax(x)", "--target", "numpy", "--form", "jacobian"]);
    assert!(text.contains("\"x\": _add_diagonal(np.tile(-t_2 / t_3, (n, 1)), 1),"), "{text}");
}

/// The root of ‖xᵢ‖² + ‖xⱼ‖² - 2 xᵢᵀxⱼ need be no number where i meets itself: the distances are those of the differences.
#[test]
fn distances_of_all_pairs_stand_on_a_plate() {
    let pairs = "L = \\sum_{i<j} w_{ij} (d_{ij} - \\|x_i - x_j\\|)^2";
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true, description => pairs}, {
        insta::assert_snapshot!("code.plate", function("numpy", pairs));
    });
    let run = gradus(&["code", pairs, "--wrt", "d_ij", "--target", "c"]);
    assert!(run.code == 2 && run.stderr.contains("no code for c") && run.stderr.contains("--target numpy"), "{run:?}");
}

/// The check in the file passes what gradus wrote, and sees a factor that is changed, of a gradient and of a Jacobian.
#[test]
fn a_file_tells_a_wrong_derivative_from_differences() {
    let directory = Directory::new("code_differences");
    for (name, document, form, call, entry) in [
        (
            "gradient",
            "A: n x n symmetric; x: n; s = x^T A x + 3 sum(A .* A)",
            "shape",
            "2, &[0.3, 1.2, 1.2, -0.7], &[0.4, -1.1]",
            "6.0_f64",
        ),
        (
            "jacobian",
            "W: n x m; x: m; y = 7 W x",
            "jacobian",
            "2, 3, &[0.3, 1.2, -0.4, 0.9, -0.7, 0.1], &[0.4, -1.1, 0.2]",
            "7.0_f64",
        ),
    ] {
        let text = written(&[document, "--target", "rust", "--form", form]);
        let wrong = text.rfind(entry).map(|at| format!("{}5.0_f64{}", &text[..at], &text[at + entry.len()..]));
        let far = |text: &str| largest_distance(&directory, name, text, call);
        assert!(far(&text) < 1e-7, "{}", far(&text));
        assert!(far(&wrong.expect("the factor is there")) > 1e-2, "{text}");
    }
}

/// What its standard library lacks stands in a Rust file: where the series change places, and far out. Expected by mpmath.
#[test]
fn functions_that_rust_lacks_have_their_values() {
    let document = "x: n; a: scalar; b: scalar; c: scalar; d: scalar; \
                    s = a sum(erf(x)) + b sum(gelu(-x)) + c sum(lgamma(x)) + d sum(digamma(x))";
    let text = written(&[document, "--target", "rust"]);
    let main = "fn main() {
        let x = [0.01, 0.999, 1.001, 1.5, 2.5, 9.999, 10.001, 19.999, 20.001, 35.0];
        let (_, all) = value_and_grad(x.len(), &x, 0.0, 0.0, 0.0, 1.0).unwrap();
        println!(\"{:?}\", [all.d_a, all.d_b, all.d_c, all.d_d, all.d_x.iter().sum::<f64>()]);
    }
";
    let found = printed(&Directory::new("code_special"), "special", &format!("{text}{main}"));
    let found: Vec<f64> = serde_json::from_str(&found).expect("numbers are printed");
    let expected = [8.662382365698289, -0.4380053375467304, 197.62763318901108, -86.99012510268012, 10006.6781059109];
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 4e-15 * expected.abs(), "{found} is not {expected}");
    }
}

/// The largest of the distances that a Rust file's own check prints.
fn largest_distance(directory: &Directory, name: &str, text: &str, call: &str) -> f64 {
    let main = format!(
        "fn main() {{ println!(\"{{:e}}\", check_gradient({call}).unwrap().iter().map(|f| f.1).fold(0.0, f64::max)); }}\n"
    );
    printed(directory, name, &format!("{text}{main}")).trim().parse().expect("a number is printed")
}

/// What a Rust program prints.
fn printed(directory: &Directory, name: &str, text: &str) -> String {
    let source = directory.file(&format!("{name}.rs"), text);
    let program = directory.path().join(name);
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let built = Command::new(rustc).args(["--edition", "2021", "-o"]).arg(&program).arg(&source).output();
    let built = built.expect("rustc runs where cargo does");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let run = Command::new(&program).output().expect("what was built runs");
    String::from_utf8_lossy(&run.stdout).into_owned()
}
