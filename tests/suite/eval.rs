//! The oracle against hand-computed values and against central differences.

use gradus::internals::diag::{Kind, Span};
use gradus::internals::eval::{
    Candidate, ClaimedForm, Matrix, TOLERANCE, Valuation, Values, central_differences, check, derivative, evaluate,
    sample,
};
use gradus::internals::expr::{
    Axis, Builtin, Elementwise, Expr, Function, Map, Name, Op, Range, Rational, Shape, Size, Symbol, add, build,
    builtin, div, elementwise, eye, had, integer, inverse, map, mul, number, pow, sub, transpose, variable,
};
use gradus::internals::program::{Definition, Input, Program, SizeCondition};
use gradus::internals::syntax::Attribute;
use ndarray::{Array2, array};
use num_dual::Dual64;

fn size(text: &str) -> Size {
    text.parse().map_or_else(|_| Size::name(text.into()), Size::constant)
}

fn shape(rows: &str, cols: &str) -> Shape {
    Shape::new(size(rows), size(cols))
}

/// A variable of fixed extent.
fn fixed(name: &str, rows: usize, cols: usize) -> Expr {
    variable(Symbol::from(name), &shape(&rows.to_string(), &cols.to_string()))
}

fn environment(arrays: &[(&str, Array2<f64>)]) -> Values {
    let mut values = Values::default();
    for (name, a) in arrays {
        values.arrays.insert(Symbol::from(*name), a.clone().into_shared());
    }
    values
}

#[track_caller]
fn assert_value(e: Expr, values: &Values, expected: Array2<f64>) {
    let got = evaluate(&e, values).expect("a value");
    assert_eq!(got.dim(), expected.dim(), "{e:?}");
    for (x, y) in got.iter().zip(&expected) {
        assert!((x - y).abs() <= 1e-14 * y.abs().max(1.0), "{e:?}: {got} is not {expected}");
    }
}

fn matrix() -> (Expr, Values) {
    (fixed("A", 2, 2), environment(&[("A", array![[1.0, 2.0], [3.0, 5.0]])]))
}

fn of(b: Builtin, a: &Expr) -> Expr {
    builtin(b, a.clone())
}

#[test]
fn hand_computed_builtins() {
    let (a, at) = matrix();
    assert_value(of(Builtin::Sum(Axis::All), &a), &at, array![[11.0]]);
    assert_value(of(Builtin::Sum(Axis::Rows), &a), &at, array![[3.0], [8.0]]);
    assert_value(of(Builtin::Sum(Axis::Cols), &a), &at, array![[4.0], [7.0]]);
    assert_value(of(Builtin::Mean, &a), &at, array![[2.75]]);
    assert_value(of(Builtin::Trace, &a), &at, array![[6.0]]);
    assert_value(of(Builtin::Det, &a), &at, array![[-1.0]]);
    assert_value(of(Builtin::LogDet, &a), &at, array![[0.0]]);
    assert_value(of(Builtin::NormSquared, &a), &at, array![[39.0]]);
    assert_value(of(Builtin::Norm1, &a), &at, array![[11.0]]);
    assert_value(of(Builtin::DiagonalOf, &a), &at, array![[1.0], [5.0]]);
    assert_value(of(Builtin::Vec, &a), &at, array![[1.0], [3.0], [2.0], [5.0]]);
    assert_value(of(Builtin::CumSum, &of(Builtin::Vec, &a)), &at, array![[1.0], [4.0], [6.0], [11.0]]);
    assert_value(of(Builtin::LayerNorm(Axis::All), &of(Builtin::DiagonalOf, &a)), &at, array![[-1.0], [1.0]]);
    assert_value(of(Builtin::LayerNorm(Axis::Rows), &a), &at, array![[-1.0, 1.0], [-1.0, 1.0]]);
    assert_value(of(Builtin::LayerNorm(Axis::Cols), &a), &at, array![[-1.0, -1.0], [1.0, 1.0]]);
}

