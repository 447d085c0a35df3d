//! Notes, books and documents of Pandoc: their blocks are filled in place, repeatably, and errors name the place in the
//! file. mdBook and Pandoc themselves are not needed here: their protocols are replayed from recorded JSON
//! (`.ci/run` runs the real ones).

use super::binary::{Directory, Run, gradus_in, gradus_with, run_binary};
use gradus::internals::derive::Options;
use gradus::internals::fuel::SharedFuel;
use gradus_cli::notes::{Derived, Markup, Refused, fill};

const MDBOOK: &str = include_str!("recorded/mdbook.json");
const PANDOC: &str = include_str!("recorded/pandoc.json");

/// Fills a note on disk and gives back its text.
#[track_caller]
fn filled(name: &str, text: &str) -> String {
    let directory = Directory::new(&format!("filled-{name}"));
    let path = directory.file(name, text);
    let run = gradus_in(directory.path(), &["notes", name], b"");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let once = std::fs::read_to_string(&path).expect("the note");
    let again = gradus_in(directory.path(), &["notes", "--check", name], b"");
    assert_eq!(again.code, 0, "filling twice changes nothing: {}", again.stdout);
    once
}

#[track_caller]
fn snapshot(name: &str, text: &str) {
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(format!("notes.{name}"), text);
    });
}

/// Runs `gradus notes` on a note and expects it to fail without touching it.
#[track_caller]
fn refused(name: &str, text: &str) -> Run {
    let directory = Directory::new(&format!("refused-{}-{}", name, text.len()));
    let path = directory.file(name, text);
    let run = gradus_in(directory.path(), &["notes", name], b"");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert_eq!(std::fs::read_to_string(path).expect("the note"), text, "a note with an error is left as it is");
    run
}

#[track_caller]
fn mentions(text: &str, all: &[&str]) {
    for m in all {
        assert!(text.contains(m), "`{m}` is not in\n{text}");
    }
}

// ---- claims and pictures

#[test]
fn a_block_may_judge_a_claim_or_draw_the_graph() {
    let note = "~~~gradus check wrt=x claim=\"A x + A^T x\"\ns = x^T A x\n~~~\n\n\
        ~~~gradus claim=\"A x\" wrt=x reasons=none\ns = x^T A x\n~~~\n\n\
        ~~~gradus check format=ascii\nx: n; f = x^T x; \\nabla_x f = 2 x\n~~~\n\n\
        ~~~gradus graph\ns = a^T x\n~~~\n\n~~~gradus picture=svg\ns = a^T x\n~~~\n";
    let text = filled("claims.md", note);
    mentions(&text, &["yes, this is right", "no, this is wrong", "slip:", "```mermaid\nflowchart TD", "<svg xmlns"]);
    // no figure of the check, which machines round differently; no word on the claim that is being judged
    assert!(!text.contains("max rel. error") && !text.contains("gradus check` tells"), "{text}");
    let latex = filled(
        "claims.tex",
        "\\begin{gradus}[graph]\ns = a^T x\n\\end{gradus}\n\\begin{gradus}[check wrt=x claim={a}]\ns = a^T x\n\\end{gradus}\n",
    );
    mentions(&latex, &["\\begin{tikzpicture}", "yes, this is right"]);
}

#[test]
fn what_is_wrong_with_a_question_has_its_place_in_the_note() {
    let note = "# A\n\n~~~gradus wrt=Q\ns = a^T x\n~~~\n\n~~~gradus wrt=x claim=\"2 q\"\ns = a^T x\n~~~\n\n~~~gradus check\ns = a^T x\n~~~\n";
    let run = refused("places.md", note);
    mentions(&run.stderr, &["there is no variable `Q`", "places.md:3:1", "unknown name `q`", "places.md:7:1"]);
    mentions(&run.stderr, &["there is no claim to check", "places.md:11:1"]);
}

// ---- Markdown

#[test]
fn blocks_of_markdown_are_filled_where_they_stand() {
    let note = "# Lecture\n\n```gradus wrt=W,x\ns = u^T f(W x + b)\n```\nRight below.\n\n\
        1. In a list:\n\n   ```gradus format=unicode\n   s = x^T A x\n   ```\n2. next\n\n\
        > ~~~ {.gradus form=jacobian}\n> #| wrt=\"[x; y]\"\n> x: scalar; y: scalar\n> F = [x^2 y; 5 x + sin(y)]\n> ~~~\n> quoted\n\n\
        ```rust\nlet x = 1;\n```\n\nNot `gradus` inline, and no fence of a longer one:\n\n````text\n```gradus\nx\n```\n````\n";
    snapshot("markdown", &filled("note.md", note));
}

