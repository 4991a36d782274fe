//! Weights: a safetensors file, read by mapping it and written so that it can be used in place.
//!
//! The safetensors format puts a JSON header before the tensors' bytes and asks that the bytes have no holes, and it
//! promises no alignment. XLA's CPU client uses host memory in place only where it is aligned to 64 bytes, so this
//! writer aligns every tensor: the header is padded with spaces, and a tensor whose size is no multiple of 64 is followed
//! by a tensor of padding bytes named `__padding__.N`. Any safetensors reader accepts such a file; this one hides the
//! padding.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use safetensors::{Dtype, SafeTensors};

use crate::element_type::ElementType;
use crate::error::Error;
use crate::tensor_type::TensorType;

/// Alignment of tensors in files that [`write_weights`] writes, in bytes.
pub const ALIGNMENT: usize = 64;

/// Names of padding tensors start with this.
const PADDING: &str = "__padding__.";

/// The element types that a safetensors file can hold here, with their name there. The format's 4 and 6-bit floats are
/// left out: it packs them, host tensors do not.
const DTYPES: &[(ElementType, Dtype, &str)] = &[
    (ElementType::I1, Dtype::BOOL, "BOOL"),
    (ElementType::I8, Dtype::I8, "I8"),
    (ElementType::I16, Dtype::I16, "I16"),
    (ElementType::I32, Dtype::I32, "I32"),
    (ElementType::I64, Dtype::I64, "I64"),
    (ElementType::Ui8, Dtype::U8, "U8"),
    (ElementType::Ui16, Dtype::U16, "U16"),
    (ElementType::Ui32, Dtype::U32, "U32"),
    (ElementType::Ui64, Dtype::U64, "U64"),
    (ElementType::F8E4M3FN, Dtype::F8_E4M3, "F8_E4M3"),
    (ElementType::F8E5M2, Dtype::F8_E5M2, "F8_E5M2"),
    (ElementType::F8E8M0FNU, Dtype::F8_E8M0, "F8_E8M0"),
    (ElementType::Bf16, Dtype::BF16, "BF16"),
    (ElementType::F16, Dtype::F16, "F16"),
    (ElementType::F32, Dtype::F32, "F32"),
    (ElementType::F64, Dtype::F64, "F64"),
];

/// A tensor of a weights file: its type and its bytes, dense and row-major.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    ty: TensorType,
    bytes: Bytes,
}

impl Tensor {
    /// A tensor of type `ty` with these bytes, or `None` if they are not as many as the type takes.
    pub fn new(ty: TensorType, bytes: impl Into<Bytes>) -> Option<Self> {
        let bytes = bytes.into();
        (ty.host_bytes() == Some(bytes.len())).then_some(Tensor { ty, bytes })
    }

    /// The type.
    pub fn ty(&self) -> &TensorType {
        &self.ty
    }

    /// The bytes; a slice of the mapped file where the tensor was read from one.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

/// A mapped safetensors file. Tensors are read from disk when touched.
///
/// The file must not be changed in place while it is mapped: the contents of tensors would change, and if it is
/// shortened, reading beyond its new end stops the process. Replacing the file by renaming another over it is fine.
#[derive(Clone, Debug)]
pub struct Weights {
    path: PathBuf,
    tensors: BTreeMap<String, Tensor>,
}

impl Weights {
    /// Maps the file at `path` and reads its header.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::read(path))?;
        // SAFETY: the type's documentation asks that the file is not changed while mapped, as every user of mapped files must.
        let map = unsafe { memmap2::Mmap::map(&file) }.map_err(Error::read(path))?;
        Self::parse(path, Bytes::from_owner(map))
    }

    fn parse(path: &Path, file: Bytes) -> Result<Self, Error> {
        let wrong = |message: String| Error::Weights { path: path.to_owned(), message };
        let (header, metadata) = SafeTensors::read_metadata(&file)
            .map_err(|error| wrong(format!("not a complete safetensors file: {error}")))?;
        let data = file.slice(header + size_of::<u64>()..);
        let mut tensors = BTreeMap::new();
        for (name, info) in metadata.tensors() {
            if name.starts_with(PADDING) {
                continue;
            }
            let dtype = element_type(info.dtype)
                .ok_or_else(|| wrong(format!("tensor '{name}' has type {:?}, which is not supported", info.dtype)))?;
            let shape: Vec<u64> = info.shape.iter().map(|&dim| dim as u64).collect();
            let (begin, end) = info.data_offsets;
            let tensor = Tensor { ty: TensorType::new(dtype, shape), bytes: data.slice(begin..end) };
            if tensor.ty.host_bytes() != Some(tensor.bytes.len()) {
                return Err(wrong(format!("tensor '{name}' of type {} has {} bytes", tensor.ty, tensor.bytes.len())));
            }
            tensors.insert(name, tensor);
        }
        Ok(Weights { path: path.to_owned(), tensors })
    }

    /// The file's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The tensor `name`.
    pub fn get(&self, name: &str) -> Option<&Tensor> {
        self.tensors.get(name)
    }

    /// All tensors, by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Tensor)> {
        self.tensors.iter().map(|(name, tensor)| (name.as_str(), tensor))
    }
}

fn element_type(dtype: Dtype) -> Option<ElementType> {
    DTYPES.iter().find(|row| row.1 == dtype).map(|row| row.0)
}

