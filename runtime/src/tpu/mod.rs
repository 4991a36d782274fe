//! What libtpu's scheduled programs cost: the step estimate, and forms to avoid.
//!
//! Nothing here needs a TPU or libtpu: all of it reads the program that libtpu hands out when it compiles ahead of time
//! ([`crate::pjrt::AheadExecutable::optimized_program`]).

mod backend_config;
mod calibrate;
mod collectives;
mod defects;
mod estimate;
mod traffic;
mod trips;

pub use calibrate::{LIBTPU_VERSION, calibration_program, clock_hz, streaming_rate};
pub use collectives::{Collective, LINK_BYTES_PER_SECOND, LINK_LATENCY_SECONDS, collectives};
pub use defects::{Defect, defects};
pub use estimate::{Estimate, OpCost, Rates, estimate};
