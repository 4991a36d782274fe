//! Every kernel for GPUs, executed and checked on the host, against the same kernel for the CPU.

mod families;
mod harness;
mod model;
