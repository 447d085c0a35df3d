//! The window classifier of `examples/ner`: its readers refuse what is malformed, and the sample trains.

#[allow(dead_code)]
#[path = "../../examples/ner/mod.rs"]
mod example;

use clap::Parser;
use example::Options;
use indicatif::ProgressBar;
use std::collections::BTreeSet;
use std::path::PathBuf;

fn conll(text: &str) -> Result<example::conll::Corpus, String> {
    example::conll::read("text.conll", text.as_bytes()).map_err(|e| e.to_string())
}

fn vectors(text: &[u8]) -> Result<example::vectors::Vectors, String> {
    let wanted = BTreeSet::from(["a".to_owned(), "at home".to_owned()]);
    example::vectors::read("v.txt", text, &wanted).map_err(|e| e.to_string())
}

#[track_caller]
fn assert_malformed<T>(read: Result<T, String>, message: &str) {
    assert_eq!(read.err().as_deref(), Some(message));
}

#[test]
fn conll_schemes_separators_and_columns() {
    let corpus = conll("a O\r\nRome B-LOC\n\n\nb O\n-DOCSTART- O\n-DOCSTART- O\n\nc I-PER\n").expect("a corpus");
    assert_eq!(corpus.separators, 2);
    let counts: Vec<(usize, usize, usize)> =
        corpus.documents.iter().map(|d| (d.separators_before, d.sentences.len(), d.tokens().count())).collect();
    assert_eq!(counts, [(0, 2, 3), (2, 1, 1)]);
    let entities: Vec<_> = corpus.documents[0].tokens().map(|t| t.entity.as_deref()).collect();
    assert_eq!(entities, [None, Some("LOC"), None]);
    let four = conll("-DOCSTART- -X- -X- O\n\nEU NNP B-NP S-ORG\n").expect("four columns");
    assert_eq!(four.documents[0].sentences[0][0].entity.as_deref(), Some("ORG"));
}

#[test]
fn conll_errors() {
    assert_malformed(conll("a O\n\nParis\n"), "text.conll:3: expected a token and its tag, found only `Paris`");
    assert_malformed(conll("a LOC\n"), "text.conll:1: expected a tag like O, I-LOC or B-PER, found `LOC`");
    assert_malformed(conll("a O\nb I-\n"), "text.conll:2: expected a tag like O, I-LOC or B-PER, found `I-`");
    assert_malformed(
        conll("a O\nb NN O\n"),
        "text.conll:2: expected 2 columns as in the lines before, found 3 in `b NN O`",
    );
    let bytes = example::conll::read("text.conll", &b"a O\n\xff O\n"[..]).map_err(|e| e.to_string());
    assert_malformed(bytes, "text.conll:2: expected UTF-8 text, found invalid utf-8 sequence of 1 bytes from index 0");
}

#[test]
fn vectors_are_read_and_averaged() {
    let read = vectors(b"a 1 2\nb 3 -4e0\nat home 5 5\n").expect("vectors");
    assert_eq!(read.dimension, 2);
    assert_eq!(read.mean, [3.0, 1.0]);
    assert_eq!(read.rows.keys().collect::<Vec<_>>(), ["a", "at home"]);
}

#[test]
fn vector_errors() {
    assert_malformed(vectors(b""), "v.txt:1: expected a word and its numbers, found the end of the file");
    assert_malformed(vectors(b"a 1 2\n\n"), "v.txt:2: expected a word and its numbers, found ``");
    assert_malformed(
        vectors(b"a 1 2\nb 1\n"),
        "v.txt:2: expected a word and 2 numbers as in the lines before, found 1 fields after `b`",
    );
    assert_malformed(
        vectors(b"a 1 2\nb 1 2 3\n"),
        "v.txt:2: expected a word and 2 numbers as in the lines before, found 3 fields after `b`",
    );
    assert_malformed(vectors(b"a 1 x\n"), "v.txt:1: expected a finite number, found `x`");
    assert_malformed(vectors(b"a 1 inf\n"), "v.txt:1: expected a finite number, found `inf`");
    assert_malformed(vectors(b"a 1 2\na 1 2\n"), "v.txt:2: expected one vector a word, found a second one for `a`");
    let bytes = "v.txt:1: expected UTF-8 text, found invalid utf-8 sequence of 1 bytes from index 2";
    assert_malformed(vectors(b"a \xff\n"), bytes);
}

fn options(arguments: &[&str]) -> Options {
    Options::try_parse_from(["ner"].iter().chain(arguments)).expect("valid arguments")
}

/// What a run prints.
fn run(arguments: &[&str]) -> Result<String, String> {
    let mut out = Vec::new();
    example::run(&options(arguments), &mut out, &ProgressBar::hidden()).map_err(|e| e.to_string())?;
    Ok(String::from_utf8(out).expect("text"))
}

/// Rounding errors differ from processor to processor; that they are small is checked by the run itself.
fn without_errors(text: &str) -> String {
    let is_error = |w: &str| w.contains('e') && w.trim_end_matches(')').parse::<f64>().is_ok();
    let line = |l: &str| l.split(' ').map(|w| if is_error(w) { "tiny" } else { w }).collect::<Vec<_>>().join(" ");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

const FEW: &[&str] = &["--hidden", "6", "--window", "1", "--epochs", "4", "--rate", "0.01"];

#[test]
fn sample_with_trained_and_with_frozen_vectors() {
    insta::assert_snapshot!("sample", without_errors(&run(FEW).expect("a run")));
    let frozen = run(&[FEW, &["--freeze"]].concat()).expect("a run");
    insta::assert_snapshot!("sample_frozen", frozen.lines().last().unwrap_or_default());
}

#[test]
fn equal_options_print_equal_bytes() {
    let sgd = ["--hidden", "6", "--epochs", "3", "--optimizer", "sgd", "--rate", "0.5", "--seed", "7"];
    let once = run(&sgd).expect("a run");
    assert_eq!(run(&sgd), Ok(once));
}

#[test]
fn what_leaves_nothing_to_train_on_is_refused() {
    assert_eq!(run(&["--tag", "GPE"]), Err("no token of the training documents is tagged GPE".to_owned()));
    let error = run(&["--test-from", "99"]).expect_err("no test documents");
    assert!(error.starts_with("too few documents: 25 before -DOCSTART- line 99"), "{error}");
    assert!(Options::try_parse_from(["ner", "--data", "a"]).is_err(), "--data without --vectors");
    assert!(Options::try_parse_from(["ner", "--rate", "-1"]).is_err());
    assert!(Options::try_parse_from(["ner", "--batch", "0"]).is_err());
}

/// A file that is half right is not half used.
#[test]
fn malformed_files_end_the_run() {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("ner");
    std::fs::create_dir_all(&directory).expect("a directory for the test");
    let (data, vectors) = (directory.join("cut.conll"), directory.join("cut.txt"));
    std::fs::write(&data, "-DOCSTART- O\n\nin O\nRome B-LOC\n\n-DOCSTART- O\n\nParis").expect("written");
    std::fs::write(&vectors, "in 1 2\nrome 1").expect("written");
    let (data, vectors) = (data.display().to_string(), vectors.display().to_string());
    let error = run(&["--data", &data, "--vectors", &vectors]).expect_err("cut off");
    assert_eq!(error, format!("{data}:8: expected a token and its tag, found only `Paris`"));
}
