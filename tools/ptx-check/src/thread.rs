//! One thread: registers and a place in the code.

use smallvec::SmallVec;

use crate::arith;
use crate::convert::{self, Mode};
use crate::fault::FaultKind;
use crate::launch::Counts;
use crate::memory::{Access, CONSTANT_BASE, LOCAL_BASE, Region, SHARED_BASE, Who, buffer_of, outside};
use crate::program::{Address, Entry, Op, Operand, Reg, Space, Special, Ty};

/// What all threads of a block see.
pub(crate) struct World<'a> {
    pub(crate) entry: &'a Entry,
    pub(crate) params: &'a [u8],
    pub(crate) buffers: &'a mut [Region],
    pub(crate) constants: &'a mut Region,
    pub(crate) shared: &'a mut Region,
    pub(crate) counts: &'a mut Counts,
    pub(crate) grid: [u32; 3],
    pub(crate) block: [u32; 3],
    pub(crate) block_at: [u32; 3],
    pub(crate) block_number: u32,
    pub(crate) epoch: u32,
}

/// What a thread does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// It can run.
    Ready,
    /// It waits at its instruction, a barrier of the block or an instruction of the warp.
    Waits,
    /// It has ended.
    Ended,
}

/// A thread.
pub(crate) struct Thread {
    pub(crate) number: u32,
    pub(crate) at: [u32; 3],
    pub(crate) pc: usize,
    pub(crate) status: Status,
    pub(crate) warp_epoch: u32,
    pub(crate) steps: u64,
    registers: Vec<Option<u64>>,
    local: Region,
}

impl Thread {
    pub(crate) fn new(entry: &Entry, number: u32, block: [u32; 3]) -> Self {
        let at = [number % block[0], number / block[0] % block[1], number / block[0] / block[1]];
        let (registers, local) = (vec![None; entry.registers.len()], Region::empty(LOCAL_BASE, entry.local_bytes));
        Self { number, at, pc: 0, status: Status::Ready, warp_epoch: 0, steps: 0, registers, local }
    }

    pub(crate) fn get(&self, operand: Operand, world: &World<'_>) -> Result<u64, FaultKind> {
        let register = |reg: Reg| {
            let unwritten = || FaultKind::UninitialisedRegister(world.entry.registers[reg as usize].clone());
            self.registers[reg as usize].ok_or_else(unwritten)
        };
        Ok(match operand {
            Operand::Reg(reg) => register(reg)?,
            Operand::Not(reg) => register(reg)? ^ 1,
            Operand::Value(value) => value,
            Operand::Special(special) => u64::from(match special {
                Special::Tid(axis) => self.at[axis],
                Special::Ntid(axis) => world.block[axis],
                Special::Ctaid(axis) => world.block_at[axis],
                Special::Nctaid(axis) => world.grid[axis],
                Special::Laneid => self.number % 32,
            }),
        })
    }

    pub(crate) fn set(&mut self, reg: Reg, value: u64) {
        self.registers[reg as usize] = Some(value);
    }

    fn all(&self, operands: &[Operand], world: &World<'_>) -> Result<SmallVec<[u64; 4]>, FaultKind> {
        operands.iter().map(|&operand| self.get(operand, world)).collect()
    }

    /// Executes one instruction, or starts to wait at it.
    pub(crate) fn step(&mut self, world: &mut World<'_>) -> Result<(), FaultKind> {
        let entry = world.entry;
        let instr = &entry.code[self.pc];
        self.steps += 1;
        world.counts.instructions += 1;
        if let Some((reg, wanted)) = instr.guard
            && (self.get(Operand::Reg(reg), world)? & 1 == 1) != wanted
        {
            self.pc += 1;
            return Ok(());
        }
        match &instr.op {
            Op::Jump { target } => {
                self.pc = *target;
                return Ok(());
            }
            Op::JumpTable { index, targets } => {
                let index = self.get(*index, world)? as usize;
                let target = targets.get(index);
                self.pc = *target.ok_or_else(|| FaultKind::Unsupported(format!("jump {index} of a table")))?;
                return Ok(());
            }
            Op::Barrier { .. } | Op::WarpBarrier { .. } | Op::Shuffle { .. } => {
                self.status = Status::Waits;
                return Ok(());
            }
            Op::Exit => {
                self.status = Status::Ended;
                return Ok(());
            }
            Op::Trap => return Err(FaultKind::Trap),
            Op::Fence => {}
            other => self.compute(other, world)?,
        }
        self.pc += 1;
        Ok(())
    }

