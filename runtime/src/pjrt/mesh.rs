//! Several devices of a PJRT client as one [`Device`].
//!
//! Callers see whole tensors. Parameters are cut once, when the program is bound; inputs are cut, and outputs put together,
//! in every step. State stays where it is: each device's part is donated to the step and comes back with its results.
//! What devices hold copies of is taken from the first of them.
//!
//! The devices are those of one process. A program over several processes needs PJRT's distributed runtime: its clients
//! are created with options such as `node_id` and `num_nodes` and with callbacks for a key-value store, which
//! [`Client::create`](super::Client::create) does not give; a CPU plugin without them makes devices of its own process
//! only.

use hire_artifact::devices::{Cut, Form};
use hire_artifact::{ArgumentRole, Devices, Interface, TensorType};

use super::buffer::Buffer;
use super::client::{Client, OptionValue, Placement};
use super::compile_options::CompileOptions;
use super::discovery;
use super::error::Error as PjrtError;
use super::executable::LoadedExecutable;
use super::plugin::Plugin;
use crate::device::{Bound, Device, Program, Signature, check_arguments};
use crate::error::Error;
use crate::tensor::HostTensor;

/// The devices of a mesh.
#[derive(Debug)]
pub struct PjrtMesh {
    client: Client,
    devices: Devices,
}

/// Opens the plugin that `spec` means with as many devices as the mesh has. A CPU plugin is asked for that many.
///
/// # Errors
/// When the plugin has fewer.
pub fn open_mesh(spec: &str, devices: &Devices) -> Result<PjrtMesh, PjrtError> {
    let path = discovery::find(spec)?;
    let is_cpu = path.file_name().is_some_and(|name| name.to_string_lossy().contains("cpu"));
    let count = i64::try_from(devices.count()).unwrap_or(i64::MAX);
    let options = [("cpu_device_count", OptionValue::Integer(count))];
    let plugin = Plugin::load(&path)?;
    PjrtMesh::new(Client::create(&plugin, if is_cpu { &options } else { &[] })?, devices.clone())
}

impl PjrtMesh {
    /// A mesh of the devices of a client made otherwise.
    ///
    /// # Errors
    /// When the client has fewer than the mesh.
    pub fn new(client: Client, devices: Devices) -> Result<Self, PjrtError> {
        let (needed, there) = (devices.count(), client.device_count() as u64);
        if there < needed {
            return Err(PjrtError::Arguments(format!(
                "the program is to run on {needed} devices (mesh {}), the plugin {} has {there}",
                devices.mesh_text(),
                client.plugin().path().display()
            )));
        }
        Ok(Self { client, devices })
    }
}

impl Device for PjrtMesh {
    fn describe(&self) -> String {
        let name = self.client.platform_name().unwrap_or_else(|_| "unknown platform".to_owned());
        let (major, minor) = self.client.plugin().api_version();
        let (count, mesh) = (self.devices.count(), self.devices.mesh_text());
        let plugin = self.client.plugin().path().display();
        format!("{count} devices (mesh {mesh}) of {name}, PJRT C API {major}.{minor}, plugin {plugin}")
    }

    fn compile(&self, program: &[u8], signature: &Signature) -> Result<Box<dyn Program>, Error> {
        let count = self.devices.count() as usize;
        let options = match self.devices.form {
            Form::Replicas => CompileOptions::replicated(count),
            Form::Partitions => CompileOptions::partitioned(count),
        };
        let executable = self.client.compile(program, &options)?;
        let local = |(cut, ty): (&Cut, &TensorType)| self.devices.local(cut, ty).unwrap_or_else(|| ty.clone());
        let expected: Vec<TensorType> = self.devices.results.iter().zip(&signature.results).map(local).collect();
        if executable.results() != expected {
            return Err(Error::Results { expected, found: executable.results().to_vec() });
        }
        Ok(Box::new(MeshProgram { executable, signature: signature.clone(), devices: self.devices.clone() }))
    }
}

struct MeshProgram {
    executable: LoadedExecutable,
    signature: Signature,
    devices: Devices,
}

/// Buffers by device.
type Row = Vec<Buffer>;

impl Program for MeshProgram {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn execute(&self, arguments: &[HostTensor]) -> Result<Vec<HostTensor>, Error> {
        check_arguments(&self.signature, arguments)?;
        let client = self.executable.client();
        let rows = self.devices.arguments.iter().zip(arguments);
        let rows = rows.map(|(cut, tensor)| scatter(client, &self.devices, cut, tensor, Placement::InPlace));
        let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
        let results = run(&self.executable, &rows.iter().collect::<Vec<_>>(), &[])?;
        let parts = results.iter().zip(self.devices.results.iter().zip(&self.signature.results));
        parts.map(|(row, (cut, ty))| gather(&self.devices, cut, ty, row)).collect()
    }

