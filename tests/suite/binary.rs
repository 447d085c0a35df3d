//! The built binary, run as a user runs it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a run printed, and its exit code.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

impl Run {
    /// The JSON on standard output.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("no JSON ({e}): {self:?}"))
    }
}

/// The root of the repository: the suite belongs to the package of the binary.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs `gradus` with these arguments, nothing on standard input.
pub fn gradus(args: &[&str]) -> Run {
    gradus_with(args, b"")
}

/// Runs `gradus` with these arguments and these bytes on standard input.
pub fn gradus_with(args: &[&str], stdin: &[u8]) -> Run {
    run(Command::new(env!("CARGO_BIN_EXE_gradus")).args(args), stdin)
}

/// Runs `gradus` in a directory.
pub fn gradus_in(directory: &Path, args: &[&str], stdin: &[u8]) -> Run {
    run(Command::new(env!("CARGO_BIN_EXE_gradus")).args(args).current_dir(directory), stdin)
}

/// Runs one of the other binaries.
pub fn run_binary(binary: &str, args: &[&str], stdin: &[u8]) -> Run {
    run(Command::new(binary).args(args), stdin)
}

fn run(command: &mut Command, stdin: &[u8]) -> Run {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("the binary is built before the tests");
    // a process that refuses its arguments may end before it reads
    let _ = child.stdin.take().expect("it is piped").write_all(stdin);
    let output = child.wait_with_output().expect("it ends");
    Run {
        stdout: String::from_utf8(output.stdout).expect("gradus prints UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("gradus prints UTF-8"),
        code: output.status.code().unwrap_or(-1),
    }
}

/// The text with `…` for the figures of checks: rounding may differ between machines.
pub fn without_rounding(text: &str) -> String {
    let mut out = text.to_owned();
    for before in ["max rel. error ", "\"max_rel_error\": "] {
        let mut parts = out.split(before);
        let mut kept = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let figure =
                part.find(|c: char| !c.is_ascii_digit() && !['.', 'e', '-'].contains(&c)).unwrap_or(part.len());
            kept += &format!("{before}…{}", &part[figure..]);
        }
        out = kept;
    }
    out
}

#[test]
fn figures_of_checks_are_left_out() {
    assert_eq!(without_rounding("a (max rel. error 4e-17)\n"), "a (max rel. error …)\n");
    assert_eq!(without_rounding("\"max_rel_error\": 0.0\n1"), "\"max_rel_error\": …\n1");
}

/// A fresh directory that goes away at the end of a test.
pub struct Directory(std::path::PathBuf);

impl Directory {
    /// A directory nobody else has: tests run side by side.
    pub fn new(name: &str) -> Directory {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let own = format!("{name}-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(own);
        std::fs::create_dir_all(&path).expect("the directory for temporary files is writable");
        Directory(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file and says where it is.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).expect("the directory is writable");
        path.display().to_string()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
