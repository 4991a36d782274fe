//! What all fuzz targets demand of the compiler: no panic, and memory in proportion to the input.

mod memory;

use std::sync::Once;

use hire_compiler::front::{bytecode, text};
use hire_compiler::valid::verify;

#[global_allocator]
static MEMORY: memory::Counted = memory::Counted::new();

/// Most bytes of one allocation a byte of input: a length that is believed unchecked breaks it.
const LARGEST: usize = 16;
/// Most bytes of memory in all a byte of text.
pub const TEXT: usize = 16;
/// Most bytes of memory in all a byte of bytecode, which takes six bytes for an operation.
pub const BYTECODE: usize = 64;
/// What any input may take: the first, smallest sizes of vectors and maps, and errors.
const GRACE: usize = 64 << 10;

/// Runs `work` on an input of `size` bytes, each of which may take `factor` bytes of memory.
///
/// # Panics
/// When one allocation, or the peak of all, is out of proportion.
pub fn watched<T>(size: usize, factor: usize, work: impl FnOnce() -> T) -> T {
    warm_up();
    let held = MEMORY.start();
    let result = work();
    let used = MEMORY.since(held);
    assert!(used.largest <= LARGEST * size + GRACE, "an allocation of {} bytes for an input of {size}", used.largest);
    assert!(used.peak <= factor * size + GRACE, "{} bytes of memory for an input of {size}", used.peak);
    result
}

/// Has the tables made that are made on first use and then stay.
fn warm_up() {
    static DONE: Once = Once::new();
    DONE.call_once(|| {
        let wrong = r#"func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
            %y = "stablehlo.transpose"(%x) {permutation = array<i64: 1>} : (tensor<2xf32>) -> tensor<2xf32>
            return %y : tensor<2xf32>
        }"#;
        let _ = text::parse(wrong).and_then(|module| verify(&module).map(drop));
        let good = include_bytes!("../../testdata/bytecode/newer.1.17.0.mlirbc");
        let _ = bytecode::parse(bytes::Bytes::from_static(good));
    });
}
