//! Every console block of the README and of the documents in `src/docs` is run and compared with what it shows.
//! `UPDATE=1 cargo test --test suite readme` writes the outputs anew.
//!
//! A line that begins with `$ ` is a command, the lines below it are its output. A line `…` stands for lines left out.

use super::binary::{Directory, gradus, gradus_in, repository, without_rounding};
use std::path::PathBuf;

const PAGES: &[&str] = &[
    "README.md",
    "src/docs/architecture.md",
    "src/docs/editor.md",
    "src/docs/code.md",
    "src/docs/from_0_1_to_0_2.md",
    "src/docs/json.md",
    "src/docs/layouts.md",
    "src/docs/notes.md",
    "src/docs/page.md",
    "src/docs/reading.md",
    "src/docs/rules.md",
    "src/docs/testing.md",
    "src/docs/indices.md",
    "src/docs/tutorial.md",
    "CHANGELOG.md",
];

/// Lines left out.
const ELLIPSIS: &str = "…";

/// A command and the output lines shown below it.
#[derive(Debug)]
struct Shown {
    command: String,
    output: Vec<String>,
}

/// A page in parts: text as it stands, and console blocks.
enum Part {
    Text(String),
    Console(Vec<Shown>),
}

fn parts(page: &str) -> Vec<Part> {
    let mut parts = vec![];
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        parts.push(Part::Text(line.to_owned()));
        if line == "```console" {
            let inside: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
            parts.push(Part::Console(commands(&inside)));
            parts.push(Part::Text("```".to_owned()));
        }
    }
    parts
}

fn commands(lines: &[&str]) -> Vec<Shown> {
    let mut shown: Vec<Shown> = vec![];
    for line in lines {
        match (line.strip_prefix("$ "), shown.last_mut()) {
            (Some(command), _) => shown.push(Shown { command: command.to_owned(), output: vec![] }),
            (None, Some(last)) => last.output.push((*line).to_owned()),
            (None, None) => panic!("a console block begins with a command, not with `{line}`"),
        }
    }
    shown
}

fn page_of(parts: &[Part]) -> String {
    let mut page = String::new();
    for part in parts {
        match part {
            Part::Text(line) => page += &format!("{line}\n"),
            Part::Console(shown) => shown.iter().for_each(|s| {
                page += &format!("$ {}\n", s.command);
                s.output.iter().for_each(|l| page += &format!("{l}\n"));
            }),
        }
    }
    page
}

