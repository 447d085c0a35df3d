//! The table's functions of arrays: products, reductions, inverses, losses, blocks, constants.

use super::array::{Array, log_softmax, log_sum_exp, mean, softmax};
use super::operator::*;
use super::shape::Shape;

fn trace(a: &Array) -> f64 {
    (0..a.rows).map(|i| a.at(i, i)).sum()
}

fn inverse(a: &Array) -> Array {
    a.eliminated().1
}

fn det(a: &Array) -> f64 {
    a.eliminated().0
}

fn norm(a: &Array) -> f64 {
    squares(a).sqrt()
}

fn squares(a: &Array) -> f64 {
    a.entries().iter().map(|x| x * x).sum()
}

fn huber(r: &Array, threshold: f64) -> Array {
    let one = |r: f64| if r.abs() <= threshold { r * r / 2.0 } else { threshold * (r.abs() - threshold / 2.0) };
    Array::scalar(r.entries().iter().map(|r| one(*r)).sum())
}

fn hinge(margins: &Array) -> Array {
    Array::scalar(margins.entries().iter().map(|t| (1.0 - t).max(0.0)).sum())
}

fn minus(a: &Array, b: &Array) -> Array {
    a.zip(b, |x, y| x - y)
}

fn variance(x: &[f64]) -> f64 {
    let centre = mean(x);
    x.iter().map(|x| (x - centre).powi(2)).sum::<f64>() / x.len() as f64
}

fn layer_norm(x: &[f64]) -> Vec<f64> {
    let (centre, deviation) = (mean(x), variance(x).sqrt());
    x.iter().map(|x| (x - centre) / deviation).collect()
}

fn running(x: &[f64]) -> Vec<f64> {
    (0..x.len()).map(|i| x[..=i].iter().sum()).collect()
}

fn diagonal(a: &Array) -> Array {
    Array::of(a.rows, 1, |i, _| a.at(i, i))
}

fn spread(a: &Array) -> Array {
    Array::of(a.rows, a.rows, |i, j| if i == j { a.at(i, 0) } else { 0.0 })
}

fn stacked(a: &Array, b: &Array) -> Array {
    Array::of(a.rows + b.rows, a.cols, |i, j| if i < a.rows { a.at(i, j) } else { b.at(i - a.rows, j) })
}

fn beside_each_other(a: &Array, b: &Array) -> Array {
    stacked(&a.transposed(), &b.transposed()).transposed()
}

fn unstacked(v: &Array, rows: usize, cols: usize) -> Array {
    Array::of(rows, cols, |i, j| v.entries()[i + j * rows])
}

fn filled(p: &Point, s: &Shape, x: f64) -> Array {
    Array::of(p.size(&s.rows), p.size(&s.cols), |_, _| x)
}

fn identity(p: &Point, s: &Shape) -> Array {
    Array::eye(p.size(&s.rows))
}

/// To a scalar.
macro_rules! reduced {
    ($name:literal, [$($spelling:literal),+], $arguments:expr, $f:expr) => {
        Operator::new($name, 6, &[$($spelling),+], $arguments, |_, a, _| {
            let f: fn(&[Array]) -> f64 = $f;
            Array::scalar(f(a))
        })
    };
}

