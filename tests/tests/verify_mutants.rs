//! The verifier neither panics nor hangs on what the parser can read, however senseless.
//!
//! Modules of the corpora are changed at random: numbers, words and types are exchanged for others,
//! pieces of text dropped or doubled. What still parses is verified. The seed is fixed;
//! `HIRE_MUTANTS` asks for another number of mutants of each module.

use std::time::{Duration, Instant};

use hire_compiler::diag::Source;
use hire_compiler::front::text::parse;
use hire_compiler::valid::verify;
use hire_tests::{mlir_files, workspace};

/// Longest time that a small module may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A xorshift generator.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }

    fn choose<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const NUMBERS: &[&str] =
    &["0", "1", "-1", "2", "3", "7", "64", "4294967296", "9223372036854775807", "-9223372036854775808"];
const WORDS: &[&str] =
    &["?", "true", "index", "i1", "i32", "ui8", "f32", "f64", "bf16", "complex<f32>", "!stablehlo.token"];
const TYPES: &[&str] = &[
    "tensor<f32>",
    "tensor<?xi32>",
    "tensor<*xf32>",
    "tensor<0x2xf32>",
    "tensor<?x2xf32, #stablehlo.bounds<3, ?>>",
    "tensor<2x!quant.uniform<i8:f32:0, {1.0, 2.0}>>",
    "tuple<tensor<f32>, !stablehlo.token>",
    "!stablehlo.token",
    "memref<2xf32>",
];

/// Words, numbers, single characters and spaces.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let class = |c: char| match c {
        c if c.is_alphanumeric() || matches!(c, '_' | '.' | '#' | '%' | '@' | '-') => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut last = 2;
    for c in text.chars() {
        match pieces.last_mut() {
            Some(piece) if class(c) == last && last != 2 => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        last = class(c);
    }
    pieces
}

/// A changed copy of a text.
fn mutant(pieces: &[String], random: &mut Random) -> String {
    let mut pieces = pieces.to_vec();
    for _ in 0..1 + random.below(3) {
        let at = random.below(pieces.len());
        let Some(near) = (at..pieces.len()).find(|&i| !pieces[i].trim().is_empty()) else { continue };
        let number = (near..pieces.len()).find(|&i| pieces[i].parse::<i64>().is_ok());
        let tensor = (near..pieces.len()).find(|&i| pieces[i] == "tensor");
        match (random.below(6), number, tensor) {
            (0 | 1, Some(i), _) => pieces[i] = random.choose(NUMBERS).to_owned(),
            (2, _, Some(i)) => {
                let end = (i..pieces.len()).find(|&e| pieces[e] == ">").map_or(i + 1, |e| e + 1);
                pieces.splice(i..end, [random.choose(TYPES).to_owned()]);
            }
            (3, ..) => pieces[near] = random.choose(WORDS).to_owned(),
            (4, ..) => drop(pieces.remove(near)),
            _ => {
                let other = pieces[random.below(pieces.len())].clone();
                pieces.insert(near, other);
            }
        }
    }
    pieces.concat()
}

#[test]
fn mutants_are_verified_without_panic_or_hang() {
    let rounds: usize = std::env::var("HIRE_MUTANTS").ok().and_then(|n| n.parse().ok()).unwrap_or(8);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut read, mut invalid) = (0, 0);
    for path in ["testdata/text", "testdata/invalid"].iter().flat_map(|folder| mlir_files(&workspace(folder))) {
        let text = std::fs::read_to_string(&path).expect("the file can be read");
        for module in text.split("// -----\n").flat_map(|part| std::iter::repeat_n(pieces(part), rounds)) {
            let text = mutant(&module, &mut random);
            let Ok(module) = parse(&text) else { continue };
            let start = Instant::now();
            read += 1;
            if let Err(errors) = verify(&module) {
                invalid += 1;
                Source { name: "mutant.mlir", text: &text }.render_all(&errors);
            }
            assert!(start.elapsed() < PATIENCE, "took {:?}:\n{text}", start.elapsed());
        }
    }
    println!("{read} mutants were read, {invalid} of them invalid");
    assert!(read > 100 && invalid > 50);
}
