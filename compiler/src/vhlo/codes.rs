//! The numbers by which bytecode tells attributes and types of the `vhlo` dialect apart.

use super::version::Version;
use crate::ir::{ElementType, EnumKind};

/// Codes of attributes.
pub(crate) mod attr {
    pub(crate) const ARRAY: u64 = 1;
    pub(crate) const BOOL: u64 = 2;
    pub(crate) const API_VERSION: u64 = 5;
    pub(crate) const DICT: u64 = 6;
    pub(crate) const FLOAT: u64 = 8;
    pub(crate) const INTEGER: u64 = 9;
    pub(crate) const OUTPUT_OPERAND_ALIAS: u64 = 10;
    pub(crate) const STRING: u64 = 14;
    pub(crate) const TENSOR: u64 = 15;
    pub(crate) const TYPE: u64 = 17;
    pub(crate) const TYPE_EXTENSIONS: u64 = 18;
    pub(crate) const RESULT_ACCURACY_MODE: u64 = 19;
    pub(crate) const RESULT_ACCURACY: u64 = 20;
    pub(crate) const SUB_AXIS_INFO: u64 = 21;
    pub(crate) const AXIS_REF: u64 = 22;
    pub(crate) const REPLICA_GROUP_MESH_AXES: u64 = 23;
    pub(crate) const MESH_AXIS: u64 = 24;
    pub(crate) const MESH: u64 = 25;
}

/// Codes of types.
pub(crate) mod ty {
    pub(crate) const COMPLEX: u64 = 1;
    pub(crate) const FUNCTION: u64 = 8;
    pub(crate) const RANKED_TENSOR: u64 = 20;
    pub(crate) const RANKED_TENSOR_WITH_ENCODING: u64 = 21;
    pub(crate) const TOKEN: u64 = 22;
    pub(crate) const TUPLE: u64 = 23;
    pub(crate) const UNIFORM_QUANTIZED: u64 = 24;
    pub(crate) const UNRANKED_TENSOR: u64 = 25;
    pub(crate) const WITNESS: u64 = 26;
    pub(crate) const UNIFORM_QUANTIZED_PER_AXIS: u64 = 30;
    pub(crate) const NONE: u64 = 33;
    pub(crate) const RANKED_BUFFER: u64 = 41;
    pub(crate) const FUTURE: u64 = 42;
}

/// When a type other than an element type appeared.
pub(crate) const FUTURE_SINCE: Version = Version::new(1, 15);
/// When buffers appeared.
pub(crate) const BUFFER_SINCE: Version = Version::new(1, 13);
/// When quantized types with an axis appeared.
pub(crate) const PER_AXIS_SINCE: Version = Version::new(0, 18);
/// When process groups could be named by mesh axes.
pub(crate) const MESH_AXES_SINCE: Version = Version::new(1, 16);
/// When a custom call's configuration could be a dictionary.
pub(crate) const BACKEND_CONFIG_DICT_SINCE: Version = Version::new(1, 3);
/// When artifacts could hold operations of other dialects.
pub(crate) const MIXED_DIALECTS_SINCE: Version = Version::new(1, 11);

/// Enumeration, and the code of its attribute.
pub(crate) const ENUMS: &[(EnumKind, u64)] = &[
    (EnumKind::ComparisonDirection, 3),
    (EnumKind::ComparisonType, 4),
    (EnumKind::FftType, 7),
    (EnumKind::Precision, 11),
    (EnumKind::RngAlgorithm, 12),
    (EnumKind::RngDistribution, 13),
    (EnumKind::Transpose, 16),
];

/// The cases of `result_accuracy`'s mode, in the order of their numbers.
pub(crate) const ACCURACY_MODES: &[&str] = &["DEFAULT", "HIGHEST", "TOLERANCE"];

/// How many API versions of custom calls there are.
pub(crate) const API_VERSIONS: u64 = 5;

/// Element type, code, and the version that introduced it.
pub(crate) const ELEMENTS: &[(ElementType, u64, Version)] = &[
    (ElementType::I1, 0, Version::MINIMUM),
    (ElementType::BF16, 2, Version::MINIMUM),
    (ElementType::F16, 3, Version::MINIMUM),
    (ElementType::F32, 4, Version::MINIMUM),
    (ElementType::F64, 5, Version::MINIMUM),
    (ElementType::F8E4M3FN, 6, Version::MINIMUM),
    (ElementType::F8E5M2, 7, Version::MINIMUM),
    (ElementType::Index, 9, Version::MINIMUM),
    (ElementType::I4, 10, Version::MINIMUM),
    (ElementType::I8, 11, Version::MINIMUM),
    (ElementType::I16, 12, Version::MINIMUM),
    (ElementType::I32, 13, Version::MINIMUM),
    (ElementType::I64, 14, Version::MINIMUM),
    (ElementType::UI4, 15, Version::MINIMUM),
    (ElementType::UI8, 16, Version::MINIMUM),
    (ElementType::UI16, 17, Version::MINIMUM),
    (ElementType::UI32, 18, Version::MINIMUM),
    (ElementType::UI64, 19, Version::MINIMUM),
    (ElementType::F8E4M3FNUZ, 27, Version::new(0, 10)),
    (ElementType::F8E5M2FNUZ, 28, Version::new(0, 10)),
    (ElementType::F8E4M3B11FNUZ, 29, Version::new(0, 11)),
    (ElementType::I2, 31, Version::new(1, 2)),
    (ElementType::UI2, 32, Version::new(1, 2)),
    (ElementType::TF32, 34, Version::new(1, 6)),
    (ElementType::F8E4M3, 35, Version::new(1, 7)),
    (ElementType::F8E3M4, 36, Version::new(1, 7)),
    (ElementType::F4E2M1FN, 37, Version::new(1, 8)),
    (ElementType::F6E2M3FN, 38, Version::new(1, 8)),
    (ElementType::F6E3M2FN, 39, Version::new(1, 8)),
    (ElementType::F8E8M0FNU, 40, Version::new(1, 8)),
];
