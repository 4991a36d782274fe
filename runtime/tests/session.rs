//! Models run step by step from artifacts, on the real CPU plugins, and every way to misuse a session.

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use hire_artifact::manifest::{self, BytesPerStep, ModelId, ProgramFile, WeightsFile};
use hire_artifact::{
    Argument, ArgumentRole, Artifact, ArtifactWriter, Check, Interface, Manifest, ResultRole, ResultValue, Tensor,
    Weights, write_weights,
};
use hire_runtime::pjrt::PjrtDevice;
use hire_runtime::{Device, ElementType, Error, HostTensor, Session, Signature, Target, TensorType};

/// Adds `w` to the running total, and gives back the total times the input.
const MODEL: &str = "
func.func public @main(%w: tensor<4xf32>, %total: tensor<4xf32> {tf.aliasing_output = 1 : i32}, %x: tensor<4xf32>, %n: tensor<i32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<i32>) {
  %0 = stablehlo.add %total, %w : tensor<4xf32>
  %1 = stablehlo.multiply %0, %x : tensor<4xf32>
  %2 = stablehlo.add %n, %n : tensor<i32>
  return %1, %0, %2 : tensor<4xf32>, tensor<4xf32>, tensor<i32>
}";

fn argument(name: &str, role: ArgumentRole, ty: TensorType, alias_result: Option<usize>) -> Argument {
    Argument { name: name.into(), role, dtype: ty.dtype, shape: ty.shape, alias_result }
}

fn result(name: &str, role: ResultRole, ty: TensorType) -> ResultValue {
    ResultValue { name: name.into(), role, dtype: ty.dtype, shape: ty.shape }
}

fn vector() -> TensorType {
    TensorType::new(ElementType::F32, [4])
}

fn scalar() -> TensorType {
    TensorType::new(ElementType::I32, [])
}

fn interface() -> Interface {
    Interface {
        arguments: vec![
            argument("params['w']", ArgumentRole::Parameter, vector(), None),
            argument("total", ArgumentRole::State, vector(), Some(1)),
            argument("x", ArgumentRole::Input, vector(), None),
            argument("n", ArgumentRole::Input, scalar(), None),
        ],
        results: vec![
            result("y", ResultRole::Output, vector()),
            result("total", ResultRole::State, vector()),
            result("m", ResultRole::Output, scalar()),
        ],
    }
}

fn values(values: [f32; 4]) -> HostTensor {
    HostTensor::from_slice(&[4], &values).unwrap()
}

fn weights_file(directory: &Path, name: &str, tensor: &HostTensor) -> Weights {
    let path = directory.join("weights.safetensors");
    let mut file = std::fs::File::create(&path).unwrap();
    write_weights(&mut file, [(name, &Tensor::from(tensor))]).unwrap();
    Weights::open(&path).unwrap()
}

fn devices() -> Vec<PjrtDevice> {
    support::clients(1).into_iter().map(PjrtDevice::new).collect()
}

fn write_artifact(output: &Path) {
    let mut writer = ArtifactWriter::create(output).unwrap();
    writer.add(manifest::PROGRAM, MODEL.as_bytes()).unwrap();
    let tensor = Tensor::from(&values([1.0, 2.0, 3.0, 4.0]));
    writer.add_with(manifest::WEIGHTS, |out| write_weights(out, [("params['w']", &tensor)])).unwrap();
    let Interface { arguments, results } = interface();
    let manifest = Manifest {
        format: manifest::FORMAT.into(),
        version: manifest::VERSION,
        producer: "test".into(),
        target: Target::Pjrt("cpu".into()),
        model: ModelId { name: "accumulator".into(), fingerprint: "sha256:00".into() },
        program: ProgramFile { file: manifest::PROGRAM.into(), entry: "main".into() },
        weights: Some(WeightsFile { file: manifest::WEIGHTS.into() }),
        arguments,
        results,
        bytes_per_step: BytesPerStep { total: 16, dense_total: 16 },
        sites: Vec::new(),
        devices: None,
        ahead: None,
        head: None,
        files: BTreeMap::new(),
    };
    writer.finish(manifest).unwrap();
}

#[test]
fn state_moves_on_from_step_to_step_until_reset() {
    let directory = tempfile::tempdir().unwrap();
    write_artifact(&directory.path().join("model"));
    let artifact = Artifact::open(&directory.path().join("model"), Check::Digests).unwrap();
    for device in devices() {
        let mut session = Session::load(&device, &artifact).unwrap();
        assert_eq!(session.inputs().map(|input| input.name.as_str()).collect::<Vec<_>>(), ["x", "n"]);
        assert_eq!(session.outputs().map(|output| output.name.as_str()).collect::<Vec<_>>(), ["y", "m"]);
        for run in 0..2 {
            for step in 1..=3 {
                let (x, n) = (values([10.0; 4]), HostTensor::scalar(step));
                let outputs = session.step(&[("n", &n), ("x", &x)]).unwrap();
                let total = step as f32 * 10.0;
                assert_eq!(outputs[0], values([total, 2.0 * total, 3.0 * total, 4.0 * total]), "run {run} step {step}");
                assert_eq!(outputs[1], HostTensor::scalar(2 * step));
            }
            session.reset().unwrap();
        }
    }
}

