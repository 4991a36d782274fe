//! Programs on the real CPU plugins: values, types, donation, several devices, memory used in place.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hire_artifact::{ElementType, Tensor, TensorType, Weights, write_weights};
use hire_runtime::HostTensor;
use hire_runtime::pjrt::{Client, CompileOptions, LoadedExecutable, Placement};

fn compile(client: &Client, text: &str) -> LoadedExecutable {
    client.compile(text.as_bytes(), &CompileOptions::default()).unwrap()
}

fn run(client: &Client, text: &str, arguments: &[HostTensor]) -> Vec<HostTensor> {
    let program = compile(client, text);
    let buffers: Vec<_> =
        arguments.iter().map(|tensor| client.upload(tensor, 0, Placement::InPlace).unwrap()).collect();
    let buffers: Vec<_> = buffers.iter().collect();
    program.execute(&buffers, &[]).unwrap().iter().map(|buffer| buffer.to_host().unwrap()).collect()
}

#[test]
fn adds_and_multiplies() {
    let text = "
func.func public @main(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>, %c: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x3xf32>) {
  %0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3x2xf32>) -> tensor<2x2xf32>
  %1 = stablehlo.add %0, %c : tensor<2x2xf32>
  %2 = stablehlo.add %a, %a : tensor<2x3xf32>
  return %1, %2 : tensor<2x2xf32>, tensor<2x3xf32>
}";
    for client in support::clients(1) {
        let a = HostTensor::from_slice(&[2, 3], &[1f32, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
        let b = HostTensor::from_slice(&[3, 2], &[1f32, 0.0, 0.0, 1.0, 1.0, 1.0]).unwrap();
        let c = HostTensor::from_slice(&[2, 2], &[10f32, 20.0, 30.0, 40.0]).unwrap();
        let results = run(&client, text, &[a, b, c]);
        assert_eq!(results[0].to_vec::<f32>().unwrap(), [14.0, 25.0, 40.0, 51.0]);
        assert_eq!(results[1].to_vec::<f32>().unwrap(), [2.0, 4.0, 6.0, 8.0, 10.0, 12.0]);
        assert_eq!(client.platform_name().unwrap(), "cpu");
    }
}

/// Types that a plugin of an older XLA does not know yet.
const REFUSED_BY_OLDER_PLUGINS: &[ElementType] = &[ElementType::F6E2M3FN, ElementType::F6E3M2FN];

#[test]
fn every_element_type_passes_through_unchanged() {
    for client in support::clients(1) {
        for dtype in ElementType::all() {
            let ty = TensorType::new(dtype, [3, 5]);
            let text = format!("func.func public @main(%a: {ty}) -> {ty} {{ return %a : {ty} }}");
            let program = match client.compile(text.as_bytes(), &CompileOptions::default()) {
                Ok(program) => program,
                Err(_) if REFUSED_BY_OLDER_PLUGINS.contains(&dtype) => continue,
                Err(error) => panic!("{dtype}: {error}"),
            };
            let mask = if dtype == ElementType::I1 { 1 } else { ((1u32 << dtype.bits().min(8)) - 1) as u8 };
            let bytes: Vec<u8> =
                (0..ty.host_bytes().unwrap()).map(|i| (i as u8).wrapping_mul(37).wrapping_add(3) & mask).collect();
            let tensor = HostTensor::new(ty.clone(), bytes).unwrap();
            let buffer = client.upload(&tensor, 0, Placement::Copied).unwrap();
            let result = program.execute(&[&buffer], &[]).unwrap()[0].to_host().unwrap();
            assert_eq!(result, tensor);
        }
    }
}

#[test]
fn nibbles_compute() {
    let text = "
func.func public @main(%a: tensor<5xi4>) -> (tensor<5xf32>, tensor<5xi4>) {
  %0 = stablehlo.convert %a : (tensor<5xi4>) -> tensor<5xf32>
  %1 = stablehlo.negate %a : tensor<5xi4>
  return %0, %1 : tensor<5xf32>, tensor<5xi4>
}";
    for client in support::clients(1) {
        let a = HostTensor::new(TensorType::new(ElementType::I4, [5]), vec![1, 2, 7, 8, 15]).unwrap();
        let results = run(&client, text, &[a]);
        assert_eq!(results[0].to_vec::<f32>().unwrap(), [1.0, 2.0, 7.0, -8.0, -1.0]);
        assert_eq!(results[1].to_f64().unwrap(), [-1.0, -2.0, -7.0, -8.0, 1.0]);
    }
}

/// Writes `%row` into row 1 of the cache, in place.
const UPDATE: &str = "
func.func public @main(%cache: tensor<4x16xf32> {tf.aliasing_output = 0 : i32}, %row: tensor<1x16xf32>) -> tensor<4x16xf32> {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %0 = stablehlo.dynamic_update_slice %cache, %row, %one, %zero : (tensor<4x16xf32>, tensor<1x16xf32>, tensor<i32>, tensor<i32>) -> tensor<4x16xf32>
  return %0 : tensor<4x16xf32>
}";

fn row(value: f32) -> HostTensor {
    HostTensor::from_slice(&[1, 16], &[value; 16]).unwrap()
}

#[test]
fn a_donated_buffer_gives_its_memory_to_the_result() {
    for client in support::clients(1) {
        let program = compile(&client, UPDATE);
        let cache = client.upload_zeros(&TensorType::new(ElementType::F32, [4, 16]), 0).unwrap();
        let row = client.upload(&row(3.0), 0, Placement::Copied).unwrap();
        let address = cache.address().unwrap();
        let result = program.execute(&[&cache, &row], &[]).unwrap().pop().unwrap();
        assert_eq!(result.address().unwrap(), address);
        assert!(cache.is_deleted().unwrap() && !row.is_deleted().unwrap());
        assert_eq!(
            result.to_host().unwrap().to_vec::<f32>().unwrap()[12..20],
            [0.0, 0.0, 0.0, 0.0, 3.0, 3.0, 3.0, 3.0]
        );
    }
}

#[test]
fn a_kept_or_borrowed_buffer_is_copied_instead_of_donated() {
    for client in support::clients(1) {
        let program = compile(&client, UPDATE);
        let host = HostTensor::zeros(TensorType::new(ElementType::F32, [4, 16])).unwrap();
        let row = client.upload(&row(3.0), 0, Placement::Copied).unwrap();
        for (placement, keep) in [(Placement::Copied, [0].as_slice()), (Placement::InPlace, [].as_slice())] {
            let cache = client.upload(&host, 0, placement).unwrap();
            let result = program.execute(&[&cache, &row], keep).unwrap().pop().unwrap();
            assert_ne!(result.address().unwrap(), cache.address().unwrap());
            assert!(!cache.is_deleted().unwrap());
            assert_eq!(cache.to_host().unwrap(), host, "the donor's memory was not written to");
            assert_eq!(result.to_host().unwrap().to_vec::<f32>().unwrap()[16], 3.0);
        }
    }
}

#[test]
fn aligned_memory_is_used_in_place_and_outlives_its_tensor() {
    for client in support::clients(1) {
        let host = HostTensor::from_slice(&[4, 16], &[7f32; 64]).unwrap();
        let address = host.bytes().as_ptr() as usize;
        let buffer = client.upload(&host, 0, Placement::InPlace).unwrap();
        drop(host);
        assert_eq!(buffer.address().unwrap(), address);
        assert_eq!(buffer.to_host().unwrap().to_vec::<f32>().unwrap(), [7.0; 64]);

        let bytes = HostTensor::from_slice(&[260], &[1u8; 260]).unwrap().bytes().slice(4..);
        let unaligned = HostTensor::new(TensorType::new(ElementType::F32, [64]), bytes).unwrap();
        let buffer = client.upload(&unaligned, 0, Placement::InPlace).unwrap();
        assert!(!buffer.is_borrowed());
        assert_ne!(buffer.address().unwrap(), unaligned.bytes().as_ptr() as usize);
    }
}

/// Zeros that say when they are given back.
struct Watched(HostTensor, Arc<AtomicBool>);

impl AsRef<[u8]> for Watched {
    fn as_ref(&self) -> &[u8] {
        self.0.bytes()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.1.store(true, Ordering::SeqCst);
    }
}

#[test]
fn memory_used_in_place_is_given_back_after_the_buffer_and_not_before() {
    let ty = TensorType::new(ElementType::F32, [1024]);
    for client in support::clients(1) {
        let given_back = Arc::new(AtomicBool::new(false));
        let watched = Watched(HostTensor::zeros(ty.clone()).unwrap(), Arc::clone(&given_back));
        let tensor = HostTensor::new(ty.clone(), bytes::Bytes::from_owner(watched)).unwrap();
        let buffer = client.upload(&tensor, 0, Placement::InPlace).unwrap();
        drop(tensor);
        assert_eq!(buffer.to_host().unwrap().to_vec::<f32>().unwrap(), [0.0; 1024]);
        assert!(!given_back.load(Ordering::SeqCst));
        drop(buffer);
        let deadline = Instant::now() + Duration::from_secs(10);
        while !given_back.load(Ordering::SeqCst) {
            assert!(Instant::now() < deadline, "the plugin never gave the memory back");
            std::thread::yield_now();
        }
    }
}

#[test]
fn empty_tensors_pass_through() {
    let text = "func.func public @main(%a: tensor<0x3xf32>) -> tensor<0x3xf32> { return %a : tensor<0x3xf32> }";
    for client in support::clients(1) {
        let empty = HostTensor::zeros(TensorType::new(ElementType::F32, [0, 3])).unwrap();
        assert_eq!(run(&client, text, std::slice::from_ref(&empty)), [empty]);
    }
}

#[test]
fn a_mapped_weights_file_is_used_in_place() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("weights.safetensors");
    let tensors: Vec<(String, Tensor)> = [3u64, 64, 5]
        .iter()
        .map(|&len| {
            (format!("w{len}"), Tensor::from(&HostTensor::from_slice(&[len], &vec![len as f32; len as usize]).unwrap()))
        })
        .collect();
    let mut file = std::fs::File::create(&path).unwrap();
    write_weights(&mut file, tensors.iter().map(|(name, tensor)| (name.as_str(), tensor))).unwrap();
    let weights = Weights::open(&path).unwrap();
    for client in support::clients(1) {
        let tensors: Vec<HostTensor> = weights.iter().map(|(_, tensor)| HostTensor::from(tensor)).collect();
        for tensor in &tensors {
            let buffer = client.upload(tensor, 0, Placement::InPlace).unwrap();
            assert_eq!(buffer.address().unwrap(), tensor.bytes().as_ptr() as usize, "{tensor:?}");
        }
        let text = "
func.func public @main(%a: tensor<3xf32>, %b: tensor<64xf32>, %c: tensor<5xf32>) -> tensor<3xf32> {
  %0 = stablehlo.slice %b [61:64] : (tensor<64xf32>) -> tensor<3xf32>
  %1 = stablehlo.slice %c [0:3] : (tensor<5xf32>) -> tensor<3xf32>
  %2 = stablehlo.add %a, %0 : tensor<3xf32>
  %3 = stablehlo.add %2, %1 : tensor<3xf32>
  return %3 : tensor<3xf32>
}";
        let named = |name: &str| HostTensor::from(weights.get(name).unwrap());
        let sum = run(&client, text, &[named("w3"), named("w64"), named("w5")]);
        assert_eq!(sum[0].to_vec::<f32>().unwrap(), [72.0; 3]);
    }
}

