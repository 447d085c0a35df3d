//! `gradus lsp`, driven as an editor drives it.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const URI: &str = "file:///note.gradus";

/// An editor with one document open.
struct Editor {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    asked: i64,
    version: i64,
}

impl Editor {
    fn started() -> Editor {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
        let piped = command.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = piped.spawn().expect("it starts");
        let (to, from) = (child.stdin.take().expect("piped"), BufReader::new(child.stdout.take().expect("piped")));
        let mut editor = Editor { child, to, from, asked: 0, version: 1 };
        let told = editor.ask("initialize", json!({"processId": null, "rootUri": null, "capabilities": {}}));
        assert_eq!(told["capabilities"]["hoverProvider"], true, "{told}");
        editor.tell("initialized", json!({}));
        editor
    }

    /// With a document, and what is wrong with it.
    fn opened(text: &str) -> (Editor, Vec<Value>) {
        let mut editor = Editor::started();
        let document = json!({"uri": URI, "languageId": "gradus", "version": 1, "text": text});
        editor.tell("textDocument/didOpen", json!({"textDocument": document}));
        let found = editor.diagnostics();
        (editor, found)
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("it listens");
        self.to.flush().expect("it listens");
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.from.read_line(&mut line).expect("it answers") > 0, "it has ended");
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", n)) => length = n.parse().expect("a number"),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.from.read_exact(&mut body).expect("a body");
        serde_json::from_slice(&body).expect("JSON")
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// The whole reply to a question; what is told meanwhile is passed over.
    fn reply(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let reply = self.receive();
            if reply["id"] == id {
                return reply;
            }
        }
    }

    #[track_caller]
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let mut reply = self.reply(method, params);
        assert!(reply.get("error").is_none(), "{reply}");
        reply["result"].take()
    }

    /// What is published of the version the document has.
    fn diagnostics(&mut self) -> Vec<Value> {
        loop {
            let told = self.receive();
            if told["method"] == "textDocument/publishDiagnostics" && told["params"]["version"] == self.version {
                return told["params"]["diagnostics"].as_array().expect("a list").clone();
            }
        }
    }

    fn change(&mut self, text: &str) {
        self.version += 1;
        let document = json!({"uri": URI, "version": self.version});
        self.tell("textDocument/didChange", json!({"textDocument": document, "contentChanges": [{"text": text}]}));
    }

    fn hover(&mut self, line: u32, character: u32) -> String {
        let at = json!({"textDocument": {"uri": URI}, "position": {"line": line, "character": character}});
        let told = self.ask("textDocument/hover", at);
        told["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    fn completions(&mut self, line: u32, character: u32) -> Vec<(String, String)> {
        let at = json!({"textDocument": {"uri": URI}, "position": {"line": line, "character": character}});
        let told = self.ask("textDocument/completion", at);
        let text = |item: &Value, field: &str| item[field].as_str().unwrap_or_default().to_owned();
        told.as_array().expect("a list").iter().map(|item| (text(item, "label"), text(item, "detail"))).collect()
    }

    /// The titles of what may be done at a place, and the text after each.
    fn actions(&mut self, text: &str, line: u32, character: u32) -> Vec<(String, String)> {
        let at = json!({"line": line, "character": character});
        let params =
            json!({"textDocument": {"uri": URI}, "range": {"start": at, "end": at}, "context": {"diagnostics": []}});
        let told = self.ask("textDocument/codeAction", params);
        let one = |action: &Value| {
            let edit = &action["edit"]["documentChanges"][0]["edits"][0];
            (action["title"].as_str().unwrap_or_default().to_owned(), edited(text, edit))
        };
        told.as_array().expect("a list").iter().map(one).collect()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The byte at a place, for texts in which a unit is a character.
fn byte(text: &str, at: &Value) -> usize {
    let (line, column) = (at["line"].as_u64().unwrap_or(0), at["character"].as_u64().unwrap_or(0));
    let before: usize = text.split_inclusive('\n').take(line as usize).map(str::len).sum();
    before + text[before..].chars().take(column as usize).map(char::len_utf8).sum::<usize>()
}

fn edited(text: &str, edit: &Value) -> String {
    let (start, end) = (byte(text, &edit["range"]["start"]), byte(text, &edit["range"]["end"]));
    format!("{}{}{}", &text[..start], edit["newText"].as_str().unwrap_or_default(), &text[end..])
}

#[test]
fn an_editor_is_told_what_is_wrong_while_one_types() {
    let (mut editor, found) = Editor::opened("A: n x m\nx: n\ns = sum(A x)");
    let [one] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(one["range"], json!({"start": {"line": 2, "character": 8}, "end": {"line": 2, "character": 9}}));
    assert_eq!((&one["severity"], &one["code"], &one["source"]), (&json!(1), &json!("shape"), &json!("gradus")));
    assert!(
        one["message"].as_str().is_some_and(|m| m.contains("their product needs") && m.contains("`A^T x`")),
        "{one}"
    );
    assert!(one["relatedInformation"].as_array().is_some_and(|all| all.len() >= 2), "{one}");

    editor.change("A: n x m\nx: n\ns = sum(A^T x)");
    assert_eq!(editor.diagnostics(), [Value::Null; 0]);
    // declarations alone, and nothing at all, are being written
    for text in ["A: n x m\n", ""] {
        editor.change(text);
        assert_eq!(editor.diagnostics(), [Value::Null; 0], "{text}");
    }
    editor.change("s = sum(simoid(x)) + sum(tahn(x))");
    assert_eq!(editor.diagnostics().len(), 1, "a statement has one error at a time");
    editor.change("#| wrt=y\ns = a^T x");
    let found = editor.diagnostics();
    assert!(
        found.len() == 1 && found[0]["message"].as_str().is_some_and(|m| m.contains("no variable `y`")),
        "{found:?}"
    );
    assert_eq!(found[0]["range"]["end"], json!({"line": 0, "character": 8}), "it is the options that are wrong");
    editor.change("#| worng=y\ns = a^T x");
    assert_eq!(editor.diagnostics()[0]["code"], "usage");
}

#[test]
fn many_changes_end_in_what_is_wrong_with_the_last() {
    let (mut editor, _) = Editor::opened("s = a^T x");
    for n in 1..30 {
        editor.change(&format!("X: n x n; s = logdet(X^T X + {n} X^-1 X^T)"));
    }
    editor.change("s = sum(");
    let found = editor.diagnostics();
    assert!(found.len() == 1 && found[0]["code"] == "syntax", "{found:?}");
    assert!(editor.hover(0, 4).is_empty());
}

#[test]
fn a_name_says_what_it_is() {
    let text = "A: n x n symmetric\nz = A x + b\ns = sum(tanh(z)) + f(2)";
    let (mut editor, found) = Editor::opened(text);
    assert_eq!(found, [Value::Null; 0]);
    let declared = editor.hover(1, 4);
    assert!(declared.contains("A: n×n symmetric") && declared.contains("∂s/∂A = "), "{declared}");
    let read = editor.hover(1, 6);
    assert!(read.contains("x: n") && read.contains("a lower-case letter") && read.contains("∂s/∂x = A"), "{read}");
    let intermediate = editor.hover(2, 13);
    assert!(
        intermediate.contains("z: n") && intermediate.contains("∂s/∂z = 1 - tanh(z).^2")
            || intermediate.contains("∂s/∂z"),
        "{intermediate}"
    );
    let function = editor.hover(2, 9);
    assert!(function.contains("tanh") && function.contains("∂y/∂x = 1 - y²"), "{function}");
    assert!(editor.hover(2, 19).contains("f: elementwise"));
    assert!(editor.hover(1, 3).is_empty());
    let uses = json!({"textDocument": {"uri": "file:///other.gradus"}, "position": {"line": 0, "character": 0}});
    assert!(
        editor.reply("textDocument/hover", uses)["error"]["message"].as_str().is_some_and(|m| m.contains("not open"))
    );
    assert_eq!(editor.reply("textDocument/dance", json!({}))["error"]["code"], -32601);
}

#[test]
fn a_function_of_arrays_says_its_derivative() {
    let (mut editor, _) = Editor::opened("X: n x n\ns = logdet(X) + log(tr(X))");
    assert!(editor.hover(1, 5).contains("∂y/∂X = X⁻ᵀ"));
    assert!(editor.hover(1, 21).contains("∂y/∂X = Iₙ"));
}

#[test]
fn words_are_completed_where_they_belong() {
    let (mut editor, _) = Editor::opened("weights: n x m sym\ny = weights x\ns = u^T sof");
    let functions = editor.completions(2, 11);
    assert!(functions.iter().any(|(label, detail)| label == "softmax" && !detail.is_empty()), "{functions:?}");
    assert!(functions.iter().all(|(label, _)| label.starts_with("sof")), "{functions:?}");
    let facts = editor.completions(0, 18);
    assert!(facts.contains(&("symmetric".to_owned(), "a fact".to_owned())), "{facts:?}");
    editor.change("weights: n x m\ny = weights x\ns = u^T tanh(we");
    let names = editor.completions(2, 15);
    assert!(names.contains(&("weights".to_owned(), "n×m".to_owned())), "{names:?}");
}

#[test]
fn what_an_error_proposes_is_done() {
    let text = "A: n x m\nx: n\ns = sum(A x)";
    let (mut editor, _) = Editor::opened(text);
    let actions = editor.actions(text, 2, 9);
    assert_eq!(actions, [("Write `A^T x`".to_owned(), "A: n x m\nx: n\ns = sum(A^T x)".to_owned())]);
    assert_eq!(editor.actions(text, 1, 0), [], "nothing is proposed elsewhere");
    for (text, mended) in [
        ("s = u^T simoid(x)", "s = u^T sigmoid(x)"),
        ("s = (a^T x", "s = (a^T x)"),
        // one after the other
        ("s = sum(simoid(x)) + sum(tahn(x))", "s = sum(sigmoid(x)) + sum(tahn(x))"),
        ("A: n x n sym\ns = x^T A x", "A: n x n symmetric\ns = x^T A x"),
    ] {
        editor.change(text);
        let actions = editor.actions(text, 0, 9);
        assert_eq!(actions.iter().map(|(_, new)| new.as_str()).collect::<Vec<_>>(), [mended], "{text}");
    }
}

#[test]
fn what_was_read_is_declared_and_gradients_are_written_down() {
    let text = "#| wrt=W\n# a layer\ns = u^T f(W x + b)\n";
    let (mut editor, _) = Editor::opened(text);
    let actions = editor.actions(text, 2, 10);
    let titles: Vec<&str> = actions.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Declare `W: n x m`, as it was read",
            "Declare every name as it was read",
            "Write the gradients below, as a comment"
        ]
    );
    assert_eq!(actions[0].1, "#| wrt=W\nW: n x m\n# a layer\ns = u^T f(W x + b)\n");
    assert!(actions[1].1.starts_with("#| wrt=W\nu: n\nW: n x m\nx: m\nb: n\n# a layer"), "{}", actions[1].1);
    assert!(actions[2].1.starts_with(text.trim_end()) && actions[2].1.contains("# "), "{}", actions[2].1);
    assert!(actions[2].1.contains("∂s/∂W = (u ∘ f'(z)) xᵀ"), "{}", actions[2].1);
    for (title, new) in &actions {
        editor.change(new);
        assert_eq!(editor.diagnostics(), [Value::Null; 0], "{title}");
    }
}

