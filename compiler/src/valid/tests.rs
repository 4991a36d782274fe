//! What text cannot say: broken tables, uses before definitions, symbols defined twice; and inference
//! for the builder.

use smallvec::smallvec;

use super::{result_types, verify};
use crate::ir::{
    Attr, AttrMap, Builder, DenseElements, DotDimensionNumbers, ElementType, Entity, Func, FunctionType, Module, OpId,
    Opcode, QuantizedType, RegionId, TensorType, Type, ValueId,
};

fn f32s(sizes: &[u64]) -> Type {
    Type::tensor(sizes, ElementType::F32)
}

/// A module with one function of these argument types, which `build` fills.
fn module_of(inputs: &[Type], build: impl FnOnce(&mut Builder<'_>, &[ValueId])) -> Module {
    let mut func = Func::new("main", FunctionType { inputs: inputs.to_vec(), results: vec![] });
    let args = func.args().to_vec();
    let mut builder = Builder::new(&mut func);
    build(&mut builder, &args);
    builder.op(Opcode::FuncReturn, [], [], []);
    let mut module = Module::new();
    module.add_func(func);
    module
}

/// The tags of a module's errors.
fn tags(module: &Module) -> Vec<&'static str> {
    match verify(module) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.0.iter().filter_map(|error| error.tag).collect(),
    }
}

#[test]
fn a_sound_module_is_verified() {
    let module = module_of(&[f32s(&[2])], |b, args| {
        b.value(Opcode::Negate, [args[0]], [], f32s(&[2]));
    });
    let verified = verify(&module).expect("the module is sound");
    assert_eq!(verified.func_ids().count(), 1);
}

#[test]
fn a_use_before_the_definition_is_found() {
    let mut module = module_of(&[f32s(&[2])], |b, args| {
        let first = b.value(Opcode::Negate, [args[0]], [], f32s(&[2]));
        b.value(Opcode::Abs, [first], [], f32s(&[2]));
    });
    let func = module.funcs.keys().next().expect("there is a function");
    let body = module.funcs[func].body.expect("it has a body");
    module.funcs[func].regions[body].ops.swap(0, 1);
    assert_eq!(tags(&module), ["dominance"]);
}

#[test]
fn a_value_of_a_region_is_not_visible_outside() {
    let module = module_of(&[Type::tensor(&[], ElementType::I1), f32s(&[2])], |b, args| {
        let mut inner = args[1];
        let mut branch = |b: &mut Builder<'_>| {
            b.region([], |b, _| {
                inner = b.value(Opcode::Negate, [args[1]], [], f32s(&[2]));
                b.op(Opcode::Return, [inner], [], []);
            })
        };
        let regions = [branch(b), branch(b)];
        b.op_with_regions(Opcode::If, [args[0]], [], regions, [f32s(&[2])]);
        b.value(Opcode::Abs, [inner], [], f32s(&[2]));
    });
    assert_eq!(tags(&module), ["dominance"]);
}

#[test]
fn handles_that_lead_nowhere_are_found() {
    let base = || {
        module_of(&[f32s(&[2])], |b, args| {
            b.value(Opcode::Negate, [args[0]], [], f32s(&[2]));
        })
    };
    let breaks: [fn(&mut Func); 6] = [
        |f| f.ops[OpId::new(0)].operands = smallvec![ValueId::new(99)],
        |f| f.ops[OpId::new(0)].results = smallvec![ValueId::new(0)],
        |f| f.ops[OpId::new(0)].regions.push(RegionId::new(7)),
        |f| f.ops[OpId::new(0)].regions.push(RegionId::new(0)),
        |f| f.regions[RegionId::new(0)].ops.insert(0, OpId::new(0)),
        |f| f.regions[RegionId::new(0)].args.push(ValueId::new(1)),
    ];
    for (n, break_it) in breaks.into_iter().enumerate() {
        let mut module = base();
        let func = module.funcs.keys().next().expect("there is a function");
        break_it(&mut module.funcs[func]);
        assert_eq!(tags(&module), ["tables"], "break {n}");
    }
}

#[test]
fn a_symbol_is_defined_once() {
    let mut module = module_of(&[], |_, _| {});
    let copy = module.funcs[module.func_ids().next().expect("there is a function")].clone();
    module.add_func(copy);
    assert_eq!(tags(&module), ["symbol"]);
}

#[test]
fn errors_are_counted_beyond_the_most_that_are_kept() {
    let module = module_of(&[f32s(&[2])], |b, args| {
        for _ in 0..2 * super::MOST_ERRORS {
            b.value(Opcode::Negate, [args[0]], [], f32s(&[3]));
        }
    });
    let errors = verify(&module).map(|_| ()).expect_err("all operations are wrong").0;
    assert_eq!(errors.len(), super::MOST_ERRORS + 1);
    assert!(errors.last().is_some_and(|last| last.message.contains("more errors")), "{:?}", errors.last());
}

#[test]
fn errors_without_text_name_the_values() {
    let module = module_of(&[f32s(&[2]), f32s(&[3])], |b, args| {
        let negated = b.value(Opcode::Negate, [args[1]], [], f32s(&[3]));
        b.value(Opcode::Add, [args[0], negated], [], f32s(&[2]));
    });
    let errors = verify(&module).map(|_| ()).expect_err("the shapes differ").0;
    assert_eq!(errors[0].location.as_deref(), Some("`%1` of `@main`"));
    let notes: Vec<&str> = errors[0].notes.iter().map(|note| note.message.as_str()).collect();
    let expected =
        ["operand 0 (`lhs`) is `%arg0`, of type `tensor<2xf32>`", "operand 1 (`rhs`) is `%0`, of type `tensor<3xf32>`"];
    assert_eq!(notes, expected);
}

