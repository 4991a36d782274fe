//! Runs a module before and after the pass.

use hire_compiler::eval::{self, Options, Tensor, Value};
use hire_compiler::front::text;
use hire_compiler::ir::Module;
use hire_passes::distribute::{DistributeOptions, Distributed};
use hire_passes::{PassContext, PipelineError, pipeline};

/// Numbers from a fixed seed (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of the numbers below `n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.bits() % n
    }

    /// A number in [-1, 1).
    pub(crate) fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}

const PASSES: [&str; 5] = ["inline", "simplify", "cse", "dce", "da-topk"];

/// The module as the cleanup leaves it, and after the pass with what it did.
pub(crate) fn distribute(text: &str, options: impl Fn(&mut DistributeOptions)) -> (Module, Module, Vec<Distributed>) {
    let before = text::parse(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let (after, done) = try_distribute(&before, options).unwrap_or_else(|e| panic!("{e}\n{text}"));
    (before, after, done)
}

/// The same of a module that may be refused.
pub(crate) fn try_distribute(
    before: &Module,
    options: impl Fn(&mut DistributeOptions),
) -> Result<(Module, Vec<Distributed>), PipelineError> {
    let mut after = before.clone();
    let mut context = PassContext::new();
    options(&mut context.distribute);
    let passes = pipeline::by_name(PASSES)?;
    pipeline::run(&mut after, &passes, &mut context, |_, _| {})?;
    Ok((after, context.distributed))
}

/// The results of @main, as bytes.
pub(crate) fn run(module: &Module, inputs: &[Tensor]) -> Vec<Vec<u8>> {
    let args = inputs.iter().cloned().map(Value::Tensor).collect();
    let outcome = eval::evaluate_with(module, "main", args, &Options::default()).unwrap_or_else(|e| panic!("{e}"));
    let bytes = |value: &Value| value.as_tensor().expect("results are tensors").bytes().to_vec();
    outcome.results.iter().map(bytes).collect()
}
