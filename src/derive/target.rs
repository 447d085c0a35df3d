//! What is differentiated by: a variable, a named intermediate, or a stack of them.

use crate::diag::{Error, Kind};
use crate::expr::{Name, Shape, Size, Symbol};
use crate::program::Program;
use crate::syntax::{Ast, Scope, Syntax, parse_expression, parse_name};
use std::collections::BTreeMap;

/// A target of a derivation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// As it is named in the output: the variable's name, or `[x; y]`.
    pub label: String,
    /// One name, or the parts of a stack from top to bottom.
    pub parts: Vec<(Symbol, Shape)>,
}

impl Target {
    /// A variable or a definition as a target.
    pub fn of(name: &Symbol, shape: &Shape) -> Target {
        Target { label: name.to_string(), parts: vec![(name.clone(), shape.clone())] }
    }

    /// The shapes of all parts of targets.
    pub fn shapes(targets: &[Target]) -> BTreeMap<Symbol, Shape> {
        targets.iter().flat_map(|t| t.parts.iter().cloned()).collect()
    }

    /// The shape of the target: of the variable, or of the stacked column.
    pub fn shape(&self) -> Shape {
        match self.parts.as_slice() {
            [(_, shape)] => shape.clone(),
            parts => Shape::new(
                parts.iter().fold(Size::constant(0), |sum, (_, s)| sum.plus(&s.rows)),
                parts[0].1.cols.clone(),
            ),
        }
    }

    /// Reads a target as a person writes it.
    ///
    /// # Errors
    /// `Symbol` for a name the program does not have (with a proposal) or a function, `Usage` for anything but a name or a stack of columns.
    pub fn parse(text: &str, program: &Program) -> Result<Target, Error> {
        let scope = Scope {
            variables: names(program).cloned().collect(),
            functions: program.functions.iter().chain(program.fields.keys()).cloned().collect(),
            ..Scope::default()
        };
        if is_function(&Name::new(text), program) {
            return Err(is_a_function(&Name::new(text)));
        }
        // `c_{t-1}` in its plain spelling, c_t-1, reads as a difference
        let plain = Name::new(text);
        if let Some((symbol, shape)) = scope.variables.contains(&plain).then(|| known(&plain, program)).transpose()? {
            return Ok(Target { label: text.to_owned(), ..Target::of(&symbol, &shape) });
        }
        if let Some((symbol, shape)) = parse_name(text).ok().and_then(|name| program.member(&name)) {
            return Ok(Target { label: text.to_owned(), parts: vec![(symbol, shape)] });
        }
        let ast = parse_expression(text, &scope).map_err(|e| in_target(text, e))?;
        let parts = parts(&ast).ok_or_else(|| not_a_target(text))?;
        let parts = parts.iter().map(|n| known(n, program)).collect::<Result<Vec<_>, Error>>()?;
        match parts.as_slice() {
            [(name, shape)] => Ok(Target::of(name, shape)),
            [] => Err(not_a_target(text)),
            more if (1..more.len()).any(|i| more[..i].contains(&more[i])) => {
                Err(Error::new(Kind::Usage, format!("the target `{text}` holds a variable twice"))
                    .help("stack each variable once"))
            }
            more if more.iter().all(|(_, s)| s.cols == more[0].1.cols) => {
                let inside: Vec<String> = more.iter().map(|(n, _)| n.to_string()).collect();
                Ok(Target { label: format!("[{}]", inside.join("; ")), parts })
            }
            _ => Err(Error::new(Kind::Usage, format!("`{text}` stacks variables with different numbers of columns"))
                .help("stack scalars and column vectors")),
        }
    }
}

/// The places of such an error lie in the target's own text, not in the document.
fn in_target(text: &str, error: Error) -> Error {
    Error { message: format!("in the target `{text}`: {}", error.message), labels: vec![], ..error }
}

fn not_a_target(text: &str) -> Error {
    Error::new(Kind::Usage, format!("`{text}` is not a target: expected a variable or a stack of variables"))
        .help("write --wrt W, --wrt W,b,x or --wrt '[x; y]'")
}

fn parts(ast: &Ast) -> Option<Vec<Name>> {
    let name = |a: &Ast| match &a.kind {
        Syntax::Name(n) => Some(n.clone()),
        _ => None,
    };
    match &ast.kind {
        Syntax::Matrix(rows) if rows.iter().all(|r| r.len() == 1) => rows.iter().map(|r| name(&r[0])).collect(),
        _ => name(ast).map(|n| vec![n]),
    }
}

fn names(program: &Program) -> impl Iterator<Item = &Name> {
    program.shapes().filter_map(|(symbol, _)| symbol.name())
}

fn is_a_function(name: &Name) -> Error {
    Error::new(Kind::Name, format!("`{name}` is a function: gradus differentiates with respect to variables"))
        .help(format!("to differentiate with respect to its argument, name the argument and write --wrt for that name (the derivative of {name} prints as {name}')"))
}

fn is_function(name: &Name, program: &Program) -> bool {
    program.functions.contains(name) || program.fields.contains_key(name)
}

fn known(name: &Name, program: &Program) -> Result<(Symbol, Shape), Error> {
    if let Some((symbol, shape)) = program.symbol(name).and_then(|s| Some((s.clone(), program.shape(&s)?.clone()))) {
        return Ok((symbol, shape));
    }
    if is_function(name, program) {
        return Err(is_a_function(name));
    }
    let error = Error::new(Kind::Name, format!("there is no variable `{name}` in the document"));
    let near = names(program).max_by(|a, b| similar(a, name).total_cmp(&similar(b, name)));
    let listed: Vec<String> = names(program).map(Name::to_string).collect();
    Err(match near {
        Some(n) if similar(n, name) > 0.6 || n.as_str().eq_ignore_ascii_case(name.as_str()) => {
            error.help(format!("did you mean `{n}`?"))
        }
        _ => error.help(format!("the document has {}", listed.join(", "))),
    })
}

fn similar(a: &Name, b: &Name) -> f64 {
    let case = if a.as_str().eq_ignore_ascii_case(b.as_str()) { 1.0 } else { 0.0 };
    strsim::jaro_winkler(a.as_str(), b.as_str()).max(case)
}
