//! A derivation as text: what is said of it, whatever the format. `plain` writes it in columns, `page` lays it out for
//! display.

use super::{Notation, Page, Printer, Style, present};
use crate::derive::{Block, Derivation, Derivative, Form, Goal, Product, Quantity, Sharing, Target};
use crate::diag::{Note, NoteKind};
use crate::expr::{Expr, Name, Shape};
use crate::program::Definition;
use crate::syntax::{Ast, Syntax};

/// The formats of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// As on a blackboard, in columns.
    #[default]
    Unicode,
    /// What any keyboard can type, in columns.
    Ascii,
    /// A fragment of LaTeX for amsmath.
    Latex,
    /// Markdown with LaTeX between `$$`.
    Markdown,
}

impl Format {
    /// Whether it is plain text in columns.
    pub fn is_plain(self) -> bool {
        matches!(self, Format::Unicode | Format::Ascii)
    }

    /// How mathematics is spelled in it.
    pub fn notation(self) -> Notation {
        match self {
            Format::Unicode => Notation::Unicode,
            Format::Ascii => Notation::Ascii,
            Format::Latex | Format::Markdown => Notation::Latex,
        }
    }
}

/// What to print of a derivation, and how.
#[derive(Clone, Debug)]
pub struct Report {
    /// The format.
    pub format: Format,
    /// Lines are broken here.
    pub width: usize,
    /// Whether steps are shown.
    pub steps: bool,
    /// The learning rate of `--update`.
    pub update: Option<String>,
    /// The value of each derivative, as text.
    pub values: Option<Vec<String>>,
    /// Whether the error of the check is shown. Its rounding may differ between machines: notes leave it out.
    pub rounding: bool,
    /// Plain text has definitions above results, never beside them.
    pub stacked: bool,
}

impl Default for Report {
    fn default() -> Report {
        Report {
            format: Format::Unicode,
            width: 100,
            steps: false,
            update: None,
            values: None,
            rounding: true,
            stacked: false,
        }
    }
}

/// A derivation as text in the given report's form.
pub fn derivation_text(d: &Derivation, report: &Report) -> String {
    let writer = Writer::new(d, report);
    match report.format {
        Format::Unicode | Format::Ascii => writer.plain(),
        Format::Latex => super::latex::fragment(&writer.page()),
        Format::Markdown => super::markdown::text(&writer.page()),
    }
}

/// A derivation laid out for display: `report.format` decides how its mathematics is spelled.
pub fn derivation_page(d: &Derivation, report: &Report) -> Page {
    Writer::new(d, report).page()
}

impl Style {
    /// The style of a derivation: that of its document, the names gradus introduced after the author's.
    pub fn of(d: &Derivation) -> Style {
        let mut style = Style::new(&d.program);
        let count = style.rank.len();
        for (i, s) in d.forward.iter().chain(&d.deltas).filter(|s| d.program.definition(&s.name).is_none()).enumerate()
        {
            style.rank.insert(s.name.clone(), count + i);
        }
        style
    }
}

/// Speaks of one derivation in one notation.
pub(super) struct Writer<'a> {
    pub d: &'a Derivation,
    pub report: &'a Report,
    style: Style,
    pub printer: Printer,
}

/// `left = right`, and the shape that is written beside it.
pub(super) struct Line {
    pub left: String,
    pub right: Ast,
    pub shape: Shape,
}

