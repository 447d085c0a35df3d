//! Shapes: what documents mean, with every size, and what is said of those that mean nothing.

use gradus::internals::diag::{Error, Errors, Kind};
use gradus::internals::expr::{Expr, Name, Shape, Size, Symbol, Variable};
use gradus::internals::program::Program;
use gradus::internals::shape::{Environment, elaborate, elaborate_expression, elaborate_pattern, read_expression};
use gradus::internals::syntax::{parse_document, parse_expression};

pub fn read(text: &str) -> Result<Program, Errors> {
    parse_document(text).and_then(|document| elaborate(&document))
}

/// The program as a table of shapes: inputs, definitions, conditions.
fn table(text: &str) -> String {
    let program = read(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    let inputs = program.inputs.iter().map(|i| format!("{}: {}", i.name, i.shape));
    let definitions = program.definitions.iter().map(|d| format!("{}: {}", d.name, d.value.shape()));
    let conditions = program.conditions.iter().map(|c| format!("{} = {}", c.left, c.right));
    inputs.chain(definitions).chain(conditions).collect::<Vec<_>>().join(", ")
}

#[track_caller]
pub fn check(text: &str, shapes: &str) {
    assert_eq!(table(text), shapes, "{text}");
}

/// The core of the main definition.
#[track_caller]
pub fn core(text: &str, expected: &str) {
    let program = read(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    let main = program.definitions.last().expect("a definition");
    assert_eq!(format!("{:?}", main.value), expected, "{text}");
}

fn rendered(errors: &[Error], text: &str) -> String {
    let mut lines = Vec::new();
    for error in errors {
        lines.push(error.to_string());
        for label in &error.labels {
            lines.push(format!("  {} <- {}", &text[label.span.start..label.span.end], label.text));
        }
        lines.extend(error.help.iter().map(|help| format!("  help: {help}")));
    }
    lines.join("\n")
}

#[track_caller]
pub fn refused(text: &str, kind: Kind, words: &[&str]) {
    let errors = read(text).expect_err(text);
    let report = rendered(&errors, text);
    assert_eq!(errors[0].kind, kind, "{report}");
    for word in words {
        assert!(report.contains(word), "{text}: no {word} in\n{report}");
    }
}

// ---- inference

#[test]
fn the_lecture_network_needs_no_declarations() {
    check("s = u^T f(W x + b)", "u: n, W: n×m, x: m, b: n, s: scalar");
    check(
        "f: elementwise; W: n x 5d; z = W x + b; h = f(z); s = u^T h",
        "W: n×5d, x: 5d, b: n, u: n, z: n, h: n, s: scalar",
    );
}

#[test]
fn names_have_the_shape_a_reader_takes_them_for() {
    check("s = α a^T x + β^2", "α: scalar, a: n, x: n, β: scalar, s: scalar");
    check("A x", "A: n×m, x: m, : n");
    check("x^T A x", "x: n, A: n×n, : scalar");
    check("s = tr(Σ X)", "Σ: n×m, X: m×n, s: scalar");
    check("x_1 + x_{Paris}", "x_1: n, x_Paris: n, : n");
}

#[test]
fn fresh_sizes_avoid_the_names_of_the_document() {
    check("n^T A m", "n: k, A: k×p, m: p, : scalar");
    check("A: n x n; B c", "A: n×n, B: m×k, c: k, : m");
}

#[test]
fn sizes_are_polynomials() {
    check("x_1: d; x_2: d; W: n x 5d; x = [x_1; x_2; y]; z = W x", "x_1: d, x_2: d, W: n×5d, y: 3d, x: 5d, z: n");
    check("A: n x n; B: k x k; [A, 0; 0, B] x", "A: n×n, B: k×k, x: n + k, : n + k");
    check("A: n x m; B: p x q; A ⊗ B", "A: n×m, B: p×q, : np×mq");
    check("X: n x m; vec(X)", "X: n×m, : m n");
    check("x: n; [x; 1]", "x: n, : n + 1");
    check("x: n; x[2..n]", "x: n, : n - 1");
}

#[test]
fn an_integer_that_meets_a_size_is_a_condition() {
    check("x: n; y: 3; x + y", "x: n, y: n, : n, n = 3");
    check("A: k x k; B: n x k; C: 6 x 4; A ⊗ B - C", "A: k×k, B: n×k, C: kn×kk, : kn×kk, k n = 6, k k = 4");
    check("A: 3 x 3; x: 3; x^T A x", "A: 3×3, x: 3, : scalar");
    check("x: n; n = 3; s = x^T x", "x: n, s: scalar, n = 3");
}

#[test]
fn identities_and_ones_take_the_shape_that_fits() {
    check("A: n x m; A A^T + λ I", "A: n×m, λ: scalar, : n×n");
    core("A: n x n; x: n; A + 2 I", "(Add A (Had 2 (Eye(n))))");
    core("X: n x m; b: m; X + 𝟏 b^T", "(Add X (Mul (Ones(nx1)) (Transpose b)))");
    core("X: n x m; matrix(1) + exp(X)", "(Add (Ones(nxm)) (Map(Map { function: Builtin(Exp), order: 0 }) X))");
    core("x: n; 𝟏 - x", "(Add (Ones(nx1)) (Had -1 x))");
}

#[test]
fn a_matrix_may_be_forced_to_be_a_column() {
    check("Y - X w", "Y: n, X: n×m, w: m, : n");
    assert!(read("Y - X w").unwrap().reading.overruled == [Name::new("Y")]);
}

#[test]
fn definitions_may_come_after_their_use() {
    check("s = r^T r; r = A x - b", "A: n×m, x: m, b: n, r: n, s: scalar");
    let program = read("s = r^T r; r = A x - b").unwrap();
    assert_eq!(program.main, Some(Symbol::from("s")), "the one nobody uses");
}

// ---- the core

#[test]
fn scalars_stand_beside_products() {
    core("1/2 x^T A x", "(Had 1/2 (Mul (Transpose x) A x))");
    core("C w w^T C w / (w^T w)", "(Had (Mul C w) (Mul (Transpose w) C w) (Pow (Mul (Transpose w) w) -1))");
    core("w^T C w w", "(Had w (Mul (Transpose w) C w))");
    core("x: n; 1 ./ x", "(Pow x -1)");
    core("x: n; y: n; x ./ y", "(Had x (Pow y -1))");
    core("x: n; t: scalar; x + t", "(Add x (Had t (Ones(nx1))))");
}

#[test]
fn norms_are_powers_of_one_norm() {
    core("x: n; ‖x‖^2", "(Builtin(NormSquared) x)");
    core("x: n; norm2(x)^3", "(Pow (Builtin(NormSquared) x) 3/2)");
    core("x: n; 1 / ‖x‖", "(Pow (Builtin(NormSquared) x) -1/2)");
    core("x: n; ‖x‖_1", "(Builtin(Norm1) x)");
    core("x: n; ‖x‖_4^4", "(Builtin(Sum(All)) (Pow x 4))");
}

#[test]
fn functions_follow_the_shape_of_their_argument() {
    core("x: n; diag(x)", "(Builtin(Diag) x)");
    core("X: n x n; diag(X)", "(Builtin(DiagonalOf) X)");
    core("X: n x m; sum(X, rows)", "(Builtin(Sum(Rows)) X)");
    core("X: n x m; Y: n x m; dot(X, Y)", "(Builtin(Trace) (Mul (Transpose X) Y))");
    core("x: n; y: n; dot(x, y)", "(Mul (Transpose x) y)");
    core("x: n; max(0, x)", "(Map(Map { function: Builtin(Relu), order: 0 }) x)");
    core("t: scalar; e^{-t}", "(Map(Map { function: Builtin(Exp), order: 0 }) (Had -1 t))");
    core("x: n; sqrt(x)", "(Pow x 1/2)");
    core("x: n; f''(x)", "(Map(Map { function: Abstract(f), order: 2 }) x)");
    core("X: n x n; X^-2", "(MatrixPower(-2) X)");
    core("x: n; sum(x) / n", "(Had (Pow (SizeNumber(n)) -1) (Builtin(Sum(All)) x))");
}

#[test]
fn a_defined_function_is_unfolded_entry_by_entry() {
    core("g(t) = t^2 t / (1 + t); x: n; g(x)", "(Had x (Pow x 2) (Pow (Add x (Ones(nx1))) -1))");
    core("g(t) = 3; x: n; g(x)", "(Had 3 (Ones(nx1)))");
    refused("g(t) = h(t); h(t) = g(t); x: n; g(x)", Kind::Name, &["`g`", "cyclic"]);
}

#[test]
fn a_function_of_arrays_is_its_body_with_the_arguments_put_in() {
    core("q(x, y) = x^T A y; A: n x n; u: n; q(u, A u)", "(Mul (Transpose u) A A u)");
    core("q(x) = x^T x; u: n; q(u)", "(Mul (Transpose u) u)");
    core("q(x) = x^T x; t: scalar; q(t)", "(Had t t)");
    core("p(x) = sum(x); q(x, a) = a p(x); u: n; t: scalar; q(u, t)", "(Had t (Builtin(Sum(All)) u))");
    core("g(t) = t^2; q(x, a) = a g(x); u: n; t: scalar; q(u, t)", "(Had t (Pow u 2))");
    core("q(x, u) = x + u; u: n; x: n; q(u, 2 x)", "(Add u (Had 2 x))");
    refused("q(x, y) = p(x, y); p(a, b) = q(a, b); u: n; q(u, u)", Kind::Name, &["`q`", "cyclic"]);
    refused("q(x, y) = x + y; u: n; q(u)", Kind::Name, &["q takes 2 arguments, 1 given"]);
    refused("q(x, x) = x; u: n; q(u, u)", Kind::Name, &["two parameters of q are called x"]);
    refused("q(x, y) = x^T y; u: n; v: m; n = 2; m = 3; q(u, v)", Kind::Shape, &["in `q`", "their product needs"]);
    refused("q(x) = x^T x; u: n; q'(u)", Kind::Unsupported, &["`q'`"]);
}

#[test]
fn primes_of_a_defined_function_are_slopes_of_its_body() {
    core("g(t) = t^2; x: n; g'(x)", "(Had 2 x)");
    core("g(t) = t^2; x: n; g''(x)", "(Had 2 (Ones(nx1)))");
    core("g(t) = 3; x: n; g'(x)", "(Zeros(nx1))");
    core("h(t) = t^2; g(t) = h'(t) h(t); t: scalar; g'(t)", "(Add (Had 2 (Pow t 2)) (Had 4 t t))");
    core(
        "g(t) = log(f(t)); x: n; g'(x)",
        "(Had (Map(Map { function: Builtin(Log), order: 1 }) (Map(Map { function: Abstract(f), order: 0 }) x)) \
         (Map(Map { function: Abstract(f), order: 1 }) x))",
    );
    let wide = (0..200).map(|i| format!("(t + {i})")).collect::<Vec<_>>().join(" ");
    refused(&format!("g(t) = {wide}; x: n; g'(x)"), Kind::Limit, &["nodes"]);
}

#[test]
fn growth_by_unfolding_is_bounded() {
    let mut text = "g_0(t) = t + t\n".to_owned();
    for i in 1..40 {
        text += &format!("g_{i}(t) = g_{}(t) g_{}(t)\n", i - 1, i - 1);
    }
    text += "x: n\ng_39(x)";
    let errors = read(&text).expect_err("too large");
    assert_eq!(errors[0].kind, Kind::Limit);
}

#[test]
fn the_authors_order_is_kept_for_printing() {
    let program = read("z = W x + b - 3 λ a").unwrap();
    let (sum, order) = program.orders.last().expect("the sum");
    assert_eq!(*sum, program.definitions[0].value);
    assert_eq!(format!("{order:?}"), "[(Mul W x), b, (Had -3 a λ)]");
}

#[test]
fn long_documents_are_read_in_a_moment() {
    let mut chain = "z_0 = W x\n".to_owned();
    for i in 1..2000 {
        chain += &format!("z_{i} = tanh(W z_{} + x)\n", i - 1);
    }
    assert_eq!(read(&chain).unwrap().definitions.len(), 2000);
    let sum = vec!["A x"; 2000].join(" + ");
    assert_eq!(read(&sum).unwrap().inputs.len(), 2);
    let product = vec!["A"; 2000].join(" ");
    check(&product, "A: n×n, : n×n");
}

// ---- errors

#[test]
fn a_clash_names_operands_sizes_and_origins() {
    let text = "A: n x m; x: n; y = A x";
    let errors = read(text).expect_err(text);
    assert_eq!(
        rendered(&errors, text),
        "shape error: `A` is n×m and `x` is n×1: their product needs m = n\n  \
         A <- `A` is n×m\n  \
         x <- `x` is n×1\n  \
         A: n x m <- `A` is declared here, n×m\n  \
         x: n <- `x` is declared here, n×1\n  \
         help: did you mean the transpose, `A^T x`?"
    );
}

#[test]
fn clashes_propose_what_would_fit() {
    refused("A: m x k; C: n x m; (A .* A) C", Kind::Shape, &["`A .* A` is m×k", "in the other order", "`C (A .* A)`"]);
    refused("x: n; y: n; s = x y", Kind::Shape, &["`x^T y`", "`x .* y`", "`x y^T`"]);
    refused("X: n x m; W: m x k; b: k; Z = X W + b", Kind::Shape, &["`X W`", "`ones(n) b^T`"]);
    refused("A: n x m; B: m x n; sum(A + B)", Kind::Shape, &["`B^T`"]);
    refused("x: n; A: n x m; sum(x .* A)", Kind::Shape, &["`x`", "`A`"]);
    refused("W: n x 5d; x: 4d; W x", Kind::Shape, &["5d", "4d"]);
    refused("A: n x m; tr(A^-1)", Kind::Shape, &["square", "`A`"]);
    refused("x: n; sum(x^2)", Kind::Shape, &["`x.^2`"]);
    refused("X: n x m; sum(X^2)", Kind::Shape, &["square", "`X.^2`"]);
    refused("X: n x m; sum(X^(1/2))", Kind::Shape, &["`X.^(1/2)`"]);
    refused("x: n; y: n; x / y", Kind::Shape, &["`x ./ y`"]);
    refused("X: n x m; softmax(X)", Kind::Shape, &["softmax(X, rows)", "softmax(X, cols)"]);
    refused("S: n x m symmetric; S", Kind::Shape, &["square", "symmetric"]);
}

#[test]
fn inferred_sizes_say_where_they_come_from() {
    refused(
        "z = W x; W: n x m; y: k; s = x + y",
        Kind::Shape,
        &["`x` is first used here", "this gives `x` the size m"],
    );
}

#[test]
fn names_stand_for_one_thing() {
    refused("x: n; y: n; x = x + y", Kind::Name, &["`x`", "cyclic"]);
    refused("a = b + c; b = a + c", Kind::Name, &["`a`", "`b`", "cyclic"]);
    refused("y = A x; y = B x", Kind::Name, &["y"]);
    refused("x: n; s = trase(x)", Kind::Name, &["`trase`", "trace"]);
    refused("x: n; n: m; x", Kind::Name, &["`n` is declared as a variable"]);
    refused("f: elementwise; x: n; x + f", Kind::Name, &["f is a function"]);
}

#[test]
fn all_errors_are_reported_at_once() {
    let text = "A: n x m; x: n; y = A x; z = A + x; w = y + z";
    assert_eq!(read(text).expect_err(text).len(), 2);
}

#[test]
fn what_cannot_be_computed_is_refused() {
    refused("x: n; log(0) x^T x", Kind::Domain, &["log(0)"]);
    refused("x: n; x^T x / 0", Kind::Domain, &["division", "0"]);
    refused("X: n x n; tr(X^1000000000)", Kind::Limit, &["1000000000"]);
}

// ---- single expressions

fn environment() -> Environment {
    let size = |n: &str| Size::name(n.into());
    let matrix = |n: &str, m: &str| Shape::new(size(n), size(m));
    let variables = [
        ("A", matrix("n", "k")),
        ("B", matrix("k", "m")),
        ("X", matrix("n", "n")),
        ("x", Shape::vector(size("n"))),
        ("t", Shape::scalar()),
    ];
    Environment {
        variables: variables.into_iter().map(|(n, shape)| (n.into(), Variable { name: n.into(), shape })).collect(),
        functions: [Name::new("f")].into(),
        sizes: ["n", "k", "m"].into_iter().map(Name::new).collect(),
        ..Environment::default()
    }
}

fn expression(text: &str, expected: Option<&Shape>) -> Result<Expr, Error> {
    elaborate_expression(&parse_expression(text, &environment().scope(false))?, &environment(), expected)
}

#[track_caller]
fn pattern(text: &str, expected: &str) {
    let ast = parse_expression(text, &environment().scope(true)).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    let expr = elaborate_pattern(&ast, &environment(), None).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    assert_eq!(format!("{expr:?}"), expected, "{text}");
}

#[test]
fn claims_are_read_with_known_names() {
    let square = Shape::new(Size::name("n".into()), Size::name("n".into()));
    assert_eq!(format!("{:?}", expression("2 X - I", None).unwrap()), "(Add (Had -1 (Eye(n))) (Had 2 X))");
    assert_eq!(format!("{:?}", expression("I", Some(&square)).unwrap()), "(Eye(n))");
    assert_eq!(format!("{:?}", expression("0", Some(&square)).unwrap()), "(Zeros(nxn))");
    assert_eq!(expression("I", None).unwrap_err().kind, Kind::Shape);
    assert_eq!(expression("f'(X x)", None).unwrap().shape(), &Shape::vector(Size::name("n".into())));
    let error = expression("a^T x", None).unwrap_err();
    assert_eq!(error.kind, Kind::Name);
}

#[test]
fn claims_may_call_what_the_document_defines() {
    let program = read("g(t) = t^2; x: n; y = g(x)").unwrap();
    let environment = Environment::from(&program);
    let ast = parse_expression("2 g(x) - y", &environment.scope(false)).unwrap();
    let claim = elaborate_expression(&ast, &environment, None).unwrap();
    assert_eq!(format!("{claim:?}"), "(Add (Had -1 y) (Had 2 (Pow x 2)))");
}

#[test]
fn errors_of_claims_quote_them() {
    let error = read_expression("2 X (x - A)", &environment(), None).unwrap_err();
    assert!(error.message.contains("`x`, which is n×1, and `A`, which is n×k"), "{error}");
    let error = read_expression("x - (A B) x", &environment(), None).unwrap_err();
    assert!(error.message.contains("`A B` is n×m and `x` is n×1"), "{error}");
    let error = read_expression("b^T x", &environment(), None).unwrap_err();
    assert_eq!((error.kind, error.help.as_deref()), (Kind::Name, Some("did you mean `B`?")));
    let error = read_expression("a^T x", &environment(), None).unwrap_err();
    assert_eq!(error.help.as_deref(), Some("did you mean `A`?"));
    // a condition on sizes belongs into a document
    assert_eq!(read_expression("x + [1; 2; 3]", &environment(), None).unwrap_err().kind, Kind::Shape);
}

/// The stack of a program's first thread; test threads have less.
const STACK: usize = 8 << 20;

#[test]
fn deep_nesting_ends_in_an_answer_or_a_limit() {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(nest_deeply).expect("a thread");
    thread.join().expect("no panic");
}

fn nest_deeply() {
    for depth in [50, 100, 200, 250, 300] {
        for (open, close) in
            [("sin(", ")"), ("(", " + x)"), ("-(", ")"), ("A (", " + x)"), ("(x .* ", ")"), ("‖x (", ")‖")]
        {
            let text = format!("A: n x n; x: n; {}x{}", open.repeat(depth), close.repeat(depth));
            if let Err(errors) = read(&text) {
                assert!(matches!(errors[0].kind, Kind::Limit | Kind::Syntax | Kind::Shape), "{errors:?}");
            }
        }
    }
}

#[test]
fn patterns_stay_as_written() {
    pattern("(A^T)^T", "(Transpose (Transpose A))");
    pattern("A + 0", "(Add A (Zeros(nxk)))");
    pattern("1 A", "(Had 1 A)");
    pattern("x + x", "(Add x x)");
    pattern("x - x", "(Add x (Had -1 x))");
    pattern("X X X", "(Mul (Mul X X) X)");
}

#[test]
fn patterns_have_rests_differentials_and_inner_products() {
    pattern("x + …", "(Add x …)");
    pattern("t X .* …", "(Had t X …)");
    pattern("d(A B)", "(Differential (Mul A B))");
    pattern("ip(A, d(A))", "(Inner A (Differential A))");
    pattern("d(A) B + A d(B)", "(Add (Mul (Differential A) B) (Mul A (Differential B)))");
    pattern("d(x) ./ x", "(Had (Differential x) (Pow x -1))");
    pattern("f'(x) .* d(x)", "(Had (Map(Map { function: Abstract(f), order: 1 }) x) (Differential x))");
    pattern("1/t d(t)", "(Had (Pow t -1) (Differential t))");
    pattern("X + I", "(Add X (Eye(n)))");
}
