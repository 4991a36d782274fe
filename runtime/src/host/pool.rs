//! Threads that run the workgroups of a dispatch together.
//!
//! The threads live as long as the program. Between dispatches they spin for a short while, since the
//! next dispatch of a step is microseconds away, and then sleep until they are woken. A dispatch is handed out by
//! raising the epoch; each thread computes its own range of workgroups, fixed by its number, and counts itself
//! done.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

use super::error::Error;

/// A kernel: buffers, first workgroup, workgroup after the last.
pub(super) type Kernel = unsafe extern "C" fn(*const *mut u8, i64, i64);

/// How often a waiting thread looks before it sleeps; some tens of microseconds.
const SPINS: u32 = 20_000;

/// What all threads see.
struct Shared {
    epoch: AtomicU64,
    done: AtomicUsize,
    stop: AtomicBool,
    failed: AtomicBool,
    kernel: AtomicUsize,
    buffers: AtomicUsize,
    grid: AtomicU64,
    sleepers: Mutex<usize>,
    wake: Condvar,
    threads: u64,
}

/// The threads of a program, the caller's own among them.
pub(super) struct Pool {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    /// `threads` threads, the caller's own included.
    pub(super) fn new(threads: usize) -> Result<Self, Error> {
        let shared = Arc::new(Shared {
            epoch: AtomicU64::new(0),
            done: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            failed: AtomicBool::new(false),
            kernel: AtomicUsize::new(0),
            buffers: AtomicUsize::new(0),
            grid: AtomicU64::new(0),
            sleepers: Mutex::new(0),
            wake: Condvar::new(),
            threads: threads as u64,
        });
        let mut pool = Pool { shared, workers: Vec::new() };
        for number in 1..threads {
            let shared = Arc::clone(&pool.shared);
            let worker =
                std::thread::Builder::new().name(format!("hire-{number}")).spawn(move || work(&shared, number as u64));
            pool.workers.push(worker.map_err(Error::Thread)?);
        }
        Ok(pool)
    }

    /// Runs all workgroups of a kernel.
    ///
    /// # Safety
    /// `kernel` must be a kernel whose workgroups below `grid` stay inside what `buffers` point to,
    /// and nothing else may use that memory meanwhile.
    pub(super) unsafe fn run(&self, kernel: Kernel, buffers: &[*mut u8], grid: u64) -> Result<(), Error> {
        let shared = &*self.shared;
        if self.workers.is_empty() || grid < 2 {
            // SAFETY: the caller's promise.
            unsafe { kernel(buffers.as_ptr(), 0, grid as i64) };
            return Ok(());
        }
        shared.kernel.store(kernel as usize, Ordering::Relaxed);
        shared.buffers.store(buffers.as_ptr() as usize, Ordering::Relaxed);
        shared.grid.store(grid, Ordering::Relaxed);
        shared.done.store(0, Ordering::Relaxed);
        shared.epoch.fetch_add(1, Ordering::SeqCst);
        if *shared.sleepers.lock().unwrap_or_else(|e| e.into_inner()) > 0 {
            shared.wake.notify_all();
        }
        let (begin, end) = range(grid, 0, shared.threads);
        // SAFETY: the caller's promise; ranges of different threads do not overlap.
        unsafe { kernel(buffers.as_ptr(), begin, end) };
        let mut looks = 0u32;
        while shared.done.load(Ordering::Acquire) < self.workers.len() {
            looks += 1;
            if looks.is_multiple_of(SPINS) {
                std::thread::yield_now();
            }
            std::hint::spin_loop();
        }
        if shared.failed.load(Ordering::Relaxed) { Err(Error::Worker) } else { Ok(()) }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        self.shared.epoch.fetch_add(1, Ordering::SeqCst);
        drop(self.shared.sleepers.lock());
        self.shared.wake.notify_all();
        for worker in self.workers.drain(..) {
            // A worker's panic was reported when it happened.
            let _ = worker.join();
        }
    }
}

/// The workgroups of one thread: consecutive ones, the same whenever the grid is the same.
fn range(grid: u64, thread: u64, threads: u64) -> (i64, i64) {
    ((grid * thread / threads) as i64, (grid * (thread + 1) / threads) as i64)
}

fn work(shared: &Shared, number: u64) {
    let mut seen = 0;
    loop {
        seen = next_epoch(shared, seen);
        if shared.stop.load(Ordering::SeqCst) {
            return;
        }
        let (begin, end) = range(shared.grid.load(Ordering::Relaxed), number, shared.threads);
        let kernel = shared.kernel.load(Ordering::Relaxed);
        let buffers = shared.buffers.load(Ordering::Relaxed) as *const *mut u8;
        let run = || {
            // SAFETY: the number was stored from a kernel by `Pool::run`, before it raised the epoch.
            let kernel = unsafe { std::mem::transmute::<usize, Kernel>(kernel) };
            // SAFETY: the promise of `Pool::run`'s caller, who waits until this thread is done.
            unsafe { kernel(buffers, begin, end) }
        };
        if catch_unwind(AssertUnwindSafe(run)).is_err() {
            shared.failed.store(true, Ordering::Relaxed);
        }
        shared.done.fetch_add(1, Ordering::Release);
    }
}

/// Waits until the epoch is another than `seen`; returns it.
fn next_epoch(shared: &Shared, seen: u64) -> u64 {
    for _ in 0..SPINS {
        let epoch = shared.epoch.load(Ordering::Acquire);
        if epoch != seen {
            return epoch;
        }
        std::hint::spin_loop();
    }
    let mut sleepers = shared.sleepers.lock().unwrap_or_else(|e| e.into_inner());
    *sleepers += 1;
    while shared.epoch.load(Ordering::SeqCst) == seen {
        sleepers = shared.wake.wait(sleepers).unwrap_or_else(|e| e.into_inner());
    }
    *sleepers -= 1;
    shared.epoch.load(Ordering::SeqCst)
}

#[cfg(test)]
mod tests {
    use super::*;

    unsafe extern "C" fn count(buffers: *const *mut u8, begin: i64, end: i64) {
        // SAFETY: the test passes one buffer of as many bytes as there are workgroups.
        let bytes = unsafe { *buffers };
        for at in begin..end {
            // SAFETY: as above; each workgroup has a byte of its own.
            unsafe { *bytes.add(at as usize) += 1 };
        }
    }

    #[test]
    fn every_workgroup_runs_once_whatever_the_number_of_threads() {
        for threads in [1, 2, 3, 7] {
            let pool = Pool::new(threads).unwrap();
            let mut bytes = [0u8; 10];
            for _ in 0..100 {
                // SAFETY: one buffer of ten bytes for ten workgroups.
                unsafe { pool.run(count, &[bytes.as_mut_ptr()], 10) }.unwrap();
            }
            assert_eq!(bytes, [100; 10], "{threads} threads");
        }
    }
}