#[test]
fn softmaxes_do_not_overflow() {
    let a = fixed("A", 2, 2);
    let at = environment(&[("A", array![[1000.0, 1000.0], [0.0, 1000.0]])]);
    assert_value(of(Builtin::Softmax(Axis::Rows), &a), &at, array![[0.5, 0.5], [0.0, 1.0]]);
    assert_value(of(Builtin::Softmax(Axis::Cols), &a), &at, array![[1.0, 0.5], [0.0, 0.5]]);
    let half = 0.5f64.ln();
    assert_value(of(Builtin::LogSoftmax(Axis::Rows), &a), &at, array![[half, half], [-1000.0, 0.0]]);
    assert_value(of(Builtin::LogSumExp, &a), &at, array![[1000.0 + 3f64.ln()]]);
    for f in [Elementwise::Sigmoid, Elementwise::Softplus, Elementwise::Tanh, Elementwise::Silu, Elementwise::Gelu] {
        let (low, high) = (derivative(f, 0, -800.0), derivative(f, 0, 800.0));
        assert!(low.zip(high).is_some_and(|(l, h): (f64, f64)| l.is_finite() && h.is_finite()), "{f:?}");
        let slope: Option<f64> = derivative(f, 1, 800.0);
        assert!(slope.is_some_and(|s| s == 0.0 || s == 1.0), "{f:?}' {slope:?}");
    }
}

#[test]
fn hand_computed_operators() {
    let (a, at) = matrix();
    assert_value(transpose(a.clone()), &at, array![[1.0, 3.0], [2.0, 5.0]]);
    assert_value(inverse(a.clone()), &at, array![[-5.0, 2.0], [3.0, -1.0]]);
    assert_value(mul(vec![a.clone(), a.clone()]), &at, array![[7.0, 12.0], [18.0, 31.0]]);
    let power = |k| build(Op::MatrixPower(k), vec![a.clone()]);
    assert_value(power(3), &at, array![[43.0, 74.0], [111.0, 191.0]]);
    assert_value(power(-2), &at, array![[31.0, -12.0], [-18.0, 7.0]]);
    assert_value(
        pow(a.clone(), number(Rational::new(1, 2))),
        &at,
        array![[1.0, 2f64.sqrt()], [3f64.sqrt(), 5f64.sqrt()]],
    );
    assert_value(had(vec![integer(2), a.clone(), a.clone()]), &at, array![[2.0, 8.0], [18.0, 50.0]]);
    assert_value(build(Op::Inner, vec![a.clone(), transpose(a.clone())]), &at, array![[38.0]]);
    let unvec = build(Op::Unvec(Size::constant(2), Size::constant(2)), vec![of(Builtin::Vec, &a)]);
    assert_value(unvec, &at, array![[1.0, 2.0], [3.0, 5.0]]);
    let rows = Range { first: Size::constant(2), last: Size::constant(2) };
    let slice = build(Op::Slice { rows, cols: Range::all(&Size::constant(2)) }, vec![a.clone()]);
    assert_value(slice.clone(), &at, array![[3.0, 5.0]]);
    let block = build(Op::Block { rows: 2, cols: 1 }, vec![a.clone(), slice]);
    assert_value(block, &at, array![[1.0, 2.0], [3.0, 5.0], [3.0, 5.0]]);
    let kron = build(Op::Kron, vec![a.clone(), build(Op::Tril(Size::constant(2)), vec![])]);
    let by_hand = array![[1.0, 0.0, 2.0, 0.0], [1.0, 1.0, 2.0, 2.0], [3.0, 0.0, 5.0, 0.0], [3.0, 3.0, 5.0, 5.0]];
    assert_value(kron, &at, by_hand);
    let unit = build(Op::Unit(Size::constant(3), Size::constant(2)), vec![]);
    assert_value(unit, &at, array![[0.0], [1.0], [0.0]]);
    let diag = builtin(Builtin::Diag, of(Builtin::DiagonalOf, &a));
    assert_value(diag, &at, array![[1.0, 0.0], [0.0, 5.0]]);
}

#[test]
fn commutation_transposes_under_vec() {
    let x = fixed("X", 2, 3);
    let at = environment(&[("X", array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])]);
    let k = build(Op::Commutation(Size::constant(2), Size::constant(3)), vec![]);
    let left = mul(vec![k, of(Builtin::Vec, &x)]);
    let expected = evaluate(&of(Builtin::Vec, &transpose(x)), &at).expect("a value").to_owned();
    assert_value(left, &at, expected);
}

