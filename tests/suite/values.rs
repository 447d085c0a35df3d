//! Values from JSON: names, shapes, sizes, and what is wrong with them.

use gradus::internals::diag::{Kind, Span};
use gradus::internals::eval::{Values, read_values, to_json};
use gradus::internals::expr::{Axis, Builtin, Expr, Function, Name, Shape, Size, Symbol, builtin, map, mul, variable};
use gradus::internals::program::{Definition, Input, Program, SizeCondition};
use gradus::internals::syntax::Attribute;
use serde_json::{Value, json};

fn size(text: &str) -> Size {
    text.parse().map_or_else(|_| Size::name(text.into()), Size::constant)
}

fn input(name: &str, rows: Size, cols: Size, attributes: &[Attribute]) -> Input {
    let shape = Shape::new(rows, cols);
    let attributes = attributes.to_vec();
    Input { name: Symbol::from(name), shape, attributes, declared: true, span: Span::default() }
}

fn symbol(input: &Input) -> Expr {
    variable(&input.name, &input.shape)
}

/// s = sum(f(A x_Paris)) with A: n × 5d, x_Paris: 5d, and a scalar λ nobody uses.
fn program() -> Program {
    let five_d = size("d").times(&Size::constant(5));
    let inputs = vec![
        input("A", size("n"), five_d.clone(), &[]),
        input("x_Paris", five_d, Size::one(), &[]),
        input("λ", Size::one(), Size::one(), &[Attribute::Positive]),
    ];
    let product = mul(vec![symbol(&inputs[0]), symbol(&inputs[1])]);
    let value = builtin(Builtin::Sum(Axis::All), map(Function::Abstract(Name::new("f")), 0, product));
    let main = Definition { name: Symbol::from("s"), value, written: None, span: Span::default() };
    Program {
        inputs,
        functions: vec![Name::new("f")],
        definitions: vec![main],
        main: Some(Symbol::from("s")),
        sizes: vec![Name::new("n"), Name::new("d")],
        ..Program::default()
    }
}

fn good() -> Value {
    json!({"A": [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]], "x_{Paris}": [1, 2, 3, 4, 5], "f": "tanh", "λ": 2.5})
}

/// The good values with one replaced, added or (by null) removed.
fn with(key: &str, value: Value) -> Value {
    let mut values = good();
    let object = values.as_object_mut().expect("an object");
    object.retain(|k, _| k != key);
    if !value.is_null() {
        object.insert(key.into(), value);
    }
    values
}

#[track_caller]
fn assert_error(json: Value, kind: Kind, mentions: &[&str]) {
    let error = read_values(&json, &program()).map(|_: Values| ()).expect_err("an error");
    assert_eq!(error.kind, kind, "{error}");
    let text = format!("{} {}", error.message, error.help.unwrap_or_default());
    assert!(mentions.iter().all(|m| text.contains(m)), "{text} should mention {mentions:?}");
}

#[test]
fn sizes_come_from_the_values() {
    for json in [good(), json!({"values": good(), "id": "a case"})] {
        let values = read_values(&json, &program()).expect("values");
        assert_eq!(values.sizes[&Name::new("n")], 2);
        assert_eq!(values.sizes[&Name::new("d")], 1);
        assert_eq!(values.arrays[&Symbol::from("x_Paris")].dim(), (5, 1));
    }
    let explicit = with("d", json!(1));
    assert_eq!(read_values(&explicit, &program()).expect("values").sizes[&Name::new("d")], 1);
}

#[test]
fn keys_are_read_as_the_language_reads_names() {
    for key in ["lambda", "\\lambda", "λ"] {
        let mut json = with("λ", Value::Null);
        json.as_object_mut().expect("an object").insert(key.into(), json!(4));
        let values = read_values(&json, &program()).expect("values");
        assert_eq!(values.arrays[&Symbol::from("λ")][(0, 0)], 4.0);
    }
}

#[test]
fn unused_inputs_need_no_value() {
    assert!(read_values(&with("λ", Value::Null), &program()).is_ok());
}

#[test]
fn what_is_missing_or_unknown_is_named() {
    assert_error(with("A", Value::Null), Kind::Usage, &["A"]);
    assert_error(with("f", Value::Null), Kind::Usage, &["f", "tanh"]);
    assert_error(with("x_Pari", json!(1)), Kind::Usage, &["x_Pari", "did you mean x_Paris"]);
    assert_error(with("s", json!(1)), Kind::Usage, &["s", "defined"]);
    assert_error(with("f", json!("frobnicate")), Kind::Usage, &["f", "frobnicate"]);
    assert_error(with("f", json!("tan h")), Kind::Usage, &["did you mean tanh"]);
    assert_error(with("f", json!(3)), Kind::Usage, &["f", "3"]);
    assert_error(with("x_Paris", json!([1, 2, 3, 4, 5])), Kind::Usage, &["x_Paris", "two"]);
    assert_error(json!([1, 2]), Kind::Usage, &["object"]);
}

#[test]
fn what_is_no_array_is_named() {
    assert_error(with("A", json!([[1, 2], [3]])), Kind::Usage, &["A", "row", "length", "ragged"]);
    assert_error(with("A", json!([])), Kind::Usage, &["A", "empty"]);
    assert_error(with("A", json!([[], []])), Kind::Usage, &["A", "empty"]);
    assert_error(with("A", json!([[1, "2"]])), Kind::Usage, &["A", "\"2\""]);
    assert_error(with("A", json!([[[1]]])), Kind::Usage, &["A", "[1]"]);
    assert_error(with("A", json!("tanh")), Kind::Usage, &["A", "tanh"]);
}

#[test]
fn what_does_not_fit_is_named() {
    assert_error(with("A", json!([[1, 2, 3], [4, 5, 6]])), Kind::Shape, &["A", "5d", "3"]);
    assert_error(with("A", json!([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]])), Kind::Shape, &["5d", "10", "5"]);
    assert_error(with("λ", json!([1, 2])), Kind::Shape, &["λ", "2"]);
    assert_error(with("d", json!(2)), Kind::Shape, &["5d", "10", "5"]);
    assert_error(with("λ", json!(-1)), Kind::Domain, &["λ", "positive"]);
}

#[test]
fn conditions_are_checked() {
    let mut p = program();
    p.conditions.push(SizeCondition { left: size("n"), right: size("2"), span: Span::default() });
    assert!(read_values(&good(), &p).is_ok());
    p.conditions[0].right = size("3");
    let error = read_values(&good(), &p).map(|_| ()).expect_err("a broken condition");
    assert!(error.kind == Kind::Shape && error.message.contains("n = 3") && error.message.contains("n = 2"), "{error}");
}

#[test]
fn values_are_printed_as_the_contract_says() {
    let values = read_values(&good(), &program()).expect("values");
    let at = |name: &str| &values.arrays[&Symbol::from(name)];
    assert_eq!(to_json(at("λ"), &Shape::scalar()), json!(2.5));
    assert_eq!(to_json(at("x_Paris"), &Shape::vector(size("m"))), json!([1.0, 2.0, 3.0, 4.0, 5.0]));
    assert_eq!(to_json(at("λ"), &Shape::new(Size::one(), size("m"))), json!([[2.5]]));
    let rows = json!([[1.0, 2.0, 3.0, 4.0, 5.0], [6.0, 7.0, 8.0, 9.0, 10.0]]);
    assert_eq!(to_json(at("A"), &Shape::new(size("n"), size("m"))), rows);
}
