//! What sizes need to be for the matrices of a program to have inverses: a product of n rows that passes through k < n
//! columns has none, whatever its entries are.

use crate::expr::{Builtin, Elementwise, Expr, Function, Map, Op, Size, Symbol, as_number};
use crate::program::Program;
use rustc_hash::FxHashMap as HashMap;
use rustc_hash::FxHashSet as HashSet;

/// Pairs (n, k) of sizes with n ≤ k, for every matrix of the program that has to be invertible.
pub fn requirements(program: &Program) -> Vec<(Size, Size)> {
    let definitions = program.definitions.iter().map(|d| (&d.name, &d.value)).collect();
    let mut seeker = Seeker { definitions, visited: HashSet::default(), found: vec![] };
    program.definitions.iter().for_each(|d| seeker.visit(&d.value));
    seeker.found
}

struct Seeker<'a> {
    definitions: HashMap<&'a Symbol, &'a Expr>,
    visited: HashSet<usize>,
    found: Vec<(Size, Size)>,
}

impl<'a> Seeker<'a> {
    fn visit(&mut self, e: &'a Expr) {
        if !self.visited.insert(e.address()) {
            return;
        }
        if let Some(matrix) = self.inverted(e) {
            self.need(matrix, &matrix.shape().rows, 0);
        }
        e.args().iter().for_each(|a| self.visit(a));
    }

    /// The matrix that has to be invertible for `e` to have a value.
    fn inverted(&self, e: &'a Expr) -> Option<&'a Expr> {
        let argument = e.args().first();
        match e.op() {
            Op::Inverse | Op::Builtin(Builtin::LogDet) => argument,
            Op::MatrixPower(k) if *k < 0 => argument,
            Op::Map(Map { function: Function::Builtin(Elementwise::Log), .. }) => self.of_determinant(argument?),
            Op::Pow if as_number(&e.args()[1]).is_some_and(|p| p.is_negative()) => self.of_determinant(argument?),
            _ => None,
        }
    }

    fn of_determinant(&self, e: &'a Expr) -> Option<&'a Expr> {
        let e = self.meant(e);
        (*e.op() == Op::Builtin(Builtin::Det)).then(|| &e.args()[0])
    }

    /// The definition a name stands for.
    fn meant(&self, e: &'a Expr) -> &'a Expr {
        e.as_variable().and_then(|v| self.definitions.get(&v.name)).copied().unwrap_or(e)
    }

    /// The rank of a product is at most any size its factors have.
    fn need(&mut self, e: &'a Expr, rank: &Size, depth: usize) {
        let e = self.meant(e);
        for size in [&e.shape().rows, &e.shape().cols] {
            // what a fixed size makes singular is singular, but for the smallest sizes
            let fixed = size.as_constant().is_some() && rank.as_constant().is_none();
            let pair = (rank.clone(), size.clone());
            if !fixed && size != rank && !self.found.contains(&pair) {
                self.found.push(pair);
            }
        }
        let passes = matches!(e.op(), Op::Mul | Op::Transpose | Op::Inverse | Op::MatrixPower(_));
        let scaled = *e.op() == Op::Had && e.args().iter().filter(|a| !a.is_scalar()).count() == 1;
        if depth < MAX_DEPTH && (passes || scaled) {
            e.args().iter().filter(|a| !a.is_scalar()).for_each(|a| self.need(a, rank, depth + 1));
        }
    }
}

/// Products within products are looked into so deep.
const MAX_DEPTH: usize = 16;

#[cfg(test)]
mod tests {
    use super::requirements;
    use crate::syntax::parse_document;
    use gradus_core::shape::elaborate;

    #[track_caller]
    fn check(document: &str, expected: &[&str]) {
        let program = elaborate(&parse_document(document).expect("it parses")).expect("it has shapes");
        let found: Vec<String> = requirements(&program).iter().map(|(n, k)| format!("{n} <= {k}")).collect();
        assert_eq!(found, expected, "{document}");
    }

    #[test]
    fn products_of_few_columns_have_no_inverse() {
        check("X: n x m; Y = (X^T X)^-1", &["m <= n"]);
        check("X: n x m; M = X^T X; s = logdet(M)", &["m <= n"]);
        check("A: p x n; X: n x m; B: m x p; s = log(det(A X B))", &["p <= n", "p <= m"]);
        check("X: n x m; s = 1 / det(2 X X^T)", &["n <= m"]);
        check("X: n x m; s = det(X^T X)", &[]);
        check("u: n; v: n; Y = (u v^T)^-1", &[]);
        check("X: n x m; λ: scalar; Y = (X^T X + λ I)^-1", &[]);
    }
}
