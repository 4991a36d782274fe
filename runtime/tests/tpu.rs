//! The step estimate on programs as libtpu 0.0.52 scheduled them for v5e:1x1, checked by hand.
//!
//! The fixtures in `testdata/hlo` take 16 groups of 8 rows of a bf16 weight 4096 x 512 and multiply them with eight vectors:
//!
//! * `gather_groups`: the weight is stored [512, 8, 512], and one gather takes whole groups;
//! * `gather_prefetched`: the same, and libtpu prefetches the whole weight into VMEM;
//! * `gather_loop`: slices of 8 rows of [4096, 512], which become a loop;
//! * `gather_reshaped`: the weight is reshaped in the step to [512, 4096].

use std::path::{Path, PathBuf};

use hire_runtime::hlo::{HloError, HloModule};
use hire_runtime::pjrt::{self, CompileOptions, Plugin, Topology};
use hire_runtime::tpu::{self, Defect, Rates, defects, estimate};

/// A round streaming rate, for sums that can be done by hand.
const RATE: f64 = 1000.0;

/// The weight, and the rows that are taken of it, in bytes.
const WEIGHT: f64 = 4096.0 * 512.0 * 2.0;
const ROWS: f64 = 16.0 * 8.0 * 512.0 * 2.0;

fn bytes(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/hlo").join(format!("{name}.hlo.pb"));
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn module(name: &str) -> HloModule {
    HloModule::read(&bytes(name)).unwrap()
}

/// Cycles, rounded: the fixtures' hundreds of stray bytes take less than one.
fn cycles(name: &str) -> f64 {
    estimate(&module(name), Rates::streaming(RATE)).unwrap().cycles.round()
}

#[test]
fn a_gather_of_groups_takes_its_rows_and_one_op() {
    let estimate = estimate(&module("gather_groups"), Rates::streaming(RATE)).unwrap();
    // Clamping the 16 indices is stated at 1,817 cycles, the product at 3,916. The gather is a custom fusion without
    // cycles: it reads the rows from HBM and the indices from VMEM, and leaves the rows in VMEM.
    let gather = ROWS / RATE + 1800.0;
    assert_eq!(estimate.cycles.round(), (1817.0 + gather + 3916.0).round());
    let names: Vec<&str> = estimate.ops.iter().map(|op| op.opcode.as_str()).collect();
    assert_eq!(names, ["fusion", "fusion", "fusion"]);
    assert_eq!(estimate.ops[1].hbm_bytes, ROWS);
    // The product reads x, [8, 512], and writes [8, 128]; its rows are in VMEM.
    assert_eq!(estimate.ops[2].hbm_bytes, 8.0 * 512.0 * 2.0 + 8.0 * 128.0 * 2.0);
    assert_eq!(estimate.hbm_bytes, 64.0 + ROWS + 8192.0 + 2048.0);
    assert_eq!(defects(&module("gather_groups")).unwrap(), []);
}

#[test]
fn bytes_decide_where_they_take_longer_than_the_stated_cycles() {
    // At a byte a cycle the product's 10,240 bytes take longer than its 3,916 cycles.
    let estimate = estimate(&module("gather_groups"), Rates::streaming(1.0)).unwrap();
    assert_eq!(estimate.cycles, 1817.0 + (ROWS + 1800.0) + 10240.0);
}

#[test]
fn a_prefetched_weight_is_waited_for_and_is_a_defect() {
    let module = module("gather_prefetched");
    let estimate = estimate(&module, Rates::streaming(RATE)).unwrap();
    let waited: f64 = estimate.ops.iter().filter(|op| op.opcode == "copy-done").map(|op| op.cycles).sum();
    // The copy of the whole weight starts first; only the clamping of indices, 1,817 cycles in which 64 bytes are read,
    // passes before its end.
    assert_eq!(waited.round(), (WEIGHT / RATE + 1800.0 - (1817.0 - 64.0 / RATE)).round());
    assert!(
        matches!(&defects(&module).unwrap()[..], [Defect::WholeCopy { weight, bytes, .. }] if weight == "W" && *bytes == WEIGHT)
    );
}

#[test]
fn a_loop_of_slices_counts_as_often_as_it_runs() {
    let module = module("gather_loop");
    let estimate = estimate(&module, Rates::streaming(RATE)).unwrap();
    let [whole] = &estimate.ops.iter().filter(|op| op.opcode == "while").collect::<Vec<_>>()[..] else { panic!() };
    assert_eq!(whole.trips, 16.0);
    // Each time one group of 8 rows is read from HBM. The body's two fusions are stated at 1,824 and 1,834 cycles; its
    // scalar arithmetic takes only its bytes.
    assert!((whole.hbm_bytes - ROWS).abs() < 2000.0, "{}", whole.hbm_bytes);
    let inner = module.computations().filter(|c| c.name.contains("while_body")).flat_map(|c| &c.instructions);
    let stated: f64 = inner
        .filter_map(|i| i.backend_config.split("estimated_cycles\":\"").nth(1)?.split('"').next()?.parse::<f64>().ok())
        .sum();
    assert!(stated > 3600.0 && (whole.cycles - 16.0 * stated).abs() < 16.0, "{} {stated}", whole.cycles);
    assert_eq!(estimate.unknown_loops, [] as [String; 0]);
    let [Defect::Loop { weight, trips, .. }] = &defects(&module).unwrap()[..] else { panic!() };
    assert_eq!((weight.as_str(), *trips), ("W", Some(16.0)));
}

#[test]
fn a_reshape_of_the_weight_is_a_whole_copy() {
    let module = module("gather_reshaped");
    // The reshape has no cycles stated: it reads the weight from HBM into VMEM.
    assert!(cycles("gather_reshaped") > WEIGHT / RATE + 1800.0);
    assert!(matches!(&defects(&module).unwrap()[..], [Defect::WholeCopy { op, .. }] if op.starts_with("reshape")));
}

#[test]
fn damaged_programs_are_errors_and_never_panics() {
    for name in ["gather_groups", "gather_loop"] {
        let whole = bytes(name);
        let check = |bytes: &[u8]| {
            if let Ok(module) = HloModule::read(bytes) {
                let _ = estimate(&module, Rates::streaming(RATE));
                let _ = defects(&module);
            }
        };
        for end in (0..whole.len()).step_by(7) {
            check(&whole[..end]);
        }
        let mut state = 1u32;
        for at in 0..whole.len() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let mut changed = whole.clone();
            changed[at] = (state >> 24) as u8;
            check(&changed);
        }
    }
    assert!(matches!(HloModule::read(&[0x0a]), Err(HloError::Wire(_))));
    assert!(matches!(HloModule::read(&[]), Err(HloError::Missing { .. })));
    assert!(matches!(HloModule::read_with_config(&[]), Err(HloError::Missing { .. })));
}

