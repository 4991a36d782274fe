//! Memory with what is known of every byte: who wrote it, who read it, and when.

use crate::fault::FaultKind;
use crate::program::Space;

/// Where shared memory starts.
pub(crate) const SHARED_BASE: u64 = 0x0100_0000;
/// Where each thread's own memory starts.
pub(crate) const LOCAL_BASE: u64 = 0x0200_0000;
/// Where tables of the module start.
pub(crate) const CONSTANT_BASE: u64 = 0x0300_0000;
/// Where the first buffer starts. Buffers lie far apart, so that no small mistake leads into another.
const BUFFER_BASE: u64 = 0x10_0000_0000;
const BUFFER_DISTANCE: u64 = 0x10_0000_0000;
/// A load that starts inside of a buffer may end behind it, up to a multiple of this: LLVM joins loads of neighbours
/// into one of 16 bytes where its address is aligned, since memory that can be read at all can be read up to there.
/// What is there differs between orders of threads, so that no result may depend on it.
const PADDING: usize = 16;

/// A thread at a time between two barriers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Who {
    pub(crate) block: u32,
    pub(crate) thread: u32,
    /// How many barriers the block has passed.
    pub(crate) epoch: u32,
    /// How many barriers of its warp the thread has passed.
    pub(crate) warp_epoch: u32,
}

impl Who {
    /// Whether nothing orders what the two do.
    fn races(self, other: Who) -> bool {
        if self.block != other.block {
            return true;
        }
        let same_warp = self.thread / 32 == other.thread / 32;
        let by_warp = same_warp && self.warp_epoch != other.warp_epoch;
        self.thread != other.thread && self.epoch == other.epoch && !by_warp
    }
}

#[derive(Clone, Copy, Debug, Default)]
enum Readers {
    #[default]
    None,
    One(Who),
    /// Several threads of a block, the last of them in this epoch.
    Block(u32, u32),
    Blocks,
}

impl Readers {
    fn and(self, who: Who) -> Readers {
        match self {
            Readers::None => Readers::One(who),
            Readers::One(other) if other.block != who.block => Readers::Blocks,
            Readers::One(other) if other.races(who) => Readers::Block(who.block, who.epoch),
            Readers::One(_) => Readers::One(who),
            Readers::Block(block, _) if block != who.block => Readers::Blocks,
            Readers::Block(block, epoch) if epoch == who.epoch => Readers::Block(block, epoch),
            Readers::Block(..) => Readers::One(who),
            Readers::Blocks => Readers::Blocks,
        }
    }

    fn race(self, writer: Who) -> bool {
        match self {
            Readers::None => false,
            Readers::One(reader) => reader.races(writer),
            Readers::Block(block, epoch) => block != writer.block || epoch == writer.epoch,
            Readers::Blocks => true,
        }
    }
}

/// What is known of a byte.
#[derive(Clone, Copy, Debug, Default)]
struct Shadow {
    known: bool,
    constant: bool,
    writer: Option<Who>,
    readers: Readers,
}

/// A run of bytes.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    base: u64,
    pub(crate) bytes: Vec<u8>,
    shadow: Vec<Shadow>,
    /// Whether kernels may write it.
    writable: bool,
    /// The number of a buffer.
    buffer: Option<usize>,
    /// What follows a buffer up to a multiple of [`PADDING`].
    padding: Vec<u8>,
}

/// An access.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    pub(crate) address: u64,
    pub(crate) bytes: u64,
    pub(crate) space: Space,
    pub(crate) nc: bool,
    pub(crate) who: Who,
}

impl Region {
    /// Memory that nobody has written.
    pub(crate) fn empty(base: u64, bytes: u64) -> Self {
        let bytes = bytes as usize;
        Self {
            base,
            bytes: vec![0; bytes],
            shadow: vec![Shadow::default(); bytes],
            writable: true,
            buffer: None,
            padding: Vec::new(),
        }
    }

    /// Memory with a content.
    pub(crate) fn filled(base: u64, bytes: &[u8], writable: bool) -> Self {
        let shadow = vec![Shadow { known: true, ..Shadow::default() }; bytes.len()];
        Self { base, bytes: bytes.to_vec(), shadow, writable, buffer: None, padding: Vec::new() }
    }

