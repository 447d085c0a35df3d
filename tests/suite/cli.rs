//! The command line as the contract has it: exit codes, usage errors, formats, values, errors in JSON.

use super::binary::{Directory, Run, gradus, gradus_in, gradus_with};
use serde_json::{Value, json};

const LECTURE: &str = "s = u^T f(W x + b)";

#[track_caller]
fn derived(args: &[&str]) -> String {
    let run = gradus(args);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{args:?}: {run:?}");
    run.stdout
}

/// In text mode an error is on standard error, with nothing on standard output.
#[track_caller]
fn refused(run: &Run, code: i32, mentions: &[&str]) {
    assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{run:?}");
    for m in mentions {
        assert!(run.stderr.contains(m), "`{m}` is not in {}", run.stderr);
    }
}

#[track_caller]
fn json_error(args: &[&str], code: i32) -> Value {
    let run = gradus(&[args, &["--format", "json"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (code, ""), "{run:?}");
    let json = run.json();
    assert_eq!(json["schema"], 1);
    json["error"].clone()
}

// ---- documents

#[test]
fn derive_is_the_default_command() {
    assert_eq!(derived(&[LECTURE]), derived(&["derive", LECTURE]));
}

#[test]
fn a_document_comes_as_text_as_a_file_or_on_standard_input() {
    let directory = Directory::new("documents");
    let file = directory.file("network.gradus", LECTURE);
    let text = derived(&[LECTURE]);
    assert_eq!(derived(&[&file]), text);
    assert_eq!(gradus_with(&["derive", "-"], LECTURE.as_bytes()).stdout, text);
    assert_eq!(gradus_with(&["-"], LECTURE.as_bytes()).stdout, text);
    // a pipe is a document
    assert_eq!(gradus_with(&[], LECTURE.as_bytes()).stdout, text);
    assert_eq!(gradus_with(&["--wrt", "W"], LECTURE.as_bytes()).stdout, derived(&[LECTURE, "--wrt", "W"]));
    let claim = gradus_with(&["check", "--wrt", "b", "--claim", "u .* f'(W x + b)"], LECTURE.as_bytes());
    assert_eq!(claim.code, 0, "{claim:?}");
}

#[test]
fn a_file_takes_what_would_be_printed_in_the_format_of_its_ending() {
    let directory = Directory::new("output");
    let written = |args: &[&str], name: &str| {
        let path = directory.file(name, "old");
        let run = gradus(&[args, &["-o", &path]].concat());
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""), "{args:?}");
        (run.code, std::fs::read_to_string(path).expect("it is written"))
    };
    for (name, format) in [
        ("a.tex", "latex"),
        ("a.md", "markdown"),
        ("a.typ", "typst"),
        ("a.html", "mathml"),
        ("a.json", "json"),
        ("a", "unicode"),
    ] {
        assert_eq!(written(&[LECTURE], name), (0, derived(&[LECTURE, "--format", format])), "{name}");
    }
    assert_eq!(written(&[LECTURE, "--format", "ascii"], "b.tex").1, derived(&[LECTURE, "--format", "ascii"]));
    assert_eq!(written(&["graph", LECTURE], "g.dot").1, derived(&["graph", LECTURE, "--format", "dot"]));
    let (code, verdict) = written(&["check", "s = x^T x", "--claim", "x"], "v.txt");
    assert!(code == 1 && verdict.contains("a factor 2 is missing"), "{verdict}");
    // what is refused leaves the file as it was
    let path = directory.file("kept.tex", "old");
    refused(&gradus(&["s = x +", "-o", &path]), 2, &["syntax"]);
    assert_eq!(std::fs::read_to_string(path).expect("it is there"), "old");
    refused(&gradus(&[LECTURE, "-o", "no/such/directory/a.tex"]), 2, &["cannot write no/such/directory/a.tex"]);
}

#[test]
fn a_command_with_a_slip_of_the_hand_is_proposed() {
    for (typed, meant) in [("dervie", "derive"), ("chekc", "check"), ("simplfy", "simplify"), ("graphs", "graph")] {
        let asked: [&[&str]; 2] = [&[typed, LECTURE], &[typed]];
        for args in asked {
            refused(
                &gradus(args),
                2,
                &[&format!("there is no command `{typed}`"), &format!("did you mean `gradus {meant}`?")],
            );
        }
    }
    // a document of one word is one
    assert_eq!(gradus(&["alpha"]).code, 0);
}

