//! Every kernel of the tiny model's dense programs.

use std::path::Path;

use hire_codegen::gpu::ARCHITECTURES;
use hire_compiler::back;
use hire_compiler::ir::{Module, Visibility};
use hire_passes::context::PassContext;
use hire_passes::{Target, pipeline};

use crate::harness::{Near, assembles, check};

/// The dense program, cut into dispatches.
fn dense(name: &str) -> Module {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/tiny").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    let mut module = hire_compiler::front::text::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
    let passes = pipeline::for_target(Some(Target::Kernels));
    let passes: Vec<_> = passes.into_iter().filter(|p| p.name != "dispatch" && !p.name.starts_with("hire-")).collect();
    pipeline::run(&mut module, &passes, &mut PassContext::new(), |_, _| {}).unwrap_or_else(|e| panic!("{name}: {e}"));
    let entry = module.funcs[module.entry().unwrap()].name.clone();
    module.retain_funcs(|func| func.name == entry || func.visibility == Visibility::Private);
    back::lower(&mut module);
    module
}

#[test]
fn kernels_have_the_bits_of_the_cpu() {
    let programs: [(&str, &[&str]); 3] = [
        ("logits-f32-b1.mlir", &["sm_90"]),
        ("argmax-f32-b4.mlir", &["sm_100"]),
        ("argmax-bf16-b1.mlir", &ARCHITECTURES),
    ];
    for (name, architectures) in programs {
        let module = dense(name);
        let mut least = usize::MAX;
        for arch in architectures {
            let (ptx, kernels) = check(&module, arch, |_| Near::Bits);
            least = least.min(kernels.len());
            let wide: u64 = kernels.iter().map(|k| k.estimate.wide_loads).sum();
            assert!(wide > 0, "{name}, {arch}: no weights are read 16 bytes at a time\n{ptx}");
        }
        println!("{name}: {least} kernels");
        assert!(least > 20, "{name} has only {least} kernels");
        assembles(&module);
    }
}
