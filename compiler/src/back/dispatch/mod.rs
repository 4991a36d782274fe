//! The dispatch program: a function cut into kernels.
//!
//! A *dispatch* is a private function marked [`DISPATCH`](super::DISPATCH): operations that become
//! one kernel, its arguments and results tensors in memory. After [`form`] the entry holds nothing
//! but
//!
//! | operation | means |
//! |---|---|
//! | `func.call` of a dispatch | run a kernel |
//! | `stablehlo.constant` | a tensor that kernels or primitives read; the values of splats are inside the kernels |
//! | `stablehlo.reshape` | the same bytes under another type: costs nothing |
//! | `stablehlo.while`, `if`, `case`, with regions of the same form | control flow |
//! | any other operation | a *primitive*: the runtime computes it ([`Kind::Primitive`]) |
//!
//! Equal dispatches are one function: a model's layers share their kernels.
//!
//! # The cut
//!
//! One cut serves CPUs and GPUs. A dispatch has one *root*, whose elements are its iteration space,
//! and at most one *anchor*, a product or a reduction. Element-wise operations and operations that
//! only move elements are computed where they are used, as part of the user's dispatch, if that
//! computes no element more often than before (cheap index arithmetic may be repeated); so chains
//! fuse, a reduction takes in what produces its operand, a product what produces its weights (a
//! conversion from int8, a gather of rows), and both what is done to each element of their result.
//! See [`cluster`] for the rules.

mod check;
mod cluster;
mod kind;
mod outline;
#[cfg(test)]
mod tests;

pub use check::check;
pub use kind::{Kind, family, kind, streamed_operand};
pub use outline::form;