#[test]
fn sizes_are_numbers_where_used_as_such() {
    let mut at = environment(&[("x", array![[1.0], [2.0], [6.0]])]);
    at.sizes.insert("n".into(), 3);
    let x = variable(Symbol::from("x"), &shape("n", "1"));
    let n = build(Op::SizeNumber(size("n")), vec![]);
    assert_value(div(of(Builtin::Sum(Axis::All), &x), n), &at, array![[3.0]]);
}

/// A point of the domain of every elementwise function, kinks apart.
fn interior(f: Elementwise) -> f64 {
    if f.about().domain.violation(-0.35).is_some() { 0.7 } else { -0.35 }
}

#[test]
fn derivatives_of_every_elementwise_function_agree_with_differences() {
    for f in Elementwise::ALL {
        for order in 0..=5 {
            let (x, h) = (interior(*f), 1e-5);
            let at = |x: f64| derivative(*f, order, x).expect("within the orders");
            let slope = (at(x + h) - at(x - h)) / (2.0 * h);
            let next = derivative(*f, order + 1, x).expect("within the orders");
            assert!((slope - next).abs() < 1e-7 * next.abs().max(1.0), "{f:?} {order}: {slope} {next}");
            let dual = derivative(*f, order, Dual64::new(x, 2.0)).expect("within the orders");
            assert!((dual.re - at(x)).abs() < 1e-12 * at(x).abs().max(1.0), "{f:?} {order}");
            assert!((dual.eps - 2.0 * next).abs() < 1e-10 * next.abs().max(1.0), "{f:?} {order}");
        }
    }
}

#[test]
fn conventions_at_kinks() {
    for f in [Elementwise::Relu, Elementwise::Abs, Elementwise::Sign, Elementwise::Step] {
        assert_eq!(derivative(f, 0, 0.0), Some(0.0));
        assert_eq!(derivative(f, 1, 0.0), Some(0.0));
    }
}

/// The tangent of `e` for a perturbation of A, by dual numbers and by central differences.
#[track_caller]
fn assert_tangent(e: &Expr, a: &Array2<f64>, extra: &[(&str, Array2<f64>)]) {
    let direction = Array2::from_shape_fn(a.dim(), |(i, j)| 0.3 + 0.41 * i as f64 - 0.17 * j as f64);
    let at = |step: f64| -> Matrix<f64> {
        let mut arrays = extra.to_vec();
        arrays.push(("A", a + &(&direction * step)));
        evaluate(e, &environment(&arrays)).expect("a value")
    };
    let mut duals: Valuation<Dual64> = environment(extra).lift();
    let perturbed = ndarray::Zip::from(a).and(&direction).map_collect(|x, v| Dual64::new(*x, *v));
    duals.arrays.insert(Symbol::from("A"), perturbed.into_shared());
    let dual = evaluate(e, &duals).expect("a value");
    let h = 1e-6;
    let slope = (at(h) - at(-h)) / (2.0 * h);
    assert!(dual.iter().zip(at(0.0).iter()).all(|(d, x)| (d.re - x).abs() < 1e-12), "{e:?}");
    for (d, s) in dual.iter().zip(slope.iter()) {
        assert!((d.eps - s).abs() < 1e-7 * s.abs().max(1.0), "{e:?}: dual {} difference {s}", d.eps);
    }
    let differential = evaluate(&gradus::internals::expr::differential(e.clone()), &duals).expect("a value");
    assert!(differential.iter().zip(dual.iter()).all(|(d, v)| d.re == v.eps && d.eps == 0.0));
}

fn square() -> Array2<f64> {
    array![[1.3, -0.4, 0.7], [0.2, 0.9, -1.1], [-0.6, 0.5, 1.7]]
}

#[test]
fn tangents_of_every_builtin_agree_with_differences() {
    let column = array![[0.3], [-1.2], [0.8]];
    for b in Builtin::all() {
        use Axis::All;
        use Builtin::{CumSum, Diag, LayerNorm, LogSoftmax, Skew, Softmax};
        let of_vector = matches!(b, Diag | Skew | Softmax(All) | LogSoftmax(All) | CumSum | LayerNorm(All));
        let a = if of_vector { column.clone() } else { square() };
        let e = Expr::node(Op::Builtin(b), vec![fixed("A", a.nrows(), a.ncols())]);
        assert_tangent(&e, &a, &[]);
    }
    assert_tangent(&of(Builtin::Norm1, &fixed("A", 3, 1)), &column, &[]);
}

