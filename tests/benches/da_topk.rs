//! What DA-TOP-k saves at a softmax layer of 262,144 logits over 4 devices: bytes that cross between devices, from XLA's
//! optimized programs for CPUs and, where libtpu is, for a TPU v5e 2x2 slice.
//!
//! The dense program is written as frameworks write it: a product whose rows are sharded, then a top-k. One form leaves the
//! distribution to XLA, the other gathers all logits itself. Both are compiled as they are and after the pass `da-topk`.
//! Writes JSON to the file that `DA_TOPK_JSON` names; without it nothing is done.

use std::path::PathBuf;

use hire_compiler::front::text::parse;
use hire_compiler::print::{Options, print_module};
use hire_passes::{PassContext, pipeline};
use hire_runtime::hlo::HloModule;
use hire_runtime::pjrt::{self, Client, CompileOptions, OptionValue, Plugin, Topology};
use hire_runtime::tpu;
use hire_tests::workspace;

const DEVICES: usize = 4;
const VOCABULARY: u64 = 262_144;
const D: u64 = 1152;
const K: u64 = 64;

/// The site, for XLA to distribute.
fn automatic() -> String {
    format!(
        r#"module attributes {{mhlo.num_partitions = 4 : i32, mhlo.num_replicas = 1 : i32}} {{
sdy.mesh @mesh = <["x"={DEVICES}]>
func.func public @main(%h: tensor<1x{D}xbf16> {{sdy.sharding = #sdy.sharding<@mesh, [{{}}, {{}}]>}}, %w: tensor<{VOCABULARY}x{D}xbf16> {{sdy.sharding = #sdy.sharding<@mesh, [{{"x"}}, {{}}]>}}) -> (tensor<1x{K}xf32> {{sdy.sharding = #sdy.sharding<@mesh, [{{}}, {{}}]>}}, tensor<1x{K}xi32> {{sdy.sharding = #sdy.sharding<@mesh, [{{}}, {{}}]>}}) {{
  %z = stablehlo.dot_general %h, %w, contracting_dims = [1] x [1] : (tensor<1x{D}xbf16>, tensor<{VOCABULARY}x{D}xbf16>) -> tensor<1x{VOCABULARY}xf32>
  %v, %i = chlo.top_k(%z, k = {K}) : tensor<1x{VOCABULARY}xf32> -> (tensor<1x{K}xf32>, tensor<1x{K}xi32>)
  return %v, %i : tensor<1x{K}xf32>, tensor<1x{K}xi32>
}}
}}
"#
    )
}

/// The site, with the gather of all logits that the program itself asks for.
fn gathered() -> String {
    let shard = VOCABULARY / DEVICES as u64;
    format!(
        r#"module attributes {{mhlo.num_partitions = 4 : i32, mhlo.num_replicas = 1 : i32}} {{
sdy.mesh @mesh = <["x"={DEVICES}]>
func.func public @main(%h: tensor<1x{D}xbf16>, %w: tensor<{VOCABULARY}x{D}xbf16> {{sdy.sharding = #sdy.sharding<@mesh, [{{"x"}}, {{}}]>}}) -> (tensor<1x{K}xf32>, tensor<1x{K}xi32>) {{
  %0:2 = sdy.manual_computation(%h, %w) in_shardings=[<@mesh, [{{}}, {{}}]>, <@mesh, [{{"x"}}, {{}}]>] out_shardings=[<@mesh, [{{}}, {{}}]>, <@mesh, [{{}}, {{}}]>] manual_axes={{"x"}} (%a: tensor<1x{D}xbf16>, %b: tensor<{shard}x{D}xbf16>) {{
    %y = stablehlo.dot_general %a, %b, contracting_dims = [1] x [1] : (tensor<1x{D}xbf16>, tensor<{shard}x{D}xbf16>) -> tensor<1x{shard}xf32>
    %z = "stablehlo.all_gather"(%y) <{{all_gather_dim = 1 : i64, channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>, use_global_device_ids}}> : (tensor<1x{shard}xf32>) -> tensor<1x{VOCABULARY}xf32>
    %v, %i = chlo.top_k(%z, k = {K}) : tensor<1x{VOCABULARY}xf32> -> (tensor<1x{K}xf32>, tensor<1x{K}xi32>)
    sdy.return %v, %i : tensor<1x{K}xf32>, tensor<1x{K}xi32>
  }} : (tensor<1x{D}xbf16>, tensor<{VOCABULARY}x{D}xbf16>) -> (tensor<1x{K}xf32>, tensor<1x{K}xi32>)
  return %0#0, %0#1 : tensor<1x{K}xf32>, tensor<1x{K}xi32>
}}
}}
"#
    )
}

