//! `gradus lsp`: what an editor asks, over standard input and output.

mod actions;
mod complete;
mod diagnose;
mod format;
mod hover;
mod place;
mod server;

use super::Output;

/// Answers an editor until it says that it is done.
pub fn run() -> Output {
    match server::serve() {
        Ok(()) => Output::default(),
        Err(e) => super::refused(&e),
    }
}