#[test]
fn tangents_of_every_operator_agree_with_differences() {
    let (a, b, p) = (fixed("A", 3, 3), fixed("B", 3, 2), fixed("p", 1, 1));
    let (b_value, p_value) = (array![[0.4, -0.2], [1.1, 0.3], [-0.7, 0.6]], array![[1.7]]);
    let positive = elementwise(Elementwise::Exp, a.clone());
    let range = Range { first: Size::constant(2), last: Size::constant(3) };
    let operators = [
        add(vec![a.clone(), transpose(a.clone()), eye(&Size::constant(3))]),
        had(vec![a.clone(), transpose(a.clone()), p.clone()]),
        mul(vec![a.clone(), inverse(a.clone()), a.clone(), b.clone()]),
        build(Op::Kron, vec![a.clone(), b.clone()]),
        inverse(a.clone()),
        build(Op::MatrixPower(4), vec![a.clone()]),
        build(Op::MatrixPower(-2), vec![a.clone()]),
        pow(a.clone(), integer(3)),
        pow(a.clone(), integer(-2)),
        pow(positive.clone(), p.clone()),
        pow(p.clone(), of(Builtin::Sum(Axis::All), &a)),
        pow(positive, of(Builtin::Sum(Axis::All), &a)),
        map(Function::Builtin(Elementwise::Sigmoid), 2, a.clone()),
        build(Op::Unvec(Size::constant(1), Size::constant(9)), vec![of(Builtin::Vec, &a)]),
        build(Op::Block { rows: 1, cols: 2 }, vec![a.clone(), b.clone()]),
        build(Op::Slice { rows: range, cols: Range::all(&Size::constant(3)) }, vec![a.clone()]),
        build(Op::Inner, vec![a.clone(), mul(vec![a.clone(), a.clone()])]),
    ];
    for e in operators {
        assert_tangent(&e, &square(), &[("B", b_value.clone()), ("p", p_value.clone())]);
    }
}

#[test]
fn the_determinant_of_a_singular_matrix_has_its_derivative() {
    let singular = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]];
    assert_tangent(&of(Builtin::Det, &fixed("A", 3, 3)), &singular, &[]);
}

#[track_caller]
fn assert_domain(e: Expr, at: &Values, mentions: &[&str]) {
    let error = evaluate(&e, at).expect_err("no value");
    assert_eq!(error.kind, Kind::Domain, "{error}");
    let text = format!("{} {}", error.message, error.help.unwrap_or_default());
    assert!(mentions.iter().all(|m| text.contains(m)), "{text} should mention {mentions:?}");
}

#[test]
fn undefined_values_are_domain_errors() {
    let x = fixed("x", 2, 1);
    let at = environment(&[("x", array![[2.0], [-1.0]]), ("A", array![[1.0, 2.0], [2.0, 4.0]])]);
    let log_zero = elementwise(Elementwise::Log, integer(0));
    assert_domain(log_zero, &at, &["log", "0"]);
    assert_domain(div(x.clone(), integer(0)), &at, &["divi", "zero"]);
    assert_domain(elementwise(Elementwise::Asin, x.clone()), &at, &["asin", "2", "x", "between"]);
    assert_domain(elementwise(Elementwise::Sqrt, x.clone()), &at, &["sqrt", "-1", "x"]);
    assert_domain(pow(x.clone(), number(Rational::new(1, 3))), &at, &["negative", "-1", "x"]);
    let a = fixed("A", 2, 2);
    assert_domain(inverse(a.clone()), &at, &["A", "singular"]);
    assert_domain(of(Builtin::LogDet, &a), &at, &["A", "singular", "logdet"]);
    assert_domain(build(Op::MatrixPower(1_000_000_000), vec![a]), &at, &["power", "1000000000"]);
    let overflow = elementwise(Elementwise::Exp, had(vec![integer(1000), x]));
    assert_domain(overflow, &at, &["exp", "x"]);
    // the last of many: entries are looked at many at a time
    for place in [0, 63, 64, 129] {
        let long = environment(&[("y", Array2::from_shape_fn((130, 1), |(i, _)| if i == place { 1e3 } else { 1.0 }))]);
        assert_domain(elementwise(Elementwise::Exp, fixed("y", 130, 1)), &long, &["exp", "y"]);
    }
}

