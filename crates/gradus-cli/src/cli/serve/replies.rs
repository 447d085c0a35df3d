//! What is sent back: the files of the page, answers, refusals.

use gradus_web::PAGE;

/// A reply.
pub struct HttpReply {
    status: &'static str,
    media: &'static str,
    body: Vec<u8>,
    headless: bool,
}

impl HttpReply {
    pub fn of(status: &'static str, media: &'static str, body: Vec<u8>) -> HttpReply {
        HttpReply { status, media, body, headless: false }
    }

    /// The head alone, where that is asked for.
    pub fn without_body(self, headless: bool) -> HttpReply {
        HttpReply { headless, ..self }
    }

    /// As it goes over the wire.
    pub fn bytes(&self) -> Vec<u8> {
        let head = format!(
            "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
             X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\nX-Frame-Options: DENY\r\nConnection: close\r\n\r\n",
            self.status,
            self.media,
            self.body.len()
        );
        let mut bytes = head.into_bytes();
        if !self.headless {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}

/// A sentence.
pub fn plain(status: &'static str, sentence: &str) -> HttpReply {
    HttpReply::of(status, "text/plain; charset=utf-8", format!("{sentence}\n").into_bytes())
}

/// A file of the page. What asks the module in WebAssembly on a file server asks the library here.
pub fn file(path: &str) -> Option<HttpReply> {
    let path = match path.trim_start_matches('/') {
        "" => "index.html",
        "backend.js" => "loopback.js",
        path => path,
    };
    let file = PAGE.iter().find(|file| file.path == path)?;
    Some(HttpReply::of("200 OK", file.media, file.body.as_bytes().to_vec()))
}