#[test]
fn what_was_derived_before_is_replaced() {
    for (name, note) in [
        ("replaced.md", "Text.\n\n> ```gradus wrt=x\n> s = a^T x\n> ```\n> end\n"),
        ("replaced.tex", "\\begin{gradus}\n#| wrt=x\ns = a^T x\n\\end{gradus}\nend\n"),
    ] {
        let old = filled(name, note);
        let new = filled(name, &old.replace("s = a^T x", "s = b^T x"));
        assert!(new.contains("&= b ") && !new.contains("&= a ") && new.ends_with("end\n"), "{new}");
        assert_eq!(
            (new.matches("gradus: derived").count(), new.matches("gradus: end, checksum").count()),
            (1, 1),
            "{new}"
        );
    }
}

// ---- what a person writes between the marks

/// Writes into what was derived, changes the block too, and fills again: the text stays, the error names its line, and
/// `--force` writes over it.
#[track_caller]
fn kept(name: &str, note: &str, edit: impl Fn(&str) -> String, line: usize) {
    let directory = Directory::new(&format!("kept-{name}"));
    let edited = edit(&filled(name, note));
    for (text, at) in
        [(edited.clone(), format!("{name}:{line}:")), (edited.replace("a^T x", "b^T x"), format!("{line} │"))]
    {
        let path = directory.file(name, &text);
        let read = || std::fs::read_to_string(&path).expect("the note");
        let run = gradus_in(directory.path(), &["notes", name], b"");
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        mentions(&run.stderr, &[&at, "mine", "--force"]);
        assert_eq!(read(), text);
        let run = gradus_in(directory.path(), &["notes", "--check", name], b"");
        assert_eq!(run.code, 1, "{run:?}");
        mentions(&run.stdout, &["what stands between the marks"]);
        assert_eq!(gradus_in(directory.path(), &["notes", "--force", name], b"").code, 0);
        assert!(!read().contains("mine"), "{}", read());
        assert_eq!(gradus_in(directory.path(), &["notes", "--check", name], b"").code, 0);
    }
}

#[test]
fn text_of_a_person_between_the_marks_is_never_deleted_in_silence() {
    let note = "Text.\n\n```gradus wrt=x\ns = a^T x\n```\n";
    let before_end = |text: &str| text.replace("<!-- gradus: end", "This is mine.\n\n<!-- gradus: end");
    kept("end.md", note, before_end, 17);
    kept("first.md", note, |text| text.replace("$$\n\\begin", "This is mine.\n\n$$\n\\begin"), 9);
    kept("within.md", note, |text| text.replace("&= a ", "&= a % mine"), 11);
    kept(
        "instead.md",
        note,
        |text| text[..text.find("$$").expect("derived")].to_owned() + "mine\n<!-- gradus: end -->\n",
        9,
    );
    let block = "```gradus\nmine = x^T x\n```\n\n<!-- gradus: end";
    kept("block.md", note, |text| text.replace("<!-- gradus: end", block), 17);
    let quoted = "> ```gradus wrt=x\n> s = a^T x\n> ```\n";
    kept("quoted.md", quoted, |text| text.replace("> <!-- gradus: end", "> mine\n> <!-- gradus: end"), 15);
    let latex = "\\begin{gradus}[wrt=x]\ns = a^T x\n\\end{gradus}\n";
    kept("end.tex", latex, |text| text.replace("% gradus: end", "mine\n% gradus: end"), 9);
}

#[test]
fn marks_of_old_without_checksums_go_on_working() {
    let directory = Directory::new("marks-of-old");
    let new = filled("old.md", "```gradus wrt=x\ns = a^T x\n```\nText.\n");
    let sum = new.find(", checksum ").expect("a checksum");
    let old = format!("{}{}", &new[..sum], &new[sum + ", checksum 01234567".len()..]);
    let path = directory.file("old.md", &old);
    assert_eq!(gradus_in(directory.path(), &["notes", "--check", "old.md"], b"").code, 0, "it is as derived");
    let run = gradus_in(directory.path(), &["notes", "old.md"], b"");
    assert_eq!((run.code, run.stdout.as_str()), (0, "old.md: 1 block, as derived\n"), "{run:?}");
    assert_eq!(std::fs::read_to_string(&path).expect("the note"), new, "its marks have checksums from now on");
    // whether the old text is gradus' or someone else's, nobody can say
    directory.file("old.md", old.replace("a^T x", "b^T x"));
    let run = gradus_in(directory.path(), &["notes", "old.md"], b"");
    assert_eq!(run.code, 2);
    mentions(&run.stderr, &["no checksum", "--force", "old.md:9:3"]);
}