#[test]
fn large_arrays_are_refused() {
    let error = evaluate(&build(Op::Eye(Size::constant(1 << 20)), vec![]), &Values::default()).expect_err("too large");
    assert_eq!(error.kind, Kind::Limit);
}

// ---- programs

fn input(name: &str, rows: &str, cols: &str, attributes: &[Attribute]) -> Input {
    let (name, shape) = (Symbol::from(name), shape(rows, cols));
    Input { name, shape, attributes: attributes.to_vec(), declared: true, span: Span::default() }
}

fn definition(name: &str, value: Expr) -> Definition {
    Definition { name: Symbol::from(name), value, written: None, span: Span::default() }
}

fn program(inputs: Vec<Input>, definitions: Vec<Definition>) -> Program {
    let main = definitions.last().map(|d| d.name.clone());
    Program { inputs, definitions, main, ..Program::default() }
}

fn symbol(program: &Program, name: &str) -> Expr {
    let name = Symbol::from(name);
    variable(&name, program.shape(&name).expect("a name of the program"))
}

/// s = uᵀ f(W x + b), with z and h named.
fn network() -> Program {
    let inputs = vec![
        input("u", "n", "1", &[]),
        input("W", "n", "m", &[]),
        input("x", "m", "1", &[]),
        input("b", "n", "1", &[]),
    ];
    let mut p = program(inputs, vec![]);
    p.functions.push(Name::new("f"));
    let z = add(vec![mul(vec![symbol(&p, "W"), symbol(&p, "x")]), symbol(&p, "b")]);
    p.definitions.push(definition("z", z));
    let h = map(Function::Abstract(Name::new("f")), 0, symbol(&p, "z"));
    p.definitions.push(definition("h", h));
    let s = mul(vec![transpose(symbol(&p, "u")), symbol(&p, "h")]);
    p.definitions.push(definition("s", s));
    p
}

/// δ = u ∘ f′(z)
fn delta(p: &Program) -> Definition {
    let slope = map(Function::Abstract(Name::new("f")), 1, symbol(p, "z"));
    definition("δ", had(vec![symbol(p, "u"), slope]))
}

fn shape_claims<'a>(pairs: &'a [(Symbol, Expr)]) -> Vec<Candidate<'a>> {
    pairs.iter().map(|(wrt, derivative)| Candidate { wrt, derivative, also: None, form: ClaimedForm::Shape }).collect()
}

fn network_gradients(p: &Program) -> Vec<(Symbol, Expr)> {
    let delta = variable(Symbol::from("δ"), &shape("n", "1"));
    vec![
        (Symbol::from("W"), mul(vec![delta.clone(), transpose(symbol(p, "x"))])),
        (Symbol::from("b"), delta.clone()),
        (Symbol::from("x"), mul(vec![transpose(symbol(p, "W")), delta.clone()])),
        (Symbol::from("u"), symbol(p, "h")),
        (Symbol::from("h"), symbol(p, "u")),
        (Symbol::from("z"), delta),
    ]
}

#[test]
fn right_gradients_agree_also_by_intermediates() {
    let p = network();
    let gradients = network_gradients(&p);
    let seen = check(&p, &Symbol::from("s"), &[delta(&p)], &shape_claims(&gradients)).expect("agreement");
    assert_eq!(seen.points, 3);
    assert!(seen.max_rel_error < 1e-14, "{}", seen.max_rel_error);
}

#[test]
fn wrong_gradients_are_named() {
    let p = network();
    for (i, factor) in [(0, Rational::from(2)), (2, Rational::from(-1)), (3, Rational::new(1_000_001, 1_000_000))] {
        let mut gradients = network_gradients(&p);
        gradients[i].1 = had(vec![number(factor), gradients[i].1.clone()]);
        let error = check(&p, &Symbol::from("s"), &[delta(&p)], &shape_claims(&gradients)).expect_err("disagreement");
        assert_eq!(error.kind, Kind::Internal);
        assert!(error.message.contains(&format!("∂s/∂{}", gradients[i].0)), "{error}");
    }
}

