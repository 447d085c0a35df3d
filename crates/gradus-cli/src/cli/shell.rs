//! Completions of shells and the man page, from the declarations of the command line.

use super::Output;
use super::args::{Cli, CompletionsArgs, ManArgs};
use crate::diag::{Error, Kind};
use clap::CommandFactory;

/// The completions of a shell.
pub fn completions(args: &CompletionsArgs) -> Output {
    let mut text = vec![];
    clap_complete::generate(args.shell, &mut Cli::command(), "gradus", &mut text);
    output(text)
}

/// The man page of gradus, or of one of its commands.
///
/// # Errors
/// `Usage` for a command that does not exist.
pub fn man(args: &ManArgs) -> Result<Output, Error> {
    let mut text = vec![];
    let command = Cli::command();
    // writing to memory does not fail
    match &args.command {
        None => drop(clap_mangen::Man::new(command).render(&mut text)),
        Some(name) => {
            let page = page_of(&command, name).ok_or_else(|| {
                Error::new(Kind::Usage, format!("there is no command `{name}`")).help("`gradus --help` lists them")
            })?;
            drop(page.render(&mut text));
        }
    }
    Ok(output(text))
}

fn page_of(gradus: &clap::Command, name: &str) -> Option<clap_mangen::Man> {
    let command = gradus.get_subcommands().find(|s| s.get_name() == name && name != "help")?;
    let title = format!("gradus-{name}");
    let page = clap_mangen::Man::new(command.clone().name(title.clone()).bin_name(format!("gradus {name}")));
    Some(page.title(title.to_uppercase()))
}

fn output(text: Vec<u8>) -> Output {
    Output { stdout: String::from_utf8_lossy(&text).into_owned(), ..Output::default() }
}
