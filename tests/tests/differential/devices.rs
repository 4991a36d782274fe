//! Collectives: four replicas on the plugin's devices against four in the interpreter, each with arguments of its own.

use hire_compiler::eval::{Options, Tensor, Value, evaluate_grid};
use hire_compiler::front::text::parse;
use hire_compiler::valid::verify;
use hire_runtime::HostTensor;
use hire_runtime::pjrt::{Client, CompileOptions, OptionValue, Placement, Plugin};

use crate::compare::{Tolerance, distance};
use crate::data::{Fill, bytes_for};
use crate::refused::listed;
use crate::{buffer_type, main_of, plugins};

const REPLICAS: usize = 4;

/// A module's only function, `@main`, of one argument.
struct Case {
    name: String,
    text: String,
    tolerance: Tolerance,
}

fn case(name: &str, element: &str, shapes: [&str; 2], op: &str, tolerance: Tolerance) -> Case {
    let [from, to] = shapes.map(|shape| format!("tensor<{shape}x{element}>"));
    let op = op.replace("ELEMENT", &format!("tensor<{element}>"));
    let text = format!(
        "func.func public @main(%a: {from}) -> {to} {{\n  %r = {op} : ({from}) -> {to}\n  return %r : {to}\n}}\n"
    );
    Case { name: format!("{name} {element}"), text, tolerance }
}

/// Ways to divide four processes into groups.
const GROUPS: [(&str, &str); 4] = [
    ("all", "dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>"),
    ("neighbours", "dense<[[0, 1], [2, 3]]> : tensor<2x2xi64>"),
    ("apart", "dense<[[0, 2], [3, 1]]> : tensor<2x2xi64>"),
    ("alone", "dense<[[0], [1], [2], [3]]> : tensor<4x1xi64>"),
];

fn reducer(op: &str) -> String {
    format!(
        "({{\n  ^bb0(%x: ELEMENT, %y: ELEMENT):\n    %s = stablehlo.{op} %x, %y : ELEMENT\n    stablehlo.return %s : ELEMENT\n  }})"
    )
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for element in ["f32", "f64", "i32", "ui8", "bf16"] {
        // Sums of numbers in [-1, 1) in another order.
        let sum = match element {
            "f32" => Tolerance::Relative(4e-7),
            "f64" => Tolerance::Relative(1e-15),
            "bf16" => Tolerance::Relative(2e-2),
            _ => Tolerance::Bits,
        };
        for (which, groups) in GROUPS {
            let size = if which == "all" {
                4
            } else if which == "alone" {
                1
            } else {
                2
            };
            let (wide, narrow) = (format!("2x{}", 4 * size), format!("2x{}", 4 / size));
            let mut add = |op: &str, shapes: [&str; 2], body: String, tolerance| {
                cases.push(case(&format!("{op} {which}"), element, shapes, &body, tolerance));
            };
            let body = format!("\"stablehlo.all_gather\"(%a) {{all_gather_dim = 1 : i64, replica_groups = {groups}}}");
            add("all_gather", ["2x4", &wide], body, Tolerance::Bits);
            for (op, tolerance) in [("add", sum), ("maximum", Tolerance::Bits)] {
                let body = format!("\"stablehlo.all_reduce\"(%a) {} {{replica_groups = {groups}}}", reducer(op));
                add(&format!("all_reduce of {op}"), ["2x4", "2x4"], body, tolerance);
            }
            let body = format!(
                "\"stablehlo.reduce_scatter\"(%a) {} {{scatter_dimension = 1 : i64, replica_groups = {groups}}}",
                reducer("add")
            );
            add("reduce_scatter", ["2x4", &narrow], body, sum);
            let body = format!(
                "\"stablehlo.all_to_all\"(%a) {{split_dimension = 0 : i64, concat_dimension = 1 : i64, split_count = {size} : i64, replica_groups = {groups}}}"
            );
            add("all_to_all", ["4x2", &format!("{}x{}", 4 / size, 2 * size)], body, Tolerance::Bits);
        }
        for pairs in ["[[0, 1], [1, 2], [2, 3], [3, 0]]", "[[0, 2], [3, 1]]"] {
            let count = pairs.matches("], [").count() + 1;
            let op = format!(
                "\"stablehlo.collective_permute\"(%a) {{source_target_pairs = dense<{pairs}> : tensor<{count}x2xi64>}}"
            );
            cases.push(case(&format!("collective_permute {pairs}"), element, ["2x3", "2x3"], &op, Tolerance::Bits));
        }
        let op = "\"stablehlo.collective_broadcast\"(%a) {replica_groups = dense<[[2, 0], [1, 3]]> : tensor<2x2xi64>}";
        cases.push(case("collective_broadcast", element, ["2x3", "2x3"], op, Tolerance::Bits));
        let op = "\"stablehlo.cross-replica-sum\"(%a) {replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>}";
        cases.push(case("cross-replica-sum", element, ["2x3", "2x3"], op, sum));
    }
    for (name, op) in [("replica_id", "stablehlo.replica_id"), ("partition_id", "stablehlo.partition_id")] {
        let text = format!(
            "func.func public @main(%a: tensor<ui32>) -> tensor<ui32> {{\n  %i = {op} : tensor<ui32>\n  \
             %r = stablehlo.add %a, %i : tensor<ui32>\n  return %r : tensor<ui32>\n}}\n"
        );
        cases.push(Case { name: name.to_owned(), text, tolerance: Tolerance::Bits });
    }
    cases
}

