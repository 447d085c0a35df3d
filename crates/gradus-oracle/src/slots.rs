//! Where values wait for those who ask for them.

use super::chain::Prefixes;
use super::value::Value;

/// Values of steps, each until its last use.
pub struct Slots<T> {
    pub values: Vec<Option<Value<T>>>,
    pub uses: Vec<usize>,
}

impl<T: super::Scalar> Slots<T> {
    pub fn new(uses: Vec<usize>) -> Slots<T> {
        Slots { values: vec![None; uses.len()], uses }
    }

    /// The value for one of its uses.
    pub fn take(&mut self, i: usize) -> Option<Value<T>> {
        self.uses[i] -= 1;
        if self.uses[i] == 0 { self.values[i].take() } else { self.values[i].clone() }
    }
}

/// The prefixes of one chain among those of all.
pub struct Beginnings<'a, T> {
    pub slots: &'a mut Slots<T>,
    pub of: &'a [usize],
}

impl<T: super::Scalar> Prefixes<T> for Beginnings<'_, T> {
    fn known(&self, count: usize) -> Option<Value<T>> {
        self.slots.values[self.of[count.checked_sub(2)?]].clone()
    }

    fn learn(&mut self, count: usize, value: &Value<T>) {
        let prefix = self.of[count - 2];
        if self.slots.uses[prefix] > 1 {
            self.slots.values[prefix] = Some(value.clone());
        }
    }
}