#[test]
fn what_editors_do_to_spaces_is_no_text_of_a_person() {
    let note = filled("spaces.md", "- item\n\n  ```gradus wrt=x\n  s = a^T x\n  ```\n");
    let spaced =
        note.replace("\n  &=", "\n     &=").replace("\n\n", "\n\n\n").replace('\n', "\r\n").replace("a^T x", "b^T x");
    let run = filled("spaces.md", &spaced);
    assert!(run.contains("&= b "), "{run}");
}

#[test]
fn a_derived_part_ends_before_the_next_begins() {
    let two = filled("two.md", "```gradus\ns = a^T x\n```\n\n```gradus\ns = b^T x\n```\n");
    let end = two.find("<!-- gradus: end").expect("the first");
    let without = two[..end].to_owned() + two[end..].split_once('\n').expect("a line").1;
    mentions(&refused("without.md", &without).stderr, &["has no end", "without.md:5:1"]);
}

// ---- files

/// The limit on the size of files ends the process within a write.
#[cfg(unix)]
#[test]
fn a_note_is_whole_whenever_gradus_is_killed() {
    let directory = Directory::new("killed");
    let note = format!("```gradus\ns = a^T x\n```\n{}", "Text.\n".repeat(10_000));
    let path = directory.file("long.md", &note);
    let binary = env!("CARGO_BIN_EXE_gradus");
    let script = format!("ulimit -c 0; ulimit -f 8; exec '{binary}' notes long.md");
    let status = std::process::Command::new("sh").args(["-c", &script]).current_dir(directory.path()).status();
    assert_ne!(status.expect("a shell").code(), Some(0));
    assert_eq!(std::fs::read_to_string(&path).expect("the note"), note);
    assert_eq!(gradus_in(directory.path(), &["notes", "long.md"], b"").code, 0);
}

#[cfg(unix)]
#[test]
fn permissions_and_links_of_a_note_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let directory = Directory::new("links");
    let path = directory.file("note.md", "```gradus\ns = a^T x\n```\n");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o604)).expect("they are set");
    symlink("note.md", directory.path().join("link.md")).expect("a link");
    let run = gradus_in(directory.path(), &["notes", "link.md"], b"");
    assert_eq!((run.code, run.stdout.as_str()), (0, "link.md: 1 block, 1 filled anew\n"));
    assert!(directory.path().join("link.md").is_symlink());
    assert_eq!(std::fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o604);
    assert!(std::fs::read_to_string(&path).expect("the note").contains("gradus: end"));
}

// ---- one budget for a file

#[test]
fn a_budget_that_runs_out_keeps_what_is_done_and_says_where() {
    let note = "```gradus\na\n```\n\n```gradus\nb\n```\n\n```gradus\nc\n```\n";
    let derive = |text: &'static str| {
        move |block: &gradus_cli::notes::NoteBlock| match block.text.as_str() {
            "b\n" if text == "new" => Err(Refused::Spent),
            _ => Ok(Derived { text: text.to_owned(), hide: false }),
        }
    };
    let old = fill(note, Markup::Markdown, derive("old")).expect("it fills").text;
    let filled = fill(&old, Markup::Markdown, derive("new")).expect("what is done is kept");
    assert_eq!((filled.text.matches("new").count(), filled.text.matches("old").count()), (1, 2), "{}", filled.text);
    let spent = filled.unfinished.expect("it says where");
    let at = spent.labels[0].span.start;
    assert!(old[at..].starts_with("```gradus\nb") && spent.labels[0].text.starts_with("1 of 3 blocks"), "{spent:?}");
    assert_eq!(filled.text.len(), old.len());
}

