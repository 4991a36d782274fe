//! Selections over a dimension that lies on several devices: DA-TOP-k (arXiv 2402.09360, section 3.3).
//!
//! A top-k, an argmax or a sort that only its head is used of needs little of what it looks at. Where the dimension is
//! sharded, programs nevertheless gather all of it on every device first. [`da_topk`] replaces that by
//!
//! ```text
//!   local selection of k''  ->  one all_gather of packed (value, position) pairs  ->  the same selection among those
//! ```
//!
//! - The program may be *manual* (an explicit `all_gather` before the selection, [`gathered`]) or *automatic* (shardings
//!   on its tensors; [`wrapped`] makes the selection an `sdy.manual_computation`).
//! - Shards are gathered in the order of the dimension and each is sorted by the one total order, with equal values in the
//!   order of their positions. So among what was gathered, the lower place of equals is the lower position, and a stable
//!   selection gives bit for bit what a selection among all would.
//! - With `k'' = min(k, entries of a shard)` the result is exact. A smaller `k''` loses entries where more than `k''` of
//!   the k largest stand on one shard; [`choose`] takes the smallest whose expected recall meets a target.
//! - Over several axes the inner one is merged first, where that moves fewer bytes.

mod choose;
mod exchange;
mod gathered;
mod localize;
mod outlet;
mod pass;
pub mod propagate;
mod stream;
mod wrapped;

pub use localize::{LOCAL_ATTR, is_local_program, localize};
pub use pass::{DistributeOptions, Distributed, da_topk};
