//! What helps while one types: completion of names and functions, lines that go on.

use super::preview::Preview;
use super::session::{COMMANDS, Session};
use crate::expr::{Builtin, Elementwise};
use rustyline::completion::Completer;
use rustyline::highlight::Highlighter;
use rustyline::hint::{Hint, Hinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Result};
use std::borrow::Cow;

/// Lines of a preview; what is longer is shown when it is entered.
const PREVIEW_LINES: usize = 12;

pub struct Helper {
    session: Session,
    names: Vec<String>,
    colour: bool,
    preview: Option<Preview>,
    /// Columns and lines of the terminal.
    size: (usize, usize),
}

impl Helper {
    /// For a terminal, previews are derived while one types.
    pub fn new(colour: bool, preview: Option<Preview>) -> Helper {
        Helper { session: Session::default(), names: vec![], colour, preview, size: (80, 24) }
    }

    /// What the next line is typed into.
    pub fn update(&mut self, session: &Session, size: Option<(usize, usize)>) {
        self.session = session.clone();
        self.names = session.names();
        self.size = size.unwrap_or(self.size);
        if let Some(preview) = &self.preview {
            preview.forget();
        }
    }

    /// As many lines as there is room for below the text, none wider than the terminal.
    fn fitting(&self, preview: &str, above: usize) -> Option<String> {
        let (columns, lines) = self.size;
        let room = PREVIEW_LINES.min(lines.saturating_sub(above + 1));
        let shown: Vec<&str> = preview.lines().collect();
        let fits = shown.len() <= room && shown.iter().all(|l| l.chars().count() < columns);
        fits.then(|| shown.iter().fold(String::new(), |all, l| all + "\n" + l))
    }

    fn painted<'t>(&self, code: &str, text: &'t str) -> Cow<'t, str> {
        if self.colour { Cow::Owned(format!("\x1b[{code}m{text}\x1b[0m")) } else { Cow::Borrowed(text) }
    }

    /// Where the word before the cursor begins, and what it may become.
    fn completions(&self, line: &str, at: usize) -> (usize, Vec<String>) {
        let before = &line[..at];
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        let start = before.char_indices().rev().take_while(|(_, c)| is_word(*c)).last().map_or(at, |(i, _)| i);
        let word = &before[start..];
        if word.is_empty() {
            return (start, vec![]);
        }
        let commands = COMMANDS.iter().map(|(c, ..)| (*c).to_owned());
        let functions = Elementwise::all_spellings().chain(Builtin::all_spellings()).map(str::to_owned);
        let all = commands.chain(self.names.iter().cloned()).chain(functions);
        let mut fitting: Vec<String> = all.filter(|c| c.starts_with(word) && c != word).collect();
        fitting.sort();
        fitting.dedup();
        (start, fitting)
    }
}

/// Whether a text goes on: a bracket is open, or an operator waits for its other side. An empty line ends it all the same.
fn goes_on(text: &str) -> bool {
    if text.starts_with(':') || text.ends_with("\n") {
        return false;
    }
    let count = |signs: &[char]| text.matches(signs).count();
    let open = count(&['(', '[', '{']) > count(&[')', ']', '}']);
    let last = text.trim_end().chars().next_back();
    open || last.is_some_and(|c| ['+', '-', '*', '/', '=', '∘', '⊙', '⊗', '·', ',', '@'].contains(&c))
}

impl Completer for Helper {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> Result<(usize, Vec<String>)> {
        Ok(self.completions(line, at))
    }
}

impl Validator for Helper {
    fn validate(&self, context: &mut ValidationContext<'_>) -> Result<ValidationResult> {
        Ok(if goes_on(context.input()) { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

impl Highlighter for Helper {
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        self.painted("1", prompt)
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        self.painted("2", hint)
    }
}

/// A preview: to look at, not to insert.
pub struct PreviewHint(String);

impl Hint for PreviewHint {
    fn display(&self) -> &str {
        &self.0
    }

    fn completion(&self) -> Option<&str> {
        None
    }
}

impl Hinter for Helper {
    type Hint = PreviewHint;

    fn hint(&self, line: &str, at: usize, _: &Context<'_>) -> Option<PreviewHint> {
        if at < line.len() || line.trim().is_empty() || line.starts_with(':') {
            return None;
        }
        let preview = self.preview.as_ref()?.of(&self.session, line, self.size.0)?;
        self.fitting(&preview, line.lines().count()).map(PreviewHint)
    }
}

impl rustyline::Helper for Helper {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_functions_and_commands_are_completed() {
        let mut helper = Helper::new(false, None);
        helper.names = vec!["weights".to_owned()];
        assert_eq!(helper.completions("s = wei", 7), (4, vec!["weights".to_owned()]));
        assert!(helper.completions("s = u^T soft", 12).1.contains(&"softmax".to_owned()));
        assert_eq!(helper.completions(":fo", 3).1, [":forget", ":form"]);
        assert_eq!(helper.completions("s = ", 4), (4, vec![]));
    }

    #[test]
    fn a_preview_that_does_not_fit_is_not_shown() {
        let helper = Helper { size: (20, 5), ..Helper::new(false, None) };
        assert_eq!(helper.fitting("a = 1\nb = 2\n", 1), Some("\na = 1\nb = 2".to_owned()));
        assert_eq!(helper.fitting("a = 1\nb = 2\n", 3), None);
        assert_eq!(helper.fitting("a line too wide for it\n", 1), None);
    }

    #[test]
    fn open_lines_go_on() {
        for open in ["s = u^T f(W x", "s = a +", "A = [1, 2;"] {
            assert!(goes_on(open), "{open}");
        }
        for whole in ["s = a", ":wrt W,", "s = f(x)", "s = (a\n"] {
            assert!(!goes_on(whole), "{whole}");
        }
    }
}
