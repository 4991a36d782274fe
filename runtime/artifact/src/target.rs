//! What a program is compiled for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A target, as the command line and the manifest spell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Target {
    /// `pjrt:SPEC`: a device behind a PJRT plugin, where SPEC is a short name such as `cpu` or the plugin's path.
    Pjrt(String),
    /// `tpu:TOPOLOGY`: TPUs in an arrangement that libtpu has a name for, such as `v5e:1x1`; compiled ahead of time.
    Tpu(String),
    /// `cpu`: this machine's CPU, by kernels that were generated for it.
    Cpu,
    /// `nvptx:ARCH`: NVIDIA GPUs of one of [`NVPTX_ARCHITECTURES`], by kernels in PTX.
    Nvptx(String),
    /// `stablehlo`: no device; the program is written for another consumer of StableHLO.
    StableHlo,
}

/// The architectures of NVIDIA GPUs that there are kernels for.
pub const NVPTX_ARCHITECTURES: [&str; 3] = ["sm_80", "sm_90", "sm_100"];

/// A text that is no target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown target '{0}'\n  remedy: use cpu for kernels made for this machine, nvptx:sm_80, nvptx:sm_90 or nvptx:sm_100 for NVIDIA GPUs, pjrt:cpu, pjrt:NAME or pjrt:/path/to/plugin.so for a PJRT plugin, tpu:v5e:1x1 or \
     another tpu:TOPOLOGY to compile for TPUs ahead of time, or stablehlo to write the program only"
)]
pub struct UnknownTarget(String);

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Pjrt(spec) => write!(f, "pjrt:{spec}"),
            Target::Tpu(topology) => write!(f, "tpu:{topology}"),
            Target::Cpu => f.write_str("cpu"),
            Target::Nvptx(arch) => write!(f, "nvptx:{arch}"),
            Target::StableHlo => f.write_str("stablehlo"),
        }
    }
}

impl FromStr for Target {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("pjrt", spec)) if !spec.is_empty() => Ok(Target::Pjrt(spec.to_owned())),
            Some(("tpu", topology)) if !topology.is_empty() => Ok(Target::Tpu(topology.to_owned())),
            Some(("nvptx", arch)) if NVPTX_ARCHITECTURES.contains(&arch) => Ok(Target::Nvptx(arch.to_owned())),
            None if text == "cpu" => Ok(Target::Cpu),
            None if text == "stablehlo" => Ok(Target::StableHlo),
            _ => Err(UnknownTarget(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Target {
    type Error = UnknownTarget;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> String {
        target.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_print_as_they_are_read() {
        for text in ["cpu", "nvptx:sm_100", "pjrt:cpu", "pjrt:/opt/plugins/a:b.so", "tpu:v5e:1x1", "stablehlo"] {
            assert_eq!(text.parse::<Target>().unwrap().to_string(), text);
        }
        for text in ["", "gpu", "pjrt:", "pjrt", "tpu", "tpu:", "nvptx", "nvptx:sm_61", "stablehlo:1"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
        insta::assert_snapshot!("gpu".parse::<Target>().unwrap_err(), @r"
        unknown target 'gpu'
          remedy: use cpu for kernels made for this machine, nvptx:sm_80, nvptx:sm_90 or nvptx:sm_100 for NVIDIA GPUs, pjrt:cpu, pjrt:NAME or pjrt:/path/to/plugin.so for a PJRT plugin, tpu:v5e:1x1 or another tpu:TOPOLOGY to compile for TPUs ahead of time, or stablehlo to write the program only
        ");
    }
}
