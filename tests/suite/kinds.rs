//! What undeclared names are read as: kinds by the evidence of the whole document, factors and calls before brackets.

use crate::shape::{check, core, read, refused};
use gradus::internals::diag::Kind;
use gradus::internals::expr::Name;

// ---- names before brackets

#[test]
fn what_is_declared_a_size_or_a_letter_of_no_function_is_a_factor() {
    core("x: n; s = n (x^T x)", "(Had (SizeNumber(n)) (Mul (Transpose x) x))");
}

#[test]
fn a_word_that_is_no_function_is_refused() {
    refused("x: n; mystery(x)", Kind::Name, &["`mystery`", "`mystery: elementwise`"]);
    refused("x: n; sigmod(x)", Kind::Name, &["did you mean `sigmoid`?"]);
    check("x: n; mystery: elementwise; mystery(x)", "x: n, : n");
}

// ---- kinds of undeclared names

#[test]
fn letters_in_a_column_of_coordinates_are_numbers() {
    check(
        r"p = \begin{bmatrix} a \cos q + b \cos(q + r) \\ a \sin q + b \sin(q + r) \end{bmatrix}",
        "a: scalar, q: scalar, b: scalar, r: scalar, p: 2",
    );
    check("x = [v cos(θ); v sin(θ); w]", "v: scalar, θ: scalar, w: scalar, x: 3");
    // capitals and declarations speak of arrays
    check("x: n; y = [cos(x); 2 sin(x)]", "x: n, y: 2n");
    check("y = [cos(W x); sin(W x)]", "W: n×m, x: m, y: 2n");
}

#[test]
fn a_matrix_before_a_difference_has_a_vector_behind_it() {
    check(r"s = -\Sigma^{-1}(x - \mu)", "Σ: n×n, x: n, μ: n, s: n");
    check("f = z + u tanh(w^T z + b)", "z: n, u: n, w: n, b: scalar, f: n");
    check(r"P = F S F^\top", "F: n×m, S: m×m, P: n×n");
    check("P = FP_kF^T + GQG^T", "F: n×m, P_k: m×m, G: n×k, Q: k×k, P: n×n");
}

#[test]
fn pi_is_a_name_where_it_is_transposed_or_listed() {
    check(r"\pi^\top r", "π: n, r: n, : scalar");
    check(r"\ell(\pi) = y^\top \log \pi", "y: n, π: n, ℓ: scalar");
    check("V = 4/3 π r^3", "r: scalar, V: scalar");
}

