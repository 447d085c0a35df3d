//! Masks: entries −∞ of what a softmax takes. They stand for a number so low that no exponential of it is left beside any
//! other entry; where it could be seen, it is refused.

use super::{Matrix, Values};
use crate::diag::{Error, Kind};
use crate::expr::{Builtin, Expr, Op, Symbol, as_number};
use crate::program::Definition;
use std::collections::BTreeMap;

/// What stands for −∞: sums and shares of it are as low, and its products with 0 are 0.
pub(super) const MASKED: f64 = -1e300;

/// Whether it is a mask, or one with a usual number added or shared out.
pub(super) fn is_masked(x: f64) -> bool {
    x <= 1e-10 * MASKED
}

/// How −∞ got where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// On its way to a softmax.
    Scores,
    /// Out of a log_softmax: a weight of 0 is all that may be put on it.
    Logarithms,
}

/// Which names hold −∞ at a point.
#[derive(Clone, Debug, Default)]
pub struct Masks(BTreeMap<Symbol, (Stage, Symbol)>);

impl Masks {
    /// Of the values of a point, before anything is evaluated at it.
    pub fn of(values: &Values) -> Masks {
        let masked = values.arrays.iter().filter(|(_, a)| a.iter().any(|x| is_masked(*x)));
        Masks(masked.map(|(name, _)| (name.clone(), (Stage::Scores, name.clone()))).collect())
    }

    /// Follows them through definitions.
    ///
    /// # Errors
    /// `Domain` where −∞ meets anything but sums, positive constants and what is made for it.
    pub fn define(&mut self, definitions: &[Definition]) -> Result<(), Error> {
        if self.0.is_empty() {
            return Ok(());
        }
        for d in definitions {
            if let Some(carried) = self.carried(&d.value)? {
                self.0.insert(d.name.clone(), carried);
            }
        }
        Ok(())
    }

    /// Whether an expression may be evaluated and shown.
    ///
    /// # Errors
    /// As `define`; also where the value itself holds them.
    pub fn permit(&self, e: &Expr) -> Result<(), Error> {
        if self.0.is_empty() {
            return Ok(());
        }
        match self.carried(e)? {
            Some((Stage::Scores, key)) => Err(refused(&key, "here it is the value itself")),
            Some((Stage::Logarithms, _)) | None => Ok(()),
        }
    }

    /// A value that is shown holds none.
    ///
    /// # Errors
    /// `Domain` when it does.
    pub fn unseen(&self, value: &Matrix<f64>) -> Result<(), Error> {
        let seen = value.iter().any(|x| is_masked(*x) || is_masked(-*x));
        match self.0.values().next().filter(|_| seen) {
            Some((_, key)) => Err(refused(key, "here an entry of the value is infinite")),
            None => Ok(()),
        }
    }

    fn carried(&self, e: &Expr) -> Result<Option<(Stage, Symbol)>, Error> {
        if let Op::Variable(v) = e.op() {
            return Ok(self.0.get(&v.name).cloned());
        }
        let args = e.args().iter().map(|a| self.carried(a)).collect::<Result<Vec<_>, Error>>()?;
        let mut carried = args.iter().flatten();
        let Some((stage, key)) = carried.next() else { return Ok(None) };
        let alone = carried.next().is_none();
        let others = || e.args().iter().zip(&args).filter(|(_, c)| c.is_none()).map(|(a, _)| a);
        let same = args.iter().flatten().all(|(s, _)| s == stage);
        let kept = match e.op() {
            Op::Builtin(Builtin::Softmax(_) | Builtin::LogSumExp) if *stage == Stage::Scores => return Ok(None),
            Op::Builtin(Builtin::LogSoftmax(_)) if *stage == Stage::Scores => {
                return Ok(Some((Stage::Logarithms, key.clone())));
            }
            op if moves(op) => same,
            Op::Had if *stage == Stage::Scores => alone && others().all(is_positive),
            op => *stage == Stage::Logarithms && alone && weighs(op),
        };
        if kept { Ok(Some((*stage, key.clone()))) } else { Err(refused(key, "here something else takes it")) }
    }
}

/// Whether −∞ stays −∞ beside finite numbers.
fn moves(op: &Op) -> bool {
    matches!(
        op,
        Op::Add | Op::Transpose | Op::Block { .. } | Op::Slice { .. } | Op::Unvec(..) | Op::Builtin(Builtin::Vec)
    )
}

/// Whether the operator weighs and adds.
fn weighs(op: &Op) -> bool {
    matches!(
        op,
        Op::Had
            | Op::Mul
            | Op::Inner
            | Op::Builtin(Builtin::Sum(_) | Builtin::Mean | Builtin::Trace | Builtin::DiagonalOf)
    )
}

/// A positive constant, whatever the sizes are.
fn is_positive(e: &Expr) -> bool {
    match e.op() {
        Op::SizeNumber(_) | Op::Constant(_) => true,
        Op::Pow => is_positive(&e.args()[0]) && as_number(&e.args()[1]).is_some(),
        Op::Had => e.args().iter().all(is_positive),
        _ => as_number(e).is_some_and(|n| !n.is_negative() && !n.is_zero()),
    }
}

fn refused(key: &Symbol, place: &str) -> Error {
    let message = format!("{key} has the entry \"-inf\", which is for the scores of a softmax: {place}");
    Error::new(Kind::Domain, message).help("softmax, log_softmax and logsumexp take it, within sums")
}
