//! A filter of Pandoc: `gradus pandoc` under a name of its own, as `--filter` takes it.

mod start;

fn main() {
    start::run(Some("pandoc"));
}