#[test]
fn broadcast_dimensions_are_not_negative() {
    module_of(&[f32s(&[4]), f32s(&[2, 4])], |b, args| {
        let attrs = [("broadcast_dimensions", Attr::i64s([-1]))];
        let error = b.infer(Opcode::BroadcastAdd, [args[0], args[1]], attrs).expect_err("there is no such dimension");
        assert_eq!(error.tag, Some("broadcast_dimensions"));
    });
}

#[test]
fn the_builder_infers_result_types() {
    let module = module_of(&[f32s(&[8, 16]), f32s(&[16, 4])], |b, args| {
        let numbers = DotDimensionNumbers {
            lhs_contracting_dimensions: vec![1],
            rhs_contracting_dimensions: vec![0],
            ..DotDimensionNumbers::default()
        };
        let attrs = [("dot_dimension_numbers", Attr::DotDimensionNumbers(Box::new(numbers)))];
        let dot = b.infer(Opcode::DotGeneral, [args[0], args[1]], attrs).expect("the product is sound");
        assert_eq!(*b.func.value_type(dot), f32s(&[8, 4]));
        let turned = b.infer(Opcode::Transpose, [dot], [("permutation", Attr::i64s([1, 0]))]).expect("sound");
        assert_eq!(*b.func.value_type(turned), f32s(&[4, 8]));
        let sum = b.infer(Opcode::Add, [turned, turned], []).expect("sound");
        assert_eq!(*b.func.value_type(sum), f32s(&[4, 8]));
        let top = b.infer_op(Opcode::TopK, [sum], [("k", Attr::i64(3))], []).expect("sound");
        let types: Vec<&Type> = b.func.ops[top].results.iter().map(|&v| b.func.value_type(v)).collect();
        assert_eq!(types, [&f32s(&[4, 3]), &Type::tensor(&[4, 3], ElementType::I32)]);
    });
    assert_eq!(tags(&module), [] as [&str; 0]);
}

#[test]
fn the_builder_says_why_it_cannot_infer() {
    module_of(&[f32s(&[2]), f32s(&[3])], |b, args| {
        let error = b.infer(Opcode::Add, [args[0], args[1]], []).expect_err("the shapes differ");
        assert_eq!(error.tag, Some("add_c1"));
        let error = b.infer(Opcode::Reshape, [args[0]], []).expect_err("the shape is free");
        assert_eq!(error.tag, Some("result_type"));
        let error = b.infer(Opcode::Transpose, [args[0]], []).expect_err("the permutation is missing");
        assert_eq!(error.tag, Some("transpose_i2"));
    });
}

#[test]
fn a_constant_shape_makes_the_result_static() {
    module_of(&[f32s(&[])], |b, args| {
        let shape = DenseElements::i64s(&[2], &[3, 5]);
        let shape = b.infer(Opcode::Constant, [], [("value", Attr::Elements(shape))]).expect("a constant");
        let kind = Attr::Enum { kind: crate::ir::EnumKind::RngDistribution, case: "UNIFORM" };
        let random = b.infer(Opcode::Rng, [args[0], args[0], shape], [("rng_distribution", kind)]).expect("sound");
        assert_eq!(*b.func.value_type(random), f32s(&[3, 5]));
    });
}

#[test]
fn types_that_cannot_be_looked_at_end_the_check() {
    let quantized = |scales: &[f64], zero_points: &[i64]| {
        let quantized = QuantizedType {
            storage: ElementType::I8,
            storage_range: None,
            expressed: ElementType::F32,
            quantization_dimension: None,
            block_sizes: vec![],
            scale_shape: vec![],
            scales: scales.to_vec(),
            zero_points: zero_points.to_vec(),
        };
        Type::tensor(&[2], ElementType::Quantized(std::sync::Arc::new(quantized)))
    };
    for (ty, tag) in [
        (f32s(&[1; 600]), "rank"),
        (quantized(&[1.0], &[]), "quantized_type_c10"),
        (quantized(&[], &[]), "quantized_type_c11"),
    ] {
        let module = module_of(std::slice::from_ref(&ty), |b, args| {
            b.value(Opcode::Negate, [args[0]], [], ty.clone());
        });
        assert_eq!(tags(&module), [tag]);
    }
}

#[test]
fn huge_splats_are_not_expanded() {
    let huge = TensorType::new(&[1 << 40, 1 << 20], ElementType::I64);
    let splat = DenseElements::splat(huge, 0i64.to_le_bytes().to_vec());
    module_of(&[f32s(&[4])], |b, args| {
        let attrs: AttrMap =
            [("all_gather_dim", Attr::i64(0)), ("replica_groups", Attr::Elements(splat.clone()))].into_iter().collect();
        let outcome = result_types(b.func, Opcode::AllGather, &[args[0]], &attrs, &[]);
        assert_eq!(outcome.expect_err("processes repeat").0[0].tag, Some("all_gather_c2"));
        let pairs: AttrMap = [("source_target_pairs", Attr::Elements(splat.clone()))].into_iter().collect();
        let outcome = result_types(b.func, Opcode::CollectivePermute, &[args[0]], &pairs, &[]);
        assert_eq!(outcome.expect_err("there are too many columns").0[0].tag, Some("collective_permute_c1"));
    });
}
