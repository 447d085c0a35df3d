//! What a session remembers, and its answers.

use crate::cli::args::split_targets;
use crate::cli::report::error_text;
use crate::cli::source::Source;
use crate::derive::{Derivation, Form, Options, derive};
use crate::diag::{Error, Errors, Kind};
use crate::expr::Name;
use crate::fuel;
use crate::render::{Format, Report, derivation_text, results_text, statement};
use crate::syntax::{Attribute, Document, Statement, parse_document};

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// What is to be printed.
    Said(String),
    /// What went wrong.
    Wrong(String),
    /// The session ends.
    Quit,
}

/// Everything that stays from line to line.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// Declarations, definitions and conditions, each under the name it is about.
    kept: Vec<(Option<Name>, String)>,
    wrt: Vec<String>,
    form: Option<Form>,
    steps: bool,
    format: Format,
}

/// What a line of statements asks for: the session as it will be, the text to derive and the name in it, if any.
struct Turn {
    next: Session,
    text: String,
    derives: bool,
    of: Option<String>,
}

/// The commands, what each takes, and what it does.
pub const COMMANDS: &[(&str, &str, &str)] = &[
    (":wrt", "W,b", "derive by these; alone: by every variable"),
    (":form", "both", "shape, jacobian or both; alone: shape for a scalar, jacobian for anything else"),
    (":steps", "", "show every step, or no longer"),
    (":latex", "", "answer in LaTeX, or no longer"),
    (":show", "", "what has been declared and defined"),
    (":forget", "NAME", "forget a name; alone: everything"),
    (":help", "", "this"),
    (":quit", "", "end the session"),
];

const HELP: &str = "A definition (s = u^T f(W x + b)) or an expression (x^T A x) is derived; declarations (W: n x m) and\n\
    definitions stay. A line goes on below while a bracket is open or an operator ends it. The tab key completes names and\n\
    functions; what derives at once is shown while you type.\n";

impl Session {
    /// Answers a line.
    pub fn enter(&mut self, line: &str) -> Reply {
        let line = line.trim();
        match line.strip_prefix(':') {
            _ if line.is_empty() => Reply::Said(String::new()),
            Some(command) => self.command(command),
            None => self.statements(line).unwrap_or_else(|(errors, text)| wrong(&errors, &text)),
        }
    }

    /// Every name of the session.
    pub fn names(&self) -> Vec<String> {
        let names = self.kept.iter().filter_map(|(name, _)| name.as_ref().map(ToString::to_string));
        let used = self.kept.iter().flat_map(|(_, text)| words(text));
        let mut all: Vec<String> = names.chain(used).collect();
        all.sort();
        all.dedup();
        all
    }

    /// What a line that is still being typed would derive, open brackets closed; `None` where it derives nothing.
    pub fn preview(&self, line: &str, width: usize) -> Option<String> {
        let asked = self.asked(&closed(line.trim())).ok().filter(|a| a.derives)?;
        let derivation = asked.next.derivation(&asked.text, asked.of).ok()?;
        Some(results_text(&derivation, &Report::default().width(width)))
    }

    fn statements(&mut self, line: &str) -> Result<Reply, (Errors, String)> {
        let Turn { next, text, derives, of } = self.asked(line).map_err(|e| (e, line.to_owned()))?;
        let said = if derives { next.derived(&text, of) } else { checked(&text).map(|()| String::new()) };
        let said = said.map_err(|e| (e, text))?;
        *self = next;
        Ok(Reply::Said(said))
    }

    /// What a line of statements asks for.
    fn asked(&self, line: &str) -> Result<Turn, Errors> {
        let new = parse_document(line)?;
        let next = self.with(&new);
        let mut lines: Vec<String> = next.kept.iter().map(|(_, text)| text.clone()).collect();
        let is_expression = |s: &&Statement| matches!(s, Statement::Expression(_));
        let expression = new.statements.iter().rev().find(is_expression).map(statement);
        let defined = new.statements.iter().rev().find_map(definition);
        lines.extend(expression.iter().cloned());
        let derives = expression.is_some() || defined.is_some();
        let of = defined.filter(|_| expression.is_none()).map(|name| name.to_string());
        Ok(Turn { next, text: lines.join("\n"), derives, of })
    }

