//! Runs PTX kernels on the host, and checks what they do.
//!
//! [`Module::parse`] reads the text that an assembler for NVIDIA GPUs takes. [`check`] launches a
//! kernel of it several times, with the threads of a block and the blocks of the grid in another
//! order each time. Threads are state machines that run until they wait for others (at a barrier, or
//! at an instruction of the whole warp), so that one thread of the host runs all of them and every
//! order can be repeated.
//!
//! # What is checked
//!
//! - every access stays inside of one buffer, is aligned, and reads only what was written or given (a load that
//!   starts inside may end behind it, up to a multiple of 16 bytes, if no result depends on what is there);
//! - between two barriers no thread of a block writes what another reads or writes, in shared and in
//!   global memory, and blocks never do;
//! - `ld.global.nc` never reads what the kernel writes;
//! - no register is read before it is written;
//! - all threads of a block arrive at the same barrier, all lanes of a mask at the same instruction;
//! - the results have the same bits in all orders.
//!
//! An instruction or modifier that is unknown is an error of [`Module::parse`], with its line.
//!
//! # What is not
//!
//! Shared memory is checked by intervals between barriers, with `bar.warp.sync` for threads of one warp; order
//! by fences is unknown, atomic operations are refused. The `approx` functions are computed correctly rounded,
//! which GPUs do not. Nothing is said about time, and nothing about what the assembler makes of the text.

mod arith;
mod block;
mod convert;
mod decode;
mod fault;
mod float;
mod launch;
mod lex;
mod memory;
mod modifiers;
mod parse;
mod program;
mod thread;

pub use fault::{Fault, FaultKind, Unreadable};
pub use launch::{Argument, Buffer, Counts, Launch, Order, Outcome, check, run};
pub use program::{Entry, Module};
