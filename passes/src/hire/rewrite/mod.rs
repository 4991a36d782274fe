//! Rewrites a logits site: predict, select, gather, compute exactly.
//!
//! ```text
//! z = dot_general(h, W)               s = hire.predict(h, predictor…)      all V, cheap
//! y = epilogue(z)              =>     p = hire.select(s)                   k' positions, increasing
//! t = argmax(y) or top_k(y)           z = hire.gather_dot(h, W, p)         k' exact products
//!                                     y = epilogue(z)                      repeated on k' entries
//!                                     t = argmax(y, p) or top_k(y), p
//! ```
//!
//! A cascade scores the selected entries again with `hire.rescore` and selects among them, before
//! the exact product. Where the logits are also used whole, they become `hire.fill(s, p, z)`. An epilogue that may
//! reorder entries (a bias, a mask, a scale of unknown sign) is applied to the scores before the
//! selection. Must not fire when the epilogue permutes several rows of logits *and* may reorder
//! entries: the rows of scores and of hidden vectors would no longer correspond.

mod cascade;
mod certificate;
mod composite;
pub(super) mod narrow;
mod outlet;
mod site;
pub(super) mod statistics;

pub(super) use cascade::{Predicted, Selected};
pub(super) use composite::composite;
pub(crate) use site::{Prepared, Rewrite};