    /// The session with these statements: a name that is declared or defined anew is forgotten first.
    fn with(&self, new: &Document) -> Session {
        let mut next = self.clone();
        for s in &new.statements {
            if matches!(s, Statement::Expression(_)) {
                continue;
            }
            let (name, definition) = (subject(s), definition(s).is_some());
            let same =
                |(n, text): &(Option<Name>, String)| name.is_some() && *n == name && (text.contains('=') == definition);
            next.kept.retain(|k| !same(k));
            next.kept.push((name, statement(s)));
        }
        next
    }

    fn derivation(&self, text: &str, of: Option<String>) -> Result<Derivation, Errors> {
        let options = Options::default()
            .of(of.as_deref())
            .with_respect_to(&self.wrt)
            .form(self.form)
            .steps(self.steps)
            .inlined(false);
        derive(text, &options)
    }

    fn derived(&self, text: &str, of: Option<String>) -> Result<String, Errors> {
        let (format, steps) = (self.format, self.steps);
        let report = Report::new(format).steps(steps);
        fuel::limited(|| Ok(derivation_text(&self.derivation(text, of)?, &report)))
    }

    fn command(&mut self, command: &str) -> Reply {
        let (name, argument) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        let argument = argument.trim();
        match name {
            "wrt" => {
                self.wrt = if argument.is_empty() { vec![] } else { split_targets(&[argument.to_owned()]) };
                said("by", if argument.is_empty() { "every variable" } else { argument })
            }
            "form" => self.set_form(argument),
            "steps" => {
                self.steps = !self.steps;
                said("steps", if self.steps { "shown" } else { "not shown" })
            }
            "latex" => {
                self.format = if self.format == Format::Latex { Format::Unicode } else { Format::Latex };
                said("answers in", if self.format == Format::Latex { "LaTeX" } else { "Unicode" })
            }
            "show" => Reply::Said(self.kept.iter().map(|(_, text)| format!("{text}\n")).collect()),
            "forget" => self.forget(argument),
            "help" => {
                let line = |(c, takes, what): &(&str, &str, &str)| format!("  {:<14}{what}\n", format!("{c} {takes}"));
                Reply::Said(HELP.to_owned() + &COMMANDS.iter().map(line).collect::<String>())
            }
            "quit" | "q" | "exit" => Reply::Quit,
            _ => wrong_usage(&format!("there is no command :{name}"), ":help lists them"),
        }
    }

    fn set_form(&mut self, argument: &str) -> Reply {
        self.form = match argument {
            "" => None,
            "shape" => Some(Form::Shape),
            "jacobian" => Some(Form::Jacobian),
            "both" => Some(Form::Both),
            _ => return wrong_usage(&format!("there is no form {argument}"), "write :form shape, jacobian or both"),
        };
        said("form", if argument.is_empty() { "as it fits" } else { argument })
    }

    fn forget(&mut self, argument: &str) -> Reply {
        let before = self.kept.len();
        match argument {
            "" => self.kept.clear(),
            name => self.kept.retain(|(n, _)| n.as_ref().is_none_or(|n| n.as_str() != name)),
        }
        match before - self.kept.len() {
            0 => wrong_usage(&format!("there is nothing to forget of {argument}"), ":show says what there is"),
            _ => said("forgotten", if argument.is_empty() { "everything" } else { argument }),
        }
    }
}

fn said(what: &str, how: &str) -> Reply {
    Reply::Said(format!("{what}: {how}\n"))
}

/// Declarations alone must agree with what there is.
fn checked(text: &str) -> Result<(), Errors> {
    crate::shape::elaborate(&parse_document(text)?).map(|_| ())
}

/// The line with its open brackets closed, as its author is about to do.
fn closed(line: &str) -> String {
    let mut open = vec![];
    for c in line.chars() {
        match c {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            _ if open.last() == Some(&c) => drop(open.pop()),
            _ => {}
        }
    }
    line.chars().chain(open.into_iter().rev()).collect()
}

/// What a statement is about.
fn subject(s: &Statement) -> Option<Name> {
    match s {
        Statement::Declaration(d) => Some(d.name.clone()),
        Statement::Definition { name, .. } | Statement::FunctionDefinition { name, .. } => Some(name.clone()),
        Statement::Expression(_) | Statement::SizeCondition { .. } => None,
    }
}

