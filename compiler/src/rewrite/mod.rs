//! Changing a graph.
//!
//! A pass looks at a function, and where it finds something to do it describes the change as a
//! patch. Applying the patch is the only thing that edits operations, so that what must hold for
//! every change is checked in one place. Every change is counted in a [`Ledger`].

mod compact;
mod dead;
mod ledger;

pub use compact::compact;
pub use dead::{erase_dead, erase_functions, unreachable_functions};
pub use ledger::Ledger;
