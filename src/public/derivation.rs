//! A derivation as its users see it: texts.

use super::{Error, Step};
use crate::code::{CodeTarget, code};
use crate::derive::{self, Form, Options, Sharing};
use crate::diag::{self, Note};
use crate::expr::Expr;
use crate::fuel;
use crate::render::{Format, Notation, Printer, Report, Style, derivation_text, present};
use crate::stack::Deep;
use crate::syntax::Ast;
use crate::value;
use std::fmt;
use std::ops::Index;
use std::sync::{Arc, OnceLock};

/// The derivatives of a document, checked, with everything they refer to. It is displayed as `gradus` prints it.
///
/// ```
/// let d = gradus::derive("s = u^T f(W x + b)")?;
/// assert_eq!(d["x"].to_string(), "Wᵀ δ");
/// assert_eq!(d["x"].latex(), r"W^\top \delta");
/// assert!(d.definitions().contains(&("δ".to_owned(), "u ∘ f'(z)".to_owned())));
/// assert!(d.error().is_some_and(|e| e < 1e-8));
/// println!("{d}");
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Derivation {
    found: Deep<derive::Derivation>,
    derivatives: Vec<Derivative>,
    steps: bool,
    /// What `evaluate` evaluates, from when it is first asked for.
    printed: Arc<OnceLock<Deep<Vec<Expr>>>>,
}

/// One derivative in one form. It is displayed on one line, as on a blackboard.
#[derive(Clone, Debug)]
pub struct Derivative {
    targets: Vec<String>,
    form: Form,
    shape: String,
    /// The result, and inlined.
    spelled: Deep<(Ast, Option<Ast>)>,
    /// In the document's variables alone, where it is not too long.
    #[cfg_attr(not(feature = "json"), expect(dead_code))]
    term: Deep<Expr>,
    steps: Vec<Step>,
}

impl Derivation {
    pub(super) fn new(found: derive::Derivation, options: &Options) -> Derivation {
        let found = Deep::new(found);
        let derivatives = found.with(|found| {
            let style = Style::of(found);
            let steps = |one| match options.steps {
                true => found.steps_of(one).map(|(_, step)| Step::new(step, &style)).collect(),
                false => vec![],
            };
            let inline = options.sharing == Sharing::Inline;
            found.derivatives.iter().map(|one| Derivative::new(one, &style, inline, steps(one))).collect()
        });
        Derivation { found, derivatives, steps: options.steps, printed: Arc::default() }
    }

    /// Looks at it where there is room for that.
    pub(super) fn with<'a, A>(&'a self, look: impl FnOnce(&'a derive::Derivation) -> A) -> A {
        self.found.with(look)
    }

    /// The results, printed and read back, once.
    pub(super) fn printed(&self) -> Result<&Deep<Vec<Expr>>, diag::Error> {
        match self.printed.get() {
            Some(printed) => Ok(printed),
            None => {
                let printed = self.found.with(value::printed)?;
                Ok(self.printed.get_or_init(|| Deep::new(printed)))
            }
        }
    }

    /// The derivatives, in the order of the targets, form by form.
    pub fn derivatives(&self) -> &[Derivative] {
        &self.derivatives
    }

    /// The first derivative by this target, named as it is shown: `W`, `[x; y]`.
    pub fn get(&self, target: &str) -> Option<&Derivative> {
        self.derivatives.iter().find(|d| d.target() == target)
    }

    /// What is differentiated.
    pub fn of(&self) -> &str {
        self.found.with(|f| f.label.word())
    }

    /// What is differentiated and the definitions the results refer to, each with its value: intermediates, then error
    /// signals.
    pub fn definitions(&self) -> Vec<(String, String)> {
        self.found.with(definitions)
    }

    /// What a reader should know.
    pub fn notes(&self) -> &[Note] {
        self.found.with(|f| &f.notes)
    }

    /// The largest relative error against automatic differentiation; `None` when nothing was checked.
    pub fn error(&self) -> Option<f64> {
        self.found.with(|f| f.check.as_ref().map(|c| c.max_rel_error))
    }

    /// The whole, as a report says it.
    pub fn text(&self, report: &Report) -> String {
        self.found.with(|f| derivation_text(f, report))
    }

