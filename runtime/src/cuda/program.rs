//! A compiled program as a device's program.

use cudarc::driver::sys::CUdeviceptr;
use hire_artifact::kernels::{KERNELS_JSON, Kernels as Description, PTX};
use hire_artifact::schedule::{CONSTANTS, Place, SCHEDULE, Schedule};
use hire_artifact::{ArgumentRole, Artifact, Interface, ResultRole};

use super::driver::{Context, Graph, Kernels, Memory};
use super::error::Error;
use super::launches::{Item, sequence};
use crate::device::{Bound, Program, Signature, check_arguments};
use crate::error::Error as RuntimeError;
use crate::tensor::{AlignedBytes, HostTensor};

/// A program whose kernels the driver has assembled.
pub(super) struct CudaProgram {
    context: Context,
    kernels: Kernels,
    items: Vec<Item>,
    constants: Vec<u8>,
    arena_bytes: u64,
    signature: Signature,
    interface: Interface,
}

/// Loads the program of an artifact.
pub(super) fn load(context: &Context, artifact: &Artifact) -> Result<CudaProgram, RuntimeError> {
    let interface = artifact.manifest().interface();
    let schedule = Schedule::parse(&read(artifact, SCHEDULE)?, &interface);
    let schedule = schedule.map_err(|what| Error::File { file: SCHEDULE, what })?;
    let description = Description::parse(&read(artifact, KERNELS_JSON)?);
    let description = description.map_err(|what| Error::File { file: KERNELS_JSON, what })?;
    let constants = read(artifact, CONSTANTS)?;
    if constants.len() as u64 != schedule.constant_bytes {
        let what = format!("it has {} bytes, the schedule says {}", constants.len(), schedule.constant_bytes);
        return Err(Error::File { file: CONSTANTS, what }.into());
    }
    let items = sequence(&schedule, &description)?;
    let ptx = String::from_utf8(read(artifact, PTX)?);
    let ptx = ptx.map_err(|e| Error::File { file: PTX, what: e.to_string() })?;
    context.enter()?;
    let kernels = Kernels::assemble(context, &ptx, &schedule.kernels)?;
    let signature = Signature::from(&interface);
    let arena_bytes = schedule.arena_bytes;
    Ok(CudaProgram { context: context.clone(), kernels, items, constants, arena_bytes, signature, interface })
}

fn read(artifact: &Artifact, file: &'static str) -> Result<Vec<u8>, Error> {
    let wrong = |what: String| Error::File { file, what };
    let path = artifact.file(file).ok_or_else(|| wrong("the artifact does not list it".to_owned()))?;
    std::fs::read(&path).map_err(|e| wrong(e.to_string()))
}

/// All memory of a program: its places do not change from step to step.
struct Memories {
    arguments: Vec<Memory>,
    results: Vec<Memory>,
    arena: Memory,
    constants: Memory,
}

impl Memories {
    fn new(program: &CudaProgram) -> Result<Self, Error> {
        let context = &program.context;
        let size = |ty: hire_artifact::TensorType| ty.host_bytes().unwrap_or(0) as u64;
        let of = |bytes: u64| Memory::zeroed(context, bytes);
        Ok(Self {
            arguments: program.interface.arguments.iter().map(|a| of(size(a.ty()))).collect::<Result<_, _>>()?,
            results: program.interface.results.iter().map(|r| of(size(r.ty()))).collect::<Result<_, _>>()?,
            arena: of(program.arena_bytes)?,
            constants: Memory::of(context, &program.constants)?,
        })
    }

    /// The address of a place. The schedule was checked against the sizes of what is there.
    fn address(&self, place: Place) -> CUdeviceptr {
        match place {
            Place::Argument(at) => self.arguments[at as usize].start,
            Place::Result(at) => self.results[at as usize].start,
            Place::Arena(offset) => self.arena.start + offset,
            Place::Constant(offset) => self.constants.start + offset,
        }
    }
}

impl CudaProgram {
    /// Records a step on this memory.
    fn record(&self, memories: &Memories) -> Result<Graph, Error> {
        Graph::record(&self.context, |recorder| {
            self.items.iter().try_for_each(|item| match item {
                Item::Launch { kernel, grid, block, tensors } => {
                    let mut tensors: Vec<CUdeviceptr> = tensors.iter().map(|&place| memories.address(place)).collect();
                    recorder.launch(&self.kernels, *kernel, (*grid, *block), &mut tensors)
                }
                Item::Copy { from, to, bytes } => recorder.copy(memories.address(*to), memories.address(*from), *bytes),
            })
        })
    }
}

/// The results with these roles. New state lies where the old did.
fn results(
    interface: &Interface,
    memories: &Memories,
    wanted: impl Fn(ResultRole) -> bool,
) -> Result<Vec<HostTensor>, Error> {
    let mut found = Vec::new();
    for (at, result) in interface.results.iter().enumerate().filter(|(_, r)| wanted(r.role)) {
        let state = interface.arguments.iter().position(|a| a.alias_result == Some(at));
        let memory = state.map_or(&memories.results[at], |at| &memories.arguments[at]);
        let mut bytes = AlignedBytes::zeroed(result.ty().host_bytes().unwrap_or(0));
        memory.read(bytes.as_mut_slice())?;
        found.push(HostTensor::new(result.ty(), bytes.into_bytes()).expect("it was made with the type's size"));
    }
    Ok(found)
}

/// A program with its memory. The graph is dropped before what it names.
struct Recorded {
    graph: Graph,
    memories: Memories,
    program: CudaProgram,
}

impl Program for CudaProgram {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn execute(&self, arguments: &[HostTensor]) -> Result<Vec<HostTensor>, RuntimeError> {
        check_arguments(&self.signature, arguments)?;
        self.context.enter()?;
        let memories = Memories::new(self)?;
        for (memory, argument) in memories.arguments.iter().zip(arguments) {
            memory.write(argument.bytes())?;
        }
        self.record(&memories)?.run()?;
        Ok(results(&self.interface, &memories, |_| true)?)
    }

    fn bind(self: Box<Self>, interface: &Interface, parameters: &[HostTensor]) -> Result<Box<dyn Bound>, RuntimeError> {
        debug_assert_eq!(interface, &self.interface);
        self.context.enter()?;
        let memories = Memories::new(&self)?;
        let recorded = Recorded { graph: self.record(&memories)?, memories, program: *self };
        let places = recorded.program.interface.arguments.iter().zip(&recorded.memories.arguments);
        let places = places.filter(|(argument, _)| argument.role == ArgumentRole::Parameter);
        for ((_, memory), parameter) in places.zip(parameters) {
            memory.write(parameter.bytes())?;
        }
        Ok(Box::new(recorded))
    }
}

impl Bound for Recorded {
    fn step(&mut self, inputs: &[&HostTensor]) -> Result<Vec<HostTensor>, RuntimeError> {
        self.program.context.enter()?;
        let places = self.program.interface.arguments.iter().zip(&self.memories.arguments);
        let places = places.filter(|(argument, _)| argument.role == ArgumentRole::Input);
        for ((_, memory), input) in places.zip(inputs) {
            memory.write(input.bytes())?;
        }
        self.graph.run()?;
        Ok(results(&self.program.interface, &self.memories, |role| role == ResultRole::Output)?)
    }

    fn reset(&mut self) -> Result<(), RuntimeError> {
        self.program.context.enter()?;
        let places = self.program.interface.arguments.iter().zip(&self.memories.arguments);
        let mut states = places.filter(|(argument, _)| argument.role == ArgumentRole::State);
        Ok(states.try_for_each(|(_, memory)| memory.clear())?)
    }
}