    fn bind(self: Box<Self>, interface: &Interface, parameters: &[HostTensor]) -> Result<Box<dyn Bound>, Error> {
        let client = self.executable.client().clone();
        let mut rest = parameters.iter();
        let mut slots = Vec::new();
        for (argument, cut) in interface.arguments.iter().zip(&self.devices.arguments) {
            slots.push(match argument.role {
                ArgumentRole::Input => Slot::Input,
                ArgumentRole::State => Slot::State {
                    ty: self.devices.local(cut, &argument.ty()).unwrap_or_else(|| argument.ty()),
                    result: argument.alias_result.expect("a checked interface aliases state to a result"),
                    row: None,
                },
                ArgumentRole::Parameter => {
                    let tensor = rest.next().expect("the caller gives every parameter");
                    Slot::Parameter(scatter(&client, &self.devices, cut, tensor, Placement::InPlace)?)
                }
            });
        }
        let keep = (0..slots.len()).filter(|&at| !matches!(slots[at], Slot::State { .. })).collect();
        let Self { executable, signature, devices } = *self;
        let mut bound = MeshBound { executable, signature, devices, slots, keep };
        bound.reset()?;
        Ok(Box::new(bound))
    }
}

/// Where an argument comes from.
enum Slot {
    Parameter(Row),
    /// Parts of this type, which a step gives back as `result`; none while the state is lost.
    State {
        ty: TensorType,
        result: usize,
        row: Option<Row>,
    },
    Input,
}

struct MeshBound {
    executable: LoadedExecutable,
    signature: Signature,
    devices: Devices,
    slots: Vec<Slot>,
    /// Arguments that are not donated, whatever the program says.
    keep: Vec<usize>,
}

impl Bound for MeshBound {
    fn step(&mut self, inputs: &[&HostTensor]) -> Result<Vec<HostTensor>, Error> {
        if self.slots.iter().any(|slot| matches!(slot, Slot::State { row: None, .. })) {
            return Err(Error::StateLost);
        }
        let client = self.executable.client();
        let mut given = inputs.iter();
        // What is made for this step: inputs, and the state that is donated to it.
        let mut own: Vec<Option<Row>> = Vec::with_capacity(self.slots.len());
        for (slot, cut) in self.slots.iter_mut().zip(&self.devices.arguments) {
            own.push(match slot {
                Slot::Parameter(_) => None,
                Slot::State { row, .. } => row.take(),
                Slot::Input => {
                    let tensor = given.next().expect("the caller gives every input");
                    Some(scatter(client, &self.devices, cut, tensor, Placement::Copied)?)
                }
            });
        }
        let rows: Vec<&Row> = self
            .slots
            .iter()
            .zip(&own)
            .map(|(slot, own)| match (slot, own) {
                (Slot::Parameter(row), _) | (_, Some(row)) => row,
                _ => unreachable!("state and inputs were just put in place"),
            })
            .collect();
        let mut results: Vec<Option<Row>> = run(&self.executable, &rows, &self.keep)?.into_iter().map(Some).collect();
        for slot in &mut self.slots {
            if let Slot::State { result, row, .. } = slot {
                *row = results[*result].take();
            }
        }
        let shapes = self.devices.results.iter().zip(&self.signature.results);
        let outputs = results.iter().zip(shapes).filter_map(|(row, shape)| Some((row.as_ref()?, shape)));
        outputs.map(|(row, (cut, ty))| gather(&self.devices, cut, ty, row)).collect()
    }

    fn reset(&mut self) -> Result<(), Error> {
        let client = self.executable.client();
        for slot in &mut self.slots {
            if let Slot::State { ty, row, .. } = slot {
                // The old state is given back before the new is made.
                *row = None;
                let zeros = (0..self.devices.count()).map(|device| client.upload_zeros(ty, device as usize));
                *row = Some(zeros.collect::<Result<_, _>>()?);
            }
        }
        Ok(())
    }
}

