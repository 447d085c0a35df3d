//! `gradus serve`, asked over the loopback as a browser asks.

use super::binary::{gradus, repository};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// A server of its own, on a port that was free.
struct Server {
    child: Child,
    host: String,
}

impl Server {
    fn started() -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gradus"));
        let piped = command.args(["serve", "--port", "0"]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = piped.spawn().expect("it starts");
        let mut line = String::new();
        let out = child.stdout.as_mut().expect("it is piped");
        BufReader::new(out).read_line(&mut line).expect("it says where it is");
        let host = line.split('/').nth(2).unwrap_or_else(|| panic!("no address: {line}")).to_owned();
        Server { child, host }
    }

    /// The status, the head and the body of the reply to these bytes.
    fn sent(&self, bytes: &[u8]) -> (u16, String, String) {
        let mut stream = TcpStream::connect(&self.host).expect("it listens");
        // who refuses early closes early
        let _ = stream.write_all(bytes);
        let mut reply = vec![];
        let _ = stream.read_to_end(&mut reply);
        let reply = String::from_utf8(reply).expect("UTF-8");
        let (head, body) = reply.split_once("\r\n\r\n").unwrap_or((&reply, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        (status, head.to_owned(), body.to_owned())
    }

    fn got(&self, path: &str) -> (u16, String, String) {
        self.sent(format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host).as_bytes())
    }

    fn posted(&self, headers: &str, body: &str) -> (u16, String, String) {
        let head = format!("POST /answer HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n", self.host, body.len());
        self.sent(format!("{head}{headers}\r\n{body}").as_bytes())
    }

    #[track_caller]
    fn answer(&self, question: &Value) -> Value {
        let (status, head, body) = self.posted("Content-Type: application/json\r\n", &question.to_string());
        assert_eq!(status, 200, "{head}\n{body}");
        serde_json::from_str(&body).expect("JSON")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_page_and_its_answers_are_served() {
    let server = Server::started();
    let (status, head, page) = server.got("/");
    assert!(status == 200 && head.contains("text/html") && page.contains("<title>gradus</title>"), "{head}\n{page}");
    // the page asks the library, not the module
    assert!(server.got("/backend.js").2.contains("fetch('answer'"));
    assert_eq!(server.got("/nothing.js").0, 404);
    assert_eq!(server.got("/../Cargo.toml").0, 404);

    let document = "s = u^T f(W x + b)";
    let derived = server.answer(&json!({"ask": "derive", "document": document, "wrt": "W"}));
    assert_eq!((&derived["targets"], &derived["of"]), (&json!(["W"]), &json!("s")));
    assert!(derived["html"].as_str().is_some_and(|html| html.contains("<mi>u</mi><mo>∘</mo>")), "{derived}");
    assert_eq!(
        derived["inputs"][1],
        json!({"name": "W", "kind": "matrix", "shape": ["n", "m"], "index": [], "declared": false})
    );

    let printed = gradus(&["derive", document, "--wrt", "W", "--format", "latex"]).stdout;
    let told = server.answer(&json!({"ask": "text", "document": document, "wrt": "W", "format": "latex"}));
    assert_eq!(told["text"].as_str().map(unrounded), Some(unrounded(&printed)));
    for (format, expected) in [("unicode", "∂s/∂W = (u ∘ f'(z)) xᵀ"), ("markdown", "$$"), ("typst", "x^⊤")] {
        let told = server.answer(&json!({"ask": "text", "document": document, "wrt": "W", "format": format}));
        assert!(told["text"].as_str().is_some_and(|text| text.contains(expected)), "{told}");
    }
    let steps = server.answer(&json!({"ask": "steps", "document": document, "wrt": "W"}));
    assert!(steps["html"].as_str().is_some_and(|html| html.contains("<li>d_mul: ")), "{steps}");
    for target in derived["code"].as_array().expect("targets").iter().filter_map(Value::as_str) {
        let told = server.answer(&json!({"ask": "code", "document": document, "target": target}));
        let printed = gradus(&["code", document, "--target", target]).stdout;
        assert_eq!(told["text"].as_str().map(str::trim_end), Some(printed.trim_end()), "{target}");
    }
    let graph = server.answer(&json!({"ask": "graph", "document": document}));
    assert!(graph["svg"].as_str().is_some_and(|svg| svg.starts_with("<svg")), "{graph}");
}

/// Without the figure of the check.
fn unrounded(text: &str) -> String {
    text.split(" (max rel. error").next().unwrap_or_default().trim_end().to_owned()
}

#[test]
fn claims_are_judged_on_the_page() {
    let server = Server::started();
    let asked = json!({"ask": "check", "document": "s = x^T A x", "wrt": "x", "claim": "2 A x"});
    let told = server.answer(&asked);
    assert_eq!(told["verdict"], "no");
    assert!(told["html"].as_str().is_some_and(|html| html.contains("symmetric")), "{told}");
    let right = server.answer(&json!({"ask": "check", "document": "s = x^T A x", "wrt": "x", "claim": "A x + A^T x"}));
    assert_eq!(right["verdict"], "yes");
    let unread = server.answer(&json!({"ask": "check", "document": "s = x^T A x", "wrt": "x", "claim": "2 A y"}));
    assert_eq!(
        (&unread["refused"]["text"], &unread["refused"]["errors"][0]["kind"]),
        (&json!("2 A y"), &json!("name"))
    );
}

#[test]
fn places_are_counted_as_javascript_counts() {
    let server = Server::started();
    let told = server.answer(&json!({"ask": "derive", "document": "𝜶 = 2\nA: n x m; x: n; s = sum(A x)"}));
    let error = &told["refused"]["errors"][0];
    assert_eq!(error["kind"], "shape");
    // 𝜶 is two units
    assert_eq!(error["places"][0]["at"], json!([31, 32]), "{told}");
    assert!(error["help"].as_str().is_some_and(|help| help.contains("A^T x")));
    for question in
        [json!({"ask": "dance"}), json!([1]), json!({"ask": "text", "document": "s = a^T x", "format": "runes"})]
    {
        assert_eq!(server.answer(&question)["refused"]["errors"][0]["kind"], "usage", "{question}");
    }
}

#[test]
fn others_than_its_own_page_are_turned_away() {
    let server = Server::started();
    let question = r#"{"ask":"derive","document":"s = a^T x"}"#;
    let media = "Content-Type: application/json\r\n";
    assert_eq!(server.posted(media, question).0, 200);
    assert_eq!(server.posted(&format!("{media}Origin: http://{}\r\n", server.host), question).0, 200);
    assert_eq!(server.posted(&format!("{media}Origin: https://example.org\r\n"), question).0, 403);
    // a form of another page cannot send this type
    assert_eq!(server.posted("Content-Type: text/plain\r\n", question).0, 415);
    assert_eq!(server.sent(b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n").0, 403);
    assert_eq!(server.sent(b"GET / HTTP/1.1\r\n\r\n").0, 403);
    assert_eq!(server.sent(format!("PUT / HTTP/1.1\r\nHost: {}\r\n\r\n", server.host).as_bytes()).0, 405);
}

#[test]
fn requests_are_bounded() {
    let server = Server::started();
    let host = &server.host;
    let long = format!("POST /answer HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99999999\r\n\r\n");
    assert_eq!(server.sent(long.as_bytes()).0, 413);
    let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\nX: {}\r\n\r\n", "x".repeat(40_000));
    assert_eq!(server.sent(head.as_bytes()).0, 431);
    let chunked = format!("POST /answer HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    assert_eq!(server.sent(chunked.as_bytes()).0, 411);
    assert_eq!(server.sent(b"\x16\x03\x01 no request\r\n\r\n").0, 400);
    // whoever says nothing holds a seat and stops nobody
    let _silent: Vec<TcpStream> = (0..8).map(|_| TcpStream::connect(host).expect("it listens")).collect();
    assert_eq!(server.got("/style.css").0, 200);
}

#[test]
fn a_port_that_is_taken_is_said_to_be() {
    let server = Server::started();
    let port = server.host.rsplit(':').next().expect("a port");
    let run = gradus(&["serve", "--port", port]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains(&format!("port {port} cannot be opened: another program has it")), "{run:?}");
    assert!(run.stderr.contains("--port 0"), "{run:?}");
}

/// The page has every file it is made of, and the examples of the repository.
#[test]
fn the_page_is_whole() {
    let page = repository().join("web/page");
    let served: Vec<&str> = gradus_web::PAGE.iter().map(|file| file.path).collect();
    let names = |path: &std::path::Path| -> Vec<String> {
        let entries = std::fs::read_dir(path).expect("a directory").map(|e| e.expect("an entry"));
        let files = entries.filter(|e| e.path().is_file());
        files.map(|e| e.file_name().to_string_lossy().into_owned()).collect()
    };
    // what belongs to the module alone
    let elsewhere = ["backend.js", "worker.js", "offline.js"];
    for name in names(&page).iter().filter(|name| !elsewhere.contains(&name.as_str())) {
        assert!(served.contains(&name.as_str()), "{name} is not served");
    }
    let listed = std::fs::read_to_string(page.join("examples.js")).expect("the list");
    for name in names(&page.join("examples")).iter().filter_map(|name| name.strip_suffix(".gradus")) {
        assert!(served.contains(&format!("examples/{name}.gradus").as_str()), "{name} is not served");
        assert!(listed.contains(&format!("['{name}', ")), "{name} is not offered");
    }
}
