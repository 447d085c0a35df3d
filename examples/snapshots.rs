//! Snapshot tests of derivations with the crate insta: `cargo test --example snapshots`. The snapshots stand beside this
//! file, in `snapshots/`; a change of a derivation, in form or in meaning, is a diff to look at and accept or not.
//!
//! `cargo run --example snapshots` prints one of them.

use gradus::derivation;

/// A network of one's own, as documents can be written in Rust.
const NETWORK: &str = "
    y: scalar constant
    z = W x + b
    h = tanh(z)
    J = softplus(-y u^T h)
";

fn main() {
    print!("{}", derivation!(NETWORK));
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradus::Options;

    #[test]
    fn the_seed_example() {
        insta::assert_snapshot!(derivation!("s = u^T f(W x + b)"));
    }

    #[test]
    fn the_network() {
        insta::assert_snapshot!(derivation!(NETWORK, Options::default().with_respect_to(&["W", "b"])));
    }

    #[test]
    fn what_is_refused() {
        insta::assert_snapshot!(derivation!("A: n x m; x: n; s = sum(A x)"));
    }

    #[test]
    fn what_the_network_computes_with() {
        // the API says more than the text: here, what the results refer to
        let derivation = gradus::derive(NETWORK).expect("it derives");
        let names: Vec<String> = derivation.definitions().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names.last().map(String::as_str), Some("δ"));
    }
}
