//! Modules that the verifier would refuse give errors, not panics, hangs or unbounded memory.
//!
//! The modules of `testdata/eval` are changed at random places (seeds are fixed): attributes, types,
//! operands, regions, the operations themselves. `HIRE_EVAL_MUTATIONS` sets how many changed
//! versions of each module are run.

use std::fs;
use std::path::Path;

use hire_compiler::eval::{self, Options};
use hire_compiler::front::text;
use hire_compiler::ir::{
    Attr, DenseArray, DenseElements, Dim, ElementType, Entity, Module, OpId, Opcode, Type, ValueId,
};

/// A generator of reproducible numbers (Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

const NUMBERS: [i64; 14] =
    [0, 1, 2, 3, 5, -1, -2, 64, 1000, 1_000_000, i32::MAX as i64, i32::MIN as i64, i64::MAX, i64::MIN];

/// A random size: mostly small, sometimes unknown or huge.
fn size(random: &mut Random) -> Dim {
    match random.below(10) {
        0 => Dim::Dynamic,
        1 => Dim::Size(1 << 40),
        n => Dim::Size(n as u64 - 2),
    }
}

fn change_type(ty: &mut Type, random: &mut Random) {
    let Type::Tensor(tensor) = ty else {
        *ty = random.pick(&[Type::Token, Type::Tuple(Vec::new()), Type::tensor(&[2], ElementType::F32)]).clone();
        return;
    };
    let dims = tensor.dims.get_or_insert_default();
    match random.below(5) {
        0 | 1 => tensor.element = random.pick(ElementType::NAMED).clone(),
        2 => dims.push(size(random)),
        3 => drop(dims.pop()),
        _ => {
            let dim = size(random);
            dims.iter_mut().for_each(|d| *d = dim);
        }
    }
}

/// Changes a list of integers in one place.
fn change_list(list: &mut Vec<i64>, random: &mut Random) {
    match random.below(4) {
        0 => list.push(*random.pick(&NUMBERS)),
        1 => drop(list.pop()),
        _ if list.is_empty() => list.push(0),
        _ => {
            let at = random.below(list.len());
            list[at] = *random.pick(&NUMBERS);
        }
    }
}

fn change_attr(attr: &mut Attr, random: &mut Random) {
    match attr {
        Attr::Int(int) => int.value = (*random.pick(&NUMBERS)).into(),
        Attr::Bool(value) => *value = !*value,
        Attr::DenseArray(DenseArray::I64(list)) => change_list(list, random),
        Attr::Elements(elements) if random.below(2) == 0 => {
            let mut list = elements.to_i64s().unwrap_or_default();
            list.truncate(64);
            change_list(&mut list, random);
            *elements = DenseElements::i64s(&[list.len() as u64], &list);
        }
        Attr::Elements(elements) => {
            let columns = elements.to_i64s().map_or(0, |list| list.len() as u64 / 2);
            if let Some(list) = elements.to_i64s().filter(|list| list.len() % 2 == 0) {
                *elements = DenseElements::i64s(&[2, columns], &list);
            }
        }
        Attr::Enum { kind, case } => *case = *random.pick(kind.cases()),
        Attr::DotDimensionNumbers(d) => {
            let lists = [
                &mut d.lhs_batching_dimensions,
                &mut d.rhs_batching_dimensions,
                &mut d.lhs_contracting_dimensions,
                &mut d.rhs_contracting_dimensions,
            ];
            let at = random.below(4);
            change_list(lists.into_iter().nth(at).expect("one of four"), random);
        }
        Attr::GatherDimensionNumbers(d) => {
            d.index_vector_dim = if random.below(3) == 0 { *random.pick(&NUMBERS) } else { d.index_vector_dim };
            let lists = [
                &mut d.offset_dims,
                &mut d.collapsed_slice_dims,
                &mut d.operand_batching_dims,
                &mut d.start_indices_batching_dims,
                &mut d.start_index_map,
            ];
            let at = random.below(5);
            change_list(lists.into_iter().nth(at).expect("one of five"), random);
        }
        Attr::ScatterDimensionNumbers(d) => {
            d.index_vector_dim = if random.below(3) == 0 { *random.pick(&NUMBERS) } else { d.index_vector_dim };
            let lists = [
                &mut d.update_window_dims,
                &mut d.inserted_window_dims,
                &mut d.input_batching_dims,
                &mut d.scatter_indices_batching_dims,
                &mut d.scatter_dims_to_operand_dims,
            ];
            let at = random.below(5);
            change_list(lists.into_iter().nth(at).expect("one of five"), random);
        }
        Attr::ConvDimensionNumbers(d) => {
            let list = random.below(3);
            let lists =
                [&mut d.input_spatial_dimensions, &mut d.kernel_spatial_dimensions, &mut d.output_spatial_dimensions];
            change_list(lists.into_iter().nth(list).expect("one of three"), random);
            d.input_batch_dimension = (*random.pick(&NUMBERS)).max(0);
        }
        other => *other = Attr::i64(*random.pick(&NUMBERS)),
    }
}

