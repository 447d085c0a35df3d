//! What a name is: its kind and shape, why, and the derivative by it.

use super::diagnose::{options_of, read};
use super::place::{names_at, range};
use crate::derive::{Derivation, Options, derive};
use crate::expr::{Builtin, Elementwise, Name, Symbol};
use crate::program::Program;
use crate::render::{Format, Report, results_text, word};
use crate::syntax::parse_name;
use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind};

/// What there is to say of what stands at a byte.
pub fn hover(text: &str, at: usize) -> Option<Hover> {
    let program = read(text).ok()?;
    let (span, said) = names_at(text, at).into_iter().find_map(|(span, written)| {
        let name = parse_name(written).unwrap_or_else(|_| written.into());
        Some((span, about(&program, &name, text)?))
    })?;
    let value = said;
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value });
    Some(Hover { contents, range: Some(range(text, span)) })
}

fn about(program: &Program, name: &Name, text: &str) -> Option<String> {
    match program.symbol(name).filter(|symbol| program.shape(symbol).is_some()) {
        Some(symbol) => of_array(program, name, &symbol, text),
        None if program.functions.contains(name) => {
            Some(format!("{}\n\nany function of every entry", code(&format!("{name}: elementwise"))))
        }
        None => match program.fields.get(name) {
            Some(space) => Some(code(&format!("{name}: {space}"))),
            None => of_function(name.as_str()),
        },
    }
}

fn of_array(program: &Program, name: &Name, symbol: &Symbol, text: &str) -> Option<String> {
    let mut head = format!("{name}: {}", program.shape(symbol)?);
    let mut why = None;
    if let Some(input) = program.input(symbol) {
        head.extend(input.attributes.iter().map(|a| format!(" {}", word(*a))));
        let reason = program.reading.reasons.get(name).map_or("declared", String::as_str);
        why = Some(reason.to_owned());
    }
    let moves = program.input(symbol).is_none_or(|input| !input.is_constant());
    let derivative = moves.then(|| derivative(program, name, symbol, text)).flatten();
    let parts = [Some(code(&head)), why, derivative.map(|d| code(&d))];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
}

/// The derivative of the document by a name, in the form the document asks for.
fn derivative(program: &Program, name: &Name, symbol: &Symbol, text: &str) -> Option<String> {
    if program.main.as_ref() == Some(symbol) {
        return None;
    }
    let options = options_of(text).ok()?.with_respect_to([name.as_str()]);
    Some(lines(&derive(text, &options).ok()?))
}

/// The results with the definitions they refer to, without what was assumed.
fn lines(derivation: &Derivation) -> String {
    let report = Report::new(Format::Unicode).width(80);
    results_text(derivation, &report).trim_end().to_owned()
}

/// A function of gradus, and its derivative where it has one.
fn of_function(name: &str) -> Option<String> {
    let elementwise = Elementwise::all_spellings().any(|f| f == name);
    if !elementwise && !Builtin::all_spellings().any(|f| f == name) {
        return None;
    }
    let kind = if elementwise { "a function of every entry" } else { "a function of arrays" };
    // the least of arrays that it takes
    let documents = ["x: scalar; y = F(x)", "x: n; y = F(x)", "X: n x n; y = F(X)", "X: n x m; y = F(X)"];
    let of_scalars = if elementwise { &documents[..1] } else { &documents[1..] };
    let found = of_scalars.iter().find_map(|d| derive(&d.replace('F', name), &Options::default()).ok());
    let derivative = found.map(|d| format!("\n\n{}", code(&lines(&d))));
    Some(format!("{}\n\n{kind}{}", code(name), derivative.unwrap_or_default()))
}

fn code(text: &str) -> String {
    format!("```gradus\n{text}\n```")
}
