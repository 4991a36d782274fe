//! Runs a grid of programs: `interpreter.run_parallel`, and the same for callers of the crate.

use std::thread;

use smol_str::SmolStr;

use super::error::{EvalError, Fault};
use super::grid::{Device, Grid};
use super::machine::{Frame, Machine};
use super::value::Value;
use super::{Outcome, STACK_SIZE};
use crate::ir::{Attr, FuncId, Operation, RegionId};

/// Rows of `programs` are replicas, columns partitions; operands and results follow each other in
/// that order.
pub(super) fn run_parallel(
    machine: &mut Machine<'_>,
    operation: &Operation,
    operands: &[Value],
) -> Result<Vec<Value>, EvalError> {
    let bad = || Fault::invalid("`programs` must be rows of function names, all of one length");
    let Some(Attr::Array(rows)) = operation.attr("programs") else { return Err(bad().into()) };
    let row = |row: &Attr| match row {
        Attr::Array(names) => names.iter().map(|name| name.as_symbol().map(SmolStr::from)).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    let programs: Vec<Vec<SmolStr>> = rows.iter().map(row).collect::<Option<_>>().ok_or_else(bad)?;
    let infeed = match operation.attr("infeed") {
        Some(Attr::Array(names)) => names.iter().filter_map(Attr::as_symbol).map(SmolStr::from).collect(),
        _ => Vec::new(),
    };
    let mut rest = operands;
    let mut args = Vec::new();
    for name in programs.iter().flatten() {
        let arity = machine.module.funcs[machine.function(name)?].ty.inputs.len();
        let (own, others) =
            rest.split_at_checked(arity).ok_or_else(|| Fault::invalid("the programs take more operands"))?;
        args.push(own.to_vec());
        rest = others;
    }
    if !rest.is_empty() {
        return Err(Fault::invalid("the programs take fewer operands").into());
    }
    let results = run_grid(machine, &programs, infeed, args)?;
    Ok(results.into_iter().flatten().collect())
}

/// Runs one program on each device of a grid; `args` and the results are by device, replicas
/// outermost.
pub(super) fn run_grid(
    machine: &mut Machine<'_>,
    programs: &[Vec<SmolStr>],
    infeed: Vec<SmolStr>,
    args: Vec<Vec<Value>>,
) -> Result<Vec<Vec<Value>>, EvalError> {
    let partitions = programs.first().map_or(0, Vec::len);
    if partitions == 0
        || programs.iter().any(|row| row.len() != partitions)
        || args.len() != programs.len() * partitions
    {
        return Err(Fault::invalid("a grid has rows of one length, and arguments for each device").into());
    }
    let ids = programs.iter().flatten().map(|name| machine.function(name)).collect::<Result<Vec<FuncId>, _>>()?;
    run_devices(machine, (programs.len(), partitions), infeed, args, |machine, index, args| {
        machine.call(ids[index], args)
    })
}

/// Runs a region that refers to nothing outside of it on as many partitions as there are lists of arguments.
pub(super) fn run_region<'m>(
    machine: &mut Machine<'m>,
    frame: &Frame<'m>,
    region: RegionId,
    args: Vec<Vec<Value>>,
) -> Result<Vec<Vec<Value>>, EvalError> {
    let (func, count) = (frame.id(), args.len());
    run_devices(machine, (1, count), Vec::new(), args, |machine, _, args| {
        let (mut frame, _) = machine.frame(func)?;
        machine.run_region(&mut frame, region, args)
    })
}

/// Runs `program` on each device of a grid of replicas and partitions.
fn run_devices(
    machine: &mut Machine<'_>,
    (replicas, partitions): (usize, usize),
    infeed: Vec<SmolStr>,
    args: Vec<Vec<Value>>,
    program: impl Fn(&mut Machine<'_>, usize, Vec<Value>) -> Result<Vec<Value>, EvalError> + Sync,
) -> Result<Vec<Vec<Value>>, EvalError> {
    if machine.device.is_some() {
        return Err(Fault::invalid("a device of a grid cannot start another grid").into());
    }
    let grid = Grid::new(replicas, partitions, infeed);
    let (module, options, heap) = (machine.module, machine.options, machine.heap.clone());
    let outcomes: Vec<Result<Outcome, EvalError>> = thread::scope(|scope| {
        let start = |(index, args): (usize, Vec<Value>)| {
            let (grid, heap, program) = (&grid, heap.clone(), &program);
            let device = Device { grid, index };
            let run = move || {
                let mut machine = Machine::new(module, options, heap, Some(device));
                let results =
                    device.wait_for_turn().map_err(EvalError::from).and_then(|()| program(&mut machine, index, args));
                device.finish(results.is_err());
                results.map(|results| machine.outcome(results))
            };
            thread::Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, run).map_err(|error| {
                device.finish(true);
                EvalError::from(Fault::unsupported(format!("device {index} cannot start: {error}")))
            })
        };
        let threads: Vec<_> = args.into_iter().enumerate().map(start).collect();
        threads
            .into_iter()
            .map(|thread| {
                thread?
                    .join()
                    .unwrap_or_else(|_| Err(Fault::unsupported("a device's thread ended unexpectedly").into()))
            })
            .collect()
    });
    machine.outfed.extend(grid.outfeed());
    gather(machine, outcomes)
}

/// The results of all devices, or the first error that is not a consequence of another.
fn gather(machine: &mut Machine<'_>, outcomes: Vec<Result<Outcome, EvalError>>) -> Result<Vec<Vec<Value>>, EvalError> {
    let mut results = Vec::with_capacity(outcomes.len());
    let mut first: Option<EvalError> = None;
    for outcome in outcomes {
        match outcome {
            Ok(mut outcome) => {
                machine.checks.count += outcome.checks;
                machine.checks.failures.append(&mut outcome.failures);
                machine.printed.append(&mut outcome.printed);
                results.push(outcome.results);
            }
            Err(error) => {
                let weaker = |first: &EvalError| {
                    matches!(first.fault, Fault::Deadlock(_)) && !matches!(error.fault, Fault::Deadlock(_))
                };
                if first.as_ref().is_none_or(weaker) {
                    first = Some(error);
                }
            }
        }
    }
    first.map_or(Ok(results), Err)
}
