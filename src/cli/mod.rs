//! The command line: thin, one file a command.

mod args;
mod derive;
mod json;
mod report;
mod rules;
mod source;

use crate::diag::{Error, Kind};
use args::{Cli, Command};
use clap::Parser;
use std::ffi::OsString;

/// What a run prints, and its exit code.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The exit code.
    pub code: i32,
}

/// Runs gradus with these arguments (the program's name first) and says what it would print.
pub fn run(args: Vec<OsString>) -> Output {
    if let Some((name, purpose)) = args::to_come(&args) {
        return refused(&missing(name, purpose));
    }
    match Cli::try_parse_from(args::with_default_command(args)) {
        Ok(cli) => dispatch(cli.command),
        Err(e) if e.use_stderr() => Output { stderr: e.to_string(), code: 2, ..Output::default() },
        Err(e) => Output { stdout: e.to_string(), ..Output::default() },
    }
}

fn dispatch(command: Command) -> Output {
    match command {
        Command::Derive(args) => derive::run(&args),
        Command::Rules(args) => match args.name {
            None => Output { stdout: rules::list(), ..Output::default() },
            Some(name) => match rules::show(&name) {
                Ok(stdout) => Output { stdout, ..Output::default() },
                Err(e) => refused(&e),
            },
        },
    }
}

/// A command that will exist: the promise is no document, and no riddle either.
fn missing(name: &str, purpose: &str) -> Error {
    Error::new(Kind::Unsupported, format!("`gradus {name}` does not exist yet: it will {purpose}"))
        .help("`gradus --help` lists the commands there are")
}

fn refused(error: &Error) -> Output {
    Output { stderr: report::error_text(error, None), code: error.kind.exit_code(), ..Output::default() }
}
