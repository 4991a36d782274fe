//! A PJRT client as a [`Device`].

use hire_artifact::{ArgumentRole, Interface, ResultRole, TensorType};

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

/// The first device of a PJRT client.
#[derive(Debug)]
pub struct PjrtDevice {
    client: Client,
}

/// Opens the plugin that `spec` (a short name such as `cpu`, or a path) means, with the options that suit it.
///
/// A CPU plugin, recognised by `cpu` in its name, is asked for one device: left alone it makes four and divides the cores'
/// caches among programs that use only one.
pub fn open(spec: &str) -> Result<PjrtDevice, PjrtError> {
    let path = discovery::find(spec)?;
    let is_cpu = path.file_name().is_some_and(|name| name.to_string_lossy().contains("cpu"));
    let options = [("cpu_device_count", OptionValue::Integer(1))];
    let plugin = Plugin::load(&path)?;
    Ok(PjrtDevice { client: Client::create(&plugin, if is_cpu { &options } else { &[] })? })
}

impl PjrtDevice {
    /// A device of a client made otherwise.
    pub fn new(client: Client) -> Self {
        PjrtDevice { client }
    }

    /// The client.
    pub fn client(&self) -> &Client {
        &self.client
    }
}

impl Device for PjrtDevice {
    fn describe(&self) -> String {
        let name = self.client.platform_name().unwrap_or_else(|_| "unknown platform".to_owned());
        let (major, minor) = self.client.plugin().api_version();
        format!("{name}, PJRT C API {major}.{minor}, plugin {}", self.client.plugin().path().display())
    }

    fn compile(&self, program: &[u8], signature: &Signature) -> Result<Box<dyn Program>, Error> {
        let executable = self.client.compile(program, &CompileOptions::default())?;
        if executable.results() != signature.results {
            return Err(Error::Results { expected: signature.results.clone(), found: executable.results().to_vec() });
        }
        Ok(Box::new(PjrtProgram { executable, signature: signature.clone() }))
    }
}

struct PjrtProgram {
    executable: LoadedExecutable,
    signature: Signature,
}

impl Program for PjrtProgram {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn execute(&self, arguments: &[HostTensor]) -> Result<Vec<HostTensor>, Error> {
        check_arguments(&self.signature, arguments)?;
        let buffers = upload_all(self.executable.client(), arguments)?;
        let buffers: Vec<&Buffer> = buffers.iter().collect();
        let results = self.executable.execute(&buffers, &[])?;
        results.iter().map(|result| Ok(result.to_host()?)).collect()
    }

    fn bind(self: Box<Self>, interface: &Interface, parameters: &[HostTensor]) -> Result<Box<dyn Bound>, Error> {
        let client = self.executable.client();
        let mut bound = PjrtBound {
            parameters: upload_all(client, parameters)?,
            state_types: Vec::new(),
            state: Vec::new(),
            keep: Vec::new(),
            arguments: Vec::new(),
            results: Vec::new(),
            executable: self.executable,
        };
        bound.lay_out(interface);
        bound.reset()?;
        Ok(Box::new(bound))
    }
}

fn upload_all(client: &Client, tensors: &[HostTensor]) -> Result<Vec<Buffer>, PjrtError> {
    tensors.iter().map(|tensor| client.upload(tensor, 0, Placement::InPlace)).collect()
}

/// Where an argument comes from: a position among the parameters, the state or the inputs.
enum Source {
    Parameter(usize),
    State(usize),
    Input(usize),
}

/// Where a result goes.
enum Sink {
    Output,
    State(usize),
}

struct PjrtBound {
    executable: LoadedExecutable,
    parameters: Vec<Buffer>,
    state_types: Vec<TensorType>,
    /// Empty while the state is lost.
    state: Vec<Buffer>,
    /// Arguments that are not donated, whatever the program says.
    keep: Vec<usize>,
    arguments: Vec<Source>,
    results: Vec<Sink>,
}

impl PjrtBound {
    fn lay_out(&mut self, interface: &Interface) {
        self.results = interface.results.iter().map(|_| Sink::Output).collect();
        let (mut parameters, mut inputs) = (0, 0);
        for (index, argument) in interface.arguments.iter().enumerate() {
            let next = |counter: &mut usize| std::mem::replace(counter, *counter + 1);
            let source = match argument.role {
                ArgumentRole::Parameter => Source::Parameter(next(&mut parameters)),
                ArgumentRole::Input => Source::Input(next(&mut inputs)),
                ArgumentRole::State => {
                    let position = self.state_types.len();
                    self.state_types.push(argument.ty());
                    let result = argument.alias_result.expect("a checked interface aliases state to a result");
                    self.results[result] = Sink::State(position);
                    Source::State(position)
                }
            };
            if !matches!(source, Source::State(_)) {
                self.keep.push(index);
            }
            self.arguments.push(source);
        }
        debug_assert!(
            interface
                .results
                .iter()
                .zip(&self.results)
                .all(|(result, sink)| { (result.role == ResultRole::State) == matches!(sink, Sink::State(_)) })
        );
    }

    /// Takes the results of a step: new state, and outputs read back.
    fn take(&mut self, results: Vec<Buffer>) -> Result<Vec<HostTensor>, Error> {
        let mut state: Vec<Option<Buffer>> = self.state_types.iter().map(|_| None).collect();
        let mut outputs = Vec::new();
        for (buffer, sink) in results.into_iter().zip(&self.results) {
            match sink {
                Sink::State(position) => state[*position] = Some(buffer),
                Sink::Output => outputs.push(buffer.to_host()?),
            }
        }
        self.state = state.into_iter().flatten().collect();
        Ok(outputs)
    }
}

impl Bound for PjrtBound {
    fn step(&mut self, inputs: &[&HostTensor]) -> Result<Vec<HostTensor>, Error> {
        if self.state.len() != self.state_types.len() {
            return Err(Error::StateLost);
        }
        let client = self.executable.client();
        let inputs: Vec<Buffer> =
            inputs.iter().map(|tensor| client.upload(tensor, 0, Placement::Copied)).collect::<Result<_, _>>()?;
        // From here on the state is donated; it comes back with the results, or not at all.
        let state = std::mem::take(&mut self.state);
        let arguments: Vec<&Buffer> = self
            .arguments
            .iter()
            .map(|source| match *source {
                Source::Parameter(position) => &self.parameters[position],
                Source::State(position) => &state[position],
                Source::Input(position) => &inputs[position],
            })
            .collect();
        let results = self.executable.execute(&arguments, &self.keep)?;
        self.take(results)
    }

    fn reset(&mut self) -> Result<(), Error> {
        // The old state is given back before the new is made, so that there is never room needed for two.
        self.state.clear();
        let client = self.executable.client();
        self.state = self.state_types.iter().map(|ty| client.upload_zeros(ty, 0)).collect::<Result<_, _>>()?;
        Ok(())
    }
}
