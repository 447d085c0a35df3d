//! What every keyboard types: the words and signs of a page in ASCII alone. Letters an author brings along and no word
//! stands for stay as they are.

use super::escapes::{greek, script};
use crate::expr::Name;

/// Signs of prose and of rules, and what is typed for them.
const SIGNS: &[(char, &str)] = &[
    ('⊗', "(x)"),
    ('∘', ".*"),
    ('⊙', ".*"),
    ('⊘', "./"),
    ('·', "*"),
    ('×', "x"),
    ('−', "-"),
    ('–', "-"),
    ('—', "-"),
    ('±', "+-"),
    ('…', "..."),
    ('∂', "d"),
    ('∇', "grad "),
    ('√', "sqrt"),
    ('‖', "||"),
    ('⟨', "<"),
    ('⟩', ">"),
    ('𝟏', "1"),
    ('∞', "inf"),
    ('∑', "sum"),
    ('∏', "prod"),
    ('𝔼', "E"),
    ('≤', "<="),
    ('≥', ">="),
    ('≠', "!="),
    ('≈', "~"),
    ('∈', "in"),
    ('∉', "not in"),
    ('→', "->"),
    ('←', "<-"),
    ('⇒', "=>"),
    ('⊤', "T"),
    ('†', "+"),
    ('✓', ""),
    ('✗', ""),
    ('’', "'"),
    ('“', "\""),
    ('”', "\""),
];

/// A name as it is typed, with the words of Greek letters that stand alone: `delta_h`, `lambda_1`.
pub fn name(name: &str) -> String {
    let plain = Name::new(name).to_string();
    let letters: Vec<char> = plain.chars().collect();
    let alone = |i: usize| {
        let is_letter = |c: Option<&char>| c.is_some_and(|c| c.is_alphabetic());
        !(i > 0 && is_letter(letters.get(i - 1)) || is_letter(letters.get(i + 1)))
    };
    let typed = |(i, c): (usize, &char)| match greek(*c).filter(|_| alone(i)) {
        Some(word) => word.to_owned(),
        None => c.to_string(),
    };
    letters.iter().enumerate().map(typed).collect()
}

/// A text in ASCII: `dₖᵀ x⁻¹ ⊗ σ` is `d_k^T x^-1 (x) sigma`.
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let own = script(c);
        match own {
            Some((mark, plain)) => {
                out.extend((before != Some(mark)).then_some(mark));
                out.push(plain);
            }
            // a capital sigma with an index is a sum
            None if c == 'Σ' && chars.peek().and_then(|next| script(*next)).is_some() => out.push_str("sum"),
            None => match SIGNS.iter().find(|(sign, _)| *sign == c).map(|(_, typed)| *typed).or_else(|| greek(c)) {
                Some(typed) => out.push_str(typed),
                None => out.push(c),
            },
        }
        before = own.map(|(mark, _)| mark);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_letters_and_scripts_are_typed() {
        assert_eq!(text("vec(A⁻¹ ⊗ dₖᵀ) − Σᵢ σ(xᵢ)²"), "vec(A^-1 (x) d_k^T) - sum_i sigma(x_i)^2");
        assert_eq!(text("∂s/∂W of naïve"), "ds/dW of naïve");
        assert_eq!((name("δ_h_1").as_str(), name("λ").as_str(), name("αβ").as_str()), ("delta_h_1", "lambda", "αβ"));
    }
}