/// The module after `da-topk`.
fn distributed(text: &str) -> String {
    let mut module = parse(text).expect("the module is read");
    let mut context = PassContext::new();
    let passes = pipeline::by_name(["da-topk"]).expect("the pass exists");
    pipeline::run(&mut module, &passes, &mut context, |_, _| {}).expect("the pass runs");
    assert_eq!(context.distributed.len(), 1, "the selection is distributed");
    assert_eq!(context.distributed[0].recall, None, "and exact");
    print_module(&module, &Options::default())
}

/// Compiles for a platform, and gives the optimized program.
type Compiler = Box<dyn Fn(&str) -> HloModule>;

fn options() -> CompileOptions {
    CompileOptions::partitioned(DEVICES)
}

/// The CPU plugins and libtpu, where they are.
fn platforms() -> Vec<(&'static str, Compiler)> {
    let mut platforms: Vec<(&'static str, Compiler)> = Vec::new();
    for (name, file) in [("cpu", "pjrt_cpu.so"), ("cpu_alt", "pjrt_cpu_alt.so")] {
        let path = workspace(&format!("target/plugins/{file}"));
        if let Ok(plugin) = Plugin::load(&path) {
            let devices = [("cpu_device_count", OptionValue::Integer(DEVICES as i64))];
            let client = Client::create(&plugin, &devices).expect("the CPU plugin makes devices");
            platforms.push((
                name,
                Box::new(move |text| {
                    let program = client.compile(text.as_bytes(), &options()).expect("the plugin compiles");
                    let (_, bytes) = program.optimized_program().expect("the plugin shows its program");
                    HloModule::read_with_config(&bytes).expect("the program is one")
                }),
            ));
        }
    }
    let tpu = pjrt::find("tpu").ok().and_then(|path| Plugin::load(&path).ok());
    if let Some(topology) = tpu.and_then(|plugin| Topology::create(&plugin, "v5e:2x2").ok()) {
        platforms.push((
            "v5e_2x2",
            Box::new(move |text| {
                let program = topology.compile(text.as_bytes(), &options()).expect("libtpu compiles");
                let (_, bytes) = program.optimized_program().expect("libtpu shows its program");
                HloModule::read_with_config(&bytes).expect("the program is one")
            }),
        ));
    } else {
        eprintln!("SKIPPED v5e:2x2: no libtpu (run `./x setup tpu`)");
    }
    platforms
}

/// Bytes that a device receives, and in how many collectives.
fn received(module: &HloModule) -> (u64, usize) {
    let collectives = tpu::collectives(module).expect("the program is sound");
    (collectives.iter().map(|c| c.bytes).sum::<f64>() as u64, collectives.len())
}

fn main() {
    let Some(output) = std::env::var_os("DA_TOPK_JSON").map(PathBuf::from) else {
        return println!("da_topk: not run; `./x bench da-topk` does");
    };
    let mut rows = Vec::new();
    for (platform, compile) in platforms() {
        for (form, text) in [("jit", automatic()), ("shard_map", gathered())] {
            let (dense, dense_count) = received(&compile(&text));
            let (bytes, count) = received(&compile(&distributed(&text)));
            println!(
                "{platform:8} {form:9} dense {dense:>9} B in {dense_count}, DA-TOP-k {bytes:>5} B in {count}, 1/{}",
                dense / bytes.max(1)
            );
            rows.push(format!(
                "    {{\"platform\": \"{platform}\", \"form\": \"{form}\", \"collective_bytes\": {bytes}, \"collectives\": {count}, \"dense_collective_bytes\": {dense}, \"dense_collectives\": {dense_count}}}"
            ));
        }
    }
    assert!(!rows.is_empty(), "no plugin: run `./x setup`");
    let json = format!(
        "{{\n  \"logits\": {VOCABULARY},\n  \"k\": {K},\n  \"devices\": {DEVICES},\n  \"softmax\": [\n{}\n  ]\n}}\n",
        rows.join(",\n")
    );
    std::fs::write(&output, json).unwrap_or_else(|e| panic!("{}: {e}", output.display()));
}
