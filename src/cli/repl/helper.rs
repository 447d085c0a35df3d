//! What helps while one types: completion of names and functions, lines that go on.

use super::session::COMMANDS;
use crate::expr::{Builtin, Elementwise};
use rustyline::completion::Completer;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Result};
use std::borrow::Cow;

pub struct Helper {
    /// The names of the session.
    pub names: Vec<String>,
    colour: bool,
}

impl Helper {
    pub fn new(colour: bool) -> Helper {
        Helper { names: vec![], colour }
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
        let commands = COMMANDS.iter().map(|(c, _)| (*c).to_owned());
        let functions = Elementwise::SPELLINGS.iter().chain(Builtin::SPELLINGS).map(|f| (*f).to_owned());
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
        if self.colour { Cow::Owned(format!("\x1b[1m{prompt}\x1b[0m")) } else { Cow::Borrowed(prompt) }
    }
}

impl Hinter for Helper {
    type Hint = String;
}

impl rustyline::Helper for Helper {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_functions_and_commands_are_completed() {
        let mut helper = Helper::new(false);
        helper.names = vec!["weights".to_owned()];
        assert_eq!(helper.completions("s = wei", 7), (4, vec!["weights".to_owned()]));
        assert!(helper.completions("s = u^T soft", 12).1.contains(&"softmax".to_owned()));
        assert_eq!(helper.completions(":fo", 3).1, [":forget", ":form"]);
        assert_eq!(helper.completions("s = ", 4), (4, vec![]));
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
