//! Claims about documents with indices, by member and in matrices; what is printed is read again.

use super::binary::gradus;
use gradus::{Document, Options};

const LEAST_SQUARES: &str = r"L = \sum_{i=1}^n (y_i - w^T x_i)^2";
const BILINEAR: &str = "s = sum(i, sum(j, A_ij x_i y_j))";
const CONTROL: &str = r"J = \sum_{t=0}^{T-1} \| x_{t+1} - A x_t - B u_t \|^2";

/// The targets of `w,w`, `x_i,x_j`, each once.
fn targets(wrt: &str) -> Vec<&str> {
    let mut targets: Vec<&str> = wrt.split(',').collect();
    targets.dedup();
    targets
}

/// What `check` says: a document, targets, a claim.
fn verdict(document: &str, wrt: &str, claim: &str) -> &'static str {
    let order = wrt.split(',').count() as u32;
    let document: Document = document.parse().unwrap_or_else(|e| panic!("{document}: {e}"));
    let options = Options::default().with_respect_to(targets(wrt)).order(order);
    match document.check(claim, &options).unwrap_or_else(|e| panic!("{claim}: {e}")) {
        v if v.is_right() => "yes",
        v if v.is_decided() => "no",
        _ => "not decided",
    }
}

#[test]
fn claims_are_judged_by_member_and_in_matrices() {
    let cases = [
        (LEAST_SQUARES, "w", "-2 sum(i, (y_i - w^T x_i) x_i)", "yes"),
        (LEAST_SQUARES, "w", r"-2 \sum_{i=1}^n (y_i - w^\top x_i) x_i", "yes"),
        (LEAST_SQUARES, "w", "-2 X^T (y - X w)", "yes"),
        (LEAST_SQUARES, "w", "2 X^T (y - X w)", "no"),
        (LEAST_SQUARES, "w", "-2 sum(i, (y_i - w^T x_i) x_1)", "no"),
        (LEAST_SQUARES, "w", "-2 sum(i = 1..n, (y_i - w^T x_i) x_i) + 0 w", "yes"),
        (LEAST_SQUARES, "w", "-2 sum(i = 1..1, (y_i - w^T x_i) x_i)", "no"),
        (LEAST_SQUARES, "x_i", "-2 (y_i - w^T x_i) w", "yes"),
        (LEAST_SQUARES, "x_i", "-2 sum(j, [i = j] (y_j - w^T x_j)) w", "yes"),
        (LEAST_SQUARES, "x_i", "-2 (y - X w) w^T", "yes"),
        (LEAST_SQUARES, "x_i", "-2 w (y - X w)^T", "no"),
        (LEAST_SQUARES, "y_k", "2 (y_k - w^T x_k)", "yes"),
        (LEAST_SQUARES, "w,w", "2 sum(i, x_i x_i^T)", "yes"),
        (LEAST_SQUARES, "w,w", "2 X^T X", "yes"),
        (LEAST_SQUARES, "y_i,y_j", "2 δ_ij", "yes"),
        (LEAST_SQUARES, "y_i,y_j", "2 eye(n)", "yes"),
        (LEAST_SQUARES, "y_i,y_j", "2", "no"),
        (BILINEAR, "A_ij", "x_i y_j", "yes"),
        (BILINEAR, "A_ij", "x_j y_i", "no"),
        (BILINEAR, "A_ij", "x y^T", "yes"),
        (BILINEAR, "x_i", "(A y)_i", "yes"),
        (BILINEAR, "x_i", "2 (A y)_i", "no"),
        (CONTROL, "B", "-2 sum(t, (x_{t+1} - A x_t - B u_t) u_t^T)", "yes"),
        (CONTROL, "B", "-2 sum(t = 0..T-1, (x_{t+1} - A x_t - B u_t) u_t^T)", "yes"),
        (CONTROL, "x_t", "2 [t > 0] (x_t - A x_{t-1} - B u_{t-1}) - 2 [t < T] A^T (x_{t+1} - A x_t - B u_t)", "yes"),
        (CONTROL, "x_t", "2 [t > 0] (x_t - A x_{t-1} - B u_{t-1}) - 2 [t < T-1] A^T (x_{t+1} - A x_t - B u_t)", "no"),
        (r"f = k^\top a + \sum_{k=1}^{m} a_k^2", "a", "k + 2 a", "yes"),
        (r"V(w) = \mathbb{E}[(w^\top x)^2]", "w", "2 E[x x^T] w", "yes"),
        (r"V(w) = \mathbb{E}[(w^\top x)^2]", "w", "2 E[x] E[x]^T w", "no"),
        (r"s = \sum_{i \ne j} x_i^\top x_j", "x_i", "2 sum(j != i, x_j)", "yes"),
        (r"s = \sum_{i \ne j} x_i^\top x_j", "x_i", "2 sum(j, x_j)", "no"),
    ];
    for (document, wrt, claim, expected) in cases {
        assert_eq!(verdict(document, wrt, claim), expected, "{document}: ∂/∂{wrt} = {claim}");
    }
}