/// Runs a case on both; the error of a plugin that refuses it, or what differs.
fn run(client: &Client, case: &Case) -> Result<Option<String>, String> {
    let module = parse(&case.text).unwrap_or_else(|error| panic!("{}: {error}\n{}", case.name, case.text));
    verify(&module).unwrap_or_else(|error| panic!("{}: {error}\n{}", case.name, case.text));
    let program =
        client.compile(case.text.as_bytes(), &CompileOptions::replicated(REPLICAS)).map_err(|e| e.to_string())?;
    let input = &main_of(&module).ty.inputs[0];
    let ty = buffer_type(input);
    let bytes: Vec<Vec<u8>> = (0..REPLICAS as u64).map(|replica| bytes_for(&ty, &Fill::Unit, replica)).collect();
    let buffers: Vec<_> = bytes
        .iter()
        .enumerate()
        .map(|(device, bytes)| {
            let host = HostTensor::new(ty.clone(), bytes.clone()).expect("the bytes fit");
            client.upload(&host, device, Placement::Copied).expect("arguments can be placed")
        })
        .collect();
    let lists: Vec<Vec<_>> = buffers.iter().map(|buffer| vec![buffer]).collect();
    let lists: Vec<&[_]> = lists.iter().map(Vec::as_slice).collect();
    let theirs = program.execute_replicated(&lists, &[]).map_err(|e| e.to_string())?;
    let tensor = input.as_tensor().expect("the argument is a tensor");
    let args = bytes.into_iter().map(|bytes| vec![Value::Tensor(Tensor::new(tensor, bytes).expect("the bytes fit"))]);
    let programs = vec![vec!["main".to_owned()]; REPLICAS];
    let ours = evaluate_grid(&module, &programs, args.collect(), &Options::default());
    let ours = ours.unwrap_or_else(|error| panic!("{}: {error}\n{}", case.name, case.text));
    for (replica, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        let theirs = theirs[0].to_host().map_err(|e| e.to_string())?;
        let ours = ours[0].as_tensor().expect("results are tensors");
        let (found, place) = distance(theirs.dtype(), ours.bytes(), theirs.bytes(), case.tolerance);
        if found > case.tolerance.limit() {
            return Ok(Some(format!("{}, replica {replica}: {place}", case.name)));
        }
    }
    Ok(None)
}

#[test]
fn collectives_give_what_the_plugins_devices_do() {
    let cases = cases();
    for path in plugins() {
        let plugin = Plugin::load(&path).unwrap_or_else(|error| panic!("{error}"));
        let options = [("cpu_device_count", OptionValue::Integer(REPLICAS as i64))];
        let client = Client::create(&plugin, &options).unwrap_or_else(|error| panic!("{error}"));
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut wrong = Vec::new();
        for case in &cases {
            match (run(&client, case), listed(&case.name, &stem)) {
                (Ok(different), None) => wrong.extend(different),
                (Err(error), None) => wrong.push(format!("{} is refused: {error}", case.name)),
                (Ok(_), Some(_)) => wrong.push(format!("{} is listed as refused, but is taken", case.name)),
                (Err(error), Some(entry)) => match entry.says.filter(|says| error.contains(says)) {
                    Some(_) => println!("{}: refused: {}", case.name, entry.reason),
                    None => wrong.push(format!("{} is refused, but not as listed: {error}", case.name)),
                },
            }
        }
        println!("{}: {} cases on {REPLICAS} devices", path.display(), cases.len());
        assert!(
            wrong.is_empty(),
            "{}: {} of {} cases:\n{}",
            path.display(),
            wrong.len(),
            cases.len(),
            wrong.join("\n")
        );
    }
}

/// The operations that have a case here.
pub(crate) fn operations() -> Vec<hire_compiler::ir::Opcode> {
    let mut found = Vec::new();
    for case in cases() {
        let module = parse(&case.text).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let main = main_of(&module);
        main.walk(|_, op| found.push(main.ops[op].opcode));
    }
    found
}
