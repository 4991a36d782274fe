//! NumPy's `.npy` files, versions 1.0 to 3.0.
//!
//! NumPy has no bfloat16 and no types narrower than a byte; the `ml_dtypes` package adds them, and NumPy stores such an
//! array as raw bytes of its item size (`V2`, `V1`). Such a file is read as whatever type of that size is asked for, and
//! written in the same way: `np.load(path).view(ml_dtypes.bfloat16)` reads it. Fortran order and the other byte order are
//! converted when reading; writing is in C order and in this machine's byte order.
//! Structured types, strings, objects and 128-bit floats are refused.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use hire_artifact::{ElementType, TensorType};

use crate::tensor::{AlignedBytes, HostTensor};

const MAGIC: &[u8] = b"\x93NUMPY";
/// Longest header that is read. NumPy's own limit for files that are not trusted is 10,000 bytes.
const LONGEST_HEADER: usize = 10_000;
/// Most dimensions of a NumPy array.
const MOST_DIMENSIONS: usize = 64;

/// A file that is not a `.npy` file or holds something that is no tensor.
#[derive(Debug, thiserror::Error)]
#[error("{}: {message}", path.display())]
pub struct NpyError {
    path: PathBuf,
    message: String,
}

/// Element types with NumPy's code for them; the byte order in front is left away.
const CODES: &[(ElementType, &str)] = &[
    (ElementType::I1, "b1"),
    (ElementType::I8, "i1"),
    (ElementType::I16, "i2"),
    (ElementType::I32, "i4"),
    (ElementType::I64, "i8"),
    (ElementType::Ui8, "u1"),
    (ElementType::Ui16, "u2"),
    (ElementType::Ui32, "u4"),
    (ElementType::Ui64, "u8"),
    (ElementType::F16, "f2"),
    (ElementType::F32, "f4"),
    (ElementType::F64, "f8"),
    (ElementType::ComplexF32, "c8"),
    (ElementType::ComplexF64, "c16"),
];

/// Reads the file at `path`. `expected` decides what raw bytes are read as; other files are read as what they are.
pub fn read(path: &Path, expected: Option<ElementType>) -> Result<HostTensor, NpyError> {
    let wrong = |message: String| NpyError { path: path.to_owned(), message };
    let bytes = std::fs::read(path).map_err(|error| wrong(format!("cannot read it: {error}")))?;
    decode(&bytes, expected).map_err(wrong)
}

/// Writes `tensor` to `path`, through a temporary file beside it.
pub fn write(path: &Path, tensor: &HostTensor) -> Result<(), NpyError> {
    let wrong = |error: io::Error| NpyError { path: path.to_owned(), message: format!("cannot write it: {error}") };
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".hire-tmp-{}", std::process::id()));
    let temporary = PathBuf::from(temporary);
    let header = header(tensor.ty()).map_err(|message| NpyError { path: path.to_owned(), message })?;
    let written = File::create(&temporary)
        .and_then(|mut file| {
            file.write_all(&header)?;
            file.write_all(tensor.bytes())
        })
        .and_then(|()| std::fs::rename(&temporary, path));
    if written.is_err() {
        // What is left of a failed file helps nobody, and failing to remove it changes nothing.
        let _ = std::fs::remove_file(&temporary);
    }
    written.map_err(wrong)
}

/// The file's bytes before the array. Fails for more dimensions than NumPy has.
fn header(ty: &TensorType) -> Result<Vec<u8>, String> {
    if ty.shape.len() > MOST_DIMENSIONS {
        return Err(format!("an array of {} dimensions cannot be a .npy file", ty.shape.len()));
    }
    let code = CODES.iter().find(|row| row.0 == ty.dtype).map(|row| row.1.to_owned());
    let code = code.unwrap_or_else(|| format!("V{}", ty.dtype.host_bytes()));
    let order = if ty.dtype.host_bytes() == 1 || code.starts_with('V') { '|' } else { NATIVE_ORDER };
    let shape = match ty.shape.as_slice() {
        [dim] => format!("{dim},"),
        dims => dims.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
    };
    let mut text = format!("{{'descr': '{order}{code}', 'fortran_order': False, 'shape': ({shape}), }}");
    // The header ends in a line feed at a multiple of 64 bytes, so that the data is aligned.
    let prefix = MAGIC.len() + 2 + 2;
    let padding = (prefix + text.len() + 1).next_multiple_of(64) - (prefix + text.len() + 1);
    text.push_str(&" ".repeat(padding));
    text.push('\n');
    let length = u16::try_from(text.len()).expect("the text of 64 dimensions is short");
    let mut file = MAGIC.to_vec();
    file.extend_from_slice(&[1, 0]);
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(text.as_bytes());
    Ok(file)
}

