//! A derivation in words and formulas, whatever the format: `plain` writes them in columns, `display` lays them out.

use super::legend;
use super::notation::{Notation, Printer};
use super::page::marked;
use super::present::present;
use super::report::{Format, Reasons, Report, Typeface};
use super::style::Style;
use crate::derive::{Block, Derivation, Derivative, Flops, Form, Goal, Product, ResultKind, Sharing, Target};
use crate::diag::Note;
use crate::eval::Branch;
use crate::expr::{Atom, Expr, Index, Indexed, Name, Shape, Size, Symbol};
use crate::program::{Definition, Program};
use crate::syntax::Ast;
use std::collections::BTreeSet;

impl Style {
    /// The style of a derivation: that of its document, the names gradus introduced after the author's.
    pub fn of(d: &Derivation) -> Style {
        let mut style = Style::new(&d.program);
        let count = style.rank.len();
        let own: BTreeSet<&Symbol> = d.program.definitions.iter().map(|s| &s.name).collect();
        let introduced = d.forward.iter().chain(&d.deltas).filter(|s| !own.contains(&s.name));
        for (i, name) in introduced.filter_map(|s| s.name.name()).enumerate() {
            style.rank.insert(name.clone(), count + i);
        }
        style
    }
}

/// Speaks of one derivation in one notation.
pub(super) struct Writer<'a> {
    pub d: &'a Derivation,
    pub report: &'a Report,
    style: Style,
    /// The names set in bold.
    bold: Option<BTreeSet<Name>>,
}

/// The heading of the steps in the shape convention.
const BACKWARD: &str = "Backward in the shape convention: a cotangent has the shape of what it belongs to";

/// `left = right`, and the shape that is written beside it.
pub(super) struct Line {
    pub left: String,
    pub right: Ast,
    pub shape: Shape,
}

