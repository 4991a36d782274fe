//! Finds the sites that HiRE can rewrite, and says of every other candidate why it is none.

pub(crate) mod epilogue;
mod logits;
pub(crate) mod outlet;
mod weight;

pub use epilogue::Step;
pub(crate) use epilogue::is_uniform_along;
pub use logits::{LogitsSite, MIN_VOCABULARY, Rejection, Side, Survey, find_logits_sites};
pub use outlet::{Outlet, OutletKind};
pub use weight::WeightPath;
pub(crate) use weight::trace as trace_weight;
