//! `gradus test`: documents with the text that was derived from them beside them.

use super::Output;
use super::args::TestArgs;
use super::blocks::block_args;
use super::derive::{options, report_of};
use super::file::write;
use super::report::error_text;
use super::source::{Source, read_file};
use crate::diag::{Error, Kind};
use crate::notes::{diff, document_options};
use crate::snapshot::{Change, Snapshot};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The ending of a document, and of what is expected of it.
const DOCUMENT: &str = "gradus";
const EXPECTED: &str = "expected";

/// Directories are searched at most so deep.
const MAX_DEPTH: usize = 64;

/// Derives every document anew and says what changed.
pub fn run(args: &TestArgs) -> Output {
    let mut tally = Tally::default();
    for path in &args.paths {
        match named(path) {
            Ok(found) => found.iter().for_each(|document| tally.test(document, path.is_file(), args.accept)),
            Err(e) => tally.refuse(&e, None),
        }
    }
    tally.output()
}

/// What a path on the command line stands for: a document, or all below a directory, of which there must be one.
fn named(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return read_file(path).map(|_| vec![path.to_owned()]);
    }
    let found = documents(path, MAX_DEPTH)?;
    let none = || Error::new(Kind::Usage, format!("there is no *.{DOCUMENT} document in {}", path.display()));
    if found.is_empty() { Err(none()) } else { Ok(found) }
}

/// The documents below a directory, in the order of their names. Links to directories are not followed.
fn documents(directory: &Path, depth: usize) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |e: std::io::Error| Error::new(Kind::Usage, format!("cannot read {}: {e}", directory.display()));
    let entries = std::fs::read_dir(directory).map_err(unreadable)?;
    let mut paths = entries.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    paths.sort();
    let mut found = vec![];
    for path in paths {
        if path.is_dir() && !path.is_symlink() && depth > 0 {
            found.extend(documents(&path, depth - 1)?);
        } else if path.extension().is_some_and(|e| e == DOCUMENT) && path.is_file() {
            found.push(path);
        }
    }
    Ok(found)
}

/// What was found so far.
#[derive(Default)]
struct Tally {
    output: Output,
    passed: usize,
    failed: usize,
    accepted: usize,
    without: usize,
}

impl Tally {
    fn test(&mut self, path: &Path, named: bool, accept: bool) {
        let expected = path.with_extension(EXPECTED);
        if !(expected.is_file() || named && accept) {
            self.without += 1;
            return;
        }
        let text = match read_file(path) {
            Ok(text) => text,
            Err(e) => return self.refuse(&e, None),
        };
        match snapshot(&text) {
            Ok(new) => self.compared(path, &expected, &new, accept),
            Err(e) => self.refuse(&e, Some(&Source { name: path.display().to_string(), text })),
        }
    }

    fn compared(&mut self, path: &Path, expected: &Path, new: &Snapshot, accept: bool) {
        let old = read_file(expected).unwrap_or_default();
        let change = new.since(&old);
        if change == Change::None {
            self.passed += 1;
            let _ = writeln!(self.output.stdout, "passed    {}", path.display());
        } else if accept {
            self.accept(path, expected, &old, new, &change);
        } else {
            self.failed += 1;
            self.output.code = self.output.code.max(1);
            let _ = writeln!(self.output.stdout, "FAILED    {}: {}", path.display(), change);
            self.show(path, expected, &old, new);
        }
    }

    fn accept(&mut self, path: &Path, expected: &Path, old: &str, new: &Snapshot, change: &Change) {
        if let Err(e) = write(expected, Some(old), &new.to_string()) {
            return self.refuse(&e, None);
        }
        self.accepted += 1;
        let what = if old.is_empty() { "new".to_owned() } else { change.to_string() };
        let _ = writeln!(self.output.stdout, "accepted  {}: {what}", path.display());
    }

    fn show(&mut self, path: &Path, expected: &Path, old: &str, new: &Snapshot) {
        let derived = format!("{}, derived anew", path.display());
        self.output.stdout.push_str(&diff(old, &new.to_string(), &expected.display().to_string(), &derived));
        if let Some(errors) = new.refused() {
            let text = read_file(path).unwrap_or_default();
            let source = Source { name: path.display().to_string(), text };
            errors.iter().for_each(|e| self.output.stdout.push_str(&error_text(e, Some(&source))));
        }
    }

    fn refuse(&mut self, error: &Error, source: Option<&Source>) {
        self.output.stderr.push_str(&error_text(error, source));
        self.output.code = self.output.code.max(error.kind.exit_code());
    }

    fn output(mut self) -> Output {
        let _ = write!(self.output.stdout, "\n{} passed, {} failed", self.passed, self.failed);
        for (count, word) in [(self.accepted, "accepted"), (self.without, "without an .expected beside it")] {
            if count > 0 {
                let _ = write!(self.output.stdout, ", {count} {word}");
            }
        }
        self.output.stdout.push('\n');
        self.output
    }
}

/// What is derived from a document with the options of its first lines.
///
/// # Errors
/// `Usage` for options there are not.
fn snapshot(text: &str) -> Result<Snapshot, Error> {
    let args = block_args(&document_options(text)?)?;
    let format = args.what.format.map_or(Some(Default::default()), |f| f.of_text());
    let format = format.filter(|f| f.is_plain()).ok_or_else(|| {
        Error::new(Kind::Usage, "what is expected of a document is plain text")
            .help("write format=unicode or format=ascii")
    })?;
    Ok(Snapshot::new(text, &options(&args.what)).printed(report_of(&args.what, format, text)))
}