#[test]
fn every_command_has_a_man_page() {
    let pages = |name: &str| derived(&["man", name]);
    assert!(derived(&["man"]).contains(".TH gradus 1"));
    for name in ["derive", "check", "equal", "simplify", "rules", "graph", "notes", "test", "repl"] {
        let page = pages(name);
        assert!(page.contains(&format!(".TH GRADUS-{} 1", name.to_uppercase())), "{page}");
        assert!(page.contains(&format!("gradus {name}")) && page.contains(".SH OPTIONS"), "{page}");
    }
    refused(&gradus(&["man", "nothing"]), 2, &["there is no command `nothing`"]);
}

#[test]
fn a_file_may_end_in_a_newline_and_begin_with_a_byte_order_mark() {
    let run = gradus_with(&["-"], format!("\u{feff}{LECTURE}\r\n").as_bytes());
    assert_eq!(run.stdout, derived(&[LECTURE]), "{run:?}");
}

#[test]
fn a_missing_file_is_a_usage_error() {
    refused(&gradus(&["derive", "missing.gradus"]), 2, &["missing.gradus", "usage"]);
}

#[test]
fn a_directory_is_no_document() {
    let directory = Directory::new("no-document");
    std::fs::create_dir_all(directory.path().join("folder.gradus")).expect("a directory");
    refused(&gradus_in(directory.path(), &["derive", "folder.gradus"], b""), 2, &["folder.gradus"]);
}

#[test]
fn bytes_that_are_not_utf8_are_refused_with_their_place() {
    let run = gradus_with(&["-"], b"s = u^T \xff x");
    refused(&run, 2, &["UTF-8", "0xff", "offset 8"]);
}

#[test]
fn nul_bytes_are_refused_with_their_place() {
    let run = gradus_with(&["-", "--format", "json"], b"s = u^T \0 x");
    assert_eq!(run.code, 2);
    let error = &run.json()["error"];
    assert_eq!(
        (&error["kind"], &error["spans"][0]["start"], &error["spans"][0]["end"]),
        (&json!("syntax"), &json!(8), &json!(9))
    );
}

#[test]
fn an_empty_document_says_what_to_write() {
    for text in ["", "  \n", "# nothing but a comment"] {
        refused(&gradus_with(&["-"], text.as_bytes()), 2, &["empty", "s = "]);
    }
    refused(&gradus(&["W: n x m"]), 2, &["nothing to derive"]);
}

#[test]
fn a_document_beyond_the_limit_is_exit_code_3() {
    let long = " ".repeat((1 << 20) + 1);
    let run = gradus_with(&["-", "--format", "json"], long.as_bytes());
    assert_eq!((run.code, &run.json()["error"]["kind"]), (3, &json!("limit")));
}

/// The same limit, whatever is asked and however it is printed.
#[test]
fn a_spent_budget_is_exit_code_3_and_no_answer() {
    let (document, told) = ("silu(λ/exp(λ))", "this takes more work than gradus does for one question");
    let text = gradus(&["derive", document, "--order", "6", "--format", "latex"]);
    assert_eq!((text.code, text.stdout.as_str()), (3, ""));
    assert!(text.stderr.contains(told) && text.stderr.contains("help: "), "{}", text.stderr);
    let run = gradus(&["check", document, "--wrt", "λ", "--order", "6", "--claim", "λ", "--format", "json"]);
    assert_eq!(
        (run.code, &run.json()["error"]["kind"], &run.json()["error"]["message"]),
        (3, &json!("limit"), &json!(told))
    );
}

/// Tidying is what a derivation can do without: what is left untidied is derived, in every format.
#[test]
fn a_small_document_is_derived_although_it_cannot_all_be_tidied() {
    let text = gradus(&["silu(λ/exp(λ))", "--order", "3"]);
    let json = gradus(&["silu(λ/exp(λ))", "--order", "3", "--format", "json"]);
    assert!(text.code == 0 && text.stdout.contains("✓ agrees with automatic differentiation"), "{text:?}");
    assert_eq!((json.code, &json.json()["derivatives"][0]["order"]), (0, &json!(3)));
}

// ---- usage

#[test]
fn unknown_options_and_values_are_usage_errors() {
    refused(&gradus(&["derive", LECTURE, "--form", "sideways"]), 2, &["sideways", "shape", "jacobian", "both"]);
    refused(&gradus(&["derive", LECTURE, "--format", "word"]), 2, &["word", "unicode", "latex", "json"]);
    refused(&gradus(&["derive", LECTURE, "--fast"]), 2, &["--fast"]);
    refused(&gradus(&["derive", LECTURE, "--inline", "--shared"]), 2, &["--inline", "--shared"]);
    refused(&gradus(&["derive"]), 2, &["there is no document", "through a pipe"]);
    refused(&gradus(&["derive", LECTURE, "s = x^T x"]), 2, &["s = x^T x"]);
}