impl Writer<'_> {
    pub fn new<'a>(d: &'a Derivation, report: &'a Report) -> Writer<'a> {
        Writer { d, report, style: Style::of(d), printer: Printer::of_steps(report.format.notation()) }
    }

    fn notation(&self) -> Notation {
        self.printer.notation
    }

    pub fn ast(&self, e: &Expr) -> Ast {
        present(e, &self.style)
    }

    pub fn text(&self, e: &Expr) -> String {
        self.printer.line(&self.ast(e))
    }

    pub fn name(&self, name: &Name) -> String {
        self.printer.line(&Ast::new(Syntax::Name(name.clone()), crate::diag::Span::default()))
    }

    /// The name a definition is spoken of by: a bare expression has one too.
    pub fn spoken(&self, name: &Name) -> String {
        self.name(if *name == self.d.of { &self.d.label } else { name })
    }

    fn result<'b>(&self, one: &'b Derivative) -> &'b Expr {
        match (self.d.sharing, &one.inlined) {
            (Sharing::Inline, Some(e)) => e,
            (Sharing::Inline | Sharing::Shared, _) => &one.result,
        }
    }

    /// ∂s/∂W in the notation at hand.
    pub fn partial(&self, of: &str, wrt: &str) -> String {
        let (of, wrt) = (self.name(&Name::new(of)), wrt.to_owned());
        match self.notation() {
            Notation::Unicode => format!("∂{of}/∂{wrt}"),
            Notation::Ascii => format!("d{of}/d{wrt}"),
            Notation::Latex => format!("\\frac{{\\partial {of}}}{{\\partial {wrt}}}"),
        }
    }

    /// The derivative of what is derived by a name.
    pub fn partial_by(&self, wrt: &str) -> String {
        self.partial(self.d.label.as_str(), wrt)
    }

    /// ∂s/∂W, or ∂²s/∂x∂xᵀ: the rows are the entries of the first target, the columns those of the last.
    fn derivative(&self, one: &Derivative) -> String {
        match (&one.quantity, one.form, one.order()) {
            (Quantity::Product { product, of }, _, _) => self.product(product, of, &one.wrt),
            (Quantity::Derivative, Form::Differential, _) => format!("d{}", self.name(&self.d.label)),
            (Quantity::Derivative, _, 1) => self.partial_by(&self.target(&one.wrt)),
            (Quantity::Derivative, _, order) => self.higher(one, order),
        }
    }

    /// (∂y/∂x) v, (∂y/∂x)ᵀ g, (∂²s/∂x∂xᵀ) v; of and by matrices as the linear maps they are, (∂Y/∂X)[V].
    fn product(&self, product: &Product, of: &Name, target: &Target) -> String {
        let (direction, wrt) = (self.name(&Name::new(product.direction())), self.target(target));
        let derivative = match product {
            Product::Jvp(_) | Product::Vjp(_) => self.partial(of.as_str(), &wrt),
            Product::Hvp(_) => self.curvature(&self.name(of), &wrt),
        };
        let derivative = match self.notation() {
            Notation::Unicode | Notation::Ascii => format!("({derivative})"),
            Notation::Latex => derivative,
        };
        let adjoint = match (product, self.notation()) {
            (Product::Jvp(_) | Product::Hvp(_), _) => "",
            (Product::Vjp(_), Notation::Unicode) => "ᵀ",
            (Product::Vjp(_), Notation::Ascii) => "^T",
            (Product::Vjp(_), Notation::Latex) => "^\\top",
        };
        format!("{derivative}{adjoint}[{direction}]")
    }

    fn curvature(&self, of: &str, wrt: &str) -> String {
        match self.notation() {
            Notation::Unicode => format!("∂²{of}/∂{wrt}²"),
            Notation::Ascii => format!("d^2 {of}/d{wrt}^2"),
            Notation::Latex => format!("\\frac{{\\partial^2 {of}}}{{\\partial {wrt}^2}}"),
        }
    }

    fn higher(&self, one: &Derivative, order: usize) -> String {
        let of = self.name(&self.d.label);
        let below: Vec<String> = one.targets().enumerate().map(|(i, t)| self.below(t, i > 0)).collect();
        match self.notation() {
            Notation::Unicode => {
                let power = super::names::superscript(&order.to_string()).unwrap_or_default();
                format!("∂{power}{of}/∂{}", below.join("∂"))
            }
            Notation::Ascii => format!("d^{order} {of}/(d{})", below.join(" d")),
            Notation::Latex => {
                let below = below.join("\\,\\partial ");
                format!("\\frac{{\\partial^{order} {of}}}{{\\partial {below}}}")
            }
        }
    }

    /// A target below the line: a matrix as its vec, columns after the first transposed.
    fn below(&self, target: &Target, transposed: bool) -> String {
        let (name, shape) = (self.target(target), target.shape());
        let vec = match self.notation() {
            _ if shape.cols.is_one() => name,
            Notation::Latex => format!("\\operatorname{{vec}}({name})"),
            Notation::Unicode | Notation::Ascii => format!("vec({name})"),
        };
        let mark = match self.notation() {
            _ if shape.is_scalar() || !transposed => "",
            Notation::Unicode => "ᵀ",
            Notation::Ascii => "^T",
            Notation::Latex => "^\\top",
        };
        format!("{vec}{mark}")
    }

    pub fn target(&self, target: &Target) -> String {
        let names: Vec<String> = target.parts.iter().map(|(n, _)| self.name(n)).collect();
        match (names.len(), self.notation()) {
            (1, _) => names[0].clone(),
            (_, Notation::Latex) => format!("\\begin{{bmatrix}} {} \\end{{bmatrix}}", names.join(" \\\\ ")),
            (_, Notation::Unicode | Notation::Ascii) => format!("[{}]", names.join("; ")),
        }
    }

    /// The forward pass, every intermediate named.
    pub fn forward(&self) -> Vec<Line> {
        self.d.forward.iter().map(|s| self.definition(s)).collect()
    }

    /// The definitions worth showing: those the results refer to, and what is differentiated.
    pub fn definitions(&self) -> Vec<Line> {
        let inline = self.d.sharing == Sharing::Inline;
        let shown: Vec<&Definition> = if inline { vec![] } else { self.d.shown() };
        shown.into_iter().map(|s| self.definition(s)).collect()
    }

    fn definition(&self, s: &Definition) -> Line {
        let name = if s.name == self.d.of { &self.d.label } else { &s.name };
        let right = self.d.written(s).cloned().unwrap_or_else(|| self.ast(&s.value));
        Line { left: self.name(name), right, shape: s.value.shape().clone() }
    }

    pub fn results(&self) -> Vec<Line> {
        let both = self.d.derivatives.iter().any(|x| x.form != self.d.derivatives[0].form);
        let line = |one: &Derivative| {
            let mut left = self.derivative(one);
            if both && one.form == Form::Jacobian {
                left.push_str(&self.words(" (Jacobian)"));
            }
            Line { left, right: self.ast(self.result(one)), shape: one.shape.clone() }
        };
        self.d.derivatives.iter().map(line).collect()
    }

    /// θ and θ − α ∂J/∂θ for every target in the shape convention.
    pub fn updates(&self) -> Vec<(String, String)> {
        let Some(rate) = &self.report.update else { return vec![] };
        let rate = self.name(&Name::new(rate));
        let minus = match self.notation() {
            Notation::Unicode => "−",
            Notation::Ascii | Notation::Latex => "-",
        };
        let line = |one: &Derivative| {
            let (theta, partial) = (self.target(&one.wrt), self.derivative(one));
            (theta.clone(), format!("{theta} {minus} {rate} {partial}"))
        };
        self.d.derivatives.iter().filter(|one| one.form == Form::Shape).map(line).collect()
    }

    /// Each derivative and its value, when values were asked for.
    pub fn values(&self) -> Vec<(String, &String)> {
        let values = self.report.values.iter().flatten();
        self.d.derivatives.iter().map(|one| self.derivative(one)).zip(values).collect()
    }

    /// The conditions on sizes and the notes.
    pub fn remarks(&self) -> Vec<String> {
        let conditions: Vec<String> =
            self.d.program.conditions.iter().map(|c| format!("{} = {}", c.left, c.right)).collect();
        let conditions = (!conditions.is_empty()).then(|| format!("for {}", conditions.join(", ")));
        let note = |n: &Note| {
            let word = match n.kind {
                NoteKind::Warning => "warning",
                NoteKind::Assumption => "assumes",
                NoteKind::Convention => "convention",
            };
            format!("{word}: {}", n.message)
        };
        conditions.into_iter().chain(self.d.notes.iter().map(note)).collect()
    }

    /// What the check found, in a sentence.
    pub fn check(&self) -> String {
        let Some(c) = &self.d.check else { return "not checked".to_owned() };
        let rounding = match self.report.rounding {
            true => format!(" (max rel. error {})", rounded(c.max_rel_error)),
            false => String::new(),
        };
        format!("agrees with automatic differentiation at {} points{rounding}", c.points)
    }

    /// The blocks of steps under their headings.
    pub fn sections(&self) -> Vec<(&'static str, Vec<&Block>)> {
        let pick = |f: &dyn Fn(&Block) -> bool| self.d.blocks.iter().filter(|b| f(b)).collect::<Vec<_>>();
        let sections = [
            ("Backward in Jacobian form (numerator layout), one factor at a time", pick(&|b| b.jacobian)),
            (
                "Backward in the shape convention: a cotangent has the shape of what it belongs to",
                pick(&|b| !b.jacobian && b.goal != Goal::Reshape),
            ),
            ("From the Jacobian form to the shape convention", pick(&|b| b.goal == Goal::Reshape)),
        ];
        sections.into_iter().filter(|(_, blocks)| !blocks.is_empty()).collect()
    }
}

/// An error to one digit, `4e-17`; 0 is exact.
fn rounded(error: f64) -> String {
    if error == 0.0 { "0".to_owned() } else { format!("{error:.0e}") }
}

/// Steps that only read a result off: `so ∂h/∂z = …` says it already.
pub(super) fn reads_off(rule: &str) -> bool {
    rule == "read_jacobian" || rule == "name_delta"
}