    /// Buffer number `at`; without content a result. What follows it is `filler`.
    pub(crate) fn buffer(at: usize, bytes: &[u8], known: bool, writable: bool, filler: u8) -> Self {
        let base = buffer_address(at);
        let mut region = Self::filled(base, bytes, writable);
        region.shadow.fill(Shadow { known, ..Shadow::default() });
        region.buffer = Some(at);
        region.padding = vec![filler; bytes.len().next_multiple_of(PADDING) - bytes.len()];
        region
    }

    /// Forgets the content, for the next block.
    pub(crate) fn clear(&mut self) {
        self.shadow.fill(Shadow::default());
    }

    /// The bytes that were never written: how many, and the first.
    pub(crate) fn unwritten(&self) -> Option<(usize, usize)> {
        let first = self.shadow.iter().position(|s| !s.known)?;
        Some((self.shadow.iter().filter(|s| !s.known).count(), first))
    }

    fn range(&self, access: &Access) -> Option<std::ops::Range<usize>> {
        let start = access.address.checked_sub(self.base)?;
        let end = start.checked_add(access.bytes)?;
        (end <= self.bytes.len() as u64).then_some(start as usize..end as usize)
    }

    fn race(&self, at: usize) -> FaultKind {
        match self.buffer {
            Some(buffer) => FaultKind::GlobalConflict { buffer, offset: at as u64 },
            None => FaultKind::SharedRace { offset: at as u64 },
        }
    }

    /// Copies the bytes of a read, which is noted.
    pub(crate) fn read_into(&mut self, access: &Access, to: &mut [u8]) -> Result<(), FaultKind> {
        let inside = (self.base + self.bytes.len() as u64).saturating_sub(access.address).min(access.bytes);
        let (bytes, rest) = to.split_at_mut(inside as usize);
        if inside == 0 || rest.len() > self.padding.len() {
            return Err(outside(access));
        }
        rest.copy_from_slice(&self.padding[..rest.len()]);
        bytes.copy_from_slice(self.read(&Access { bytes: inside, ..*access })?);
        Ok(())
    }

    fn read(&mut self, access: &Access) -> Result<&[u8], FaultKind> {
        let range = self.range(access).ok_or_else(|| outside(access))?;
        for at in range.clone() {
            let shadow = self.shadow[at];
            if !shadow.known {
                let address = self.base + at as u64;
                return Err(FaultKind::UninitialisedMemory { address, space: name(access.space) });
            }
            if shadow.writer.is_some_and(|writer| writer.races(access.who)) {
                return Err(self.race(at));
            }
            if access.nc && shadow.writer.is_some() {
                return Err(FaultKind::NonCoherent { buffer: self.buffer.unwrap_or(0), offset: at as u64 });
            }
            let readers = shadow.readers.and(access.who);
            self.shadow[at] = Shadow { readers, constant: shadow.constant | access.nc, ..shadow };
        }
        Ok(&self.bytes[range])
    }

    /// Writes, which is noted.
    pub(crate) fn write(&mut self, access: &Access, bytes: &[u8]) -> Result<(), FaultKind> {
        let range = self.range(access).ok_or_else(|| outside(access))?;
        for at in range.clone() {
            let shadow = self.shadow[at];
            let (buffer, offset) = (self.buffer.unwrap_or(0), at as u64);
            if !self.writable {
                return Err(FaultKind::ReadOnly { buffer, offset });
            }
            if shadow.constant {
                return Err(FaultKind::NonCoherent { buffer, offset });
            }
            if shadow.writer.is_some_and(|writer| writer.races(access.who)) || shadow.readers.race(access.who) {
                return Err(self.race(at));
            }
            self.shadow[at] = Shadow { known: true, writer: Some(access.who), ..Shadow::default() };
        }
        self.bytes[range].copy_from_slice(bytes);
        Ok(())
    }
}

/// The address of a buffer.
pub(crate) fn buffer_address(at: usize) -> u64 {
    BUFFER_BASE + BUFFER_DISTANCE * at as u64
}

/// The number of the buffer that an address would lie in.
pub(crate) fn buffer_of(address: u64) -> Option<usize> {
    let offset = address.checked_sub(BUFFER_BASE)?;
    usize::try_from(offset / BUFFER_DISTANCE).ok()
}

/// An access that no memory holds.
pub(crate) fn outside(access: &Access) -> FaultKind {
    FaultKind::OutOfBounds { address: access.address, bytes: access.bytes, space: name(access.space) }
}

fn name(space: Space) -> &'static str {
    match space {
        Space::Param => "param",
        Space::Global => "global",
        Space::Shared => "shared",
        Space::Local => "local",
        Space::Generic => "generic",
    }
}
