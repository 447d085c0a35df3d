//! A document, and what can be asked of it.

use super::{Derivation, Equality, Error, Reading, Simplification, Verdict};
use crate::claim::{self, Question};
use crate::derive::{Options, derive_program};
use crate::diag;
use crate::expr::Name;
use crate::fuel;
use crate::program::Program;
use crate::render::lagrangian_note;
use crate::stack::Deep;
use crate::syntax::Request;
use std::fmt;
use std::str::FromStr;

/// A document that was read: every name has a meaning, every term a shape. It is read once and asked often.
///
/// ```
/// use gradus::{Document, Form, Options};
///
/// let network: Document = "z = W x + b; h = tanh(z); s = u^T h".parse()?;
/// assert_eq!(network.derive(&Options::default())?["x"].to_string(), "Wᵀ δ");
///
/// let of_h = Options::default().of("h").with_respect_to(["z"]).form(Form::Jacobian);
/// assert_eq!(network.derive(&of_h)?["z"].shape(), "n×n");
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Document {
    text: String,
    program: Deep<Program>,
    /// The derivative its text asks for.
    request: Option<Request>,
    /// Of a Lagrangian: what it is derived by where nothing else is said.
    lagrangian: Option<Vec<Name>>,
}

impl FromStr for Document {
    type Err = Error;

    /// Reads a document: plain text, LaTeX, or what looks like MATLAB.
    ///
    /// # Errors
    /// Everything that is wrong with it at once.
    fn from_str(text: &str) -> Result<Document, Error> {
        Document::read(text, &Reading::default())
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn one(error: diag::Error) -> diag::Errors {
    vec![error]
}

impl Document {
    /// Reads a document of which something is known before.
    ///
    /// # Errors
    /// Everything that is wrong with it at once; for a Lagrangian also where there are no constraints, or such that have no
    /// term in it.
    pub fn read(text: &str, reading: &Reading) -> Result<Document, Error> {
        let read = fuel::limited(|| reading.read(text)).map_err(|e| Error::new(e, text))?;
        Ok(Document {
            text: text.to_owned(),
            program: Deep::new(read.program),
            request: read.request,
            lagrangian: read.lagrangian,
        })
    }

    /// What is asked, with what the text itself asks for.
    fn asked(&self, options: &Options) -> Options {
        match &self.lagrangian {
            Some(targets) => options.clone().by_default(targets),
            None => options.clone().asked_by(self.request.as_ref()),
        }
    }

    fn program(&self) -> Program {
        self.program.with(Clone::clone)
    }

    /// Derives it.
    ///
    /// # Errors
    /// `Unsupported` names an operator without a rule; `Internal` when a result and its numeric check disagree.
    pub fn derive(&self, options: &Options) -> Result<Derivation, Error> {
        let options = &self.asked(options);
        let derived = || derive_program(self.program(), options).map_err(one);
        let mut derivation = fuel::watched(&options.watch, derived).map_err(|e| Error::new(e, &self.text))?;
        if self.lagrangian.is_some() {
            derivation.notes.insert(0, lagrangian_note(&derivation));
        }
        Ok(Derivation::new(derivation, options))
    }

    /// Whether a derivative found by hand is right: `claim` may use every name of the document, and `options` say of which
    /// derivative it is.
    ///
    /// # Errors
    /// What is wrong with the claim's own text; a wrong claim is no error but a verdict.
    pub fn check(&self, claim: &str, options: &Options) -> Result<Verdict, Error> {
        let mut text = self.text.as_str();
        let judged = || {
            let question = Question::of(self.program(), &self.asked(options)).map_err(one)?;
            let read = question.claim(claim).map_err(|e| {
                text = claim;
                one(e)
            })?;
            question.verdict(read, None).map_err(one)
        };
        let verdict = fuel::watched(&options.watch, judged).map_err(|e| Error::new(e, text))?;
        Ok(Verdict::new(verdict, options))
    }

    /// Whether two expressions are equal wherever they are defined, by what the document declares and defines.
    ///
    /// # Errors
    /// What is wrong with a side; `Domain` when neither has a value anywhere.
    pub fn equal(&self, left: &str, right: &str) -> Result<Equality, Error> {
        equal_by(left, right, &self.text)
    }

    /// Tidies the last definition, or the one the options name: the form an author would print.
    ///
    /// # Errors
    /// `Limit` when definitions written out are too large, `Internal` when the result and its numeric check disagree.
    pub fn simplify(&self, options: &Options) -> Result<Simplification, Error> {
        let simplified = || claim::simplified(self.program(), options).map_err(one);
        let simplification = fuel::watched(&options.watch, simplified).map_err(|e| Error::new(e, &self.text))?;
        Ok(Simplification::new(simplification, options))
    }

    /// Draws the computation graph of the last definition, or of the one the options name.
    ///
    /// # Errors
    /// As for [`Document::derive`]; `Limit` for a graph too large to look at.
    #[cfg(feature = "graph")]
    pub fn graph(&self, options: &Options, picture: crate::graph::Picture) -> Result<String, Error> {
        let drawn = || Ok(crate::graph::graph(&self.text, options.of.as_deref())?.drawn(picture));
        fuel::watched(&options.watch, drawn).map_err(|e| Error::new(e, &self.text))
    }
}

/// Derives a document by every variable that is not constant.
///
/// ```
/// let d = gradus::derive("s = u^T f(W x + b)")?;
/// assert_eq!(d["W"].to_string(), "δ xᵀ");
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// Everything wrong with the document at once, and as for [`Document::derive`].
pub fn derive(document: &str) -> Result<Derivation, Error> {
    document.parse::<Document>()?.derive(&Options::default())
}

/// Whether a derivative found by hand is right, by the only variable of the document.
///
/// ```
/// assert!(gradus::check("A: n x n constant; s = x^T A x", "(A + A^T) x")?.is_right());
/// assert!(!gradus::check("A: n x n constant; s = x^T A x", "2 A x")?.is_right());
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// Everything wrong with the document, or with the claim's own text; a wrong claim is no error but a verdict.
pub fn check(document: &str, claim: &str) -> Result<Verdict, Error> {
    document.parse::<Document>()?.check(claim, &Options::default())
}

/// Whether two expressions are equal wherever they are defined, shapes and sizes read off them.
///
/// ```
/// assert!(gradus::equal("(A B)^T", "B^T A^T")?.is_proved());
/// assert!(!gradus::equal("A B", "B A")?.is_equal());
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// What is wrong with a side; `Domain` when neither has a value anywhere.
pub fn equal(left: &str, right: &str) -> Result<Equality, Error> {
    equal_by(left, right, "")
}

/// The same where shapes and facts are declared.
///
/// ```
/// assert!(gradus::equal_given("A^T x", "A x", "A: n x n symmetric; x: n")?.is_proved());
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// As for [`equal`], and what is wrong with the declarations.
pub fn equal_given(left: &str, right: &str, declarations: &str) -> Result<Equality, Error> {
    equal_by(left, right, declarations)
}

fn equal_by(left: &str, right: &str, declarations: &str) -> Result<Equality, Error> {
    let text = || claim::equal_text(left, right, declarations);
    claim::equal(left, right, declarations).map(Equality::new).map_err(|e| Error::new(e, &text()))
}

/// Tidies an expression: the form an author would print.
///
/// ```
/// assert_eq!(gradus::simplify("(A^T)^T x + A x")?.to_string(), "2 A x");
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// Everything wrong with the document, and as for [`Document::simplify`].
pub fn simplify(document: &str) -> Result<Simplification, Error> {
    document.parse::<Document>()?.simplify(&Options::default())
}
