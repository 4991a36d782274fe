//! Samples: what the dense program is run on.
//!
//! The kind of a file follows from its name. `*.safetensors` holds the step's inputs by name, each with one dimension
//! before its own (samples, each from an empty state) or two (sequences, and the steps of each). `*.tokens` holds token
//! numbers, a text a line. Everything else is UTF-8 text for the tokenizer beside the model; lines of five dashes divide
//! it into texts. Texts are cut into windows as long as the model's cache, and each window starts from an empty state.

use std::path::Path;

use hire_artifact::Argument;
use hire_runtime::HostTensor;

use crate::decoder::ModelDescription;
use crate::failure::{Failure, Outcome};
use crate::generate::tokenizer::TextTokenizer;

/// What stands between texts of a file.
const DIVIDER: &str = "-----";

/// Token windows: each is fed from an empty state.
pub(crate) type Windows = Vec<Vec<u32>>;

/// What the program is run on.
pub(crate) enum Samples {
    /// For a decode step.
    Tokens(Windows),
    /// For any step: sequences of steps of named inputs.
    Tensors(Vec<Vec<Inputs>>),
}

/// The inputs of one step, by name.
pub(crate) type Inputs = Vec<(String, HostTensor)>;

/// What the windows of a text file are made with.
pub(crate) struct TextOptions<'a> {
    /// The tokenizer's file.
    pub tokenizer: &'a Path,
    /// What is known of the model.
    pub description: &'a ModelDescription,
    /// Tokens in a window, when not as many as the cache holds.
    pub window: Option<usize>,
    /// The most tokens to use.
    pub limit: usize,
}

/// Reads the samples in `path` for a step with these inputs.
pub(crate) fn read<'a>(
    path: &Path,
    inputs: impl Iterator<Item = &'a Argument>,
    options: &TextOptions<'_>,
) -> Outcome<Samples> {
    match path.extension().and_then(|e| e.to_str()) {
        Some("safetensors") => tensors(path, inputs, options.limit).map(Samples::Tensors),
        _ => windows(path, options).map(Samples::Tokens),
    }
}

/// The token windows of a text or token file.
pub(crate) fn windows(path: &Path, options: &TextOptions<'_>) -> Outcome<Windows> {
    let shown = path.display();
    let remedy = "name a UTF-8 text, a .tokens file or a .safetensors file";
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::with_remedy(format!("cannot read the samples {shown}: {e}"), remedy))?;
    let texts = match path.extension().and_then(|e| e.to_str()) {
        Some("tokens") => token_lines(path, &text)?,
        _ => encoded(&text, options)?,
    };
    let window = options.window.or(options.description.cache).ok_or_else(|| {
        Failure::with_remedy(
            "the length of the model's cache is not known",
            "give --window, or a model.json with `cache` beside the module",
        )
    })?;
    let windows = cut(&texts, window, options);
    if windows.is_empty() {
        return Err(Failure::with_remedy(format!("the samples {shown} hold no tokens"), "give a longer text"));
    }
    Ok(windows)
}

/// Token numbers, a text a line.
fn token_lines(path: &Path, text: &str) -> Outcome<Vec<Vec<u32>>> {
    let number = |(line, word): (usize, &str)| {
        word.parse::<u32>().map_err(|_| {
            Failure::with_remedy(
                format!("{}:{}: `{}` is no token number", path.display(), line + 1, word.escape_debug()),
                "a .tokens file holds decimal numbers, a text a line",
            )
        })
    };
    text.lines()
        .enumerate()
        .map(|(line, words)| words.split_ascii_whitespace().map(|word| number((line, word))).collect())
        .collect()
}

fn encoded(text: &str, options: &TextOptions<'_>) -> Outcome<Vec<Vec<u32>>> {
    let tokenizer = options.tokenizer;
    if !tokenizer.is_file() {
        return Err(Failure::with_remedy(
            format!("there is no tokenizer {}", tokenizer.display()),
            "put tokenizer.json beside the module, or give the samples as a .tokens or .safetensors file",
        ));
    }
    let tokenizer = TextTokenizer::read(tokenizer)?;
    let divided = text.split(&format!("\n{DIVIDER}\n")).map(str::to_owned).collect::<Vec<_>>();
    divided.iter().map(|part| tokenizer.encode(part)).collect()
}

/// Cuts texts into windows of at most `length` tokens, the beginning-of-text token included, and at most
/// `options.limit` tokens in all.
fn cut(texts: &[Vec<u32>], length: usize, options: &TextOptions<'_>) -> Windows {
    let description = options.description;
    let start: Vec<u32> = description.bos_token_id.filter(|_| description.add_bos).into_iter().collect();
    let room = length.saturating_sub(start.len()).max(1);
    let mut left = options.limit;
    let mut windows = Windows::new();
    for chunk in texts.iter().flat_map(|text| text.chunks(room)) {
        let window: Vec<u32> = start.iter().chain(chunk).copied().take(left).collect();
        left -= window.len();
        if !window.is_empty() {
            windows.push(window);
        }
    }
    windows
}

