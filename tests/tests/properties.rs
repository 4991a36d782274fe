//! Random modules are printed and read again unchanged.
//!
//! The modules are random in everything that text can hold: types of every kind, attributes of
//! every kind and depth, constants of random bits, and every operation of the table with random
//! operands, attributes and regions. Most are no valid programs; text has to keep them all the same.

use bytes::Bytes;
use hire_compiler::front::text::parse;
use hire_compiler::ir::ops::{Presence, RegionSpec};
use hire_compiler::ir::*;
use hire_compiler::print::{Form, Options, print_module};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;

/// Cases of each property.
const CASES: u32 = 1000;

fn element_type() -> impl Strategy<Value = ElementType> {
    select(ElementType::NAMED.iter().filter(|e| **e != ElementType::TF32).cloned().collect::<Vec<_>>())
}

fn dims() -> impl Strategy<Value = Dims> {
    vec(prop_oneof![3 => (0u64..5).prop_map(Dim::Size), 1 => Just(Dim::Dynamic)], 0..4).prop_map(Dims::from_vec)
}

fn quantized() -> impl Strategy<Value = ElementType> {
    let scale = prop_oneof![1e-30f64..1e30, Just(0.1), Just(16777217.0), Just(1.0)];
    let parts = (select(vec![ElementType::I4, ElementType::I8]), any::<bool>(), vec((scale, -8i64..8), 1..4));
    parts.prop_map(|(storage, per_axis, entries)| {
        let (scales, zero_points): (Vec<f64>, Vec<i64>) =
            if per_axis { entries } else { vec![entries[0]] }.into_iter().unzip();
        ElementType::Quantized(std::sync::Arc::new(QuantizedType {
            storage,
            storage_range: None,
            expressed: ElementType::F32,
            quantization_dimension: per_axis.then_some(0),
            block_sizes: Vec::new(),
            scale_shape: Vec::new(),
            scales,
            zero_points,
        }))
    })
}

fn tensor_type() -> impl Strategy<Value = TensorType> {
    let element = prop_oneof![8 => element_type(), 1 => Just(ElementType::Index), 1 => quantized()];
    let dims = prop_oneof![9 => dims().prop_map(Some), 1 => Just(None)];
    (dims, element).prop_map(|(dims, element)| TensorType { dims, element, encoding: None })
}

fn value_type() -> impl Strategy<Value = Type> {
    // One type more often than others, so that forms which need equal types come up.
    let common = Just(Type::tensor(&[2], ElementType::F32));
    let leaf = prop_oneof![20 => common, 8 => tensor_type().prop_map(Type::Tensor), 1 => Just(Type::Token)];
    leaf.prop_recursive(1, 6, 3, |inner| vec(inner, 0..3).prop_map(Type::Tuple))
}

fn any_type() -> impl Strategy<Value = Type> {
    prop_oneof![
        4 => value_type(),
        1 => element_type().prop_filter("a plain builtin type", |e| !e.is_complex()).prop_map(Type::Scalar),
        1 => (vec(value_type(), 0..3), vec(value_type(), 0..3))
            .prop_map(|(inputs, results)| Type::Function(Box::new(FunctionType { inputs, results }))),
        1 => Just(Type::None),
    ]
}

/// Static constants of random bits, of one element for all or of every element.
fn elements() -> impl Strategy<Value = DenseElements> {
    (element_type(), vec(0u64..12, 0..4), any::<bool>(), any::<u64>()).prop_map(|(element, sizes, splat, seed)| {
        let ty = TensorType::new(&sizes, element);
        let count = if splat { 1 } else { ty.element_count().expect("the product is small") };
        let mut state = seed | 1;
        let mut data = Vec::new();
        for _ in 0..count {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            data.extend(element_bytes(&ty.element, state.rotate_left(29)));
        }
        DenseElements { ty, data: Bytes::from(data), splat, form: ElementsForm::Dense }
    })
}

/// The bytes of an element made from random bits; bits that the type does not have are zero, or the
/// sign's.
fn element_bytes(element: &ElementType, bits: u64) -> Vec<u8> {
    let (width, size) = (element.bits(), element.byte_size());
    if element.is_complex() {
        return [bits, !bits].iter().flat_map(|half| half.to_le_bytes()[..size / 2].to_vec()).collect();
    }
    let unused = 64 - width;
    let kept = if element.is_signed_integer() {
        (((bits << unused) as i64) >> unused) as u64
    } else {
        (bits << unused) >> unused
    };
    kept.to_le_bytes()[..size].to_vec()
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z_][a-zA-Z0-9_.$]{0,6}", 1 => "[ -~]{1,6}", 1 => "\\PC{1,4}"]
}

