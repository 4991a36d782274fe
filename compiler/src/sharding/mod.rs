//! Shardings: how tensors lie on a mesh of devices.
//!
//! A program keeps them as the text of attributes (`sdy.sharding`, `mhlo.sharding`), which every pass carries along
//! untouched. This module reads that text where something is to be done with it: the verifier, the interpreter, the
//! passes that distribute work.
//!
//! # What they mean
//!
//! A [`Mesh`] names its axes; its devices are numbered row-major over them, the last axis changing fastest, and
//! `device_ids` may permute that order. A [`TensorSharding`] gives each dimension of a tensor a list of axes, the major
//! one first: a dimension over axes of sizes a and b is cut into `a b` equal parts. Axes that no dimension names hold
//! copies. An axis may be used in part: `"x":(2)4` is the part of size 4 after a part of size 2.
//!
//! Inside of `sdy.manual_computation` tensors have the shapes of one device's parts, along the manual axes.
//!
//! Older programs have strings such as `{devices=[1,4]<=[4]}` instead ([`gspmd`]); they name no axes.

pub mod gspmd;
mod manual;
mod read;

use std::collections::HashMap;
use std::fmt;

use smol_str::SmolStr;

pub use manual::Manual;
pub use read::{ReadError, read_mesh, read_per_value, read_tensor};

use crate::ir::{Attr, AxisRef, Dim, Item, Mesh, MeshReference, Module, TensorType};

/// How one dimension is cut.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct DimSharding {
    /// The axes, the major one first.
    pub axes: Vec<AxisRef>,
    /// Whether propagation may add axes.
    pub is_open: bool,
    /// When propagation looks at it, 0 first.
    pub priority: Option<i64>,
}

impl DimSharding {
    /// Over these whole axes, and closed.
    pub fn over(axes: impl IntoIterator<Item = SmolStr>) -> Self {
        let axes = axes.into_iter().map(|name| AxisRef { name, sub_axis_info: None }).collect();
        Self { axes, is_open: false, priority: None }
    }
}

/// How a tensor lies on a mesh.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TensorSharding {
    /// The mesh.
    pub mesh: MeshReference,
    /// One for each dimension.
    pub dims: Vec<DimSharding>,
    /// Axes that must hold copies.
    pub replicated: Vec<AxisRef>,
    /// Axes along which partial sums lie.
    pub unreduced: Vec<AxisRef>,
}

impl TensorSharding {
    /// A whole copy on every device.
    pub fn replicated(mesh: MeshReference, rank: usize) -> Self {
        Self { mesh, dims: vec![DimSharding::default(); rank], replicated: Vec::new(), unreduced: Vec::new() }
    }

    /// All axes that it names.
    pub fn axes(&self) -> impl Iterator<Item = &AxisRef> {
        self.dims.iter().flat_map(|dim| &dim.axes).chain(&self.replicated).chain(&self.unreduced)
    }

    /// Into how many parts `dim` is cut; `None` for an axis that the mesh lacks.
    pub fn parts(&self, mesh: &Mesh, dim: usize) -> Option<u64> {
        product(mesh, &self.dims.get(dim)?.axes)
    }

    /// The type of one device's part. `None` when the ranks differ, a size is not known, or a dimension is not a multiple
    /// of its parts.
    pub fn local_type(&self, mesh: &Mesh, ty: &TensorType) -> Option<TensorType> {
        let sizes = ty.sizes()?;
        if sizes.len() != self.dims.len() {
            return None;
        }
        let part = |(dim, &size): (usize, &u64)| {
            let parts = self.parts(mesh, dim)?;
            (parts > 0 && size.is_multiple_of(parts)).then(|| Dim::Size(size / parts))
        };
        let dims = sizes.iter().enumerate().map(part).collect::<Option<Vec<_>>>()?;
        Some(TensorType { dims: Some(dims.into_iter().collect()), ..ty.clone() })
    }

    /// Which part of `dim` the device at these [coordinates](coordinates) holds.
    pub fn part_of(&self, mesh: &Mesh, dim: usize, coordinates: &[u64]) -> Option<u64> {
        self.dims.get(dim)?.axes.iter().try_fold(0, |part, axis| {
            let (at, size) = axis_coordinate(mesh, axis, coordinates)?;
            Some(part * size + at)
        })
    }

    /// The attribute that a value's `sdy.sharding` is.
    pub fn to_attr(&self) -> Attr {
        Attr::Opaque(format!("sdy.sharding{self}").into())
    }
}

/// The attribute of the shardings of several values.
pub fn per_value_attr(shardings: &[TensorSharding]) -> Attr {
    let texts: Vec<String> = shardings.iter().map(TensorSharding::to_string).collect();
    Attr::Opaque(format!("sdy.sharding_per_value<[{}]>", texts.join(", ")).into())
}

