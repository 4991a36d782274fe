//! What is written is read back the same; what a version has no form of is refused by name.

use std::path::Path;

use crate::front::{bytecode, text};
use crate::ir::{Location, Module, equal};
use crate::vhlo::Version;

use super::{oldest_target, write_artifact};

/// Versions at which something changes, and the ends.
const VERSIONS: [Version; 16] = [
    Version::new(0, 9),
    Version::new(0, 10),
    Version::new(0, 11),
    Version::new(0, 12),
    Version::new(0, 14),
    Version::new(0, 15),
    Version::new(0, 19),
    Version::new(0, 20),
    Version::new(1, 0),
    Version::new(1, 1),
    Version::new(1, 5),
    Version::new(1, 6),
    Version::new(1, 10),
    Version::new(1, 12),
    Version::new(1, 17),
    Version::CURRENT,
];

fn corpus(name: &str) -> Module {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/bytecode"));
    parse(&std::fs::read_to_string(folder.join(name)).expect("the corpus is part of the repository"))
}

fn parse(text: &str) -> Module {
    text::parse(text).expect("the test's text is valid")
}

fn rewrite(module: &Module, version: Version) -> Module {
    let artifact = write_artifact(module, version).unwrap_or_else(|e| panic!("{version}: {e}"));
    bytecode::parse(artifact.into()).unwrap_or_else(|e| panic!("{version}: {e}"))
}

