//! The files of the page, as they stand in `web/page`.

/// A file of the page.
#[derive(Clone, Copy, Debug)]
pub struct PageFile {
    /// Where it is asked for: `style.css`.
    pub path: &'static str,
    /// Its media type.
    pub media: &'static str,
    /// What it holds.
    pub body: &'static str,
}

macro_rules! page {
    ($($path:literal $media:literal)+) => {
        /// Every file of the page that is a text; the module in WebAssembly is none of them.
        pub const PAGE: &[PageFile] =
            &[$(PageFile { path: $path, media: $media, body: include_str!(concat!("../page/", $path)) }),+];
    };
}

page! {
    "index.html" "text/html; charset=utf-8"
    "style.css" "text/css; charset=utf-8"
    "icon.svg" "image/svg+xml"
    "manifest.webmanifest" "application/manifest+json"
    "editor.js" "text/javascript; charset=utf-8"
    "engine.js" "text/javascript; charset=utf-8"
    "examples.js" "text/javascript; charset=utf-8"
    "main.js" "text/javascript; charset=utf-8"
    "results.js" "text/javascript; charset=utf-8"
    "share.js" "text/javascript; charset=utf-8"
    "tabs.js" "text/javascript; charset=utf-8"
    "words.js" "text/javascript; charset=utf-8"
    "examples/attention.gradus" "text/plain; charset=utf-8"
    "examples/gaussian.gradus" "text/plain; charset=utf-8"
    "examples/lecture.gradus" "text/plain; charset=utf-8"
    "examples/logistic.gradus" "text/plain; charset=utf-8"
    "examples/lstm.gradus" "text/plain; charset=utf-8"
    "examples/ridge.gradus" "text/plain; charset=utf-8"
    "examples/softmax.gradus" "text/plain; charset=utf-8"
    "examples/three_layers.gradus" "text/plain; charset=utf-8"
    "examples/transformer.gradus" "text/plain; charset=utf-8"
    "examples/two_layers.gradus" "text/plain; charset=utf-8"
    "loopback.js" "text/javascript; charset=utf-8"
}
