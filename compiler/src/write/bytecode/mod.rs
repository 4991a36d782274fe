//! Portable artifacts: StableHLO programs that readers of a chosen version and all later ones
//! understand.
//!
//! Writing goes the way of reading, backwards. Every operation becomes the revision that the target
//! version has ([`crate::vhlo`]), with every attribute spelled out. A program that says something the
//! target has no words for is refused, with every such thing named. The container is of the version
//! that StableHLO's own tools use for that target, so that old tools read it, too.
//!
//! Operations and attributes of other dialects, shardings above all, may be mixed in from 1.11.0 on,
//! as upstream does; they carry no promise. CHLO has to be expanded first. Orders of uses, and how a
//! constant was written (`dense_resource`), are not kept, nor is the type of a collective's channel.

mod attrs;
mod emitter;
mod encoder;
mod lower;
mod plan;
mod pool;
#[cfg(test)]
mod tests;
mod types;

use emitter::Emitter;
use encoder::Encoder;
use plan::{PlannedOp, PlannedRegion, Planner};
use pool::Numbers;

use crate::diag::Diagnostics;
use crate::front::bytecode::MAGIC;
use crate::ir::Module;
pub use crate::vhlo::Version as TargetVersion;

/// The numbers of sections.
mod section {
    pub(super) const STRINGS: u8 = 0;
    pub(super) const DIALECTS: u8 = 1;
    pub(super) const ENTRIES: u8 = 2;
    pub(super) const ENTRY_OFFSETS: u8 = 3;
    pub(super) const OPERATIONS: u8 = 4;
    pub(super) const RESOURCES: u8 = 5;
    pub(super) const RESOURCE_OFFSETS: u8 = 6;
    pub(super) const PROPERTIES: u8 = 8;
}

/// The bits that say which parts an operation has.
mod mask {
    pub(super) const ATTRIBUTES: u8 = 1;
    pub(super) const RESULTS: u8 = 1 << 1;
    pub(super) const OPERANDS: u8 = 1 << 2;
    pub(super) const REGIONS: u8 = 1 << 4;
    pub(super) const PROPERTIES: u8 = 1 << 6;
}

/// The module as a portable artifact for StableHLO `target` and later.
///
/// # Errors
/// One diagnostic for each operation, attribute or type that `target` has no form of.
pub fn write_artifact(module: &Module, target: TargetVersion) -> Result<Vec<u8>, Diagnostics> {
    let mut planner = Planner::new(module, Encoder::new(target));
    let op = planner.module();
    if !planner.errors.is_empty() {
        return Err(Diagnostics(planner.errors));
    }
    let (pool, version) = (planner.encoder.pool, target.container());
    let numbers = pool.number();
    let mut operations = Emitter::default();
    operations.flagged(1, false);
    Writer { numbers: &numbers, version }.op(&op, &mut operations);

    let mut out = Emitter::default();
    out.bytes(MAGIC);
    out.varint(version);
    out.bytes(format!("StableHLO_v{target}").as_bytes());
    out.byte(0);
    let (entries, offsets) = pool.emit_entries(&numbers);
    out.section(section::DIALECTS, pool.emit_dialects(&numbers, version));
    out.section(section::ENTRY_OFFSETS, offsets);
    out.section(section::ENTRIES, entries);
    out.section(section::OPERATIONS, operations);
    let mut no_groups = Emitter::default();
    no_groups.varint(0);
    out.section(section::RESOURCE_OFFSETS, no_groups);
    out.section(section::RESOURCES, Emitter::default());
    out.section(section::STRINGS, pool.emit_strings());
    if version >= 5 {
        out.section(section::PROPERTIES, pool.emit_properties(&numbers));
    }
    Ok(out.finish())
}

/// The oldest version from 1.10.0 on that has everything the module uses; the newest when none has.
///
/// Not older ones, though they would do: there are releases of StableHLO that do not upgrade the old form of
/// an operation inside of the old form of another, such as the sine in a scatter's region of 1.0.0.
pub fn oldest_target(module: &Module) -> TargetVersion {
    const FIRST: u16 = 10;
    let lacks_something = |&minor: &u16| {
        let mut planner = Planner::new(module, Encoder::new(TargetVersion::new(1, minor)));
        planner.module();
        !planner.errors.is_empty()
    };
    // What one version has, all later ones have.
    let minors: Vec<u16> = (FIRST..TargetVersion::CURRENT.minor).collect();
    TargetVersion::new(1, FIRST + minors.partition_point(lacks_something) as u16)
}

/// Writes operations in a version of the container.
struct Writer<'n> {
    numbers: &'n Numbers,
    version: u64,
}

impl Writer<'_> {
    fn op(&self, op: &PlannedOp, out: &mut Emitter) {
        out.varint(self.numbers.op_name(op.name));
        let flag = |present: bool, bit: u8| if present { bit } else { 0 };
        out.byte(
            flag(op.attrs.is_some(), mask::ATTRIBUTES)
                | flag(op.properties.is_some(), mask::PROPERTIES)
                | flag(!op.results.is_empty(), mask::RESULTS)
                | flag(!op.operands.is_empty(), mask::OPERANDS)
                | flag(!op.regions.is_empty(), mask::REGIONS),
        );
        for attr in [op.loc, op.attrs].into_iter().flatten() {
            out.varint(self.numbers.attr(attr));
        }
        if let Some(properties) = op.properties {
            out.varint(u64::from(properties));
        }
        if !op.results.is_empty() {
            out.varint(op.results.len() as u64);
            op.results.iter().for_each(|&ty| out.varint(self.numbers.ty(ty)));
        }
        if !op.operands.is_empty() {
            out.varint(op.operands.len() as u64);
            op.operands.iter().for_each(|&operand| out.varint(u64::from(operand)));
        }
        if op.regions.is_empty() {
            return;
        }
        out.flagged(op.regions.len() as u64, op.isolated);
        if op.isolated && self.version >= 2 {
            let mut inner = Emitter::default();
            op.regions.iter().for_each(|region| self.region(region, &mut inner));
            out.section(section::OPERATIONS, inner);
        } else {
            op.regions.iter().for_each(|region| self.region(region, out));
        }
    }

    fn region(&self, region: &PlannedRegion, out: &mut Emitter) {
        out.varint(u64::from(region.block));
        if !region.block {
            return;
        }
        out.varint(u64::from(region.values));
        out.flagged(region.ops.len() as u64, !region.args.is_empty());
        if !region.args.is_empty() {
            out.varint(region.args.len() as u64);
            for &(ty, loc, known) in &region.args {
                let ty = self.numbers.ty(ty);
                if self.version < 4 {
                    out.varint(ty);
                } else {
                    out.flagged(ty, known);
                }
                if known || self.version < 4 {
                    out.varint(self.numbers.attr(loc));
                }
            }
            if self.version >= 3 {
                out.byte(0);
            }
        }
        for op in &region.ops {
            self.op(op, out);
        }
    }
}
