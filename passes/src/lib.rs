//! Placeholder crate documentation; written with the first module.
