//! The syntax for editors knows the words of the language, no more and no fewer: held against the grammar and the tables.

use super::binary::repository;
use super::ebnf::Grammar;
use gradus::internals::expr::{Builtin, Elementwise};
use serde_json::Value;
use std::collections::BTreeSet;

fn syntax(file: &str) -> Value {
    let path = repository().join("grammar/vscode").join(file);
    serde_json::from_str(&std::fs::read_to_string(path).expect("the syntax")).expect("JSON")
}

/// The words between the bars of a pattern's first group.
fn words(syntax: &Value, name: &str) -> BTreeSet<String> {
    let pattern = syntax["repository"][name]["match"].as_str().unwrap_or_else(|| panic!("a pattern of {name}"));
    let group = pattern.split_once("\\b(").and_then(|(_, rest)| rest.split_once(')')).expect("a group of words").0;
    group.split('|').map(str::to_owned).collect()
}

/// The words a rule of the grammar offers.
fn offered(rules: &[&str]) -> BTreeSet<String> {
    let text = include_str!("../../grammar/gradus.ebnf");
    let grammar = Grammar::read(text);
    rules.iter().flat_map(|r| grammar.texts(r)).collect()
}

#[test]
fn the_functions_are_those_of_the_grammar() {
    let mut expected = offered(&["ELEMENTWISE_FUNCTION", "FUNCTION", "AXIS_FUNCTION", "TWO_FUNCTION"]);
    // those that `call` names itself
    expected.extend(["unvec", "ones", "zeros", "eye", "tril", "dup", "unit", "K"].map(str::to_owned));
    assert_eq!(words(&syntax("gradus.tmLanguage.json"), "function"), expected);
}

#[test]
fn every_built_in_function_that_can_be_called_is_known() {
    let known = words(&syntax("gradus.tmLanguage.json"), "function");
    let called = |name: &&str| !["norm_squared", "σ"].contains(name);
    for name in Elementwise::all_spellings().chain(Builtin::all_spellings()).filter(called) {
        assert!(known.contains(name), "the syntax does not know {name}");
    }
}

/// The words a list of the page holds.
fn completed(list: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(repository().join("web/page/words.js")).expect("the words of the page");
    let words = text.split_once(&format!("export const {list} = '")).and_then(|(_, rest)| rest.split_once('\''));
    words.unwrap_or_else(|| panic!("a list {list}")).0.split(' ').map(str::to_owned).collect()
}

#[test]
fn the_page_completes_the_words_of_the_language() {
    let mut functions = words(&syntax("gradus.tmLanguage.json"), "function");
    // one letter is typed as soon as it is completed; other spellings are read, not offered
    for spelling in
        ["K", "arcsin", "arccos", "arctan", "arcsinh", "arsinh", "gammaln", "loggamma", "hat_map", "skewsymm"]
    {
        functions.remove(spelling);
    }
    assert_eq!(completed("FUNCTIONS"), functions);
    let mut facts: BTreeSet<String> = offered(&["ATTRIBUTE"]).iter().filter(|a| !a.contains(' ')).cloned().collect();
    facts.extend(["scalar", "elementwise"].map(str::to_owned));
    assert_eq!(completed("ATTRIBUTES"), facts);
}

#[test]
fn the_attributes_are_those_of_the_grammar() {
    assert_eq!(words(&syntax("gradus.tmLanguage.json"), "attribute"), offered(&["ATTRIBUTE"]));
}

#[test]
fn every_file_of_the_extension_is_there() {
    let package = syntax("package.json");
    let grammars = package["contributes"]["grammars"].as_array().expect("grammars");
    for grammar in grammars {
        let path = grammar["path"].as_str().expect("a path").trim_start_matches("./");
        assert_eq!(syntax(path)["scopeName"], grammar["scopeName"], "{path}");
    }
    let language = &package["contributes"]["languages"][0];
    assert_eq!(language["extensions"][0], ".gradus");
    syntax(language["configuration"].as_str().expect("a path").trim_start_matches("./"));
}
