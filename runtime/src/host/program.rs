//! A compiled program as a device's program.

use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

use hire_artifact::schedule::{CONSTANTS, KERNELS, SCHEDULE, Schedule};
use hire_artifact::{Argument, ArgumentRole, Artifact, Interface, ResultRole};

use super::engine::Engine;
use super::error::Error;
use super::memory::{Block, address_of, constants};
use super::{Library, threads};
use crate::device::{Bound, Device, Program, Signature, check_arguments};
use crate::error::Error as RuntimeError;
use crate::tensor::{AlignedBytes, HostTensor};

/// What a compiler made of a program.
#[derive(Clone, Debug)]
pub struct Code {
    /// The schedule's text.
    pub schedule: Vec<u8>,
    /// The kernels.
    pub library: Library,
    /// The constants.
    pub constants: Vec<u8>,
}

/// This machine's CPU. It compiles nothing: the compiler, which a runtime does without, does.
#[derive(Clone, Copy, Debug)]
pub struct Cpu;

impl Device for Cpu {
    fn describe(&self) -> String {
        let threads = threads().map_or_else(|_| String::new(), |count| format!(", {count} threads"));
        format!("cpu: {} kernels{threads}", std::env::consts::ARCH)
    }

    fn compile(&self, _program: &[u8], _signature: &Signature) -> Result<Box<dyn Program>, RuntimeError> {
        Err(Error::NotCompiled.into())
    }

    fn load(&self, artifact: &Artifact) -> Result<Box<dyn Program>, RuntimeError> {
        program(&artifact_code(artifact)?, &artifact.manifest().interface())
    }
}

/// The code in an artifact.
pub fn artifact_code(artifact: &Artifact) -> Result<Code, RuntimeError> {
    let read = |name: &str| -> Result<Vec<u8>, RuntimeError> {
        let path = artifact.file(name).ok_or_else(|| Error::Schedule(format!("the artifact has no {name}")))?;
        let failed = |e: std::io::Error| Error::Schedule(format!("{}: {e}", path.display()));
        Ok(std::fs::read(&path).map_err(failed)?)
    };
    let library = artifact.file(KERNELS).ok_or_else(|| Error::Schedule(format!("the artifact has no {KERNELS}")))?;
    Ok(Code { schedule: read(SCHEDULE)?, library: Library::File(library), constants: read(CONSTANTS)? })
}

/// Loads a program with this interface, to run on as many threads as `HIRE_THREADS` says.
pub fn program(code: &Code, interface: &Interface) -> Result<Box<dyn Program>, RuntimeError> {
    let schedule = Schedule::parse(&code.schedule, interface).map_err(Error::Schedule)?;
    check_machine(&schedule)?;
    if code.constants.len() as u64 != schedule.constant_bytes {
        let (expected, found) = (schedule.constant_bytes, code.constants.len() as u64);
        return Err(Error::Constants { expected, found }.into());
    }
    let library = open(&code.library)?;
    let engine = Engine::new(schedule, library, constants(&code.constants)?, threads()?)?;
    let signature = Signature::from(interface);
    Ok(Box::new(HostProgram { engine: Mutex::new(engine), signature, interface: interface.clone() }))
}

fn open(library: &Library) -> Result<libloading::Library, Error> {
    let load = |path: &std::path::Path| {
        let failed = |e: libloading::Error| Error::Library { path: path.to_owned(), what: e.to_string() };
        // All symbols are looked for now: one that is missing later would end the process.
        let flags = libloading::os::unix::RTLD_NOW | libloading::os::unix::RTLD_LOCAL;
        // SAFETY: the file is a compiled program's, checked against the digest in its manifest, and has no
        // initializers.
        unsafe { libloading::os::unix::Library::open(Some(path), flags) }.map(libloading::Library::from).map_err(failed)
    };
    match library {
        Library::File(path) => load(path),
        Library::Bytes(bytes) => {
            let failed = |source| Error::Memory { bytes: bytes.len() as u64, source };
            let mut file = tempfile::NamedTempFile::new().map_err(failed)?;
            file.write_all(bytes).map_err(failed)?;
            load(file.path())
        }
    }
}

/// Refuses kernels for another machine.
fn check_machine(schedule: &Schedule) -> Result<(), Error> {
    let refuse = |feature: &str| Error::Machine { arch: schedule.arch.clone(), feature: feature.to_owned() };
    if schedule.arch != std::env::consts::ARCH {
        return Err(refuse(&schedule.arch));
    }
    match schedule.cpu_features.iter().find(|feature| !has_feature(feature)) {
        Some(feature) => Err(refuse(feature)),
        None => Ok(()),
    }
}

#[cfg(target_arch = "x86_64")]
fn has_feature(name: &str) -> bool {
    macro_rules! table {
        ($($feature:tt)*) => {
            match name {
                $($feature => std::arch::is_x86_feature_detected!($feature),)*
                _ => false,
            }
        };
    }
    table!("avx" "avx2" "avx512bf16" "avx512bw" "avx512cd" "avx512dq" "avx512f" "avx512vl" "avx512vnni" "bmi1" "bmi2" "f16c" "fma" "popcnt")
}

