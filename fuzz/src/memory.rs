//! The allocator of the fuzz targets: the system's, counted.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Counts what the program holds. A vector that grows holds its old and its new memory for a moment,
/// and both count.
pub(crate) struct Counted {
    held: AtomicUsize,
    peak: AtomicUsize,
    largest: AtomicUsize,
}

/// What was allocated since [`Counted::start`], in bytes.
pub(crate) struct Use {
    /// Most that was held at a time, beyond what was held at the start.
    pub(crate) peak: usize,
    /// The largest single allocation.
    pub(crate) largest: usize,
}

impl Counted {
    pub(crate) const fn new() -> Self {
        Self { held: AtomicUsize::new(0), peak: AtomicUsize::new(0), largest: AtomicUsize::new(0) }
    }

    /// Begins to count; gives what is held.
    pub(crate) fn start(&self) -> usize {
        let held = self.held.load(Relaxed);
        self.peak.store(held, Relaxed);
        self.largest.store(0, Relaxed);
        held
    }

    /// What was allocated since `start` gave `held`.
    pub(crate) fn since(&self, held: usize) -> Use {
        Use { peak: self.peak.load(Relaxed).saturating_sub(held), largest: self.largest.load(Relaxed) }
    }
}

// SAFETY: both methods hand the caller's layout and pointer to the system's allocator unchanged, under
// the same contract; counting does not allocate.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = self.held.fetch_add(layout.size(), Relaxed) + layout.size();
        self.peak.fetch_max(held, Relaxed);
        self.largest.fetch_max(layout.size(), Relaxed);
        // SAFETY: the caller keeps `alloc`'s contract, which is the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        self.held.fetch_sub(layout.size(), Relaxed);
        // SAFETY: `pointer` is from `alloc` above, so from the system, with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}