/// Writes `tensors` as a safetensors file in which each begins at a multiple of [`ALIGNMENT`], in the order given.
///
/// Fails with [`io::ErrorKind::InvalidInput`] on a name given twice or reserved, and on a type that the format lacks.
pub fn write_weights<'a>(
    out: &mut dyn Write,
    tensors: impl IntoIterator<Item = (&'a str, &'a Tensor)>,
) -> io::Result<()> {
    let tensors: Vec<(&str, &Tensor)> = tensors.into_iter().collect();
    out.write_all(&header(&tensors)?)?;
    for (_, tensor) in tensors {
        out.write_all(&tensor.bytes)?;
        out.write_all(&[0; ALIGNMENT][..padding(tensor.bytes.len())])?;
    }
    Ok(())
}

/// The length and the JSON header, padded so that the first tensor is aligned.
fn header(tensors: &[(&str, &Tensor)]) -> io::Result<Vec<u8>> {
    let invalid = |message: String| io::Error::new(io::ErrorKind::InvalidInput, message);
    let mut entries = serde_json::Map::new();
    let mut offset = 0;
    let mut entry = |name: String, dtype: &str, shape: &[u64], len: usize| {
        let value = serde_json::json!({ "dtype": dtype, "shape": shape, "data_offsets": [offset, offset + len] });
        offset += len;
        match entries.insert(name.clone(), value) {
            None => Ok(()),
            Some(_) => Err(invalid(format!("two tensors are named '{name}'"))),
        }
    };
    for (index, (name, tensor)) in tensors.iter().enumerate() {
        if name.starts_with("__") {
            return Err(invalid(format!("a tensor cannot be named '{name}'")));
        }
        let Some(row) = DTYPES.iter().find(|row| row.0 == tensor.ty.dtype) else {
            return Err(invalid(format!("tensor '{name}' has type {}, which safetensors lacks", tensor.ty)));
        };
        entry((*name).to_owned(), row.2, &tensor.ty.shape, tensor.bytes.len())?;
        let padding = padding(tensor.bytes.len());
        if padding > 0 {
            entry(format!("{PADDING}{index}"), "U8", &[padding as u64], padding)?;
        }
    }
    let mut json = serde_json::to_vec(&entries)?;
    json.resize(json.len() + padding(size_of::<u64>() + json.len()), b' ');
    let mut header = (json.len() as u64).to_le_bytes().to_vec();
    header.append(&mut json);
    Ok(header)
}

/// Bytes from `len` to the next multiple of [`ALIGNMENT`].
fn padding(len: usize) -> usize {
    len.next_multiple_of(ALIGNMENT) - len
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(dtype: ElementType, shape: &[u64]) -> Tensor {
        let ty = TensorType::new(dtype, shape);
        let bytes: Vec<u8> = (0..ty.host_bytes().unwrap()).map(|i| i as u8 & 1).collect();
        Tensor::new(ty, bytes).unwrap()
    }

    #[test]
    fn every_supported_type_is_written_aligned_and_read_back_by_us_and_by_the_crate() {
        let tensors: Vec<(String, Tensor)> =
            DTYPES.iter().map(|row| (row.2.to_lowercase(), tensor(row.0, &[3, 7]))).collect();
        let mut file = Vec::new();
        write_weights(&mut file, tensors.iter().map(|(name, tensor)| (name.as_str(), tensor))).unwrap();
        let start = file.as_ptr() as usize;
        let theirs = SafeTensors::deserialize(&file).unwrap();
        for (name, tensor) in &tensors {
            let view = theirs.tensor(name).unwrap();
            assert_eq!(view.data(), &tensor.bytes[..]);
            assert_eq!((view.data().as_ptr() as usize - start) % ALIGNMENT, 0, "{name}");
        }
        let ours = Weights::parse(Path::new("w"), file.clone().into()).unwrap();
        assert_eq!(ours.iter().len(), tensors.len());
        assert!(tensors.iter().all(|(name, tensor)| ours.get(name) == Some(tensor)));
    }

    #[test]
    fn an_aligned_tensor_takes_no_padding() {
        let mut file = Vec::new();
        let (a, b) = (tensor(ElementType::F32, &[16]), tensor(ElementType::F32, &[0]));
        write_weights(&mut file, [("a", &a), ("b", &b)]).unwrap();
        assert_eq!(SafeTensors::deserialize(&file).unwrap().len(), 2);
    }

    #[test]
    fn what_the_format_cannot_hold_is_refused() {
        let write = |tensors: &[(&str, &Tensor)]| {
            write_weights(&mut Vec::new(), tensors.iter().copied()).unwrap_err().to_string()
        };
        let good = tensor(ElementType::F32, &[2]);
        assert_eq!(write(&[("a", &good), ("a", &good)]), "two tensors are named 'a'");
        assert_eq!(write(&[("__metadata__", &good)]), "a tensor cannot be named '__metadata__'");
        let nibbles = tensor(ElementType::I4, &[2]);
        assert_eq!(write(&[("a", &nibbles)]), "tensor 'a' has type tensor<2xi4>, which safetensors lacks");
        assert_eq!(Tensor::new(good.ty.clone(), good.bytes.slice(1..)), None);
    }

    #[test]
    fn broken_files_are_errors() {
        let mut file = Vec::new();
        write_weights(&mut file, [("a", &tensor(ElementType::F32, &[64]))]).unwrap();
        for broken in [&b""[..], b"not a safetensors file at all", &file[..file.len() - 1], &file[..20]] {
            let error = Weights::parse(Path::new("w.safetensors"), Bytes::copy_from_slice(broken)).unwrap_err();
            assert!(error.to_string().starts_with("w.safetensors: not a complete safetensors file: "), "{error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn random_bytes_never_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..256)) {
            let _ = Weights::parse(Path::new("w"), bytes.into());
        }
    }
}
