//! What the page is told.

use crate::question::PageQuestion;
use crate::refusal::{misasked, refusal};
use gradus::{Cancel, CodeTarget, Derivation, Error, Format, Picture, Reasons};
use serde_json::{Value, json};

/// Answers a question of the page: JSON in, JSON out.
///
/// `ask` says what is asked: `derive` for the results, `steps` for the way there, `text` for the results in a `format`,
/// `code` for a file of a `target`, `check` for a verdict on a `claim`, `graph` for the picture. `document` holds the text; `wrt`, `of`, `form`, `order`,
/// `indices`, `structured`, `width` and `bold` are optional. What has no answer is told as `refused`.
pub fn answer(question: &str) -> String {
    answer_until(question, &Cancel::default())
}

/// As `answer`, ending soon after it is cancelled.
pub fn answer_until(question: &str, cancel: &Cancel) -> String {
    let answered = match PageQuestion::read(question, cancel.clone()) {
        Ok(asked) => told(&asked),
        Err(message) => json!({"refused": misasked(&message)}),
    };
    answered.to_string()
}

fn told(asked: &PageQuestion) -> Value {
    let answer = match asked.text("ask") {
        "derive" => derived(asked),
        "steps" => steps(asked),
        "text" => text(asked),
        "code" => code(asked),
        "check" => judged(asked),
        "graph" => drawn(asked),
        other => return json!({"refused": misasked(&format!("the page asks for `{other}`, which there is not"))}),
    };
    answer.unwrap_or_else(|e| json!({"refused": refusal(&e)}))
}

fn derivation(asked: &PageQuestion, steps: bool) -> Result<Derivation, Error> {
    // what is shown in the document's variables alone is not shown here
    asked.document()?.derive(&asked.options()?.steps(steps).inlined(false))
}

/// The results as a page, and what every name was read as.
fn derived(asked: &PageQuestion) -> Result<Value, Error> {
    let derivation = derivation(asked, false)?;
    let data: Value = serde_json::from_str(&derivation.json()).unwrap_or_default();
    let targets: Vec<&str> = derivation.derivatives().iter().map(|d| d.target()).collect();
    Ok(json!({
        "of": derivation.of(),
        "targets": targets,
        "code": CodeTarget::ALL.iter().map(|target| target.word()).collect::<Vec<_>>(),
        "inputs": data["inputs"],
        "html": derivation.text(&asked.report(Format::MathMl)),
    }))
}

/// Every step with its rule and the reason, as a page.
fn steps(asked: &PageQuestion) -> Result<Value, Error> {
    let derivation = derivation(asked, true)?;
    let report = asked.report(Format::MathMl).steps(true).reasons(Reasons::Full);
    Ok(json!({"html": derivation.text(&report)}))
}

/// The results in a format, to be copied.
fn text(asked: &PageQuestion) -> Result<Value, Error> {
    let format: Format = asked.text("format").parse()?;
    let report = asked.report(format).width(format.width());
    Ok(json!({"text": derivation(asked, false)?.text(&report)}))
}

/// The results as code.
fn code(asked: &PageQuestion) -> Result<Value, Error> {
    let target: CodeTarget = asked.text("target").parse()?;
    Ok(json!({"text": derivation(asked, false)?.code(target)?}))
}

/// The verdict on a claim, with the slip that explains what is wrong.
fn judged(asked: &PageQuestion) -> Result<Value, Error> {
    let verdict = asked.document()?.check(asked.text("claim"), &asked.options()?)?;
    let word = match (verdict.is_decided(), verdict.is_right()) {
        (false, _) => "not decided",
        (true, true) => "yes",
        (true, false) => "no",
    };
    let html = verdict.text(&asked.report(Format::MathMl));
    Ok(json!({"verdict": word, "corrected": verdict.corrected(), "html": html}))
}

/// The computation graph.
fn drawn(asked: &PageQuestion) -> Result<Value, Error> {
    Ok(json!({"svg": asked.document()?.graph(&asked.options()?, Picture::Svg)?}))
}
