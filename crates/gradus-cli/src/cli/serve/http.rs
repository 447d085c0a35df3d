//! A request as it comes over the wire, within limits of size and time.

use std::io::{self, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What stands before the body may be so long.
const HEAD_BYTES: usize = 16 << 10;

/// A body: a document of the longest that is read, and room for what JSON makes of it.
const BODY_BYTES: usize = 4 << 20;

/// Headers of a request.
const HEADERS: usize = 64;

/// A request must be here within this time.
const ARRIVAL: Duration = Duration::from_secs(10);

/// A request.
pub struct HttpRequest {
    pub method: String,
    /// Without what follows a question mark.
    pub path: String,
    pub host: Option<String>,
    pub origin: Option<String>,
    pub media: Option<String>,
    pub body: Vec<u8>,
}

/// Why there is no request: the status that says so.
pub enum Unread {
    /// There is nobody to tell.
    Gone,
    Refused(&'static str),
}

impl From<io::Error> for Unread {
    fn from(_: io::Error) -> Unread {
        Unread::Gone
    }
}

const MALFORMED: Unread = Unread::Refused("400 Bad Request");
const TOO_LARGE: Unread = Unread::Refused("413 Content Too Large");
const TOO_SLOW: Unread = Unread::Refused("408 Request Timeout");

/// Reads one request.
pub fn read(stream: &mut TcpStream) -> Result<HttpRequest, Unread> {
    let end = Instant::now() + ARRIVAL;
    let mut bytes = vec![];
    loop {
        if let Some((mut request, head, length)) = parsed(&bytes)? {
            if length > BODY_BYTES {
                return Err(TOO_LARGE);
            }
            while bytes.len() < head + length {
                more(stream, &mut bytes, end)?;
            }
            request.body = bytes[head..head + length].to_vec();
            return Ok(request);
        }
        if bytes.len() > HEAD_BYTES {
            return Err(Unread::Refused("431 Request Header Fields Too Large"));
        }
        more(stream, &mut bytes, end)?;
    }
}

/// Reads on, not beyond the end of the time.
fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>, end: Instant) -> Result<(), Unread> {
    let left = end.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(TOO_SLOW);
    }
    stream.set_read_timeout(Some(left))?;
    let mut buffer = [0; 16 << 10];
    match stream.read(&mut buffer) {
        Ok(0) => Err(Unread::Gone),
        Ok(count) => {
            bytes.extend_from_slice(&buffer[..count]);
            Ok(())
        }
        Err(e) if [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut].contains(&e.kind()) => Err(TOO_SLOW),
        Err(e) => Err(e.into()),
    }
}

/// The head of a request, its length, and that of the body; `None` where it is not whole yet.
fn parsed(bytes: &[u8]) -> Result<Option<(HttpRequest, usize, usize)>, Unread> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(size) = head.parse(bytes).map_err(|_| MALFORMED)? else { return Ok(None) };
    let field = |name: &str| -> Result<Option<String>, Unread> {
        let mut found = head.headers.iter().filter(|h| h.name.eq_ignore_ascii_case(name));
        let value = found.next().map(|h| std::str::from_utf8(h.value).map(|v| v.trim().to_owned()));
        // two of a kind are two meanings
        if found.next().is_some() { Err(MALFORMED) } else { value.transpose().map_err(|_| MALFORMED) }
    };
    if field("transfer-encoding")?.is_some() {
        return Err(Unread::Refused("411 Length Required"));
    }
    let length = field("content-length")?.map_or(Ok(0), |n| n.parse().map_err(|_| MALFORMED))?;
    let path = head.path.unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
    let request = HttpRequest {
        method: head.method.unwrap_or_default().to_owned(),
        path,
        host: field("host")?,
        origin: field("origin")?,
        media: field("content-type")?,
        body: vec![],
    };
    Ok(Some((request, size, length)))
}
