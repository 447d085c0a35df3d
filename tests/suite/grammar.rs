//! The grammar file, the parser and the printers tell of one language; the corpus reads as it is written down beside it.

use crate::binary::repository;
use crate::ebnf::{Grammar, Random};
use gradus::internals::diag::{Error, Kind};
use gradus::internals::render;
use gradus::internals::syntax::{
    Ast, BinaryOp, DeclaredShape, Document, NormKind, Scope, Statement, Syntax, parse_document, parse_expression,
};
use std::fs;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    repository().join("grammar").join(name)
}

fn grammar() -> Grammar {
    let text = fs::read_to_string(folder("gradus.ebnf")).expect("the grammar is there");
    Grammar::read(&text)
}

/// The documents of a corpus folder, sorted by name.
fn corpus(name: &str) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder(name)).expect("the corpus is there");
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("readable").path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "gradus"));
    files.sort();
    files.into_iter().map(|p| (p.clone(), fs::read_to_string(p).expect("readable"))).collect()
}

/// Compares with the text stored beside the file; `GRADUS_UPDATE=1` stores it.
fn compare(path: &Path, got: &str) {
    let stored = path.with_extension("txt");
    if std::env::var_os("GRADUS_UPDATE").is_some() {
        fs::write(&stored, got).expect("writable");
    }
    let expected = fs::read_to_string(&stored).unwrap_or_default();
    assert_eq!(got, expected, "{} (GRADUS_UPDATE=1 stores the new text)", path.display());
}

// ---- reading back

/// Every name of the document's trees as a variable, its functions as functions.
fn scope(document: &Document) -> Scope {
    let mut scope = Scope::default();
    for statement in &document.statements {
        match statement {
            Statement::Declaration(d) if d.shape == DeclaredShape::Elementwise => {
                scope.functions.insert(d.name.clone());
            }
            Statement::Declaration(d) => drop(scope.variables.insert(d.name.clone())),
            Statement::FunctionDefinition { name, parameters, body, .. } => {
                scope.functions.insert(name.clone());
                scope.parameters.extend((parameters.len() > 1).then(|| (name.clone(), parameters.clone())));
                scope.variables.extend(parameters.iter().cloned());
                variables(body, &mut scope);
            }
            Statement::Definition { name, value, .. } => {
                scope.variables.insert(name.clone());
                variables(value, &mut scope);
            }
            Statement::Expression(e) => variables(e, &mut scope),
            Statement::SizeCondition { .. } => {}
        }
    }
    scope
}

fn variables(tree: &Ast, scope: &mut Scope) {
    match &tree.kind {
        Syntax::Name(name) => drop(scope.variables.insert(name.clone())),
        Syntax::Number(_) | Syntax::Partial(_) => {}
        Syntax::Call { args, .. } | Syntax::Slope { args, .. } => args.iter().for_each(|a| variables(a, scope)),
        Syntax::Sum(terms) => terms.iter().for_each(|(_, t)| variables(t, scope)),
        Syntax::Neg(a) | Syntax::Transpose(a) | Syntax::Inverse(a) | Syntax::Norm(_, a) | Syntax::Bars(a) => {
            variables(a, scope)
        }
        Syntax::Binary(_, a, b) | Syntax::Power(a, b) | Syntax::ElementPower(a, b) => {
            variables(a, scope);
            variables(b, scope);
        }
        Syntax::Matrix(rows) => rows.iter().flatten().for_each(|a| variables(a, scope)),
        Syntax::Slice { base, rows, cols } => {
            variables(base, scope);
            for (first, last) in std::iter::once(rows).chain(cols) {
                variables(first, scope);
                variables(last, scope);
            }
        }
        Syntax::Entry { base, at } => std::iter::once(&**base).chain(at).for_each(|a| variables(a, scope)),
        Syntax::Gathered { body, .. } => variables(body, scope),
        Syntax::Keyword(..) | Syntax::Iverson(_) => {}
    }
}

/// Prints every expression in every notation and reads it back.
fn read_back(text: &str, document: &Document) {
    let scope = scope(document);
    for statement in &document.statements {
        let (Statement::Definition { value, .. } | Statement::Expression(value)) = statement else { continue };
        for printed in [render::ascii(value), render::unicode(value), render::latex(value)] {
            match parse_expression(&printed, &scope) {
                Ok(again) if normal(again.clone()) == normal(value.clone()) => {}
                Ok(again) => panic!("{text}\nprints {printed}\nwhich reads as {}", render::ascii(&again)),
                Err(error) => panic!("{text}\nprints {printed}\nwhich does not read: {error}"),
            }
        }
    }
}

