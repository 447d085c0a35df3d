//! The conversation: documents are opened and changed, questions about them answered. Whatever takes time has a thread of
//! its own, and is stopped when the document changes or nobody wants it any more.

use super::actions::actions;
use super::complete::completions;
use super::diagnose::diagnostics;
use super::format::formatted;
use super::hover::hover;
use super::place::{byte, whole};
use crate::cli::STACK_BYTES;
use crate::diag::{self, Kind, Span};
use crate::fuel::Cancel;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidCloseTextDocument, DidOpenTextDocument, Notification as _, PublishDiagnostics,
};
use lsp_types::request::{CodeActionRequest, Completion, Formatting, HoverRequest, Request as _};
use lsp_types::{
    CodeActionProviderCapability, CompletionOptions, CompletionResponse, DidChangeTextDocumentParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, HoverProviderCapability, OneOf, Position,
    PublishDiagnosticsParams, ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind, TextEdit, Uri,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Longer documents are left alone: they are refused elsewhere, too.
const MAX_BYTES: usize = 1 << 20;

/// Talks over standard input and output until the editor ends it.
///
/// # Errors
/// `Usage` where what comes is not the protocol.
pub fn serve() -> Result<(), diag::Error> {
    let broken = |what: &dyn std::fmt::Display| {
        diag::Error::new(Kind::Usage, format!("this is not the language server protocol: {what}"))
            .help("`gradus lsp` is started by an editor")
    };
    let (connection, threads) = Connection::stdio();
    let capabilities = serde_json::to_value(capabilities()).map_err(|e| broken(&e))?;
    connection.initialize(capabilities).map_err(|e| broken(&e))?;
    let ended = Conversation { connection: &connection, documents: BTreeMap::new(), publishing: Arc::default() }.hold();
    drop(connection);
    threads.join().map_err(|e| broken(&e))?;
    ended.map_err(|e| broken(&e))
}

fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::FULL)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions::default()),
        code_action_provider: Some(CodeActionProviderCapability::Simple(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        ..ServerCapabilities::default()
    }
}

/// A document as it stands, and what stops what is being found out about it.
struct OpenDocument {
    text: Arc<str>,
    cancel: Cancel,
}

struct Conversation<'a> {
    connection: &'a Connection,
    documents: BTreeMap<String, OpenDocument>,
    /// Held by whoever publishes, so that nothing old comes after something new.
    publishing: Arc<Mutex<()>>,
}

