//! `gradus test`: documents with their `.expected` beside them, the diff of what changed, and whether only the form did.

use super::binary::{Directory, Run, gradus_in, repository, run_binary};
use gradus::Change;
use gradus::{Form, Options, derivation};

fn test(directory: &Directory, args: &[&str]) -> Run {
    gradus_in(directory.path(), &[&["test"], args].concat(), b"")
}

/// A directory with one accepted document.
fn accepted(name: &str, document: &str) -> Directory {
    let directory = Directory::new(name);
    directory.file("a.gradus", document);
    let run = test(&directory, &["a.gradus", "--accept"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "accepted  a.gradus: new\n\n0 passed, 0 failed, 1 accepted\n"));
    directory
}

fn expected(directory: &Directory) -> String {
    std::fs::read_to_string(directory.path().join("a.expected")).expect("it was accepted")
}

#[test]
fn the_documents_of_the_examples_are_as_expected() {
    let examples = repository().join("examples");
    let accept = std::env::var("INSTA_UPDATE").is_ok_and(|u| u == "always");
    let args: &[&str] = if accept { &["test", "--accept", "documents"] } else { &["test", "documents"] };
    let run = gradus_in(&examples, args, b"");
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (0, ""),
        "{}\n(`gradus test --accept examples/documents` updates)",
        run.stdout
    );
    assert!(run.stdout.contains("0 failed") && !run.stdout.contains("without"), "{}", run.stdout);
}

#[test]
fn what_did_not_change_passes() {
    let directory = accepted("unchanged", "s = u^T f(W x + b)");
    let run = test(&directory, &["."]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "passed    ./a.gradus\n\n1 passed, 0 failed\n"));
}

#[test]
fn a_change_of_form_is_told_from_a_change_of_meaning() {
    let directory = accepted("changes", "#| wrt=x\nz = W x + b\ns = u^T f(z)");
    directory.file("a.gradus", "#| wrt=x\nz = W x + b\ns = f(z)^T u");
    let form = test(&directory, &["."]);
    assert_eq!(form.code, 1);
    assert!(form.stdout.contains("only the form changed (the same values at 3 points)"), "{}", form.stdout);
    assert!(form.stdout.contains("-s = uᵀ f(z)") && form.stdout.contains("+s = f(z)ᵀ u"), "{}", form.stdout);
    directory.file("a.gradus", "#| wrt=x\nz = W x + b\ns = 2 u^T f(z)");
    let meaning = test(&directory, &["."]);
    assert_eq!(meaning.code, 1);
    assert!(
        meaning.stdout.contains("the meaning changed: s has other values; ∂s/∂x has other values"),
        "{}",
        meaning.stdout
    );
    assert!(meaning.stdout.ends_with("0 passed, 1 failed\n"), "{}", meaning.stdout);
}

