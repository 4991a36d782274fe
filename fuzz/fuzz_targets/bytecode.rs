//! Any bytes are read to a module or to errors.
#![no_main]

use hire_compiler::front;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let bytes = bytes::Bytes::copy_from_slice(data);
    let _ = hire_fuzz::watched(data.len(), hire_fuzz::BYTECODE, || front::bytecode::parse(bytes));
});
