//! Programs on several devices of the real CPU plugins: parts, copies, donated state, and what is refused.

mod support;

use hire_artifact::devices::{Cut, Form};
use hire_artifact::{Argument, ArgumentRole, Devices, ElementType, ResultRole, ResultValue, TensorType};
use hire_runtime::pjrt::PjrtMesh;
use hire_runtime::{Device, HostTensor, Interface, Signature};

fn cut(axes: &[&[&str]]) -> Cut {
    axes.iter().map(|dim| dim.iter().map(|axis| (*axis).to_owned()).collect()).collect()
}

fn f32s(shape: &[u64]) -> TensorType {
    TensorType::new(ElementType::F32, shape.to_vec())
}

/// y = the sum over devices of (w's part times x's part), and w's parts doubled.
const REPLICAS: &str = r#"
module attributes {mhlo.num_replicas = 4 : i32, mhlo.num_partitions = 1 : i32} {
func.func public @main(%w: tensor<2x3xf32>, %x: tensor<2x3xf32>) -> (tensor<3xf32>, tensor<2x3xf32>) {
  %c = stablehlo.constant dense<0.0> : tensor<f32>
  %0 = stablehlo.multiply %w, %x : tensor<2x3xf32>
  %1 = stablehlo.reduce(%0 init: %c) applies stablehlo.add across dimensions = [0] : (tensor<2x3xf32>, tensor<f32>) -> tensor<3xf32>
  %2 = "stablehlo.all_reduce"(%1) <{replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) : (tensor<3xf32>) -> tensor<3xf32>
  %3 = stablehlo.add %w, %w : tensor<2x3xf32>
  return %2, %3 : tensor<3xf32>, tensor<2x3xf32>
}
}"#;

/// The same in terms of whole tensors.
const PARTITIONS: &str = r#"
module attributes {mhlo.num_partitions = 4 : i32, mhlo.num_replicas = 1 : i32} {
sdy.mesh @mesh = <["x"=4]>
func.func public @main(%w: tensor<8x3xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}, {}]>}, %x: tensor<8x3xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}, {}]>}) -> (tensor<3xf32> {sdy.sharding = #sdy.sharding<@mesh, [{}]>}, tensor<8x3xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}, {}]>}) {
  %c = stablehlo.constant dense<0.0> : tensor<f32>
  %0 = stablehlo.multiply %w, %x : tensor<8x3xf32>
  %1 = stablehlo.reduce(%0 init: %c) applies stablehlo.add across dimensions = [0] : (tensor<8x3xf32>, tensor<f32>) -> tensor<3xf32>
  %2 = stablehlo.add %w, %w : tensor<8x3xf32>
  return %1, %2 : tensor<3xf32>, tensor<8x3xf32>
}
}"#;

fn four(form: Form) -> Devices {
    Devices {
        form,
        mesh: vec![("x".to_owned(), 4)],
        order: None,
        arguments: vec![cut(&[&["x"], &[]]), cut(&[&["x"], &[]])],
        results: vec![cut(&[&[]]), cut(&[&["x"], &[]])],
    }
}

fn meshes(devices: &Devices) -> Vec<PjrtMesh> {
    support::clients(4).into_iter().map(|client| PjrtMesh::new(client, devices.clone()).unwrap()).collect()
}

#[test]
fn parts_go_out_and_come_back_in_both_forms() {
    let signature =
        Signature { arguments: vec![f32s(&[8, 3]), f32s(&[8, 3])], results: vec![f32s(&[3]), f32s(&[8, 3])] };
    let w: Vec<f32> = (0..24).map(|i| i as f32).collect();
    let arguments =
        [HostTensor::from_slice(&[8, 3], &w).unwrap(), HostTensor::from_slice(&[8, 3], &[1f32; 24]).unwrap()];
    for (form, text) in [(Form::Replicas, REPLICAS), (Form::Partitions, PARTITIONS)] {
        for mesh in meshes(&four(form)) {
            let program = mesh.compile(text.as_bytes(), &signature).unwrap();
            let results = program.execute(&arguments).unwrap();
            assert_eq!(results[0].to_vec::<f32>().unwrap(), [84.0, 92.0, 100.0], "{}", mesh.describe());
            let doubled: Vec<f32> = w.iter().map(|x| 2.0 * x).collect();
            assert_eq!(results[1].to_vec::<f32>().unwrap(), doubled);
        }
    }
}