#[test]
fn blocks_burn_from_one_budget_and_each_is_derived_as_if_alone() {
    let block = |i: usize| format!("```gradus\nx: n; s = sum(tanh(A_{i} x) .* log(x))\n```\n\n");
    let note: String = (1..=4).map(block).collect();
    let filled = |budget: &mut SharedFuel| {
        let derive = |block: &gradus_cli::notes::NoteBlock| {
            let found = budget.limited(|| gradus::internals::derive::derive(&block.text, &Options::default()));
            let text = |d: gradus::internals::derive::Derivation| format!("{:?}\n", d.derivatives[0].result);
            match found {
                Ok(d) => Ok(Derived { text: text(d), hide: false }),
                Err(_) if budget.is_spent() => Err(Refused::Spent),
                Err(errors) => Err(Refused::Wrong(errors)),
            }
        };
        fill(&note, Markup::Markdown, derive)
    };
    let whole = filled(&mut SharedFuel::of(u64::MAX / 2)).expect("it fills");
    assert!(whole.unfinished.is_none() && whole.changed == 4, "{}", whole.text);
    let some = (1..).map(|i| filled(&mut SharedFuel::of(5_000 * i)).expect("what is done is kept"));
    let some = some.filter(|f| f.changed > 1).find(|f| f.unfinished.is_some()).expect("a budget for some of them");
    let label = &some.unfinished.expect("it ran out").labels[0];
    assert!(note[label.span.start..].starts_with(block(some.changed + 1).trim_end()), "{label:?}");
    assert_eq!(label.text.split(' ').next(), Some(some.changed.to_string().as_str()));
    assert!(whole.text.starts_with(some.text.split("```gradus\nx: n; s = sum(tanh(A_4").next().expect("a part")));
}

#[test]
fn a_note_may_end_with_its_block_and_end_lines_as_windows_does() {
    let new = filled("end.md", "```gradus\ns = a^T x\n```");
    assert!(new.contains("\n<!-- gradus: end, checksum ") && new.ends_with(" -->\n"), "{new}");
    let new = filled("windows.md", "```gradus\r\nx: n\r\ns = x^T x\r\n```\r\nText.\r\n");
    assert!(new.replace("\r\n", "").find('\n').is_none() && new.contains("2 x"), "{new:?}");
}

#[test]
fn notes_do_not_depend_on_rounding() {
    let new = filled("rounding.md", "```gradus\ns = ||A x - b||_2\n```\n");
    assert!(new.contains("✓ agrees with automatic differentiation") && !new.contains("rel. error"), "{new}");
}

#[test]
fn a_note_without_blocks_stays_as_it_is() {
    for text in ["", "# Title\n\n```rust\n```\n", "no newline"] {
        assert_eq!(filled("plain.md", text), text);
    }
}

// ---- LaTeX

#[test]
fn environments_of_latex_are_filled_where_they_stand() {
    let note = "\\begin{document}\n\\begin{gradus}\n#| wrt=W,x steps\ns = u^\\top f(W x + b)\n\\end{gradus}\nText.\n\
        \\begin{verbatim}\n\\begin{gradus}\nx\n\\end{gradus}\n\\end{verbatim}\n\
        \\begin{itemize}\n\\item\n  \\begin{gradus}[wrt=x format=ascii]\n  s = x^T A x\n  \\end{gradus}\n\\end{itemize}\n\\end{document}\n";
    snapshot("latex", &filled("note.tex", note));
}

// ---- checking

#[test]
fn a_note_that_no_longer_matches_fails_its_check_with_a_diff() {
    let directory = Directory::new("stale");
    let stale =
        filled("stale.md", "Text.\n\n```gradus wrt=x\ns = x^T A x\n```\n").replace("x^T A x", "x^T A x + b^T x");
    let path = directory.file("stale.md", &stale);
    let run = gradus_in(directory.path(), &["notes", "--check", "stale.md"], b"");
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    mentions(
        &run.stdout,
        &["1 no longer as derived", "(A + A^\\top) x && {\\scriptstyle n}\n+", "(A + A^\\top) x + b &&"],
    );
    assert_eq!(std::fs::read_to_string(path).expect("the note"), stale, "--check changes nothing");
}

#[test]
fn several_notes_are_filled_in_one_go() {
    let directory = Directory::new("several");
    directory.file("a.md", "```gradus\ns = a^T x\n```\n");
    directory.file("b.tex", "\\begin{gradus}\ns = a^T x\n\\end{gradus}\n");
    directory.file("c.md", "```gradus\ns = (\n```\n");
    let run = gradus_in(directory.path(), &["notes", "a.md", "c.md", "b.tex"], b"");
    assert_eq!(run.code, 2);
    mentions(&run.stdout, &["a.md: 1 block, 1 filled anew", "b.tex: 1 block, 1 filled anew"]);
    mentions(&run.stderr, &["c.md:2:5"]);
}

// ---- errors

