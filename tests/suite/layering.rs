//! Who may know of whom: the layers, and the one layer that names each dependency. Read off the sources.

use super::binary::repository;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A module of `src/`, the layers it may name beside itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("diag", &[]),
    ("stack", &[]),
    ("fuel", &["diag", "stack"]),
    ("expr", &["diag", "fuel"]),
    ("syntax", &["diag", "expr"]),
    ("program", &["diag", "expr", "syntax"]),
    ("shape", &["diag", "expr", "syntax", "program"]),
    ("index", &["expr", "program"]),
    // the oracle: what checks a derivation has never seen a rule
    ("eval", &["diag", "fuel", "expr", "syntax", "program", "shape"]),
    ("rules", &["diag", "fuel", "expr", "syntax", "program", "shape"]),
    ("engine", &["diag", "fuel", "expr", "syntax", "program", "shape", "rules"]),
    ("derive", &["diag", "fuel", "expr", "syntax", "program", "shape", "eval", "rules", "engine", "index"]),
    ("claim", &["diag", "fuel", "expr", "syntax", "program", "shape", "eval", "rules", "engine", "derive", "index"]),
    ("render", &["diag", "fuel", "expr", "syntax", "program", "shape", "eval", "rules", "engine", "derive", "claim"]),
    ("graph", &["diag", "fuel", "expr", "syntax", "program", "derive", "render"]),
    ("code", &["diag", "expr", "syntax", "program", "rules", "engine", "derive", "render"]),
    ("snapshot", &["diag", "stack", "expr", "syntax", "program", "shape", "eval", "derive", "render"]),
    ("value", &["diag", "expr", "program", "eval", "derive", "render"]),
    (
        "json",
        &[
            "diag", "fuel", "expr", "syntax", "program", "shape", "eval", "rules", "engine", "derive", "claim",
            "render", "value",
        ],
    ),
    ("notes", &["diag", "render"]),
    (
        "cli",
        &[
            "diag", "fuel", "expr", "syntax", "program", "shape", "eval", "rules", "engine", "derive", "claim",
            "render", "json", "notes", "graph", "snapshot", "index", "code",
        ],
    ),
];

/// A storey of printing, and what it may name of the others: forms are not set by those who decide them.
const STOREYS: &[(&str, &[&str])] = &[
    ("boxes", &["names", "precedence", "tree"]),
    ("notation", &["boxes", "names", "precedence", "tree", "present", "style"]),
];

/// Where the sources of the layers are. The oracle is one layer and a crate of its own.
const CRATES: &[&str] = &["src", "crates/gradus-core/src", "crates/gradus-cli/src"];
const ORACLE: &str = "crates/gradus-oracle/src";

/// What is no layer: the root of a crate, the binaries, the texts.
const OUTSIDE: [&str; 5] = ["lib", "main", "bin", "docs", "public"];

/// A dependency, the layers that may name it.
const DEPENDENCIES: &[(&str, &[&str])] = &[
    ("nom", &["syntax"]),
    ("egg", &["engine"]),
    ("quanta", &["engine"]),
    ("pretty", &["render"]),
    ("ndarray", &["eval"]),
    ("num_dual", &["expr", "eval"]),
    ("libm", &["expr"]),
    ("num_rational", &["expr"]),
    ("num_bigint", &["expr"]),
    ("num_traits", &["expr"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("rustyline", &["cli"]),
    ("codespan_reporting", &["cli"]),
    ("serde_json", &["cli", "eval", "json", "notes"]),
    ("pulldown_cmark", &["notes"]),
    ("fixedbitset", &["derive"]),
    ("layout::core", &["graph"]),
    ("similar", &["notes"]),
    ("shlex", &["notes"]),
    ("crc32fast", &["notes"]),
    ("tempfile", &["cli"]),
    ("httparse", &["cli"]),
    ("gradus_web", &["cli"]),
    ("lsp_server", &["cli"]),
    ("lsp_types", &["cli"]),
    ("stacker", &["stack"]),
];

/// The Rust files of a layer: `src/diag.rs`, or all below `src/engine/`.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).expect("a directory").map(|e| e.expect("an entry").path());
        return entries.flat_map(|p| files(&p)).collect();
    }
    if path.extension().is_some_and(|e| e == "rs") { vec![path.to_owned()] } else { vec![] }
}

fn files_of(layer: &str) -> Vec<PathBuf> {
    if layer == "eval" {
        return files(&repository().join(ORACLE));
    }
    let within = |sources: &&str| {
        let sources = repository().join(sources);
        let (directory, file) = (sources.join(layer), sources.join(format!("{layer}.rs")));
        [files(&directory), if file.exists() { vec![file] } else { vec![] }].concat()
    };
    CRATES.iter().flat_map(within).collect()
}

