//! A whole derivation as text: the forward pass, the results, the steps, the check.

use super::names::prose;
use super::{Notation, Printer, Style, latex_lines, present};
use crate::derive::{Block, Derivation, Derivative, Form, Goal, Sharing, Step};
use crate::diag::{Note, NoteKind};
use crate::expr::{Expr, Name, Shape};
use crate::program::Definition;
use crate::syntax::{Ast, Syntax};
use std::fmt::Write;

/// What to print of a derivation, and how.
#[derive(Clone, Debug)]
pub struct Report {
    /// The spelling.
    pub notation: Notation,
    /// LaTeX between Markdown's `$$`.
    pub markdown: bool,
    /// Lines are broken here.
    pub width: usize,
    /// Whether steps are shown.
    pub steps: bool,
    /// The learning rate of `--update`.
    pub update: Option<String>,
    /// The value of each derivative, as text.
    pub values: Option<Vec<String>>,
}

/// A derivation as text in the given report's form.
pub fn derivation_text(d: &Derivation, report: &Report) -> String {
    let writer = Writer { d, report, style: Style::of(d), printer: Printer::of_steps(report.notation) };
    match report.notation {
        Notation::Unicode | Notation::Ascii => writer.plain(),
        Notation::Latex => writer.latex(),
    }
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

struct Writer<'a> {
    d: &'a Derivation,
    report: &'a Report,
    style: Style,
    printer: Printer,
}

/// `left = right`, and the shape that is written beside it.
struct Line {
    left: String,
    right: Ast,
    shape: Shape,
}

