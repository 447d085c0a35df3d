//! Values of documents with indices: the list over the members, one list in the other for two indices.

use super::{AtPoint, Worth};
use crate::derive::{Derivation, Derivative, Form, Product, ResultKind, Target, ranges_of};
use crate::diag::{Error, Kind};
use crate::eval::{self, Axes, Places, Unrolled, Valuation};
use crate::expr::{Expr, Index, Shape, Symbol};
use crate::program::Definition;

/// The expression and every derivative at given values.
///
/// # Errors
/// `Domain` where something is undefined at the values.
pub fn at(d: &Derivation, environment: &mut Valuation<f64>) -> Result<AtPoint, Error> {
    let unrolled = Unrolled::new(&d.program, environment.sizes.clone());
    let document = unrolled.document()?;
    let failed = defined(environment, &document.definitions)?;
    let members = Members { d, unrolled, environment, failed };
    let of = ranges_of(&d.program, &d.label);
    let expression = members.list(&d.asked.value, &of, &Places::new(), &Worth::of)?;
    let derivatives = d.derivatives.iter().map(|one| members.derivative(one, &of)).collect::<Result<_, _>>()?;
    Ok(AtPoint { expression, derivatives })
}

struct Members<'a> {
    d: &'a Derivation,
    unrolled: Unrolled<'a>,
    environment: &'a Valuation<f64>,
    /// Why a member has no value.
    failed: Option<Error>,
}

/// Every definition that has a value; why the first of the others has none. `1 / r_ij` need have none at i = j where the sums
/// leave that out.
fn defined(environment: &mut Valuation<f64>, definitions: &[Definition]) -> Result<Option<Error>, Error> {
    let mut failed = None;
    for d in definitions {
        let known = |s: &Symbol| environment.arrays.contains_key(s);
        if failed.is_some() && !d.value.variables().iter().all(known) {
            continue;
        }
        match eval::extend(environment, std::slice::from_ref(d)) {
            Err(e) if e.kind == Kind::Domain => failed = failed.or(Some(e)),
            result => result?,
        }
    }
    Ok(failed)
}

impl Members<'_> {
    fn derivative(&self, one: &Derivative, of: &[Index]) -> Result<Worth, Error> {
        let ranges = |t: &Target| ranges_of(&self.d.program, &t.parts[0].0);
        if let ResultKind::Product { product, .. } = &one.quantity {
            let over = match product {
                Product::Jvp(_) => of.to_vec(),
                Product::Vjp(_) | Product::Hvp(_) => one.targets().flat_map(ranges).collect(),
            };
            return self.list(&one.result, &over, &Places::new(), &Worth::of);
        }
        let is_whole = |t: &Target| t.parts[0].0.to_string() != t.label && !t.label.contains('_');
        if one.form == Form::Jacobian && of.is_empty() && one.targets().any(is_whole) {
            return self.matrix(one);
        }
        let mut over = of.to_vec();
        for i in one.targets().flat_map(ranges) {
            if !over.iter().any(|o| o.letter == i.letter) {
                over.push(i);
            }
        }
        let rows = one.form == Form::Jacobian;
        let alone = over.is_empty();
        self.list(&one.result, &over, &Places::new(), &|v, shape| match rows && (alone || !shape.is_scalar()) {
            true => Worth::of(v, shape).rows(),
            false => Worth::of(v, shape),
        })
    }

    fn at(&self, e: &Expr, at: &Places) -> Result<eval::Matrix<f64>, Error> {
        let term = self.unrolled.term(e, at)?;
        eval::evaluate(&term, self.environment).map_err(|e| self.failed.clone().unwrap_or(e))
    }

    fn list(
        &self,
        e: &Expr,
        over: &[Index],
        at: &Places,
        show: &dyn Fn(eval::Matrix<f64>, &Shape) -> Worth,
    ) -> Result<Worth, Error> {
        let Some((first, rest)) = over.split_first() else {
            return Ok(show(self.at(e, at)?, e.shape()));
        };
        let places = self.unrolled.places(std::slice::from_ref(first), &[], at)?;
        let items = places.iter().map(|p| self.list(e, rest, p, show));
        items.collect::<Result<Vec<_>, Error>>().map(Worth::List)
    }

    /// The blocks as one matrix: rows and columns as vec has the entries of the families.
    fn matrix(&self, one: &Derivative) -> Result<Worth, Error> {
        let mut rows = vec![(Places::new(), 0)];
        let targets: Vec<&Target> = one.targets().collect();
        let (cols_of, rows_of) = targets.split_last().ok_or_else(|| Error::new(Kind::Internal, "no target"))?;
        if let Some(outer) = rows_of.first() {
            rows = self.entries(outer)?;
        } else if !self.d.of_shape.is_scalar() {
            let count = self.count(&self.d.of_shape)?;
            rows = (0..count).map(|k| (Places::new(), k)).collect();
        }
        let cols = self.entries(cols_of)?;
        let mut entries = Vec::with_capacity(rows.len() * cols.len());
        for (outer, row) in &rows {
            for (inner, col) in &cols {
                let at = outer.iter().chain(inner).map(|(l, n)| (l.clone(), *n)).collect();
                entries.push(self.at(&one.result, &at)?[[*row, *col]]);
            }
        }
        Ok(Worth::Array(eval::matrix(rows.len(), entries), Axes::Two))
    }

    fn count(&self, shape: &Shape) -> Result<usize, Error> {
        let size = shape.count().value(&self.environment.sizes).and_then(|n| usize::try_from(n).ok());
        size.ok_or_else(|| Error::new(Kind::Usage, format!("the values do not say how large {shape} is")))
    }

    /// The entries of a target in the order of vec: at which member, and which of its own. Families of columns are rows.
    fn entries(&self, target: &Target) -> Result<Vec<(Places, usize)>, Error> {
        let (symbol, shape) = &target.parts[0];
        let mut ranges = ranges_of(&self.d.program, symbol);
        ranges.reverse();
        let members = self.unrolled.places(&ranges, &[], &Places::new())?;
        let own = self.count(shape)?;
        Ok((0..own).flat_map(|k| members.iter().map(move |m| (m.clone(), k))).collect())
    }
}
