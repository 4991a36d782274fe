//! A product of a matrix and a vector that LLVM compiled, and what it should be.

use hire_ptx_check::{Argument, Buffer, Fault, Launch, Module, Outcome, check};

pub(crate) const PTX: &str = include_str!("../kernels/gemv.ptx");
const ROWS: usize = 4;
const COLUMNS: usize = 512;

fn bytes(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

fn numbers(count: usize, seed: u32) -> Vec<f32> {
    let step = |state: &mut u32| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some((*state >> 8) as f32 / 8_388_608.0 - 1.0)
    };
    std::iter::repeat_n((), count).scan(seed, |state, ()| step(state)).collect()
}

/// The sums in the kernel's order: four terms a thread, then halves of the warp, then the warps.
fn expected(w: &[f32], x: &[f32]) -> Vec<f32> {
    let row = |w: &[f32]| {
        let thread = |t: usize| {
            let first = w[4 * t] * x[4 * t];
            (1..4).fold(first, |sum, i| w[4 * t + i].mul_add(x[4 * t + i], sum))
        };
        let warp = |warp: usize| {
            let mut lanes: Vec<f32> = (0..32).map(|lane| thread(32 * warp + lane)).collect();
            for by in [16, 8, 4, 2, 1] {
                lanes = (0..32).map(|lane| lanes[lane] + lanes[lane ^ by]).collect();
            }
            lanes[0]
        };
        (warp(0) + warp(1)) + (warp(2) + warp(3))
    };
    w.chunks(COLUMNS).map(row).collect()
}

/// Runs the kernel of a text.
pub(crate) fn launch(text: &str) -> Result<Outcome, Fault> {
    let module = Module::parse(text).unwrap_or_else(|e| panic!("{e}"));
    let (w, x) = (numbers(ROWS * COLUMNS, 1), numbers(COLUMNS, 2));
    let buffers = [Buffer::Input(bytes(&w)), Buffer::Input(bytes(&x)), Buffer::Result(4 * ROWS)];
    let arguments = (0..3).map(|at| Argument::Buffer(at, 0)).collect();
    let launch = Launch { kernel: "gemv".to_owned(), grid: [ROWS as u32, 1, 1], block: [128, 1, 1], arguments };
    check(&module, &launch, &buffers)
}

/// The right result.
pub(crate) fn result() -> Vec<u8> {
    bytes(&expected(&numbers(ROWS * COLUMNS, 1), &numbers(COLUMNS, 2)))
}

#[test]
fn has_the_bits_of_the_same_sums_on_the_host() {
    let outcome = launch(PTX).unwrap();
    assert_eq!(outcome.buffers[2], result());
    // Each thread reads 16 bytes of the matrix and of the vector.
    assert_eq!(outcome.counts.read_bytes, (2 * 4 * ROWS * COLUMNS) as u64);
    assert_eq!(outcome.counts.wide_loads, (ROWS * 128 * 2) as u64);
    assert_eq!(outcome.counts.written_bytes, 4 * ROWS as u64);
}
