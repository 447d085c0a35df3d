//! What the page asks.

use gradus::{Cancel, Document, Error, Form, Format, Options, Report, Typeface};
use serde_json::Value;

/// A question: texts by name, as they stand in the fields of the page. What is empty or not there is left open.
pub struct PageQuestion {
    question: Value,
    cancel: Cancel,
}

impl PageQuestion {
    /// Reads a question.
    ///
    /// # Errors
    /// What is no JSON, as a sentence.
    pub fn read(question: &str, cancel: Cancel) -> Result<PageQuestion, String> {
        let question = serde_json::from_str(question).map_err(|e| format!("the question is no JSON: {e}"))?;
        Ok(PageQuestion { question, cancel })
    }

    /// The text of a field; empty when it is not there.
    pub fn text(&self, field: &str) -> &str {
        self.question[field].as_str().unwrap_or_default().trim()
    }

    /// The document, untrimmed: its places are those of the editor.
    pub fn document(&self) -> Result<Document, Error> {
        self.question["document"].as_str().unwrap_or_default().parse()
    }

    /// What is derived, by what, in which form.
    pub fn options(&self) -> Result<Options, Error> {
        let form = Some(self.text("form")).filter(|word| !word.is_empty()).map(str::parse::<Form>).transpose()?;
        let of = Some(self.text("of")).filter(|name| !name.is_empty());
        let order = self.question["order"].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
        let options = Options::default().of(of).with_respect_to(targets(self.text("wrt"))).form(form).order(order);
        let indices = self.question["indices"] == true;
        let structured = self.question["structured"] == true;
        let score = self.question["score"] == true;
        Ok(options.indices(indices).score(score).structured(structured).cancelled_by(&self.cancel))
    }

    /// How an answer is printed: what the check's rounding is differs between machines.
    pub fn report(&self, format: Format) -> Report {
        let report = Report::new(format).rounding(false);
        let report = if self.question["bold"] == true { report.typeface(Typeface::Bold) } else { report };
        match self.question["width"].as_u64().and_then(|n| usize::try_from(n).ok()) {
            Some(width) => report.width(width.clamp(20, 200)),
            None => report,
        }
    }
}

/// Splits `W,b,[x; y]` at the commas outside brackets.
fn targets(text: &str) -> Vec<String> {
    let mut depth = 0_i32;
    let outside = |c: char| {
        depth += i32::from("[{(".contains(c)) - i32::from(")}]".contains(c));
        c == ',' && depth == 0
    };
    text.split(outside).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect()
}
