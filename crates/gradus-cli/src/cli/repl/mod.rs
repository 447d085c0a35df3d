//! `gradus repl`: derive line by line. Declarations and definitions stay.

mod helper;
mod preview;
mod session;

use super::Output;
use super::colour;
use super::file::write;
use super::output::{print, unwritten};
use crate::diag::{Error, Kind};
use helper::Helper;
use preview::Preview;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, Config, Editor};
use session::{Reply, Session};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

const PROMPT: &str = "gradus> ";

/// Lines of the past that are kept.
const HISTORY: usize = 1000;

/// Reads and answers until the input ends.
pub fn run() -> Output {
    match talk() {
        Ok(()) => Output::default(),
        Err(e) => Output { stderr: super::report::error_text(&e, None), code: e.kind.exit_code(), ..Output::default() },
    }
}

/// What is said of a terminal that cannot be read.
pub(super) fn unreadable(e: ReadlineError) -> Error {
    Error::new(Kind::Usage, format!("the terminal cannot be read: {e}"))
}

fn talk() -> Result<(), Error> {
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let colour = terminal && colour::wanted(&std::io::stdout());
    let config = Config::builder()
        .max_history_size(HISTORY)
        .map_err(unreadable)?
        .auto_add_history(true)
        .completion_type(CompletionType::List)
        .build();
    let mut editor: Editor<Helper, FileHistory> = Editor::with_config(config).map_err(unreadable)?;
    let preview = if terminal { Preview::start(super::STACK_BYTES) } else { None };
    editor.set_helper(Some(Helper::new(colour, preview)));
    let history = history_file().filter(|_| terminal);
    if let Some(file) = &history {
        // the first time there is none
        let _ = file.parent().map(std::fs::create_dir_all);
        let _ = editor.load_history(file);
    }
    if terminal {
        print(":help says what there is; Ctrl-D or :quit ends\n").map_err(|e| unwritten(&e))?;
    }
    converse(&mut editor, colour, history.as_deref())
}

fn converse(editor: &mut Editor<Helper, FileHistory>, colour: bool, history: Option<&Path>) -> Result<(), Error> {
    let mut session = Session::default();
    loop {
        let size = editor.dimensions().map(|(columns, rows)| (usize::from(columns), usize::from(rows)));
        if let Some(helper) = editor.helper_mut() {
            helper.update(&session, size);
        }
        match editor.readline(PROMPT) {
            Ok(line) => {
                // kept before it is answered; a history that cannot be kept is no reason to fail
                let _ = history.map(|file| keep_history(editor, file));
                let said = match session.enter(&line) {
                    Reply::Quit => return Ok(()),
                    Reply::Said(text) if colour => colour::page(&text),
                    Reply::Wrong(text) if colour => colour::errors(&text),
                    Reply::Said(text) | Reply::Wrong(text) => text,
                };
                print(&said).map_err(|e| unwritten(&e))?;
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(()),
            Err(e) => return Err(unreadable(e)),
        }
    }
}

/// The editor empties a history that is full before it writes it anew: it does so with a copy.
fn keep_history(editor: &mut Editor<Helper, FileHistory>, file: &Path) -> Result<(), ReadlineError> {
    let copy = tempfile::NamedTempFile::new()?;
    let before = std::fs::read_to_string(file).ok();
    std::fs::write(copy.path(), before.as_deref().unwrap_or_default())?;
    editor.append_history(copy.path())?;
    let after = std::fs::read_to_string(copy.path())?;
    write(file, before.as_deref(), &after).map_err(|e| std::io::Error::other(e).into())
}

/// Where the history is kept between sessions.
fn history_file() -> Option<PathBuf> {
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    Some(state.or_else(home)?.join("gradus/history"))
}
