//! A preprocessor of mdBook: `gradus mdbook` under the name mdBook looks for.

mod start;

fn main() {
    start::run(Some("mdbook"));
}