#[cfg(not(target_arch = "x86_64"))]
fn has_feature(_name: &str) -> bool {
    false
}

struct HostProgram {
    engine: Mutex<Engine>,
    signature: Signature,
    interface: Interface,
}

impl Program for HostProgram {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn execute(&self, arguments: &[HostTensor]) -> Result<Vec<HostTensor>, RuntimeError> {
        check_arguments(&self.signature, arguments)?;
        let mut states = states(&self.interface)?;
        for (state, argument) in states.iter_mut().zip(arguments) {
            if let Some(state) = state {
                state.bytes_mut().copy_from_slice(argument.bytes());
            }
        }
        let addresses = arguments.iter().zip(&mut states);
        let addresses =
            addresses.map(|(tensor, state)| state.as_mut().map_or_else(|| address_of(tensor.bytes()), Block::start));
        let addresses = addresses.collect();
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        let mut results = outputs(&self.interface, true)?;
        let starts = results.iter_mut().map(|result| result.as_mut_slice().as_mut_ptr()).collect();
        // SAFETY: all types were checked, results and state are this call's own.
        unsafe { engine.run(addresses, starts)? };
        for (argument, state) in self.interface.arguments.iter().zip(&mut states) {
            if let (Some(result), Some(state)) = (argument.alias_result, state) {
                results[result].as_mut_slice().copy_from_slice(state.bytes_mut());
            }
        }
        tensors(&self.interface, results, |_| true)
    }

    fn bind(self: Box<Self>, interface: &Interface, parameters: &[HostTensor]) -> Result<Box<dyn Bound>, RuntimeError> {
        let HostProgram { engine, interface: own, .. } = *self;
        debug_assert_eq!(interface, &own);
        let engine = engine.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(Box::new(HostBound { engine, states: states(&own)?, parameters: parameters.to_vec(), interface: own }))
    }
}

/// Memory for each state argument, in the order of all arguments.
fn states(interface: &Interface) -> Result<Vec<Option<Block>>, Error> {
    let block = |argument: &Argument| match argument.role {
        ArgumentRole::State => Block::new(argument.ty().host_bytes().unwrap_or(0) as u64).map(Some),
        _ => Ok(None),
    };
    interface.arguments.iter().map(block).collect()
}

/// Memory for the results; for the new values of states only if `states` says so.
fn outputs(interface: &Interface, states: bool) -> Result<Vec<AlignedBytes>, RuntimeError> {
    let size = |r: &hire_artifact::ResultValue| {
        if states || r.role == ResultRole::Output { r.ty().host_bytes() } else { None }
    };
    Ok(interface.results.iter().map(|r| AlignedBytes::zeroed(size(r).unwrap_or(0))).collect())
}

fn tensors(
    interface: &Interface,
    results: Vec<AlignedBytes>,
    wanted: impl Fn(ResultRole) -> bool,
) -> Result<Vec<HostTensor>, RuntimeError> {
    let pairs = interface.results.iter().zip(results).filter(|(result, _)| wanted(result.role));
    let tensor = |(result, bytes): (&hire_artifact::ResultValue, AlignedBytes)| {
        HostTensor::new(result.ty(), bytes.into_bytes()).expect("it was made with the type's size")
    };
    Ok(pairs.map(tensor).collect())
}

struct HostBound {
    engine: Engine,
    states: Vec<Option<Block>>,
    /// Keeps the parameters' memory.
    parameters: Vec<HostTensor>,
    interface: Interface,
}

impl Bound for HostBound {
    fn step(&mut self, inputs: &[&HostTensor]) -> Result<Vec<HostTensor>, RuntimeError> {
        let (mut inputs, mut parameters) = (inputs.iter(), self.parameters.iter());
        let mut addresses = Vec::with_capacity(self.states.len());
        for (argument, state) in self.interface.arguments.iter().zip(&mut self.states) {
            let tensor = match argument.role {
                ArgumentRole::Parameter => parameters.next(),
                ArgumentRole::Input => inputs.next().copied(),
                ArgumentRole::State => None,
            };
            let address = match (tensor, state) {
                (Some(tensor), _) => address_of(tensor.bytes()),
                (None, Some(state)) => state.start(),
                (None, None) => {
                    return Err(RuntimeError::MissingInput {
                        name: argument.name.clone(),
                        expected: argument.ty(),
                        inputs: String::new(),
                    });
                }
            };
            addresses.push(address);
        }
        let mut results: Vec<AlignedBytes> = outputs(&self.interface, false)?;
        let starts = results.iter_mut().map(|result| result.as_mut_slice().as_mut_ptr()).collect();
        // SAFETY: the caller checked all types, results and state are this program's own.
        unsafe { self.engine.run(addresses, starts)? };
        tensors(&self.interface, results, |role| role == ResultRole::Output)
    }

    fn reset(&mut self) -> Result<(), RuntimeError> {
        self.states.iter_mut().flatten().for_each(Block::clear);
        Ok(())
    }
}
