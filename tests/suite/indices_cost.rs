//! What documents with indices cost, in units of fuel.

use gradus::Options;
use gradus::internals::derive::derive;
use gradus::internals::fuel::SharedFuel;

/// The units a derivation burns.
fn burnt(document: &str, wrt: &str) -> u64 {
    let mut tank = SharedFuel::FILE;
    let full = tank.left();
    let options = Options::default().with_respect_to([wrt]);
    let answer = tank.limited(|| derive(document, &options));
    assert!(answer.is_ok(), "{document}: {:?}", answer.err());
    full - tank.left()
}

/// So many definitions, each of the one before.
fn chain(length: usize, link: &str) -> String {
    let letters = ["x", "a", "b", "c", "d", "p", "q", "r", "s"];
    let links = letters.windows(2).take(length).map(|w| link.replace("NEW", w[1]).replace("OLD", w[0]));
    format!("{}; L = sum(i = 1..n, {}_i^2)", links.collect::<Vec<_>>().join("; "), letters[length])
}

#[test]
fn a_chain_of_definitions_costs_as_its_length() {
    let [two, six] = [2, 6].map(|n| burnt(&chain(n, "NEW_i = tanh(w OLD_i + u)"), "x_i"));
    assert!(six < 6 * two, "{two} for 2, {six} for 6");
}

#[test]
fn a_chain_of_sums_costs_as_its_length() {
    let link = "NEW_i = tanh(sum(j = 1..n, K_ij OLD_j))";
    let [four, eight] = [4, 8].map(|n| burnt(&chain(n, link), "x_i"));
    assert!(5 * eight < 12 * four, "{four} for 4, {eight} for 8");
}

#[test]
fn sums_within_sums_go_four_deep() {
    let document = "s = sum(i = 1..n, sum(j = 1..m, sum(k = 1..p, sum(l = 1..q, a_i B_ij C_jk D_kl b_l))))";
    burnt(document, "C_jk");
    burnt("s = sum(i = 1..n, sum(j = 1..m, sum(k = 1..p, sum(l = 1..q, exp(a_i b_j c_k d_l)))))", "a_i");
}

#[test]
fn a_derivation_does_not_know_how_large_a_range_is() {
    let document = |n: &str| format!("L = sum(i = 1..{n}, log(1 + exp(-y_i w^T x_i)))");
    assert_eq!(burnt(&document("n"), "w"), burnt(&document("N"), "w"));
}
