//! Signs of numbers of which only that is known that they are some.

use super::field::Field;

/// A choice of signs: whatever the numbers are, one of finitely many.
pub struct Signs<F> {
    /// A bit for each number, in the order in which they are asked for.
    pub pattern: u64,
    pub numbers: Vec<F>,
}

impl<F: Field> Signs<F> {
    /// The sign of a number; of −x it is the other one.
    pub fn of(&mut self, x: &F) -> F {
        if x.is_zero() {
            return F::whole(0);
        }
        let negative = x.looks_negative();
        let own = if negative { x.negated() } else { x.clone() };
        let known = self.numbers.iter().position(|n| *n == own);
        let at = known.unwrap_or_else(|| {
            self.numbers.push(own);
            self.numbers.len() - 1
        });
        let positive = self.pattern.checked_shr(at as u32).unwrap_or(0) & 1 == 0;
        F::whole(if positive == negative { -1 } else { 1 })
    }
}
