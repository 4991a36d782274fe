//! Changing a graph.
//!
//! A pass looks at a function, and where it finds something to do it describes the change as a
//! [`Patch`]. Applying the patch is the only thing that edits operations, so that what must hold
//! for every change is checked in one place. Every change is counted in a [`Ledger`]. [`Driver`]
//! applies *rules*, functions from a [`Context`] to an optional patch, until none has anything to
//! do. `README.md` beside this file says how rules are written.

mod check;
mod compact;
mod context;
mod dead;
mod driver;
mod editor;
mod error;
mod ledger;
mod patch;
mod provenance;
#[cfg(test)]
mod tests;
mod transplant;

pub use compact::compact;
pub use context::Context;
pub use dead::{erase_dead, erase_functions, unreachable_functions};
pub use driver::{DriveError, Driver, RuleResult};
pub use editor::{Applied, Editor};
pub use error::PatchError;
pub use ledger::Ledger;
pub use patch::Patch;
pub use provenance::fuse;
pub use transplant::Transplant;