#[test]
fn a_transposed_gradient_disagrees() {
    let mut p = program(vec![input("A", "n", "n", &[]), input("B", "n", "n", &[])], vec![]);
    let s = builtin(Builtin::Trace, mul(vec![symbol(&p, "A"), symbol(&p, "B")]));
    p.definitions.push(definition("s", s));
    let right = [(Symbol::from("A"), transpose(symbol(&p, "B")))];
    let wrong = [(Symbol::from("A"), symbol(&p, "B"))];
    assert!(check(&p, &Symbol::from("s"), &[], &shape_claims(&right)).is_ok());
    assert!(check(&p, &Symbol::from("s"), &[], &shape_claims(&wrong)).is_err());
}

#[test]
fn jacobians_have_numerator_layout() {
    let mut p = program(vec![input("A", "n", "m", &[]), input("X", "m", "k", &[])], vec![]);
    let y = mul(vec![symbol(&p, "A"), symbol(&p, "X")]);
    p.definitions.push(definition("Y", y));
    let by_x = build(Op::Kron, vec![eye(&size("k")), symbol(&p, "A")]);
    let by_a = build(Op::Kron, vec![transpose(symbol(&p, "X")), eye(&size("n"))]);
    let (x, a) = (Symbol::from("X"), Symbol::from("A"));
    let claims = [
        Candidate { wrt: &x, derivative: &by_x, also: None, form: ClaimedForm::Jacobian },
        Candidate { wrt: &a, derivative: &by_a, also: None, form: ClaimedForm::Jacobian },
    ];
    check(&p, &Symbol::from("Y"), &[], &claims).expect("agreement");
    let swapped =
        [Candidate { wrt: &x, derivative: &transpose(by_x.clone()), also: None, form: ClaimedForm::Jacobian }];
    assert!(check(&p, &Symbol::from("Y"), &[], &swapped).is_err());
}

#[test]
fn zero_derivatives_agree_in_spite_of_rounding() {
    let mut p = program(vec![input("x", "n", "1", &[])], vec![]);
    let s = builtin(Builtin::Sum(Axis::All), builtin(Builtin::Softmax(Axis::All), symbol(&p, "x")));
    p.definitions.push(definition("s", s));
    let claim = [(Symbol::from("x"), gradus::internals::expr::zeros(&shape("n", "1")))];
    check(&p, &Symbol::from("s"), &[], &shape_claims(&claim)).expect("agreement");
}

#[test]
fn central_differences_agree_with_the_gradient() {
    let p = network();
    let values = sample(&p, 7).expect("a point");
    let numeric = central_differences(&p, &Symbol::from("s"), &Symbol::from("u"), &values, 1e-5).expect("a gradient");
    let mut environment = values.clone();
    gradus::internals::eval::extend(&mut environment, &p.definitions).expect("values");
    let h = &environment.arrays[&Symbol::from("h")];
    assert!(numeric.iter().zip(h.iter()).all(|(a, b)| (a - b).abs() < 1e-9));
}

#[test]
fn samples_respect_attributes_and_sizes() {
    let mut p = program(
        vec![
            input("S", "n", "n", &[Attribute::Symmetric]),
            input("P", "n", "n", &[Attribute::Spd]),
            input("D", "m", "m", &[Attribute::Diagonal]),
            input("Q", "m", "m", &[Attribute::Orthogonal]),
            input("X", "k", "k", &[Attribute::Invertible]),
            input("c", "1", "1", &[Attribute::Positive]),
            input("d", "k", "1", &[Attribute::Negative]),
        ],
        vec![],
    );
    p.conditions.push(SizeCondition { left: size("n"), right: size("6"), span: Span::default() });
    let values = sample(&p, 5).expect("a point");
    let at = |name: &str| values.arrays[&Symbol::from(name)].to_owned();
    assert_eq!(at("S"), at("S").t());
    assert_eq!(values.sizes[&Name::new("n")], 6);
    assert_ne!(values.sizes[&Name::new("m")], values.sizes[&Name::new("k")]);
    assert!((at("P") - at("P").t()).iter().all(|x| x.abs() < 1e-15));
    assert!(at("D").indexed_iter().all(|((i, j), x)| i == j || *x == 0.0));
    let q = at("Q");
    assert!((q.t().dot(&q) - Array2::<f64>::eye(q.nrows())).iter().all(|x| x.abs() < 1e-14));
    assert_ne!(q, q.t());
    assert_ne!(at("X"), at("X").t());
    assert!(at("c")[(0, 0)] > 0.0 && at("d").iter().all(|x| *x < 0.0));
    assert_eq!(sample(&p, 5).expect("a point").arrays, values.arrays);
}

