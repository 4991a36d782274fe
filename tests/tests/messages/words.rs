//! The numbers, types and names in an error, and whether another one has them too.

use hire_compiler::diag::Diagnostic;

/// Errors that only say that another one was met, or repeat what the source line shows.
const EMPTY: &[&str] = &["op failed to infer returned types", "failed parsing", "failed to parse StableHLO_"];

/// Whether an error says nothing that the one before it does not say.
pub(crate) fn says_nothing(message: &str) -> bool {
    EMPTY.iter().any(|text| message.contains(text))
}

/// The words of MLIR's error that ours lacks. The name of the operation that is wrong may also be in `shown`, the
/// source lines that ours points to.
pub(crate) fn missing(theirs: &str, ours: &[Diagnostic], shown: &str) -> Vec<String> {
    let said: Vec<&str> = ours
        .iter()
        .flat_map(|e| std::iter::once(e.message.as_str()).chain(e.notes.iter().map(|n| n.message.as_str())))
        .collect();
    let said = said.join("\n");
    let numbers = our_numbers(&said);
    let (quoted, rest) = quotations(&differing(essence(theirs)));
    let is_named = |text: &str| is_operation(text) && (shown.contains(text) || text == "func.func");
    // A bracket or a comma between quotes is what MLIR's grammar would read next; ours says what is meant.
    let words = quoted.into_iter().filter(|text| text.contains(char::is_alphanumeric));
    let mut missing: Vec<String> = words.filter(|text| !has_quoted(&said, text) && !is_named(text)).collect();
    missing.extend(names(&rest).into_iter().filter(|name| !said.contains(name.trim_matches('_'))));
    missing.extend(their_numbers(&rest).into_iter().filter(|n| !has_number(&said, &numbers, n)));
    missing
}

/// An error without its examples, the names that were tried, and the properties that are right.
fn essence(message: &str) -> &str {
    let message = message.find("Invalid attribute").map_or(message, |at| &message[at..]);
    ["e.g. ", "(tried '"].iter().fold(message, |text, end| text.split(end).next().unwrap_or_default())
}

/// Whether a quotation is the name of an operation.
fn is_operation(text: &str) -> bool {
    text.contains('.') && text.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '.' | '_' | '-'))
}

/// Of `inferred type(s) A, B are incompatible with return type(s) of operation C, D` what differs; ours names the
/// result that is wrong. Other errors as they are.
fn differing(message: &str) -> String {
    let parts = message
        .split_once("inferred type(s) ")
        .and_then(|(head, rest)| Some((head, rest.split_once(" are incompatible with return type(s) of operation ")?)));
    let Some((head, (inferred, given))) = parts else { return message.to_owned() };
    let list = |text: &str| quotations(text).0;
    let (inferred, given) = (list(inferred), list(given));
    if inferred.len() != given.len() {
        return format!("{head} {} {}", inferred.len(), given.len());
    }
    let pair = inferred.iter().zip(&given).find(|(a, b)| a != b);
    pair.map_or(head.to_owned(), |(a, b)| format!("{head} '{a}' '{b}'"))
}

/// What stands between quotes, and the text without it.
fn quotations(text: &str) -> (Vec<String>, String) {
    let (mut quoted, mut rest, mut tail) = (Vec::new(), String::new(), text);
    while let Some(at) = tail.find(['\'', '`', '"']) {
        let quote = tail[at..].chars().next().unwrap_or('\'');
        let (before, after) = (&tail[..at], &tail[at + 1..]);
        // The apostrophe of "operand's" opens nothing; that of "got'tensor<f32>'" does.
        let genitive = before.ends_with(char::is_alphabetic) && !after.starts_with("tensor<");
        rest.push_str(before);
        match after.find(quote).filter(|_| !genitive) {
            Some(end) => {
                quoted.push(after[..end].to_owned());
                rest.push(' ');
                tail = &after[end + 1..];
            }
            None => {
                rest.push(' ');
                tail = after;
            }
        }
    }
    rest.push_str(tail);
    (quoted, rest)
}

/// Whether a quotation occurs: as it is, as the element type of a scalar, as a shape `2x3` for `[2, 3]`.
fn has_quoted(said: &str, text: &str) -> bool {
    let bare = text.trim_start_matches(['%', '#', '@', '!']);
    let scalar = text.strip_prefix("tensor<").and_then(|t| t.strip_suffix('>')).filter(|t| !t.contains('x'));
    let shape = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).map(|t| format!("<{}x", t.replace(", ", "x")));
    said.contains(bare)
        || scalar.is_some_and(|element| said.contains(&format!("`{element}`")))
        || shape.is_some_and(|shape| said.contains(&shape))
}

/// Names of attributes and fields, with an underscore or as words joined by `-`.
fn names(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words.filter(|word| word.contains('_') && word.starts_with(char::is_lowercase)).map(str::to_owned).collect()
}

/// Numbers, but for those of words (`f32`, `64-bit`, `0D`) and of the list of types that an operand may have.
fn their_numbers(text: &str) -> Vec<String> {
    let text = match (text.find("must be "), text.find(", but got")) {
        (Some(from), Some(to)) if from < to => format!("{} {}", &text[..from], &text[to..]),
        _ => text.split(" failed to satisfy constraint").next().unwrap_or_default().to_owned(),
    };
    let words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')));
    words.filter(|word| word.parse::<i64>().is_ok()).map(str::to_owned).collect()
}

/// Numbers, those of shapes too, and the lengths of lists.
fn our_numbers(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut numbers = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let sign = usize::from(chars[at] == '-');
        let digits = chars[at + sign..].iter().take_while(|c| c.is_ascii_digit()).count();
        let word = at > 0 && (chars[at - 1].is_alphabetic() && chars[at - 1] != 'x');
        if digits > 0 && !word {
            numbers.push(chars[at..at + sign + digits].iter().collect());
        }
        at += (sign + digits).max(1);
    }
    numbers.extend(list_lengths(text).iter().map(usize::to_string));
    numbers
}

/// The lengths of `(a, b)` and `[a, b]`, and the ranks of tensors.
fn list_lengths(text: &str) -> Vec<usize> {
    let mut lengths = Vec::new();
    for (at, open) in text.char_indices().filter(|(_, c)| matches!(c, '(' | '[')) {
        let close = if open == '(' { ')' } else { ']' };
        let Some(end) = text[at..].find(close) else { continue };
        let inner = &text[at + 1..at + end];
        lengths.push(if inner.is_empty() { 0 } else { inner.matches(", ").count() + 1 });
    }
    for (at, _) in text.match_indices("tensor<") {
        let inner = &text[at + "tensor<".len()..];
        let end = inner.find(['>', ',']).unwrap_or(inner.len());
        lengths.push(inner[..end].split('x').filter(|d| *d == "?" || d.parse::<u64>().is_ok()).count());
    }
    lengths
}

/// Whether a number is said, in digits or in words.
fn has_number(said: &str, numbers: &[String], number: &str) -> bool {
    let words: &[&str] = match number {
        "0" => &["no ", "none", "empty", "scalar", "negative", "rank-0", "positive"],
        "1" => &["one", "a dimension", "rank-1", "scalar"],
        "2" => &["two", "both", "pair", "second"],
        _ => &[],
    };
    numbers.iter().any(|n| n == number) || words.iter().any(|word| said.contains(word))
}
