//! The intermediate representation of `hire`, and the mechanisms that work on it.
//!
//! # What a program means
//!
//! A [`ir::Module`] is a StableHLO program: functions, and a few module-level declarations such as
//! device meshes. A function's body is one [region](ir::Region): arguments, then operations in
//! order, the last of which is its terminator. Operations are pure unless the op table gives them
//! the [`SIDE_EFFECT`](ir::Traits::SIDE_EFFECT) trait; a pure operation may be computed at any time
//! between its operands and its users, or never. Operations with side effects run in program order.
//!
//! *Values* are immutable. Each is defined once, as an argument of a region or a result of an
//! operation, and may be used by every later operation of the same region and of the regions nested
//! in those. All values, operations and regions of a function live in the function's own arenas and
//! are named by typed handles ([`ir::ValueId`], [`ir::OpId`], [`ir::RegionId`]); a handle says
//! nothing about order, only the region's list does.
//!
//! A *tensor type* promises its rank and the size of every dimension that is not [`ir::Dim::Dynamic`].
//! Elements are in row-major order wherever bytes are visible (constants, buffers). Integer types
//! without a sign prefix are signed (`i8` is StableHLO's `si8`), `i1` is the predicate type, types
//! narrower than a byte take a whole byte each in [`ir::DenseElements`].
//!
//! *Attributes* of an operation are its compile-time arguments. Those the op table declares are
//! inherent and checked; all others are discardable: kept, printed, never interpreted.
//!
//! # Who may change what
//!
//! The front end (`front`) and the builder make modules; the verifier (`valid`) decides
//! which of them are programs. After it, everything downstream may return errors but must not
//! panic. Graph changes go through patches (`rewrite`), which keep types and locations.
//! This crate knows nothing of any particular optimization: policy lives in `hire-passes`.

pub mod back;
pub mod diag;
pub mod eval;
pub mod front;
pub mod graph;
pub mod ir;
pub mod print;
pub mod rewrite;
pub mod sharding;
pub mod valid;
pub mod vhlo;
pub mod write;