#[test]
fn spacing_is_put_right_and_nothing_else() {
    let text = "A:  n x n;b: n  \nz=A  x + b # as  is\ns = z^T z\n\n";
    let (mut editor, _) = Editor::opened(text);
    let options = json!({"textDocument": {"uri": URI}, "options": {"tabSize": 2, "insertSpaces": true}});
    let edits = editor.ask("textDocument/formatting", options.clone());
    assert_eq!(edited(text, &edits[0]), "A: n x n; b: n\nz = A x + b # as  is\ns = z^T z\n");
    editor.change("s = sum(");
    let reply = editor.reply("textDocument/formatting", options);
    assert!(reply["error"]["message"].as_str().is_some_and(|m| m.contains("cannot be read")), "{reply}");
}

#[test]
fn deep_documents_end_in_an_answer_or_an_error() {
    let deep = format!("s = sum({}x{})", "sin(".repeat(200), ")".repeat(200));
    let long: String = (1..400).map(|l| format!("h_{l} = tanh(h_{})\n", l - 1)).collect();
    let (mut editor, _) = Editor::opened(&deep);
    editor.hover(0, 4);
    editor.change(&format!("{long}s = sum(h_399)"));
    editor.diagnostics();
    assert!(editor.hover(399, 9).contains("h_399"));
}

#[test]
fn an_editor_ends_it() {
    let (mut editor, _) = Editor::opened("s = a^T x");
    editor.tell("textDocument/didClose", json!({"textDocument": {"uri": URI}}));
    assert_eq!(editor.ask("shutdown", Value::Null), Value::Null);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn what_is_no_protocol_is_refused() {
    let run = super::binary::gradus_with(&["lsp"], b"Content-Length: 2\r\n\r\nhi");
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("started by an editor"), "{run:?}");
}
