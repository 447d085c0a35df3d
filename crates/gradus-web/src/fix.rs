//! The change that an error proposes, tried before it is offered.

use gradus::{Diagnostic, Document, Span};

/// A part of a text, and what to write there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub text: String,
}

impl Fix {
    /// The text with the change made.
    pub fn applied(&self, text: &str) -> String {
        let (before, after) = (text.get(..self.span.start), text.get(self.span.end..));
        format!("{}{}{}", before.unwrap_or_default(), self.text, after.unwrap_or_default())
    }
}

/// Where a document begins: behind the lines that hold its options.
pub fn beginning(text: &str) -> usize {
    let options = text.split_inclusive('\n').take_while(|line| line.trim_start().starts_with("#|"));
    options.map(str::len).sum()
}

/// The change of a document that an error of it proposes; `None` where it proposes none, or one that does not help.
pub fn fix(text: &str, error: &Diagnostic) -> Option<Fix> {
    let before = faults(text);
    let helps = |fix: &Fix| {
        let after = faults(&fix.applied(text));
        after.len() <= before.len() && !after.contains(&error.message)
    };
    proposals(text, error).into_iter().find(helps)
}

/// What is wrong with a document.
fn faults(text: &str) -> Vec<String> {
    let told = |e: gradus::Error| e.diagnostics().iter().map(|d| d.message.clone()).collect();
    text.parse::<Document>().err().map_or_else(Vec::new, told)
}

/// What may be meant, the likeliest first: a text in the place of what the error points at, one in the place of the whole,
/// declarations.
fn proposals(text: &str, error: &Diagnostic) -> Vec<Fix> {
    let Some(help) = error.help.as_deref() else { return vec![] };
    // `A^T x`, and a lone word: did you mean symmetric?
    let word = help.strip_prefix("did you mean ").and_then(|rest| rest.split_once('?')).map(|(word, _)| word);
    let word = word.filter(|word| word.chars().all(char::is_alphanumeric));
    let quoted = || help.split('`').skip(1).step_by(2).chain(word);
    let mut all = vec![];
    if let [first, rest @ ..] = error.labels.as_slice() {
        let both = rest.first().map(|second| first.span.to(second.span));
        let places: Vec<Span> = both.into_iter().chain([first.span]).collect();
        let instead = quoted().filter(|new| !new.contains(": "));
        all.extend(instead.flat_map(|new| places.iter().map(|at| Fix { span: *at, text: new.to_owned() })));
    }
    if let Some((_, mended)) = help.split_once("did you mean: ") {
        let start = text.len() - text.trim_start().len();
        all.push(Fix { span: Span::new(start, text.trim_end().len()), text: mended.to_owned() });
    }
    if help.contains("declare") {
        let at = beginning(text);
        let line = |line: &str| Fix { span: Span::new(at, at), text: format!("{line}\n") };
        all.extend(quoted().filter(|line| line.contains(": ")).map(line));
    }
    all
}