/// A protocol buffer's field: bytes, or a number below 128.
fn field(number: u32, value: Result<&[u8], u8>) -> Vec<u8> {
    let tag = (number << 3) | if value.is_ok() { 2 } else { 0 };
    let mut bytes = if tag < 128 { vec![tag as u8] } else { vec![(tag & 127) as u8 | 128, (tag >> 7) as u8] };
    match value {
        Ok(value) => {
            assert!(value.len() < 128);
            bytes.push(value.len() as u8);
            bytes.extend(value);
        }
        Err(number) => bytes.push(number),
    }
    bytes
}

#[test]
fn a_computation_is_estimated_once_however_often_it_is_called() {
    // 30 computations, each of which calls the next one twice: the last is reached in 2^29 ways.
    let count = 30;
    let call = |id: u8, callee: u8| {
        let parts = [field(2, Ok(b"call")), field(35, Err(id)), field(38, Err(callee))];
        field(2, Ok(&parts.concat()))
    };
    let mut module = field(6, Err(1));
    for id in 1..=count {
        let mut computation = field(5, Err(id));
        if id < count {
            computation.extend([call(1, id + 1), call(2, id + 1)].concat());
        }
        module.extend(field(3, Ok(&computation)));
    }
    let module = HloModule::read(&module).unwrap();
    assert_eq!(estimate(&module, Rates::streaming(RATE)).unwrap().cycles, 0.0);
}

/// Libtpu, where it is installed.
fn libtpu() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/plugins/pjrt_tpu.so");
    let path = std::env::var_os("HIRE_PJRT_PLUGIN_TPU").map_or(beside, PathBuf::from);
    if !path.is_file() {
        eprintln!("SKIPPED: no libtpu: run `./x setup tpu` or set HIRE_PJRT_PLUGIN_TPU");
        return None;
    }
    Some(path)
}

#[test]
fn libtpu_compiles_without_a_tpu() {
    let Some(path) = libtpu() else { return };
    let plugin = Plugin::load_ahead(&path).unwrap();
    let error = Topology::create(&plugin, "v99:1x1").unwrap_err();
    assert!(matches!(&error, pjrt::Error::Topology { name, .. } if name == "v99:1x1"), "{error}");
    let topology = Topology::create(&plugin, "v5e:1x1").unwrap();
    let program = tpu::calibration_program();
    let compiled = topology.compile(program.as_bytes(), &CompileOptions::default()).unwrap();
    let (format, scheduled) = compiled.optimized_program().unwrap();
    assert_eq!(format, "hlo_with_config");
    let module = HloModule::read_with_config(&scheduled).unwrap();
    let rate = tpu::streaming_rate(&module).unwrap().unwrap();
    assert!((730.0..745.0).contains(&rate), "{rate}");
    assert!(!compiled.serialize().unwrap().is_empty());
    let memory = compiled.memory_stats().unwrap();
    assert_eq!(memory.arguments, 8 * 2048 * 2 + 2 * 2048 * 16384 * 2);
    assert!(memory.peak > memory.arguments / 2);
    assert!(topology.compile(b"not a program", &CompileOptions::default()).is_err());
}