    fn compute(&mut self, op: &Op, world: &mut World<'_>) -> Result<(), FaultKind> {
        let undefined = || FaultKind::Unsupported("the instruction is not defined for its type".to_owned());
        match op {
            Op::Compute { fun, ty, ftz, sat, to, from } => {
                let values = self.all(from, world)?;
                self.set(*to, arith::compute(*fun, *ty, *ftz, *sat, &values).ok_or_else(undefined)?);
            }
            Op::Convert { to_ty, from_ty, round, ftz, sat, to, from } => {
                let values = self.all(from, world)?;
                let mode = Mode { round: *round, ftz: *ftz, sat: *sat };
                self.set(*to, convert::convert(*to_ty, *from_ty, mode, &values).ok_or_else(undefined)?);
            }
            Op::Compare { cmp, unordered, ty, ftz, to, a, b, with } => {
                let (a, b) = (self.get(*a, world)?, self.get(*b, world)?);
                let holds = arith::compare(*cmp, *unordered, *ty, *ftz, a, b).ok_or_else(undefined)?;
                let with = with.map(|(fun, operand)| self.get(operand, world).map(|value| (fun, value))).transpose()?;
                let combined = |holds: bool| match with {
                    None => Some(u64::from(holds)),
                    Some((fun, value)) => arith::compute(fun, Ty::Pred, false, false, &[u64::from(holds), value]),
                };
                for (to, holds) in [(to.0, holds), (to.1, !holds)] {
                    if let Some(to) = to {
                        self.set(to, combined(holds).ok_or_else(undefined)?);
                    }
                }
            }
            Op::Pack { bits, to, from } => {
                let parts = self.all(from, world)?;
                let packed = parts
                    .iter()
                    .rev()
                    .fold(0, |sum, &part| (if *bits >= 64 { 0 } else { sum << bits }) | arith::masked(part, *bits));
                self.set(*to, packed);
            }
            Op::Unpack { bits, to, from } => {
                let value = self.get(*from, world)?;
                for (at, to) in to.iter().enumerate() {
                    let shift = *bits * at as u32;
                    if let (Some(to), true) = (to, shift < 64) {
                        self.set(*to, arith::masked(value >> shift, *bits));
                    }
                }
            }
            Op::Load { space, nc, ty, to, from } => self.load((*space, *nc, *ty), to, *from, world)?,
            Op::Store { space, ty, from, to } => self.store((*space, *ty), from, *to, world)?,
            _ => return Err(undefined()),
        }
        Ok(())
    }

    fn access(&self, space: Space, ty: Ty, count: usize, at: Address, world: &World<'_>) -> Result<Access, FaultKind> {
        let address = self.get(at.base, world)?.wrapping_add_signed(at.offset);
        let bytes = u64::from(ty.bits().div_ceil(8)) * count as u64;
        if !address.is_multiple_of(bytes) {
            return Err(FaultKind::Misaligned { address, bytes });
        }
        let (block, epoch) = (world.block_number, world.epoch);
        let who = Who { block, thread: self.number, epoch, warp_epoch: self.warp_epoch };
        Ok(Access { address, bytes, space, nc: false, who })
    }

    fn load(
        &mut self,
        (space, nc, ty): (Space, bool, Ty),
        to: &[Option<Reg>],
        from: Address,
        world: &mut World<'_>,
    ) -> Result<(), FaultKind> {
        let access = Access { nc, ..self.access(space, ty, to.len(), from, world)? };
        let size = ty.bits().div_ceil(8) as usize;
        let mut bytes = [0u8; 64];
        let bytes = &mut bytes[..access.bytes as usize];
        if space == Space::Param {
            let start = usize::try_from(access.address).unwrap_or(usize::MAX);
            let source = world.params.get(start..).and_then(|rest| rest.get(..bytes.len()));
            bytes.copy_from_slice(source.ok_or_else(|| outside(&access))?);
        } else {
            if memory_of(&access) == Some(Memory::Buffers) {
                world.counts.read_bytes += access.bytes;
                world.counts.wide_loads += u64::from(nc && access.bytes >= 16);
            }
            self.region(&access, world)?.read_into(&access, bytes)?;
        }
        for (to, part) in to.iter().zip(bytes.chunks_exact(size)) {
            let mut wide = [0u8; 8];
            wide[..size].copy_from_slice(part);
            let value = u64::from_le_bytes(wide);
            // A register wider than the type is filled by the sign.
            let value = if matches!(ty, Ty::Sint(_)) { arith::signed(value, ty.bits()) as u64 } else { value };
            if let Some(to) = to {
                self.set(*to, value);
            }
        }
        Ok(())
    }

    fn store(
        &mut self,
        (space, ty): (Space, Ty),
        from: &[Operand],
        to: Address,
        world: &mut World<'_>,
    ) -> Result<(), FaultKind> {
        let access = self.access(space, ty, from.len(), to, world)?;
        let size = ty.bits().div_ceil(8) as usize;
        let values = self.all(from, world)?;
        let mut bytes: SmallVec<[u8; 16]> = SmallVec::new();
        values.iter().for_each(|value| bytes.extend_from_slice(&value.to_le_bytes()[..size]));
        if memory_of(&access) == Some(Memory::Buffers) {
            world.counts.written_bytes += access.bytes;
        }
        self.region(&access, world)?.write(&access, &bytes)
    }

    /// The memory that an access is for, which must be of the space that the instruction names.
    fn region<'m>(&'m mut self, access: &Access, world: &'m mut World<'_>) -> Result<&'m mut Region, FaultKind> {
        let found = match memory_of(access) {
            Some(Memory::Buffers) => buffer_of(access.address).and_then(|at| world.buffers.get_mut(at)),
            Some(Memory::Constants) => Some(&mut *world.constants),
            Some(Memory::Local) => Some(&mut self.local),
            Some(Memory::Shared) => Some(&mut *world.shared),
            None => None,
        };
        found.ok_or_else(|| outside(access))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Memory {
    Buffers,
    Constants,
    Shared,
    Local,
}

fn memory_of(access: &Access) -> Option<Memory> {
    let address = access.address;
    let memory = if address >= CONSTANT_BASE {
        if buffer_of(address).is_some() { Memory::Buffers } else { Memory::Constants }
    } else if address >= LOCAL_BASE {
        Memory::Local
    } else if address >= SHARED_BASE {
        Memory::Shared
    } else {
        return None;
    };
    let right = match access.space {
        Space::Generic => true,
        Space::Global => matches!(memory, Memory::Buffers | Memory::Constants),
        Space::Shared => memory == Memory::Shared,
        Space::Local => memory == Memory::Local,
        Space::Param => false,
    };
    right.then_some(memory)
}
