//! Slips in words a student understands.

use super::verdict::Speaker;
use crate::claim::{Condition, Question, Slip, SlipKind};
use crate::derive::Form;
use crate::expr::Expr;
use crate::syntax::Attribute;

impl Speaker {
    /// The slip in one sentence.
    pub fn slip(&self, slip: &Slip, question: &Question) -> String {
        let text = |e: &Option<Expr>| e.as_ref().map_or_else(String::new, |e| self.within(self.text(e)));
        let (before, after) = (text(&slip.before), text(&slip.after));
        match slip.kind {
            SlipKind::Transposed => "the whole is transposed".to_owned(),
            SlipKind::OuterProduct => {
                "the outer product is turned round: its column and its row changed places".to_owned()
            }
            SlipKind::Sign => "the sign is wrong".to_owned(),
            SlipKind::Factor => self.constant(slip, &after),
            SlipKind::OtherForm => self.other_form(question),
            SlipKind::OtherLayout if question.order() > 1 => {
                format!("the whole is transposed: this is {}", self.turned(question))
            }
            SlipKind::OtherLayout => {
                "this is the transposed Jacobian (denominator layout); here the values run down the rows".to_owned()
            }
            SlipKind::FunctionForDerivative => self.function_for_derivative(slip, &before, &after),
            SlipKind::Argument => {
                format!("{before} stands where {after} belongs: the function is right, its argument is not")
            }
            SlipKind::FactorTransposed => format!("{before} stands where {after} belongs: it is transposed"),
            SlipKind::FactorOrder => {
                format!("{before} stands where {after} belongs: the factors are in the wrong order")
            }
            SlipKind::KroneckerOrder => format!(
                "{before} stands where {after} belongs: vec stacks columns, so the factor on the right of X comes first"
            ),
            SlipKind::WrongIndex => format!("{before} stands where {after} belongs: its index is wrong"),
            SlipKind::SumRange => format!("{before} stands where {after} belongs: the sum runs over the wrong places"),
            SlipKind::SumExtra => format!("{before} stands where {after} belongs: there is nothing to sum over"),
            SlipKind::Place => {
                format!("the factor {before} is in the wrong place: it belongs inside the product, {after}")
            }
            SlipKind::TermSign => format!("the sign of {} is wrong", self.unsigned(slip)),
            SlipKind::TermFactor => format!("the constant of a term is wrong: {before} should be {after}"),
            SlipKind::DerivativeMissing => format!("the factor {after} is missing, the derivative of the function"),
            SlipKind::Occurrences => self.occurrences(slip, question),
            SlipKind::WrongName => format!("{before} stands where {after} belongs"),
            SlipKind::Exponent => format!("{before} stands where {after} belongs: the power is wrong"),
            SlipKind::SumMissing => format!("the sum is missing: {after}"),
            SlipKind::MeanForSum => {
                format!("{before} stands where {after} belongs: a mean is the sum over the number of entries")
            }
            SlipKind::IndependentEntries => format!(
                "this counts the two entries of {wrt} that are the same once: the derivative by one triangle; here every \
                 entry counts as free",
                wrt = self.target(question)
            ),
            SlipKind::OtherSlope if slip.before.is_none() => format!("the derivative of {after} is missing"),
            SlipKind::OtherSlope if before == after => format!("{after} itself stands where its derivative belongs"),
            SlipKind::OtherSlope => format!("{before} is not the derivative of {after}"),
            SlipKind::OtherName => {
                let by = format!("the derivative by {after}, not by {}", self.target(question));
                format!("this is {by}: the chain goes on from there")
            }
            SlipKind::FactorMissing => format!("the factor {after} is missing"),
            SlipKind::FactorExtra => format!("the factor {before} is one too many"),
            SlipKind::TermMissing => format!("the term {after} is missing"),
            SlipKind::TermExtra => format!("the term {before} is one too many"),
            SlipKind::DiagonalOnly => "only the diagonal is right: the entries off it are not 0".to_owned(),
            SlipKind::ScalarFactor if slip.after.is_none() => {
                "only a scalar factor is wrong or missing: at every point the right result is a multiple of this"
                    .to_owned()
            }
            SlipKind::ScalarFactor => self.scalar_factor(slip, question, &after),
        }
    }

