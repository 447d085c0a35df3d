//! Documents with indices as documents over whole arrays: plates become the sides of arrays.

use crate::derive::{Derivation, MatrixForm, Options, ResultKind, derive_program};
use crate::diag::{Error, Kind};
use crate::expr::Symbol;
use std::collections::{BTreeMap, BTreeSet};

/// A derivation over whole arrays.
pub struct WholeDerivation {
    pub derivation: Derivation,
    /// The arrays that have a letter of their own, and the families whose members are their rows.
    pub stacks: BTreeMap<Symbol, Symbol>,
}

/// The derivation itself, or the same over whole arrays where something in it depends on an index.
///
/// # Errors
/// `Unsupported` where it has no form over whole arrays.
pub fn over_arrays(d: &Derivation) -> Result<WholeDerivation, Error> {
    if !d.program.is_indexed() {
        return Ok(WholeDerivation { derivation: d.clone(), stacks: BTreeMap::new() });
    }
    let one = d.derivatives.first().ok_or_else(|| refused(d))?;
    if d.derivatives.iter().any(|one| one.quantity != ResultKind::Derivative) {
        return Err(refused(d));
    }
    let forms: Vec<MatrixForm> = d.matrix_forms().into_iter().collect::<Option<_>>().ok_or_else(|| refused(d))?;
    let mut targets: Vec<&str> = forms.iter().flat_map(|f| &f.targets).map(Symbol::word).collect();
    let mut seen = BTreeSet::new();
    targets.retain(|t| seen.insert(*t));
    let form = (one.order() == 1).then_some(one.form);
    let options = Options::default().with_respect_to(&targets).form(form).order(one.order() as u32);
    let program = forms.first().map(|f| f.program.clone()).ok_or_else(|| refused(d))?;
    let derivation = derive_program(program, &options.inlined(false).check(d.check.is_some()))?;
    Ok(WholeDerivation { derivation, stacks: forms.into_iter().flat_map(|f| f.stack).collect() })
}

fn refused(d: &Derivation) -> Error {
    let message =
        format!("{} has no code: something in it depends on an index, and there is no form over whole arrays", d.label);
    Error::new(Kind::Unsupported, message).help("write the document with whole arrays: X w for the products xᵢᵀ w")
}
