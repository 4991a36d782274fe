//! What the op table declares is demanded of every operation: each operand's class, each attribute, the number of
//! operands. The messages are a snapshot, so that the text of every operation's errors is read when it changes.

use super::{tags, verify};
use crate::ir::ops::Presence;
use crate::ir::{Builder, ElementType, Func, FunctionType, Module, Opcode, QuantizedType, TensorType, Type, ValueId};

/// Types, one of which lies in any class and one outside of any but the widest.
fn candidates() -> Vec<Type> {
    let quantized = |axis: Option<u32>| {
        let scales = if axis.is_some() { vec![1.0, 2.0] } else { vec![1.0] };
        let quantized = QuantizedType {
            storage: ElementType::I8,
            storage_range: None,
            expressed: ElementType::F32,
            quantization_dimension: axis,
            block_sizes: vec![],
            scale_shape: vec![],
            zero_points: vec![0; scales.len()],
            scales,
        };
        Type::tensor(&[2], ElementType::Quantized(std::sync::Arc::new(quantized)))
    };
    let scalar = |element| Type::tensor(&[], element);
    let vector = |element| Type::tensor(&[2], element);
    vec![
        vector(ElementType::F32),
        scalar(ElementType::F32),
        vector(ElementType::I32),
        scalar(ElementType::I32),
        vector(ElementType::I64),
        Type::tensor(&[2, 2], ElementType::I64),
        scalar(ElementType::I1),
        scalar(ElementType::UI32),
        vector(ElementType::ComplexF32),
        quantized(None),
        quantized(Some(0)),
        Type::Token,
        Type::Tuple(vec![scalar(ElementType::F32)]),
        Type::Future(vec![scalar(ElementType::F32)]),
        Type::MemRef(TensorType::new(&[2], ElementType::F32)),
        Type::None,
    ]
}

/// The message with this tag when an operation without attributes and results has operands of these types.
fn message(opcode: Opcode, types: &[Type], tag: &str) -> Option<String> {
    let mut func = Func::new("main", FunctionType { inputs: types.to_vec(), results: vec![] });
    let args: Vec<ValueId> = func.args().to_vec();
    let mut builder = Builder::new(&mut func);
    builder.op(opcode, args, [], []);
    builder.op(Opcode::FuncReturn, [], [], []);
    let mut module = Module::new();
    module.add_func(func);
    let errors = verify(&module).map(drop).expect_err("an operation without its attributes is wrong").0;
    errors.iter().find(|error| error.tag == Some(tag)).map(ToString::to_string)
}

#[test]
fn every_declaration_is_demanded() {
    let types = candidates();
    let mut said = Vec::new();
    for &opcode in Opcode::ALL {
        let info = opcode.info();
        let inside: Vec<Type> = info
            .operands
            .iter()
            .map(|spec| types.iter().find(|ty| spec.class.contains(ty)).expect("some type lies in the class").clone())
            .collect();
        let mut demand = |types: &[Type], tag: &str| {
            let found = message(opcode, types, tag);
            said.push(found.unwrap_or_else(|| panic!("{} lets {tag} pass", info.name)));
        };
        for (n, spec) in info.operands.iter().enumerate() {
            // The widest class takes everything.
            if let Some(outside) = types.iter().find(|ty| !spec.class.contains(ty)) {
                let mut wrong = inside.clone();
                wrong[n] = outside.clone();
                demand(&wrong, tags::input(opcode, n + 1));
            }
        }
        for (n, spec) in info.attributes.iter().enumerate() {
            if spec.presence == Presence::Required {
                demand(&inside, tags::input(opcode, info.operands.len() + n + 1));
            }
        }
        if info.operands.iter().any(|spec| spec.presence == Presence::Required) {
            demand(&[], "operand_count");
        }
    }
    insta::assert_snapshot!(said.join("\n"));
}
