//! Products, variances and standard deviations: of a whole array, by rows, by columns; form and numbers.

use super::binary::gradus;

/// The derivatives of a document, without what is said below them.
#[track_caller]
fn derived(document: &str, args: &[&str]) -> String {
    let run = gradus(&[&["derive", document, "--format", "ascii"], args].concat());
    assert_eq!(run.code, 0, "{run:?}");
    run.stdout.split("\n\n").next().unwrap_or_default().trim().to_owned()
}

#[track_caller]
fn refused(document: &str, args: &[&str], words: &str) {
    let run = gradus(&[&["derive", document], args].concat());
    assert!(run.code != 0 && run.stderr.contains(words), "{run:?}");
}

#[test]
fn a_product_moves_with_the_product_of_the_other_entries() {
    assert_eq!(derived("s = prod(x)", &[]), "ds/dx = prod_others(x)    n");
    assert_eq!(derived("s = np.prod(x)", &[]), derived("s = x.prod()", &[]));
    assert_eq!(derived("s = prod(W x)", &["--wrt", "W"]), "ds/dW = prod_others(W x) x^T    n x m");
    let rows = "ds/dX = diag(u) prod_others(X, rows)    n x m";
    assert_eq!(derived("s = u^T prod(X, rows)", &["--wrt", "X"]), rows);
    let hessian = "d^2 s/(dx dx^T) = prod_others(x ones(n)^T + I - diag(x), cols) - diag(prod_others(x))    n x n";
    assert_eq!(derived("s = prod(x)", &["--order", "2"]), hessian);
    assert_eq!(derived("s = prod(t); t: scalar", &[]), "ds/dt = 1    scalar");
}

#[test]
fn products_are_right_where_an_entry_is_0() {
    let at = std::env::temp_dir().join(format!("gradus-zero-{}.json", std::process::id()));
    std::fs::write(&at, "{\"x\": [0, 2, 3]}").expect("a file");
    let path = at.to_string_lossy().into_owned();
    let run = gradus(&["derive", "s = prod(x)", "--at", &path]);
    assert!(run.stdout.contains("[6.0,0.0,0.0]"), "{run:?}");
    let run = gradus(&["derive", "s = prod(x)", "--order", "2", "--at", &path]);
    assert!(run.stdout.contains("[[0.0,3.0,2.0],[3.0,0.0,0.0],[2.0,0.0,0.0]]"), "{run:?}");
    std::fs::remove_file(&at).expect("the file");
}

#[test]
fn what_products_cannot_do_is_refused() {
    refused("s = prod(x, 3)", &[], "arrays with an axis 3 are not in the language");
    refused("s = prod(x, u)", &[], "the second argument of `prod` is `rows` or `cols`");
    refused("s = sum(cumprod(x))", &[], "running products have no rule");
    refused("s = prod(X); X: n x m", &["--order", "2"], "no rule");
}

#[test]
fn claims_of_products_are_judged() {
    for (claim, code) in [("prod_others(x)", 0), ("prod(x) ./ x", 0), ("prod(x)", 1)] {
        let run = gradus(&["check", "s = prod(x)", "--claim", claim]);
        assert_eq!(run.code, code, "{claim}: {run:?}");
    }
}

#[test]
fn a_variance_moves_with_the_distances_from_the_mean() {
    assert_eq!(derived("s = var(x)", &[]), "ds/dx = 2/n * (x - mean(x))    n");
    assert_eq!(derived("s = np.var(x)", &[]), derived("s = x.var()", &[]));
    let rows = "ds/dX = 2/m diag(u) (X - sum(X, rows) ones(m)^T / m)    n x m";
    assert_eq!(derived("s = u^T var(X, rows)", &["--wrt", "X"]), rows);
    assert_eq!(derived("s = u^T np.var(X, axis=1)", &["--wrt", "X"]), rows);
    assert_eq!(
        derived("s = var(x)", &["--order", "2"]),
        "d^2 s/(dx dx^T) = 2/n * (I - ones(n) ones(n)^T / n)    n x n"
    );
    assert_eq!(derived("s = var(t); t: scalar", &[]), "ds/dt = 0    scalar");
}

#[test]
fn a_variance_divides_by_less_where_that_is_said() {
    assert_eq!(derived("s = var(x, ddof=1)", &[]), "ds/dx = 2 (x - mean(x)) / (n - 1)    n");
    assert_eq!(derived("s = x.var(ddof=1)", &[]), derived("s = np.var(x, ddof=1)", &[]));
    assert_eq!(derived("s = var(x, ddof=1); x: 4", &[]), "ds/dx = 2/3 (x - mean(x))    4");
    refused("s = var(x, 1)", &[], "the second argument of `var` is `rows` or `cols`");
    refused("s = var(x, ddof=3); x: 3", &[], "division by zero");
    refused("s = exp(ddof=1)", &[], "exp has no setting ddof");
    refused("s = sum(x, ddof=1)", &[], "sum has no setting ddof");
    refused("s = sum([x, ddof=1])", &[], "ddof is a setting of a function");
    refused("s = torch.var(x)", &[], "PyTorch's divides by n - 1");
    refused("s = torch.sum(x) + x.std()", &[], "PyTorch's divides by n - 1");
}

#[test]
fn a_standard_deviation_is_the_root_of_the_variance() {
    assert_eq!(derived("s = std(x)", &[]), "s = sqrt(var(x))    scalar      ds/dx = (x - mean(x)) / (n s)    n");
    assert_eq!(derived("s = std(x)", &[]), derived("s = sqrt(var(x))", &[]));
    let sample = derived("s = v^T np.std(X, axis=1, ddof=1)", &["--wrt", "X"]);
    assert_eq!(sample, derived("s = v^T var(X, rows, ddof=1).^(1/2)", &["--wrt", "X"]));
}