pub static PRODUCTS: &[Operator] = &[
    Operator::new("matrix product", 3, &["$0@3 $1@5", "$0@3 * $1@5", "$0@3 @ $1@5"], product, |_, a, _| {
        a[0].times(&a[1])
    }),
    Operator::new("outer product", 3, &["$0@3 $1@6^T", "$0@3 * $1@6'"], outer, |_, a, _| {
        a[0].times(&a[1].transposed())
    }),
    Operator::new("product of columns", 3, &["$0@6^T $1@5", "$0@6' * $1@5"], two_columns_to_scalar, |_, a, _| {
        a[0].transposed().times(&a[1])
    }),
    Operator::new("quadratic form", 3, &["$0@6^T $1@5 $2@5"], quadratic_to_scalar, |_, a, _| {
        a[0].transposed().times(&a[1]).times(&a[2])
    }),
    reduced!("dot", ["dot($0, $1)", "inner($0, $1)"], two_arrays_to_scalar, |a| a[0].zip(&a[1], |x, y| x * y).sum()),
    Operator::new("transpose", 5, &["$0@6^T", "$0@6'", "$0@6ᵀ", "$0@6^\\top"], transposed, |_, a, _| {
        a[0].transposed()
    }),
    Operator::new("inverse", 5, &["$0@6^-1", "inv($0)", "$0@6⁻¹", "$0@6^{-1}"], invertible, |_, a, _| {
        inverse(&a[0])
    }),
    Operator::new("inverse transpose", 5, &["$0@6^-T"], invertible, |_, a, _| inverse(&a[0]).transposed()),
    Operator::new("solve", 3, &["$0@6^-1 $1@5", "inv($0) $1@5"], invertible_times, |_, a, _| {
        inverse(&a[0]).times(&a[1])
    }),
    Operator::new("matrix square", 5, &["$0@6^2", "$0@6²"], square, |_, a, _| a[0].times(&a[0])),
    Operator::new("matrix cube", 5, &["$0@6^3"], square, |_, a, _| a[0].times(&a[0]).times(&a[0])),
    Operator::new("negative matrix power", 5, &["$0@6^-2", "$0@6^(-2)"], invertible, |_, a, _| {
        inverse(&a[0].times(&a[0]))
    }),
    Operator::new("Kronecker product", 3, &["$0@3 ⊗ $1@5", "$0@3 \\otimes $1@5"], kron, |_, a, _| a[0].kron(&a[1])),
    Operator::new("sum of a Kronecker product", 6, &["sum($0@3 ⊗ $1@5)"], kron_to_scalar, |_, a, _| {
        Array::scalar(a[0].kron(&a[1]).sum())
    }),
    Operator::new("norm of a Kronecker product", 5, &["normF($0@3 ⊗ $1@5)^2"], kron_to_scalar, |_, a, _| {
        Array::scalar(squares(&a[0].kron(&a[1])))
    }),
    Operator::new("Kronecker product and vec", 3, &["($0@3 ⊗ $1@5) vec($2)"], kron_vec, |_, a, _| {
        a[0].kron(&a[1]).times(&Array::column(&a[2].stacked()))
    }),
    Operator::new("vec", 6, &["vec($0)"], vec, |_, a, _| Array::column(&a[0].stacked())),
    Operator::new("unvec", 6, &["unvec($0, $r, $c)"], unvec, |p, a, s| {
        unstacked(&a[0], p.size(&s.rows), p.size(&s.cols))
    }),
    Operator::new("commutation", 3, &["K($D) $0@5"], commuted, |p, a, s| {
        let (cols, rows) = factor_sizes(p, s);
        Array::column(&unstacked(&a[0], cols, rows).transposed().stacked())
    }),
    Operator::new("diagonal matrix", 6, &["diag($0)", "Diag($0)"], diagonal_matrix, |_, a, _| spread(&a[0])),
    Operator::new("diagonal of", 6, &["diag($0)"], diagonal_of, |_, a, _| diagonal(&a[0])),
];

/// The sizes whose product the rows are.
fn factor_sizes(p: &Point, s: &Shape) -> (usize, usize) {
    let (a, b) = s.rows.factors();
    (p.size(&a), p.size(&b))
}

