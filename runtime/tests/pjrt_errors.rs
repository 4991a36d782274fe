//! What a user reads when a plugin or a program is bad. Every message is a snapshot.

mod support;

use std::path::Path;

use hire_artifact::{ElementType, TensorType};
use hire_runtime::HostTensor;
use hire_runtime::pjrt::{self, Client, CompileOptions, OptionValue, Placement, Plugin};

const IDENTITY: &str = "func.func public @main(%a: tensor<2xf32>) -> tensor<2xf32> { return %a : tensor<2xf32> }";
const UPDATE: &str = "
func.func public @main(%a: tensor<2xf32> {tf.aliasing_output = 0 : i32}, %b: tensor<2xf32>) -> tensor<2xf32> {
  %0 = stablehlo.add %a, %b : tensor<2xf32>
  return %0 : tensor<2xf32>
}";

/// The message with `path` replaced by `<path>`.
fn hide(error: &pjrt::Error, path: &Path) -> String {
    error.to_string().replace(&path.canonicalize().unwrap_or(path.to_owned()).display().to_string(), "<path>")
}

#[test]
fn a_name_without_a_plugin() {
    let error = pjrt::find("no-such-device").unwrap_err();
    let text = error.to_string();
    let directory = std::env::current_dir().unwrap();
    let executable = std::env::current_exe().unwrap();
    let text = text
        .replace(&executable.parent().unwrap().display().to_string(), "<executable>")
        .replace(&directory.display().to_string(), "<current>");
    insta::assert_snapshot!(text);
}

#[test]
fn files_that_are_no_plugin() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing.so");
    insta::assert_snapshot!("missing", hide(&Plugin::load(&missing).unwrap_err(), &missing));

    let text = directory.path().join("text.so");
    std::fs::write(&text, "not a library").unwrap();
    insta::assert_snapshot!("not_a_library", hide(&Plugin::load(&text).unwrap_err(), &text));

    let library = ["/lib/x86_64-linux-gnu/libm.so.6", "/usr/lib64/libm.so.6", "/lib/aarch64-linux-gnu/libm.so.6"]
        .iter()
        .map(Path::new)
        .find(|path| path.exists());
    let library = library.expect("a C library's libm.so.6 in one of its usual places");
    insta::assert_snapshot!("not_a_plugin", hide(&Plugin::load(library).unwrap_err(), library));
}

#[test]
fn a_refused_option_and_an_unknown_device() {
    for path in support::plugins() {
        let plugin = Plugin::load(&path).unwrap();
        match Client::create(&plugin, &[("no_such_option", OptionValue::Bool(true))]) {
            // Older plugins ignore options they do not know.
            Ok(client) => assert!(plugin.api_version().1 < 110 && client.device_count() > 0),
            Err(error) => insta::assert_snapshot!("refused_option", hide(&error, &path)),
        }
        let client = Client::create(&plugin, &[("cpu_device_count", OptionValue::Integer(1))]).unwrap();
        let tensor = HostTensor::scalar(1f32);
        insta::assert_snapshot!("no_such_device", client.upload(&tensor, 1, Placement::Copied).unwrap_err());
        let error = client.compile(IDENTITY.as_bytes(), &CompileOptions::replicated(2)).unwrap_err();
        insta::assert_snapshot!("too_few_devices", error);
    }
}

#[test]
fn programs_that_do_not_compile() {
    for client in support::clients(1) {
        let compile = |text: &[u8]| client.compile(text, &CompileOptions::default()).unwrap_err().to_string();
        let unknown_op = compile(b"func.func public @main() -> tensor<f32> {\n  %0 = stablehlo.nonsense : tensor<f32>\n  return %0 : tensor<f32>\n}");
        let head = "the PJRT plugin (cpu) cannot compile the program: ";
        assert!(unknown_op.starts_with(head) && unknown_op.contains("stablehlo.nonsense"), "{unknown_op}");
        for text in [b"".as_slice(), b"\0\xff garbage", b"module {", b"ML\xefR\x0dStableHLO_v1.0.0"] {
            let message = compile(text);
            assert!(message.starts_with(head) && message.contains("remedy: "), "{message}");
        }
    }
}

#[test]
fn arguments_that_do_not_fit() {
    let clients = support::clients(1);
    for client in &clients {
        let program = client.compile(UPDATE.as_bytes(), &CompileOptions::default()).unwrap();
        let upload = |values: &[f32]| {
            let tensor = HostTensor::from_slice(&[values.len() as u64], values).unwrap();
            client.upload(&tensor, 0, Placement::Copied).unwrap()
        };
        let (a, b, large) = (upload(&[1.0, 2.0]), upload(&[3.0, 4.0]), upload(&[0.0; 64]));
        for bad in [[].as_slice(), &[&a], &[&a, &b, &b], &[&a, &large], &[&a, &a]] {
            let result = program.execute(bad, &[]).and_then(|results| results[0].wait());
            assert!(result.is_err(), "{bad:?} was accepted");
        }
        let (a, b) = (upload(&[1.0, 2.0]), upload(&[3.0, 4.0]));
        assert_eq!(program.execute(&[&a, &b], &[]).unwrap()[0].to_host().unwrap().to_vec::<f32>().unwrap(), [4.0, 6.0]);
        assert!(a.to_host().is_err() && a.wait().is_err(), "a donated buffer cannot be read");
        assert!(program.execute(&[&a, &b], &[]).is_err(), "nor used again");
        insta::assert_snapshot!("lists_for_two_devices", program.execute_replicated(&[&[], &[]], &[]).unwrap_err());
    }
    if let [first, second, ..] = clients.as_slice() {
        let program = first.compile(IDENTITY.as_bytes(), &CompileOptions::default()).unwrap();
        let foreign = second.upload_zeros(&TensorType::new(ElementType::F32, [2]), 0).unwrap();
        insta::assert_snapshot!("foreign_buffer", program.execute(&[&foreign], &[]).unwrap_err());
    }
}
