//! The prompt, the completions of shells, the man page.

use super::binary::{gradus, gradus_with};

fn session(lines: &str) -> String {
    let run = gradus_with(&["repl"], lines.as_bytes());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    run.stdout
}

#[test]
fn a_session_remembers_and_derives() {
    let text = session("W: n x m\n:wrt W\nz = W x + b\ns = u^T f(z)\n:latex\nu^T W v\n:show\n:quit\nnever = read\n");
    let expected =
        ["∂z/∂W = xᵀ ⊗ Iₙ", "∂s/∂W = (u ∘ f'(z)) xᵀ", "&= u v^\\top", "W: n x m\nz = W x + b\ns = u^T f(z)\n"];
    assert!(expected.iter().all(|e| text.contains(e)) && !text.contains("never"), "{text}");
}

#[test]
fn lines_go_on_while_a_bracket_is_open() {
    let text = session(":wrt x\ns = u^T f(W x +\nb)\n");
    assert!(text.contains("∂s/∂x = Wᵀ (u ∘ f'(z))"), "{text}");
}

#[test]
fn what_is_wrong_is_said_and_the_session_goes_on() {
    let text = session("A: n x m\nx: n\nA x\n:sideways\nx^T x\n");
    assert!(
        text.contains("their product needs") && text.contains("no command :sideways") && text.contains("∂s/∂x = 2 x"),
        "{text}"
    );
}

#[test]
fn a_pipe_gets_neither_prompt_nor_colour() {
    let text = session("x^T x\n)\n");
    assert!(!text.contains('\x1b') && !text.contains("gradus>"), "{text:?}");
}

#[test]
fn a_quiz_judges_answers_names_slips_and_shows_steps() {
    let answers = "u\n:step\nh\nx u^T\n(u .* f'(W x + b)) x^T\nW^T (u .* f'(W x + b))\nu .* (\n:answer\n";
    let run = gradus_with(&["quiz", "s = u^T f(W x + b)"], answers.as_bytes());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let parts = [
        "(1 of 4) ∂s/∂u, which is n",
        "✗ not yet; slip: u stands where h belongs",
        "what s hands to u",
        "✓ right",
        "(2 of 4) ∂s/∂W, which is n×m",
        "✗ not yet; the shape is m×n, it should be n×m",
        "✓ right",
        "(3 of 4) ∂s/∂x, which is m",
        "✓ right",
        "(4 of 4) ∂s/∂b, which is n",
        "error: '(' is never closed",
        "∂s/∂b = u ∘ f'(z)",
        "1 of 4 found at the first answer and without a step",
    ];
    let mut rest = run.stdout.as_str();
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { panic!("`{part}` does not follow in\n{}", run.stdout) };
        rest = after;
    }
    // before an answer nothing of the result is shown
    let first = run.stdout.split("✗ not yet").next().expect("it is asked");
    assert!(!first.contains("∂s/∂u = "), "{first}");
    // one step at a time: the second request shows the second
    let stepped = gradus_with(&["quiz", "s = norm2(X w)^2", "--wrt", "w"], b":step\n").stdout;
    assert!(stepped.contains("d_norm_squared") && !stepped.contains("d_mul"), "{stepped}");
    let twice = gradus_with(&["quiz", "s = norm2(X w)^2", "--wrt", "w"], b":step\n:step\n").stdout;
    assert!(twice.contains("d_mul") && !twice.contains("so ∂s/∂w"), "{twice}");
    let ended = gradus_with(&["quiz", "s = x^T x", "--wrt", "x"], b":skip\n");
    assert!(ended.stdout.contains("0 of 1 found"), "{ended:?}");
    assert_eq!(gradus_with(&["quiz", "s = x^T )"], b"").code, 2);
    // words are commands where they are no names
    let words = gradus_with(&["quiz", "s = x^T x", "--wrt", "x"], b"help\nstep\nanswer\n").stdout;
    assert!(
        !words.contains("error") && words.contains("what s hands to x") && words.contains("∂s/∂x = 2 x"),
        "{words}"
    );
    let name = gradus_with(&["quiz", "s = skip^T skip", "--wrt", "skip"], b"skip\n2 skip\n").stdout;
    assert!(name.contains("✗ not yet; slip:") && name.contains("✓ right"), "{name}");
}

#[test]
fn every_shell_can_complete_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = gradus(&["completions", shell]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(["derive", "notes", "graph", "wrt", "jacobian"].iter().all(|w| run.stdout.contains(w)), "{shell}");
    }
    assert_eq!(gradus(&["completions", "dos"]).code, 2);
}

#[test]
fn the_man_page_has_every_command_and_option() {
    let plain = |args: &[&str]| gradus(args).stdout.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "");
    let all = plain(&["man"]);
    assert!(["gradus-derive(1)", "gradus-notes(1)", "gradus-graph(1)"].iter().all(|page| all.contains(page)), "{all}");
    for (command, option) in
        [("derive", "--wrt"), ("derive", "--standalone"), ("notes", "--check"), ("test", "--accept")]
    {
        let page = plain(&["man", command]);
        assert!(page.contains(option) && page.contains(&format!("gradus {command}")), "{option} is not in\n{page}");
    }
}
