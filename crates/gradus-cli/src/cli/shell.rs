//! Completions of shells and the man page, from the declarations of the command line.

use super::Output;
use super::args::{Cli, CompletionsArgs};
use clap::CommandFactory;

/// The completions of a shell.
pub fn completions(args: &CompletionsArgs) -> Output {
    let mut text = vec![];
    clap_complete::generate(args.shell, &mut Cli::command(), "gradus", &mut text);
    output(text)
}

/// The man page.
pub fn man() -> Output {
    let mut text = vec![];
    let command = Cli::command();
    // writing to memory does not fail
    let _ = clap_mangen::Man::new(command.clone()).render(&mut text);
    for sub in command.get_subcommands().filter(|s| s.get_name() != "help") {
        let name = format!("gradus {}", sub.get_name());
        let page = clap_mangen::Man::new(sub.clone().name(name.clone()).bin_name(name));
        let _ = page.render_synopsis_section(&mut text);
        let _ = page.render_description_section(&mut text);
        let _ = page.render_options_section(&mut text);
    }
    output(text)
}

fn output(text: Vec<u8>) -> Output {
    Output { stdout: String::from_utf8_lossy(&text).into_owned(), ..Output::default() }
}
