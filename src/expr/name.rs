//! Names of variables, functions and sizes.

use std::fmt;
use std::sync::Arc;

/// A name in its plain spelling: `W_1`, `μ`, `x_Paris`, `y_hat`. Ordered by its text, so that nothing depends on interning.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Arc<str>);

impl Name {
    /// A name in its plain spelling.
    pub fn new(text: &str) -> Name {
        Name(Arc::from(text))
    }

    /// Its plain spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name::new(text)
    }
}