#[test]
fn errors_name_file_line_and_place() {
    let run = refused("shape.md", "Text.\n\n- item\n\n  ```gradus\n  x: 3\n  A: 4 x 5; s = A x\n  ```\n");
    mentions(&run.stderr, &["shape.md:7:17", "`x` is declared here, 3×1", "7 │   A: 4 x 5; s = A x"]);
    let run = refused("quoted.md", "> ```gradus\n> #| wrt=x\n> s = u^T (W x\n> ```\n");
    mentions(&run.stderr, &["quoted.md:3:11"]);
    let run = refused("shape.tex", "\\begin{gradus}\nx: 3\nA: 4 x 5; s = A x\n\\end{gradus}\n");
    mentions(&run.stderr, &["shape.tex:3:15"]);
}

#[test]
fn all_errors_of_a_note_are_reported() {
    let run = refused("both.md", "```gradus\ns = (\n```\n\n```gradus\ns = )\n```\n");
    mentions(&run.stderr, &["both.md:2:", "both.md:6:"]);
}

#[test]
fn options_are_those_of_the_command_line() {
    let run = refused("options.md", "```gradus frm=both\nx^T x\n```\n");
    mentions(&run.stderr, &["unexpected argument 'frm'", "options.md:1:1", "'form'"]);
    mentions(&refused("value.md", "```gradus form=sideways\nx^T x\n```\n").stderr, &["sideways", "shape", "jacobian"]);
    mentions(&refused("quote.md", "```gradus wrt=\"x\nx^T x\n```\n").stderr, &["never closed", "quote.md:1:1"]);
    mentions(&refused("json.md", "```gradus format=json\nx^T x\n```\n").stderr, &["JSON"]);
    mentions(&refused("target.md", "```gradus wrt=y\nx^T x\n```\n").stderr, &["`y`"]);
}

#[test]
fn blocks_and_derived_parts_need_an_end() {
    mentions(&refused("open.md", "```gradus\nx^T x\n").stderr, &["never closed", "open.md:1:1"]);
    mentions(&refused("fence.md", "~~~gradus\nx^T x\n```\n").stderr, &["never closed", "~~~"]);
    mentions(&refused("open.tex", "a\n  \\begin{gradus}\nx^T x\n").stderr, &["never closed", "open.tex:2:3"]);
    let within = "So \\begin{gradus}\nx^T x\n\\end{gradus}\n";
    mentions(&refused("within.tex", within).stderr, &["a line of its own", "within.tex:1:4"]);
    let mark = "```gradus\nx^T x\n```\n\n<!-- gradus: derived from the block above -->\nthe rest of a book\n";
    mentions(&refused("mark.md", mark).stderr, &["has no end", "mark.md:5:1"]);
}

#[test]
fn only_notes_are_taken_for_notes() {
    mentions(&refused("note.docx", "```gradus\nx\n```\n").stderr, &["neither Markdown nor LaTeX", ".md"]);
    let run = gradus_with(&["notes", "missing.md"], b"");
    assert_eq!(run.code, 2);
    mentions(&run.stderr, &["missing.md"]);
    assert_eq!(gradus_with(&["notes"], b"").code, 2);
}

#[test]
fn filling_is_idempotent_whatever_is_derived() {
    let note = "a\n\n> - ```gradus\n>   x\n>   ```\n> - b\n\n\t```gradus\n\tcode, not a fence\n\n```gradus\ny\n```";
    for derived in ["one line\n", "several\n\nlines\n\n", "<!-- a comment -->\n", ""] {
        let derive = |_: &_| Ok(Derived { text: derived.to_owned(), hide: false });
        let once = fill(note, Markup::Markdown, derive).expect("it fills");
        let twice = fill(&once.text, Markup::Markdown, derive).expect("it fills");
        assert_eq!((once.blocks, &once.text, twice.changed), (2, &twice.text, 0), "{derived:?}");
    }
}

// ---- mdBook

#[test]
fn mdbook_is_told_which_renderers_there_are() {
    assert_eq!(gradus_with(&["mdbook", "supports", "html"], b"").code, 0);
    assert_eq!(gradus_with(&["mdbook", "supports", "epub"], b"").code, 1);
    assert_eq!(run_binary(env!("CARGO_BIN_EXE_mdbook-gradus"), &["supports", "html"], b"").code, 0);
}