/// The code of a file without its comments.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a source file");
    let code = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
    text.lines().map(code).collect::<Vec<_>>().join("\n")
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn own_modules(code: &str) -> BTreeSet<String> {
    words_after(code, "crate::")
}

/// The words that directly follow `crate::` or `super::`, those of a group `crate::{a, b::c}` included.
fn words_after(code: &str, root: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(root).filter(|(at, _)| !code[..*at].ends_with("super::")) {
        let rest = &code[at + root.len()..];
        let group = rest.strip_prefix('{').and_then(|r| r.split("};").next());
        match group {
            Some(inside) => found.extend(heads(inside)),
            None => found.extend(Some(rest.chars().take_while(|c| is_word(*c)).collect::<String>())),
        }
    }
    found
}

/// The first words of the items of a group.
fn heads(group: &str) -> Vec<String> {
    let (mut depth, mut items) = (0, vec![String::new()]);
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => items.push(String::new()),
            _ if depth == 0 => items.last_mut().expect("never empty").push(c),
            _ => {}
        }
    }
    let head = |i: String| i.trim().chars().take_while(|c| is_word(*c)).collect::<String>();
    items.into_iter().map(head).filter(|h| !h.is_empty()).collect()
}

/// Whether the code names a crate: the word followed by `::`, not itself part of a path.
fn names_crate(code: &str, krate: &str) -> bool {
    code.match_indices(krate).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        code[at + krate.len()..].starts_with("::") && before.is_none_or(|c| !is_word(c) && c != ':')
    })
}

#[test]
fn layers_name_only_layers_below() {
    let layers: BTreeSet<&str> = LAYERS.iter().map(|(name, _)| *name).collect();
    for (layer, may) in LAYERS {
        for file in files_of(layer) {
            for named in own_modules(&code(&file)).iter().filter(|n| layers.contains(n.as_str()) && n != layer) {
                assert!(may.contains(&named.as_str()), "{}: {layer} may not name {named}", file.display());
            }
        }
    }
}

/// Below the pages, the names of a storey are spelled from the root: `crate::render::names`.
#[test]
fn storeys_of_printing_name_only_storeys_below() {
    for (storey, may) in STOREYS {
        for file in files(&repository().join("src/render").join(storey)) {
            let code = code(&file);
            assert!(!code.contains("super::super") && !code.contains("render::{"), "{}", file.display());
            for (at, path) in code.match_indices("crate::render::") {
                let named: String = code[at + path.len()..].chars().take_while(|c| is_word(*c)).collect();
                assert!(may.contains(&named.as_str()), "{}: {storey} may not name {named}", file.display());
            }
        }
    }
}

#[test]
fn each_dependency_is_named_by_its_layer_alone() {
    for (layer, _) in LAYERS {
        for file in files_of(layer) {
            let code = code(&file);
            for (krate, may) in DEPENDENCIES.iter().filter(|(krate, _)| names_crate(&code, krate)) {
                assert!(may.contains(layer), "{}: {layer} may not name {krate}", file.display());
            }
        }
    }
}

/// Folders in which files still name each other in circles.
const CIRCULAR: &[&str] = &[
    "src/code",
    "src/derive/indexed",
    "src/index",
    "src/render",
    "crates/gradus-core/src/shape",
    "crates/gradus-core/src/shape/indices",
    "crates/gradus-core/src/syntax",
    "crates/gradus-oracle/src",
    "crates/gradus-oracle/src/exact",
];

/// A folder and all below it.
fn folders(path: PathBuf) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(&path).expect("a directory").map(|e| e.expect("an entry").path());
    let below: Vec<PathBuf> = entries.filter(|p| p.is_dir()).flat_map(folders).collect();
    [vec![path], below].concat()
}

/// The files of a folder that are in a circle, or name one that is: what is left when those that name none are taken away.
fn in_circles(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a directory").map(|e| e.expect("an entry").path());
    let sources = entries.filter(|p| p.extension().is_some_and(|e| e == "rs"));
    let stem = |p: &PathBuf| p.file_stem().expect("a name").to_string_lossy().into_owned();
    let named = |p: PathBuf| (stem(&p), words_after(&code(&p), "super::"));
    let mut left: BTreeMap<String, BTreeSet<String>> = sources.map(named).filter(|(stem, _)| stem != "mod").collect();
    loop {
        let files: BTreeSet<String> = left.keys().cloned().collect();
        left.retain(|own, named| named.iter().any(|n| n != own && files.contains(n)));
        if left.len() == files.len() {
            return files.into_iter().collect();
        }
    }
}