/// The tree with one spelling for what has two: `norm2(x)` is `‖x‖`, `(-a)/b` is `-(a/b)`.
fn normal(mut tree: Ast) -> Ast {
    tree.kind = match tree.kind {
        Syntax::Call { function, mut args, .. } if norm(function.as_str()).is_some() && args.len() == 1 => {
            let kind = norm(function.as_str()).expect("just asked");
            Syntax::Norm(kind, Box::new(normal(args.remove(0))))
        }
        Syntax::Call { function, function_span, primes, args } => {
            let args = args.into_iter().map(normal).collect();
            Syntax::Call { function, function_span, primes, args }
        }
        Syntax::Slope { slope, function, function_span, args } => {
            let args = args.into_iter().map(normal).collect();
            Syntax::Slope { slope, function, function_span, args }
        }
        Syntax::Sum(terms) => Syntax::Sum(terms.into_iter().map(|(sign, t)| (sign, normal(t))).collect()),
        Syntax::Neg(a) => Syntax::Neg(boxed(a)),
        Syntax::Transpose(a) => Syntax::Transpose(boxed(a)),
        Syntax::Inverse(a) => Syntax::Inverse(boxed(a)),
        Syntax::Norm(kind, a) => Syntax::Norm(kind, boxed(a)),
        Syntax::Bars(a) => Syntax::Bars(boxed(a)),
        Syntax::Binary(BinaryOp::At | BinaryOp::Dot | BinaryOp::Star, a, b) => {
            return quotient(BinaryOp::Mul, *boxed(a), boxed(b));
        }
        Syntax::Binary(op, a, b) => return quotient(op, *boxed(a), boxed(b)),
        Syntax::Power(a, b) => Syntax::Power(boxed(a), boxed(b)),
        Syntax::ElementPower(a, b) => Syntax::ElementPower(boxed(a), boxed(b)),
        Syntax::Matrix(rows) => {
            Syntax::Matrix(rows.into_iter().map(|row| row.into_iter().map(normal).collect()).collect())
        }
        Syntax::Slice { base, rows, cols } => {
            let range = |(first, last)| (boxed(first), boxed(last));
            Syntax::Slice { base: boxed(base), rows: range(rows), cols: cols.map(range) }
        }
        Syntax::Entry { base, at } => Syntax::Entry { base: boxed(base), at: at.into_iter().map(normal).collect() },
        Syntax::Gathered { by, over, when, body } => Syntax::Gathered { by, over, when, body: boxed(body) },
        kind
        @ (Syntax::Number(_) | Syntax::Name(_) | Syntax::Partial(_) | Syntax::Keyword(..) | Syntax::Iverson(_)) => kind,
    };
    tree
}

/// The minus signs of the left operand before the whole.
fn quotient(op: BinaryOp, left: Ast, right: Box<Ast>) -> Ast {
    let span = left.span;
    let kind = match left.kind {
        Syntax::Neg(positive) => Syntax::Neg(Box::new(quotient(op, *positive, right))),
        kind => Syntax::Binary(op, Box::new(Ast::new(kind, span)), right),
    };
    Ast::new(kind, span)
}

/// Normal in place: the box is used again.
fn boxed(mut tree: Box<Ast>) -> Box<Ast> {
    let empty = Ast::new(Syntax::Number(String::new()), tree.span);
    let inner = std::mem::replace(&mut *tree, empty);
    *tree = normal(inner);
    tree
}

fn norm(function: &str) -> Option<NormKind> {
    match function {
        "norm2" | "norm" => Some(NormKind::Two),
        "normF" => Some(NormKind::Frobenius),
        "norm1" => Some(NormKind::One),
        _ => None,
    }
}

// ---- the grammar

const SENTENCES: u64 = 4000;

#[test]
fn every_rule_of_the_grammar_is_used() {
    assert_eq!(grammar().loose_ends(&["document", "condition"]), Vec::<String>::new());
}

#[test]
fn the_parser_takes_every_sentence_of_the_grammar() {
    let grammar = grammar();
    let mut refused = 0;
    for seed in 0..SENTENCES {
        let text = grammar.sentence("document", 8 + (seed % 12) as usize, &mut Random::new(seed));
        match parse_document(&text) {
            Ok(document) => read_back(&text, &document),
            // two definitions of one name, a variable called with two arguments: what no grammar says
            Err(errors) if errors.iter().all(|e| e.kind == Kind::Name) => refused += 1,
            Err(errors) => panic!("{text}\n{errors:?}"),
        }
    }
    assert!(refused < SENTENCES / 10, "{refused} sentences were refused for their names");
}

#[test]
fn the_parser_takes_every_condition_of_the_grammar() {
    let grammar = grammar();
    for seed in 0..500 {
        let condition = grammar.sentence("condition", 9, &mut Random::new(seed));
        let text = format!("A: n x m; B: k x p; C: d x d_model\n{condition}");
        let document = parse_document(&text).unwrap_or_else(|e| panic!("{text}\n{e:?}"));
        assert!(matches!(document.statements.last(), Some(Statement::SizeCondition { .. })), "{text}");
    }
}

