//! The HiRE rewrite of logits products (arXiv 2402.09360): predict which entries matter, compute
//! only those exactly.
//!
//! [`find`] recognises sites and explains what is none; [`plan`] says what to do with each, [`predictor`] with what;
//! `rewrite` does it, with the decompositions of `decompose`; [`prepare`] makes the function that
//! turns weights into what the rewritten step reads; [`lowrank`] computes the factors of low-rank
//! predictors; [`recall`] says what approximate selections find.

pub(crate) mod argmax;
pub(crate) mod arguments;
pub(crate) mod decompose;
pub(crate) mod emit;
pub mod ffn;
pub mod find;
pub mod lowrank;
mod pass;
pub mod plan;
pub mod predictor;
pub mod prepare;
pub mod recall;
mod rewrite;

pub use ffn::{FfnDefault, hire_ffn};
pub use pass::{DEFAULT_K_PRIME, Forms, HireOptions, RewrittenSite, SiteDefault, hire_logits};
pub(crate) use pass::{finish, finish_prepare, open_prepare, signature};
pub use rewrite::statistics::{ACTIVE, CANDIDATES, FALLBACK, FOUND};
