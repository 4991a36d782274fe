//! The threads of a block, in some order, and where they meet.

use rand::Rng;
use rand::rngs::StdRng;

use crate::fault::FaultKind;
use crate::program::{Entry, Op, Operand, ShuffleMode};
use crate::thread::{Status, Thread, World};

/// Instructions that a thread may execute.
const MOST_STEPS: u64 = 20_000_000;

/// In which order threads run.
pub(crate) enum Turns<'r> {
    Forward,
    Reverse,
    /// A random thread for a random number of instructions.
    Random(&'r mut StdRng),
}

/// A fault, the line of the instruction and the thread.
pub(crate) type Found = (FaultKind, u32, u32);

/// Runs a block to its end.
pub(crate) fn run(entry: &Entry, world: &mut World<'_>, turns: &mut Turns<'_>) -> Result<(), Found> {
    let count = world.block.iter().product::<u32>();
    let mut threads: Vec<Thread> = (0..count).map(|number| Thread::new(entry, number, world.block)).collect();
    loop {
        advance(entry, world, turns, &mut threads)?;
        if threads.iter().all(|t| t.status == Status::Ended) {
            return Ok(());
        }
        let met = warps(entry, world, &mut threads)?;
        if !met {
            barrier(entry, world, &mut threads)?;
        }
    }
}

fn fault(entry: &Entry, thread: &Thread, kind: FaultKind) -> Found {
    (kind, entry.code[thread.pc].line, thread.number)
}

/// Runs all threads until each waits or has ended.
fn advance(entry: &Entry, world: &mut World<'_>, turns: &mut Turns<'_>, threads: &mut [Thread]) -> Result<(), Found> {
    let count = threads.len();
    if let Turns::Random(rng) = turns {
        let mut ready: Vec<usize> = (0..count).filter(|&at| threads[at].status == Status::Ready).collect();
        while !ready.is_empty() {
            let pick = rng.random_range(0..ready.len());
            let thread = &mut threads[ready[pick]];
            execute(entry, world, thread, rng.random_range(1..64))?;
            if thread.status != Status::Ready {
                ready.swap_remove(pick);
            }
        }
        return Ok(());
    }
    for at in 0..count {
        let at = if matches!(turns, Turns::Reverse) { count - 1 - at } else { at };
        execute(entry, world, &mut threads[at], u64::MAX)?;
    }
    Ok(())
}

fn execute(entry: &Entry, world: &mut World<'_>, thread: &mut Thread, most: u64) -> Result<(), Found> {
    let mut left = most;
    while thread.status == Status::Ready && left > 0 {
        thread.step(world).map_err(|kind| fault(entry, thread, kind))?;
        if thread.steps > MOST_STEPS {
            return Err(fault(entry, thread, FaultKind::Endless(thread.steps)));
        }
        left -= 1;
    }
    Ok(())
}

/// Lets the lanes of warps meet; whether any did.
fn warps(entry: &Entry, world: &World<'_>, threads: &mut [Thread]) -> Result<bool, Found> {
    let mut met = false;
    for warp in threads.chunks_mut(32) {
        for lane in 0..warp.len() {
            let thread = &warp[lane];
            if thread.status != Status::Waits {
                continue;
            }
            let op = &entry.code[thread.pc].op;
            let (Op::Shuffle { mask, .. } | Op::WarpBarrier { mask }) = op else { continue };
            let mask = thread.get(*mask, world).map_err(|kind| fault(entry, thread, kind))? as u32;
            let members = members(mask, warp.len());
            if mask >> lane & 1 == 0 {
                return Err(diverges(entry, thread, "a lane is not in its own mask"));
            }
            if members.iter().any(|&m| warp[m].status == Status::Ended) {
                return Err(diverges(entry, thread, "a lane of the mask has ended"));
            }
            let pc = thread.pc;
            if members.iter().any(|&m| warp[m].status != Status::Waits || warp[m].pc != pc) {
                continue;
            }
            meet(entry, world, warp, &members, mask)?;
            met = true;
        }
    }
    Ok(met)
}

fn members(mask: u32, lanes: usize) -> Vec<usize> {
    (0..lanes).filter(|&lane| mask >> lane & 1 == 1).collect()
}

fn diverges(entry: &Entry, thread: &Thread, what: &str) -> Found {
    fault(entry, thread, FaultKind::Divergence(what.to_owned()))
}

/// All members wait at the same instruction.
fn meet(entry: &Entry, world: &World<'_>, warp: &mut [Thread], members: &[usize], mask: u32) -> Result<(), Found> {
    let op = entry.code[warp[members[0]].pc].op.clone();
    let get = |thread: &Thread, operand: Operand| thread.get(operand, world).map_err(|kind| fault(entry, thread, kind));
    match op {
        Op::Shuffle { mode, to, valid, value, by, clamp, mask: own } => {
            let mut found = Vec::new();
            for &member in members {
                let thread = &warp[member];
                if get(thread, own)? as u32 != mask {
                    return Err(diverges(entry, thread, "lanes have different masks"));
                }
                let (by, clamp) = (get(thread, by)? as u32, get(thread, clamp)? as u32);
                let (source, inside) = source(mode, member as u32, by, clamp);
                if !members.contains(&(source as usize)) {
                    return Err(diverges(entry, thread, "a lane reads one that is not in the mask"));
                }
                found.push((get(&warp[source as usize], value)?, inside));
            }
            for (&member, (value, inside)) in members.iter().zip(found) {
                warp[member].set(to, value & 0xFFFF_FFFF);
                if let Some(valid) = valid {
                    warp[member].set(valid, u64::from(inside));
                }
            }
        }
        _ => members.iter().for_each(|&member| warp[member].warp_epoch += 1),
    }
    for &member in members {
        warp[member].pc += 1;
        warp[member].status = Status::Ready;
    }
    Ok(())
}

/// The lane that `shfl` reads, and whether it lies inside of the segment (the PTX manual's rule).
fn source(mode: ShuffleMode, lane: u32, by: u32, clamp: u32) -> (u32, bool) {
    let (by, limit, segment) = (by & 31, clamp & 31, clamp >> 8 & 31);
    let most = (lane & segment) | (limit & !segment & 31);
    let least = lane & segment;
    let (wanted, inside) = match mode {
        ShuffleMode::Up => (lane.wrapping_sub(by), lane >= by && lane - by >= most),
        ShuffleMode::Down => (lane + by, lane + by <= most),
        ShuffleMode::Bfly => (lane ^ by, lane ^ by <= most),
        ShuffleMode::Idx => {
            let wanted = least | (by & !segment & 31);
            (wanted, wanted <= most)
        }
    };
    if inside { (wanted, true) } else { (lane, false) }
}

/// Lets the block pass a barrier, at which all threads must wait.
fn barrier(entry: &Entry, world: &mut World<'_>, threads: &mut [Thread]) -> Result<(), Found> {
    let first = threads.iter().find(|t| t.status == Status::Waits);
    let first = first.expect("not all threads have ended, and none can run");
    let (pc, op) = (first.pc, entry.code[first.pc].op.clone());
    if !matches!(op, Op::Barrier { .. }) {
        return Err(diverges(entry, first, "lanes of a mask wait at different instructions"));
    }
    for thread in threads.iter() {
        match thread.status {
            Status::Ended => return Err(diverges(entry, first, "a thread ends where others wait at a barrier")),
            _ if thread.pc != pc => {
                return Err(diverges(entry, thread, "threads wait at different instructions"));
            }
            _ => {}
        }
    }
    world.epoch += 1;
    for thread in threads {
        thread.pc += 1;
        thread.status = Status::Ready;
    }
    Ok(())
}