#[test]
fn a_program_runs_once_without_a_session() {
    for device in devices() {
        let program = device.compile(MODEL.as_bytes(), &Signature::from(&interface())).unwrap();
        let arguments = [values([1.0; 4]), values([2.0; 4]), values([3.0; 4]), HostTensor::scalar(5)];
        // The second argument is donated by the program; what the caller gave must not change.
        for _ in 0..2 {
            let results = program.execute(&arguments).unwrap();
            assert_eq!(results, [values([9.0; 4]), values([3.0; 4]), HostTensor::scalar(10)]);
        }
        insta::assert_snapshot!("argument_count", program.execute(&arguments[..3]).unwrap_err());
        let wrong = [arguments[0].clone(), arguments[1].clone(), HostTensor::scalar(1f32), arguments[3].clone()];
        insta::assert_snapshot!("argument_type", program.execute(&wrong).unwrap_err());
    }
}

#[test]
fn inputs_that_do_not_fit_are_refused_and_the_session_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let weights = weights_file(directory.path(), "params['w']", &values([1.0; 4]));
    for device in devices() {
        let mut session = Session::new(&device, MODEL.as_bytes(), interface(), Some(&weights)).unwrap();
        let (x, n) = (values([1.0; 4]), HostTensor::scalar(1));
        insta::assert_snapshot!("unknown_input", session.step(&[("token", &n)]).unwrap_err());
        insta::assert_snapshot!("repeated_input", session.step(&[("x", &x), ("x", &x)]).unwrap_err());
        insta::assert_snapshot!("missing_input", session.step(&[("x", &x)]).unwrap_err());
        insta::assert_snapshot!("input_type", session.step(&[("x", &n), ("n", &n)]).unwrap_err());
        assert_eq!(session.step(&[("x", &x), ("n", &n)]).unwrap()[0], values([1.0; 4]));
    }
}

#[test]
fn weights_that_do_not_fit_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let Some(device) = devices().pop() else { return };
    let fails = |interface: Interface, weights: Option<&Weights>| {
        let error = Session::new(&device, MODEL.as_bytes(), interface, weights).map(|_| ()).unwrap_err();
        error.to_string().replace(&directory.path().display().to_string(), "<dir>")
    };
    insta::assert_snapshot!("no_weights", fails(interface(), None));
    let other = weights_file(directory.path(), "params['v']", &values([1.0; 4]));
    insta::assert_snapshot!("missing_weight", fails(interface(), Some(&other)));
    let wrong = weights_file(directory.path(), "params['w']", &HostTensor::from_slice(&[2, 2], &[1f32; 4]).unwrap());
    insta::assert_snapshot!("weight_type", fails(interface(), Some(&wrong)));
    let mut many = interface();
    many.arguments.push(argument("params['b']", ArgumentRole::Parameter, vector(), None));
    insta::assert_snapshot!("several_weights", fails(many, Some(&wrong)));
}

#[test]
fn a_description_that_is_not_the_programs_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let weights = weights_file(directory.path(), "params['w']", &values([1.0; 4]));
    let Some(device) = devices().pop() else { return };
    let fails = |interface| Session::new(&device, MODEL.as_bytes(), interface, Some(&weights)).map(|_| ()).unwrap_err();
    let mut swapped = interface();
    swapped.results[2].dtype = ElementType::F32;
    insta::assert_snapshot!("results", fails(swapped));
    let mut inconsistent = interface();
    inconsistent.arguments[1].alias_result = Some(0);
    insta::assert_snapshot!("interface", fails(inconsistent));
    let error = hire_runtime::open(&Target::StableHlo).map(|_| ()).unwrap_err();
    insta::assert_snapshot!("no_device", error);
}

#[test]
fn a_failed_step_loses_the_state_until_reset() {
    let directory = tempfile::tempdir().unwrap();
    let weights = weights_file(directory.path(), "params['w']", &values([1.0; 4]));
    for device in devices() {
        // The description has one input more than the program, which only running it shows.
        let mut described = interface();
        described.arguments.push(argument("extra", ArgumentRole::Input, scalar(), None));
        let mut session = Session::new(&device, MODEL.as_bytes(), described, Some(&weights)).unwrap();
        let (x, n) = (values([1.0; 4]), HostTensor::scalar(1));
        let inputs = [("x", &x), ("n", &n), ("extra", &n)];
        assert!(matches!(session.step(&inputs), Err(Error::Pjrt(_))));
        insta::assert_snapshot!("state_lost", session.step(&inputs).unwrap_err());
        session.reset().unwrap();
        assert!(matches!(session.step(&inputs), Err(Error::Pjrt(_))));
    }
}
