//! The operations of the StableHLO dialect, up to version 1.20, a family a file.

mod collective;
mod elementwise;
mod numeric;
mod shape;
mod structure;

pub(super) use collective::collective_ops;
pub(super) use elementwise::elementwise_ops;
pub(super) use numeric::numeric_ops;
pub(super) use shape::shape_ops;
pub(super) use structure::structure_ops;
