//! What is published has one version, that of the workspace.

use crate::binary::{gradus, repository};
use std::fs;

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// What stands in quotes behind `key`.
fn quoted<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.split_once(key)?.1.trim_start_matches([' ', '=', ':']).strip_prefix('"')?.split('"').next()
}

#[test]
fn the_version_stands_once() {
    let manifest = read("Cargo.toml");
    let of_the_workspace = manifest.split_once("[workspace.package]").expect("a workspace").1;
    let version = quoted(of_the_workspace, "version").expect("a version");
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    assert_eq!(gradus(&["--version"]).stdout, format!("gradus {version}\n"));
    let asked: Vec<&str> =
        manifest.lines().filter(|l| l.contains("path = \"")).filter_map(|l| quoted(l, "version")).collect();
    assert_eq!(asked, [version; 4], "the crates ask for each other by the version of the workspace");
}

#[test]
fn nobody_else_has_a_version_of_its_own() {
    for member in ["core", "oracle", "web", "cli", "py"] {
        let manifest = read(&format!("crates/gradus-{member}/Cargo.toml"));
        assert!(manifest.contains("version.workspace = true"), "gradus-{member}");
    }
    assert!(read("crates/gradus-py/pyproject.toml").contains("dynamic = [\"version\"]"), "maturin asks Cargo for it");
    assert_eq!(
        quoted(&read("grammar/vscode/package.json"), "\"version\""),
        Some("0.0.0"),
        ".ci/vscode gives it when it packages"
    );
}