impl Writer<'_> {
    fn ast(&self, e: &Expr) -> Ast {
        present(e, &self.style)
    }

    fn text(&self, e: &Expr) -> String {
        self.printer.line(&self.ast(e))
    }

    fn name(&self, name: &Name) -> String {
        self.printer.line(&Ast::new(Syntax::Name(name.clone()), crate::diag::Span::default()))
    }

    fn result<'b>(&self, one: &'b Derivative) -> &'b Expr {
        match (self.d.sharing, &one.inlined) {
            (Sharing::Inline, Some(e)) => e,
            (Sharing::Inline | Sharing::Shared, _) => &one.result,
        }
    }

    /// ∂s/∂W in the notation at hand.
    fn partial(&self, of: &str, wrt: &str) -> String {
        let (of, wrt) = (self.name(&Name::new(of)), wrt.to_owned());
        match self.report.notation {
            Notation::Unicode => format!("∂{of}/∂{wrt}"),
            Notation::Ascii => format!("d{of}/d{wrt}"),
            Notation::Latex => format!("\\frac{{\\partial {of}}}{{\\partial {wrt}}}"),
        }
    }

    fn target(&self, one: &Derivative) -> String {
        let names: Vec<String> = one.wrt.parts.iter().map(|(n, _)| self.name(n)).collect();
        match (names.len(), self.report.notation) {
            (1, _) => names[0].clone(),
            (_, Notation::Latex) => format!("\\begin{{bmatrix}} {} \\end{{bmatrix}}", names.join(" \\\\ ")),
            (_, Notation::Unicode | Notation::Ascii) => format!("[{}]", names.join("; ")),
        }
    }

    /// The definitions worth showing: those the results refer to, and what is differentiated.
    fn definitions(&self) -> Vec<Line> {
        let inline = self.d.sharing == Sharing::Inline;
        let shown: Vec<&Definition> = if inline { vec![] } else { self.d.shown() };
        shown.into_iter().map(|s| self.definition(s)).collect()
    }

    fn definition(&self, s: &Definition) -> Line {
        let name = if s.name == self.d.of { &self.d.label } else { &s.name };
        let right = self.d.written(s).cloned().unwrap_or_else(|| self.ast(&s.value));
        Line { left: self.name(name), right, shape: s.value.shape().clone() }
    }

    fn results(&self) -> Vec<Line> {
        let both = self.d.derivatives.iter().any(|x| x.form != self.d.derivatives[0].form);
        let line = |one: &Derivative| {
            let mut left = self.partial(self.d.label.as_str(), &self.target(one));
            if both && one.form == Form::Jacobian {
                left.push_str(if self.report.notation == Notation::Latex {
                    r"\ \text{(Jacobian)}"
                } else {
                    " (Jacobian)"
                });
            }
            Line { left, right: self.ast(self.result(one)), shape: one.shape.clone() }
        };
        self.d.derivatives.iter().map(line).collect()
    }

    fn plain(&self) -> String {
        let mut out = String::new();
        if self.report.steps {
            self.plain_steps(&mut out);
        }
        out.push_str(&self.columns(&self.definitions(), &self.results()));
        self.append_updates(&mut out);
        self.append_values(&mut out);
        self.append_remarks(&mut out);
        out
    }

    /// Definitions on the left, results on the right, where the width allows; one below the other where not.
    fn columns(&self, left: &[Line], right: &[Line]) -> String {
        let l = self.column(left, self.report.width);
        let r = self.column(right, self.report.width);
        let wide = |lines: &[String]| lines.iter().map(|s| columns(s)).max().unwrap_or(0);
        if l.is_empty() || wide(&l) + wide(&r) + 6 > self.report.width {
            let gap = if l.is_empty() { "" } else { "\n" };
            return [l.iter(), r.iter()].map(|x| x.fold(String::new(), |s, line| s + line + "\n")).join(gap);
        }
        let width = wide(&l);
        let mut out = String::new();
        for i in 0..l.len().max(r.len()) {
            let (a, b) = (l.get(i).map_or("", String::as_str), r.get(i).map_or("", String::as_str));
            let pad = " ".repeat(width.saturating_sub(columns(a)));
            let _ = writeln!(out, "{}", format!("{a}{pad}      {b}").trim_end());
        }
        out
    }

    fn column(&self, lines: &[Line], width: usize) -> Vec<String> {
        let names = lines.iter().map(|l| columns(&l.left)).max().unwrap_or(0);
        let shapes = lines.iter().map(|l| columns(&l.shape.to_string())).max().unwrap_or(0);
        let room = width.saturating_sub(names + shapes + 7).max(20);
        let bodies: Vec<Vec<String>> =
            lines.iter().map(|l| self.printer.page(&l.right, room).lines().map(str::to_owned).collect()).collect();
        let body = bodies.iter().flatten().map(|s| columns(s)).max().unwrap_or(0);
        let mut out = Vec::new();
        for (line, body_lines) in lines.iter().zip(bodies) {
            let head = format!("{}{} = ", line.left, " ".repeat(names - columns(&line.left)));
            for (i, text) in body_lines.iter().enumerate() {
                let start = if i == 0 { head.clone() } else { " ".repeat(columns(&head)) };
                let last = i + 1 == body_lines.len();
                let shape = if last {
                    format!("{}    {}", " ".repeat(body - columns(text)), self.shape(&line.shape))
                } else {
                    String::new()
                };
                out.push(format!("{start}{text}{shape}"));
            }
        }
        out
    }

    fn shape(&self, shape: &Shape) -> String {
        match self.report.notation {
            Notation::Unicode | Notation::Latex => shape.to_string(),
            Notation::Ascii => shape.to_string().replace('×', " x "),
        }
    }

    fn append_updates(&self, out: &mut String) {
        let updates: Vec<String> = self.updates(false);
        if !updates.is_empty() {
            out.push('\n');
            updates.iter().for_each(|u| out.push_str(&format!("{u}\n")));
        }
    }

    /// θ ← θ − α ∂J/∂θ for every target in the shape convention.
    fn updates(&self, latex: bool) -> Vec<String> {
        let Some(rate) = &self.report.update else { return vec![] };
        let rate = self.name(&Name::new(rate));
        let (arrow, minus) = match self.report.notation {
            Notation::Unicode => ("←", "−"),
            Notation::Ascii => ("<-", "-"),
            Notation::Latex => ("\\leftarrow", "-"),
        };
        let line = |one: &Derivative| {
            let (theta, partial) = (self.target(one), self.partial(self.d.label.as_str(), &self.target(one)));
            let amp = if latex { "&" } else { "" };
            format!("{theta} {amp}{arrow} {theta} {minus} {rate} {partial}")
        };
        self.d.derivatives.iter().filter(|one| one.form == Form::Shape).map(line).collect()
    }

    fn append_values(&self, out: &mut String) {
        let Some(values) = &self.report.values else { return };
        out.push('\n');
        for (one, value) in self.d.derivatives.iter().zip(values) {
            let _ = writeln!(out, "{} = {value}", self.partial(self.d.label.as_str(), &self.target(one)));
        }
    }

    fn append_remarks(&self, out: &mut String) {
        out.push('\n');
        self.remarks().iter().for_each(|r| out.push_str(&format!("{r}\n")));
    }

    /// The conditions on sizes, the notes, and the check.
    fn remarks(&self) -> Vec<String> {
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
        conditions.into_iter().chain(self.d.notes.iter().map(note)).chain([self.check()]).collect()
    }

    fn check(&self) -> String {
        match (&self.d.check, self.report.notation) {
            (Some(c), Notation::Ascii) => format!(
                "agrees with automatic differentiation at {} points (max rel. error {})",
                c.points,
                rounded(c.max_rel_error)
            ),
            (Some(c), Notation::Unicode | Notation::Latex) => {
                format!(
                    "✓ agrees with automatic differentiation at {} points (max rel. error {})",
                    c.points,
                    rounded(c.max_rel_error)
                )
            }
            (None, _) => "not checked".to_owned(),
        }
    }

    // ---- steps

    fn plain_steps(&self, out: &mut String) {
        out.push_str("Forward pass\n");
        let lines: Vec<Line> = self.d.forward.iter().map(|s| self.definition(s)).collect();
        for (i, text) in self.column(&lines, self.report.width.saturating_sub(6)).iter().enumerate() {
            let _ = writeln!(out, "  ({}) {text}", i + 1);
        }
        for (title, blocks) in self.sections() {
            let _ = writeln!(out, "\n{title}");
            blocks.iter().for_each(|b| self.plain_block(b, out));
        }
        out.push_str("\nResult\n");
    }

    /// The blocks under their headings.
    fn sections(&self) -> Vec<(&'static str, Vec<&Block>)> {
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

    fn plain_block(&self, block: &Block, out: &mut String) {
        let _ = writeln!(out, "\n  {}", self.block_title(block));
        let mut previous: Option<&Expr> = None;
        for step in block.steps.iter().filter(|s| s.rule != "read_jacobian" && s.rule != "name_delta") {
            if previous != Some(&step.before) {
                let _ = writeln!(out, "      {}", self.text(&step.before));
            }
            let _ = writeln!(out, "    = {}", self.text(&step.after));
            let _ = writeln!(out, "        {}: {}", step.rule, prose(&step.why, self.report.notation));
            previous = Some(&step.after);
        }
        let reading = block.steps.iter().find(|s| s.rule == "read_jacobian" || s.rule == "name_delta");
        let why = reading
            .map_or_else(String::new, |s| format!("\n        {}: {}", s.rule, prose(&s.why, self.report.notation)));
        let _ = writeln!(out, "    {}{why}", self.conclusion(block));
    }

    fn block_title(&self, block: &Block) -> String {
        let (of, wrt) = (self.spoken(&block.of), self.name(&block.wrt));
        match &block.goal {
            Goal::Local if block.jacobian => format!("{}: how {of} moves with {wrt}", self.partial(&of, &wrt)),
            Goal::Local => format!("what {of} hands to {wrt}"),
            Goal::Total => self.partial(self.d.label.as_str(), &wrt),
            Goal::Named(name) => format!("{} := {}", self.name(name), self.partial(self.d.label.as_str(), &wrt)),
            Goal::Reshape => format!("{} in the shape of {wrt}", self.partial(self.d.label.as_str(), &wrt)),
        }
    }

    fn spoken(&self, name: &Name) -> String {
        self.name(if *name == self.d.of { &self.d.label } else { name })
    }

    fn conclusion(&self, block: &Block) -> String {
        format!("so {} = {}    {}", self.text(&block.left), self.text(&block.result), self.shape(block.result.shape()))
    }

    // ---- LaTeX and Markdown

    fn latex(&self) -> String {
        let mut out = String::new();
        if self.report.steps {
            self.latex_steps(&mut out);
        }
        self.aligned(&[self.definitions(), self.results()].concat_lines(), &mut out);
        let updates = self.updates(true);
        if !updates.is_empty() {
            self.environment(&updates, &mut out);
        }
        if self.report.markdown {
            out.push('\n');
        }
        for remark in self.remarks() {
            let line = if self.report.markdown { format!("- {remark}") } else { format!("% {remark}") };
            out.push_str(&format!("{}\n", line.replace("% ✓ ", "% ")));
        }
        out
    }

    fn aligned(&self, lines: &[Line], out: &mut String) {
        let mut rows = Vec::new();
        for line in lines {
            let pieces = latex_lines(&line.right, self.report.width.max(60));
            for (i, piece) in pieces.iter().enumerate() {
                rows.push(if i == 0 { format!("{} &= {piece}", line.left) } else { format!("&\\quad {piece}") });
            }
        }
        self.environment(&rows, out);
    }

    fn environment(&self, rows: &[String], out: &mut String) {
        let (open, close) = if self.report.markdown { ("$$\n", "$$\n") } else { ("", "") };
        let _ = write!(out, "{open}\\begin{{aligned}}\n  {}\n\\end{{aligned}}\n{close}", rows.join(" \\\\\n  "));
    }

    fn latex_steps(&self, out: &mut String) {
        let forward: Vec<Line> = self.d.forward.iter().map(|s| self.definition(s)).collect();
        self.comment("Forward pass", out);
        self.aligned(&forward, out);
        for block in &self.d.blocks {
            self.comment(&self.plain_title(block), out);
            let mut rows: Vec<String> = Vec::new();
            let mut previous: Option<&Expr> = None;
            for step in &block.steps {
                rows.extend(self.latex_step(step, previous));
                previous = Some(&step.after);
            }
            rows.push(format!("{} &= {}", self.text(&block.left), self.text(&block.result)));
            self.environment(&rows, out);
        }
        self.comment("Result", out);
    }

    fn latex_step(&self, step: &Step, previous: Option<&Expr>) -> Vec<String> {
        let why = format!("&& \\text{{{}}}", escape_text(&step.rule));
        let after = format!("&= {} {why}", self.text(&step.after));
        if previous == Some(&step.before) { vec![after] } else { vec![format!("& {}", self.text(&step.before)), after] }
    }

    fn plain_title(&self, block: &Block) -> String {
        let spoken = |n: &Name| if *n == self.d.of { self.d.label.to_string() } else { n.to_string() };
        match &block.goal {
            Goal::Local => format!("{} with {}", spoken(&block.of), block.wrt),
            Goal::Total => format!("all that reaches {}", block.wrt),
            Goal::Named(name) => format!("{name}, the error signal at {}", block.wrt),
            Goal::Reshape => format!("the Jacobian of {} reshaped", block.wrt),
        }
    }

    fn comment(&self, title: &str, out: &mut String) {
        let _ = if self.report.markdown { write!(out, "\n**{title}**\n\n") } else { writeln!(out, "% {title}") };
    }
}

/// Columns a text takes on the page: combining marks take none.
fn columns(text: &str) -> usize {
    text.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).count()
}

fn escape_text(text: &str) -> String {
    text.replace('_', "\\_")
}

trait ConcatLines {
    fn concat_lines(self) -> Vec<Line>;
}

impl ConcatLines for [Vec<Line>; 2] {
    fn concat_lines(self) -> Vec<Line> {
        self.into_iter().flatten().collect()
    }
}

/// An error to one digit, `4e-17`; 0 is exact.
fn rounded(error: f64) -> String {
    if error == 0.0 { "0".to_owned() } else { format!("{error:.0e}") }
}