/// Named inputs with a leading dimension of samples, or of sequences and steps.
fn tensors<'a>(path: &Path, inputs: impl Iterator<Item = &'a Argument>, limit: usize) -> Outcome<Vec<Vec<Inputs>>> {
    let file = hire_artifact::Weights::open(path)?;
    let inputs: Vec<&Argument> = inputs.collect();
    if let Some((name, _)) = file.iter().find(|(name, _)| !inputs.iter().any(|i| i.name == *name)) {
        return Err(refuse(path, &format!("the step has no input `{name}`"), &inputs));
    }
    let mut counts = None;
    for input in &inputs {
        let Some(tensor) = file.get(&input.name) else {
            return Err(refuse(path, &format!("there is no tensor `{}`", input.name), &inputs));
        };
        let found = leading(input, tensor.ty());
        match (found, counts) {
            (None, _) => {
                let message = format!("`{}` is {}, the step takes {}", input.name, tensor.ty(), input.ty());
                return Err(refuse(path, &message, &inputs));
            }
            (Some(found), Some(first)) if found != first => {
                let message = format!("`{}` is {}, which is another number of samples", input.name, tensor.ty());
                return Err(refuse(path, &message, &inputs));
            }
            (Some(found), _) => counts = Some(found),
        }
    }
    let (sequences, steps) =
        counts.ok_or_else(|| Failure::new("the step takes no inputs, so samples cannot differ"))?;
    let at = |index: usize| -> Outcome<Inputs> {
        inputs.iter().map(|input| Ok((input.name.clone(), element(&file, input, index)?))).collect()
    };
    let sequence = |s: usize| (0..steps).map(|t| at(s * steps + t)).collect::<Outcome<Vec<Inputs>>>();
    (0..sequences).take(limit.div_ceil(steps.max(1))).map(sequence).collect()
}

/// How many sequences and steps stand before an input's own dimensions.
fn leading(input: &Argument, found: &hire_artifact::TensorType) -> Option<(usize, usize)> {
    let extra = found.shape.strip_suffix(input.shape.as_slice()).filter(|_| found.dtype == input.dtype)?;
    let extra: Option<Vec<usize>> = extra.iter().map(|&n| usize::try_from(n).ok().filter(|&n| n > 0)).collect();
    match extra?.as_slice() {
        [samples] => Some((*samples, 1)),
        [sequences, steps] => Some((*sequences, *steps)),
        _ => None,
    }
}

/// The `index`-th step's value of an input.
fn element(file: &hire_artifact::Weights, input: &Argument, index: usize) -> Outcome<HostTensor> {
    let bytes = file.get(&input.name).map(|t| t.bytes().clone()).unwrap_or_default();
    let size = input.ty().host_bytes().unwrap_or(0);
    HostTensor::new(input.ty(), bytes.slice(index * size..(index + 1) * size)).map_err(Failure::new)
}

fn refuse(path: &Path, message: &str, inputs: &[&Argument]) -> Failure {
    let wanted: Vec<String> = inputs.iter().map(|i| format!("{} {}", i.name, i.ty())).collect();
    Failure::with_remedy(
        format!("the samples {}: {message}", path.display()),
        format!(
            "give a tensor for each input of the step ({}), with one dimension of samples, or two of sequences and steps, before its own",
            wanted.join(", ")
        ),
    )
}

#[cfg(test)]
mod tests {
    use hire_artifact::ElementType;

    use super::*;

    #[test]
    fn texts_are_cut_into_windows_that_begin_with_the_start_token() {
        let description = ModelDescription { bos_token_id: Some(9), add_bos: true, ..ModelDescription::default() };
        let options =
            TextOptions { tokenizer: Path::new("none"), description: &description, window: Some(3), limit: 8 };
        let texts = [vec![1, 2, 3], vec![4], vec![5, 6, 7]];
        assert_eq!(cut(&texts, 3, &options), [vec![9, 1, 2], vec![9, 3], vec![9, 4], vec![9]]);
    }

    #[test]
    fn leading_dimensions_are_samples_or_sequences_and_steps() {
        let input = Argument {
            name: "x".to_owned(),
            role: hire_artifact::ArgumentRole::Input,
            dtype: ElementType::F32,
            shape: vec![2, 3],
            alias_result: None,
        };
        let found = |dtype, shape: &[u64]| leading(&input, &hire_artifact::TensorType::new(dtype, shape));
        assert_eq!(found(ElementType::F32, &[5, 2, 3]), Some((5, 1)));
        assert_eq!(found(ElementType::F32, &[4, 5, 2, 3]), Some((4, 5)));
        for (dtype, shape) in [
            (ElementType::F32, &[2u64, 3][..]),
            (ElementType::F32, &[5, 3, 2]),
            (ElementType::F64, &[5, 2, 3]),
            (ElementType::F32, &[0, 2, 3]),
        ] {
            assert_eq!(found(dtype, shape), None, "{shape:?}");
        }
    }
}
