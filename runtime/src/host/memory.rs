//! The memory that a program works in.

use bytes::Bytes;
use hire_artifact::schedule::Place;
use memmap2::MmapMut;

use super::error::Error;

/// An anonymous mapping, zeroed, aligned to pages, in huge pages where the system gives them.
pub(super) struct Block {
    map: Option<MmapMut>,
}

impl Block {
    /// A block of so many bytes.
    pub(super) fn new(bytes: u64) -> Result<Self, Error> {
        let out_of_memory = |source| Error::Memory { bytes, source };
        if bytes == 0 {
            return Ok(Block { map: None });
        }
        let length = usize::try_from(bytes).map_err(|e| out_of_memory(std::io::Error::other(e)))?;
        let map = MmapMut::map_anon(length).map_err(out_of_memory)?;
        if bytes >= 2 << 20 {
            // A refusal costs speed, nothing else.
            let _ = map.advise(memmap2::Advice::HugePage);
        }
        Ok(Block { map: Some(map) })
    }

    /// Where it starts; dangling when it is empty.
    pub(super) fn start(&mut self) -> *mut u8 {
        self.map.as_mut().map_or(std::ptr::dangling_mut(), |map| map.as_mut_ptr())
    }

    /// Its bytes.
    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        self.map.as_mut().map_or(&mut [], |map| &mut map[..])
    }

    /// Sets all of it to zeros.
    pub(super) fn clear(&mut self) {
        self.bytes_mut().fill(0);
    }
}

/// Constants, aligned as kernels expect them.
pub(super) fn constants(bytes: &[u8]) -> Result<Block, Error> {
    let mut block = Block::new(bytes.len() as u64)?;
    block.bytes_mut().copy_from_slice(bytes);
    Ok(block)
}

/// Where arguments, results, arena and constants start.
pub(super) struct Bases {
    pub(super) arguments: Vec<*mut u8>,
    pub(super) results: Vec<*mut u8>,
    pub(super) arena: *mut u8,
    pub(super) constants: *mut u8,
}

impl Bases {
    /// The address of a place. The schedule was checked against the sizes of what the bases point to.
    pub(super) fn address(&self, place: Place) -> *mut u8 {
        match place {
            Place::Argument(at) => self.arguments[at as usize],
            Place::Result(at) => self.results[at as usize],
            Place::Arena(offset) => self.arena.wrapping_add(offset as usize),
            Place::Constant(offset) => self.constants.wrapping_add(offset as usize),
        }
    }
}

/// The address of a tensor's bytes, for kernels, which write to no argument but state.
pub(super) fn address_of(bytes: &Bytes) -> *mut u8 {
    bytes.as_ptr().cast_mut()
}