/// s = value of one input x (n × 1) or X (n × n) put through `f`.
fn one_input(name: &str, cols: &str, f: impl Fn(Expr) -> Expr) -> Program {
    let mut p = program(vec![input(name, "n", cols, &[])], vec![]);
    let value = f(symbol(&p, name));
    p.definitions.push(definition("s", value));
    p
}

#[test]
fn samples_stay_in_the_domain() {
    let norm = |x: Expr| builtin(Builtin::NormSquared, x);
    let log = |e| elementwise(Elementwise::Log, e);
    let domains = [
        one_input("x", "1", |x| elementwise(Elementwise::Log, x)),
        one_input("x", "1", |x| elementwise(Elementwise::Acos, x)),
        one_input("x", "1", |x| elementwise(Elementwise::Sqrt, sub(integer(1), norm(x)))),
        one_input("x", "1", |x| elementwise(Elementwise::Sqrt, sub(norm(x), integer(1)))),
        one_input("x", "1", |x| log(log(norm(x)))),
        one_input("x", "1", |x| elementwise(Elementwise::Log, gradus::internals::expr::neg(x))),
        one_input("X", "n", |x| log(builtin(Builtin::Det, x))),
        one_input("X", "n", |x| log(gradus::internals::expr::neg(builtin(Builtin::Det, x)))),
    ];
    for p in domains {
        for seed in 0..4 {
            sample(&p, seed).unwrap_or_else(|e| panic!("{:?}: {e}", p.definitions[0].value));
        }
    }
}

#[test]
fn sizes_turn_until_the_domain_is_met() {
    let gram = |a: &Expr, b: Expr| elementwise(Elementwise::Log, builtin(Builtin::Det, mul(vec![a.clone(), b])));
    let mut p = program(vec![input("A", "n", "m", &[])], vec![]);
    let a = symbol(&p, "A");
    let (wide, tall) = (gram(&a, transpose(a.clone())), gram(&transpose(a.clone()), a.clone()));
    let sizes = |p: &Program, seed| {
        let sizes = sample(p, seed).expect("a point").sizes;
        (sizes[&Name::new("n")], sizes[&Name::new("m")])
    };
    for seed in 0..6 {
        p.definitions = vec![definition("s", wide.clone())];
        assert!(sizes(&p, seed).0 < sizes(&p, seed).1);
        p.definitions = vec![definition("s", tall.clone())];
        assert!(sizes(&p, seed).0 > sizes(&p, seed).1);
        p.definitions = vec![definition("s", add(vec![tall.clone(), wide.clone()]))];
        assert!(sizes(&p, seed).0 == sizes(&p, seed).1);
    }
}

#[test]
fn functions_that_overflow_give_way_to_others() {
    let mut p = one_input("x", "1", |x| {
        (0..6).fold(x, |e, _| map(Function::Abstract(Name::new("f")), 0, had(vec![integer(3), e])))
    });
    p.functions.push(Name::new("f"));
    (0..5).for_each(|seed| assert!(sample(&p, seed).is_ok()));
}

#[test]
fn deep_expressions_have_values() {
    let evaluated = || {
        let deep = (0..2000).fold(integer(1), |e, _| elementwise(Elementwise::Sin, e));
        evaluate(&deep, &Values::default()).is_ok()
    };
    // far deeper than the parser lets formulas be; unoptimised frames are large
    let worker = std::thread::Builder::new().stack_size(64 << 20).spawn(evaluated).expect("a thread");
    assert!(worker.join().expect("no overflow"));
}

