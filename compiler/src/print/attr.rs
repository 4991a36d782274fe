//! Attributes as text.

use std::fmt;

use crate::ir::Attr;

impl fmt::Display for Attr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Attr::Opaque(text) => write!(f, "#{text}"),
            other => write!(f, "{other:?}"),
        }
    }
}