impl Writer<'_> {
    pub fn new<'a>(d: &'a Derivation, report: &'a Report) -> Writer<'a> {
        Writer { d, report, style: Style::of(d), bold: (report.typeface == Typeface::Bold).then(|| arrays(d)) }
    }

    pub fn notation(&self) -> Notation {
        self.report.format.notation()
    }

    pub fn printer(&self) -> Printer<'_> {
        Printer { bold: self.bold.as_ref(), calculus: true, ..Printer::of_pages(self.report.format) }
    }

    pub fn ast(&self, e: &Expr) -> Ast {
        present(e, &self.style)
    }

    pub fn text(&self, e: &Expr) -> String {
        self.printer().line(&self.ast(e))
    }

    pub fn name(&self, symbol: &Symbol) -> String {
        self.printer().symbol(symbol)
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
        let name = if s.name == self.d.of { self.d.label.clone() } else { self.under_its_letters(&s.name) };
        let right = s.written.clone().unwrap_or_else(|| self.ast(&s.value));
        Line { left: self.name(&name), right, shape: s.value.shape().clone() }
    }

    /// z_i of a definition with free indices; a sample is not written.
    fn under_its_letters(&self, name: &Symbol) -> Symbol {
        let plate = self.d.program.plates.get(name).into_iter().flatten();
        let written = plate.filter(|i| !self.style.samples.contains(&i.letter));
        match written.map(Index::place).collect::<Vec<_>>() {
            at if at.is_empty() => name.clone(),
            at => Indexed::Member { family: name.clone(), at }.symbol(),
        }
    }

    pub fn results(&self) -> Vec<Line> {
        let both = self.d.derivatives.iter().any(|x| x.form != self.d.derivatives[0].form);
        let line = |one: &Derivative| {
            let mut left = self.derivative(one);
            if both && one.form == Form::Jacobian {
                left.push_str(&self.words(" (Jacobian)"));
            }
            Line { left, right: self.ast(self.d.displayed(one)), shape: one.shape.clone() }
        };
        self.d.derivatives.iter().map(line).collect()
    }

    /// θ and θ − α ∂J/∂θ for every target in the shape convention.
    pub fn updates(&self) -> Vec<(String, String)> {
        let Some(rate) = &self.report.update else { return vec![] };
        let rate = self.printer().word(rate);
        let minus = self.printer().spelling().between_terms();
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

    /// `flops(∂s/∂x)`, and in words what that is; of a cheaper form, when there is one, too.
    pub fn costs(&self) -> Vec<(String, String)> {
        let flops = |what: &str| format!("{}({what})", self.words("flops"));
        let costs = self.report.costs.iter().flatten();
        let rows = |(one, cost): (&Derivative, &Flops)| {
            let (written, evaluated) = (self.polynomial(&cost.written), self.polynomial(&cost.evaluated));
            let own = match written == evaluated {
                true => written,
                false => format!("{written} as written, {evaluated} evaluated well"),
            };
            let cheaper = cost.cheapest.as_ref().map(|(e, n)| {
                let own = format!("{}, an equal form", self.polynomial(n));
                (flops(&self.text(e)), own)
            });
            [Some((flops(&self.derivative(one)), own)), cheaper]
        };
        self.d.derivatives.iter().zip(costs).flat_map(rows).flatten().collect()
    }

    /// A cost with powers: `2n³ + m n²`.
    fn polynomial(&self, cost: &Size) -> String {
        let power = |k: usize| match (self.report.format, k) {
            (_, 1) => String::new(),
            (Format::Ascii, _) => format!("^{k}"),
            _ => super::names::superscript(&k.to_string()).unwrap_or_default(),
        };
        let run = |run: &[Atom]| format!("{}{}", run[0], power(run.len()));
        cost.written(&|monomial| monomial.chunk_by(|a, b| a == b).map(run).collect::<Vec<_>>().join(" "))
    }

    /// The conditions on sizes and the notes.
    pub fn remarks(&self) -> Vec<String> {
        let conditions: Vec<String> =
            self.d.program.conditions.iter().map(|c| format!("{} = {}", c.left, c.right)).collect();
        let conditions = (!conditions.is_empty()).then(|| format!("for {}", conditions.join(", ")));
        let note = |n: &Note| format!("{}: {}", n.kind.opening(), n.message);
        conditions.into_iter().chain(self.d.notes.iter().map(note)).collect()
    }

    /// What the signs of the steps mean, where reasons are told in full.
    pub fn legend(&self) -> Option<String> {
        let told = self.report.steps && self.report.reasons == Reasons::Full;
        let sections = told.then(|| self.sections())?;
        let cotangents = sections.iter().any(|(title, _)| *title == BACKWARD);
        let text = legend::explained(sections.iter().flat_map(|(_, blocks)| blocks.iter().copied()), cotangents)?;
        Some(self.notation().spelling().plain(&text))
    }

    /// What is to be said before anything else.
    pub fn head(&self) -> Option<String> {
        self.d.program.reading.head.as_ref().map(|head| format!("warning: {head}"))
    }

    /// What was assumed of names nobody declares, in a line; why, when that was asked for.
    pub fn reading(&self) -> Vec<String> {
        let reading = &self.d.program.reading;
        let shape = |symbol: &Symbol| self.d.program.shape(symbol).map(|s| self.shape(s));
        let named = |name: &Symbol| Some(format!("{}: {}", name, shape(name)?));
        let line = read_as(&self.d.program, &|s| self.shape(s));
        let inputs = self.d.program.inputs.iter().filter(|_| self.report.explain);
        let why = inputs.filter_map(|i| {
            let reason = i.name.name().and_then(|n| reading.reasons.get(n)).map_or("declared", String::as_str);
            Some(format!("{}: {reason}", named(&i.name)?))
        });
        line.into_iter().chain(why).collect()
    }

    /// A shape as its notation spells it.
    pub fn shape(&self, shape: &Shape) -> String {
        self.notation().spelling().sizes(&shape.to_string())
    }

    /// What the check found, in a sentence.
    pub fn check(&self) -> String {
        let Some(c) = &self.d.check else { return "not checked".to_owned() };
        let rounding = match self.report.rounding {
            true => format!(" (max rel. error {})", rounded(c.max_rel_error)),
            false => String::new(),
        };
        let places: Vec<String> = c.not_visited.iter().map(|b| self.branch(b)).collect();
        let (mut told, long): (Vec<String>, Vec<String>) = places.into_iter().partition(|p| p.chars().count() <= TOLD);
        if !long.is_empty() {
            told.push(format!("{} longer {}", long.len(), if long.len() == 1 { "part" } else { "parts" }));
        }
        let unseen = if told.is_empty() { String::new() } else { format!("; not visited: {}", told.join(", ")) };
        format!("agrees with automatic differentiation at {} points{rounding}{unseen}", c.points)
    }

    /// Where a function is one that no point has met.
    fn branch(&self, branch: &Branch) -> String {
        format!("{} {}", marked(self.text(&branch.part), self.notation()), branch.section.words())
    }

    /// The blocks of steps under their headings.
    pub fn sections(&self) -> Vec<(&'static str, Vec<&Block>)> {
        let pick = |f: &dyn Fn(&Block) -> bool| self.d.blocks.iter().filter(|b| f(b)).collect::<Vec<_>>();
        if self.d.program.is_indexed() {
            return vec![("By indices, one move after the other", pick(&|_| true))];
        }
        let sections = [
            ("Backward in Jacobian form (numerator layout), one factor at a time", pick(&|b| b.jacobian)),
            (BACKWARD, pick(&|b| !b.jacobian && b.goal != Goal::Reshape)),
            ("From the Jacobian form to the shape convention", pick(&|b| b.goal == Goal::Reshape)),
        ];
        // the gradient in the shape convention comes before its own Jacobian
        let first = |blocks: &[&Block]| self.d.blocks.iter().position(|b| std::ptr::eq(b, blocks[0]));
        let mut sections: Vec<_> = sections.into_iter().filter(|(_, blocks)| !blocks.is_empty()).collect();
        sections.sort_by_key(|(_, blocks)| first(blocks));
        sections
    }
}