#[test]
fn nowhere_defined_is_a_domain_error() {
    let p =
        one_input("x", "1", |x| had(vec![elementwise(Elementwise::Log, integer(0)), builtin(Builtin::NormSquared, x)]));
    let error = sample(&p, 1).expect_err("no point");
    assert_eq!(error.kind, Kind::Domain);
    assert!(error.message.contains("log(0)"), "{error}");
}

#[test]
fn sizes_satisfy_conditions_and_slices() {
    let mut p = program(vec![input("x", "n", "1", &[]), input("y", "k", "1", &[])], vec![]);
    let n_k = Size::name("n".into()).times(&Size::name("k".into()));
    p.conditions.push(SizeCondition { left: n_k, right: Size::constant(22), span: Span::default() });
    let rows = Range { first: Size::constant(2), last: Size::constant(5) };
    let slice = build(Op::Slice { rows, cols: Range::all(&Size::one()) }, vec![symbol(&p, "x")]);
    p.definitions.push(definition("s", builtin(Builtin::Sum(Axis::All), slice)));
    let values = sample(&p, 3).expect("sizes");
    assert_eq!((values.sizes[&Name::new("n")], values.sizes[&Name::new("k")]), (11, 2));
    p.conditions[0].right = Size::constant(-1);
    assert_eq!(sample(&p, 3).expect_err("no sizes").kind, Kind::Limit);
}

#[test]
fn a_thousand_layers_are_checked_in_one_pass() {
    let mut p = program(vec![input("x", "n", "1", &[])], vec![]);
    let (mut previous, mut extra, mut gradients) = ("x".to_string(), vec![], vec![]);
    for layer in 1..=1000 {
        let (w, h) = (format!("W_{layer}"), format!("h_{layer}"));
        p.inputs.push(input(&w, "n", "n", &[]));
        let z = mul(vec![symbol(&p, &w), symbol(&p, &previous)]);
        p.definitions.push(definition(&h, elementwise(Elementwise::Tanh, z)));
        previous = h;
    }
    p.definitions.push(definition("s", builtin(Builtin::Sum(Axis::All), symbol(&p, &previous))));
    let mut upstream = gradus::internals::expr::ones(&shape("n", "1"));
    for layer in (1..=1000).rev() {
        let below = if layer == 1 { "x".to_string() } else { format!("h_{}", layer - 1) };
        let (w, h) = (symbol(&p, &format!("W_{layer}")), symbol(&p, &format!("h_{layer}")));
        let slope = sub(gradus::internals::expr::ones(&shape("n", "1")), pow(h, integer(2)));
        let name = format!("δ_{layer}");
        extra.push(definition(&name, had(vec![upstream, slope])));
        let delta = variable(Symbol::from(name.as_str()), &shape("n", "1"));
        gradients.push((
            Symbol::from(format!("W_{layer}").as_str()),
            mul(vec![delta.clone(), transpose(symbol(&p, &below))]),
        ));
        upstream = mul(vec![transpose(w), delta]);
    }
    let seen = check(&p, &Symbol::from("s"), &extra, &shape_claims(&gradients)).expect("agreement");
    assert!(seen.max_rel_error < TOLERANCE);
    for layer in [1, 500, 999] {
        let mut wrong = gradients.clone();
        let gradient = &mut wrong[1000 - layer].1;
        *gradient = had(vec![integer(2), gradient.clone()]);
        let error = check(&p, &Symbol::from("s"), &extra, &shape_claims(&wrong));
        assert!(error.is_err(), "layer {layer}: vanishing gradients hide nothing");
    }
}

#[test]
fn functions_are_bound_differently_at_different_points() {
    let mut p = network();
    p.functions.push(Name::new("g"));
    let bound: Vec<_> = (1..4).map(|seed| sample(&p, seed).expect("a point").functions).collect();
    assert!(bound[0] != bound[1] && bound[1] != bound[2]);
    assert!(bound.iter().all(|f| f[&Name::new("f")] != f[&Name::new("g")]));
    let order = Map { function: Function::Abstract(Name::new("f")), order: 9 };
    let e = Expr::node(Op::Map(order), vec![integer(1)]);
    let values = sample(&p, 1).expect("a point");
    assert_eq!(evaluate(&e, &values).expect_err("too high an order").kind, Kind::Unsupported);
}
