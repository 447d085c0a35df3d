//! A filter of Pandoc: `gradus pandoc` under a name of its own, as `--filter` takes it.

fn main() {
    gradus_cli::cli::main(Some("pandoc"));
}
