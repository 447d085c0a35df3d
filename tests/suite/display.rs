//! Derivations for the eye: LaTeX, Typst and MathML. `.ci/tools` gives them to KaTeX, LaTeX, Typst and a browser.

use super::binary::gradus;
use gradus::{Document, Format, Options, Report};

const LECTURE: &str = "s = u^T f(W x + b)";
const LONG: &str = "x: n; A: n x n; B: n x n; C: n x n
s = x^T A B C x + x^T B C A x + (A x + B x + C x)^T (B x + C x + A x + A B x) + 2 x^T (A B A + C B C + A A A + B B B + C C C A A) x";
/// Something of everything that is set in its own way.
const SIGNS: &str = "X: n x n invertible; A: p x q; B: k x l; c: q l; x_{Paris}: p k; s = x^T X^-1 x + tr(X) + norm1(x) + sqrt(x^T x) + sum(softmax(x) .* x.^3) + \
    x[1..2]^T x[2..3] + y_hat^T (1 ./ x) + λ_1 x_{Paris}^T (A ⊗ B) c";

#[track_caller]
fn printed(document: &str, args: &[&str]) -> String {
    let run = gradus(&[&["derive", document], args].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    run.stdout
}

/// Every tag closes the one that was opened last; what is between tags is text.
#[track_caller]
fn assert_well_formed(markup: &str) {
    let mut open: Vec<&str> = vec![];
    for piece in markup.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or_else(|| panic!("`<{piece}` never ends"));
        assert!(
            !text.contains('>') && (!text.contains('&') || text.contains("&lt;") || text.contains("&amp;")),
            "{text}"
        );
        match (tag.strip_prefix('/'), tag.split(' ').next()) {
            (Some(name), _) => assert_eq!(open.pop(), Some(name), "{markup}"),
            (None, Some("!DOCTYPE" | "meta")) => {}
            (None, _) if tag.ends_with('/') || tag.starts_with('?') => {}
            (None, name) => open.extend(name),
        }
    }
    assert!(open.is_empty(), "{open:?} are never closed");
}

#[test]
fn a_whole_document_needs_amsmath_and_amssymb_alone() {
    let article = printed(LECTURE, &["--format", "latex", "--standalone", "--steps"]);
    let packages: Vec<&str> = article.lines().filter(|l| l.contains("usepackage")).collect();
    assert_eq!(packages, ["\\usepackage{amsmath,amssymb}"]);
    assert!(article.starts_with("\\documentclass{article}") && article.ends_with("\\end{document}\n"));
    let fragment = printed(LECTURE, &["--format", "latex", "--steps"]);
    assert!(article.contains(&fragment), "the fragment stands in the article");
}

#[test]
fn rules_and_sizes_stand_in_a_quiet_column() {
    let text = printed(LECTURE, &["--format", "latex", "--steps", "--wrt", "W"]);
    assert!(text.contains(r"\mathrm{d}W \, x && {\scriptstyle \text{constant factor rule (d\_mul)}}"), "{text}");
    assert!(text.contains("x^\\top && {\\scriptstyle n \\times m}"), "{text}");
}

#[test]
fn vectors_and_matrices_are_typed_as_asked() {
    let bold = printed(LECTURE, &["--format", "latex", "--style", "bold"]);
    assert!(bold.contains("\\boldsymbol{\\delta} \\mathbf{x}^\\top"), "{bold}");
    assert!(bold.contains("\\partial s}") && !bold.contains("\\mathbf{s}"), "a scalar is not bold: {bold}");
    assert!(!printed(LECTURE, &["--format", "latex"]).contains("mathbf"));
    // a document that types them bold gets them back so
    let own = printed("\\mathbf{w}^\\top \\mathbf{X} \\mathbf{w}", &["--format", "latex", "--wrt", "w"]);
    assert!(own.contains("\\mathbf{X}^\\top"), "{own}");
    let plain =
        printed("\\mathbf{w}^\\top \\mathbf{X} \\mathbf{w}", &["--format", "latex", "--wrt", "w", "--style", "plain"]);
    assert!(!plain.contains("mathbf"), "{plain}");
    assert!(printed(LECTURE, &["--format", "typst", "--style", "bold"]).contains("upright(bold(W))^⊤"));
    assert!(printed(LECTURE, &["--format", "mathml", "--style", "bold"]).contains("<mi>𝐖</mi>"));
}

#[test]
fn what_is_bold_reads_back() {
    let line = printed("s = x^T A x", &["--format", "latex", "--style", "bold", "--wrt", "x"]);
    let formula = line.lines().find_map(|l| l.split_once("&= ")).expect("a row").1;
    let formula = formula.split(" && ").next().expect("a right side");
    assert_eq!(formula, "(\\mathbf{A} + \\mathbf{A}^\\top) \\mathbf{x}");
    let again = gradus(&["derive", formula, "--wrt", "x", "--format", "ascii"]);
    assert!(again.stdout.contains("= A + A^T"), "{again:?}");
}

