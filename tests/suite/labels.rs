//! What stands above and below a letter: labels and indices, not powers; words, not lists of indices.

use gradus::{Document, Options};

#[track_caller]
fn check(document: &str, wrt: &str, expected: &str) {
    let read: Document = document.parse().unwrap_or_else(|e| panic!("{document}: {e}"));
    let found = read.derive(&Options::default().with_respect_to([wrt])).unwrap_or_else(|e| panic!("{wrt}: {e}"));
    assert!(found.error().is_some_and(|e| e < 1e-9), "{wrt}: not compared");
    let found = found.derivatives()[0].ascii();
    assert!(expected.is_empty() || found == expected, "{document} by {wrt}: {found}");
}

#[test]
fn a_label_above_a_member_belongs_to_its_name() {
    check(r"\sum_i \|x_i^{(a)} - x_i^{(p)}\|_2^2", "x_a", "2 ((x_a)_i - (x_p)_i)");
    check(r"\sum_i (\sum_j \theta_j x_j^{(i)} - y^{(i)})^2", "y", "2 (y_i - sum(j, θ_j x_ij))");
    check(r"f = \|x^{k+1} - x^k\|^2", "x_k+1", "2 (x_{k+1} - x_k)");
    check(r"L = \sum_i \left[\|f_i^a - f_i^p\|^2 - \|f_i^a - f_i^n\|^2 + \alpha\right]_+", "f_p", "");
    // accents and words are no indices
    check(r"\sum_{i,j} (w_i^T \tilde{w}_j - x_{ij})^2", "x_ij", "");
    // nothing says that x is no number
    check(r"f = x^k y", "y", "x^k");
}

#[test]
fn a_word_below_the_name_of_the_value_is_no_list_of_indices() {
    check(r"L_{dice} = 1 - \frac{2\sum_i p_i g_i}{\sum_i p_i^2 + \sum_i g_i^2}", "g", "");
    check(r"L_{in} = \sum_i p_i^2", "p", "2 p_i");
    // entries of what stands whole
    check(r"r_i = w_i (\Sigma w)_i / \sqrt{w^T \Sigma w}", "w", "");
}

#[test]
fn a_fraction_without_braces_ends_before_a_name_with_an_index() {
    check(r"E = \frac12 m_2 v^T v", "m_2", "1/2 v^T v");
}

#[test]
fn a_logarithm_of_a_capital_before_a_matrix_is_asked_back() {
    let refused = |text: &str| text.parse::<Document>().expect_err(text).to_string();
    assert!(refused(r"f = \operatorname{tr}(X \log X)").contains("this function of the matrix X has no rule"));
    assert!(refused(r"\lambda \ln(J) \mathbf{F}^{-T}").contains("is J a number in this factor"));
    check(r"J: scalar; P = \lambda \ln(J) \mathbf{F}^{-T}", "λ", "");
}

#[test]
fn texts_of_programs_and_sentences_are_read() {
    check("tf.reduce_mean(tf.square(tf.matmul(X, W) - Y))", "W", "");
    check("J = x^T Q x, where x = F z", "z", "");
    check(r"T^2 = n(\bar{\mathbf{x}} - \boldsymbol\mu_0)'\mathbf{S}^{-1}(\bar{\mathbf{x}}-\boldsymbol\mu_0)", "n", "");
    // nobody takes a number from a matrix
    check(r"W = C_{10}(\bar I_1 - 3) + \frac{1}{D_1}(J-1)^2", "J", "2 (J - 1) / D_1");
}
