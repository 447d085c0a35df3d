//! The library within another program: on a small stack, watched, on many threads, and stopped at any point.

use super::nested::nested;
use gradus::internals::derive as within;
use gradus::internals::diag::{Errors, Kind};
use gradus::internals::fuel::SharedFuel;
use gradus::{Cancel, Derivation, Document, Equality, Error, Options, Report, Simplification, Snapshot, Verdict};

/// The main thread of Windows has as much, and what WebAssembly is linked with.
const SMALL: usize = 1 << 20;

fn on_a_small_stack<A: Send + 'static>(run: impl FnOnce() -> A + Send + 'static) -> A {
    let thread = std::thread::Builder::new().stack_size(SMALL).spawn(run).expect("a thread");
    thread.join().expect("no panic")
}

#[test]
fn results_may_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Document>();
    shared::<Derivation>();
    shared::<Verdict>();
    shared::<Equality>();
    shared::<Simplification>();
    shared::<Snapshot>();
    shared::<Error>();
    shared::<Options>();
    shared::<Report>();
    shared::<Cancel>();
}

/// Asks everything, looks at the answers, copies and forgets them: what is wrong with the document, or what it says. No
/// question goes on for long: what is deep is met at once.
fn asked(text: &str) -> Result<String, Error> {
    let cancel = Cancel::default();
    let stop = cancel.clone();
    let watched = move |share| {
        if share > 0.03 {
            stop.cancel()
        }
    };
    let options = Options::default().steps(true).cancelled_by(&cancel).progress(watched);
    let document: Document = text.parse()?;
    let simplified = document.simplify(&options).map(|s| format!("{s}{s:?}"));
    let checked = document.check("x", &options).map(|v| format!("{v}{:?}", v.clone()));
    let equal = gradus::equal(text, "x").map(|e| format!("{e}{:?}", e.clone()));
    let claimed = gradus::check("s = x^T A x", text).map(drop);
    drop((document.clone(), simplified, checked, equal, claimed));
    document.derive(&options).map(|d| format!("{d}{d:?}{}", d.clone().latex()))
}

#[test]
fn no_document_overflows_a_small_stack() {
    for (name, document) in [240, 2_000, 10_000].into_iter().flat_map(nested) {
        let said = on_a_small_stack(move || asked(&document).map_err(|e| (e.kind(), e.to_string())));
        assert!(!matches!(said, Err((Kind::Internal, _))), "{name}: {said:?}");
    }
}

/// Fuel that runs out ends the question with a limit, wherever that happens: no panic, no other error, no answer.
#[test]
fn a_question_may_be_stopped_at_any_point() {
    let steps = Options::default().steps(true);
    for (document, options) in [
        ("s = u^T f(W x + b)", steps.clone()),
        ("A: n x n; x: n; s = x^T A x / (1 + log(det(A^T A + I)))", steps.clone()),
        ("x: n; s = sum(softmax(A x) .* log(x))", Options::default().order(2)),
        ("x: n; y = [sin(x); A x]", Options::default()),
        ("X: n x n spd; s = tr(X^-1 B) + logdet(X)", Options::default().form(gradus::Form::Both)),
        ("s = x^T A x", Options::default().with_respect_to(["x"]).product(gradus::Product::Hvp("v".to_owned()))),
    ] {
        let whole = within::derive(document, &options).expect("there is enough for it");
        let mut units = 1;
        loop {
            let answer = SharedFuel::of(units).limited(|| within::derive(document, &options));
            match answer {
                Ok(answer) => break assert_eq!(answer.derivatives.len(), whole.derivatives.len()),
                Err(errors) => assert_eq!(errors[0].kind, Kind::Limit, "{document}, {units} units: {errors:?}"),
            }
            units += 1 + units / 4;
        }
    }
    for (left, right) in [("(A B)^T", "B^T A^T"), ("det(A B)", "det(B A)"), ("(A + B)^2", "A^2 + 2 A B + B^2")] {
        let mut units = 1;
        while let Err(errors) = SharedFuel::of(units).limited(|| gradus::internals::claim::equal(left, right, "")) {
            assert_eq!(errors[0].kind, Kind::Limit, "{left} = {right}, {units} units: {errors:?}");
            units += 1 + units / 4;
        }
    }
    for asked in [simplified as fn() -> Result<(), Errors>, checked] {
        let mut units = 1;
        while let Err(errors) = SharedFuel::of(units).limited(asked) {
            assert_eq!(errors[0].kind, Kind::Limit, "{units} units: {errors:?}");
            units += 1 + units / 4;
        }
    }
}

fn simplified() -> Result<(), Errors> {
    gradus::internals::claim::simplify("A: n x n; B: n x n; tr((A B)^T + A B)", &Options::default()).map(drop)
}

fn checked() -> Result<(), Errors> {
    let by_x = Options::default().with_respect_to(["x"]);
    gradus::internals::claim::check("A: n x n; x: n; s = x^T A x", &by_x, "(A + A^T) x").map(drop)
}

#[test]
fn a_question_is_cancelled_from_another_thread() {
    let cancel = Cancel::default();
    let (options, begun) = (Options::default().order(4).cancelled_by(&cancel), std::sync::mpsc::channel());
    let options = options.progress(move |_| {
        let _ = begun.0.send(());
    });
    let asked = std::thread::spawn(move || {
        let document: Document = "x: n; s = sum(exp(tanh(A f(B softmax(C x)))))".parse().expect("it reads");
        document.derive(&options).map(drop)
    });
    begun.1.recv().expect("it has begun");
    cancel.cancel();
    let error = asked.join().expect("no panic").expect_err("it is cancelled");
    assert!(error.is_limit() && error.to_string().contains("cancelled"), "{error}");
}
