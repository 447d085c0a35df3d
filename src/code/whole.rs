//! Documents with indices as documents over whole arrays: plates become the sides of arrays.

use crate::derive::{Derivation, MatrixForm, Options, Product, ResultKind, derive_program};
use crate::diag::{Error, Kind};
use crate::expr::{Expr, Op, Symbol, as_number};
use crate::program::{Input, Program};
use std::collections::{BTreeMap, BTreeSet};

/// A derivation over whole arrays.
pub struct WholeDerivation {
    pub derivation: Derivation,
    /// The arrays that have a letter of their own, and the families whose members are their rows.
    pub stacks: BTreeMap<Symbol, Symbol>,
}

/// The derivation itself, or the same over whole arrays where something in it depends on an index and it has that form.
pub fn over_arrays(d: &Derivation) -> Result<WholeDerivation, Error> {
    let own = || WholeDerivation { derivation: d.clone(), stacks: BTreeMap::new() };
    Ok(if d.program.is_indexed() { as_arrays(d)?.unwrap_or_else(own) } else { own() })
}

fn as_arrays(d: &Derivation) -> Result<Option<WholeDerivation>, Error> {
    let Some(one) = d.derivatives.first() else { return Ok(None) };
    if d.derivatives.len() > 1 && one.quantity != ResultKind::Derivative {
        return Ok(None);
    }
    let Some(forms) = d.matrix_forms().into_iter().collect::<Option<Vec<MatrixForm>>>() else { return Ok(None) };
    let mut seen = BTreeSet::new();
    let targets = forms.iter().flat_map(|f| &f.targets).map(Symbol::word);
    let targets: Vec<&str> = targets.filter(|t| seen.insert(*t)).collect();
    let product = along_whole(&one.quantity, &forms[0]);
    let form = (one.order() == 1 && product.is_none()).then_some(one.form);
    let options = Options::default().with_respect_to(&targets).form(form).order(one.order() as u32).product(product);
    let whole = forms.iter().map(|f| &f.program).find(|p| p.definition(&d.of).is_some());
    let sound = |p: &&Program| !p.definitions.iter().any(|definition| falls_below_zero(&definition.value));
    let Some(whole) = whole.filter(sound) else { return Ok(None) };
    // the last definition of a form may be the result itself
    let program = Program { main: Some(d.of.clone()), ..whole.clone() };
    let called = |input: &Input| d.program.inputs.iter().find(|own| own.span == input.span).map(|own| own.name.clone());
    let stacks = program.inputs.iter().filter_map(|i| Some((i.name.clone(), called(i)?))).collect();
    let derivation = derive_program(program, &options.inlined(false).check(d.check.is_some()))?;
    Ok(Some(WholeDerivation { derivation, stacks }))
}

/// The product with the array of all members of its direction.
fn along_whole(quantity: &ResultKind, form: &MatrixForm) -> Option<Product> {
    let ResultKind::Product { product, .. } = quantity else { return None };
    let whole = form.stack.iter().find(|(_, family)| family.word() == product.direction());
    Some(product.along(whole.map_or(product.direction(), |(whole, _)| whole.word())))
}

/// Whether a root is taken of `‖xᵢ‖² + ‖xⱼ‖² - 2 xᵢᵀ xⱼ` of all pairs: where a member meets itself rounding may leave less
/// than 0, and the root is no number.
fn falls_below_zero(e: &Expr) -> bool {
    let is_less = |t: &Expr| {
        let less = t.args().iter().filter_map(as_number).any(|n| n.is_negative());
        *t.op() == Op::Had && less && t.args().iter().any(|a| *a.op() == Op::Mul)
    };
    let is_root = *e.op() == Op::Pow && as_number(&e.args()[1]).is_some_and(|p| !p.is_integer());
    let of_pairs = |a: &Expr| *a.op() == Op::Add && !a.is_scalar() && a.args().iter().any(is_less);
    is_root && of_pairs(&e.args()[0]) || e.args().iter().any(falls_below_zero)
}

/// A target that has no arrays with more sides than two.
pub fn without_plates(d: &Derivation, target: &str) -> Error {
    let what = "something in it depends on an index, and there is no form over whole arrays";
    Error::new(Kind::Unsupported, format!("{} has no code for {target}: {what}", d.label))
        .help("NumPy, JAX and PyTorch have code for it: --target numpy; or write it with whole arrays, X w for the products xᵢᵀ w")
}