const NATIVE_ORDER: char = if cfg!(target_endian = "little") { '<' } else { '>' };

/// Decodes the bytes of a `.npy` file; see [`read`]. The error says what is wrong, without saying where.
pub fn decode(bytes: &[u8], expected: Option<ElementType>) -> Result<HostTensor, String> {
    let (text, data) = split(bytes)?;
    let header = Header::parse(text)?;
    let dtype = header.element_type(expected)?;
    let ty = TensorType::new(dtype, header.shape.clone());
    let Some(length) = ty.host_bytes() else {
        return Err(format!("its array of type {ty} does not fit in memory"));
    };
    if data.len() != length {
        let kind = if data.len() < length { "truncated" } else { "longer than its array" };
        return Err(format!("the file is {kind}: {ty} takes {length} bytes, {} follow the header", data.len()));
    }
    let mut out = AlignedBytes::zeroed(length);
    let item = dtype.host_bytes();
    if header.fortran_order && header.shape.len() > 1 {
        transpose(data, out.as_mut_slice(), &header.shape, item);
    } else {
        out.as_mut_slice().copy_from_slice(data);
    }
    if header.swapped {
        let word = if matches!(dtype, ElementType::ComplexF32 | ElementType::ComplexF64) { item / 2 } else { item };
        out.as_mut_slice().chunks_exact_mut(word).for_each(<[u8]>::reverse);
    }
    if dtype == ElementType::I1 && out.as_mut_slice().iter().any(|&byte| byte > 1) {
        return Err("its booleans are not all 0 or 1".to_owned());
    }
    HostTensor::new(ty, out.into_bytes()).map_err(|error| error.to_string())
}

/// Header text and data.
fn split(bytes: &[u8]) -> Result<(&str, &[u8]), String> {
    let truncated = || "the file is truncated in its header".to_owned();
    let Some(rest) = bytes.strip_prefix(MAGIC) else {
        let kind = if MAGIC.starts_with(bytes) { "the file is truncated in its header" } else { "not a .npy file" };
        return Err(kind.to_owned());
    };
    let (&[major, _], rest) = rest.split_first_chunk::<2>().ok_or_else(truncated)?;
    let (length, rest) = match major {
        1 => {
            let (length, rest) = rest.split_first_chunk::<2>().ok_or_else(truncated)?;
            (usize::from(u16::from_le_bytes(*length)), rest)
        }
        2 | 3 => {
            let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(truncated)?;
            (u32::from_le_bytes(*length) as usize, rest)
        }
        other => return Err(format!("its .npy format version {other} is not known")),
    };
    if length > LONGEST_HEADER {
        return Err(format!("its header of {length} bytes is too long"));
    }
    let (text, data) = rest.split_at_checked(length).ok_or_else(truncated)?;
    Ok((std::str::from_utf8(text).map_err(|_| "its header is not text".to_owned())?, data))
}

/// What the header says.
struct Header {
    code: String,
    swapped: bool,
    fortran_order: bool,
    shape: Vec<u64>,
}

impl Header {
    /// Reads the header's Python dictionary, whose three entries may come in any order.
    fn parse(text: &str) -> Result<Self, String> {
        let broken = || format!("its header cannot be read: {}", text.trim().chars().take(120).collect::<String>());
        let mut rest = text.trim().strip_prefix('{').and_then(|text| text.strip_suffix('}')).ok_or_else(broken)?.trim();
        let (mut descr, mut fortran_order, mut shape) = (None, None, None);
        while !rest.is_empty() {
            let (key, value) = rest.split_once(':').ok_or_else(broken)?;
            let value = value.trim_start();
            let (item, after) = match value.chars().next() {
                Some('(') => value.split_once(')').ok_or_else(broken)?,
                Some('[') => return Err("its array is of a structured type".to_owned()),
                _ => value.split_once(',').unwrap_or((value, "")),
            };
            match key.trim() {
                "'descr'" | "\"descr\"" => descr = Some(item.trim()),
                "'fortran_order'" | "\"fortran_order\"" => fortran_order = Some(item.trim()),
                "'shape'" | "\"shape\"" => shape = Some(item),
                _ => return Err(broken()),
            }
            rest = after.trim_start().trim_start_matches(',').trim_start();
        }
        let descr = descr.map(|descr| descr.trim_matches(['\'', '"'])).ok_or_else(broken)?;
        let (order, code) = descr.split_at_checked(1).ok_or_else(broken)?;
        let swapped = match order {
            "|" | "=" => false,
            "<" => cfg!(target_endian = "big"),
            ">" => cfg!(target_endian = "little"),
            _ => return Err(format!("its elements are of type '{descr}', which is no tensor's")),
        };
        let fortran_order = match fortran_order {
            Some("True") => true,
            Some("False") => false,
            _ => return Err(broken()),
        };
        let shape = shape.and_then(parse_shape).ok_or_else(broken)?;
        Ok(Header { code: code.to_owned(), swapped, fortran_order, shape })
    }