#[test]
fn long_formulas_are_broken_at_sums_and_relations() {
    let text = printed(LONG, &["--format", "latex", "--wrt", "x", "--steps"]);
    let widest =
        text.lines().filter(|l| l.contains('&')).map(|l| l.split(" && ").next().unwrap_or_default().len()).max();
    assert!(widest.is_some_and(|w| w < 200), "{widest:?}: {text}");
    assert!(text.contains("&\\quad + "), "{text}");
    let narrow = printed(LONG, &["--format", "latex", "--wrt", "x", "--width", "30"]);
    assert!(narrow.lines().count() > printed(LONG, &["--format", "latex", "--wrt", "x"]).lines().count());
    // brackets that are opened on one line and grow would need their ends on the same
    assert!(text.lines().all(|l| l.matches("\\left").count() == l.matches("\\right").count()), "{text}");
    for format in ["typst", "mathml"] {
        printed(LONG, &["--format", format, "--wrt", "x", "--width", "30"]);
    }
}

#[test]
fn mathml_is_well_formed() {
    let steps: &[&str] = &["--format", "mathml", "--steps", "--standalone", "--style", "bold"];
    let plain: &[&str] = &["--format", "mathml", "--wrt", "x"];
    for (document, args) in [(LECTURE, steps), (LONG, plain), (SIGNS, plain)] {
        let markup = printed(document, args);
        assert_well_formed(&markup);
        assert!(!markup.contains('\u{e000}') && !markup.contains('\u{e001}'));
    }
    let page = printed(LECTURE, &["--format", "mathml", "--standalone"]);
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("color-scheme: light dark"), "{page}");
}

#[test]
fn omml_is_well_formed_and_built_as_its_schema_says() {
    let children: &[(&str, &[&str])] = &[
        ("m:f", &["m:num", "m:den"]),
        ("m:sSup", &["m:e", "m:sup"]),
        ("m:sSub", &["m:e", "m:sub"]),
        ("m:d", &["m:dPr", "m:e"]),
        ("m:rad", &["m:radPr", "m:deg", "m:e"]),
        ("m:oMathPara", &["m:oMath"]),
    ];
    let steps: &[&str] = &["--format", "omml", "--steps", "--standalone", "--style", "bold"];
    let plain: &[&str] = &["--format", "omml", "--wrt", "x"];
    for (document, args) in [(LECTURE, steps), (LONG, plain), (SIGNS, plain)] {
        let markup = printed(document, args);
        assert_well_formed(&markup);
        let mut open: Vec<(String, Vec<String>)> = vec![(String::new(), vec![])];
        for tag in markup.split('<').skip(1).filter_map(|piece| piece.split_once('>')).map(|(tag, _)| tag) {
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default().to_owned();
            if tag.starts_with('/') {
                let (name, inner) = open.pop().expect("it was opened");
                if let Some((_, expected)) = children.iter().find(|(n, _)| *n == name) {
                    assert_eq!(inner, *expected, "{name} in {markup}");
                }
                continue;
            }
            open.last_mut().expect("the document").1.push(name.clone());
            if !tag.ends_with('/') && !tag.starts_with('?') {
                open.push((name, vec![]));
            }
        }
    }
    let gradient = printed("s = x^T A x", &["--format", "omml", "--wrt", "x"]);
    let quotient = "<m:f><m:num><m:r><m:rPr><m:sty m:val=\"p\"/></m:rPr><m:t xml:space=\"preserve\">∂</m:t></m:r>";
    assert!(
        gradient.contains("<w:p><m:oMathPara><m:oMath><m:eqArr><m:e>") && gradient.contains(quotient),
        "{gradient}"
    );
    assert!(gradient.contains("preserve\">⊤</m:t></m:r></m:sup>"), "{gradient}");
    let page = printed(LECTURE, &["--format", "omml", "--standalone"]);
    assert!(page.starts_with("<?xml version") && page.contains("progid=\"Word.Document\""), "{page}");
}

#[test]
fn signs_in_each_format() {
    for format in ["latex", "typst", "mathml", "omml"] {
        insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true, description => SIGNS}, {
            insta::assert_snapshot!(format!("signs.{format}"), super::binary::without_rounding(&printed(SIGNS, &["--format", format])));
        });
    }
}

// ---- ASCII alone, and lines of a width

fn derived(text: &str, options: &Options) -> Result<gradus::Derivation, gradus::Error> {
    text.parse::<Document>()?.derive(options)
}

