//! Asks hostile questions in a program that ends where anything panics, on threads of 1 MiB.

#[path = "../../suite/nested.rs"]
mod nested;

use gradus::{Document, Error, Options};

/// The main thread of Windows has as much.
const SMALL: usize = 1 << 20;

/// What takes more work than one question may.
const ENDLESS: [&str; 2] = [
    "x: n; s = sum(exp(tanh(A f(B softmax(C exp(tanh(A f(B softmax(C x)))))))))",
    "X: n x n; s = tr(inv(X + inv(X + inv(X + inv(X + inv(X + inv(X + inv(X + inv(X + X)))))))))",
];

fn asked(text: &str, options: &Options) -> Result<String, Error> {
    let document: Document = text.parse()?;
    document.derive(options).map(|d| format!("{d}{}", d.latex()))
}

fn on_a_small_stack(text: String, options: Options) -> Result<String, Error> {
    let thread = std::thread::Builder::new().stack_size(SMALL).spawn(move || asked(&text, &options)).expect("a thread");
    thread.join().expect("nothing unwinds here")
}

fn main() {
    let (mut answers, mut refusals) = (0, 0);
    for (name, document) in [100, 10_000].into_iter().flat_map(nested::nested) {
        match on_a_small_stack(document, Options::default()) {
            Ok(_) => answers += 1,
            Err(error) => {
                assert!(!error.is_internal(), "{name}: {error}");
                refusals += 1;
            }
        }
    }
    for document in ENDLESS {
        let error =
            on_a_small_stack(document.to_owned(), Options::default().order(4)).expect_err("there is no end to it");
        assert!(error.is_limit(), "{document}: {error}");
    }
    println!("{answers} answers, {refusals} refusals, {} limits, and the program goes on", ENDLESS.len());
}
