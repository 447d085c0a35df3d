//! What must not be provable, and what must.

use gradus::internals::engine::{facts, prove};
use gradus::internals::expr::Expr;
use gradus::internals::program::Program;
use gradus::internals::shape::{Environment, elaborate, elaborate_expression};
use gradus::internals::syntax::{Scope, parse_document, parse_expression};

const DECLARATIONS: &str = "A: n x n; B: n x n; C: n x m; S: n x n symmetric; Q: n x n orthogonal; x: n; y: n; z: n; a: scalar; b: scalar; sum(A) + sum(B) + sum(C) + sum(S) + sum(Q) + sum(x) + sum(y) + sum(z) + a + b";

fn program() -> Program {
    elaborate(&parse_document(DECLARATIONS).expect("the declarations parse")).expect("the declarations have shapes")
}

fn read(text: &str, program: &Program) -> Expr {
    let environment = Environment::from(program);
    let scope = Scope { variables: environment.variables.keys().cloned().collect(), ..Scope::default() };
    let ast = parse_expression(text, &scope).unwrap_or_else(|e| panic!("{text}: {e}"));
    elaborate_expression(&ast, &environment, None).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn provable(left: &str, right: &str) -> bool {
    let program = program();
    prove(&read(left, &program), &read(right, &program), &[], &facts(&program.inputs)).is_some()
}

#[test]
fn true_equalities_are_proved() {
    for (left, right) in [
        ("(A B)^T", "B^T A^T"),
        ("(A B) C", "A (B C)"),
        ("A x + A y", "A (x + y)"),
        ("A x + B x", "(A + B) x"),
        ("A + A", "2 A"),
        ("x^T A y", "y^T A^T x"),
        ("S^T", "S"),
        ("A^-1 A", "eye(n)"),
        ("Q^T Q", "eye(n)"),
        ("(A B)^-1", "B^-1 A^-1"),
        ("-(x - y)", "y - x"),
        ("x .* x", "x.^2"),
        ("exp(x) ./ (1 + exp(x))", "sigmoid(x)"),
        ("x x^T y", "x (x^T y)"),
        ("diag(x) y", "x .* y"),
        ("A A A", "A^3"),
        ("(A + B)^2", "A^2 + A B + B A + B^2"),
        ("norm2(x - y)^2", "x^T x - 2 x^T y + y^T y"),
        ("tr(A B)", "tr(B A)"),
        ("tr(A^T B)", "sum(A .* B)"),
        ("(x z^T) .* (y x^T)", "(x .* y) (x .* z)^T"),
        ("diag(x) A diag(y)", "(x y^T) .* A"),
        ("A^-2 A^3", "A"),
        ("(A^T)^-1 A^T", "eye(n)"),
        ("det(A B)", "det(A) det(B)"),
        ("softmax(x)", "exp(x) / sum(exp(x))"),
        ("sigmoid(a) (1 - sigmoid(a))", "1 / (2 + exp(a) + exp(-a))"),
        ("relu(x) - relu(-x)", "x"),
        ("[x; y]^T [y; z]", "x^T y + y^T z"),
        ("(C^T C + 3 eye(m))^-1 C^T", "C^T (C C^T + 3 eye(n))^-1"),
        ("sum(C)", "ones(n)^T C ones(m)"),
        ("(S x)^T y", "x^T S y"),
    ] {
        assert!(provable(left, right), "{left} = {right} was not proved");
    }
}

#[test]
fn false_equalities_are_not_proved() {
    for (left, right) in [
        ("A B", "B A"),
        ("(A B)^-1", "A^-1 B^-1"),
        ("(A B)^T", "A^T B^T"),
        ("A^T", "A"),
        ("A^T A", "eye(n)"),
        ("A^-1", "A^T"),
        ("S B", "B S"),
        ("(S B)^T", "S B"),
        ("Q^T", "Q"),
        ("x^T y", "x^T z"),
        ("(A + B)^2", "A^2 + 2 A B + B^2"),
        ("(a^2)^(1/2)", "a"),
        ("(x.^2).^(1/2)", "x"),
        ("sqrt(a^2)", "a"),
        ("a / a", "2"),
        ("0 / a", "1"),
        ("exp(x) .* exp(y)", "exp(x .* y)"),
        ("diag(x) A", "A diag(x)"),
        ("norm2(x + y)", "norm2(x) + norm2(y)"),
        ("x .* (A y)", "A (x .* y)"),
        ("det(A + B)", "det(A) + det(B)"),
        ("tr(A B)", "tr(A) tr(B)"),
        ("A x", "A y"),
        ("1 - sigmoid(x)", "sigmoid(x)"),
        ("A A^-1 B", "A"),
        ("A^0", "A"),
        ("(A - A)^0", "A - A"),
        ("0 / a", "0 / a + 1"),
        ("(a - a) / a", "1"),
        ("log(det(A))", "det(A)"),
        ("logdet(A)", "log(det(A))"),
        ("abs(x)", "x"),
        ("exp(log(a))", "-a"),
        ("det(Q)", "1"),
        ("tr(A B A)", "tr(B B A)"),
        ("A ⊗ B", "B ⊗ A"),
        ("vec(A)", "vec(A^T)"),
        ("sum(x .* y)", "sum(x) sum(y)"),
        ("norm2(A x)", "norm2(A) norm2(x)"),
        ("(x + y).^2", "x.^2 + y.^2"),
        ("sqrt(x + y)", "sqrt(x) + sqrt(y)"),
        ("diag(A B)", "diag(B A)"),
        ("relu(x + y)", "relu(x) + relu(y)"),
        ("step(x)", "1/2 (1 + sign(x))"),
        ("inv(x y^T) (x y^T)", "A"),
        ("softmax(2 x)", "softmax(x)"),
        ("(A + eye(n)) (B + eye(n))", "A B + eye(n)"),
    ] {
        assert!(!provable(left, right), "{left} = {right} was proved, and is false");
    }
}
