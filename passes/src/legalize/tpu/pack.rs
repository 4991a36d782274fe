//! Puts small weights of one type into one matrix, a row each.
//!
//! The scales of a model's norms are vectors of one length by the dozen. Libtpu converts each to f32, and fetches each
//! into VMEM, by an operation of its own, at the fixed cost of an operation; rows of one matrix it slices inside the
//! operation that uses them.

use std::collections::BTreeMap;

use hire_compiler::ir::{AttrMap, FuncId, LocId, Location, Module, TensorType, ValueId};
use hire_compiler::rewrite::Patch;

use crate::hire::arguments::remove_unused;
use crate::hire::decompose::slice;
use crate::hire::emit::Emit;
use crate::hire::prepare::PREPARED_PREFIX;
use crate::hire::{finish_prepare, open_prepare};
use crate::signature::{Role, Signature};
use crate::{PassContext, PassError};

/// The longest vectors that are packed.
const LONGEST: u64 = 1 << 16;

/// Packs the vectors among the parameters of the entry function, where there are two or more of a type.
pub(super) fn pack(module: &mut Module, entry: FuncId, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let Some(mut prepare) = open_prepare(module, context) else { return Ok(()) };
    let signature = entry_signature(module, entry, context);
    let mut vectors: BTreeMap<String, Vec<ValueId>> = BTreeMap::new();
    for argument in signature.arguments.iter().filter(|a| a.role == Role::Parameter) {
        let ty = argument.ty.as_ref().filter(|ty| ty.element.is_float());
        let short = ty.and_then(TensorType::sizes).is_some_and(|s| s.len() == 1 && s[0] > 1 && s[0] <= LONGEST);
        // What @prepare makes is not an argument of @prepare.
        if short && !argument.name.starts_with(PREPARED_PREFIX) {
            vectors.entry(ty.map(ToString::to_string).unwrap_or_default()).or_default().push(argument.value);
        }
    }
    let mut packed = Vec::new();
    for members in vectors.into_values().filter(|members| members.len() > 1) {
        if !context.ledger.allow("pack") {
            break;
        }
        let Some(&first) = module.funcs[entry].body.and_then(|body| module.funcs[entry].regions[body].ops.first())
        else {
            break;
        };
        let func = &module.funcs[entry];
        let rows: Vec<ValueId> = members
            .iter()
            .map(|&value| {
                let argument = signature.argument(value).expect("it was taken from the signature");
                let input = prepare.input(&argument.name, func.value_type(value), func.values[value].loc);
                let mut b = prepare.builder();
                let n = b.sizes(input)[0];
                b.reshape(input, &[1, n])
            })
            .collect();
        let matrix = prepare.builder().concatenate(&rows, 0);
        let n = prepare.builder().sizes(matrix)[1];
        let name = format!("{PREPARED_PREFIX}packed.{n}.{}", prepare.builder().element(matrix));
        let ty = prepare.result(&name, matrix);
        let loc = module.locs.intern(Location::Name { name: name.into(), child: LocId::UNKNOWN });
        let mut patch = Patch::before(first);
        let parameter = patch.add_parameter(ty, AttrMap::new(), loc);
        for (row, &value) in members.iter().enumerate() {
            let mut b = patch.builder();
            let row = row as u64;
            let one = slice(&mut b, parameter, &[row, 0], &[row + 1, n]);
            let vector = b.reshape(one, &[n]);
            patch.replace(value, vector);
        }
        patch.apply(module, entry)?;
        packed.extend(members);
    }
    if packed.is_empty() {
        return Ok(());
    }
    remove_unused(&mut module.funcs[entry], &packed);
    finish_prepare(module, entry, prepare);
    Ok(())
}

/// The signature of the entry function; what `@prepare` makes are weights.
pub(super) fn entry_signature(module: &Module, entry: FuncId, context: &PassContext<'_>) -> Signature {
    let prepared = |name: &str| name.starts_with(PREPARED_PREFIX);
    let is_weight = context.weights.map(|w| move |name: &str| prepared(name) || w.weight(name).is_some());
    let is_weight = is_weight.as_ref().map(|f| f as &dyn Fn(&str) -> bool);
    Signature::of(module, &module.funcs[entry], is_weight)
}