/// Runs the program on arguments by argument and device; the results come the same way.
fn run(executable: &LoadedExecutable, arguments: &[&Row], keep: &[usize]) -> Result<Vec<Row>, PjrtError> {
    let count = executable.num_devices();
    let by_device: Vec<Vec<&Buffer>> =
        (0..count).map(|device| arguments.iter().filter_map(|row| row.get(device)).collect()).collect();
    let lists: Vec<&[&Buffer]> = by_device.iter().map(Vec::as_slice).collect();
    let results = executable.execute_replicated(&lists, keep)?;
    let mut rows: Vec<Row> = executable.results().iter().map(|_| Vec::with_capacity(count)).collect();
    for device in results {
        device.into_iter().zip(&mut rows).for_each(|(buffer, row)| row.push(buffer));
    }
    Ok(rows)
}

/// Gives each device its part of a tensor.
fn scatter(
    client: &Client,
    devices: &Devices,
    cut: &Cut,
    tensor: &HostTensor,
    placement: Placement,
) -> Result<Row, PjrtError> {
    let mut row: Vec<Option<Buffer>> = (0..devices.count()).map(|_| None).collect();
    for (position, &device) in devices.order().iter().enumerate() {
        let part = cut_out(devices, cut, tensor, position as u64)?;
        row[device as usize] = Some(client.upload(&part, device as usize, placement)?);
    }
    Ok(row.into_iter().flatten().collect())
}

/// The part of a tensor that the device at `position` of the mesh holds.
pub fn cut_out(devices: &Devices, cut: &Cut, tensor: &HostTensor, position: u64) -> Result<HostTensor, PjrtError> {
    let uneven = || PjrtError::Arguments(format!("{} cannot be cut by {cut:?}", tensor.ty()));
    let part = devices.part(position, cut, tensor.shape()).ok_or_else(uneven)?;
    if part.shape == tensor.shape() {
        return Ok(tensor.clone());
    }
    let width = width(tensor.ty())?;
    let mut bytes = vec![0; part.shape.iter().product::<u64>() as usize * width];
    for_rows(tensor.shape(), &part.start, &part.shape, |whole, own, length| {
        let (whole, own, length) = (whole * width, own * width, length * width);
        bytes[own..own + length].copy_from_slice(&tensor.bytes()[whole..whole + length]);
    });
    let ty = TensorType::new(tensor.dtype(), part.shape);
    HostTensor::new(ty, bytes).map_err(|error| PjrtError::Arguments(error.to_string()))
}

/// Puts the parts of all devices together.
fn gather(devices: &Devices, cut: &Cut, ty: &TensorType, row: &[Buffer]) -> Result<HostTensor, Error> {
    let order = devices.order();
    if cut.iter().all(Vec::is_empty) {
        return Ok(row[order[0] as usize].to_host()?);
    }
    let width = width(ty)?;
    let mut bytes = vec![0; ty.shape.iter().product::<u64>() as usize * width];
    let mut seen = Vec::new();
    for (position, &device) in order.iter().enumerate() {
        let uneven = || PjrtError::Arguments(format!("{ty} cannot be put together by {cut:?}"));
        let part = devices.part(position as u64, cut, &ty.shape).ok_or_else(uneven)?;
        if seen.contains(&part.start) {
            continue;
        }
        let own = row[device as usize].to_host()?;
        for_rows(&ty.shape, &part.start, &part.shape, |whole, at, length| {
            let (whole, at, length) = (whole * width, at * width, length * width);
            bytes[whole..whole + length].copy_from_slice(&own.bytes()[at..at + length]);
        });
        seen.push(part.start);
    }
    Ok(HostTensor::new(ty.clone(), bytes).map_err(|error| PjrtError::Arguments(error.to_string()))?)
}

/// Bytes of an element in host memory.
fn width(ty: &TensorType) -> Result<usize, PjrtError> {
    let one = TensorType::new(ty.dtype, [1]).host_bytes();
    one.ok_or_else(|| PjrtError::Arguments(format!("elements of {ty} have no size in memory")))
}

/// Calls `visit` for each row of a window into a tensor of shape `whole`: where it begins in the whole and in the window,
/// and its length, in elements.
fn for_rows(whole: &[u64], start: &[u64], shape: &[u64], mut visit: impl FnMut(usize, usize, usize)) {
    let Some((&length, outer)) = shape.split_last() else { return visit(0, 0, 1) };
    let rows: u64 = outer.iter().product();
    for row in 0..rows {
        let (mut rest, mut at, mut stride) = (row, start[outer.len()], whole[outer.len()]);
        for dim in (0..outer.len()).rev() {
            at += (start[dim] + rest % outer[dim]) * stride;
            rest /= outer[dim];
            stride *= whole[dim];
        }
        visit(at as usize, (row * length) as usize, length as usize);
    }
}