fn string() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,8}", any::<String>(), vec(any::<u8>(), 0..8).prop_map(|bytes| text_of_bytes(&bytes)),]
}

fn int() -> impl Strategy<Value = Attr> {
    let types = ElementType::NAMED.iter().filter(|e| e.is_integer()).cloned();
    (select(types.collect::<Vec<_>>()), any::<u64>()).prop_map(|(ty, bits)| {
        let bytes = element_bytes(&ty, bits);
        let fill = if ty.is_signed_integer() && bytes[bytes.len() - 1] & 0x80 != 0 { 0xff } else { 0 };
        let mut wide = [fill; 16];
        wide[..bytes.len()].copy_from_slice(&bytes);
        Attr::Int(IntAttr { value: i128::from_le_bytes(wide), ty })
    })
}

fn float() -> impl Strategy<Value = Attr> {
    let types = ElementType::NAMED.iter().filter(|e| e.is_float() && **e != ElementType::TF32).cloned();
    (select(types.collect::<Vec<_>>()), any::<u64>()).prop_map(|(ty, bits)| {
        let unused = 64 - ty.bits();
        Attr::Float(FloatAttr { bits: (bits << unused) >> unused, ty })
    })
}

fn dense_array() -> impl Strategy<Value = DenseArray> {
    prop_oneof![
        vec(any::<bool>(), 0..4).prop_map(DenseArray::Bool),
        vec(any::<i8>(), 0..4).prop_map(DenseArray::I8),
        vec(any::<i16>(), 0..4).prop_map(DenseArray::I16),
        vec(any::<i32>(), 0..4).prop_map(DenseArray::I32),
        vec(any::<i64>(), 0..4).prop_map(DenseArray::I64),
        vec(any::<u32>(), 0..4).prop_map(DenseArray::F32),
        vec(any::<u64>(), 0..4).prop_map(DenseArray::F64),
    ]
}

fn symbol() -> impl Strategy<Value = Attr> {
    vec(name(), 1..3).prop_map(|path| Attr::Symbol(path.into_iter().map(Into::into).collect()))
}

fn structured() -> impl Strategy<Value = Attr> {
    let list = || vec(0i64..4, 0..3);
    prop_oneof![
        (list(), list(), list(), list()).prop_map(|(a, b, c, d)| {
            Attr::DotDimensionNumbers(Box::new(DotDimensionNumbers {
                lhs_batching_dimensions: a,
                rhs_batching_dimensions: b,
                lhs_contracting_dimensions: c,
                rhs_contracting_dimensions: d,
            }))
        }),
        (list(), list(), list(), 0i64..3).prop_map(|(a, b, c, d)| {
            Attr::GatherDimensionNumbers(Box::new(GatherDimensionNumbers {
                offset_dims: a,
                collapsed_slice_dims: b,
                start_index_map: c,
                index_vector_dim: d,
                ..Default::default()
            }))
        }),
        (list(), list(), list(), 0i64..3).prop_map(|(a, b, c, d)| {
            Attr::ScatterDimensionNumbers(Box::new(ScatterDimensionNumbers {
                update_window_dims: a,
                inserted_window_dims: b,
                scatter_dims_to_operand_dims: c,
                index_vector_dim: d,
                ..Default::default()
            }))
        }),
        (0i64..9, 0i64..4)
            .prop_map(|(handle, channel_type)| Attr::ChannelHandle(ChannelHandle { handle, channel_type })),
        (list(), 0i64..3, list()).prop_map(|(output_tuple_indices, operand_index, operand_tuple_indices)| {
            let alias = OutputOperandAlias { output_tuple_indices, operand_index, operand_tuple_indices };
            Attr::OutputOperandAlias(Box::new(alias))
        }),
        vec(proptest::option::of(0u64..9), 1..4).prop_map(Attr::Bounds),
        select(EnumKind::ALL.to_vec()).prop_flat_map(enum_case),
        (0usize..3).prop_map(conv),
    ]
}

fn enum_case(kind: EnumKind) -> impl Strategy<Value = Attr> {
    let cases: Vec<&'static str> = kind.cases().iter().copied().filter(|case| !case.is_empty()).collect();
    select(cases).prop_map(move |case| Attr::Enum { kind, case })
}