fn refused(text: &str, version: Version) -> String {
    let errors = write_artifact(&parse(text), version).expect_err("the version has no form of it");
    errors.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn old_programs_are_written_for_every_version() {
    let module = corpus("oldest.mlir");
    for version in VERSIONS {
        assert_eq!(equal(&module, &rewrite(&module, version), true), Ok(()), "{version}");
    }
}

#[test]
fn new_programs_are_written_for_new_versions() {
    let (newer, recent) = (corpus("newer.mlir"), corpus("recent.mlir"));
    for version in [Version::new(1, 15), Version::new(1, 17), Version::CURRENT] {
        assert_eq!(equal(&newer, &rewrite(&newer, version), true), Ok(()), "{version}");
    }
    assert_eq!(equal(&recent, &rewrite(&recent, Version::CURRENT), true), Ok(()));
}

#[test]
fn shardings_are_written_with_casts_around_them() {
    let module = corpus("sharded.mlir");
    for version in [Version::new(1, 11), Version::CURRENT] {
        assert_eq!(equal(&module, &rewrite(&module, version), true), Ok(()), "{version}");
    }
}

#[test]
fn locations_are_written_as_far_as_the_version_has_them() {
    let module = corpus("sharded.mlir");
    let file = |version| {
        let again = rewrite(&module, version);
        let files: Vec<Location> =
            again.locs.iter().map(|(_, loc)| loc.clone()).filter(|loc| matches!(loc, Location::File { .. })).collect();
        assert!(again.locs.iter().any(|(_, loc)| matches!(loc, Location::CallSite { .. })));
        files
    };
    let range = Location::File { file: "model.py".into(), start: (30, 8), end: (31, 2) };
    assert!(file(Version::CURRENT).contains(&range));
}

#[test]
fn artifacts_say_who_can_read_them() {
    let bytes = write_artifact(&parse("module {}"), Version::new(0, 14)).expect("an empty module");
    assert_eq!(&bytes[..23], b"ML\xefR\x09StableHLO_v0.14.0\0");
}

#[test]
fn the_oldest_version_that_has_everything_is_found() {
    let oldest = |name| oldest_target(&corpus(name));
    assert_eq!(oldest("oldest.mlir"), Version::new(1, 10));
    assert_eq!(oldest("sharded.mlir"), Version::new(1, 11));
    assert_eq!(oldest("newer.mlir"), Version::new(1, 15));
    assert_eq!(oldest("recent.mlir"), Version::new(1, 20));
}

#[test]
fn everything_that_a_version_lacks_is_named() {
    let errors = write_artifact(&corpus("newer.mlir"), Version::MINIMUM).expect_err("0.9.0 lacks much of it");
    let messages: Vec<String> = errors.0.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(messages.join("\n"), @r"
    `stablehlo.dot_general` cannot be written: the attribute `algorithm`: new in StableHLO 1.6.0, but the target is 0.9.0
    `stablehlo.exponential` cannot be written: the attribute `result_accuracy`: new in StableHLO 1.9.0, but the target is 0.9.0
    `stablehlo.tan` cannot be written: new in StableHLO 1.4.0, but the target is 0.9.0
    `stablehlo.composite` cannot be written: new in StableHLO 0.19.0, but the target is 0.9.0
    `stablehlo.gather` cannot be written: batching dimensions: new in StableHLO 1.1.0, but the target is 0.9.0
    `stablehlo.scatter` cannot be written: batching dimensions: new in StableHLO 1.1.0, but the target is 0.9.0
    `stablehlo.all_reduce` cannot be written: 2 operands: new in StableHLO 1.5.0, but the target is 0.9.0
    `stablehlo.collective_broadcast` cannot be written: new in StableHLO 0.16.0, but the target is 0.9.0
    `stablehlo.recv` cannot be written: the attribute `source_target_pairs`: new in StableHLO 1.12.0, but the target is 0.9.0
    `stablehlo.async_start` cannot be written: new in StableHLO 1.15.0, but the target is 0.9.0
    `stablehlo.async_done` cannot be written: new in StableHLO 1.15.0, but the target is 0.9.0
    `stablehlo.custom_call` cannot be written: a dictionary as `backend_config`: new in StableHLO 1.3.0, but the target is 0.9.0
    `stablehlo.custom_call` cannot be written: a dictionary as `backend_config`: new in StableHLO 1.3.0, but the target is 0.9.0
    `stablehlo.custom_call` cannot be written: a dictionary as `backend_config`: new in StableHLO 1.3.0, but the target is 0.9.0
    `func @types` cannot be written: the type i2: new in StableHLO 1.2.0, but the target is 0.9.0
    ");
    let errors = write_artifact(&corpus("sharded.mlir"), Version::new(1, 10)).expect_err("1.10.0 has no shardings");
    insta::assert_snapshot!(errors.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"), @r#"
    `sdy.mesh` cannot be written: a declaration, which is not of StableHLO: new in StableHLO 1.11.0, but the target is 1.10.0
    `func @main` cannot be written: an argument: `sdy.sharding`: the attribute `#sdy.sharding<@mesh, [{"x"}, {}]>`, which is not of StableHLO: new in StableHLO 1.11.0, but the target is 1.10.0
    "#);
}

#[test]
fn what_no_version_has_is_refused() {
    let chlo = "func.func @main(%a: tensor<f32>) -> tensor<f32> {
      %0 = chlo.acosh %a : tensor<f32> -> tensor<f32>
      return %0 : tensor<f32>
    }";
    insta::assert_snapshot!(refused(chlo, Version::CURRENT), @"`chlo.acosh` cannot be written: artifacts hold no CHLO; expand it to StableHLO first (the pass `expand-chlo`)");
    let unit = "func.func @main() attributes {own.flag} { return }";
    insta::assert_snapshot!(refused(unit, Version::new(1, 0)), @"`func @main` cannot be written: the attribute `own.flag`: the attribute `unit`, which is not of StableHLO: new in StableHLO 1.11.0, but the target is 1.0.0");
    let reduce = "func.func @main(%a: tensor<4xi8>, %b: tensor<i8>) -> tensor<i32> {
      %0 = \"stablehlo.reduce\"(%a, %b) <{dimensions = array<i64: 0>}> ({
      ^bb0(%x: tensor<i32>, %y: tensor<i32>):
        %1 = stablehlo.add %x, %y : tensor<i32>
        stablehlo.return %1 : tensor<i32>
      }) : (tensor<4xi8>, tensor<i8>) -> tensor<i32>
      return %0 : tensor<i32>
    }";
    insta::assert_snapshot!(refused(reduce, Version::new(0, 16)), @"`stablehlo.reduce` cannot be written: a reduction in a wider element type: new in StableHLO 0.17.0, but the target is 0.16.0");
    assert!(write_artifact(&parse(reduce), Version::new(0, 17)).is_ok());
}

/// JAX gives the channels of collectives the type 1.
#[test]
fn the_type_of_a_collective_s_channel_is_not_kept() {
    let text = |kind: u32| {
        parse(&format!(
            "func.func @main(%a: tensor<8xf32>) -> tensor<8xf32> {{
              %0 = \"stablehlo.collective_permute\"(%a) <{{
                channel_handle = #stablehlo.channel_handle<handle = 3, type = {kind}>,
                source_target_pairs = dense<[[0, 1]]> : tensor<1x2xi64>
              }}> : (tensor<8xf32>) -> tensor<8xf32>
              return %0 : tensor<8xf32>
            }}"
        ))
    };
    assert_eq!(equal(&text(0), &rewrite(&text(1), Version::new(1, 10)), false), Ok(()));
}
