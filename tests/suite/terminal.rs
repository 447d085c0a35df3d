//! The prompt in a pseudo-terminal: keys go in, the screen is read back as a person would see it.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const ROWS: u16 = 30;
const COLUMNS: u16 = 100;

/// Longer than a slow machine takes.
const PATIENCE: Duration = Duration::from_secs(30);

struct Terminal {
    child: Child,
    keys: File,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    raw: Vec<u8>,
}

impl Terminal {
    /// `gradus repl` in a terminal; `home` is where it keeps its history.
    fn start(home: &Path, variables: &[(&str, &str)]) -> Terminal {
        let size = nix::pty::Winsize { ws_row: ROWS, ws_col: COLUMNS, ws_xpixel: 0, ws_ypixel: 0 };
        let pair = nix::pty::openpty(Some(&size), None).expect("a pseudo-terminal");
        let end = || Stdio::from(pair.slave.try_clone().expect("a handle"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
        command.arg("repl").env("TERM", "xterm").env("XDG_STATE_HOME", home).env_remove("NO_COLOR");
        command.envs(variables.iter().copied()).stdin(end()).stdout(end()).stderr(end());
        let child = command.spawn().expect("the binary is built before the tests");
        let keys = File::from(pair.master);
        let mut reader = keys.try_clone().expect("a handle");
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let screen = vt100::Parser::new(lines(ROWS), lines(COLUMNS), 0);
        let mut terminal = Terminal { child, keys, output, screen, raw: vec![] };
        terminal.until("the prompt", |screen| screen.trim_end().ends_with("gradus>"));
        terminal
    }

    fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Reads until the screen is as it should be.
    #[track_caller]
    fn until(&mut self, what: &str, holds: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds(&self.text()) {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(bytes) = self.output.recv_timeout(left) else { panic!("no {what}:\n{}", self.text()) };
            self.screen.process(&bytes);
            self.raw.extend(bytes);
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("it listens");
    }

    /// Presses keys and waits for what they show.
    #[track_caller]
    fn type_until(&mut self, keys: &str, shown: &str) {
        self.press(keys);
        self.until(shown, |screen| screen.contains(shown));
    }

    /// Types a line whose preview may come late on a slow machine: spaces ask for it again.
    #[track_caller]
    fn preview(&mut self, line: &str, shown: &str) {
        self.press(line);
        let deadline = Instant::now() + PATIENCE;
        while !self.text().contains(shown) {
            assert!(Instant::now() < deadline, "no {shown}:\n{}", self.text());
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(300)) {
                self.screen.process(&bytes);
                self.raw.extend(bytes);
            } else {
                self.press(" \u{7f}");
            }
        }
    }

    /// Waits for the cursor to stand in a row, behind a text.
    #[track_caller]
    fn rests_at(&mut self, row: u16, text: &str) {
        let place = (row, text.chars().count() as u16);
        let deadline = Instant::now() + PATIENCE;
        while self.screen.screen().cursor_position() != place {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(bytes) = self.output.recv_timeout(left) else { panic!("not at {place:?}:\n{}", self.text()) };
            self.screen.process(&bytes);
            self.raw.extend(bytes);
        }
    }

    /// Ends the session, which is waiting for keys, and gives all it wrote.
    #[track_caller]
    fn end(mut self) -> Vec<u8> {
        // a preview may stand below it, but no answer
        let waits = |screen: &str| screen.rsplit_once("gradus>").is_some_and(|(_, below)| !below.contains('✓'));
        self.until("a prompt", waits);
        // whatever was being typed goes first
        self.press("\u{15}:quit\r");
        let deadline = Instant::now() + PATIENCE;
        while self.child.try_wait().expect("it can be asked").is_none() {
            assert!(Instant::now() < deadline, ":quit does not end it:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
        std::mem::take(&mut self.raw)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // it has ended, unless the test failed
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("a terminal has some")
}

fn home(name: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("terminal").join(name);
    let _ = std::fs::remove_dir_all(&home);
    home
}

#[test]
fn what_is_typed_is_derived_below_the_line() {
    let mut terminal = Terminal::start(&home("preview"), &[]);
    terminal.preview("s = x^T A x", "∂s/∂A = x xᵀ");
    let before = terminal.text();
    assert!(!before.contains('✓'), "a preview is no answer:\n{before}");
    terminal.rests_at(1, "gradus> s = x^T A x");
    terminal.type_until("\r", "✓ agrees");
    terminal.until("a prompt below", |screen| screen.trim_end().ends_with("gradus>"));
    assert_eq!(terminal.text().matches("∂s/∂A").count(), 1, "the preview goes:\n{}", terminal.text());
    terminal.end();
}

#[test]
fn an_open_bracket_is_no_hindrance_and_a_line_goes_on() {
    let mut terminal = Terminal::start(&home("lines"), &[]);
    terminal.type_until(":wrt x\r", "by: x");
    terminal.preview("s = u^T f(A x", "∂s/∂x = Aᵀ (u ∘ f'(z))");
    terminal.press("\r+ b)\r");
    terminal.until("an answer", |screen| screen.contains("✓ agrees") && screen.contains("z = A x + b"));
    terminal.end();
}

#[test]
fn names_and_functions_are_completed_by_the_tab_key() {
    let mut terminal = Terminal::start(&home("completion"), &[]);
    terminal.type_until("weights: n x m\r", "gradus> weights");
    terminal.type_until("y = log_s\t", "y = log_softmax");
    terminal.type_until("(wei\t", "log_softmax(weights");
    terminal.type_until("\u{15}tan\t\t", "tanh");
    terminal.end();
}

#[test]
fn history_comes_back_in_the_next_session() {
    let home = home("history");
    let mut terminal = Terminal::start(&home, &[]);
    terminal.type_until("a^T x\r", "✓ agrees");
    terminal.end();
    let mut terminal = Terminal::start(&home, &[]);
    // the line before :quit
    terminal.type_until("\u{1b}[A\u{1b}[A", "gradus> a^T x");
    terminal.end();
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let painted = |name: &str, variables: &[(&str, &str)]| {
        let mut terminal = Terminal::start(&home(name), variables);
        terminal.type_until("a^T x\r", "✓ agrees");
        terminal.type_until(")\r", "unbalanced bracket");
        let raw = String::from_utf8_lossy(&terminal.end()).into_owned();
        ["\u{1b}[36m", "\u{1b}[32m", "\u{1b}[31m", "\u{1b}[1m", "\u{1b}[2m"]
            .iter()
            .filter(|c| raw.contains(**c))
            .count()
    };
    assert!(painted("colour", &[]) >= 4);
    assert_eq!(painted("plain", &[("NO_COLOR", "1")]), 0);
}

/// What a command prints in a terminal, and where it is not one.
fn printed_in_a_terminal(args: &[&str], variables: &[(&str, &str)]) -> String {
    let pair = nix::pty::openpty(None, None).expect("a pseudo-terminal");
    let end = || Stdio::from(pair.slave.try_clone().expect("a handle"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
    command.args(args).env("TERM", "xterm").env_remove("NO_COLOR").envs(variables.iter().copied());
    let mut child = command.stdin(Stdio::null()).stdout(end()).stderr(end()).spawn().expect("the binary is built");
    drop(command);
    drop(pair.slave);
    let (mut text, mut master) = (vec![], File::from(pair.master));
    // a terminal whose other end is closed ends in an error
    let _ = master.read_to_end(&mut text);
    child.wait().expect("it ends");
    String::from_utf8(text).expect("gradus prints UTF-8")
}

#[test]
fn a_page_in_a_terminal_has_colours_unless_someone_minds() {
    let text = printed_in_a_terminal(&["s = x^T x"], &[]);
    assert!(text.contains("\x1b[36m∂s/∂x = 2 x") && text.contains("\x1b[32m✓"), "{text:?}");
    assert!(printed_in_a_terminal(&["s = x^T )"], &[]).contains("\x1b[31merror:"));
    for (args, variables) in [
        (&["s = x^T x"] as &[&str], &[("NO_COLOR", "1")] as &[(&str, &str)]),
        (&["s = x^T x"], &[("TERM", "dumb")]),
        (&["s = x^T x", "--format", "latex"], &[]),
        (&["s = x^T x", "--format", "json"], &[]),
    ] {
        let text = printed_in_a_terminal(args, variables);
        assert!(!text.is_empty() && !text.contains('\x1b'), "{args:?} {variables:?}: {text:?}");
    }
}