/// Dimension numbers of a convolution over `spatial` dimensions, each tensor in another order.
fn conv(spatial: usize) -> Attr {
    let n = spatial as i64;
    Attr::ConvDimensionNumbers(Box::new(ConvDimensionNumbers {
        input_batch_dimension: 0,
        input_feature_dimension: n + 1,
        input_spatial_dimensions: (1..=n).collect(),
        kernel_input_feature_dimension: n,
        kernel_output_feature_dimension: n + 1,
        kernel_spatial_dimensions: (0..n).rev().collect(),
        output_batch_dimension: 1,
        output_feature_dimension: 0,
        output_spatial_dimensions: (2..n + 2).collect(),
    }))
}

fn attr() -> impl Strategy<Value = Attr> {
    let leaf = prop_oneof![
        Just(Attr::Unit),
        any::<bool>().prop_map(Attr::Bool),
        int(),
        float(),
        string().prop_map(Attr::string),
        any_type().prop_map(Attr::Type),
        symbol(),
        elements().prop_map(Attr::Elements),
        dense_array().prop_map(Attr::DenseArray),
        structured(),
        Just(Attr::Opaque("sdy.sharding<@mesh, [{\"x\"}, {}]>".into())),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Attr::Array),
            vec((name(), inner), 0..4).prop_map(|entries| Attr::Dict(entries.into_iter().collect())),
        ]
    })
}

/// Discardable attributes: names with a dialect.
fn discardable() -> impl Strategy<Value = AttrMap> {
    let entry = (name().prop_map(|name| format!("test.{name}")), attr());
    vec(entry, 0..3).prop_map(|entries| entries.into_iter().collect())
}

/// What an operation is made of; operands are drawn from the values at hand.
#[derive(Clone, Debug)]
struct Plan {
    opcode: Opcode,
    operands: Vec<Index>,
    result_types: Vec<Type>,
    attrs: AttrMap,
    /// For each region, the types of its arguments.
    regions: Vec<Vec<Type>>,
}