    /// A constant factor of the whole: missing when it is a whole number, too much when its reciprocal is.
    fn constant(&self, slip: &Slip, after: &str) -> String {
        let number = slip.after.as_ref().and_then(crate::expr::as_number);
        let too_much = number.and_then(|n| n.pow(-1)).filter(|n| n.is_integer() && !n.is_negative());
        match (number, too_much) {
            (_, Some(n)) => format!("there is a factor {n} too many"),
            (Some(n), None) if n.is_integer() && !n.is_negative() => format!("a factor {n} is missing"),
            (Some(_) | None, None) => format!("the constant is wrong: the right result is {after} times as much"),
        }
    }

    /// Divided by 2 s, it is the gradient of s².
    fn scalar_factor(&self, slip: &Slip, question: &Question, after: &str) -> String {
        let s = crate::expr::variable(&question.of, &crate::expr::Shape::scalar());
        let half = crate::expr::number(crate::expr::Rational::new(1, 2));
        let of_square = slip.after.as_ref() == Some(&crate::expr::div(half, s));
        let label = self.name(&question.label());
        let (square, label) = (self.within(self.squared(&label)), self.within(label));
        let missing = format!("the scalar factor {after} is missing");
        if of_square { format!("this is the gradient of {square}, not of {label}: {missing}") } else { missing }
    }

    fn other_form(&self, question: &Question) -> String {
        let wrt = self.target(question);
        match question.form {
            Form::Jacobian => {
                format!("this has the shape of {wrt} (shape convention); the Jacobian form of a scalar is a row")
            }
            Form::Shape | Form::Both | Form::Differential => {
                format!("this is a row, the Jacobian form; in the shape convention the gradient has the shape of {wrt}")
            }
        }
    }

    fn function_for_derivative(&self, slip: &Slip, before: &str, after: &str) -> String {
        let order = |e: &Option<Expr>| match e.as_ref().map(Expr::op) {
            Some(crate::expr::Op::Map(m)) => m.order,
            Some(_) | None => 0,
        };
        let what = if order(&slip.after) > order(&slip.before) {
            "the function itself, not its derivative"
        } else {
            "one derivative too many"
        };
        format!("{before} stands where {after} belongs: {what}")
    }

    fn occurrences(&self, slip: &Slip, question: &Question) -> String {
        let (counted, all) = slip.counted.unwrap_or_default();
        let wrt = self.target(question);
        let verb = if counted == 1 { "is" } else { "are" };
        format!(
            "{wrt} occurs in {all} places, and only {counted} of them {verb} counted: what arrives along each path adds up"
        )
    }

    /// What is differentiated by.
    fn target(&self, question: &Question) -> String {
        let names: Vec<String> = question.wrt.parts.iter().map(|(n, _)| self.name(n)).collect();
        self.within(if names.len() == 1 { names.concat() } else { format!("[{}]", names.join("; ")) })
    }

    /// The term a sign belongs to, without it.
    fn unsigned(&self, slip: &Slip) -> String {
        let mut shown = [&slip.before, &slip.after].into_iter().flatten().map(|e| self.within(self.text(e)));
        let plain = shown.clone().find(|t| !t.trim_start_matches('\u{2}').starts_with('-'));
        plain.or_else(|| shown.next_back()).unwrap_or_default()
    }

    /// `A were symmetric`.
    pub fn condition(&self, condition: &Condition) -> String {
        let name = |n: &crate::expr::Symbol| self.within(self.name(n));
        match condition {
            Condition::Equal(a, b) => format!("{} and {} were the same", name(a), name(b)),
            Condition::Facts(facts) => {
                let one = |(n, a): &(crate::expr::Symbol, Attribute)| match a {
                    a if a.is_of_column() => format!("the entries of {} added up to 1", name(n)),
                    a if a.is_of_rows() => format!("every row of {} added up to 1", name(n)),
                    a => format!("{} were {}", name(n), word(*a)),
                };
                match facts.as_slice() {
                    [(a, x), (b, y)] if x == y && !x.sums_to_one() => {
                        format!("{} and {} were both {}", name(a), name(b), word(*x))
                    }
                    facts => facts.iter().map(one).collect::<Vec<_>>().join(" and "),
                }
            }
        }
    }
}

/// The attribute as declarations write it.
pub fn word(attribute: Attribute) -> &'static str {
    Attribute::ALL.iter().find(|(_, a)| *a == attribute).map_or("", |(word, _)| word)
}