#[test]
fn the_chapters_of_a_book_are_filled() {
    let run = run_binary(env!("CARGO_BIN_EXE_mdbook-gradus"), &[], MDBOOK.as_bytes());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let book = run.json();
    let seed = &book["items"][2]["Chapter"];
    let quadratic = &seed["sub_items"][1]["Chapter"];
    snapshot("mdbook_seed", seed["content"].as_str().expect("a chapter"));
    snapshot("mdbook_quadratic", quadratic["content"].as_str().expect("a chapter"));
    // everything else is handed on as it came
    let mut sent: serde_json::Value = serde_json::from_str(MDBOOK).expect("JSON");
    sent[1]["items"][2]["Chapter"]["content"] = seed["content"].clone();
    sent[1]["items"][2]["Chapter"]["sub_items"][1]["Chapter"]["content"] = quadratic["content"].clone();
    assert_eq!(book, sent[1]);
}

#[test]
fn books_of_older_versions_are_filled_too() {
    let run = gradus_with(&["mdbook"], MDBOOK.replace("\"items\"", "\"sections\"").as_bytes());
    assert!(
        run.json()["sections"][2]["Chapter"]["content"]
            .as_str()
            .is_some_and(|c| c.contains("<mi>∂</mi>") || c.contains("<mo>∂</mo>"))
    );
}

#[test]
fn errors_in_a_book_name_the_chapter() {
    let run = gradus_with(&["mdbook"], MDBOOK.replace("u^T f(W x + b)", "u^T f(W x").as_bytes());
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    mentions(&run.stderr, &["seed.md:4:10"]);
    let run = gradus_with(&["mdbook"], b"{}");
    assert_eq!(run.code, 2);
    mentions(&run.stderr, &["mdBook", "[preprocessor.gradus]"]);
}

// ---- Pandoc

#[test]
fn the_blocks_of_a_document_of_pandoc_are_filled() {
    let run = run_binary(env!("CARGO_BIN_EXE_gradus-pandoc"), &["html"], PANDOC.as_bytes());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let tree = run.json();
    assert!(!run.stdout.contains("what stood here before"), "what a note was filled with is derived anew");
    snapshot("pandoc", &format!("{:#}", tree["blocks"]));
}

fn pandoc_document(block: &str) -> String {
    format!(r#"{{"pandoc-api-version": [1, 22], "meta": {{}}, "blocks": [{block}]}}"#)
}

#[test]
fn environments_of_latex_that_pandoc_leaves_raw_are_filled() {
    for begin in [r"\\begin{gradus}[wrt=x]", r"\\begin{gradus}\n#| wrt=x\n"] {
        let block = format!(r#"{{"t": "RawBlock", "c": ["latex", "{begin}s = a^T x\n\\end{{gradus}}"]}}"#);
        let run = gradus_with(&["pandoc"], pandoc_document(&block).as_bytes());
        assert_eq!(run.code, 0, "{run:?}");
        assert!(
            run.stdout.contains("partial s}{\\\\partial x} &= a") && !run.stdout.contains("begin{gradus}"),
            "{run:?}"
        );
    }
    let read = r#"{"t": "Div", "c": [["", ["gradus"], []], []]}"#;
    let run = gradus_with(&["pandoc"], pandoc_document(read).as_bytes());
    assert!(run.code == 2 && run.stdout.is_empty() && run.stderr.contains("latex+raw_tex"), "{run:?}");
}

#[test]
fn errors_in_a_document_of_pandoc_name_the_block() {
    let run = gradus_with(&["pandoc"], PANDOC.replace("x^T A x", "x^T (A x").as_bytes());
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    mentions(&run.stderr, &["block 2 of the document:1:9"]);
    let run = gradus_with(&["pandoc"], b"[1]");
    assert_eq!(run.code, 2);
    mentions(&run.stderr, &["no document of Pandoc"]);
}

#[test]
fn a_byte_order_mark_and_comments_of_latex_are_no_part_of_a_block() {
    let directory = Directory::new("marks");
    directory.file("bom.md", "\u{feff}```gradus\ns = a^T x\n```\n");
    directory.file("comment.tex", "\\begin{gradus}[wrt=x] % all\n% of it\ns = x^T A x % quadratic\n\\end{gradus}\n");
    for note in ["bom.md", "comment.tex"] {
        let run = gradus_in(directory.path(), &["notes", note], b"");
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
        assert!(run.stdout.ends_with("1 block, 1 filled anew\n"), "{run:?}");
        assert_eq!(gradus_in(directory.path(), &["notes", "--check", note], b"").code, 0);
    }
    let read = |name: &str| std::fs::read_to_string(directory.path().join(name)).expect("the note");
    assert!(read("bom.md").starts_with("\u{feff}```gradus"));
    assert!(read("comment.tex").contains("(A + A^\\top) x"));
}
