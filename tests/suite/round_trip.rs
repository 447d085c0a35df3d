//! Everything gradus prints, it reads back: to the same expression, and to the same text.

use crate::random::{SCOPE, Source};
use gradus::internals::expr::*;
use gradus::internals::program::Program;
use gradus::internals::render::{Notation, Printer, Style, ascii, present};
use gradus::internals::shape::{Environment, elaborate, elaborate_expression};
use gradus::internals::syntax::{Scope, parse_document, parse_expression};

const NOTATIONS: [Notation; 3] = [Notation::Ascii, Notation::Unicode, Notation::Latex];

/// A document with the ways to read and print expressions in it.
struct Reader {
    scope: Scope,
    environment: Environment,
    style: Style,
}

impl Reader {
    fn new(document: &str) -> Reader {
        let program = program(document);
        let environment = Environment::from(&program);
        let scope = environment.scope(false);
        Reader { scope, environment, style: Style::new(&program) }
    }

    fn read(&self, text: &str, shape: &Shape) -> Result<Expr, String> {
        let ast = parse_expression(text, &self.scope).map_err(|e| format!("{text}: {e:?}"))?;
        elaborate_expression(&ast, &self.environment, Some(shape)).map_err(|e| format!("{text}: {e:?}"))
    }

    /// Prints in each notation, reads, compares, prints again.
    fn check(&self, e: &Expr) -> Result<(), String> {
        let tree = present(e, &self.style);
        for notation in NOTATIONS {
            let printer = Printer::new(notation);
            let text = printer.line(&tree);
            let read = self.read(&text, e.shape())?;
            if normal(&read) != normal(e) {
                return Err(format!("{text}\n  is {e:?}\n  reads {read:?}"));
            }
            self.check_text(printer, &text, &read)?;
        }
        let read = parse_expression(&ascii(&tree), &self.scope).map_err(|e| e.to_string())?;
        if read.size() == tree.size() { Ok(()) } else { Err(format!("{}: sizes differ", ascii(&tree))) }
    }

    /// Printed again the text is the same; `(1 / t)^2`, read as `1 / t^2`, may settle first.
    fn check_text(&self, printer: Printer, text: &str, read: &Expr) -> Result<(), String> {
        let again = printer.line(&present(read, &self.style));
        let settled = self.read(&again, read.shape())?;
        let last = printer.line(&present(&settled, &self.style));
        if last == again && (again == text || again.len() < text.len()) {
            return Ok(());
        }
        Err(format!("{text}\n  prints again as {again}\n  and then {last}"))
    }
}

/// Fails with all that went wrong.
fn none(failures: Vec<String>) {
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures[..failures.len().min(30)].join("\n"));
}

fn program(document: &str) -> Program {
    let document = parse_document(document).unwrap_or_else(|e| panic!("{document}: {e:?}"));
    elaborate(&document).unwrap_or_else(|e| panic!("{}: {e:?}", document.text))
}

/// Powers of products as products of powers: `a / (b c)` is read as a power of `b c`. Roots of norms as one power.
fn normal(e: &Expr) -> Expr {
    e.rewrite(&mut |e| match (e.op(), e.args()) {
        (Op::Pow, [base, exponent]) if *base.op() == Op::Had && whole(exponent) => {
            had(base.args().iter().map(|a| pow(a.clone(), exponent.clone())).collect())
        }
        (Op::Pow, [base, exponent]) if is_norm(base) => match (as_number(&base.args()[1]), as_number(exponent)) {
            (Some(p), Some(q)) => pow(base.args()[0].clone(), number(p * q)),
            _ => e,
        },
        _ => e,
    })
}

fn is_norm(e: &Expr) -> bool {
    *e.op() == Op::Pow && *e.args()[0].op() == Op::Builtin(Builtin::NormSquared)
}

fn whole(exponent: &Expr) -> bool {
    matches!(exponent.op(), Op::Number(p) if p.is_integer())
}

#[test]
fn random_expressions() {
    let reader = Reader::new(&format!("{SCOPE}\nf(x) + g(x)"));
    let expressions = (1..3000).map(|seed| Source::new(seed).expression(1 + (seed % 4) as u32));
    none(expressions.filter_map(|e| reader.check(&e).err()).collect());
}

/// Documents whose main expression reads back, and prints as its author wrote it.
const WRITTEN: &[&str] = &[
    "u^T f(W x + b)",
    "(u .* f'(W x + b)) x^T",
    "W^T (u .* f'(W x + b))",
    "1/2 (A + A^T) x - b",
    "exp(x^T A x) (A + A^T) x",
    "-X^-T a b^T X^-T",
    "2 (a^T X b) a b^T",
    "u .* (1 - tanh(W x + b).^2)",
    "1 ./ (1 + exp(-X))",
    "(x - a) / norm2(x - a)",
    "-(x - y) / norm2(x - y)^3",
    "λ w - X^T (y - X w)",
    "(W V W^T - I) W V",
    "diag(softmax(x)) - softmax(x) softmax(x)^T",
    "B ⊗ A",
    "(x x^T) ⊗ diag(u .* v)",
    "3 (X^2)^T",
    "softmax(Q K^T / sqrt(2), rows)",
    "sum(A, cols)",
    "t^κ log(t)",
    "κ t^(κ - 1)",
    "vec((u .* v) x^T)^T",
    "X[1..2, 1..3]",
    "[a; b; c]",
    "t ones(n)",
];

#[test]
fn written_expressions_print_as_written() {
    let mut failures = Vec::new();
    for text in WRITTEN {
        let document = format!("t: scalar; κ: scalar; λ: scalar; f: elementwise\n{text}");
        let reader = Reader::new(&document);
        let e = program(&document).definitions.pop().expect("the expression").value;
        let printed = ascii(&present(&e, &reader.style));
        if printed != *text {
            failures.push(format!("{text} prints as {printed}"));
        }
        failures.extend(reader.check(&e).err());
    }
    none(failures);
}