/// Two axes, the devices in another order, a dimension over both.
#[test]
fn parts_follow_the_order_of_the_mesh() {
    let text = r#"
module attributes {mhlo.num_replicas = 4 : i32, mhlo.num_partitions = 1 : i32} {
func.func public @main(%a: tensor<2xi32>) -> (tensor<2xi32>, tensor<1xui32>) {
  %0 = stablehlo.replica_id : tensor<ui32>
  %1 = stablehlo.reshape %0 : (tensor<ui32>) -> tensor<1xui32>
  return %a, %1 : tensor<2xi32>, tensor<1xui32>
}
}"#;
    let devices = Devices {
        form: Form::Replicas,
        mesh: vec![("x".to_owned(), 2), ("y".to_owned(), 2)],
        order: Some(vec![3, 1, 0, 2]),
        arguments: vec![cut(&[&["y", "x"]])],
        results: vec![cut(&[&["y", "x"]]), cut(&[&["x", "y"]])],
    };
    let i32s = |n| TensorType::new(ElementType::I32, vec![n]);
    let results = vec![i32s(8), TensorType::new(ElementType::Ui32, vec![4])];
    let signature = Signature { arguments: vec![i32s(8)], results };
    for mesh in meshes(&devices) {
        let program = mesh.compile(text.as_bytes(), &signature).unwrap();
        let numbers: Vec<i32> = (0..8).collect();
        let results = program.execute(&[HostTensor::from_slice(&[8], &numbers).unwrap()]).unwrap();
        assert_eq!(results[0].to_vec::<i32>().unwrap(), numbers);
        assert_eq!(results[1].to_f64().unwrap(), [3.0, 1.0, 0.0, 2.0], "the devices in the mesh's order");
    }
}

/// A cache that is cut over the devices, from step to step, in the memory it was in.
#[test]
fn state_stays_on_its_devices() {
    let text = r#"
module attributes {mhlo.num_replicas = 4 : i32, mhlo.num_partitions = 1 : i32} {
func.func public @main(%w: tensor<f32>, %s: tensor<2x3xf32> {tf.aliasing_output = 1 : i32}, %x: tensor<2x3xf32>) -> (tensor<f32>, tensor<2x3xf32>) {
  %0 = stablehlo.broadcast_in_dim %w, dims = [] : (tensor<f32>) -> tensor<2x3xf32>
  %1 = stablehlo.multiply %0, %x : tensor<2x3xf32>
  %2 = stablehlo.add %s, %1 : tensor<2x3xf32>
  return %w, %2 : tensor<f32>, tensor<2x3xf32>
}
}"#;
    let argument = |name: &str, role, shape: &[u64], alias_result| Argument {
        name: name.into(),
        role,
        dtype: ElementType::F32,
        shape: shape.to_vec(),
        alias_result,
    };
    let result = |name: &str, role, shape: &[u64]| ResultValue {
        name: name.into(),
        role,
        dtype: ElementType::F32,
        shape: shape.to_vec(),
    };
    let interface = Interface {
        arguments: vec![
            argument("w", ArgumentRole::Parameter, &[], None),
            argument("s", ArgumentRole::State, &[8, 3], Some(1)),
            argument("x", ArgumentRole::Input, &[8, 3], None),
        ],
        results: vec![result("y", ResultRole::Output, &[]), result("s", ResultRole::State, &[8, 3])],
    };
    let whole = cut(&[]);
    let rows = cut(&[&["x"], &[]]);
    let devices = Devices {
        arguments: vec![whole.clone(), rows.clone(), rows.clone()],
        results: vec![whole, rows],
        ..four(Form::Replicas)
    };
    assert_eq!(devices.check(&interface), Ok(()));
    for mesh in meshes(&devices) {
        let program = mesh.compile(text.as_bytes(), &Signature::from(&interface)).unwrap();
        let mut bound = program.bind(&interface, &[HostTensor::scalar(2f32)]).unwrap();
        let x = HostTensor::from_slice(&[8, 3], &[1.5f32; 24]).unwrap();
        for _ in 0..3 {
            let outputs = bound.step(&[&x]).unwrap();
            assert_eq!((outputs.len(), outputs[0].to_vec::<f32>().unwrap()), (1, vec![2.0]));
        }
        bound.reset().unwrap();
        assert_eq!(bound.step(&[&x]).unwrap().len(), 1);
    }
}

#[test]
fn a_plugin_with_too_few_devices_is_refused() {
    for client in support::clients(2) {
        let error = PjrtMesh::new(client, four(Form::Replicas)).unwrap_err().to_string();
        assert!(error.contains("is to run on 4 devices (mesh x=4)") && error.contains("has 2"), "{error}");
    }
}

/// A program whose results are not the parts that were described.
#[test]
fn results_of_another_shape_are_refused() {
    let signature =
        Signature { arguments: vec![f32s(&[8, 3]), f32s(&[8, 3])], results: vec![f32s(&[3]), f32s(&[8, 3])] };
    let wrong = Devices { results: vec![cut(&[&[]]), cut(&[&[], &[]])], ..four(Form::Replicas) };
    for mesh in meshes(&wrong) {
        let error = mesh.compile(REPLICAS.as_bytes(), &signature).err().unwrap().to_string();
        assert!(error.contains("tensor<2x3xf32>") && error.contains("tensor<8x3xf32>"), "{error}");
    }
}