#[test]
fn a_claim_is_refused_where_its_letters_say_too_little() {
    let error = |document: &str, wrt: &str, claim: &str| {
        let document: Document = document.parse().expect("it reads");
        let options = Options::default().with_respect_to([wrt]);
        document.check(claim, &options).expect_err(claim).to_string()
    };
    assert!(error(LEAST_SQUARES, "w", "-2 (y_i - w^T x_i) x_i").contains("nothing binds the index `i`"));
    assert!(error(LEAST_SQUARES, "x_i", "-2 (y_j - w^T x_j) w").contains("nothing binds the index `j`"));
    assert!(error(LEAST_SQUARES, "w", r"\sum_j w").contains("nothing says what the index `j` runs over"));
}

#[test]
fn a_counterexample_says_how_long_ranges_are_and_where_the_letters() {
    let out = gradus(&["check", LEAST_SQUARES, "--wrt", "x_i", "--claim", "2 (y_i - w^T x_i) w"]);
    assert_eq!(out.code, 1);
    assert!(out.stdout.contains("counterexample: at i = 1, m = 2, n = 3, y₁ = "), "{}", out.stdout);
    assert!(out.stdout.contains("x₁ = ["), "{}", out.stdout);
    let out = gradus(&["check", LEAST_SQUARES, "--wrt", "w", "--claim", "X^T y", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out.stdout).expect("json");
    let at = &json["difference"]["at"];
    assert!(at["x"][2].is_array() && at["y"].as_array().is_some_and(|y| y.len() == 3), "{at}");
}

/// Documents of all kinds of sums and families, each with its targets.
const PRINTED: &[(&str, &[&str])] = &[
    (LEAST_SQUARES, &["w", "x_i", "y_i", "w,w", "x_i,x_j"]),
    (BILINEAR, &["A_ij", "x_i", "y", "x_i,y_j"]),
    (CONTROL, &["A", "B", "x_t", "u_t"]),
    (r"\mathrm{TV}(x) = \sum_{i=1}^{n-1} | x_{i+1} - x_i |", &["x_i"]),
    (r"f(x) = \sum_{i=1}^{n-1} [100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2]", &["x_i", "x_i,x_j"]),
    (r"\sigma(X) = \sum_{i<j} w_{ij} ( d_{ij} - \| x_i - x_j \| )^2", &["x_i", "d_ij", "w_ij"]),
    (r"\sum_{i \neq j} \frac{1}{\| x_i - x_j \|}", &["x_i"]),
    (r"f(x) = \sum_{i=1}^{n} i\, x_i^2", &["x_i", "x_i,x_j"]),
    (r"Q = \sum_{i,j} (\delta_{ij} p_i - p_i p_j) v_i v_j", &["p_i", "v_i"]),
    (r"s = \sum_{i,j} [i \neq j] A_{ij}^2 + \sum_i A_{ii}", &["A_ij"]),
    (r"L = \sum_{n=1}^{N} \log \sum_{k=1}^{K} \pi_k \exp( -\tfrac12 \| x_n - \mu_k \|^2 )", &["μ_k", "π_k", "x_n"]),
    (r"V(w) = \mathbb{E}[(w^\top x)^2] - (\mathbb{E}[w^\top x])^2", &["w", "w,w"]),
    (r"\max_{i = 1, \dots, m} ( a_i^\top x + b_i )", &["x", "b_i"]),
    (r"s = \prod_{i=1}^{n} (1 + x_i^2)", &["x_i"]),
    (r"\phi(x) = -\sum_{i=1}^{m} \log( b_i - (A x)_i )", &["x", "b_i"]),
    (r"p_i = \sigma(w^\top x_i + b), \qquad L = -\sum_{i} y_i \log p_i + (1 - y_i) \log(1 - p_i)", &["w", "b", "x_i"]),
    (r"\frac{1}{|B|} \sum_{i \in B} ( y_i - w^\top x_i )^2", &["w"]),
    (r"\operatorname{tr}( \sum_k A_k X B_k )", &["X", "A_k"]),
];

#[test]
fn what_is_printed_is_read_again_and_right() {
    for (text, all) in PRINTED {
        let document: Document = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        for wrt in *all {
            let order = wrt.split(',').count() as u32;
            let options = Options::default().with_respect_to(targets(wrt)).order(order);
            let derived = document.derive(&options).unwrap_or_else(|e| panic!("{text}: {e}"));
            let asked =
                |d: &&gradus::Derivative| order == 1 || targets(wrt).len() == 1 || d.targets().join(",") == *wrt;
            let printed = derived.derivatives().iter().find(asked).expect("it was asked for").ascii();
            let verdict = document.check(&printed, &options).unwrap_or_else(|e| panic!("{text}: {printed}: {e}"));
            assert!(verdict.is_right(), "{text}: ∂/∂{wrt} = {printed}\n{verdict}");
        }
    }
}

#[test]
fn sides_with_sums_are_equal_or_not() {
    let cases = [
        ("sum(i = 1..n, x_i^2)", "sum(j = 1..n, x_j x_j)", "yes"),
        ("sum(i, x_i^2)", "x^T x", "yes"),
        ("sum(i, sum(j, A_ij x_i y_j))", "x^T A y", "yes"),
        ("sum(i, sum(j, A_ij x_i y_j))", "x^T A^T y", "no"),
        ("sum(i, a_i) sum(j, b_j)", "sum(i, sum(j, a_i b_j))", "yes"),
        ("sum(i, a_i) sum(j, b_j)", "sum(i, a_i b_i)", "no"),
        (r"\sum_{i=1}^n (x_i - \frac1n \sum_{j=1}^n x_j)", "0", "yes"),
        (r"\sum_{i=1}^n i", "n (n + 1) / 2", "yes"),
        (r"\sum_{i=1}^n i", "n (n + 2) / 2", "no"),
        (r"\sum_{i<j} x_i x_j", r"\frac12 ((\sum_i x_i)^2 - \sum_i x_i^2)", "yes"),
        // wherever the letters are that nothing binds
        ("sum(j, A_ij x_j)", "(A x)_i", "yes"),
        ("sum(j, A_ij x_j)", "sum(j, A_ji x_j)", "no"),
        ("sum(j, δ_ij x_j)", "x_i", "yes"),
        ("sum(k, A_ik B_kj)", "(A B)_ij", "yes"),
        ("sum(k, A_ik B_kj)", "(B A)_ij", "no"),
        ("x_i + x_i", "2 x_i", "yes"),
    ];
    for (left, right, expected) in cases {
        let found = gradus::equal(left, right).unwrap_or_else(|e| panic!("{left} = {right}: {e}"));
        let word = if found.is_equal() {
            "yes"
        } else if found.is_decided() {
            "no"
        } else {
            "not decided"
        };
        assert_eq!(word, expected, "{left} = {right}");
    }
}

#[test]
fn sums_are_simplified() {
    let simple = |text: &str| gradus::simplify(text).unwrap_or_else(|e| panic!("{text}: {e}")).to_string();
    assert_eq!(simple("sum(i, 2 c x_i)\nc: scalar"), "2 c Σᵢ xᵢ");
    assert_eq!(simple("s = sum(i = 1..n, sum(j = 1..n, [i = j] a_i b_j))"), "Σᵢ aᵢ bᵢ");
}

/// What explains a wrong claim: a slip, and its correction; or what nobody declared.
#[test]
fn wrong_claims_with_indices_are_explained() {
    let cases = [
        (LEAST_SQUARES, "w", "-2 sum(i, (y_i - w^T x_i) w)", "slip: w stands where xᵢ belongs"),
        (LEAST_SQUARES, "w", "2 X^T (y - X w)", "slip: the sign is wrong"),
        (LEAST_SQUARES, "w", "-2 X^T (y + X w)", "slip: the sign of X w is wrong"),
        (LEAST_SQUARES, "w", "-2 X^T (y + X w)", "convention: X stacks the members of x as rows"),
        (LEAST_SQUARES, "x_i", "-(y_i - w^T x_i) w", "slip: a factor 2 is missing"),
        (LEAST_SQUARES, "x_i", "-2 w (y - X w)^T", "slip: the outer product is turned round"),
        (BILINEAR, "x_i", "2 (A y)_i", "slip: there is a factor 2 too many"),
        (LEAST_SQUARES, "y_i,y_j", "2", "slip: the factor δᵢⱼ is missing"),
        (
            r"L = \sum_i log(1 + exp(-y_i w^T x_i))",
            "w",
            "-sum(k, sigmoid(-y_k w^T x_k) x_k)",
            "slip: the factor yₖ is missing",
        ),
        (
            r"L = \sum_{t=2}^T (x_t - ρ x_{t-1})^2",
            "ρ",
            "-2 sum(t = 1..T-1, (x_{t+1} - ρ x_t) x_{t+1})",
            "slip: xₜ₊₁ stands where xₜ belongs: its index is wrong",
        ),
        (
            r"s = \sum_{i<j} \|x_i - x_j\|^2",
            "x_i",
            r"2 \sum_{j<i} (x_i - x_j)",
            "slip: Σ_{j<i} (xᵢ - xⱼ) stands where Σⱼ (xᵢ - xⱼ) belongs: the sum runs over the wrong places",
        ),
        (
            "A: n x n; s = sum(i, sum(j, A_ij x_i x_j))",
            "x_i",
            "2 sum(j, A_ij x_j)",
            "it would be right if A were symmetric; the document does not say so",
        ),
        (
            "A_k: d x d; s = sum(k, x^T A_k x)",
            "x",
            "2 sum(k, A_k x)",
            "it would be right if Aₖ were symmetric; the document does not say so",
        ),
        (
            r"L = -\sum_k y_k \log(e^{z_k} / \sum_j e^{z_j})",
            "z_k",
            r"e^{z_k} / \sum_j e^{z_j} - y_k",
            "it would be right if the entries of y added up to 1; the document does not say so",
        ),
    ];
    for (text, wrt, claim, expected) in cases {
        let document: Document = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        let options = Options::default().with_respect_to(targets(wrt)).order(wrt.split(',').count() as u32);
        let verdict = document.check(claim, &options).unwrap_or_else(|e| panic!("{claim}: {e}"));
        assert!(!verdict.is_right() && verdict.is_decided(), "{verdict}");
        assert!(verdict.to_string().contains(expected), "{text}: ∂/∂{wrt} = {claim}\n{verdict}");
        let Some(corrected) = verdict.corrected() else { continue };
        let again = document.check(&corrected, &options).unwrap_or_else(|e| panic!("{corrected}: {e}"));
        assert!(again.is_right(), "{claim} corrected: {corrected}\n{again}");
    }
}

/// What is declared of the array of all members holds wherever sides are compared.
#[test]
fn what_is_declared_of_an_array_is_true_of_its_entries() {
    let quadratic = "A: n x n symmetric; s = sum(i, sum(j, A_ij x_i x_j))";
    assert_eq!(verdict(quadratic, "x_i", "2 sum(j, A_ij x_j)"), "yes");
    assert_eq!(verdict(quadratic, "A_ij", "x_i x_j"), "yes");
    assert_eq!(verdict(quadratic, "A_ij", "2 x_i x_j"), "no");
    let entropy = r"y: n distribution; L = -\sum_k y_k \log(e^{z_k} / \sum_j e^{z_j})";
    assert_eq!(verdict(entropy, "z_k", r"e^{z_k} / \sum_j e^{z_j} - y_k"), "yes");
    let plain = r"y: n; L = -\sum_k y_k \log(e^{z_k} / \sum_j e^{z_j})";
    assert_eq!(verdict(plain, "z_k", r"e^{z_k} / \sum_j e^{z_j} - y_k"), "no");
}

/// Right claims with what shows them right: a proof in steps, below the sign of a sum where the sums differ; over whole arrays
/// by the rules for arrays.
#[test]
fn right_claims_are_proved_where_a_proof_is_found() {
    let cases = [
        (LEAST_SQUARES, "w", "2 sum(i, (w^T x_i - y_i) x_i)", "gradus derives the very same"),
        (LEAST_SQUARES, "w", "2 X^T (X w - y)", "gradus derives the very same"),
        (LEAST_SQUARES, "w", "2 X^T X w - 2 X^T y", "multiply_out_left: a product with a sum"),
        (LEAST_SQUARES, "w", "-2 sum(k, (y_k - w^T x_k) x_k)", "sums: a factor without the index goes into the sum"),
        (LEAST_SQUARES, "x_i", "-2 sum(j, [i = j] (y_j - w^T x_j)) w", "a bracket picks its term"),
    ];
    for (text, wrt, claim, expected) in cases {
        let document: Document = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        let verdict = document.check(claim, &Options::default().with_respect_to([wrt])).expect("it is judged");
        assert!(verdict.is_proved(), "{verdict}");
        assert!(verdict.to_string().contains(expected), "{verdict}");
    }
    for (left, right) in [
        ("sum(i, (a_i + b_i)^2)", "sum(i, a_i^2 + 2 a_i b_i + b_i^2)"),
        ("sum(i, a_i) sum(j, b_j)", "sum(j, sum(i, a_i b_j))"),
    ] {
        assert!(gradus::equal(left, right).expect("it is judged").is_proved(), "{left} = {right}");
    }
}

#[test]
fn an_equality_knows_the_matrix_of_the_members() {
    let answer = |left: &str, right: &str| gradus(&["equal", left, right]);
    for (left, right) in [("Σ_i a_i x_i", "X^T a"), ("Σ_i (y_i - w^T x_i)^2", "‖y - X w‖^2")] {
        let found = answer(left, right);
        assert_eq!(found.code, 0, "{left}: {found:?}");
        assert!(found.stdout.contains("X stacks the members of x as rows"), "{found:?}");
    }
    assert_eq!(answer("Σ_i (y_i - w^T x_i)^2", "‖y + X w‖^2").code, 1);
}

#[test]
fn a_claim_without_its_bracket_is_found_out() {
    let claim = |claim: &str| gradus(&["check", "s = 1[y = k] x^2", "--wrt", "x", "--claim", claim]).code;
    assert_eq!([claim("2 [y = k] x"), claim("0"), claim("2 x")], [0, 1, 1]);
}

#[test]
fn a_claim_may_speak_of_the_rows_of_a_matrix() {
    let text = "A: n x m; b: n; f = norm2(A x - b)^2";
    let own = "convention: A stacks the members of a as rows";
    for (claim, right) in [("2 Σ_i (a_i^T x - b_i) a_i", true), ("2 Σ_i (a_i^T x - b_i) x", false)] {
        let out = gradus(&["check", text, "--wrt", "x", "--claim", claim]);
        assert_eq!(out.code == 0, right, "{}{}", out.stdout, out.stderr);
        assert!(out.stdout.contains(own), "{}{}", out.stdout, out.stderr);
    }
    let out =
        gradus(&["check", "a: m; A: n x m; f = norm2(A x)^2 + a^T x", "--wrt", "x", "--claim", "2 Σ_i (a_i^T x) a_i"]);
    assert!(
        out.code != 0 && !out.stdout.contains(own),
        "a name of the document is no row: {}{}",
        out.stdout,
        out.stderr
    );
}

#[test]
fn several_sums_over_the_same_places_are_proved_as_one() {
    for (text, wrt, claim) in [
        ("f = Σ_i (y_i - w^T x_i)²", "w", "-2 Σ_i y_i x_i + 2 Σ_i x_i x_i^T w"),
        ("f = Σ_i (a_i x_i + b_i x_i²)", "x_i", "a_i + 2 b_i x_i"),
        ("f = Σ_i log(1+exp(-y_i w^T x_i))", "w", "Σ_i (σ(y_i w^T x_i) - 1) y_i x_i"),
        ("f = Σ_i log(1+exp(-y_i w^T x_i))", "w", "Σ_i σ(y_i w^T x_i) y_i x_i - Σ_i y_i x_i"),
    ] {
        let out = gradus(&["check", text, "--wrt", wrt, "--claim", claim]);
        assert!(out.code == 0 && !out.stdout.contains("no proof"), "{claim}: {}{}", out.stdout, out.stderr);
    }
}

/// Of letters that are equal in a bracket any may be written, and a product of brackets is one.
#[test]
fn brackets_have_one_form() {
    for (order, claim) in [
        ("3", "6 δ_ij δ_jk"),
        ("3", "6 [k = j] [j = i]"),
        ("3", "3 δ_ij δ_jk + 3 δ_ik δ_ij"),
        ("2", "6 x_j δ_ij"),
        ("2", "6 x_i [j = i]"),
    ] {
        let out = gradus(&["check", "L = sum(i, x_i^3)", "--wrt", "x_i", "--order", order, "--claim", claim]);
        assert!(out.code == 0 && !out.stdout.contains("no proof"), "{claim}: {}{}", out.stdout, out.stderr);
    }
}
