//! The public page of the library: what its users name, and that it says what the command says.

use super::binary::{gradus, repository};
use gradus::{Document, Error, Form, Format, Options, Picture, Report, Typeface};
use std::fmt::Display;
use std::process::Command;
use std::str::FromStr;

const NETWORK: &str = "s = u^T f(W x + b)";

#[track_caller]
fn printed(args: &[&str]) -> String {
    let run = gradus(args);
    assert!(run.code < 2, "{run:?}");
    run.stdout
}

#[test]
fn a_derivation_is_displayed_as_the_command_prints_it() {
    let d = gradus::derive(NETWORK).expect("it derives");
    assert_eq!(d.to_string(), printed(&[NETWORK]));
    assert_eq!(d.latex(), printed(&[NETWORK, "--format", "latex"]));
    assert_eq!(d.json() + "\n", printed(&[NETWORK, "--format", "json"]));
    let report = Report::new(Format::Typst).typeface(Typeface::Bold).update("α").standalone(true);
    let args = ["derive", NETWORK, "--format", "typst", "--style", "bold", "--update", "α", "--standalone"];
    assert_eq!(d.text(&report), printed(&args));
    let document: Document = NETWORK.parse().expect("it is read");
    let stepped = document.derive(&Options::default().with_respect_to(["W"]).steps(true)).expect("it derives");
    assert_eq!(stepped.to_string(), printed(&["derive", NETWORK, "--wrt", "W", "--steps"]));
    assert_eq!(stepped.json() + "\n", printed(&["derive", NETWORK, "--wrt", "W", "--steps", "--format", "json"]));
}

#[test]
fn derivatives_are_found_by_name() {
    let d = gradus::derive(NETWORK).expect("it derives");
    assert_eq!((d["W"].to_string(), d["W"].shape()), ("δ xᵀ".to_owned(), "n×m"));
    assert_eq!((d["x"].latex(), d["x"].ascii()), (r"W^\top \delta".to_owned(), "W^T δ".to_owned()));
    assert_eq!(d["b"].inlined(Format::Unicode).as_deref(), Some("u ∘ f'(W x + b)"));
    assert!(d.get("z").is_none());
    let targets: Vec<&str> = d.derivatives().iter().map(|one| one.target()).collect();
    assert_eq!(targets, ["u", "W", "x", "b"]);
    let hessian = "s = x^T A x".parse::<Document>().expect("it is read");
    let hessian = hessian.derive(&Options::default().with_respect_to(["x"]).order(2)).expect("it derives");
    assert_eq!(
        (hessian["x"].targets(), hessian["x"].to_string()),
        (&["x".to_owned(), "x".to_owned()][..], "A + Aᵀ".to_owned())
    );
}

#[test]
fn verdicts_are_displayed_as_the_command_prints_them() {
    let (document, claim) = ("A: n x n; s = 1/2 ||A x - b||^2", "A (A x - b)");
    let read: Document = document.parse().expect("it is read");
    let verdict = read.check(claim, &Options::default().with_respect_to(["x"])).expect("it is judged");
    assert_eq!(verdict.to_string(), printed(&["check", document, "--wrt", "x", "--claim", claim]));
    let args = ["check", document, "--wrt", "x", "--claim", claim, "--format", "json"];
    assert_eq!(verdict.json() + "\n", printed(&args));
    assert_eq!(verdict.corrected(), verdict.derivative());

    let declarations = "A: n x m; B: m x n";
    let declared: Document = declarations.parse().expect("declarations alone");
    let equality = declared.equal("tr(A B)", "tr(B A)").expect("it is judged");
    assert!(equality.is_equal() && equality.is_proved());
    assert_eq!(equality.to_string(), printed(&["equal", "tr(A B)", "tr(B A)", declarations]));
    assert!(!gradus::equal("A B", "B A").expect("it is judged").is_equal());

    let tidy = gradus::simplify("(A^T)^T x + A x").expect("it is tidied");
    assert_eq!(tidy.text(&Report::default()), printed(&["simplify", "(A^T)^T x + A x"]));
    assert_eq!(tidy.json() + "\n", printed(&["simplify", "(A^T)^T x + A x", "--format", "json"]));
}

