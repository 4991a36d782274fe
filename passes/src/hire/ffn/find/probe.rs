//! Classifies an activation by running it.
//!
//! An activation is sparse when it makes exact zeros of the neurons whose pre-activation is small.
//! Whether the model writes that as a maximum, a comparison and a select, a threshold from a top-k or
//! from mean and deviation, with or without casts, does not matter: the activation is evaluated on
//! numbers in the place of pre-activations, and where zeros come out decides. Numbers are normal
//! quantiles in a scrambled order, so that a statistical threshold leaves the share that it is made for.

use std::collections::HashMap;

use hire_compiler::eval::{self, Tensor};
use hire_compiler::ir::{
    AttrMap, Builder, ElementType, Func, FunctionType, Module, OpId, Opcode, TensorType, Traits, Type, ValueId,
    Visibility,
};
use hire_compiler::rewrite::Transplant;
use smol_str::SmolStr;

use super::cone::Cone;
use crate::hire::emit::{Emit, scalar_bytes};

/// What the evaluation showed of one product as the gate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shown {
    /// Neurons whose pre-activation is large are active, all others exactly zero.
    Largest {
        /// The most that are active in a row.
        active: u64,
    },
    /// The same by magnitude.
    LargestMagnitude {
        /// The most that are active in a row.
        active: u64,
    },
    /// Whole groups are active, the others exactly zero.
    Groups {
        /// The most neurons of active groups in a row.
        active: u64,
    },
    /// No exact zeros, but small pre-activations give small activations.
    Smooth,
    /// Zeros that the pre-activations do not explain, or none.
    Other,
}

/// The activation as a program of its pre-activations.
pub(super) struct Probe {
    module: Module,
    name: SmolStr,
    numbers: Vec<f64>,
    inputs: Vec<(TensorType, Input)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Input {
    Up(usize),
    Number(f64),
}

impl Probe {
    /// Of the activation `value` of so many neurons, whose pre-activations are `ups`.
    pub(super) fn new(
        (module, func): (&Module, &Func),
        cone: &Cone,
        ups: &[ValueId],
        value: ValueId,
        neurons: u64,
    ) -> Probe {
        let mut program = Func::new("activation", FunctionType::default());
        program.visibility = Visibility::Public;
        let body = program.body.expect("made with a body");
        let mut inputs = Vec::new();
        let mut copies = Transplant::new();
        for (index, &up) in ups.iter().enumerate() {
            let ty = func.value_type(up).clone();
            inputs.push((tensor_type(&ty), Input::Up(index)));
            copies.bind(up, program.add_arg(body, ty, hire_compiler::ir::LocId::UNKNOWN));
        }
        let ops: Vec<OpId> = computable(func, cone);
        let neutral = |value: ValueId| match cone.slice.iter().find(|&&op| func.ops[op].operands.contains(&value)) {
            Some(&op) if matches!(func.ops[op].opcode, Opcode::Multiply | Opcode::Divide) => 1.0,
            _ => 0.0,
        };
        let copied = copies.copy(func, &ops, &mut program, |program, value| {
            let ty = func.value_type(value).clone();
            inputs.push((tensor_type(&ty), Input::Number(neutral(value))));
            program.add_arg(body, ty, hire_compiler::ir::LocId::UNKNOWN)
        });
        program.regions[body].ops.extend(copied);
        let result = copies.value(value).unwrap_or(program.args()[0]);
        let mut b = Builder::new(&mut program);
        let result = b.convert(result, ElementType::F32);
        b.op(Opcode::FuncReturn, [result], [], []);
        program.ty.results = vec![program.value_type(result).clone()];
        program.ty.inputs = inputs.iter().map(|(ty, _)| Type::Tensor(ty.clone())).collect();
        program.arg_attrs = vec![AttrMap::new(); inputs.len()];
        program.result_attrs = vec![AttrMap::new()];
        let mut probe = Module::new();
        for id in module.func_ids().filter(|&id| module.funcs[id].visibility == Visibility::Private) {
            probe.add_func(module.funcs[id].clone());
        }
        program.name = probe.fresh_symbol("activation");
        let name = program.name.clone();
        probe.add_func(program);
        Probe { module: probe, name, numbers: scrambled_quantiles(neurons as usize), inputs }
    }

