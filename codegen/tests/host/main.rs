//! Every family of kernels against the interpreter, on random numbers with fixed seeds.

mod families;
mod harness;
mod nibbles;
