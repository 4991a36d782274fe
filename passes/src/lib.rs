//! The passes of `hire`: what is done with a program, and in what order.
//!
//! `hire_compiler` holds the IR and its mechanisms and knows no policy; this crate is the policy.
//! Start with [`pipeline`], whose table lists every pass with the reason for its place.

pub mod cleanup;
pub mod compress;
pub mod context;
pub mod distribute;
mod expansion;
pub mod hire;
pub mod instrument;
pub mod legalize;
pub mod pipeline;
pub mod signature;
pub mod stage;
pub mod traffic;

pub use context::{PassContext, Weight, Weights};
pub use pipeline::{PASSES, Pass, PassError, PipelineError, Report};
pub use stage::{Stage, Target};