#[test]
fn four_devices_gather_each_others_values() {
    let text = "
func.func public @main(%a: tensor<1xf32>) -> tensor<4xf32> {
  %0 = \"stablehlo.all_gather\"(%a) <{all_gather_dim = 0 : i64, replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>}> : (tensor<1xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}";
    for client in support::clients(4) {
        assert_eq!(client.device_count(), 4);
        let program = client.compile(text.as_bytes(), &CompileOptions::replicated(4)).unwrap();
        let inputs: Vec<_> = (0..4)
            .map(|device| {
                let value = HostTensor::from_slice(&[1], &[device as f32]).unwrap();
                client.upload(&value, device, Placement::Copied).unwrap()
            })
            .collect();
        let lists: Vec<Vec<_>> = inputs.iter().map(|buffer| vec![buffer]).collect();
        let lists: Vec<&[_]> = lists.iter().map(Vec::as_slice).collect();
        for results in program.execute_replicated(&lists, &[]).unwrap() {
            assert_eq!(results[0].to_host().unwrap().to_vec::<f32>().unwrap(), [0.0, 1.0, 2.0, 3.0]);
        }
    }
}

#[test]
fn buffers_and_programs_outlive_their_client_handle_and_cross_threads() {
    for client in support::clients(1) {
        let program = compile(
            &client,
            "func.func public @main(%a: tensor<2xf32>) -> tensor<2xf32> { return %a : tensor<2xf32> }",
        );
        let input = client.upload(&HostTensor::from_slice(&[2], &[1f32, 2.0]).unwrap(), 0, Placement::InPlace).unwrap();
        drop(client);
        let thread = std::thread::spawn(move || program.execute(&[&input], &[]).unwrap().pop().unwrap());
        assert_eq!(thread.join().unwrap().to_host().unwrap().to_vec::<f32>().unwrap(), [1.0, 2.0]);
    }
}