/// The words of a command line: quotes as a shell reads them.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (vec![], None::<String>, None);
    for c in command.chars() {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (' ', None) => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Runs the commands of a page in a directory of its own.
struct Session {
    directory: Directory,
    code: i32,
}

impl Session {
    /// What a command prints; `None` for one whose output is not on the page.
    fn run(&mut self, shown: &Shown) -> Option<Vec<String>> {
        let words = words(&shown.command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["gradus", args @ ..] | ["cargo", "run", "--release", "--", args @ ..] => Some(self.gradus(args)),
            ["cargo", ..] => {
                assert!(set_up().contains(&shown.command), "`{}` is not what .ci/run runs", shown.command);
                assert!(shown.output.is_empty(), "cargo's output is not the same everywhere");
                None
            }
            ["echo", "$?"] => Some(vec![self.code.to_string()]),
            ["cat", file] => {
                self.directory.file(file, shown.output.join("\n"));
                Some(shown.output.clone())
            }
            _ => panic!("the test of the pages knows no command `{}`", shown.command),
        }
    }

    fn gradus(&mut self, args: &[&str]) -> Vec<String> {
        let run = gradus_in(self.directory.path(), args, b"");
        self.code = run.code;
        (run.stderr + &run.stdout).lines().map(|l| l.trim_end().to_owned()).collect()
    }
}

/// The commands `.ci/run` runs, one a line, environment variables in front aside.
fn set_up() -> Vec<String> {
    let script = std::fs::read_to_string(repository().join(".ci/run")).expect("the script");
    let is_variable = |w: &&str| w.contains('=') && !w.starts_with('-');
    script.lines().map(|l| l.split(' ').skip_while(is_variable).collect::<Vec<_>>().join(" ")).collect()
}

/// The runs of lines between ellipses.
fn segments(shown: &[String]) -> Vec<&[String]> {
    shown.split(|l| l.trim() == ELLIPSIS).collect()
}

/// Where each segment of the shown lines stands in the output: the first at its beginning, the last at its end.
fn places(
    segments: &[&[String]],
    output: &[String],
    same: impl Fn(&[String], &[String]) -> Option<usize>,
) -> Option<Vec<(usize, usize)>> {
    let (mut from, mut places) = (0, vec![]);
    for (i, segment) in segments.iter().enumerate() {
        let starts = if i == 0 { 0..=0 } else { from..=output.len() };
        let last = i + 1 == segments.len();
        let fits = |start: usize| {
            let len = same(segment, &output[start..])?;
            (!last || start + len == output.len()).then_some((start, start + len))
        };
        let place = starts.into_iter().find_map(fits)?;
        from = place.1;
        places.push(place);
    }
    Some(places)
}

fn agree(shown: &[String], output: &[String]) -> bool {
    let plain = |lines: &[String]| lines.iter().map(|l| without_rounding(l)).collect::<Vec<String>>();
    let exactly = |a: &[String], b: &[String]| b.starts_with(a).then_some(a.len());
    places(&segments(&plain(shown)), &plain(output), exactly).is_some()
}

/// The shown lines with each segment as it is now, found by its first and its last line; everything when they are gone.
fn renewed(shown: &[String], output: &[String]) -> Vec<String> {
    let between = |a: &[String], b: &[String]| match (a.first(), a.last()) {
        (Some(first), Some(last)) if b.first() == Some(first) => b.iter().position(|l| l == last).map(|i| i + 1),
        (Some(_), Some(_)) => None,
        (None, _) | (_, None) => Some(0),
    };
    let places = if shown.is_empty() { None } else { places(&segments(shown), output, between) };
    match places {
        Some(places) => {
            places.into_iter().map(|(a, b)| output[a..b].to_vec()).collect::<Vec<_>>().join(&ELLIPSIS.to_owned())
        }
        None => output.to_vec(),
    }
}

fn check(page: &str) {
    let path: PathBuf = repository().join(page);
    let text = std::fs::read_to_string(&path).expect("the page");
    let mut session = Session { directory: Directory::new(&page.replace('/', "-")), code: 0 };
    let mut parts = parts(&text);
    let update = std::env::var_os("UPDATE").is_some();
    for part in &mut parts {
        let Part::Console(block) = part else { continue };
        for shown in block {
            let Some(output) = session.run(shown) else { continue };
            if update && !agree(&shown.output, &output) {
                shown.output = renewed(&shown.output, &output);
            }
            assert!(
                agree(&shown.output, &output),
                "{page}: `{}` prints\n{}\nthe page shows\n{}\n(UPDATE=1 writes the page anew)",
                shown.command,
                output.join("\n"),
                shown.output.join("\n")
            );
        }
    }
    if update {
        std::fs::write(path, page_of(&parts)).expect("the page is writable");
    }
}

#[test]
fn pages_show_what_gradus_prints() {
    PAGES.iter().for_each(|p| check(p));
}

/// Blocks that quote a source begin with its path.
#[test]
fn quotations_of_sources_are_true() {
    let lines = |text: &str| text.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n");
    let mut quotations = 0;
    for page in PAGES {
        let text = std::fs::read_to_string(repository().join(page)).expect("the page");
        for quoted in text.split("```text\n// ").skip(1) {
            let (path, rest) = quoted.split_once('\n').expect("a path, then the source");
            let body = rest.split("\n```").next().expect("the block ends");
            let source =
                std::fs::read_to_string(repository().join(path)).unwrap_or_else(|e| panic!("{page}: {path}: {e}"));
            assert!(lines(&source).contains(&lines(body)), "{page}: {path} does not hold\n{body}");
            quotations += 1;
        }
    }
    assert!(quotations >= 3);
}

/// Pages speak of files that are there.
#[test]
fn paths_in_pages_lead_somewhere() {
    for page in PAGES {
        let text = std::fs::read_to_string(repository().join(page)).expect("the page");
        for path in text
            .split('`')
            .filter(|t| ["src/", "crates/", "tests/", "examples/", "grammar/"].iter().any(|d| t.starts_with(d)))
        {
            if !path.contains(['…', '*', ' ', '\n']) {
                assert!(repository().join(path).exists(), "{page} speaks of {path}");
            }
        }
    }
}

#[test]
fn pages_survive_being_read_and_written() {
    for page in PAGES {
        let text = std::fs::read_to_string(repository().join(page)).expect("the page");
        assert_eq!(page_of(&parts(&text)), text, "{page}");
    }
}

#[test]
fn words_are_a_shells() {
    assert_eq!(words("gradus 's = u^T x' --wrt \"[x; y]\" ''"), ["gradus", "s = u^T x", "--wrt", "[x; y]", ""]);
}

#[test]
fn ellipses_stand_for_lines() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<String>>();
    let output = lines("a\nb\nc\nd");
    assert!(agree(&lines("a\n…\nd"), &output) && agree(&lines("…\nb\nc\n…"), &output) && agree(&output, &output));
    assert!(!agree(&lines("a\n…\nc"), &output) && !agree(&lines("b\n…"), &output) && !agree(&[], &output));
    assert_eq!(renewed(&lines("a\nx\nc\n…"), &output), lines("a\nb\nc\n…\n"));
    assert_eq!(renewed(&lines("q\n…"), &output), output);
}

/// The table "What it refuses", row by row: the document, more arguments, the exit code, what the error says.
const REFUSED: &[(&str, &[&str], i32, &str)] = &[
    ("A: n x m; x: n; A x", &[], 2, "their product needs m = n"),
    ("X: n x n; k: scalar; tr(X^k)", &[], 2, "a symbolic exponent"),
    ("tr(expm(X))", &[], 2, "expm"),
    ("tr(logm(X))", &[], 2, "logm"),
    ("tr(sqrtm(X))", &[], 2, "sqrtm"),
    ("tr(X^1001)", &[], 3, "beyond the limit of 1000"),
    ("‖x‖_∞", &[], 2, "two entries tie"),
    ("s = rank(X)", &[], 2, "piecewise constant"),
    ("softmax(X)", &[], 2, "of its rows or of its columns?"),
    ("layernorm(X)", &[], 2, "of its rows or of its columns?"),
    ("cumsum(X)", &[], 2, "of its rows or of its columns?"),
    ("tanh'''(x)", &[], 2, "no rule yet"),
    ("x^T x", &["--order", "9"], 3, "beyond the limit of 8"),
];

#[test]
fn what_it_refuses() {
    for (document, more, code, words) in REFUSED {
        let run = gradus(&[&["derive", *document], *more].concat());
        assert_eq!((run.code, run.stdout.as_str()), (*code, ""), "{document}");
        assert!(run.stderr.contains(words), "{document}: {}", run.stderr);
    }
    assert_eq!(gradus(&["derive", "det(X)"]).stdout.matches("assumes: the matrix in det is invertible").count(), 1);
}