/// The attribute of `sdy.manual_computation`'s manual axes.
pub fn manual_axes_attr<'a>(axes: impl IntoIterator<Item = &'a SmolStr>) -> Attr {
    let names: Vec<String> = axes.into_iter().map(|axis| format!("\"{axis}\"")).collect();
    Attr::Opaque(format!("sdy<manual_axes{{{}}}>", names.join(", ")).into())
}

impl fmt::Display for TensorSharding {
    /// As in the text format: `<@mesh, [{"x"}, {}]>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.mesh {
            MeshReference::Symbol(name) => write!(f, "<@{name}, [")?,
            MeshReference::Mesh(mesh) => write!(f, "<mesh{}, [", MeshText(mesh))?,
        }
        for (at, dim) in self.dims.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { ", " })?;
            dim.fmt(f)?;
        }
        f.write_str("]")?;
        for (name, axes) in [("replicated", &self.replicated), ("unreduced", &self.unreduced)] {
            if !axes.is_empty() {
                write!(f, ", {name}={{{}}}", Axes(axes))?;
            }
        }
        f.write_str(">")
    }
}

impl fmt::Display for DimSharding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = match (self.is_open, self.axes.is_empty()) {
            (false, _) => "",
            (true, true) => "?",
            (true, false) => ", ?",
        };
        write!(f, "{{{}{open}}}", Axes(&self.axes))?;
        self.priority.map_or(Ok(()), |priority| write!(f, "p{priority}"))
    }
}

struct Axes<'a>(&'a [AxisRef]);

impl fmt::Display for Axes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, axis) in self.0.iter().enumerate() {
            write!(f, "{}\"{}\"", if at == 0 { "" } else { ", " }, axis.name)?;
            if let Some((before, size)) = axis.sub_axis_info {
                write!(f, ":({before}){size}")?;
            }
        }
        Ok(())
    }
}

struct MeshText<'a>(&'a Mesh);

impl fmt::Display for MeshText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let axes: Vec<String> = self.0.axes.iter().map(|(name, size)| format!("\"{name}\"={size}")).collect();
        write!(f, "<[{}]", axes.join(", "))?;
        if let Some(ids) = device_ids(self.0) {
            let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
            write!(f, ", device_ids=[{}]", ids.join(", "))?;
        }
        f.write_str(">")
    }
}

/// The attribute of an `sdy.mesh`.
pub fn mesh_attr(mesh: &Mesh) -> Attr {
    Attr::Opaque(format!("sdy.mesh{}", MeshText(mesh)).into())
}

/// Devices that a mesh has; `None` when their number overflows or an axis has no positive size.
pub fn device_count(mesh: &Mesh) -> Option<u64> {
    let size = |size: i64| u64::try_from(size).ok().filter(|&size| size > 0);
    mesh.axes.iter().try_fold(1u64, |count, &(_, axis)| count.checked_mul(size(axis)?))
}

/// The devices in the mesh's order, where the mesh says so.
pub fn device_ids(mesh: &Mesh) -> Option<Vec<u64>> {
    let ids = mesh.device_ids.as_ref()?.to_i64s()?;
    ids.iter().map(|&id| u64::try_from(id).ok()).collect()
}

/// The device at each position of the mesh; `None` when there are too many devices to number, or the mesh does not name
/// as many as it has.
pub fn devices(mesh: &Mesh) -> Option<Vec<u64>> {
    const MOST: u64 = 1 << 20;
    let count = device_count(mesh).filter(|&count| count <= MOST)?;
    match &mesh.device_ids {
        None => Some((0..count).collect()),
        Some(_) => device_ids(mesh).filter(|ids| ids.len() as u64 == count),
    }
}

/// Where a position of the mesh stands on each axis.
pub fn coordinates(mesh: &Mesh, mut position: u64) -> Vec<u64> {
    let mut coordinates: Vec<u64> = Vec::with_capacity(mesh.axes.len());
    for &(_, size) in mesh.axes.iter().rev() {
        let size = u64::try_from(size).unwrap_or(1).max(1);
        coordinates.push(position % size);
        position /= size;
    }
    coordinates.reverse();
    coordinates
}

/// The size of an axis or a part of one.
pub fn axis_size(mesh: &Mesh, axis: &AxisRef) -> Option<u64> {
    match axis.sub_axis_info {
        Some((_, size)) => u64::try_from(size).ok(),
        None => mesh.axes.iter().find(|(name, _)| *name == axis.name).and_then(|&(_, size)| u64::try_from(size).ok()),
    }
}

