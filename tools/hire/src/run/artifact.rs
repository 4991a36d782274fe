//! One step of an artifact, from an empty state.

use hire_runtime::{Session, device};

use super::{inputs, write_results};
use crate::cli::RunArgs;
use crate::decoder;
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;

/// Runs one step.
pub(super) fn run(args: &RunArgs, progress: &Progress) -> Outcome {
    progress.step(format!("loading {}", args.path.display()));
    let artifact = decoder::open(&args.path, true)?;
    let interface = artifact.manifest().interface();
    let wanted: Vec<_> = interface
        .arguments
        .iter()
        .filter(|a| a.role == hire_artifact::ArgumentRole::Input)
        .map(|a| (a.name.clone(), a.ty()))
        .collect();
    let given = inputs::gather(args, &wanted)?;
    let devices = artifact.manifest().devices.as_ref();
    args.mesh.check(devices)?;
    let device = device::open_for(&artifact.manifest().target, devices).map_err(Failure::new)?;
    let mut session = Session::load(device.as_ref(), &artifact).map_err(Failure::new)?;
    let named: Vec<_> = wanted.iter().map(|(name, _)| name.as_str()).zip(&given).collect();
    let outputs = session.step(&named).map_err(Failure::new)?;
    progress.clear();
    let names: Vec<String> = session.outputs().map(|o| o.name.clone()).collect();
    write_results(args, names.iter().map(String::as_str).zip(&outputs))
}
