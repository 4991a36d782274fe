//! Where MLIR's error holds something that ours does not, and why that is no loss.

/// Case, or any case for `*`; a part of MLIR's error; the reason.
type Exception = (&'static str, &'static str, &'static str);

const EXCEPTIONS: &[Exception] = &[
    ("*", "<= 1, but got", "MLIR names the lists of dimensions, ours the dimension and the size it has there"),
    ("*", "collapse_slice_dims", "MLIR misspells collapsed_slice_dims"),
    ("*", "is_quantized(lhs)=is_quantized(result)", "a formula; ours says it in words and gives the three types"),
    ("*", "block with no terminator", "MLIR prints the last operation; ours points at it"),
    ("*", "Reduction-region must take", "MLIR counts arguments, ours pairs of them and inputs"),
    ("*", "type of return operand 0", "ours gives all types of both sides"),
    ("*", "operand type mismatch: expected", "ours gives all types of both sides"),
    ("*", "result type mismatch at index", "ours gives all types of both sides"),
    ("*", "lhs_rank", "a name for the number that follows"),
    ("*", "result per_axis quantized", "words; ours gives the three types"),
    ("*", "dot algorithm not known", "MLIR prints the fields by name, ours in words"),
    ("invalid/chlo#13", "inferred type(s)", "MLIR goes on to infer a type of negative size"),
    ("invalid/functions#17", "dialect-prefixed names", "a module keeps no place in the text; ours names the attribute"),
    ("invalid/chlo#29", "inferred type(s)", "MLIR infers complex numbers that no tensor can have; ours says the cause"),
    (
        "invalid/reduce#1",
        "Out-of-bounds dimension 0",
        "there are no inputs, so MLIR misses the dimension; ours says the cause",
    ),
    ("invalid/structure#4", "op region #0", "MLIR names the region, ours gives its number and says that it is empty"),
    ("invalid/types#1", "must be ranked tensor of", "ours says why the type is unsound, where it is met first"),
    ("invalid/types#0", "must be ranked tensor of", "ours says why the type is unsound, where it is met first"),
    ("invalid/types#2", "must be ranked tensor of", "ours says why the type is unsound, where it is met first"),
    ("parse_errors/attributes#4", "expected location, but found", "ours names the alias and points at its definition"),
    (
        "parse_errors/attributes#23",
        "dialect-prefixed names",
        "another rule, which a module's attributes need not keep here",
    ),
    ("parse_errors/constants#8", "expected i1 type for", "ours names the word that is there"),
    ("parse_errors/constants#13", "parsed 1 elements", "ours shows how a complex number is written"),
    ("parse_errors/constants#16", "expected string containing hex digits", "ours points at the wrong digit"),
    ("parse_errors/constants#22", "expected string token", "MLIR misses the cause"),
    (
        "parse_errors/constants#23",
        "inferred shape of elements",
        "MLIR finds another fault; ours is that the size overflows",
    ),
    ("parse_errors/forms#8", "Expected array with 2 elements", "ours says what the two are"),
    ("parse_errors/forms#13", "expected 'reducer'", "ours points where the operation goes on"),
    ("parse_errors/forms#15", "expected 'do'", "ours points where the operation goes on"),
    ("parse_errors/forms#17", "invalid kind of attribute", "ours says what is called, such as `@f`"),
    ("parse_errors/functions#4", "entry block must have", "ours says what to write"),
    ("parse_errors/functions#12", "visibility expected to be one of", "ours points at the wrong word"),
    ("parse_errors/operations#9", "expected ':'", "MLIR points at the end of the line before"),
    ("parse_errors/operations#10", "invalid kind of type specified", "ours says what is missing and where"),
    ("parse_errors/types#11", "Bounds length is 1", "ours gives the rank"),
    ("parse_errors/types#18", "illegal storage type maximum", "ours gives the range that is allowed"),
    ("*", "op operand #0 must be", "ours names the operand, which is the only one"),
];

/// The exception for an error: its text and its reason.
pub(crate) fn reason(case: &str, message: &str) -> Option<(&'static str, &'static str)> {
    let found = EXCEPTIONS.iter().find(|(name, text, _)| (*name == "*" || *name == case) && message.contains(text))?;
    Some((found.1, found.2))
}

/// The texts of all exceptions.
pub(crate) fn keys() -> impl Iterator<Item = &'static str> {
    EXCEPTIONS.iter().map(|(_, text, _)| *text)
}