#[test]
fn a_graph_is_drawn_as_the_command_draws_it() {
    let document: Document = NETWORK.parse().expect("it is read");
    let drawn = document.graph(&Options::default(), Picture::Mermaid).expect("it is drawn");
    assert_eq!(drawn, printed(&["graph", NETWORK, "--format", "mermaid"]));
}

#[test]
fn an_error_is_one_that_other_programs_can_carry() {
    fn derived() -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        Ok(gradus::derive("s = sum(")?.to_string())
    }
    let carried = derived().expect_err("it is no document");
    let error = carried.downcast_ref::<Error>().expect("an error of gradus");
    assert!(error.is_syntax() && !error.is_limit() && !error.diagnostics().is_empty());
    assert!(error.to_string().starts_with("syntax error: "), "{error}");
    assert_eq!(format!("{error:?}"), error.to_string());
}

#[test]
fn an_error_shows_its_place() {
    let error = gradus::derive("A: n x m\nx: n\ns = sum(A x)").expect_err("the sizes clash");
    assert_eq!((error.kind().word(), error.text()), ("shape", "A: n x m\nx: n\ns = sum(A x)"));
    assert!(error.to_string().contains("\n  s = sum(A x)\n          ^"), "{error}");
    let document: Document = "A: n x n; s = x^T A x".parse().expect("it is read");
    let in_claim = document.check("A y", &Options::default().with_respect_to(["x"])).expect_err("there is no y");
    assert_eq!(in_claim.text(), "A y");
    assert!(in_claim.is_name() && in_claim.to_string().contains("\n  A y\n    ^"), "{in_claim}");
    let both = gradus::derive("s = sum(simoid(x)) + sum(tahn(x))").expect_err("no functions");
    let json: serde_json::Value = serde_json::from_str(&both.json()).expect("JSON");
    assert_eq!(json["errors"].as_array().map_or(1, Vec::len), both.diagnostics().len());
}

#[test]
fn words_are_read_as_they_are_displayed() {
    fn all<T: FromStr<Err = Error> + Display + Copy + PartialEq + std::fmt::Debug>(all: &[T]) {
        for one in all {
            assert_eq!(one.to_string().parse::<T>().ok(), Some(*one));
        }
        let error = "foo".parse::<T>().expect_err("no such word");
        assert!(error.is_usage() && all.iter().all(|one| error.to_string().contains(&one.to_string())), "{error}");
    }
    all(Form::ALL);
    all(Format::ALL);
    all(Picture::ALL);
    all(Typeface::ALL);
}

#[test]
fn results_may_go_to_other_threads() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<Document>();
    shared::<Options>();
    shared::<gradus::Derivation>();
    shared::<gradus::Verdict>();
    shared::<gradus::Equality>();
    shared::<gradus::Simplification>();
    shared::<Error>();
}

/// The names of the crates a package is built from.
fn dependencies(package: &str, more: &[&str]) -> Vec<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let args =
        ["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{lib}", "-p", package];
    let output = Command::new(cargo).args(args).args(more).current_dir(repository()).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut names: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn users_of_the_library_compile_no_command_line() {
    let library = dependencies("gradus", &[]);
    for of_the_command in [
        "clap",
        "clap_complete",
        "clap_mangen",
        "rustyline",
        "codespan_reporting",
        "pulldown_cmark",
        "mimalloc",
        "similar",
        "shlex",
    ] {
        assert!(!library.iter().any(|name| name == of_the_command), "gradus needs {of_the_command}");
        assert!(dependencies("gradus-cli", &[]).iter().any(|name| name == of_the_command), "{of_the_command}");
    }
    let bare = dependencies("gradus", &["--no-default-features"]);
    for of_a_feature in ["serde_json", "layout"] {
        assert!(library.iter().any(|name| name == of_a_feature), "{of_a_feature}");
        assert!(!bare.iter().any(|name| name == of_a_feature), "gradus without features needs {of_a_feature}");
    }
}

#[test]
fn the_oracle_is_not_linked_with_the_rules() {
    let oracle = dependencies("gradus-oracle", &["--all-features"]);
    assert!(oracle.contains(&"gradus_core".to_owned()));
    for of_the_rules in ["gradus", "egg"] {
        assert!(!oracle.iter().any(|name| name == of_the_rules), "the oracle knows {of_the_rules}");
    }
}