#[test]
fn files_name_each_other_in_no_circle() {
    let roots = CRATES.iter().chain([&ORACLE]).map(|sources| repository().join(sources));
    for folder in roots.flat_map(folders).filter(|f| !CIRCULAR.iter().any(|c| *f == repository().join(c))) {
        assert_eq!(in_circles(&folder), Vec::<String>::new(), "a circle in {}", folder.display());
    }
    assert!(in_circles(&repository().join(CIRCULAR[0])).len() > 1, "the reader of sources sees circles");
}

#[test]
fn every_module_is_a_layer() {
    let known: BTreeSet<String> =
        LAYERS.iter().map(|(name, _)| (*name).to_owned()).chain(OUTSIDE.map(str::to_owned)).collect();
    for entry in CRATES.iter().flat_map(|c| std::fs::read_dir(repository().join(c)).expect("a directory")) {
        let path = entry.expect("an entry").path();
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(known.contains(&stem), "{stem} is no layer: add it to LAYERS with what it may name");
        assert!(OUTSIDE.contains(&stem.as_str()) || !files_of(&stem).is_empty());
    }
}

/// The type that a line declares, at the top level of its file.
fn declared(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub").map_or(line, |l| l.trim_start_matches(|c| c != ' ').trim_start());
    let line = ["struct ", "enum ", "trait ", "type "].iter().find_map(|word| line.strip_prefix(word))?;
    line.split(|c| !is_word(c)).next()
}

fn types(code: &str) -> Vec<&str> {
    code.lines().filter_map(declared).collect()
}

/// A type of a face, Rust's or Python's, has the name of what it is the face of, and there is one of that.
#[test]
fn no_type_name_means_two_things() {
    let mut places: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in ["src", "crates"].iter().flat_map(|sources| files(&repository().join(sources))) {
        for name in types(&code(&file)) {
            places.entry(name.to_owned()).or_default().push(file.clone());
        }
    }
    assert!(places.len() > 300 && places.contains_key("Expr"), "the reader of sources sees them");
    let faces = ["src/public", "crates/gradus-py/src"].map(|face| repository().join(face));
    for (name, files) in places {
        let of = |face: &PathBuf| files.iter().filter(|f| f.starts_with(face)).count();
        let behind = files.len() - faces.iter().map(of).sum::<usize>();
        assert!(behind <= 1 && faces.iter().all(|f| of(f) <= 1), "{name} is declared in {files:#?}");
    }
}

/// The map names a test for each of its invariants. (That its paths lead somewhere is a test of all pages.)
#[test]
fn each_invariant_of_the_map_is_held_by_a_test() {
    let map = std::fs::read_to_string(repository().join("src/docs/architecture.md")).expect("the map");
    let section = map.split("\n## ").find(|s| s.starts_with("What always holds")).expect("its invariants");
    let sources = ["src", "crates", "tests/suite"].iter().flat_map(|sources| files(&repository().join(sources)));
    let flat = |code: String| code.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let tests: Vec<String> = sources.map(|file| flat(code(&file))).collect();
    let is_test = |name: &str| tests.iter().any(|code| code.contains(&format!("#[test]\nfn {name}()")));
    let invariants: Vec<&str> = section.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_digit())).collect();
    for (i, invariant) in invariants.iter().enumerate() {
        assert!(invariant.starts_with(&format!("{}. ", i + 1)), "{invariant}");
        let quoted: Vec<&str> = invariant.split('`').skip(1).step_by(2).filter(|q| !q.contains('/')).collect();
        assert!(!quoted.is_empty(), "no test is named: {invariant}");
        quoted.iter().for_each(|name| assert!(is_test(name), "{name} is no test: {invariant}"));
    }
    assert!(invariants.len() > 15);
}

#[test]
fn the_reader_of_sources_sees_what_it_should() {
    let code = "use crate::expr::Name;\nuse crate::{diag::Error, eval::{self, Point}, program};\ncrate::rules::find()";
    let expected: BTreeSet<String> = ["expr", "diag", "eval", "program", "rules"].map(str::to_owned).into();
    assert_eq!(own_modules(code), expected);
    assert!(names_crate("let x = nom::combinator::all(p)", "nom") && names_crate("use egg::Id;", "egg"));
    let code = "pub(super) struct A<T>;\nenum B {\n    type C = D;\n}\npub trait E {}\ntype F = A<B>;";
    assert_eq!(types(code), ["A", "B", "E", "F"]);
    assert!(!names_crate("crate::nom::x", "nom") && !names_crate("binom::x", "nom") && !names_crate("nom x", "nom"));
}
