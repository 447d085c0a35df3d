//! `gradus quiz`: one derivative after the other is asked for, answers are judged, a slip is a hint, steps are shown on
//! request.

use super::args::QuizArgs;
use super::derive::failed;
use super::output::{print, unwritten};
use super::repl::unreadable;
use super::report::error_text;
use super::source::{Source, read};
use super::{Output, colour, refused};
use crate::claim::{Answer, Question};
use crate::derive::{Derivation, Derivative, Options, derive_program};
use crate::diag::{Error, Errors};
use crate::expr::Name;
use crate::fuel;
use crate::program::Program;
use crate::render::{Format, Report, hint_text, results_text, steps_texts};
use crate::shape::elaborate;
use crate::syntax::parse_document;
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

const HELP: &str = "\
answer with the derivative, in the shape of what it is by: u .* f'(W x + b)
  :step    the next step of the derivation
  :answer  what gradus derives, and on to the next
  :skip    on to the next
  :quit    the end";

/// Asks for every derivative of a document.
pub fn run(args: &QuizArgs) -> Output {
    let source = match read(Some(&args.document)) {
        Ok(source) => source,
        Err(e) => return refused(&e),
    };
    let quiz = match fuel::limited(|| Quiz::of(args, &source.text)) {
        Ok(quiz) => quiz,
        Err(errors) => return failed(&errors, Default::default(), Some(&source)),
    };
    match quiz.asked() {
        Ok(()) => Output::default(),
        Err(e) => refused(&e),
    }
}

/// The derivatives to ask for.
struct Quiz {
    program: Program,
    of: Option<String>,
    targets: Vec<String>,
    /// Each target's derivative, with its steps.
    derivations: Vec<Derivation>,
}

/// What becomes of a derivative that is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settled {
    /// Right at the first answer, without a step shown.
    Alone,
    Found,
    Open,
    Quit,
}

impl Quiz {
    fn of(args: &QuizArgs, text: &str) -> Result<Quiz, Errors> {
        let one = |e: Error| vec![e];
        let program = elaborate(&parse_document(text)?)?;
        let options = Options::default().of(args.of.as_deref()).steps(true);
        let wrt = super::args::split_targets(&args.wrt);
        let all = derive_program(program.clone(), &options.clone().with_respect_to(wrt)).map_err(one)?;
        let targets: Vec<String> = all.derivatives.iter().map(|d| d.wrt.label.clone()).collect();
        let derivation = |t: &String| derive_program(program.clone(), &options.clone().with_respect_to([t]));
        let derivations = targets.iter().map(derivation).collect::<Result<_, _>>().map_err(one)?;
        Ok(Quiz { program, of: args.of.clone(), targets, derivations })
    }

    fn asked(&self) -> Result<(), Error> {
        let mut editor = DefaultEditor::new().map_err(unreadable)?;
        say(&format!("{HELP}\n"))?;
        let mut alone = 0;
        for i in 0..self.targets.len() {
            match self.ask(i, &mut editor)? {
                Settled::Alone => alone += 1,
                Settled::Found | Settled::Open => {}
                Settled::Quit => break,
            }
        }
        say(&format!("{alone} of {} found at the first answer and without a step", self.targets.len()))
    }

    fn ask(&self, i: usize, editor: &mut DefaultEditor) -> Result<Settled, Error> {
        let derivation = &self.derivations[i];
        let one: &Derivative = &derivation.derivatives[0];
        let (label, shape) = (&self.targets[i], &one.shape);
        say(&format!(
            "({} of {}) ∂{}/∂{label}, which is {}",
            i + 1,
            self.targets.len(),
            derivation.label,
            shaped(shape)
        ))?;
        let blocks = steps_texts(derivation, &report());
        let mut steps = blocks.iter().flat_map(|block| one_by_one(block));
        let mut alone = true;
        loop {
            let line = match editor.readline("? ") {
                Ok(line) => line,
                Err(ReadlineError::Eof) => return Ok(Settled::Quit),
                Err(ReadlineError::Interrupted) => continue,
                Err(e) => return Err(unreadable(e)),
            };
            match self.command(line.trim()) {
                "" => continue,
                ":quit" => return Ok(Settled::Quit),
                ":skip" => return Ok(Settled::Open),
                ":answer" => {
                    say(&results_text(derivation, &report()))?;
                    return Ok(Settled::Open);
                }
                ":step" => say(&steps.next().unwrap_or_else(|| "that was all: :answer shows the result".to_owned()))?,
                command if command.starts_with(':') => say(HELP)?,
                answer => {
                    if self.judged(label, answer)? {
                        return Ok(if alone { Settled::Alone } else { Settled::Found });
                    }
                }
            }
            alone = false;
        }
    }

    /// A command, also without its colon where the document has no such name.
    fn command<'a>(&self, line: &'a str) -> &'a str {
        const COMMANDS: [&str; 5] = [":step", ":answer", ":skip", ":quit", ":help"];
        let meant = COMMANDS.into_iter().find(|c| c[1..] == *line);
        meant.filter(|c| !self.program.names().contains(&Name::new(&c[1..]))).unwrap_or(line)
    }

    /// Whether an answer is right; says so, or what is wrong with it.
    fn judged(&self, target: &str, answer: &str) -> Result<bool, Error> {
        let options = Options::default().of(self.of.as_deref()).with_respect_to([target]);
        let verdict = fuel::limited(|| {
            let one = |e: Error| vec![e];
            let question = Question::of(self.program.clone(), &options).map_err(one)?;
            let claim = question.claim(answer).map_err(one)?;
            question.verdict(claim, None).map_err(one)
        });
        match verdict {
            Ok(v) => {
                let said = match &v.answer {
                    Answer::Yes { .. } => "✓ right".to_owned(),
                    Answer::No { .. } => format!("✗ not yet; {}", hint_text(&v, &report())),
                    Answer::Undecided { .. } => "? that cannot be decided".to_owned(),
                };
                say(&said)?;
                Ok(v.answer.is_yes())
            }
            Err(errors) => {
                let source = Source { name: "answer".to_owned(), text: answer.to_owned() };
                errors.iter().try_for_each(|e| say(&error_text(e, Some(&source))))?;
                Ok(false)
            }
        }
    }
}

/// The steps of a block: the first with the title and what it starts from, the last with what follows.
fn one_by_one(block: &str) -> Vec<String> {
    let begins = |line: &str| line.starts_with("    = ");
    let mut steps: Vec<String> = vec![];
    let mut has_an_equation = false;
    for line in block.lines() {
        if steps.is_empty() || (begins(line) && has_an_equation) {
            steps.push(String::new());
        }
        has_an_equation |= begins(line);
        if let Some(step) = steps.last_mut() {
            step.push_str(line);
            step.push('\n');
        }
    }
    steps
}

fn report() -> Report {
    Report::new(Format::Unicode).steps(true)
}

fn shaped(shape: &crate::expr::Shape) -> String {
    if shape.is_scalar() { "a scalar".to_owned() } else { shape.to_string() }
}

fn say(text: &str) -> Result<(), Error> {
    let text = format!("{}\n", text.trim_end());
    let painted = colour::wanted(&std::io::stdout());
    print(&if painted { colour::page(&text) } else { text }).map_err(|e| unwritten(&e))
}
