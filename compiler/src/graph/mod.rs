//! Views of a function or module that answer questions about its graph.
//!
//! The IR stores definitions and program order only. Everything else is derived here, in time
//! linear in the size of what is viewed: who uses a value ([`Uses`]), what comes before what and
//! what dominates what ([`Order`]), which functions call which ([`CallGraph`]), what has effects
//! beyond its results ([`Effects`]), and the data-flow graph of a region for algorithms of
//! `petgraph` ([`DataFlow`]). [`Uses`] and [`Order`] can follow edits; the others are rebuilt.

mod calls;
mod dataflow;
mod effects;
mod order;
#[cfg(test)]
mod tests;
mod uses;

pub use calls::{CallGraph, symbols_of};
pub use dataflow::{Cycle, DataFlow, sort_region};
pub use effects::Effects;
pub use order::Order;
pub use uses::{Use, Uses};