/// Changes one operation of the module.
fn change_module(module: &mut Module, random: &mut Random) {
    let ids: Vec<_> = module.func_ids().collect();
    let func = &mut module.funcs[*random.pick(&ids)];
    if func.ops.is_empty() {
        return;
    }
    let op = OpId::new(random.below(func.ops.len()) as u32);
    let operation = &mut func.ops[op];
    match random.below(8) {
        0 if !operation.results.is_empty() => {
            let value = *random.pick(&operation.results);
            change_type(&mut func.values[value].ty, random);
        }
        1 => operation.opcode = *random.pick(Opcode::ALL),
        2 if !operation.operands.is_empty() => {
            let at = random.below(operation.operands.len());
            operation.operands[at] = ValueId::new(random.below(func.values.len()) as u32);
        }
        3 => drop(operation.operands.pop()),
        4 if !operation.attrs.is_empty() => {
            let name = random.pick(&operation.attrs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()).clone();
            operation.attrs.remove(&name);
        }
        5 if !operation.regions.is_empty() => drop(operation.regions.pop()),
        _ if !operation.attrs.is_empty() => {
            let all: Vec<_> = operation.attrs.iter().map(|(name, attr)| (name.clone(), attr.clone())).collect();
            let (name, mut attr) = random.pick(&all).clone();
            change_attr(&mut attr, random);
            operation.attrs.set(name, attr);
        }
        _ => {
            let value = ValueId::new(random.below(func.values.len()) as u32);
            change_type(&mut func.values[value].ty, random);
        }
    }
}

#[test]
fn broken_modules_give_errors() {
    let count: u64 = std::env::var("HIRE_EVAL_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/eval");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("the corpus exists").filter_map(|e| Some(e.ok()?.path())).collect();
    files.sort();
    let options = Options { memory_limit: 64 << 20, step_limit: Some(20_000), seed: 0 };
    let (mut ran, mut failed, mut panics) = (0, 0, Vec::new());
    for (file, path) in files.iter().enumerate() {
        let text = fs::read_to_string(path).expect("the file is readable");
        for (index, module) in text::parse_many(&text).into_iter().enumerate() {
            let module = module.expect("the corpus parses");
            for seed in 0..count {
                let mut random = Random(seed << 32 | (file as u64) << 16 | index as u64);
                let mut changed = module.clone();
                for _ in 0..=random.below(3) {
                    change_module(&mut changed, &mut random);
                }
                ran += 1;
                let report = std::panic::catch_unwind(|| eval::run_checks(&changed, &options));
                match report {
                    Ok(report) => failed += usize::from(report.error.is_some()),
                    Err(_) => panics.push(format!("{} #{index}, seed {seed}", path.display())),
                }
            }
        }
    }
    assert!(panics.is_empty(), "panicked: {}", panics.join("; "));
    assert!(failed > ran / 4, "only {failed} of {ran} modules gave errors");
}