/// The names whose letters were overruled.
fn overruled(text: &str) -> String {
    let program = read(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    let names: Vec<&str> = program.reading.overruled.iter().map(Name::as_str).collect();
    names.join(", ")
}

#[test]
fn what_is_added_to_a_scalar_is_one() {
    check("y = σ(w^T x + b)", "w: n, x: n, b: scalar, y: scalar");
    check("q = c + g^T p + 1/2 p^T B p", "c: scalar, g: n, p: n, B: n×n, q: scalar");
    check("E = (‖x - y‖ - L)^2", "x: n, y: n, L: scalar, E: scalar");
    assert_eq!(overruled("y = σ(w^T x + b)"), "b");
    // beside a vector it is one
    check("z = W x + b", "W: n×m, x: m, b: n, z: n");
    check("y = x - mean(x)", "x: n, y: n");
}

#[test]
fn what_stands_under_a_transpose_or_in_a_norm_is_no_scalar() {
    check("‖y - X β‖^2 + λ ‖β‖^2", "y: n, X: n×m, β: m, λ: scalar, : scalar");
    check("w^T σ / sqrt(w^T Σ w)", "w: n, σ: n, Σ: n×n, : scalar");
    check("(x - μ)^T A (x - μ)", "x: n, μ: n, A: n×n, : scalar");
    check("x ∘ α + y", "x: n, α: n, y: n, : n");
    // MATLAB scales with its sign
    check("α .* x + y", "α: scalar, x: n, y: n, : n");
}

#[test]
fn what_divides_or_is_an_exponent_is_a_scalar() {
    check("s = x^T x / n", "x: m, n: scalar, s: scalar");
    check("U = 4 ε ((σ/r)^12 - (σ/r)^6)", "ε: scalar, σ: scalar, r: scalar, U: scalar");
    check("s = a^k", "a: scalar, k: scalar, s: scalar");
    check("s = x / y - log(x / y) - 1", "x: scalar, y: scalar, s: scalar");
}

#[test]
fn a_factor_in_front_of_a_scalar_is_one_where_the_name_of_the_value_says_so() {
    check("L = t c^T x", "t: scalar, c: n, x: n, L: scalar");
    check("J = k (‖x‖ - 1)^2", "k: scalar, x: n, J: scalar");
    check("y = u c^T x", "u: n, c: m, x: m, y: n");
    check("y = t c^T x", "t: scalar, c: n, x: n, y: scalar");
    check("f = x (x^T x)^(-1/2)", "x: n, f: n");
}

#[test]
fn bold_letters_and_arrows_are_believed() {
    check(
        r"\boldsymbol{\mu}^\top \mathbf{A} \boldsymbol{\mu} + \boldsymbol{\mu}^\top \vec{b}",
        "μ: n, A: n×n, b: n, : scalar",
    );
    refused(r"s = \mathbf{x}^\top \mathbf{x} / \mathbf{r}", Kind::Shape, &["`/` divides by a scalar"]);
}

#[test]
fn declared_names_are_what_they_are_declared() {
    check("λ: scalar; x: n; y = x + λ", "λ: scalar, x: n, y: n");
    assert!(read("λ: scalar; x: n; y = x + λ").unwrap().notes.is_empty());
    check("b: n; W: n x m; x: m; z = W x + b", "b: n, W: n×m, x: m, z: n");
}

#[test]
fn no_undeclared_name_is_broadcast_in_silence() {
    let program = read("A: n x n; x: n; s = x^T (A + 2 λ) x").unwrap_or_default();
    assert!(program.definitions.is_empty() || !program.notes.is_empty(), "{:?}", program.reading);
    refused("x^T (A + λ) x", Kind::Shape, &["declare"]);
    refused("X W + b", Kind::Shape, &["`b`", "declare"]);
}

#[test]
fn what_has_to_be_a_scalar_makes_a_function_one_of_a_vector() {
    check("L = f(x) + y^T (A x - b)", "x: m, y: n, A: n×m, b: n, L: scalar");
    check("s = y^T (f(x) - b)", "y: n, x: n, b: n, s: scalar");
}

#[test]
fn a_bold_call_is_a_function_of_a_vector_and_is_to_be_declared() {
    refused(r"\mathbf{F}(\mathbf{x})", Kind::Unsupported, &["function of a vector", "F: R^n -> R^m", "F x"]);
    check(r"F: R^n -> R^m; \mathbf{F}(\mathbf{x})", "x: n, : m");
    check(r"\mathbf{F}(\mathbf{x} + \mathbf{y})", "F: n×m, x: m, y: m, : n");
    refused(r"QZ(\vec{y}, \vec{p})", Kind::Name, &["`QZ`"]);
}

#[test]
fn a_softmax_goes_along_what_its_product_sums_over() {
    core("A: n x n; V: n x m; softmax(A) V", "(Mul (Builtin(Softmax(Rows)) A) V)");
    core("A: n x n; V: m x n; V softmax(A)", "(Mul V (Builtin(Softmax(Cols)) A))");
    refused("A: n x n; softmax(A)", Kind::Shape, &["softmax(A, rows)"]);
    refused("A: n x n; V: n x m; softmax(A + 1) .* A", Kind::Shape, &["rows"]);
}

#[test]
fn formulas_of_numbers_have_no_arrays() {
    let texts = [
        "y = a·e^(−b·x) + c",
        "C0*exp(-k*t)",
        "v = sqrt(2 g h)",
        r"V_{out} = -V_{in}\frac{R_f}{R_1}(1 + \frac{R_2}{R_3})^{-1}",
        r"\max_{c,l} U = \ln c + ψ\ln(1-l)",
        "a * exp(-b * x) + c",
        "log(p) - log(1-p)",
        "-(y log p + (1-y) log(1-p))",
        "y = m*x + b",
        "F = 6·π·η·r·v",
        "q = e^(a·x)·cos(b·x)",
        "S = k_B ln(W)",
        r"g(x) = a \ln x + b x",
        "y = a e^x + b",
    ];
    for text in texts {
        let program = read(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        assert!(program.inputs.iter().all(|input| input.shape.is_scalar()), "{text}");
    }
}

#[test]
fn formulas_of_arrays_keep_them() {
    for (text, shapes) in [
        ("y = w·x + b", "w: n, x: n, b: scalar, y: scalar"),
        ("p = log(1 + exp(-y w·x))", "y: scalar, w: n, x: n, p: scalar"),
        ("r = d - 2 (d·n) n", "d: m, n: m, r: m"),
        ("s = λ·(a·b)", "λ: scalar, a: n, b: n, s: scalar"),
        ("z = W*x + b", "W: n×m, x: m, b: n, z: n"),
        ("y = α x + (1 - α) z", "α: scalar, x: n, z: n, y: n"),
        ("h = exp(x)", "x: n, h: n"),
        ("s = sum(p*log(p))", "p: n, s: scalar"),
        ("h = tanh(a*x)", "a: n, x: n, h: n"),
    ] {
        check(text, shapes);
    }
}

#[test]
fn doubtful_numbers_are_asked_back() {
    for text in ["h = m·c·(T2 − T1)", "c = a·ln(x) + b", "C·V·(T − T₀)", "y = a·x + b", r"s = \sum_i (y_i - x_i·β)^2"]
    {
        refused(text, Kind::Shape, &["declare what"]);
    }
    refused(r"W = F d \cos θ", Kind::Shape, &["`F: scalar; d: scalar`"]);
    refused("q = k (T - Ta)", Kind::Shape, &["`Ta: scalar`"]);
    refused("pH = pKa + ln(A/HA)", Kind::Shape, &["`HA: scalar`"]);
    refused(r"\sigma = E \epsilon", Kind::Shape, &["`E: scalar; ε: scalar`"]);
    refused(r"i = K (V_{GS} - V_T)^2", Kind::Shape, &["`K: scalar; V_GS: scalar; V_T: scalar`"]);
    refused("s = a · tanh(b · x)", Kind::Shape, &["`b: scalar; x: scalar`"]);
    refused("E(x, y) = x · W · y", Kind::Shape, &["`x: scalar; W: scalar; y: scalar`"]);
    refused("d = F*L**3/(3*E*I)", Kind::Name, &["`I: scalar`"]);
    refused("A = P(1 + r/n)^(nt)", Kind::Name, &["write `n t`"]);
    refused(r"p = \exp(q\cdot k_+/\tau)", Kind::Shape, &["`q: vector; k_{+}: vector` for the inner product"]);
}

#[test]
fn a_letter_before_its_weights_is_asked_back_as_a_row() {
    let rows = |text: &str, lines: &str| refused(text, Kind::Shape, &["can be a row times a matrix", lines]);
    rows(r"h_t = \tanh(x_t U + b + h_{t-1} W + c)", "`x_t: row; b: row; h_{t-1}: row; c: row` or `x_t: scalar`");
    rows("q = x W_q", "`x: row` or `x: scalar`");
    rows(r"\mathrm{softmax}(z W + b)", "`z: row; b: row`");
    rows("‖y - x W‖^2", "`y: row; x: row`");
    // a number in front is offered first where the letter is one by custom
    rows("‖y - a X‖^2", "declare what they are: `a: scalar`");
    check("x: row; b: row; y = σ(x W + b)", "x: 1×n, b: 1×m, W: n×m, y: 1×m");
    check("x: row vector; s = x x^T", "x: 1×n, s: scalar");
    check("z = W x + c b", "W: n×m, x: m, c: scalar, b: n, z: n");
    check("J = tr(W) + a w^T x", "W: n×n, a: scalar, w: m, x: m, J: scalar");
}

#[test]
fn a_capital_before_a_parameter_is_a_matrix_whatever_the_sign() {
    check("f(x) = W*x .+ b; s = sum((f(x) .- y).^2)", "W: n×m, b: n, x: m, y: n, s: scalar");
    check("f = @(x) A*x - b; s = norm(f(x))^2", "A: n×m, b: n, x: m, s: scalar");
    // a factor before another function of it is a number
    check("f(x) = A*sin(x); y = f(z)", "A: scalar, z: n, y: n");
    for text in ["np.sum(np.square(X * w - Y))", "s = np.mean((W * x + b - y)**2)"] {
        refused(text, Kind::Shape, &["a factor of a product of matrices", ": scalar`", " @ "]);
    }
    check("s = np.sum(W * X)", "W: n×m, X: n×m, s: scalar");
}

#[test]
fn a_letter_above_weights_is_asked_back_as_a_label() {
    refused(r"\| U^{\tilde r}_{hh} h - y \|^2", Kind::Shape, &["a power here, or a label?", "declare the numbers"]);
    // numbers, powers by Greek letters, and the transpose
    check(r"Y = K^α L^{1-α}", "K: scalar, α: scalar, L: scalar, Y: scalar");
    check("z = W^T x + c", "W: n×m, x: n, c: m, z: m");
}

#[test]
fn a_function_below_a_trace_is_none_of_entries() {
    for text in [
        "tr(log(X^T B X))",
        "tr(A X log(B X))",
        "tr(exp(B + log(X)))",
        r"\operatorname{tr}(A + B - 2 \sqrt{A B})",
        "det(exp(A))",
    ] {
        refused(text, Kind::Unsupported, &["a function of a matrix, which has no rule"]);
    }
    check("S = X^T B X; S: n x n; s = tr(log(S))", "X: m×n, B: m×m, S: n×n, s: scalar");
    check("s = tr(A) + log(det(A))", "A: n×n, s: scalar");
}

#[test]
fn gains_and_margins_are_numbers() {
    refused("u = K_p e + K_i s", Kind::Shape, &["`K_p: scalar; e: scalar; K_i: scalar; s: scalar`"]);
    check("u = K_p e", "K_p: n×m, e: m, u: n");
    refused("G = μ * N", Kind::Shape, &["`N: scalar`"]);
    check("R = b + (P × C^γ) / (T^γ + C^γ)", "b: scalar, P: scalar, C: scalar, γ: scalar, T: scalar, R: scalar");
    check("L = max(0, margin - s_p + s_n)", "margin: scalar, s_p: scalar, s_n: scalar, L: scalar");
}

#[test]
fn squares_of_capitals_are_asked_back_where_a_number_is_expected() {
    for text in ["p = exp(-1/2 Y^T K^{-1} Y) / sqrt(det(K))", "J = (Y - T)' * Q * (Y - T)"] {
        refused(text, Kind::Shape, &["is `Y` a vector here, or a matrix?", "`Y: vector"]);
    }
    check("S = X^T A X", "X: n×m, A: n×n, S: m×m");
    check("J = (x - r)' * Q * (x - r)", "x: n, r: n, Q: n×n, J: scalar");
}

#[test]
fn what_a_distribution_leaves_is_a_call() {
    refused(r"s = y \log F(x^T β) + (1 - y) \log(1 - F(x^T β))", Kind::Name, &["is it a function, or a factor?"]);
}

#[test]
fn a_product_beside_signs_of_entries_is_one_of_matrices() {
    refused("p = exp.(-x*θ); s = sum(y .* log.(p))", Kind::Shape, &["is x a matrix here?", "`x: matrix`"]);
    check("s = sum(y .* (A*x))", "y: n, A: n×m, x: m, s: scalar");
}

#[test]
fn hundreds_of_names_are_read_at_once() {
    let layers = (1..=120).map(|l| format!("h_{l} = f(W_{l} h_{} + b_{l}); t_{l} = w_{l}^T h_{l} + c_{l}; ", l - 1));
    let text = layers.collect::<String>() + "s = t_1 + t_120";
    let program = read(&text).expect("a network");
    assert_eq!(program.reading.overruled.len(), 120);
    // names that all hang together end at once, too
    let sum: Vec<String> = (0..60).map(|i| format!("α_{i} x_{} + x_{} x_{}^2", i + 1, i + 2, 59 - i)).collect();
    let _ = read(&sum.join(" + "));
}

#[test]
fn a_call_where_a_factor_fits_is_in_the_last_line() {
    let calls = |text: &str| read(text).map(|program| program.reading.calls).unwrap_or_default();
    assert_eq!(calls(r"L = \log\sigma(s - t)"), [r"\sigma(s - t)"]);
    assert_eq!(calls("f(x - y)"), ["f(x - y)"]);
    // of one letter, of products, and of what is said anyway, nothing is to be told
    for text in ["y = \\sigma(z)", "y = σ(w^T x + b)", r"L = \phi(x - y)", "s: n; t: n; σ(s - t)"] {
        assert_eq!(calls(text), [""; 0], "{text}");
    }
}
