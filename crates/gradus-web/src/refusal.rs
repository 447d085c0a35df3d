//! What the page is told when there is no answer.

use crate::fix::fix;
use gradus::{Diagnostic, Error, Span};
use serde_json::{Value, json};

/// An error with its places as JavaScript counts them, and the text they lie in.
pub fn refusal(error: &Error) -> Value {
    let text = error.text();
    let one = |e: &Diagnostic| {
        let place = |span: Span| [units(text, span.start), units(text, span.end)];
        let places: Vec<Value> = e.labels.iter().map(|l| json!({"at": place(l.span), "label": l.text})).collect();
        let fix = fix(text, e).map(|fix| json!({"at": place(fix.span), "text": fix.text}));
        json!({"kind": e.kind.word(), "message": e.message, "places": places, "help": e.help, "fix": fix})
    };
    let all: Vec<Value> = error.diagnostics().iter().map(one).collect();
    json!({"text": text, "errors": all})
}

/// A refusal of what was asked, not of a text.
pub fn misasked(message: &str) -> Value {
    json!({"text": "", "errors": [{"kind": "usage", "message": message, "places": [], "help": null, "fix": null}]})
}

/// UTF-16 code units before a byte of a text.
fn units(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < byte).map(|(_, c)| c.len_utf16()).sum()
}
