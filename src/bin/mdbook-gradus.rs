//! A preprocessor of mdBook: `gradus mdbook` under the name mdBook looks for.

fn main() {
    gradus::cli::main(Some("mdbook"));
}
