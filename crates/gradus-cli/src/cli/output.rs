//! What a run prints, and what becomes of it.

use super::colour;
use super::report::error_text;
use crate::diag::{Error, Kind};
use std::io::{self, Write};
#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Whether there is no standard output: Rust shows /dev/null in its place.
#[cfg(unix)]
pub(super) static CLOSED: AtomicBool = AtomicBool::new(false);

/// What a run prints, and its exit code.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The exit code.
    pub code: i32,
    /// Whether what is printed is a page of plain text.
    pub page: bool,
}

impl Output {
    /// Prints it and gives the exit code of the process: what cannot be written is an error.
    pub(super) fn delivered(&self) -> i32 {
        let told = match colour::wanted(&io::stderr()) {
            true => io::stderr().write_all(colour::errors(&self.stderr).as_bytes()),
            false => io::stderr().write_all(self.stderr.as_bytes()),
        };
        let printed = match self.page && colour::wanted(&io::stdout()) {
            true => print(&colour::page(&self.stdout)),
            false => print(&self.stdout),
        };
        match printed {
            Ok(()) => self.code.max(failure(told.err().as_ref())),
            Err(e) => {
                let _ = io::stderr().write_all(error_text(&unwritten(&e), None).as_bytes());
                self.code.max(failure(Some(&e)))
            }
        }
    }
}

/// Writes to standard output, all the way. A reader that has read enough (`| head`) is no error.
pub(super) fn print(text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    match unswallowed(text) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(e),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// What is said of an output that cannot be written.
pub(super) fn unwritten(e: &io::Error) -> Error {
    Error::new(Kind::Usage, format!("standard output cannot be written: {e}"))
}

fn failure(e: Option<&io::Error>) -> i32 {
    let failed = e.is_some_and(|e| e.kind() != io::ErrorKind::BrokenPipe);
    if failed { Kind::Usage.exit_code() } else { 0 }
}

/// Rust's own standard output takes a descriptor that is not open for a place where output may vanish.
#[cfg(unix)]
fn unswallowed(text: &str) -> io::Result<()> {
    use std::os::fd::AsFd;
    if CLOSED.load(Relaxed) {
        return Err(rustix::io::Errno::BADF.into());
    }
    let mut stdout = std::fs::File::from(io::stdout().as_fd().try_clone_to_owned()?);
    stdout.write_all(text.as_bytes())
}

#[cfg(not(unix))]
fn unswallowed(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())
}
