//! A HiRE rewrite is proved by running it: with every row selected the rewritten program gives the
//! results of the dense one, bit for bit; with few rows selected, and rows that the predictor can tell apart, too.
//!
//! Modules are small text templates ([`modules`]), numbers come from fixed seeds, and the reference
//! interpreter runs both programs ([`harness`]).

mod compressed;
mod epilogues;
mod exact;
mod harness;
mod modules;
mod outlets;
mod random;
mod refused;
mod ties;
mod tpu;
mod weights;
