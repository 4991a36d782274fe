//! VHLO: the versioned form in which StableHLO programs are stored.
//!
//! A portable artifact is MLIR bytecode whose operations, attributes and types belong to the `vhlo`
//! dialect: a copy of StableHLO in which every entity carries a revision number, and which promises
//! that what was written stays readable. An operation gains a new revision (`gather_v2`) when its
//! attributes change; the newest revision says the same as today's StableHLO operation, older ones
//! lack something that has a neutral value. So reading an old artifact is filling in neutral values,
//! and writing for an old reader is checking that the values are neutral and leaving them out.
//!
//! This module holds the facts that the reader ([`crate::front::bytecode`]) and the writer
//! ([`crate::write::bytecode`]) share. They come from the op table wherever the table has them:
//! a `vhlo` operation is named after its StableHLO operation and has its attributes, always spelled
//! out, structured attributes taken apart into their fields ([`fields`]). Only the differences
//! between versions are listed here.

pub(crate) mod codes;
pub(crate) mod fields;
pub(crate) mod neutral;
pub(crate) mod revisions;
mod version;

pub use version::{ParseVersionError, Version};
