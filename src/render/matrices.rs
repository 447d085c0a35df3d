//! Results of documents with indices over whole arrays, below those in the author's indices.

use super::page::TitleRun;
use super::present::present;
use super::style::Style;
use super::writer::{Line, Writer};
use crate::derive::{Derivative, MatrixForm, ResultKind, Target};
use crate::expr::{Expr, Indexed, Shape, Symbol, transpose, variable, weight};
use std::collections::BTreeMap;

/// The matrix forms of a page: which arrays stack which families, and the results.
pub(super) struct MatrixLines {
    pub title: Vec<TitleRun>,
    pub lines: Vec<Line>,
}

impl Writer<'_> {
    /// What is worth showing of the matrix forms: those that are not much longer than the sums they stand for.
    pub fn matrices(&self) -> Option<MatrixLines> {
        let forms = self.d.matrix_forms();
        let shown: Vec<(&Derivative, MatrixForm)> = self
            .d
            .derivatives
            .iter()
            .zip(forms)
            .filter_map(|(one, form)| Some((one, form?)))
            .filter(|(one, form)| is_worth_it(one, form))
            .collect();
        let mut stacks = BTreeMap::new();
        let mut named: Vec<Line> = vec![];
        let mut results = vec![];
        for (one, form) in &shown {
            let style = Style::new(&form.program);
            stacks.extend(form.stack.iter().cloned());
            if let Some((name, value)) = &form.named {
                let left = self.name(name);
                let line = Line { left, right: present(value, &style), shape: value.shape().clone() };
                named.extend(Some(line).filter(|l| named.iter().all(|n| n.left != l.left || n.right != l.right)));
            }
            results.push(self.matrix_line(one, form, &style));
        }
        let title = self.stackings(&stacks);
        (!shown.is_empty()).then(|| MatrixLines { title, lines: named.into_iter().chain(results).collect() })
    }

    fn matrix_line(&self, one: &Derivative, form: &MatrixForm, style: &Style) -> Line {
        let target = |(symbol, old): (&Symbol, &Target)| {
            Target::of(symbol, form.program.shape(symbol).unwrap_or(&old.parts[0].1))
        };
        let mut wholes: Vec<Target> = form.targets.iter().zip(one.targets()).map(target).collect();
        let wrt = wholes.pop().unwrap_or_else(|| one.wrt.clone());
        let quantity = along_whole(&one.quantity, form);
        let whole = Derivative { outer: wholes, wrt, quantity, ..one.clone() };
        let left = self.derivative(&whole);
        Line { left, right: present(&form.result, style), shape: form.result.shape().clone() }
    }

    /// `as matrices, where X stacks xᵢᵀ as rows:`
    fn stackings(&self, stacks: &BTreeMap<Symbol, Symbol>) -> Vec<TitleRun> {
        let words = |text: &str| TitleRun::Words(text.to_owned());
        let mut runs = vec![words("as matrices")];
        for (k, (whole, family)) in stacks.iter().enumerate() {
            let plate = self.d.program.plates.get(family).cloned().unwrap_or_default();
            let shape = self.d.program.shape(family).cloned().unwrap_or_else(Shape::scalar);
            let at = plate.iter().map(crate::expr::Index::place).collect();
            let member = transpose(variable(Indexed::Member { family: family.clone(), at }.symbol(), &shape));
            runs.push(words(if k == 0 { ", where " } else { ", " }));
            runs.push(TitleRun::Math(self.name(whole)));
            runs.push(words(" stacks "));
            runs.push(TitleRun::Math(self.text(&member)));
            runs.push(words(" as rows"));
        }
        runs.push(words(":"));
        runs
    }
}

/// A product with the array of all members of its direction.
fn along_whole(quantity: &ResultKind, form: &MatrixForm) -> ResultKind {
    let ResultKind::Product { product, of } = quantity else { return quantity.clone() };
    let whole = form.stack.iter().find(|(_, family)| family.word() == product.direction());
    let product = product.along(whole.map_or(product.direction(), |(whole, _)| whole.word()));
    let of = match of.as_indexed() {
        Some(Indexed::Member { family, .. }) => family.clone(),
        Some(_) | None => of.clone(),
    };
    ResultKind::Product { product, of }
}

/// Whether a matrix form says something else than the result, and not at much greater length.
fn is_worth_it(one: &Derivative, form: &MatrixForm) -> bool {
    let named = form.named.as_ref().map_or(0, |(_, e)| e.nodes());
    let shorter = |e: &Expr| form.result.nodes() + named <= weight(e) + weight(e) / 2 + 6;
    form.result != one.result && shorter(&one.result)
}
