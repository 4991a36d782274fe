//! Cleanup: what makes any program smaller and plainer without changing what it computes.

mod dce;

pub use dce::dce;
