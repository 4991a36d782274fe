//! Runs a module dense and rewritten, by the interpreter, on the same numbers.

use std::collections::BTreeMap;

use hire_compiler::diag::Source;
use hire_compiler::eval::{self, Tensor};
use hire_compiler::front::text;
use hire_compiler::ir::{Attr, ElementType, Module, TensorType};
use hire_passes::hire::SiteDefault;
use hire_passes::hire::plan::Guarantee;
use hire_passes::hire::prepare::{NAME_ATTR, PREPARE};
use hire_passes::signature::argument_name;
use hire_passes::{PassContext, Weight, Weights, pipeline};

/// Up to the rewrite, the composites kept.
pub(crate) const REWRITE: [&str; 5] = ["inline", "simplify", "cse", "dce", "hire-logits"];

/// The whole pipeline.
pub(crate) const LEGALIZE: [&str; 7] =
    ["inline", "simplify", "cse", "dce", "hire-logits", "legalize-stablehlo", "tidy"];

/// Tensors by argument name.
#[derive(Clone, Default)]
pub(crate) struct Values(pub(crate) BTreeMap<String, Tensor>);

impl Weights for Values {
    fn weight(&self, name: &str) -> Option<Weight<'_>> {
        let tensor = self.0.get(name).filter(|_| name.contains('['))?;
        Some(Weight { ty: tensor.ty(), data: tensor.bytes() })
    }
}

/// Numbers from a fixed seed, uniform in [-1, 1) (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// The next number.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }

    /// One of the numbers below `n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.bits() % n
    }
}

/// A module and the numbers it runs on.
pub(crate) struct Case {
    pub(crate) module: Module,
    pub(crate) values: Values,
}

impl Case {
    /// Reads a module; its arguments are filled from `seed`.
    pub(crate) fn new(text: &str, seed: u64) -> Case {
        let read = text::parse(text);
        let module = read.unwrap_or_else(|e| panic!("{}", Source { name: "module", text }.render_all(&e)));
        let mut random = Random(seed);
        let values = arguments(&module, "main").into_iter().map(|(name, ty)| {
            let numbers: Vec<f32> = (0..count(&ty)).map(|_| random.unit()).collect();
            (name, tensor(&ty, &numbers))
        });
        let values = Values(values.collect());
        Case { module, values }
    }

    /// The same with another tensor for an argument.
    pub(crate) fn with(mut self, name: &str, numbers: &[f32]) -> Case {
        let slot = self.values.0.get_mut(name).unwrap_or_else(|| panic!("no argument {name}"));
        *slot = tensor(&slot.ty(), numbers);
        self
    }

    /// Results of the module as it is.
    pub(crate) fn dense(&self) -> Vec<Tensor> {
        run(&self.module, "main", &self.values)
    }

    /// The module after `passes`, and what they had to say. Exactly `sites` sites must be rewritten. A predictor may
    /// be followed by `/` and the size of groups, by `~` and the recall of selections in two stages, and by `!` for the
    /// guarantee exact.
    pub(crate) fn rewritten(&self, passes: &[&str], predictor: &str, k_prime: u64, sites: usize) -> Module {
        let mut module = self.module.clone();
        let mut context = PassContext::new().with_weights(&self.values);
        let (predictor, guarantee) = match predictor.strip_suffix('!') {
            Some(predictor) => (predictor, Guarantee::Exact),
            None => (predictor, Guarantee::Recall),
        };
        let (predictor, select_recall) = match predictor.split_once('~') {
            Some((predictor, recall)) => (predictor, Some(recall.parse().unwrap())),
            None => (predictor, None),
        };
        let (predictor, group) = predictor.split_once('/').unwrap_or((predictor, "1"));
        context.hire.default = SiteDefault {
            predictor: predictor.parse().unwrap(),
            k_prime: Some(k_prime),
            group: group.parse().unwrap(),
            survivors: Vec::new(),
            select_recall,
            guarantee,
        };
        let passes = pipeline::by_name(passes.iter().copied()).unwrap();
        pipeline::run(&mut module, &passes, &mut context, |_, _| {}).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(context.rewritten.len(), sites, "sites rewritten; remarks: {:?}", context.remarks);
        module
    }

    /// Results of the rewritten module: `@prepare` first, its results bound to new parameters by name.
    pub(crate) fn hire(&self, passes: &[&str], predictor: &str, k_prime: u64) -> Vec<Tensor> {
        let module = self.rewritten(passes, predictor, k_prime, 1);
        run_rewritten(&module, &self.values)
    }

    /// With every row selected the results are those of the dense program, bit for bit: the
    /// interpreter sums both products in the same order.
    #[track_caller]
    pub(crate) fn assert_equal_with_all_rows(&self, predictors: &[&str]) {
        let dense = self.dense();
        for (index, predictor) in predictors.iter().enumerate() {
            let passes: &[&str] = if index == 0 { &LEGALIZE } else { &REWRITE };
            let hire = self.hire(passes, predictor, VOCABULARY);
            assert_same(&dense, &hire, predictor);
        }
    }

