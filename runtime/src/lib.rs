//! The runtime: an artifact in, results out.

pub mod pjrt;
pub mod tensor;

pub use hire_artifact::{ElementType, TensorType};
pub use tensor::HostTensor;