impl Conversation<'_> {
    fn hold(mut self) -> Result<(), String> {
        for message in &self.connection.receiver {
            match message {
                Message::Request(request) => {
                    if self.connection.handle_shutdown(&request).map_err(|e| e.to_string())? {
                        return Ok(());
                    }
                    self.asked(request);
                }
                Message::Notification(told) => self.told(told),
                // nothing is asked of the editor
                Message::Response(_) => {}
            }
        }
        Ok(())
    }

    fn told(&mut self, told: Notification) {
        match told.method.as_str() {
            DidOpenTextDocument::METHOD => {
                if let Ok(DidOpenTextDocumentParams { text_document: d }) = serde_json::from_value(told.params) {
                    self.changed(&d.uri, d.version, d.text);
                }
            }
            DidChangeTextDocument::METHOD => {
                let read: Result<DidChangeTextDocumentParams, _> = serde_json::from_value(told.params);
                // every change is the whole text
                if let Ok(params) = read
                    && let Some(change) = params.content_changes.into_iter().next_back()
                {
                    self.changed(&params.text_document.uri, params.text_document.version, change.text);
                }
            }
            DidCloseTextDocument::METHOD => {
                if let Ok(DidCloseTextDocumentParams { text_document }) = serde_json::from_value(told.params)
                    && let Some(closed) = self.documents.remove(text_document.uri.as_str())
                {
                    closed.cancel.cancel();
                    self.connection.publish(&text_document.uri, None, vec![]);
                }
            }
            // what else an editor tells is of no interest
            _ => {}
        }
    }

    /// A document is new or another one: what is wrong with it is found out, and what was being found out is not.
    fn changed(&mut self, uri: &Uri, version: i32, text: String) {
        let (text, cancel): (Arc<str>, Cancel) = (text.into(), Cancel::default());
        let new = OpenDocument { text: Arc::clone(&text), cancel: cancel.clone() };
        if let Some(old) = self.documents.insert(uri.as_str().to_owned(), new) {
            let _publishing = self.publishing.lock();
            old.cancel.cancel();
        }
        if text.len() > MAX_BYTES {
            return;
        }
        let (sender, publishing, uri) = (self.connection.sender.clone(), Arc::clone(&self.publishing), uri.clone());
        // where there can be no thread, the next change may have one
        let _ = apart(move || {
            let found = diagnostics(&text, &uri, &cancel);
            let _publishing = publishing.lock();
            if !cancel.is_cancelled() {
                // an editor that is gone needs no answer
                let _ = sender.send(published(&uri, Some(version), found));
            }
        });
    }

    fn asked(&self, request: Request) {
        match request.method.as_str() {
            HoverRequest::METHOD => self.about::<HoverRequest>(
                request,
                |p| &p.text_document_position_params.text_document.uri,
                |text, p| Ok(hover(text, at(text, p.text_document_position_params.position))),
            ),
            Completion::METHOD => self.about::<Completion>(
                request,
                |p| &p.text_document_position.text_document.uri,
                |text, p| {
                    let found = completions(text, at(text, p.text_document_position.position));
                    Ok(Some(CompletionResponse::Array(found)))
                },
            ),
            CodeActionRequest::METHOD => self.about::<CodeActionRequest>(
                request,
                |p| &p.text_document.uri,
                |text, p| {
                    let part = Span::new(at(text, p.range.start), at(text, p.range.end));
                    Ok(Some(actions(text, part, &p.text_document.uri)))
                },
            ),
            Formatting::METHOD => self.about::<Formatting>(
                request,
                |p| &p.text_document.uri,
                |text, _| formatted(text).map(|new| Some(vec![TextEdit::new(whole(text), new)])).map_err(|e| e.message),
            ),
            other => {
                let message = format!("gradus knows no {other}");
                self.connection.refuse(request.id, ErrorCode::MethodNotFound, message);
            }
        }
    }

    /// Answers a question about a document, in a thread of its own.
    fn about<R>(
        &self,
        request: Request,
        uri: impl Fn(&R::Params) -> &Uri,
        answer: impl FnOnce(&str, R::Params) -> Result<R::Result, String> + Send + 'static,
    ) where
        R: lsp_types::request::Request,
        R::Params: Send + 'static,
    {
        let params: R::Params = match serde_json::from_value(request.params) {
            Ok(params) => params,
            Err(e) => return self.connection.refuse(request.id, ErrorCode::InvalidParams, e.to_string()),
        };
        let document = self.documents.get(uri(&params).as_str()).filter(|open| open.text.len() <= MAX_BYTES);
        let Some(text) = document.map(|open| Arc::clone(&open.text)) else {
            let message = "this document is not open, or too long".to_owned();
            return self.connection.refuse(request.id, ErrorCode::InvalidParams, message);
        };
        let (sender, id) = (self.connection.sender.clone(), request.id.clone());
        let answered = apart(move || {
            let answered = answer(&text, params).and_then(|a| serde_json::to_value(a).map_err(|e| e.to_string()));
            let _ = sender.send(response(id, answered));
        });
        if let Err(e) = answered {
            self.connection.refuse(request.id, ErrorCode::InternalError, e.to_string());
        }
    }
}

/// In a thread with room for deep formulas.
fn apart(work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work).map(drop)
}

fn at(text: &str, position: Position) -> usize {
    byte(text, position)
}

fn response(id: RequestId, answered: Result<Value, String>) -> Message {
    Message::Response(match answered {
        Ok(value) => Response::new_ok(id, value),
        Err(message) => Response::new_err(id, ErrorCode::RequestFailed as i32, message),
    })
}

fn published(uri: &Uri, version: Option<i32>, diagnostics: Vec<lsp_types::Diagnostic>) -> Message {
    let params = PublishDiagnosticsParams { uri: uri.clone(), diagnostics, version };
    Message::Notification(Notification::new(PublishDiagnostics::METHOD.to_owned(), params))
}

/// What is sent at once.
trait Sends {
    fn publish(&self, uri: &Uri, version: Option<i32>, diagnostics: Vec<lsp_types::Diagnostic>);
    fn refuse(&self, id: RequestId, code: ErrorCode, message: String);
}

impl Sends for Connection {
    fn publish(&self, uri: &Uri, version: Option<i32>, diagnostics: Vec<lsp_types::Diagnostic>) {
        let _ = self.sender.send(published(uri, version, diagnostics));
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, message: String) {
        let _ = self.sender.send(Message::Response(Response::new_err(id, code as i32, message)));
    }
}