    /// The whole as a fragment of LaTeX, for amsmath.
    pub fn latex(&self) -> String {
        self.text(&Report::new(Format::Latex).steps(self.steps))
    }

    /// Code for a target: the value and all derivatives as one function, which shares what they have in common.
    ///
    /// ```
    /// let d = gradus::derive("s = u^T tanh(W x + b)")?;
    /// let file = d.code(gradus::CodeTarget::NumPy)?;
    /// assert!(file.contains("def value_and_grad(u, W, x, b):"));
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// `Unsupported` names what has no code, or none for this target.
    pub fn code(&self, target: CodeTarget) -> Result<String, Error> {
        let written = |found: &derive::Derivation| fuel::limited(|| code(found, target).map_err(|e| vec![e]));
        self.found.with(written).map_err(|e| Error::new(e, ""))
    }

    /// The whole as JSON (`docs::json`), its steps where they were recorded.
    #[cfg(feature = "json")]
    pub fn json(&self) -> String {
        let extras = crate::json::Extras { steps: self.steps, values: None, costs: None };
        format!("{:#}", self.found.with(|f| crate::json::derivation(f, &extras)))
    }
}

fn definitions(derivation: &derive::Derivation) -> Vec<(String, String)> {
    let style = Style::of(derivation);
    let line = |ast: &Ast| Printer::new(Notation::Unicode).line(ast);
    let value = |d: &crate::program::Definition| match &d.written {
        Some(ast) => line(ast),
        None => line(&present(&d.value, &style)),
    };
    derivation.shown().into_iter().map(|d| (d.name.to_string(), value(d))).collect()
}

impl Index<&str> for Derivation {
    type Output = Derivative;

    /// As [`Derivation::get`].
    ///
    /// # Panics
    /// Where there is no derivative by this target.
    fn index(&self, target: &str) -> &Derivative {
        self.get(target).unwrap_or_else(|| panic!("there is no derivative by `{target}`"))
    }
}

impl fmt::Display for Derivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(&Report::default().steps(self.steps)))
    }
}

impl Derivative {
    fn new(one: &derive::Derivative, style: &Style, inline: bool, steps: Vec<Step>) -> Derivative {
        let inlined = one.inlined.as_ref();
        let result = inlined.filter(|_| inline).unwrap_or(&one.result);
        Derivative {
            targets: one.targets().map(|t| t.label.clone()).collect(),
            form: one.form,
            shape: one.shape.to_string(),
            spelled: Deep::new((present(result, style), inlined.map(|e| present(e, style)))),
            term: Deep::new(inlined.unwrap_or(&one.result).clone()),
            steps,
        }
    }

    /// It as a tree, for other systems of algebra (`docs::json`): in the document's variables alone where that is not too
    /// long, with named intermediates otherwise.
    #[cfg(feature = "json")]
    pub fn tree(&self) -> String {
        self.term.with(|e| crate::json::tree(e).to_string())
    }

    /// How it was found, where the options record that.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What it is by; of a higher order, what was differentiated by last.
    pub fn target(&self) -> &str {
        self.targets.last().map_or("", String::as_str)
    }

    /// What it is by, the first time first: as many targets as its order.
    pub fn targets(&self) -> &[String] {
        &self.targets
    }

    /// Its layout.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Its shape, `n×m`; `1` of a scalar.
    pub fn shape(&self) -> &str {
        &self.shape
    }

    /// On one line in a format.
    pub fn text(&self, format: Format) -> String {
        self.spelled.with(|(result, _)| Printer::new(format.notation()).line(result))
    }

    /// On one line of LaTeX math, without delimiters.
    pub fn latex(&self) -> String {
        self.text(Format::Latex)
    }

    /// On one line that reads back as it is.
    pub fn ascii(&self) -> String {
        self.text(Format::Ascii)
    }

    /// In the document's variables alone; `None` where that is not asked for, or too long.
    pub fn inlined(&self, format: Format) -> Option<String> {
        let line = |ast: &Ast| Printer::new(format.notation()).line(ast);
        self.spelled.with(|(_, inlined)| inlined.as_ref().map(line))
    }
}

impl fmt::Display for Derivative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Format::Unicode))
    }
}