impl Writer<'_> {
    /// ∂s/∂W in the notation at hand, of names as written.
    pub fn partial(&self, of: &Symbol, wrt: &str) -> String {
        self.printer().spelling().quotient(1, &self.name(of), &[wrt.to_owned()])
    }

    /// ∂s/∂W, or ∂²s/∂x∂xᵀ: the rows are the entries of the first target, the columns those of the last.
    pub fn derivative(&self, one: &Derivative) -> String {
        match (&one.quantity, one.form, one.order()) {
            (ResultKind::Product { product, of }, _, _) => self.product(product, of, &one.wrt),
            (ResultKind::Derivative, Form::Differential, _) => {
                format!("{}{}", self.notation().spelling().differential(), self.name(&self.d.label))
            }
            (ResultKind::Derivative, _, _) => {
                let targets: Vec<_> = one.targets().map(|t| (self.target(t), t.shape())).collect();
                self.printer().derivative(&self.name(&self.d.label), &targets)
            }
        }
    }

    /// (∂y/∂x) v, (∂y/∂x)ᵀ g, (∂²s/∂x∂xᵀ) v; of and by matrices as the linear maps they are, (∂Y/∂X)[V].
    fn product(&self, product: &Product, of: &Symbol, target: &Target) -> String {
        let (direction, wrt) = (self.printer().word(product.direction()), self.target(target));
        let map = match product {
            Product::Jvp(_) | Product::Vjp(_) => self.partial(of, &wrt),
            Product::Hvp(_) => {
                self.printer().spelling().quotient(2, &self.name(of), &[self.printer().spelling().to_the(&wrt, "2")])
            }
        };
        let map = self.printer().spelling().held(&map);
        let map = match product {
            Product::Jvp(_) | Product::Hvp(_) => map,
            Product::Vjp(_) => self.printer().spelling().transposed(&map),
        };
        self.printer().spelling().applied(&map, &direction)
    }

    pub fn target(&self, target: &Target) -> String {
        let names: Vec<String> = target.parts.iter().map(|(n, _)| self.name(n)).collect();
        if names.len() == 1 { names[0].clone() } else { self.printer().spelling().stack(&names) }
    }

    /// Words within a formula.
    pub fn words(&self, words: &str) -> String {
        self.notation().spelling().words(words)
    }
}

/// Every name that is not a scalar.
fn arrays(d: &Derivation) -> BTreeSet<Name> {
    let inputs = d.program.inputs.iter().map(|i| (&i.name, &i.shape));
    let definitions = d.program.definitions.iter().chain(&d.forward).chain(&d.deltas);
    let all = inputs.chain(definitions.map(|s| (&s.name, s.value.shape())));
    let arrays = all.filter(|(_, shape)| !shape.is_scalar()).filter_map(|(symbol, _)| symbol.name().cloned());
    let label = d.label.name().filter(|_| !d.of_shape.is_scalar()).cloned();
    arrays.chain(label).collect()
}

/// What no point has met is written out up to so many letters.
const TOLD: usize = 160;

/// An error to one digit, `4e-17`; 0 is exact.
fn rounded(error: f64) -> String {
    if error == 0.0 { "0".to_owned() } else { format!("{error:.0e}") }
}

/// Steps that only read a result off: `so ∂h/∂z = …` says it already.
pub(super) fn reads_off(rule: &str) -> bool {
    matches!(rule, "read_jacobian" | "name_delta" | "name_jacobian")
}

/// What was assumed of names nobody declares, in a line.
pub fn read_as(program: &Program, shape: &dyn Fn(&Shape) -> String) -> Option<String> {
    let named = |name: &Name| Some(format!("{name}: {}", shape(program.shape(&name.into())?)));
    let names = program.reading.overruled.iter().filter_map(named);
    let fields =
        program.reading.fields.iter().filter_map(|name| Some(format!("{name}: {}", program.fields.get(name)?)));
    let entrywise = program.reading.entrywise.iter().map(|name| format!("{name}: elementwise"));
    let products = program.reading.products.iter().map(|text| format!("{text} a product"));
    let calls = program.reading.calls.iter().map(|text| format!("{text} a call"));
    let parts: Vec<String> = names.chain(fields).chain(entrywise).chain(products).chain(calls).collect();
    (!parts.is_empty()).then(|| format!("read as: {}", parts.join(", ")))
}