    /// With few rows selected the results are those of the dense program: the numbers must be
    /// such that the predictor finds what the model takes.
    #[track_caller]
    pub(crate) fn assert_equal_with_few_rows(&self, predictors: &[&str], k_prime: u64) {
        let dense = self.dense();
        for predictor in predictors {
            let hire = self.hire(&REWRITE, predictor, k_prime);
            assert_same(&dense, &hire, predictor);
        }
    }
}

/// The vocabulary of all modules here: the smallest that is rewritten.
pub(crate) const VOCABULARY: u64 = 1024;

/// Runs `@prepare` and then `@main`.
pub(crate) fn run_rewritten(module: &Module, values: &Values) -> Vec<Tensor> {
    run_rewritten_with(module, values, &[])
}

/// The same with some tensors exchanged between the two.
pub(crate) fn run_rewritten_with(module: &Module, values: &Values, exchanged: &[(&str, &[f32])]) -> Vec<Tensor> {
    let prepare = &module.funcs[module.func_by_name(PREPARE).expect("a rewritten module has @prepare")];
    let made = run(module, PREPARE, values);
    let names = prepare.result_attrs.iter().map(|a| a.get(NAME_ATTR).and_then(Attr::as_str).unwrap().to_owned());
    let mut values = values.clone();
    values.0.extend(names.zip(made));
    for (name, numbers) in exchanged {
        let slot = values.0.get_mut(*name).unwrap_or_else(|| panic!("no argument {name}"));
        *slot = tensor(&slot.ty(), numbers);
    }
    run(module, "main", &values)
}

#[track_caller]
pub(crate) fn assert_same(dense: &[Tensor], hire: &[Tensor], predictor: &str) {
    assert_eq!(dense.len(), hire.len());
    for (index, (dense, hire)) in dense.iter().zip(hire).enumerate() {
        assert_eq!(dense.ty(), hire.ty());
        let width = dense.bytes().len() / dense.len();
        let pairs = dense.bytes().chunks(width).zip(hire.bytes().chunks(width));
        let wrong: Vec<usize> = pairs.enumerate().filter(|(_, (d, h))| d != h).map(|(at, _)| at).collect();
        assert!(
            wrong.is_empty(),
            "{predictor}: result {index} differs at {} of {} elements, first {:?}: dense {dense:?}, hire {hire:?}",
            wrong.len(),
            dense.len(),
            &wrong[..wrong.len().min(5)],
        );
    }
}

fn run(module: &Module, func: &str, values: &Values) -> Vec<Tensor> {
    let args: Vec<Tensor> = arguments(module, func)
        .into_iter()
        .map(|(name, ty)| {
            let tensor = values.0.get(&name).unwrap_or_else(|| panic!("@{func} has an argument {name} nobody made"));
            assert_eq!(tensor.ty(), ty, "{name}");
            tensor.clone()
        })
        .collect();
    let results = eval::evaluate(module, func, &args).unwrap_or_else(|e| panic!("@{func}: {e}"));
    results.iter().map(|r| r.as_tensor().expect("results are tensors").clone()).collect()
}

/// Names and types of a function's arguments.
fn arguments(module: &Module, name: &str) -> Vec<(String, TensorType)> {
    let func = &module.funcs[module.func_by_name(name).unwrap_or_else(|| panic!("no @{name}"))];
    let named = |&a: &_| {
        let name = argument_name(&module.locs, func, a).expect("arguments are named");
        (name.to_string(), func.value_type(a).as_tensor().expect("arguments are tensors").clone())
    };
    func.args().iter().map(named).collect()
}

fn count(ty: &TensorType) -> u64 {
    ty.sizes().expect("arguments are static").iter().product()
}

/// A tensor of numbers, rounded to its element type; integers are taken times 100.
pub(crate) fn tensor(ty: &TensorType, numbers: &[f32]) -> Tensor {
    let bytes = |x: &f32| match ty.element {
        ElementType::F32 => x.to_le_bytes().to_vec(),
        ElementType::BF16 => half::bf16::from_f32(*x).to_le_bytes().to_vec(),
        ElementType::F16 => half::f16::from_f32(*x).to_le_bytes().to_vec(),
        ElementType::I8 => ((x * 100.0) as i8).to_le_bytes().to_vec(),
        ElementType::I32 => ((x * 100.0) as i32).to_le_bytes().to_vec(),
        ElementType::I1 => vec![u8::from(*x > 0.0)],
        _ => panic!("no numbers of type {ty}"),
    };
    Tensor::new(ty, numbers.iter().flat_map(bytes).collect::<Vec<u8>>()).unwrap()
}