fn plan() -> impl Strategy<Value = Plan> {
    // A terminator without operands would take the next line's result for one.
    let opcodes = Opcode::ALL.iter().copied().filter(|op| !op.has(Traits::TERMINATOR));
    select(opcodes.collect::<Vec<_>>()).prop_flat_map(|opcode| {
        let info = opcode.info();
        let count = |specs: &[ops::ValueSpec]| {
            let fixed = specs.iter().filter(|s| s.presence == Presence::Required).count();
            // Twice as many where there may be any number, so that they can be dealt out evenly.
            if fixed == specs.len() { fixed..=fixed } else { fixed..=fixed + 4 }
        };
        let attrs: Vec<BoxedStrategy<Option<(&'static str, Attr)>>> = info
            .attributes
            .iter()
            .map(|spec| {
                let (name, kind) = (spec.name, spec.kind);
                let of_kind = attr_of(kind).prop_map(move |attr| Some((name, attr)));
                if spec.presence == Presence::Required {
                    of_kind.boxed()
                } else {
                    prop_oneof![of_kind, Just(None)].boxed()
                }
            })
            .collect();
        let regions: Vec<BoxedStrategy<Vec<Vec<Type>>>> = info.regions.iter().map(region).collect();
        (
            vec(any::<Index>(), count(info.operands)),
            vec(value_type(), count(info.results)),
            attrs,
            discardable(),
            regions,
        )
            .prop_map(move |(operands, result_types, inherent, mut attrs, regions)| {
                for (name, attr) in inherent.into_iter().flatten() {
                    attrs.set(name, attr);
                }
                Plan { opcode, operands, result_types, attrs, regions: regions.concat() }
            })
    })
}

fn region(spec: &RegionSpec) -> BoxedStrategy<Vec<Vec<Type>>> {
    let args = || vec(value_type(), 0..3);
    if spec.presence == Presence::Variadic { vec(args(), 0..3).boxed() } else { vec(args(), 1).boxed() }
}

/// A random attribute of a kind.
fn attr_of(kind: AttrKind) -> BoxedStrategy<Attr> {
    let array = |item: BoxedStrategy<Attr>| vec(item, 0..3).prop_map(Attr::Array).boxed();
    let int = |ty: ElementType, most: i64| {
        (0..most).prop_map(move |value| Attr::Int(IntAttr { value: value.into(), ty: ty.clone() })).boxed()
    };
    let float = |ty: ElementType, bits: u64| Just(Attr::Float(FloatAttr { bits, ty })).boxed();
    let groups = vec(0i64..9, 4).prop_map(|ids| Attr::Elements(DenseElements::i64s(&[2, 2], &ids))).boxed();
    match kind {
        AttrKind::I64 => int(ElementType::I64, 9),
        AttrKind::I32 => int(ElementType::I32, 9),
        AttrKind::UI64 => int(ElementType::UI64, 9),
        AttrKind::UI32 => int(ElementType::UI32, 9),
        AttrKind::I32Enum(cases) => int(ElementType::I32, cases.into()),
        AttrKind::I32Cases(cases) => int(ElementType::I32, cases.len() as i64),
        AttrKind::Bool => any::<bool>().prop_map(Attr::Bool).boxed(),
        AttrKind::Unit => Just(Attr::Unit).boxed(),
        AttrKind::F32 => float(ElementType::F32, 0x3dcccccd),
        AttrKind::F64 => float(ElementType::F64, 0.1f64.to_bits()),
        AttrKind::String => string().prop_map(Attr::string).boxed(),
        AttrKind::Symbol => name().prop_map(Attr::symbol).boxed(),
        AttrKind::Symbols => array(name().prop_map(Attr::symbol).boxed()),
        AttrKind::I64s => vec(0i64..9, 2).prop_map(Attr::i64s).boxed(),
        AttrKind::Bools => vec(any::<bool>(), 2).prop_map(|b| Attr::DenseArray(DenseArray::Bool(b))).boxed(),
        AttrKind::I64Elements | AttrKind::ReplicaGroups => groups,
        AttrKind::Elements => elements().prop_map(Attr::Elements).boxed(),
        AttrKind::ElementsArray => array(elements().prop_map(Attr::Elements).boxed()),
        AttrKind::Enum(kind) => enum_case(kind).boxed(),
        AttrKind::Enums(kind) => array(enum_case(kind).boxed()),
        AttrKind::ConvDimensionNumbers => (0usize..3).prop_map(conv).boxed(),
        AttrKind::Dict => discardable().prop_map(Attr::Dict).boxed(),
        AttrKind::Array => array(attr().boxed()),
        AttrKind::Type => any_type().prop_map(Attr::Type).boxed(),
        AttrKind::ResultAccuracy => select(vec!["DEFAULT", "HIGHEST"])
            .prop_map(|mode| Attr::ResultAccuracy(ResultAccuracy { atol: 0, rtol: 0, ulps: 0, mode }))
            .boxed(),
        AttrKind::Any => prop_oneof![Just(Attr::Opaque("sdy.sharding<@mesh, [{\"x\"}, {}]>".into())), attr()].boxed(),
        // The structured attributes: any of them, of the right kind or not.
        _ => structured().boxed(),
    }
}

/// A module of one function whose body is the planned operations.
fn build(arguments: Vec<Type>, arg_attrs: AttrMap, plans: &[Plan]) -> Module {
    let mut module = Module::new();
    let results = Vec::new();
    let mut func = Func::new("main", FunctionType { inputs: arguments, results });
    if let Some(first) = func.arg_attrs.first_mut() {
        *first = arg_attrs;
    }
    let mut values = func.args().to_vec();
    let mut builder = Builder::new(&mut func);
    for plan in plans {
        let operands: Vec<ValueId> =
            plan.operands.iter().filter(|_| !values.is_empty()).map(|index| *index.get(&values)).collect();
        let regions: Vec<RegionId> = plan
            .regions
            .iter()
            .map(|types| {
                builder.region(types.clone(), |inner, args| {
                    inner.op(Opcode::Return, args.iter().copied(), [], []);
                })
            })
            .collect();
        let op = builder.op_with_regions(plan.opcode, operands, [], regions, plan.result_types.clone());
        builder.func.ops[op].attrs = plan.attrs.clone();
        values.extend(builder.func.ops[op].results.iter().copied());
    }
    builder.op(Opcode::FuncReturn, [], [], []);
    module.add_func(func);
    module
}

/// Prints in a form, reads again, compares.
fn check(module: &Module, form: Form) -> Result<(), TestCaseError> {
    let text = print_module(module, &Options { form, ..Options::default() });
    match parse(&text) {
        Ok(read) => {
            if let Err(difference) = equal(module, &read, false) {
                return Err(TestCaseError::fail(format!("{form:?} form: {difference}\n{text}")));
            }
            Ok(())
        }
        Err(error) => Err(TestCaseError::fail(format!("{form:?} form is not read: {error}\n{text}"))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20240209),
        ..ProptestConfig::with_cases(CASES)
    })]

    #[test]
    fn attributes_and_types_survive(types in vec(any_type(), 0..3), attrs in discardable()) {
        let module = build(types, attrs, &[]);
        check(&module, Form::Pretty)?;
        check(&module, Form::Generic)?;
    }

    #[test]
    fn operations_survive(types in vec(value_type(), 1..4), plans in vec(plan(), 0..6)) {
        let module = build(types, AttrMap::new(), &plans);
        check(&module, Form::Pretty)?;
        check(&module, Form::Generic)?;
    }
}