#[test]
fn accepting_updates_what_is_expected() {
    let directory = accepted("accepting", "s = x^T A x");
    directory.file("a.gradus", "s = 2 x^T A x");
    let run = test(&directory, &[".", "--accept"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("accepted  ./a.gradus: the meaning changed"), "{}", run.stdout);
    assert!(expected(&directory).contains("2 (A + Aᵀ) x") && test(&directory, &["."]).code == 0);
}

#[test]
fn documents_without_expectation_are_counted() {
    let directory = accepted("counted", "s = x^T x");
    directory.file("b.gradus", "s = x^T x");
    let run = test(&directory, &["--accept", "."]);
    assert!(run.stdout.ends_with("1 passed, 0 failed, 1 without an .expected beside it\n"), "{}", run.stdout);
}

#[test]
fn documents_say_how_they_are_derived() {
    let directory = accepted("options", "#| wrt=b form=jacobian\n#| format=ascii steps\ns = u^T f(W x + b)");
    let text = expected(&directory);
    assert!(
        text.contains("Forward pass") && text.ends_with("\nagrees with automatic differentiation at 3 points\n"),
        "{text}"
    );
    assert!(text.contains("\nds/db = u^T diag(f'(z))") && !text.contains("ds/dW ="), "{text}");
    directory.file("a.gradus", "#| fromat=ascii\ns = x^T x");
    let run = test(&directory, &["."]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("'fromat"), "{}", run.stderr);
    directory.file("a.gradus", "#| format=latex\ns = x^T x");
    assert!(test(&directory, &["."]).stderr.contains("plain text"));
}

#[test]
fn a_refusal_may_be_expected_too() {
    let directory = accepted("refusal", "A: n x m; x: n; s = sum(A x)");
    assert!(expected(&directory).starts_with("shape error: "), "{}", expected(&directory));
    assert_eq!(test(&directory, &["."]).code, 0);
    directory.file("a.gradus", "A: n x n; x: n; s = sum(A x)");
    assert!(test(&directory, &["."]).stdout.contains("the meaning changed"), "{:?}", test(&directory, &["."]));
    test(&directory, &[".", "--accept"]);
    directory.file("a.gradus", "A: n x m; x: n; s = sum(A x)");
    let run = test(&directory, &["."]);
    assert!(
        run.code == 1 && run.stdout.contains("nothing can be derived any more") && run.stdout.contains("a.gradus:1:"),
        "{run:?}"
    );
}

#[test]
fn what_is_not_there_is_refused() {
    let directory = Directory::new("missing-test");
    for path in ["nowhere", "nowhere.gradus", "."] {
        let run = test(&directory, &[path]);
        assert_eq!((run.code, run.stderr.is_empty()), (2, false), "{run:?}");
    }
    assert_eq!(run_binary(env!("CARGO_BIN_EXE_gradus"), &["test"], b"").code, 2);
}

// ---- the library

#[test]
fn a_snapshot_is_stable_text() {
    let text = derivation!("s = u^T f(W x + b)").to_string();
    assert!(!text.contains("rel. error") && text.lines().filter(|l| l.contains(" = ")).count() == 8, "{text}");
    assert_eq!(text, derivation!("s = u^T f(W x + b)").to_string());
}

#[track_caller]
fn change(old: &str, options: &Options, new: &str) -> Change {
    derivation!(new, options).since(&derivation!(old, options).to_string())
}

#[test]
fn values_decide_what_a_change_means() {
    let (all, of_x) = (Options::default(), Options::default().with_respect_to(&["x"]));
    assert_eq!(change("s = x^T A x", &all, "s = x^T A x"), Change::None);
    let other_words = derivation!("s = x^T A x", of_x).to_string().replace("(A + Aᵀ) x", "A x + Aᵀ x");
    assert_eq!(derivation!("s = x^T A x", of_x).since(&other_words), Change::Form(3));
    let Change::Meaning(said) = change("s = x^T A x", &of_x, "s = x^T A x + x^T x") else { panic!("the meaning") };
    assert_eq!(said, ["∂s/∂x has other values"]);
    let Change::Meaning(said) = change("s = x^T A x", &all, "A: n x n constant; s = x^T A x") else { panic!("gone") };
    assert_eq!(said, ["∂s/∂A is gone"]);
    let Change::Meaning(said) = change("s = x^T A x + b^T x", &of_x, "s = x^T A x") else { panic!("b is gone") };
    assert!(said[0].contains("cannot be read") && said[0].contains('b'), "{said:?}");
}

#[test]
fn jacobians_stacks_and_named_signals_are_compared_too() {
    let jacobian = derivation!("y = f(A x)", Options::default().with_respect_to(&["x"]).form(Form::Jacobian));
    let text = jacobian.to_string();
    assert!(text.contains("∂y/∂x = diag(f'(z)) A"), "{text}");
    assert_eq!(jacobian.since(&text.replace("diag(f'(z)) A", "diag(f'(A x)) A")), Change::Form(3));
    assert_ne!(jacobian.since(&text.replace("diag(f'(z)) A", "A")), Change::Form(3));
    let options = Options::default().with_respect_to(&["[x; y]"]);
    let stack = derivation!("x: scalar; y: scalar; F = [x + y x; sin(y)]", options);
    assert_eq!(stack.since("∂F/∂[x; y] = [y + 1, x; 0, cos(0 - y)]    2×2\n"), Change::Form(3));
    assert_ne!(stack.since("∂F/∂[x; y] = [y + 1, x; 0, sin(y)]    2×2\n"), Change::Form(3));
    let old = "z = W x + b      n\nε = u ∘ f'(z)    n\n\n∂s/∂b = ε    n\n";
    let options = Options::default().with_respect_to(&["b"]);
    assert_eq!(derivation!("z = W x + b; s = u^T f(z)", options).since(old), Change::Form(3));
    assert_ne!(derivation!("z = W x + b; s = u^T f(z)", options).since(&old.replace("u ∘", "2 u ∘")), Change::Form(3));
}
