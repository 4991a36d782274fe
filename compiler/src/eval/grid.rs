//! A grid of virtual devices that run in lockstep.
//!
//! Each device is a thread, but only the one that holds the baton runs; it hands the baton on when
//! it has to wait for others or is done. Devices are therefore deterministic, and when nobody can
//! go on, all of them learn at once that they are deadlocked.

use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard};

use smol_str::SmolStr;

use super::error::Fault;
use super::tensor::Tensor;
use super::value::Value;
use crate::ir::Opcode;

/// What identifies a meeting of a process group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Meeting {
    opcode: Opcode,
    channel: i64,
    group: Vec<usize>,
}

/// What a device is doing.
#[derive(Clone, Debug, PartialEq)]
enum Status {
    /// May run.
    Ready,
    /// Waits until all of a group have come.
    Meets(Meeting),
    /// Waits for a message on a channel.
    Receives(Channel),
    /// Has ended.
    Done,
}

/// A channel between devices; where source and target are given, of one target.
type Channel = (i64, Option<usize>);

#[derive(Debug, Default)]
struct State {
    baton: usize,
    statuses: Vec<Status>,
    arrived: HashMap<Meeting, HashMap<usize, Vec<Value>>>,
    /// Results of complete meetings that some member has not picked up.
    results: HashMap<usize, Vec<Vec<Value>>>,
    messages: HashMap<Channel, VecDeque<Vec<Value>>>,
    infeed: VecDeque<SmolStr>,
    outfeed: Vec<Vec<Tensor>>,
    /// Why nobody can go on.
    stopped: Option<Fault>,
}

/// Devices by replica and partition.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) replicas: usize,
    pub(super) partitions: usize,
    state: Mutex<State>,
    turn: Condvar,
}

/// One device of a grid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Device<'g> {
    pub(super) grid: &'g Grid,
    /// `replica * partitions + partition`.
    pub(super) index: usize,
}

impl Grid {
    pub(super) fn new(replicas: usize, partitions: usize, infeed: Vec<SmolStr>) -> Self {
        let statuses = vec![Status::Ready; replicas * partitions];
        let state = State { statuses, infeed: infeed.into(), ..State::default() };
        Self { replicas, partitions, state: Mutex::new(state), turn: Condvar::new() }
    }

    /// What the devices wrote to the outfeed, in order.
    pub(super) fn outfeed(&self) -> Vec<Vec<Tensor>> {
        std::mem::take(&mut self.lock().outfeed)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl State {
    /// Gives the baton to the next device that may run; if none may but some wait, stops all.
    fn pass_baton(&mut self) {
        let count = self.statuses.len();
        let next = (1..=count).map(|i| (self.baton + i) % count).find(|&i| self.statuses[i] == Status::Ready);
        match next {
            Some(next) => self.baton = next,
            None if self.statuses.iter().any(|status| *status != Status::Done) => {
                let fault = Fault::Deadlock(self.describe());
                self.stopped.get_or_insert(fault);
            }
            None => {}
        }
    }

    fn describe(&self) -> String {
        let waiting = self.statuses.iter().enumerate().filter_map(|(device, status)| match status {
            Status::Meets(meeting) => {
                let name = meeting.opcode.info().name;
                let there = self.arrived.get(meeting);
                let missing: Vec<_> =
                    meeting.group.iter().filter(|d| there.is_none_or(|there| !there.contains_key(d))).collect();
                Some(format!("device {device} waits in {name} for devices {missing:?}"))
            }
            Status::Receives((channel, _)) => Some(format!("device {device} waits for a message on channel {channel}")),
            Status::Ready | Status::Done => None,
        });
        waiting.collect::<Vec<_>>().join("; ")
    }
}

impl<'g> Device<'g> {
    pub(super) fn replica(self) -> usize {
        self.index / self.grid.partitions
    }

    pub(super) fn partition(self) -> usize {
        self.index % self.grid.partitions
    }

    /// Waits for the baton.
    ///
    /// # Errors
    /// When nobody can go on.
    pub(super) fn wait_for_turn(self) -> Result<(), Fault> {
        drop(self.wait(self.grid.lock())?);
        Ok(())
    }

    fn wait<'s>(self, mut state: MutexGuard<'s, State>) -> Result<MutexGuard<'s, State>, Fault> {
        while state.stopped.is_none() && !(state.baton == self.index && state.statuses[self.index] == Status::Ready) {
            state = self.grid.turn.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        match &state.stopped {
            Some(fault) => Err(fault.clone()),
            None => Ok(state),
        }
    }

    /// Leaves the grid. After an error the others stop too, since they may wait for this device.
    pub(super) fn finish(self, failed: bool) {
        let mut state = self.grid.lock();
        state.statuses[self.index] = Status::Done;
        if failed {
            state.stopped.get_or_insert(Fault::Deadlock(format!("device {} stopped with an error", self.index)));
        }
        if state.baton == self.index {
            state.pass_baton();
        }
        drop(state);
        self.grid.turn.notify_all();
    }

    /// Waits until every device of `group`, of which this is one, has come with its values, and
    /// gives the values of all in the order of the group.
    pub(super) fn meet(
        self,
        opcode: Opcode,
        channel: i64,
        group: &[usize],
        values: Vec<Value>,
    ) -> Result<Vec<Vec<Value>>, Fault> {
        let meeting = Meeting { opcode, channel, group: group.to_vec() };
        let mut state = self.grid.lock();
        let arrived = state.arrived.entry(meeting.clone()).or_default();
        arrived.insert(self.index, values);
        if arrived.len() == group.len() {
            let arrived = state.arrived.remove(&meeting).unwrap_or_default();
            let all: Vec<Vec<Value>> =
                group.iter().map(|device| arrived.get(device).cloned().unwrap_or_default()).collect();
            for &device in group.iter().filter(|&&device| device != self.index) {
                state.results.insert(device, all.clone());
                state.statuses[device] = Status::Ready;
            }
            return Ok(all);
        }
        state.statuses[self.index] = Status::Meets(meeting);
        state.pass_baton();
        self.grid.turn.notify_all();
        let mut state = self.wait(state)?;
        state.results.remove(&self.index).ok_or_else(|| Fault::Deadlock("a meeting ended without results".to_owned()))
    }

    /// Leaves a message; its receiver may run again.
    pub(super) fn send(self, channel: i64, target: Option<usize>, values: Vec<Value>) {
        let mut state = self.grid.lock();
        let channel = (channel, target);
        state.messages.entry(channel).or_default().push_back(values);
        let receiver = state.statuses.iter().position(|status| *status == Status::Receives(channel));
        if let Some(receiver) = receiver {
            state.statuses[receiver] = Status::Ready;
        }
    }

    /// Waits for a message.
    pub(super) fn receive(self, channel: i64, target: Option<usize>) -> Result<Vec<Value>, Fault> {
        let channel = (channel, target);
        let mut state = self.grid.lock();
        loop {
            if let Some(values) = state.messages.get_mut(&channel).and_then(VecDeque::pop_front) {
                return Ok(values);
            }
            state.statuses[self.index] = Status::Receives(channel);
            state.pass_baton();
            self.grid.turn.notify_all();
            state = self.wait(state)?;
        }
    }

    /// The function whose results the infeed gives next.
    pub(super) fn infeed(self) -> Option<SmolStr> {
        self.grid.lock().infeed.pop_front()
    }

    /// Writes to the outfeed.
    pub(super) fn feed_out(self, tensors: Vec<Tensor>) {
        self.grid.lock().outfeed.push(tensors);
    }
}