/// Every example, with its steps.
fn examples() -> Vec<(String, gradus::Derivation)> {
    let directory = super::binary::repository().join("examples/documents");
    let mut files: Vec<_> =
        std::fs::read_dir(directory).expect("they are there").map(|f| f.expect("a file").path()).collect();
    files.sort();
    let example = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(&path).expect("it is text");
        Some((path.display().to_string(), derived(&text, &Options::default().steps(true)).ok()?))
    };
    files.into_iter().filter(|p| p.extension().is_some_and(|e| e == "gradus")).filter_map(example).collect()
}

#[test]
fn ascii_is_ascii_alone() {
    let documents = [
        "δ: n; Σ: n x n spd; s = δ^T Σ^-1 δ + λ \u{2016}ŵ\u{2016}^2",
        "X: n x m; s = logdet(X^T X)",
        "Z: n x m; s = sum(softmax(Z, rows) .* Y)",
        "s = \\sum_i (y_i - w^T φ_i)^2",
    ];
    let own = documents.map(|text| {
        let options = Options::default().steps(true).order(1 + u32::from(text.contains("logdet")));
        (text.to_owned(), derived(text, &options).expect(text))
    });
    for (name, d) in own.into_iter().chain(examples()) {
        let text = d.text(&Report::new(Format::Ascii).steps(true));
        let other: Vec<&str> = text.lines().filter(|l| !l.is_ascii()).collect();
        assert!(other.is_empty(), "{name}: {other:#?}");
    }
    for (claim, document) in [("2 x", "x: n; s = x^T x"), ("δ", "s = \u{2016}δ\u{2016}^2"), ("A x", "s = x^T A x")] {
        let run = gradus(&[
            "check",
            document,
            "--claim",
            claim,
            "--format",
            "ascii",
            "--steps",
            "--wrt",
            if claim == "δ" { "δ" } else { "x" },
        ]);
        assert!(run.stdout.is_ascii() && run.stderr.is_empty(), "{run:?}");
    }
}

#[test]
fn words_of_greek_letters_read_back() {
    let text = "δ_h: n; λ: scalar; s = λ δ_h^T δ_h";
    let d = derived(text, &Options::default()).expect(text);
    let page = d.text(&Report::new(Format::Ascii));
    assert!(page.contains("ds/ddelta_h = 2 lambda delta_h"), "{page}");
    let run = gradus(&["check", text, "--wrt", "delta_h", "--claim", "2 lambda delta_h"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn reasons_end_where_the_page_does() {
    for (name, d) in examples() {
        for width in [50, 60, 80, 100] {
            let text = d.text(&Report::new(Format::Unicode).steps(true).width(width));
            let reasons = text.lines().filter(|l| l.starts_with("        ") && l.contains(": "));
            let long: Vec<&str> = reasons.filter(|l| l.chars().count() > width).collect();
            assert!(long.is_empty(), "{name} at {width}: {long:#?}");
        }
    }
}

// ---- reasons

#[test]
fn reasons_are_as_long_as_asked() {
    let text = |format: &str, reasons: &str| {
        printed(LECTURE, &["--wrt", "W", "--steps", "--format", format, "--reasons", reasons])
    };
    for format in ["unicode", "ascii", "latex", "markdown", "typst", "mathml", "omml"] {
        let (none, short, full) = (text(format, "none"), text(format, "short"), text(format, "full"));
        let rule = if format == "latex" || format == "markdown" { r"d\_mul" } else { "d_mul" };
        assert!(!none.contains(rule) && !none.contains("in its place"), "{none}");
        assert!(
            short.contains(rule) && short.contains("constant factor rule") && !short.contains("in its place"),
            "{short}"
        );
        assert!(full.contains(rule) && full.contains("in its place"), "{full}");
        assert_eq!(full, printed(LECTURE, &["--wrt", "W", "--steps", "--format", format]), "the default is full");
        // for display each rule is explained once, at the foot
        let explained = full.matches("in its place").count();
        assert!(format == "unicode" || format == "ascii" || explained == 1, "{format}: {explained}");
    }
    let check =
        gradus(&["check", "s = x^T A x", "--wrt", "x", "--claim", "A x + A^T x", "--steps", "--reasons", "none"]);
    assert!(check.stdout.contains("Result") && !check.stdout.contains("d_mul"), "{check:?}");
}

#[test]
fn differentials_are_set_off_in_products() {
    let latex = printed(LECTURE, &["--wrt", "W", "--steps", "--format", "latex"]);
    assert!(latex.contains(r"u^\top \, \mathrm{d}h") && latex.contains(r"\mathrm{d}W \, x"), "{latex}");
    assert!(printed(LECTURE, &["--wrt", "W", "--steps", "--format", "typst"]).contains("upright(d) W thin x"));
}