/// Where a device stands on an axis or a part of one, and its size.
fn axis_coordinate(mesh: &Mesh, axis: &AxisRef, coordinates: &[u64]) -> Option<(u64, u64)> {
    let at = mesh.axes.iter().position(|(name, _)| *name == axis.name)?;
    let whole = u64::try_from(mesh.axes[at].1).ok()?;
    let coordinate = *coordinates.get(at)?;
    let Some((before, size)) = axis.sub_axis_info else { return Some((coordinate, whole)) };
    let (before, size) = (u64::try_from(before).ok()?, u64::try_from(size).ok()?);
    let after = whole.checked_div(before.checked_mul(size)?)?;
    Some((coordinate.checked_div(after)? % size, size))
}

/// The product of the sizes of axes.
pub fn product(mesh: &Mesh, axes: &[AxisRef]) -> Option<u64> {
    axes.iter().try_fold(1u64, |product, axis| product.checked_mul(axis_size(mesh, axis)?))
}

/// The meshes of a module that can be read, by symbol.
#[derive(Clone, Debug, Default)]
pub struct Meshes(HashMap<SmolStr, Mesh>);

impl Meshes {
    /// Those that `module` declares.
    pub fn of(module: &Module) -> Self {
        let declared = module.items.iter().filter_map(|item| match item {
            Item::Global(global) if global.name == "sdy.mesh" => Some(global),
            _ => None,
        });
        let read = declared.filter_map(|global| match global.attrs.get("mesh") {
            Some(Attr::Opaque(text)) => Some((global.symbol.clone()?, read_mesh(text).ok()?)),
            _ => None,
        });
        Self(read.collect())
    }

    /// The mesh that a sharding means.
    pub fn get<'a>(&'a self, reference: &'a MeshReference) -> Option<&'a Mesh> {
        match reference {
            MeshReference::Symbol(name) => self.0.get(name),
            MeshReference::Mesh(mesh) => Some(mesh),
        }
    }

    /// The only mesh with more than one device, and its symbol.
    pub fn single(&self) -> Option<(&SmolStr, &Mesh)> {
        let mut meshes = self.0.iter().filter(|(_, mesh)| device_count(mesh).is_some_and(|count| count > 1));
        let first = meshes.next()?;
        meshes.all(|(_, mesh)| mesh == first.1).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sharding(text: &str) -> TensorSharding {
        read_tensor(text).unwrap()
    }

    fn mesh(text: &str) -> Mesh {
        read_mesh(text).unwrap()
    }

    #[test]
    fn what_is_read_is_printed_the_same_way() {
        for text in [
            "sdy.sharding<@mesh, []>",
            r#"sdy.sharding<@mesh, [{"x"}, {}]>"#,
            r#"sdy.sharding<@mesh, [{"x", "y"}p1, {?}, {"z", ?}]>"#,
            r#"sdy.sharding<@mesh, [{"x":(1)2}, {"x":(2)4}], replicated={"y"}, unreduced={"z"}>"#,
            r#"sdy.sharding<mesh<["x"=2], device_ids=[1, 0]>, [{"x"}]>"#,
            "sdy.sharding<mesh<[], device_ids=[3]>, []>",
        ] {
            let Attr::Opaque(printed) = sharding(text).to_attr() else { unreachable!() };
            assert_eq!(printed, text);
        }
        let per_value = r#"sdy.sharding_per_value<[<@a, [{"x"}]>, <@a, []>]>"#;
        assert_eq!(per_value_attr(&read_per_value(per_value).unwrap()), Attr::Opaque(per_value.into()));
    }

    #[test]
    fn parts_follow_the_axes_the_major_one_first() {
        let mesh = mesh(r#"sdy.mesh<["a"=2, "b"=3]>"#);
        let both = sharding(r#"sdy.sharding<@m, [{"b", "a"}, {}]>"#);
        assert_eq!(both.parts(&mesh, 0), Some(6));
        let ty = TensorType::new(&[12, 5], crate::ir::ElementType::F32);
        assert_eq!(both.local_type(&mesh, &ty).unwrap().to_string(), "tensor<2x5xf32>");
        assert_eq!(both.local_type(&mesh, &TensorType::new(&[9, 5], crate::ir::ElementType::F32)), None);
        let parts: Vec<_> = (0..6).map(|p| both.part_of(&mesh, 0, &coordinates(&mesh, p)).unwrap()).collect();
        assert_eq!(parts, [0, 2, 4, 1, 3, 5], "position p = 3 a + b holds part 2 b + a");
    }

    #[test]
    fn parts_of_axes_split_their_coordinate() {
        let mesh = mesh(r#"sdy.mesh<["x"=8]>"#);
        let middle = sharding(r#"sdy.sharding<@m, [{"x":(2)2}]>"#);
        let parts: Vec<_> = (0..8).map(|p| middle.part_of(&mesh, 0, &[p]).unwrap()).collect();
        assert_eq!(parts, [0, 0, 1, 1, 0, 0, 1, 1]);
    }
}