    fn element_type(&self, expected: Option<ElementType>) -> Result<ElementType, String> {
        if let Some(row) = CODES.iter().find(|row| row.1 == self.code) {
            return Ok(row.0);
        }
        let size = self.code.strip_prefix('V').and_then(|size| size.parse::<usize>().ok());
        match (size, expected) {
            (Some(size), Some(expected)) if size == expected.host_bytes() => Ok(expected),
            (Some(size), Some(expected)) => {
                Err(format!("its elements are {size} raw bytes, which is not the size of {expected}"))
            }
            (Some(size), None) => Err(format!("its elements are {size} raw bytes, of a type that it does not say")),
            (None, _) => Err(format!("its elements are of type '{}', which is no tensor's", self.code)),
        }
    }
}

/// The inside of `(2, 3)` or `(2,`.
fn parse_shape(text: &str) -> Option<Vec<u64>> {
    let text = text.strip_prefix('(')?.trim().trim_end_matches(',');
    if text.is_empty() {
        return Some(Vec::new());
    }
    let dims: Option<Vec<u64>> = text.split(',').map(|dim| dim.trim().parse().ok()).collect();
    dims.filter(|dims| dims.len() <= MOST_DIMENSIONS)
}

/// Copies an array in Fortran order to C order.
fn transpose(from: &[u8], to: &mut [u8], shape: &[u64], item: usize) {
    let mut index = vec![0u64; shape.len()];
    for out in to.chunks_exact_mut(item) {
        // In Fortran order the first index moves fastest.
        let position = index.iter().zip(shape).rev().fold(0, |position, (&i, &dim)| position * dim + i) as usize;
        out.copy_from_slice(&from[position * item..(position + 1) * item]);
        for (i, &dim) in index.iter_mut().zip(shape).rev() {
            *i += 1;
            if *i < dim {
                break;
            }
            *i = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A `.npy` file of version 1.0 with this header text and data.
    fn file(text: &str, data: &[u8]) -> Vec<u8> {
        let mut file = b"\x93NUMPY\x01\x00".to_vec();
        file.extend_from_slice(&(text.len() as u16).to_le_bytes());
        file.extend_from_slice(text.as_bytes());
        file.extend_from_slice(data);
        file
    }

    #[test]
    fn numpys_own_header_is_written_byte_for_byte() {
        let ty = TensorType::new(ElementType::F32, [2, 3]);
        let expected = file(&format!("{:117}\n", "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"), b"");
        assert_eq!(String::from_utf8_lossy(&header(&ty).unwrap()), String::from_utf8_lossy(&expected));
        assert!(header(&TensorType::new(ElementType::F32, vec![1; 65])).is_err());
    }

    #[test]
    fn fortran_order_and_the_other_byte_order_are_converted() {
        let data: Vec<u8> = [1i16, 4, 2, 5, 3, 6].iter().flat_map(|x| x.to_be_bytes()).collect();
        let file = file("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }", &data);
        assert_eq!(decode(&file, None).unwrap().to_vec::<i16>().unwrap(), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn entries_come_in_any_order_and_scalars_have_no_dimension() {
        let file = file("{\"shape\": (), \"fortran_order\": False, \"descr\": \"<f8\"}\n", &1.5f64.to_le_bytes());
        assert_eq!(decode(&file, None).unwrap(), HostTensor::scalar(1.5f64));
    }

    #[test]
    fn raw_bytes_are_read_as_what_is_expected() {
        let bf16 = HostTensor::from_slice(&[2], &[half::bf16::ONE, half::bf16::NEG_ONE]).unwrap();
        let mut file = header(bf16.ty()).unwrap();
        file.extend_from_slice(bf16.bytes());
        assert_eq!(decode(&file, Some(ElementType::Bf16)).unwrap(), bf16);
        insta::assert_snapshot!(decode(&file, None).unwrap_err(), @"its elements are 2 raw bytes, of a type that it does not say");
        insta::assert_snapshot!(
            decode(&file, Some(ElementType::F32)).unwrap_err(), @"its elements are 2 raw bytes, which is not the size of f32");
    }

    #[test]
    fn each_bad_file_has_its_message() {
        let good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
        let bad = |file: &[u8]| decode(file, None).unwrap_err();
        insta::assert_snapshot!(bad(b"PK\x03\x04 a zip file"), @"not a .npy file");
        insta::assert_snapshot!(bad(b""), @"the file is truncated in its header");
        insta::assert_snapshot!(bad(&file(good, b"")[..30]), @"the file is truncated in its header");
        insta::assert_snapshot!(bad(&file(good, &[0; 7])), @"the file is truncated: tensor<2xf32> takes 8 bytes, 7 follow the header");
        insta::assert_snapshot!(bad(&file(good, &[0; 9])), @"the file is longer than its array: tensor<2xf32> takes 8 bytes, 9 follow the header");
        insta::assert_snapshot!(bad(b"\x93NUMPY\x09\x00"), @"its .npy format version 9 is not known");
        insta::assert_snapshot!(bad(b"\x93NUMPY\x02\x00\xff\xff\xff\xff"), @"its header of 4294967295 bytes is too long");
        insta::assert_snapshot!(
            bad(&file("{'descr': '<U8', 'fortran_order': False, 'shape': (2,), }", b"")),
            @"its elements are of type 'U8', which is no tensor's");
        insta::assert_snapshot!(
            bad(&file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", b"")),
            @"its array is of a structured type");
        insta::assert_snapshot!(
            bad(&file("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", b"")),
            @"its array of type tensor<4294967296x4294967296xf64> does not fit in memory");
        insta::assert_snapshot!(
            bad(&file("{'descr': '<f4', 'shape': (2,), }", &[0; 8])),
            @"its header cannot be read: {'descr': '<f4', 'shape': (2,), }");
        insta::assert_snapshot!(
            bad(&file("{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", &[1, 2])),
            @"its booleans are not all 0 or 1");
    }

    fn any_tensor() -> impl proptest::strategy::Strategy<Value = HostTensor> {
        use proptest::prelude::{Strategy, any};
        let dtypes = proptest::sample::select(ElementType::all().collect::<Vec<_>>());
        (dtypes, proptest::collection::vec(0u64..5, 0..5), any::<u8>()).prop_map(|(dtype, shape, seed)| {
            let ty = TensorType::new(dtype, shape);
            let mask = if dtype == ElementType::I1 { 1 } else { 255 };
            let len = ty.host_bytes().expect("small");
            let bytes: Vec<u8> = (0..len).map(|i| (i as u8).wrapping_mul(31).wrapping_add(seed) & mask).collect();
            HostTensor::new(ty, bytes).expect("as many bytes as the type takes")
        })
    }

    proptest::proptest! {
        #[test]
        fn any_tensor_survives_a_file(tensor in any_tensor()) {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("x.npy");
            write(&path, &tensor).unwrap();
            proptest::prop_assert_eq!(read(&path, Some(tensor.dtype())).unwrap(), tensor);
            proptest::prop_assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
        }

        #[test]
        fn random_headers_never_panic(text in "[{}()\\[\\]':, a-z0-9<>|]{0,80}", data in proptest::collection::vec(0u8..255, 0..32)) {
            let _ = decode(&file(&text, &data), Some(ElementType::Bf16));
            let _ = decode(&data, None);
        }
    }

    #[test]
    fn unreadable_and_unwritable_files_name_themselves() {
        let missing = Path::new("no/such/x.npy");
        insta::assert_snapshot!(read(missing, None).unwrap_err(), @"no/such/x.npy: cannot read it: No such file or directory (os error 2)");
        insta::assert_snapshot!(
            write(missing, &HostTensor::scalar(1f32)).unwrap_err(),
            @"no/such/x.npy: cannot write it: No such file or directory (os error 2)");
    }
}
