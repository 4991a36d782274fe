//! Programs that run on several devices: the mesh, and what each device holds.
//!
//! A manifest's interface is that of the whole program: a parameter is a whole tensor of the weights file, an input a
//! whole tensor of the caller's. Where `devices` is there, the runtime cuts them for the devices, and puts results
//! together.
//!
//! ```json
//! {"form": "replicas", "mesh": [["x", 4]], "arguments": [[["x"], []], [[]]], "results": [[[]]]}
//! ```

use serde::{Deserialize, Serialize};

use crate::interface::Interface;
use crate::tensor_type::TensorType;

/// How devices share a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Each runs the program as it is, which is written in terms of one device's parts.
    Replicas,
    /// A compiler partitions the program, which is written in terms of whole tensors, by its shardings.
    Partitions,
}

/// How a tensor is cut: for each dimension the axes of the mesh along which it is, the major one first.
pub type Cut = Vec<Vec<String>>;

/// The devices of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Devices {
    /// How they share it.
    pub form: Form,
    /// The axes of the mesh with their sizes, the last changing fastest.
    pub mesh: Vec<(String, u64)>,
    /// The device at each position of the mesh, where that is not 0, 1, 2, ….
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Vec<u64>>,
    /// How each argument is cut.
    pub arguments: Vec<Cut>,
    /// How each result is cut.
    pub results: Vec<Cut>,
}

/// What a device holds of a tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it begins, by dimension.
    pub start: Vec<u64>,
    /// Its sizes.
    pub shape: Vec<u64>,
}

impl Devices {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.mesh.iter().fold(1u64, |count, (_, size)| count.saturating_mul(*size))
    }

    /// The mesh as the command line spells it: `x=2,y=4`.
    pub fn mesh_text(&self) -> String {
        self.mesh.iter().map(|(name, size)| format!("{name}={size}")).collect::<Vec<_>>().join(",")
    }

    /// The device at each position of the mesh.
    pub fn order(&self) -> Vec<u64> {
        self.order.clone().unwrap_or_else(|| (0..self.count()).collect())
    }

    /// What the device at `position` of the mesh holds of a tensor of this shape; `None` where `cut` does not fit it.
    pub fn part(&self, position: u64, cut: &Cut, shape: &[u64]) -> Option<Part> {
        if cut.len() != shape.len() {
            return None;
        }
        let mut part = Part { start: Vec::new(), shape: Vec::new() };
        for (axes, &size) in cut.iter().zip(shape) {
            let (mut parts, mut at) = (1u64, 0u64);
            for axis in axes {
                let (coordinate, size) = self.coordinate(position, axis)?;
                parts = parts.checked_mul(size)?;
                at = at * size + coordinate;
            }
            if parts == 0 || !size.is_multiple_of(parts) {
                return None;
            }
            part.shape.push(size / parts);
            part.start.push(at * (size / parts));
        }
        Some(part)
    }

    /// Where a position stands on an axis, and the axis's size.
    fn coordinate(&self, mut position: u64, axis: &str) -> Option<(u64, u64)> {
        for (name, size) in self.mesh.iter().rev() {
            let at = position.checked_rem(*size)?;
            if name == axis {
                return Some((at, *size));
            }
            position /= size;
        }
        None
    }

    /// The type of one device's part of a tensor.
    pub fn local(&self, cut: &Cut, ty: &TensorType) -> Option<TensorType> {
        Some(TensorType::new(ty.dtype, self.part(0, cut, &ty.shape)?.shape))
    }

    /// Checks that the mesh makes sense and that every argument and result of `interface` is cut evenly. The error says
    /// what is wrong, without saying where.
    pub fn check(&self, interface: &Interface) -> Result<(), String> {
        const MOST: u64 = 1 << 16;
        let count = self.mesh.iter().try_fold(1u64, |count, (_, size)| count.checked_mul(*size));
        let count = count.filter(|&count| count > 0 && count <= MOST);
        let count = count.ok_or_else(|| format!("a mesh of {} has no sensible number of devices", self.mesh_text()))?;
        let mut sorted = self.order();
        sorted.sort_unstable();
        if sorted.iter().copied().ne(0..count) {
            return Err(format!("the order of the mesh's {count} devices names others, or one twice"));
        }
        if (self.arguments.len(), self.results.len()) != (interface.arguments.len(), interface.results.len()) {
            return Err("not every argument and result says how it is cut".to_owned());
        }
        let arguments = interface.arguments.iter().map(|a| (&a.name, a.ty())).zip(&self.arguments);
        let results = interface.results.iter().map(|r| (&r.name, r.ty())).zip(&self.results);
        for ((name, ty), cut) in arguments.chain(results) {
            if self.local(cut, &ty).is_none() {
                return Err(format!(
                    "'{name}' of type {ty} cannot be cut by {cut:?} on a mesh of {}",
                    self.mesh_text()
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element_type::ElementType;
    use crate::interface::{Argument, ArgumentRole};

    fn devices() -> Devices {
        let axes = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        Devices {
            form: Form::Replicas,
            mesh: vec![("x".to_owned(), 2), ("y".to_owned(), 3)],
            order: None,
            arguments: vec![vec![axes(&["y", "x"]), axes(&[])]],
            results: Vec::new(),
        }
    }

    fn interface(shape: &[u64]) -> Interface {
        let argument = Argument {
            name: "w".to_owned(),
            role: ArgumentRole::Parameter,
            dtype: ElementType::F32,
            shape: shape.to_vec(),
            alias_result: None,
        };
        Interface { arguments: vec![argument], results: Vec::new() }
    }

    #[test]
    fn parts_follow_the_axes_the_major_one_first() {
        let devices = devices();
        let starts: Vec<u64> =
            (0..6).map(|p| devices.part(p, &devices.arguments[0], &[12, 5]).unwrap().start[0]).collect();
        assert_eq!(starts, [0, 4, 8, 2, 6, 10], "position p = 3 x + y begins at 2 (2 y + x)");
        assert_eq!(devices.part(5, &devices.arguments[0], &[12, 5]).unwrap().shape, [2, 5]);
        assert_eq!(devices.part(0, &devices.arguments[0], &[9, 5]), None);
    }

    #[test]
    fn what_does_not_fit_is_said() {
        assert_eq!(devices().check(&interface(&[12, 5])), Ok(()));
        let uneven = devices().check(&interface(&[9, 5])).unwrap_err();
        assert_eq!(uneven, "'w' of type tensor<9x5xf32> cannot be cut by [[\"y\", \"x\"], []] on a mesh of x=2,y=3");
        let order = Devices { order: Some(vec![0, 0, 1, 2, 3, 4]), ..devices() };
        assert!(order.check(&interface(&[12, 5])).unwrap_err().contains("one twice"));
        let none = Devices { mesh: vec![("x".to_owned(), 0)], ..devices() };
        assert!(none.check(&interface(&[12, 5])).unwrap_err().contains("no sensible number"));
        assert!(devices().check(&Interface::default()).unwrap_err().contains("not every argument"));
    }
}