// ---- the corpus

#[test]
fn the_corpus_reads_as_stored() {
    for (path, text) in corpus("ok") {
        let document = parse_document(&text).unwrap_or_else(|e| panic!("{}: {e:?}", path.display()));
        read_back(&text, &document);
        let mut lines: Vec<String> = document.statements.iter().map(render::statement).collect();
        lines.extend(document.notes.iter().map(|n| format!("note: {}", n.message)));
        compare(&path, &(lines.join("\n") + "\n"));
    }
}

#[test]
fn the_erroneous_corpus_gives_its_errors() {
    for (path, text) in corpus("err") {
        let errors = match parse_document(&text) {
            Ok(_) => panic!("{} is accepted", path.display()),
            Err(errors) => errors,
        };
        let shown: Vec<String> = errors.iter().map(|e| show(&text, e)).collect();
        compare(&path, &shown.join("\n"));
    }
}

fn show(text: &str, error: &Error) -> String {
    let mut shown = format!("{error}\n");
    for label in &error.labels {
        let line = text[..label.span.start].matches('\n').count() + 1;
        let piece: String = text[label.span.start..label.span.end].chars().take(40).collect();
        shown.push_str(&format!("  line {line}: {piece:?}: {}\n", label.text));
    }
    shown.push_str(&format!("  help: {}\n", error.help.as_deref().unwrap_or("none")));
    shown
}

// ---- nothing breaks it

/// Characters and pieces that grammars stumble over.
const PIECES: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "^",
    "_",
    "'",
    "‖",
    "||",
    "\\",
    "\\frac",
    "\\hat{",
    "\\mathbf{",
    "\\left",
    "\\|",
    "\\begin{bmatrix}",
    "\\end{bmatrix}",
    "&",
    "\\\\",
    ";",
    "\n",
    ",",
    "=",
    ":",
    " x ",
    "..",
    ".",
    ".*",
    "-",
    "+",
    "ᵀ",
    "⁻¹",
    "1e",
    "1.2",
    "é",
    "\u{302}",
    "\u{200b}",
    "𝐱",
    "in",
    "T",
    "#",
    "$",
    "∂",
    "…",
    "\\log",
    "exp",
    "e^",
];

fn mutated(text: &str, random: &mut Random) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(4) {
        let at = random.below(characters.len() + 1);
        match random.below(4) {
            0 if at < characters.len() => drop(characters.remove(at)),
            1 => {
                let end = (at + random.below(12)).min(characters.len());
                let copy: Vec<char> = characters[at..end].to_vec();
                let to = random.below(characters.len() + 1);
                characters.splice(to..to, copy);
            }
            2 => characters.truncate(at.max(1)),
            _ => {
                let piece = PIECES[random.below(PIECES.len())];
                characters.splice(at..at, piece.chars());
            }
        }
    }
    characters.into_iter().collect()
}

#[test]
fn mutations_of_the_corpus_never_panic() {
    let texts: Vec<String> = corpus("ok").into_iter().chain(corpus("err")).map(|(_, text)| text).collect();
    let mut random = Random::new(2024);
    for text in &texts {
        for _ in 0..300 {
            let mutant = mutated(text, &mut random);
            match parse_document(&mutant) {
                Ok(document) => document.statements.iter().for_each(|s| drop(render::statement(s))),
                // every place can be shown
                Err(errors) => errors.iter().for_each(|e| drop(show(&mutant, e))),
            }
            drop(parse_expression(&mutant, &Scope { rules: true, ..Scope::default() }));
        }
    }
}

#[test]
fn long_and_deep_texts_end_at_once() {
    let pieces = [
        "(",
        "-",
        "x ",
        "x^",
        "[",
        "‖",
        "x'",
        "a=",
        "\n",
        ";",
        "f(",
        "x+",
        "\\hat{",
        "_{",
        "\\frac",
        "\\frac{",
        "{",
        "x^T",
        "-(",
        "[1;",
        "\\begin{aligned}",
        "&",
        "a:",
        "x_",
        "^{",
        "|",
        "x[",
        "\\mathbf",
        "2",
        "x.*",
        "exp ",
        "'",
        "\\left",
        "x^(",
        "‖x‖ ",
        "a, ",
        "x:n,",
        "x\n+",
        "\\\\",
        "\\log ",
    ];
    for piece in pieces {
        let text = piece.repeat(100_000 / piece.len());
        drop(parse_document(&text));
        drop(parse_document(&format!("s = {text}")));
        drop(parse_expression(&text, &Scope::default()));
    }
}