pub static REDUCTIONS: &[Operator] = &[
    reduced!("trace", ["tr($0)", "trace($0)"], square_to_scalar, |a| trace(&a[0])),
    reduced!("det", ["det($0)"], square_to_scalar, |a| det(&a[0])),
    reduced!("logdet", ["logdet($0)"], invertible_to_scalar, |a| det(&a[0]).abs().ln()),
    reduced!("log of det", ["log(det($0))"], definite_to_scalar, |a| det(&a[0]).ln()),
    reduced!("sum", ["sum($0)"], array_to_scalar, |a| a[0].sum()),
    reduced!("prod", ["prod($0)"], array_to_scalar, |a| a[0].entries().iter().product()),
    reduced!("var", ["var($0)"], array_to_scalar, |a| variance(a[0].entries())),
    reduced!("mean", ["mean($0)"], array_to_scalar, |a| mean(a[0].entries())),
    reduced!("norm", ["norm2($0)", "norm($0)", "‖$0‖", "||$0||"], column_to_scalar, |a| norm(&a[0])),
    reduced!("Frobenius norm", ["normF($0)", "‖$0‖_F"], matrix_to_scalar, |a| norm(&a[0])),
    Operator::new("squared norm", 5, &["norm2($0)^2", "‖$0‖^2", "||$0||_2^2"], column_to_scalar, |_, a, _| {
        Array::scalar(squares(&a[0]))
    }),
    Operator::new("squared Frobenius norm", 5, &["‖$0‖_F^2", "normF($0)^2"], matrix_to_scalar, |_, a, _| {
        Array::scalar(squares(&a[0]))
    }),
    reduced!("1-norm", ["norm1($0)", "‖$0‖_1"], column_to_scalar, |a| a[0].map(f64::abs).sum()),
    reduced!("3-norm", ["‖$0‖_3"], column_to_scalar, |a| a[0].map(|x| x.abs().powi(3)).sum().cbrt()),
    reduced!("4-norm", ["‖$0‖_4"], column_to_scalar, |a| a[0].map(|x| x.powi(4)).sum().powf(0.25)),
    reduced!("logsumexp", ["logsumexp($0)"], array_to_scalar, |a| log_sum_exp(a[0].entries())),
    reduced!("cross_entropy", ["cross_entropy($0, $1)"], any_and_positive_to_scalar, |a| -a[0]
        .zip(&a[1], |y, p| y * p.ln())
        .sum()),
    reduced!("mse", ["mse($0, $1)"], two_arrays_to_scalar, |a| squares(&minus(&a[0], &a[1]))
        / a[0].entries().len() as f64),
    reduced!("huber", ["huber($0)"], array_to_scalar, |a| huber(&a[0], 1.0).only()),
    reduced!("huber of a difference", ["huber($0, $1)"], two_arrays_to_scalar, |a| huber(&minus(&a[0], &a[1]), 1.0)
        .only()),
    reduced!("huber with a threshold", ["huber($0, $1, $2)"], with_threshold_to_scalar, |a| {
        huber(&minus(&a[0], &a[1]), a[2].only()).only()
    }),
    reduced!("hinge", ["hinge($0)"], array_to_scalar, |a| hinge(&a[0]).only()),
    reduced!("hinge of two", ["hinge($0, $1)"], two_arrays_to_scalar, |a| hinge(&a[0].zip(&a[1], |x, y| x * y)).only()),
    Operator::new("row products", 6, &["prod($0, rows)"], wide_to_column, |_, a, _| {
        Array::of(a[0].rows, 1, |i, _| (0..a[0].cols).map(|j| a[0].at(i, j)).product())
    }),
    Operator::new("column products", 6, &["prod($0, cols)"], high_to_column, |_, a, _| {
        Array::of(a[0].cols, 1, |j, _| (0..a[0].rows).map(|i| a[0].at(i, j)).product())
    }),
    Operator::new("row variances", 6, &["var($0, rows)"], wide_to_column, |_, a, _| {
        Array::of(a[0].rows, 1, |i, _| variance(&(0..a[0].cols).map(|j| a[0].at(i, j)).collect::<Vec<_>>()))
    }),
    Operator::new("column variances", 6, &["var($0, cols)"], high_to_column, |_, a, _| {
        Array::of(a[0].cols, 1, |j, _| variance(&(0..a[0].rows).map(|i| a[0].at(i, j)).collect::<Vec<_>>()))
    }),
    Operator::new("row sums", 6, &["sum($0, rows)"], wide_to_column, |_, a, _| {
        a[0].times(&Array::of(a[0].cols, 1, |_, _| 1.0))
    }),
    Operator::new("column sums", 6, &["sum($0, cols)"], high_to_column, |_, a, _| {
        a[0].transposed().times(&Array::of(a[0].rows, 1, |_, _| 1.0))
    }),
];

