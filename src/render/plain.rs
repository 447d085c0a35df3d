//! A derivation in columns of plain text.

use super::names::columns;
use super::notation::{Notation, Printer};
use super::page::TitleRun;
use super::reasons;
use super::report::Report;
use super::writer::{Line, Writer, reads_off};
use crate::derive::{Block, Step};
use crate::expr::Expr;
use crate::syntax::Ast;
use std::fmt::Write;

/// Formulas are not set on fewer letters: what would leave them less room stands above them.
const NARROW: usize = 16;

impl Writer<'_> {
    pub fn plain(&self) -> String {
        let mut out = self.head().map_or_else(String::new, |head| format!("{head}\n\n"));
        if self.report.steps {
            self.append_steps(&mut out);
        }
        out.push_str(&self.columns(&self.definitions(), &self.results()));
        self.append_matrices(&mut out);
        self.append_updates(&mut out);
        self.append_values(&mut out);
        self.append_costs(&mut out);
        self.append_remarks(&mut out);
        out
    }

    fn ascii(&self) -> bool {
        self.notation() == Notation::Ascii
    }

    /// Definitions on the left, results on the right, where the width allows; one below the other where not.
    pub fn columns(&self, left: &[Line], right: &[Line]) -> String {
        let l = self.column(left, self.report.width);
        let r = self.column(right, self.report.width);
        let wide = |lines: &[String]| lines.iter().map(|s| columns(s)).max().unwrap_or(0);
        if self.report.stacked || l.is_empty() || wide(&l) + wide(&r) + 6 > self.report.width {
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
        let shapes: Vec<String> = lines.iter().map(|l| self.shape(&l.shape)).collect();
        let sizes = shapes.iter().map(|shape| columns(shape)).max().unwrap_or(0);
        // behind long names nothing would fit: what they are stands below them
        let below = width.saturating_sub(names + sizes + 7) < NARROW;
        let heads = if below { "  = ".len() } else { names + 3 };
        let room = width.saturating_sub(heads + sizes + 4).max(NARROW);
        let bodies: Vec<Vec<String>> =
            lines.iter().map(|l| self.printer().page(&l.right, room).lines().map(str::to_owned).collect()).collect();
        let body = bodies.iter().flatten().map(|s| columns(s)).max().unwrap_or(0);
        let mut out = Vec::new();
        for ((line, shape), body_lines) in lines.iter().zip(shapes).zip(bodies) {
            let head = match below {
                true => "  = ".to_owned(),
                false => format!("{}{} = ", line.left, " ".repeat(names - columns(&line.left))),
            };
            out.extend(below.then(|| line.left.clone()));
            for (i, text) in body_lines.iter().enumerate() {
                let start = if i == 0 { head.clone() } else { " ".repeat(columns(&head)) };
                let last = i + 1 == body_lines.len();
                let gap = " ".repeat(body - columns(text));
                out.push(if last { format!("{start}{text}{gap}    {shape}") } else { format!("{start}{text}") });
            }
        }
        out
    }

    fn append_matrices(&self, out: &mut String) {
        let Some(matrices) = self.matrices() else { return };
        let title = matrices.title.into_iter().map(|(TitleRun::Words(text) | TitleRun::Math(text))| text);
        let _ = writeln!(out, "\n{}", title.collect::<String>());
        self.column(&matrices.lines, self.report.width).iter().for_each(|l| out.push_str(&format!("{l}\n")));
    }

    fn append_updates(&self, out: &mut String) {
        let arrow = if self.ascii() { "<-" } else { "←" };
        for (i, (theta, step)) in self.updates().into_iter().enumerate() {
            let gap = if i == 0 { "\n" } else { "" };
            let _ = writeln!(out, "{gap}{theta} {arrow} {step}");
        }
    }

    fn append_values(&self, out: &mut String) {
        for (i, (partial, value)) in self.values().into_iter().enumerate() {
            let gap = if i == 0 { "\n" } else { "" };
            let _ = writeln!(out, "{gap}{partial} = {value}");
        }
    }

    fn append_costs(&self, out: &mut String) {
        let costs = self.costs();
        let width = costs.iter().map(|(left, _)| columns(left)).max().unwrap_or(0);
        for (i, (left, cost)) in costs.iter().enumerate() {
            let gap = if i == 0 { "\n" } else { "" };
            let _ = writeln!(out, "{gap}{left}{} = {cost}", " ".repeat(width - columns(left)));
        }
    }

    fn append_remarks(&self, out: &mut String) {
        let mark = if self.ascii() || self.d.check.is_none() { "" } else { "✓ " };
        let check = format!("{mark}{}", self.check());
        out.push('\n');
        let reading = self.reading();
        if let Some(signs) = self.legend() {
            out.push_str(&reasons::hanging("signs:", &signs, 2, self.report.width));
        }
        self.remarks()
            .iter()
            .chain([&check])
            .chain(&reading)
            .for_each(|r| out.push_str(&reasons::sentence(r, self.report)));
    }

    fn append_steps(&self, out: &mut String) {
        out.push_str("Forward pass\n");
        self.append_forward(out);
        for (title, blocks) in self.sections() {
            let _ = write!(out, "\n{}", reasons::heading(title, 0, self.report.width));
            blocks.iter().for_each(|b| self.append_block(b, out));
        }
        out.push_str("\nResult\n");
    }

    /// The definitions with their numbers; what goes on in the next line has none.
    fn append_forward(&self, out: &mut String) {
        let forward = self.forward();
        let widest = format!("({})", forward.len()).len();
        let label = |k: usize| format!("  {:>widest$} ", format!("({k})"));
        let mut count = 0;
        for line in self.column(&forward, self.report.width.saturating_sub(widest + 3)) {
            let begins = !line.starts_with(' ');
            count += usize::from(begins);
            let head = if begins { label(count) } else { " ".repeat(widest + 3) };
            let _ = writeln!(out, "{head}{line}");
        }
    }

    /// Each block of steps by itself.
    pub fn blocks(&self) -> Vec<String> {
        let blocks = self.sections().into_iter().flat_map(|(_, blocks)| blocks);
        blocks
            .map(|block| {
                let mut text = String::new();
                self.append_block(block, &mut text);
                text.trim_start_matches('\n').to_owned()
            })
            .collect()
    }

    fn append_block(&self, block: &Block, out: &mut String) {
        let title = self.title(block).into_iter().map(|(TitleRun::Words(text) | TitleRun::Math(text))| text);
        let _ = write!(out, "\n{}", reasons::heading(&title.collect::<String>(), 2, self.report.width));
        let steps = block.steps.iter().filter(|s| !reads_off(&s.rule));
        out.push_str(&chain(steps, &|e| self.ast(e), self.printer(), self.report));
        let reading = block.steps.iter().find(|s| reads_off(&s.rule));
        let why = reading.map_or_else(String::new, |s| reasons::below(s, self.report));
        let _ = write!(out, "{}\n{why}", self.conclusion(block));
    }

    fn conclusion(&self, block: &Block) -> String {
        let head = format!("    so {} {}= ", self.text(&block.left), self.gains(block));
        let shape = self.shape(block.result.shape());
        let width = self.report.width.saturating_sub(columns(&shape) + 4);
        let result = |head: &str| hanging(head, &self.ast(&block.result), self.printer(), width);
        if columns(&head) + NARROW <= width {
            return format!("{}    {shape}", result(&head));
        }
        format!("    so {}\n{}    {shape}", self.text(&block.left), result(&format!("      {}= ", self.gains(block))))
    }
}

/// Steps as a chain of equations, each with its rule and the reason for it.
pub(super) fn chain<'a>(
    steps: impl Iterator<Item = &'a Step>,
    ast: &dyn Fn(&Expr) -> Ast,
    printer: Printer,
    report: &Report,
) -> String {
    let width = report.width;
    let mut out = String::new();
    let mut previous: Option<&Expr> = None;
    for step in steps {
        if previous != Some(&step.before) {
            let _ = writeln!(out, "{}", hanging("      ", &ast(&step.before), printer, width));
        }
        let _ = writeln!(out, "{}", hanging("    = ", &ast(&step.after), printer, width));
        out.push_str(&reasons::below(step, report));
        previous = Some(&step.after);
    }
    out
}

/// A formula behind its head, broken where the page ends; what goes on stands below its beginning.
pub(super) fn hanging(head: &str, formula: &Ast, printer: Printer, width: usize) -> String {
    let indent = columns(head);
    let page = printer.page(formula, width.saturating_sub(indent).max(NARROW));
    format!("{head}{}", page.replace('\n', &format!("\n{}", " ".repeat(indent))))
}
