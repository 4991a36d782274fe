//! What all fuzz targets demand of the compiler: no panic, and memory in proportion to the input.

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Bytes of memory a byte of input; half of it may be kept, the rest covers vectors that grow.
const FACTOR: usize = 32;
/// What any input may take: tables made on first use, errors and their texts.
const GRACE: usize = 4 << 20;

/// Runs `work` on an input of `size` bytes.
///
/// # Panics
/// When the peak of memory is out of proportion.
pub fn watched<T>(size: usize, work: impl FnOnce() -> T) -> T {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let result = work();
    let used = MEMORY.peak_usage().saturating_sub(before);
    assert!(used <= FACTOR * size + GRACE, "{used} bytes of memory for an input of {size}");
    result
}