pub static LAYERS: &[Operator] = &[
    Operator::new("softmax", 6, &["softmax($0)"], column, |_, a, _| a[0].by_cols(softmax)),
    Operator::new("softmax by rows", 6, &["softmax($0, rows)"], matrix, |_, a, _| a[0].by_rows(softmax)),
    Operator::new("softmax by columns", 6, &["softmax($0, cols)"], matrix, |_, a, _| a[0].by_cols(softmax)),
    Operator::new("log_softmax", 6, &["log_softmax($0)"], column, |_, a, _| a[0].by_cols(log_softmax)),
    Operator::new("log_softmax by rows", 6, &["log_softmax($0, rows)"], matrix, |_, a, _| a[0].by_rows(log_softmax)),
    Operator::new("log_softmax by columns", 6, &["log_softmax($0, cols)"], matrix, |_, a, _| a[0].by_cols(log_softmax)),
    Operator::new("layernorm", 6, &["layernorm($0)"], column, |_, a, _| a[0].by_cols(layer_norm)),
    Operator::new("layernorm by rows", 6, &["layernorm($0, rows)"], matrix, |_, a, _| a[0].by_rows(layer_norm)),
    Operator::new("layernorm by columns", 6, &["layernorm($0, cols)"], matrix, |_, a, _| a[0].by_cols(layer_norm)),
    Operator::new("cumsum", 6, &["cumsum($0)"], column, |_, a, _| a[0].by_cols(running)),
    Operator::new("cumsum by rows", 6, &["cumsum($0, rows)"], matrix, |_, a, _| a[0].by_rows(running)),
    Operator::new("cumsum by columns", 6, &["cumsum($0, cols)"], matrix, |_, a, _| a[0].by_cols(running)),
];

pub static CONSTANTS: &[Operator] = &[
    Operator::new("column of ones", 6, &["ones($r)"], constant_column, |p, _, s| filled(p, s, 1.0)),
    Operator::new("matrix of ones", 6, &["ones($r, $c)"], constant_matrix, |p, _, s| filled(p, s, 1.0)),
    Operator::new("zeros", 6, &["zeros($r, $c)"], constant_matrix, |p, _, s| filled(p, s, 0.0)),
    Operator::new("identity", 6, &["eye($r)"], constant_square, |p, _, s| identity(p, s)),
    Operator::new("unit vector", 6, &["unit($r, 1)"], constant_column, |p, _, s| {
        Array::of(p.size(&s.rows), 1, |i, _| if i == 0 { 1.0 } else { 0.0 })
    }),
    Operator::new("tril", 6, &["tril($r)"], constant_square, |p, _, s| {
        let n = p.size(&s.rows);
        Array::of(n, n, |i, j| if i >= j { 1.0 } else { 0.0 })
    }),
    Operator::new("literal", 6, &["[1, 2; 3, 4]"], two_by_two, |_, _, _| {
        Array::of(2, 2, |i, j| (1 + 2 * i + j) as f64)
    }),
];

pub static BLOCKS: &[Operator] = &[
    Operator::new("stack", 6, &["[$0; $1]"], stack, |_, a, _| stacked(&a[0], &a[1])),
    Operator::new("stack of scalars", 6, &["[$0; $1]"], pair, |_, a, _| stacked(&a[0], &a[1])),
    Operator::new("squares of a stack", 5, &["‖[$0; $1]‖^2"], two_more_columns_to_scalar, |_, a, _| {
        Array::scalar(squares(&a[0]) + squares(&a[1]))
    }),
    Operator::new("columns side by side", 6, &["[$0, $1]"], beside, |_, a, _| beside_each_other(&a[0], &a[1])),
    Operator::new("blocks of scalars", 6, &["[$0, $1; $2, $3]"], four_scalars, |_, a, _| {
        Array::of(2, 2, |i, j| a[2 * i + j].only())
    }),
    Operator::new("block matrix", 6, &["logsumexp([$0, $1; $2, $3])"], blocks_to_scalar, |_, a, _| {
        let whole = stacked(&beside_each_other(&a[0], &a[1]), &beside_each_other(&a[2], &a[3]));
        Array::scalar(log_sum_exp(whole.entries()))
    }),
    Operator::new("slice of a column", 5, &["$0@6[1..2]"], head, |_, a, _| Array::of(2, 1, |i, _| a[0].at(i, 0))),
    Operator::new("tail of a column", 6, &["sum($0@6[2..$R])"], tail_to_scalar, |_, a, _| {
        Array::scalar(a[0].sum() - a[0].at(0, 0))
    }),
    Operator::new("slice of a matrix", 5, &["$0@6[1..2, 1..2]"], corner, |_, a, _| {
        Array::of(2, 2, |i, j| a[0].at(i, j))
    }),
    Operator::new("column of a matrix", 5, &["$0@6[1..$R, 2..2]"], column_of, |_, a, _| {
        Array::of(a[0].rows, 1, |i, _| a[0].at(i, 1))
    }),
];