    /// What pre-activation `gate` shows, all others being 1. `dim` and `result_dim` are the dimensions of
    /// neurons in the pre-activation and the activation.
    ///
    /// # Errors
    /// When the activation cannot be evaluated.
    pub(super) fn show(&self, gate: usize, dims: (usize, usize), group: u64) -> Result<Shown, String> {
        let numbers = &self.numbers;
        let mut args = Vec::new();
        for (ty, input) in &self.inputs {
            let tensor = match input {
                Input::Up(index) if *index == gate => along(ty, dims.0, numbers),
                Input::Up(_) => along(ty, dims.0, &[1.0]),
                Input::Number(number) => along(ty, 0, &[*number]),
            };
            args.push(tensor?);
        }
        let results = eval::evaluate(&self.module, &self.name, &args)
            .map_err(|e| format!("its activation cannot be evaluated: {e}"))?;
        let result = results.first().and_then(|v| v.as_tensor()).ok_or("its activation is no tensor")?;
        let values = result.to_f32s().ok_or("its activation is no float tensor")?;
        // The numbers are as the type of the pre-activation rounds them.
        let rounded: Vec<f32> = numbers.iter().map(|&n| round(&self.inputs[gate].0.element, n)).collect();
        Ok(judge(&by_row(&values, result.shape(), dims.1), &rounded, group as usize))
    }
}

/// The operations that depend on pre-activations and constants only.
fn computable(func: &Func, cone: &Cone) -> Vec<OpId> {
    let inside = |op: &OpId| cone.ops.iter().any(|(o, _)| o == op);
    let mut constant: HashMap<ValueId, bool> = HashMap::new();
    let mut ops = Vec::new();
    for &op in &cone.slice {
        let operation = &func.ops[op];
        let known = |v: &ValueId| constant.get(v) == Some(&true);
        let is_constant = operation.opcode.has(Traits::PURE) && operation.operands.iter().all(known);
        if is_constant || inside(&op) {
            ops.push(op);
        }
        for &result in &operation.results {
            constant.insert(result, is_constant);
        }
    }
    ops
}

fn tensor_type(ty: &Type) -> TensorType {
    ty.as_tensor().cloned().unwrap_or_else(|| TensorType::scalar(ElementType::F32))
}

/// A tensor whose elements along `dim` are `numbers`, over and over.
fn along(ty: &TensorType, dim: usize, numbers: &[f64]) -> Result<Tensor, String> {
    let sizes = ty.sizes().ok_or("its shapes are dynamic")?;
    let inner: u64 = sizes.iter().skip(dim + 1).product();
    let count: u64 = sizes.iter().product();
    let size = sizes.get(dim).copied().unwrap_or(1).max(1);
    let number = |at: u64| numbers[((at / inner.max(1)) % size) as usize % numbers.len()];
    let bytes: Vec<u8> = (0..count).flat_map(|at| scalar_bytes(&ty.element, number(at))).collect();
    Tensor::new(ty, bytes).map_err(|e| format!("its activation cannot be evaluated: {e}"))
}

fn round(element: &ElementType, number: f64) -> f32 {
    match element {
        ElementType::BF16 => half::bf16::from_f64(number).to_f32(),
        ElementType::F16 => half::f16::from_f64(number).to_f32(),
        _ => number as f32,
    }
}

/// The activations of each row, in the order of neurons.
fn by_row(values: &[f32], shape: &[usize], dim: usize) -> Vec<Vec<f32>> {
    let inner: usize = shape[dim + 1..].iter().product();
    let neurons = shape[dim];
    let outer = values.len() / (inner * neurons);
    let at = |o: usize, i: usize| (0..neurons).map(move |n| values[(o * neurons + n) * inner + i]).collect();
    (0..outer).flat_map(|o| (0..inner).map(move |i| (o, i))).map(|(o, i)| at(o, i)).collect()
}

/// The quantiles of the normal distribution at `(i + 1/2) / n`, in an order without pattern.
fn scrambled_quantiles(n: usize) -> Vec<f64> {
    let mut numbers = normal_quantiles(n);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for i in (1..n).rev() {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        numbers.swap(i, (state >> 33) as usize % (i + 1));
    }
    numbers
}

/// The quantiles of the normal distribution at `(i + 1/2) / n`, increasing: its density is summed up by the
/// trapezoidal rule, and the sum inverted by linear interpolation, to about 1e-5.
fn normal_quantiles(n: usize) -> Vec<f64> {
    const STEPS: u32 = 4096;
    const END: f64 = 6.0;
    let width = 2.0 * END / f64::from(STEPS);
    let density = |x: f64| (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let (mut x, mut below, mut step) = (-END, 0.0, 0.0);
    let mut quantiles = Vec::with_capacity(n);
    for i in 0..n {
        let p = (i as f64 + 0.5) / n as f64;
        while below + step < p && x < END {
            below += step;
            x += if step > 0.0 { width } else { 0.0 };
            step = 0.5 * width * (density(x) + density(x + width));
        }
        quantiles.push(x + width * (p - below) / step);
    }
    quantiles
}

fn judge(rows: &[Vec<f32>], numbers: &[f32], group: usize) -> Shown {
    let has_zeros = rows.iter().all(|row| row.contains(&0.0));
    let all_zero = rows.iter().any(|row| row.iter().all(|&a| a == 0.0));
    if rows.iter().flatten().any(|a| a.is_nan()) || all_zero {
        return Shown::Other;
    }
    if !has_zeros {
        return if rows.iter().all(|row| is_smooth(row, numbers)) { Shown::Smooth } else { Shown::Other };
    }
    let most = |size: usize| {
        let active = |row: &Vec<f32>| row.chunks(size).filter(|g| g.iter().any(|&a| a != 0.0)).count() * size;
        rows.iter().map(active).max().unwrap_or(0) as u64
    };
    if group > 1 {
        return Shown::Groups { active: most(group) };
    }
    let magnitudes: Vec<f32> = numbers.iter().map(|n| n.abs()).collect();
    if rows.iter().all(|row| are_largest(row, numbers)) {
        Shown::Largest { active: most(1) }
    } else if rows.iter().all(|row| are_largest(row, &magnitudes)) {
        Shown::LargestMagnitude { active: most(1) }
    } else {
        Shown::Other
    }
}

/// Whether the active neurons have the largest numbers.
fn are_largest(row: &[f32], numbers: &[f32]) -> bool {
    let of = |active: bool| row.iter().zip(numbers).filter(move |&(&a, _)| (a != 0.0) == active).map(|(_, &n)| n);
    let least_active = of(true).fold(f32::INFINITY, f32::min);
    let largest_zero = of(false).fold(f32::NEG_INFINITY, f32::max);
    least_active >= largest_zero
}

/// Whether activations of the lowest tenth of numbers are, in the mean, below a fifth of those of the highest.
fn is_smooth(row: &[f32], numbers: &[f32]) -> bool {
    let mut order: Vec<usize> = (0..row.len()).collect();
    order.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]));
    let tenth = (row.len() / 10).max(1);
    let mean = |part: &[usize]| part.iter().map(|&i| row[i].abs()).sum::<f32>() / part.len() as f32;
    mean(&order[..tenth]) < 0.2 * mean(&order[row.len() - tenth..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_tables() {
        let quantiles = normal_quantiles(1000);
        for (p, x) in [(500, 0.0), (950, 1.644_853_6), (975, 1.959_964), (1, -3.090_232_3)] {
            let between = 0.5 * (quantiles[p - 1] + quantiles[p]);
            assert!((between - x).abs() < 0.05, "{p}: {between}");
        }
        assert!(quantiles.is_sorted());
    }

    #[test]
    fn zeros_of_the_smallest_are_told_from_zeros_elsewhere() {
        let numbers = [3.0, -1.0, 0.5, -2.0];
        assert_eq!(judge(&[vec![3.0, 0.0, 0.5, 0.0]], &numbers, 1), Shown::Largest { active: 2 });
        assert_eq!(judge(&[vec![3.0, 0.0, 0.0, -2.0]], &numbers, 1), Shown::LargestMagnitude { active: 2 });
        assert_eq!(judge(&[vec![0.0, 1.0, 0.0, 0.0]], &numbers, 1), Shown::Other);
        assert_eq!(judge(&[vec![0.0, 0.0, 0.0, 0.0]], &numbers, 1), Shown::Other);
        assert_eq!(judge(&[vec![3.0, 0.01, 0.4, -0.01]], &numbers, 1), Shown::Smooth);
        assert_eq!(judge(&[vec![3.0, 0.0, 0.0, 0.0]], &numbers, 2), Shown::Groups { active: 2 });
    }
}
