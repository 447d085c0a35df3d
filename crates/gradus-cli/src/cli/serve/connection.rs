//! One connection: a request, a reply.

use super::http::{HttpRequest, Unread, read};
use super::replies::{HttpReply, file, plain};
use gradus::Cancel;
use std::io::{ErrorKind, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Who does not take a reply within this time is left.
const DEPARTURE: Duration = Duration::from_secs(10);

/// An answer may take so long, …
const ANSWER: Duration = Duration::from_secs(30);

/// … and so often it is seen whether anybody still waits for it.
const LOOK: Duration = Duration::from_millis(50);

/// Serves one request; where there is no room for it, it says so.
pub fn serve(mut stream: TcpStream, port: u16, room: bool) {
    let reply = match read(&mut stream) {
        _ if !room => plain("503 Service Unavailable", "too much is asked at once"),
        Ok(request) => match reply_to(&request, port, &stream) {
            Some(reply) => reply,
            None => return,
        },
        Err(Unread::Refused(status)) => plain(status, "this is no request that gradus reads"),
        Err(Unread::Gone) => return,
    };
    // who has gone away needs no reply
    let _ = stream.set_write_timeout(Some(DEPARTURE));
    let _ = stream.write_all(&reply.bytes());
    let _ = stream.shutdown(Shutdown::Write);
}

/// The reply; `None` where nobody waits for it any more.
fn reply_to(request: &HttpRequest, port: u16, stream: &TcpStream) -> Option<HttpReply> {
    // a browser leaves out the port that is usual
    let port = if port == 80 { String::new() } else { format!(":{port}") };
    let hosts = [format!("127.0.0.1{port}"), format!("localhost{port}")];
    let own_host = request.host.as_ref().is_some_and(|host| hosts.contains(host));
    let own_page = |origin: &String| hosts.iter().any(|host| *origin == format!("http://{host}"));
    // other pages of the browser are not to ask: by a name that leads here, or from where they are
    if !own_host || !request.origin.as_ref().is_none_or(own_page) {
        return Some(plain("403 Forbidden", "gradus answers its own page alone"));
    }
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/answer") if request.media.as_deref() == Some("application/json") => answered(request, stream),
        ("POST", "/answer") => Some(plain("415 Unsupported Media Type", "a question is JSON")),
        ("GET" | "HEAD", path) => Some(match file(path) {
            Some(reply) => reply.without_body(request.method == "HEAD"),
            None => plain("404 Not Found", "the page has no such file"),
        }),
        _ => Some(plain("405 Method Not Allowed", "the page is read, and asks by POST /answer")),
    }
}

/// The answer to a question, which is given up when who asked has gone.
fn answered(request: &HttpRequest, stream: &TcpStream) -> Option<HttpReply> {
    let Ok(question) = String::from_utf8(request.body.clone()) else {
        return Some(plain("400 Bad Request", "a question is UTF-8"));
    };
    let cancel = Cancel::default();
    let (told, answer) = channel();
    let own = cancel.clone();
    std::thread::spawn(move || told.send(gradus_web::answer_until(&question, &own)));
    let end = Instant::now() + ANSWER;
    loop {
        match answer.recv_timeout(LOOK) {
            Ok(answer) => return Some(HttpReply::of("200 OK", "application/json", answer.into_bytes())),
            Err(RecvTimeoutError::Disconnected) => {
                return Some(plain("500 Internal Server Error", "gradus has failed"));
            }
            Err(RecvTimeoutError::Timeout) if is_gone(stream) => {
                cancel.cancel();
                return None;
            }
            Err(RecvTimeoutError::Timeout) if Instant::now() > end => cancel.cancel(),
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Whether the other side has closed the connection.
fn is_gone(stream: &TcpStream) -> bool {
    let looked = stream.set_nonblocking(true).and_then(|()| stream.peek(&mut [0]));
    let restored = stream.set_nonblocking(false);
    match looked {
        Ok(bytes) => bytes == 0,
        Err(e) => e.kind() != ErrorKind::WouldBlock || restored.is_err(),
    }
}
