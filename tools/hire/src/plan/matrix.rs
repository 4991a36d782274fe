//! The matrix of a site, read in blocks of rows as f32.

use bytes::Bytes;
use hire_artifact::ElementType;
use hire_compiler::eval;
use hire_passes::instrument::{Matrix, Probe};

use crate::failure::{Failure, Outcome};
use crate::weights_file::{WeightsFile, tensor_type};

/// W, [V, d]. Stored matrices stay in the mapped file.
pub(crate) struct SiteMatrix {
    /// V.
    pub vocabulary: usize,
    /// d.
    pub d: usize,
    source: Source,
    /// What to call it in messages.
    name: String,
}

enum Source {
    F32(Bytes),
    Bf16(Bytes),
    F16(Bytes),
    /// [d, V] f32.
    Transposed(Bytes),
}

impl SiteMatrix {
    /// Finds the matrix in the weights, or computes it from them.
    pub(crate) fn open(probe: &Probe, weights: &WeightsFile) -> Outcome<Self> {
        let missing =
            |name: &str| Failure::new(format!("the weights lack `{name}`, the matrix of site `{}`", probe.site));
        let (name, source) = match &probe.matrix {
            Matrix::Parameter(name) => {
                let tensor = weights.get(name).ok_or_else(|| missing(name))?;
                let bytes = tensor.bytes().clone();
                let source = match tensor.ty().dtype {
                    ElementType::F32 => Source::F32(bytes),
                    ElementType::Bf16 => Source::Bf16(bytes),
                    ElementType::F16 => Source::F16(bytes),
                    other => {
                        return Err(Failure::with_remedy(
                            format!("`{name}` has elements of type {other}, which predictors are not made of"),
                            "export weights of f32, bf16 or f16",
                        ));
                    }
                };
                (name.to_string(), source)
            }
            Matrix::Computed { program, parameters, rows_first } => {
                let arguments = parameters.iter().map(|name| {
                    let tensor = weights.get(name).ok_or_else(|| missing(name))?;
                    let ty = tensor_type(tensor).ok_or_else(|| missing(name))?;
                    eval::Tensor::new(&ty, tensor.bytes().clone()).map_err(Failure::new)
                });
                let arguments: Vec<eval::Tensor> = arguments.collect::<Outcome<_>>()?;
                let results = eval::evaluate(program, "rows", &arguments).map_err(Failure::new)?;
                let bytes = results.first().and_then(|v| v.as_tensor()).map(eval::Tensor::to_bytes);
                let bytes = bytes.ok_or_else(|| Failure::new("the weight side of a product gives no tensor"))?;
                let name = parameters.iter().map(|p| p.as_str()).collect::<Vec<_>>().join(", ");
                (name, if *rows_first { Source::F32(bytes) } else { Source::Transposed(bytes) })
            }
        };
        Ok(Self { vocabulary: probe.vocabulary as usize, d: probe.d as usize, source, name })
    }

    /// Writes the rows from `start` on to `out`, which takes a whole number of them.
    pub(crate) fn read(&self, start: usize, out: &mut [f32]) {
        let (from, to) = (start * self.d, start * self.d + out.len());
        match &self.source {
            Source::F32(bytes) => {
                let chunks = bytes[4 * from..4 * to].chunks_exact(4);
                out.iter_mut().zip(chunks).for_each(|(x, b)| *x = f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
            }
            Source::Bf16(bytes) => {
                let chunks = bytes[2 * from..2 * to].chunks_exact(2);
                out.iter_mut().zip(chunks).for_each(|(x, b)| *x = half::bf16::from_le_bytes([b[0], b[1]]).to_f32());
            }
            Source::F16(bytes) => {
                let chunks = bytes[2 * from..2 * to].chunks_exact(2);
                out.iter_mut().zip(chunks).for_each(|(x, b)| *x = half::f16::from_le_bytes([b[0], b[1]]).to_f32());
            }
            Source::Transposed(bytes) => {
                for (i, row) in out.chunks_exact_mut(self.d).enumerate() {
                    for (j, x) in row.iter_mut().enumerate() {
                        let at = 4 * (j * self.vocabulary + start + i);
                        *x = f32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
                    }
                }
            }
        }
    }

    /// An error that names the matrix and a row of it that no predictor can be made of.
    pub(crate) fn not_finite(&self, row: usize) -> Failure {
        Failure::with_remedy(
            format!("`{}` has entries that are not finite, in row {row}; no predictor can be made of it", self.name),
            "export the weights again",
        )
    }
}
