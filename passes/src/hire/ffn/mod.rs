//! The HiRE rewrite of feed-forward layers `y = act(x W1 [, x Wg]) W2` whose activations are sparse.
//!
//! [`find`] recognises them, by running activations rather than by their spelling; `rewrite` does the rewrite,
//! repeating the activation on the selected neurons with `walk`. Products, predictors, selections and `@prepare` are
//! those of softmax layers. Neurons that nearly every token needs are computed always ([`most_active`], `common`).
//! Layers in a loop over stacked weights are first put one after the other by
//! `unroll`: each has a predictor and a plan of its own.

mod common;
pub mod find;
mod pass;
mod prepare;
mod rewrite;
mod unroll;
mod walk;

pub use common::most_active;
pub(crate) use pass::unroll_layers;
pub use pass::{FfnDefault, hire_ffn};
