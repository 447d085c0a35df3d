//! The command line: thin, one file a command.

mod args;
mod blocks;
mod check;
mod code;
mod colour;
mod derive;
mod equal;
mod file;
mod graph;
mod lsp;
mod noted;
mod notes;
mod output;
mod quiz;
mod repl;
mod report;
mod rules;
mod serve;
mod shell;
mod simplify;
mod source;
mod test;
mod values;

use crate::diag::{Error, Kind};
use args::{Cli, Command};
use clap::Parser;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::process::exit;

pub use output::Output;

/// Deep formulas are walked recursively; their depth is bounded by the parser, this is room for it.
const STACK_BYTES: usize = 256 << 20;

/// A process whose standard output was closed when it started (`>&-`).
#[cfg(unix)]
pub fn without_stdout(command: Option<&str>) -> ! {
    output::CLOSED.store(true, std::sync::atomic::Ordering::Relaxed);
    main(command)
}

/// A whole process: its arguments, behind the given command where a binary stands for one; its output, its exit code.
pub fn main(command: Option<&str>) -> ! {
    let mut args: Vec<OsString> = std::env::args_os().collect();
    if let Some(command) = command {
        args.insert(1.min(args.len()), command.into());
    } else if args.len() == 1 && !std::io::stdin().is_terminal() {
        // a pipe is a document
        args.push("derive".into());
    }
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(|| run(args));
    let output = match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(output)) => output,
        Ok(Err(_)) | Err(_) => exit(Kind::Internal.exit_code()),
    };
    exit(output.delivered());
}

/// Runs gradus with these arguments (the program's name first) and says what it would print.
pub fn run(args: Vec<OsString>) -> Output {
    if let Some((word, near)) = args::misspelt(&args) {
        let error = Error::new(Kind::Usage, format!("there is no command `{word}`, and it is no document"));
        return refused(&error.help(format!("did you mean `gradus {near}`? `gradus --help` lists the commands")));
    }
    match Cli::try_parse_from(args::with_default_command(args)) {
        Ok(cli) => written(cli),
        Err(e) if e.use_stderr() => Output { stderr: e.to_string(), code: 2, ..Output::default() },
        Err(e) => Output { stdout: e.to_string(), ..Output::default() },
    }
}

/// What the command says, where it is to stand.
fn written(mut cli: Cli) -> Output {
    let Some(path) = cli.output else {
        let page = cli.command.is_page();
        return Output { page, ..dispatch(cli.command) };
    };
    cli.command.written_to(&path);
    let output = dispatch(cli.command);
    let is_answer = [0, 1, 3].contains(&output.code) && !output.stdout.is_empty();
    if !is_answer {
        return output;
    }
    match file::write(&path, None, &output.stdout) {
        Ok(()) => Output { stdout: String::new(), ..output },
        Err(e) => refused(&e),
    }
}

fn dispatch(command: Command) -> Output {
    match command {
        Command::Derive(args) => derive::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Equal(args) => equal::run(&args),
        Command::Simplify(args) => simplify::run(&args),
        Command::Code(args) => code::run(&args),
        Command::Graph(args) => graph::run(&args),
        Command::Repl => repl::run(),
        Command::Quiz(args) => quiz::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Lsp => lsp::run(),
        Command::Completions(args) => shell::completions(&args),
        Command::Man(args) => shell::man(&args).unwrap_or_else(|e| refused(&e)),
        Command::Notes(args) => notes::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Mdbook(args) => notes::mdbook(&args),
        Command::Pandoc(_) => notes::pandoc(),
        Command::Rules(args) => match args.name {
            None => Output { stdout: rules::list(), ..Output::default() },
            Some(name) => match rules::show(&name) {
                Ok(stdout) => Output { stdout, ..Output::default() },
                Err(e) => refused(&e),
            },
        },
    }
}

fn refused(error: &Error) -> Output {
    Output { stderr: report::error_text(error, None), code: error.kind.exit_code(), ..Output::default() }
}
