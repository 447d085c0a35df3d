//! A preprocessor of mdBook: `gradus mdbook` under the name mdBook looks for.

fn main() {
    gradus_cli::cli::main(Some("mdbook"));
}
