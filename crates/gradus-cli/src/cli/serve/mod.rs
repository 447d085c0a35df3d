//! `gradus serve`: the page on the loopback, answered by the library itself. Nothing else is reached, and by nobody else.

mod connection;
mod http;
mod replies;

use super::Output;
use super::args::ServeArgs;
use super::output::{print, unwritten};
use crate::diag::{Error, Kind};
use connection::serve;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// Connections that are served at once; more are turned away.
const CONNECTIONS: usize = 16;

/// Serves until the process is ended.
pub fn run(args: &ServeArgs) -> Output {
    match opened(args.port).and_then(|listener| listen(&listener)) {
        Ok(()) => Output::default(),
        Err(e) => super::refused(&e),
    }
}

/// The port, for this machine alone.
fn opened(port: u16) -> Result<TcpListener, Error> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|e| {
        let (why, help) = match e.kind() {
            ErrorKind::AddrInUse => ("another program has it", "choose another, or any that is free by `--port 0`"),
            ErrorKind::PermissionDenied => ("it is not for users", "choose one above 1023"),
            _ => return Error::new(Kind::Usage, format!("port {port} cannot be opened: {e}")),
        };
        Error::new(Kind::Usage, format!("port {port} cannot be opened: {why}")).help(help)
    })
}

fn listen(listener: &TcpListener) -> Result<(), Error> {
    let broken = |e| Error::new(Kind::Usage, format!("the port cannot be listened to: {e}"));
    let port = listener.local_addr().map_err(broken)?.port();
    print(&format!("gradus is at http://127.0.0.1:{port}/ (Ctrl-C ends it)\n")).map_err(|e| unwritten(&e))?;
    let open = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        // who went away before being served is no reason to stop
        let Ok(stream) = stream else { continue };
        let seat = Seat::taken(&open);
        let served = std::thread::Builder::new().spawn(move || serve(stream, port, seat.is_some()));
        // where there can be no thread now, there may be one for the next
        drop(served);
    }
    Ok(())
}

/// One of the connections that are served at once.
struct Seat(Arc<AtomicUsize>);

impl Seat {
    fn taken(open: &Arc<AtomicUsize>) -> Option<Seat> {
        let seat = Seat(Arc::clone(open));
        (open.fetch_add(1, SeqCst) < CONNECTIONS).then_some(seat)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}