/// The name of a definition that can be derived.
fn definition(s: &Statement) -> Option<Name> {
    match s {
        Statement::Definition { name, .. } => Some(name.clone()),
        Statement::Declaration(_)
        | Statement::FunctionDefinition { .. }
        | Statement::Expression(_)
        | Statement::SizeCondition { .. } => None,
    }
}

/// The words of a statement that can be names.
fn words(text: &str) -> impl Iterator<Item = String> {
    let attribute = |w: &&str| Attribute::ALL.iter().any(|(words, _)| words.split(' ').any(|word| word == *w));
    let is_name = move |w: &&str| w.chars().next().is_some_and(char::is_alphabetic) && !attribute(w) && *w != "x";
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(is_name)
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}

fn wrong(errors: &[Error], text: &str) -> Reply {
    let source = Source { name: "session".to_owned(), text: text.to_owned() };
    let texts: Vec<String> = errors.iter().map(|e| error_text(e, Some(&source))).collect();
    Reply::Wrong(texts.join("\n"))
}

fn wrong_usage(message: &str, help: &str) -> Reply {
    Reply::Wrong(error_text(&Error::new(Kind::Usage, message).help(help), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(lines: &[&str]) -> Vec<Reply> {
        let mut session = Session::default();
        lines.iter().map(|l| session.enter(l)).collect()
    }

    #[track_caller]
    fn last(lines: &[&str]) -> String {
        match answers(lines).pop() {
            Some(Reply::Said(text)) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn declarations_and_definitions_stay() {
        let text = last(&["W: n x m", "z = W x + b", ":wrt W", "s = u^T f(z)"]);
        assert!(text.contains("∂s/∂W = (u ∘ f'(z)) xᵀ") && !text.contains("∂s/∂u"), "{text}");
        assert_eq!(last(&["W: n x m", "z = W x", "W: k x m", ":show"]), "z = W x\nW: k x m\n");
    }

    #[test]
    fn expressions_are_derived_and_forgotten() {
        assert!(last(&["x^T A x"]).contains("∂s/∂A = x xᵀ"));
        assert_eq!(last(&["A: n x n", "x^T A x", ":show"]), "A: n x n\n");
    }

    #[test]
    fn what_is_wrong_is_not_kept() {
        let all = answers(&["A: n x m", "x: n", "y = A x", ":show", "A (", ":nothing"]);
        assert!(matches!(&all[2], Reply::Wrong(e) if e.contains("their product needs")), "{:?}", all[2]);
        assert_eq!(all[3], Reply::Said("A: n x m\nx: n\n".to_owned()));
        assert!(matches!(&all[4], Reply::Wrong(e) if e.contains("session:1:")), "{:?}", all[4]);
        assert!(matches!(&all[5], Reply::Wrong(e) if e.contains(":help")));
    }

    #[test]
    fn what_is_being_typed_is_derived_and_not_kept() {
        let mut session = Session::default();
        session.enter("z = W x + b");
        session.enter(":wrt W");
        let preview = session.preview("s = u^T f(z", 100).expect("it derives");
        assert!(preview.contains("∂s/∂W = (u ∘ f'(z)) xᵀ") && !preview.contains('✓'), "{preview}");
        for nothing in ["s = u^T +", "A: n x m", "s = u^", ":steps", ""] {
            assert_eq!(session.preview(nothing, 100), None, "{nothing}");
        }
        assert_eq!(session.enter(":show"), Reply::Said("z = W x + b\n".to_owned()));
    }

    #[test]
    fn settings_change_the_answers() {
        assert!(last(&[":latex", "x^T A x"]).contains("\\begin{align*}"));
        assert!(last(&[":steps", "x^T A x"]).contains("d_mul"));
        assert!(last(&[":form jacobian", ":wrt x", "a^T x"]).contains("∂s/∂x = aᵀ"));
        assert_eq!(answers(&[":form sideways"]).len(), 1);
        assert_eq!(answers(&[":quit"]), [Reply::Quit]);
        assert_eq!(last(&["z = W x", ":forget z", ":show"]), "");
    }

    #[test]
    fn names_are_known_for_completion() {
        let mut session = Session::default();
        session.enter("weights: n x m");
        session.enter("z = weights x + bias");
        let names = session.names();
        assert!(["bias", "weights", "z"].iter().all(|n| names.contains(&(*n).to_owned())), "{names:?}");
    }
}