#[test]
fn orders_out_of_range_are_refused() {
    refused(&gradus(&["derive", LECTURE, "--order", "0"]), 2, &["--order 0", "1 or more"]);
    refused(&gradus(&["derive", LECTURE, "--order", "-1"]), 2, &["--order"]);
    refused(&gradus(&["derive", LECTURE, "--order", "1000000"]), 3, &["1000000", "limit"]);
    assert_eq!(json_error(&["derive", LECTURE, "--order", "0"], 2)["kind"], "usage");
}

#[test]
fn help_and_version_are_answers() {
    let help = derived(&["--help"]);
    assert!(help.contains("derive") && help.contains("rules") && help.contains("completions"), "{help}");
    assert!(derived(&["derive", "--help"]).contains("--wrt"));
    assert_eq!(derived(&["--version"]), format!("gradus {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn without_arguments_and_without_a_pipe_there_is_no_document() {
    refused(&gradus(&[]), 2, &["there is no document", "`gradus --help`"]);
}

// ---- what is differentiated, and by what

fn targets(args: &[&str]) -> Vec<String> {
    let json = gradus(&[args, &["--format", "json"]].concat()).json();
    let derivatives = json["derivatives"].as_array().cloned().unwrap_or_default();
    derivatives.iter().map(|d| d["wrt"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn targets_are_the_variables_in_order_of_appearance() {
    assert_eq!(targets(&[LECTURE]), ["u", "W", "x", "b"]);
    assert_eq!(targets(&["x: n constant; s = u^T f(W x + b)"]), ["u", "W", "b"]);
}

#[test]
fn targets_are_listed_with_commas_or_one_by_one() {
    assert_eq!(targets(&[LECTURE, "--wrt", "b,W"]), ["b", "W"]);
    assert_eq!(targets(&[LECTURE, "--wrt", "b", "--wrt", "W"]), ["b", "W"]);
}

#[test]
fn targets_may_be_stacks_and_intermediates() {
    assert_eq!(targets(&["s = a^T x + b^T y", "--wrt", "[x; y],a"]), ["[x; y]", "a"]);
    assert_eq!(targets(&["z = W x; s = u^T f(z)", "--wrt", "z"]), ["z"]);
}

#[test]
fn of_chooses_what_is_differentiated() {
    let json = gradus(&["z = W x + b; s = u^T f(z)", "--of", "z", "--wrt", "x", "--format", "json"]).json();
    let d = &json["derivatives"][0];
    assert_eq!((&json["of"], &d["form"], &d["result"]["ascii"]), (&json!("z"), &json!("jacobian"), &json!("W")));
}

#[test]
fn unknown_targets_are_refused_with_a_proposal() {
    refused(&gradus(&[LECTURE, "--wrt", "w"]), 2, &["`w`", "did you mean `W`"]);
    refused(&gradus(&[LECTURE, "--wrt", "f"]), 2, &["`f` is a function"]);
    refused(&gradus(&[LECTURE, "--of", "t"]), 2, &["`t`"]);
    refused(&gradus(&[LECTURE, "--of", "W"]), 2, &["`W`", "not a definition"]);
    refused(&gradus(&[LECTURE, "--wrt", "2 W"]), 2, &["not a target"]);
}

#[test]
fn the_shape_convention_is_for_scalars() {
    refused(&gradus(&["W x", "--form", "shape"]), 2, &["not a scalar", "--form jacobian"]);
}

// ---- formats

#[test]
fn every_format_prints_the_same_derivation() {
    assert!(derived(&[LECTURE]).contains("∂s/∂x = Wᵀ δ"));
    let ascii = derived(&[LECTURE, "--format", "ascii"]);
    assert!(ascii.contains("ds/dx = W^T delta") && ascii.is_ascii(), "{ascii}");
    assert!(derived(&[LECTURE, "--format", "latex"]).contains(r"W^\top \delta"));
    assert!(derived(&[LECTURE, "--format", "markdown"]).contains('$'));
    let inline = derived(&[LECTURE, "--inline"]);
    assert!(inline.contains("∂s/∂x = Wᵀ (u ∘ f'(W x + b))") && !inline.contains('δ'), "{inline}");
}

#[test]
fn json_has_every_field_of_the_contract() {
    let json = gradus(&[LECTURE, "--wrt", "W", "--steps", "--format", "json"]).json();
    assert_eq!((&json["schema"], &json["of"], &json["shape"]), (&json!(1), &json!("s"), &json!([])));
    assert_eq!((&json["expression"], &json["notes"]), (&json!("u^T f(W x + b)"), &json!([])));
    let d = &json["derivatives"][0];
    assert_eq!(
        (&d["wrt"], &d["order"], &d["form"], &d["shape"]),
        (&json!("W"), &json!(1), &json!("shape"), &json!(["n", "m"]))
    );
    assert_eq!(d["inlined"]["ascii"], "(u .* f'(W x + b)) x^T");
    assert_eq!(d["size"], 11);
    for spelling in ["unicode", "ascii", "latex"] {
        assert!(d["result"][spelling].is_string() && d["inlined"][spelling].is_string(), "{d:#}");
    }
    assert!(d["shared"].as_array().is_some_and(|s| s.iter().any(|s| s["name"] == "z" && s["ascii"].is_string())));
    for step in d["steps"].as_array().expect("steps") {
        for field in ["rule", "before", "after", "why"] {
            assert!(step[field].as_str().is_some_and(|t| !t.is_empty()), "{field} of {step:#}");
        }
    }
    assert_eq!((&d["check"]["verdict"], &d["check"]["points"]), (&json!("agrees"), &json!(3)));
    assert!(d["check"]["max_rel_error"].as_f64().is_some_and(|e| e < 1e-8));
    assert!(d.get("value").is_none() && json.get("value").is_none());
}

#[test]
fn the_check_can_be_left_out() {
    let json = gradus(&[LECTURE, "--no-check", "--format", "json"]).json();
    assert_eq!(json["derivatives"][0]["check"]["verdict"], "not checked");
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let run = gradus(&[LECTURE, "--format", "latex", "--steps"]);
    assert_eq!(run.code, 0);
}

// ---- values

#[test]
fn values_are_computed_at_the_given_point() {
    let directory = Directory::new("values");
    let at = directory.file("values.json", r#"{"x": [1, 2], "A": [[1, 2], [3, 4]]}"#);
    let json = gradus(&["s = x^T A x", "--at", &at, "--format", "json"]).json();
    assert_eq!(json["value"], json!(27.0));
    let value = |i: usize| json["derivatives"][i]["value"].clone();
    assert_eq!(value(0), json!([12.0, 21.0]), "∂s/∂x = (A + Aᵀ) x");
    assert_eq!(value(1), json!([[1.0, 2.0], [2.0, 4.0]]), "∂s/∂A = x xᵀ");
}

#[test]
fn values_may_stand_under_a_key_and_bind_functions() {
    let directory = Directory::new("bound");
    let at = directory.file("values.json", r#"{"values": {"w": [0.5], "x": [2], "f": "tanh"}}"#);
    let json = gradus(&["s = w^T f(x)", "--wrt", "x", "--at", &at, "--format", "json"]).json();
    let slope = json["derivatives"][0]["value"][0].as_f64().expect("a number");
    assert!((slope - 0.5 * (1.0 - 2f64.tanh().powi(2))).abs() < 1e-12, "{json:#}");
}

#[test]
fn the_value_of_a_jacobian_is_rows_of_rows() {
    let directory = Directory::new("rows");
    let at = directory.file("values.json", r#"{"x": [1, 2], "a": [3, 4]}"#);
    let json = gradus(&["a^T x", "--wrt", "x", "--form", "jacobian", "--at", &at, "--format", "json"]).json();
    assert_eq!(json["derivatives"][0]["value"], json!([[3.0, 4.0]]));
}

#[test]
fn bad_values_are_refused() {
    let directory = Directory::new("bad-values");
    let kind = |name: &str, content: &str, document: &str| {
        let at = directory.file(name, content);
        json_error(&["derive", document, "--at", &at], 2)
    };
    let missing = kind("missing.json", r#"{"x": [1, 2]}"#, "s = x^T A x");
    assert!(missing["message"].as_str().is_some_and(|m| m.contains('A')), "{missing}");
    assert_eq!(kind("shape.json", r#"{"x": [1, 2], "A": [[1, 2, 3]]}"#, "s = x^T A x")["kind"], "shape");
    assert_eq!(kind("domain.json", r#"{"x": -1}"#, "x: scalar; s = log(x)")["kind"], "domain");
    assert_eq!(kind("broken.json", "{", "s = x^T x")["kind"], "usage");
    assert_eq!(json_error(&["derive", LECTURE, "--at", "missing.json"], 2)["kind"], "usage");
}

// ---- errors

#[test]
fn a_shape_error_names_both_sides_and_where_their_sizes_come_from() {
    let error = json_error(&["A: n x m; x: n; A x"], 2);
    assert_eq!(error["kind"], "shape");
    let message = error["message"].as_str().expect("a message");
    assert!(["`A`", "`x`", "n×m"].iter().all(|m| message.contains(m)), "{message}");
    let span = |text: &str| {
        error["spans"]
            .as_array()
            .is_some_and(|s| s.iter().any(|s| s["label"].as_str().is_some_and(|l| l.contains(text))))
    };
    assert!(span("`A` is declared here") && span("`x` is declared here"), "{error:#}");
}

#[test]
fn every_error_of_a_document_is_reported() {
    let run = gradus(&["s = (1 +", "--format", "json"]);
    assert_eq!(run.json()["error"]["kind"], "syntax");
    let text = gradus(&["s = (1 +"]).stderr;
    assert!(text.contains("document:1:5") && text.contains("help:"), "{text}");
}

#[test]
fn errors_have_the_kinds_of_the_contract() {
    let kind = |document: &str| json_error(&[document], 2)["kind"].as_str().unwrap_or_default().to_owned();
    assert_eq!(kind("s = u^T ("), "syntax");
    assert_eq!(kind("x = 1 + y; y = 1 + x; s = x"), "name");
    assert_eq!(kind("x: n; y: m; x + y"), "shape");
    assert_eq!(kind("s = tr(expm(X))"), "unsupported");
    assert_eq!(kind("s = 3"), "usage");
}

#[test]
fn deep_nesting_ends_in_an_answer_or_a_limit() {
    let deep = format!("s = {}x{}", "(".repeat(100_000), ")".repeat(100_000));
    let run = gradus_with(&["-"], deep.as_bytes());
    assert!([0, 2, 3].contains(&run.code), "{}", run.code);
}

// ---- the rule book

#[test]
fn the_rule_book_lists_and_shows_rules() {
    let book = derived(&["rules"]);
    let rule = derived(&["rules", "transpose_mul"]);
    assert!(book.contains("transpose_mul") && book.contains("Differentials"), "{book}");
    assert!(["(A B)ᵀ = Bᵀ Aᵀ", "why:", "given:", "source:", "LaTeX:"].iter().all(|m| rule.contains(m)), "{rule}");
    refused(&gradus(&["rules", "transpose_mull"]), 2, &["transpose_mull", "did you mean `transpose_mul`"]);
}

// ---- values

#[test]
fn a_key_that_the_values_have_twice_is_refused_by_name_and_place() {
    let directory = Directory::new("twice");
    for (values, places) in [
        (r#"{"x": [1, 2], "x": [3, 4]}"#, "the key \"x\" twice, at 1:2 and 1:15"),
        ("{\n  \"x\": [1],\n  \"\\u0078\": [2]\n}", "the key \"x\" twice, at 2:3 and 3:3"),
        (r#"{"values": {"x": [1]}, "values": {"x": [2]}}"#, "the key \"values\" twice, at 1:2 and 1:24"),
        (r#"{"values": {"x": [1], "µ": 1, "x": [2]}}"#, "the key \"x\" twice, at 1:13 and 1:31"),
    ] {
        directory.file("at.json", values);
        let by = ["--wrt", "x", "--at", "at.json"];
        refused(&gradus_in(directory.path(), &[&["x: n; s = x^T x"], &by[..]].concat(), b""), 2, &[places]);
        let check =
            gradus_in(directory.path(), &[&["check", "x: n; s = x^T x", "--claim", "2 x"], &by[..]].concat(), b"");
        refused(&check, 2, &[places]);
    }
    directory.file("at.json", r#"{"x": [1, 2], "f": "tanh"}"#);
    let run = gradus_in(directory.path(), &["s = sum(f(x))", "--at", "at.json"], b"");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    // two spellings of one name
    directory.file("at.json", r#"{"x_1": [1], "x1": [2]}"#);
    refused(&gradus_in(directory.path(), &["s = x_1^T x_1", "--at", "at.json"], b""), 2, &["x_1 has two values"]);
}

/// The pairing with the direction is gradus' own affair: what is told is told of the document's value.
#[test]
fn products_with_a_direction_speak_of_what_was_asked() {
    let directory = Directory::new("asked");
    directory.file("at.json", r#"{"x": [1, 2], "A": [[1, 2], [3, 4]], "v": [1, 1]}"#);
    let json = |document: &str, product: [&str; 2]| {
        let args = [&[document, "--wrt", "x", "--format", "json", "--at", "at.json"], &product[..]].concat();
        gradus_in(directory.path(), &args, b"").json()
    };
    let s = json("s = x^T A x", ["--hvp", "v"]);
    assert_eq!((&s["of"], &s["expression"], &s["shape"]), (&json!("s"), &json!("x^T A x"), &json!([])));
    assert_eq!((&s["value"], &s["derivatives"][0]["value"]), (&json!(27.0), &json!([7.0, 13.0])));
    let y = json("y = A x", ["--vjp", "v"]);
    assert_eq!((&y["of"], &y["expression"], &y["shape"]), (&json!("y"), &json!("A x"), &json!(["n"])));
    assert_eq!((&y["value"], &y["derivatives"][0]["value"]), (&json!([5.0, 11.0]), &json!([4.0, 6.0])));
    // a bare expression bears the letter that steps know it by
    for (document, product) in [("A x", ["--vjp", "v"]), ("A x", ["--jvp", "v"]), ("x^T A x", ["--hvp", "v"])] {
        let (bare, named) = (json(document, product), json(&format!("t = {document}"), product));
        assert_eq!((&bare["value"], &bare["expression"]), (&named["value"], &named["expression"]));
        assert_eq!(bare["derivatives"][0]["value"], named["derivatives"][0]["value"]);
        assert_eq!(bare["of"], if document == "A x" { "y" } else { "s" });
    }
    let steps = derived(&["f(A x)", "--wrt", "x", "--vjp", "g", "--steps"]);
    assert!(
        steps.contains("what q hands to y") && steps.contains("= ⟨g, dy⟩") && steps.contains("y = f(z)"),
        "{steps}"
    );
    let zero = derived(&["s = b^T x", "--wrt", "x", "--hvp", "v"]);
    assert!(zero.contains("warning: the gradient of s does not depend on x"), "{zero}");
    let zero = derived(&["x: n; s = b^T A b", "--wrt", "x", "--vjp", "g"]);
    assert!(zero.contains("warning: s does not depend on x"), "{zero}");
}

// ---- what cannot be written

#[cfg(unix)]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let shell = |script: &str| {
        let script = format!("gradus() {{ '{}' \"$@\"; }}; {script}", env!("CARGO_BIN_EXE_gradus"));
        let output = std::process::Command::new("sh").args(["-c", &script]).output().expect("a shell");
        (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
    };
    let commands = [
        "'s = x^T x'",
        "'s = x^T x' --format json",
        "check 's = x^T x' --wrt x --claim '2 x'",
        "equal 'x' 'x'",
        "simplify 'x + x'",
        "graph 's = x^T x'",
        "rules",
        "rules d_mul",
        "completions bash",
        "man",
        "help",
        "help derive",
        "--help",
        "--version",
        "derive --help",
        "test .",
        "'s = ('  --format json",
        "repl < /dev/null; echo 's = x^T x' | gradus repl",
    ];
    for command in commands {
        let ways = [">&-", ">/dev/full", "1</dev/null"];
        for nowhere in if command.starts_with('\'') { &ways[..] } else { &ways[..1] } {
            if *nowhere == ">/dev/full" && !std::path::Path::new("/dev/full").exists() {
                continue;
            }
            let (code, stderr) = shell(&format!("{{ gradus {command}; }} {nowhere}"));
            assert_eq!(code, Some(2), "{command} {nowhere}: {stderr}");
            assert!(stderr.contains("standard output cannot be written"), "{command} {nowhere}: {stderr}");
        }
    }
    for (script, code) in [
        ("gradus man | true", 0),
        ("{ gradus 's = x^T x'; echo $? >&2; } | true", 0),
        ("gradus 's = x^T x' >/dev/null", 0),
        ("gradus 's = x^T x' 1<>/dev/null", 0),
        ("gradus 's = (' >&-", 2),
        ("gradus equal 'x' 'x + 1' >&-", 2),
    ] {
        let (found, stderr) = shell(script);
        assert_eq!(found, Some(code), "{script}: {stderr}");
        assert!(!stderr.contains("written") || script.contains("equal"), "{script}: {stderr}");
    }
}
