//! `CompileOptionsProto`, encoded by hand.
//!
//! Only `executable_build_options` (field 3), in it the fields below, and `env_option_overrides` (field 7) are used. A plugin refuses a program whose replica
//! and partition counts are not given, so they are always written.

use super::client::OptionValue;

/// How a program is to be laid out over devices.
#[derive(Clone, Debug, PartialEq)]
pub struct CompileOptions {
    /// Copies of the program that run in step, each on its own device (`num_replicas`).
    pub replicas: usize,
    /// Devices that one copy is partitioned over (`num_partitions`).
    pub partitions: usize,
    /// Let XLA's SPMD partitioner split the program (`use_spmd_partitioning`).
    pub spmd: bool,
    /// Let the partitioner read Shardy's annotations (`use_shardy_partitioner`).
    pub shardy: bool,
    /// Options of the compiler behind the plugin, by name (`env_option_overrides`).
    pub overrides: Vec<(String, OptionValue)>,
}

impl Default for CompileOptions {
    fn default() -> Self {
        CompileOptions { replicas: 1, partitions: 1, spmd: false, shardy: false, overrides: Vec::new() }
    }
}

mod field {
    pub(super) const EXECUTABLE_BUILD_OPTIONS: u64 = 3;
    pub(super) const ENV_OPTION_OVERRIDES: u64 = 7;
    pub(super) const NUM_REPLICAS: u64 = 4;
    pub(super) const NUM_PARTITIONS: u64 = 5;
    pub(super) const USE_SPMD_PARTITIONING: u64 = 6;
    pub(super) const USE_SHARDY_PARTITIONER: u64 = 19;
}

impl CompileOptions {
    /// Options for `replicas` devices that each run the whole program.
    pub fn replicated(replicas: usize) -> Self {
        CompileOptions { replicas, ..CompileOptions::default() }
    }

    /// Options for a program that XLA partitions over `partitions` devices by its shardings.
    pub fn partitioned(partitions: usize) -> Self {
        CompileOptions { partitions, spmd: true, shardy: true, ..CompileOptions::default() }
    }

    /// Number of devices that one execution uses.
    pub fn num_devices(&self) -> usize {
        self.replicas.saturating_mul(self.partitions)
    }

    /// The options as a serialized `CompileOptionsProto`.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut build = Vec::new();
        put_integer(&mut build, field::NUM_REPLICAS, self.replicas as u64);
        put_integer(&mut build, field::NUM_PARTITIONS, self.partitions as u64);
        if self.spmd {
            put_integer(&mut build, field::USE_SPMD_PARTITIONING, 1);
        }
        if self.shardy {
            put_integer(&mut build, field::USE_SHARDY_PARTITIONER, 1);
        }
        let mut options = Vec::with_capacity(build.len() + 8);
        put_bytes(&mut options, field::EXECUTABLE_BUILD_OPTIONS, &build);
        for (name, value) in &self.overrides {
            let mut entry = Vec::new();
            put_bytes(&mut entry, 1, name.as_bytes());
            put_bytes(&mut entry, 2, &override_value(value));
            put_bytes(&mut options, field::ENV_OPTION_OVERRIDES, &entry);
        }
        options
    }
}

/// An `OptionOverrideProto`.
fn override_value(value: &OptionValue) -> Vec<u8> {
    let mut out = Vec::new();
    match value {
        OptionValue::Text(text) => put_bytes(&mut out, 1, text.as_bytes()),
        OptionValue::Bool(value) => put_integer(&mut out, 2, u64::from(*value)),
        OptionValue::Integer(value) => put_integer(&mut out, 3, *value as u64),
        OptionValue::Float(value) => {
            put_varint(&mut out, 4 << 3 | FIXED64);
            out.extend_from_slice(&f64::from(*value).to_le_bytes());
        }
    }
    out
}

/// Protocol buffer wire types.
const VARINT: u64 = 0;
const FIXED64: u64 = 1;
const LENGTH_DELIMITED: u64 = 2;

fn put_bytes(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put_varint(out, field << 3 | LENGTH_DELIMITED);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn put_integer(out: &mut Vec<u8>, field: u64, value: u64) {
    put_varint(out, field << 3 | VARINT);
    put_varint(out, value);
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_one_replica_and_one_partition() {
        assert_eq!(CompileOptions::default().encode(), [0x1a, 0x04, 0x20, 0x01, 0x28, 0x01]);
    }

    #[test]
    fn large_numbers_and_high_fields_take_more_bytes() {
        let options =
            CompileOptions { replicas: 300, partitions: 2, spmd: true, shardy: true, ..CompileOptions::default() };
        assert_eq!(options.encode(), [0x1a, 0x0a, 0x20, 0xac, 0x02, 0x28, 0x02, 0x30, 0x01, 0x98, 0x01, 0x01]);
    }
    #[test]
    fn overrides_are_a_map_from_names_to_values() {
        let overrides = vec![("a".to_owned(), OptionValue::Integer(1)), ("b".to_owned(), OptionValue::Bool(true))];
        let encoded = CompileOptions { overrides, ..CompileOptions::default() }.encode();
        let build = [0x1a, 0x04, 0x20, 0x01, 0x28, 0x01];
        let (a, b) = ([0x3a, 7, 0x0a, 1, b'a', 0x12, 2, 0x18, 1], [0x3a, 7, 0x0a, 1, b'b', 0x12, 2, 0x10, 1]);
        assert_eq!(encoded, [&build[..], &a, &b].concat());
    }
}
