//! Assembly forms: a small language that says how an operation is written.
//!
//! A form is a sequence of directives separated by blanks, after the manner of MLIR's declarative
//! assembly format:
//!
//! | written | means |
//! |---|---|
//! | `word`, `=`, `,`, `:`, `(`, `)`, `->`, `to` | that token |
//! | `` `[` ``, `` `]` ``, `` `|` `` | that token, which would mean something else without the quotes |
//! | `$name` | the operand, attribute or region of that name; variadic operands separated by commas |
//! | `operands` | all operands, separated by commas |
//! | `attr-dict` | the remaining attributes, in braces, if any |
//! | `attr-dict-with-keyword` | the same after the word `attributes` |
//! | `type($name)`, `type(operands)`, `type(results)` | their types, separated by commas |
//! | `functional-type` | `(operand types) -> result types` |
//! | `custom<Name>($a, $b)` | a form too particular for the language, see [`Custom`] |
//! | `stripped<PREFIX…SUFFIX>($name)` | an attribute of a foreign dialect without the text around it, see [`Directive::Stripped`] |
//! | `[ $name … ]` | the directives inside, only when the first `$name` in them is present |
//! | `[ $name … \| … ]` | the directives before the bar when it is present, else those after it |
//!
//! *An attribute* is written without its type when its kind fixes it: integers, floats, booleans
//! and strings bare, enumerations by their case (`LT`), everything else as in generic form.
//!
//! *Present* is an operand group that is not empty, an optional attribute that is there, and an
//! attribute with a default that is there and differs from the default. `attr-dict` leaves out what
//! the form writes elsewhere (whether or not an optional group around it was written) and what
//! equals its default; a parser adds none of those back.
//!
//! *Types that a form does not write* follow from the others: with
//! [`SAME_TYPE`](super::Traits::SAME_TYPE), all operands and results have the one type that is
//! written.

use super::OpInfo;

/// The things that a directive can talk about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The `n`-th declared operand.
    Operand(usize),
    /// The `n`-th declared result.
    Result(usize),
    /// The `n`-th declared attribute.
    Attribute(usize),
    /// The `n`-th declared region.
    Region(usize),
    /// All operands.
    Operands,
    /// All results.
    Results,
}

/// The forms that the language does not describe. Each is read and written by one function of the
/// parser and the printer; the arguments are the subjects in parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Custom {
    /// One type where operands and results all have it, else a functional type.
    SameOperandsAndResultType,
    /// The same for a variadic operand.
    VariadicSameOperandsAndResultType,
    /// Operand types, of which each equals the result of the same place.
    PairwiseOpType,
    /// The type of a tuple from the types of its parts.
    TupleOpType,
    /// One complex type where it follows from the operands' types.
    ComplexOpType,
    /// `select`: predicate and value type where the result follows, else a functional type.
    SelectOpType,
    /// `e8m7`.
    ExponentMantissa,
    /// `[0:2, 1:8:3]`.
    SliceRanges,
    /// `[0, 1]`: an `array<i64>` without its type.
    I64Array,
    /// `[b, 0, f]x[0, i, o]->[b, 0, f]`.
    ConvolutionDimensions,
    /// `stride = [1], pad = [[0, 0]], lhs_dilate = [1], rhs_dilate = [1], reverse = [true]`, each
    /// only where the attribute is there.
    WindowAttributes,
    /// `batching_dims = [0] x [0], contracting_dims = [1] x [0]`; the former only where not empty.
    DotDimensionNumbers,
    /// `, precision = [DEFAULT, HIGHEST], algorithm = <lhs_precision_type = tf32, …>`, each with its
    /// comma and only where the attribute is there.
    PrecisionConfigAndAlgorithm,
    /// `@target`, quoted where it is no identifier: a symbol name, stored as a string.
    CustomCallTarget,
    /// Operands each of which a comma follows: `%a, %b,`.
    VariadicOperandWithAttribute,
    /// The whole of `constant`: `attr-dict value`, where the value's type is the result's.
    Constant,
    /// The whole of `reduce`, in both its forms:
    /// `(%x init: %i), … applies stablehlo.add across dimensions = [0] attr-dict : functional-type`
    /// and `(%x init: %i), … across dimensions = [0] attr-dict : functional-type`, a new line,
    /// `reducer(%a: T, %b: T) (…, …) {…}` with the arguments of each input and its accumulator.
    Reduce,
    /// The whole of `while`: `(%arg = %init, …) : types attributes {…}`, then `cond {…} do {…}` on
    /// the next line, both regions with the arguments named in the head.
    While,
    /// The whole of `func.call`: `@callee(operands) attr-dict : functional-type`.
    Call,
    /// The whole of `sdy.manual_computation`: `(operands) in_shardings=[…] out_shardings=[…]
    /// manual_axes={…} (%arg: type, …) {…} attr-dict : functional-type`.
    ManualComputation,
    /// The whole of `sdy.named_computation`: `<"name">(operands) in_shardings=[…] out_shardings=[…]
    /// (%arg: type, …) {…} attr-dict : functional-type`, the shardings only where they are there.
    NamedComputation,
    /// The whole of an operation of the tests' `check` dialect that compares with a constant:
    /// `%operand, value attr-dict`, where the value's type is the operand's.
    Check,
    /// The whole of `composite`: `"name" operands ({…}, {…}) attr-dict : functional-type`, the
    /// regions only where there are any.
    Composite,
    /// The whole of `chlo.scan`: `(inputs) inits (inits) dimension=0 attributes {…} {…} :
    /// functional-type`. `operandSegmentSizes` and `resultSegmentSizes` are not written; as many
    /// results are carries as there are inits.
    Scan,
}

impl Custom {
    const ALL: &'static [(&'static str, Custom)] = &[
        ("SameOperandsAndResultType", Custom::SameOperandsAndResultType),
        ("VariadicSameOperandsAndResultType", Custom::VariadicSameOperandsAndResultType),
        ("PairwiseOpType", Custom::PairwiseOpType),
        ("TupleOpType", Custom::TupleOpType),
        ("ComplexOpType", Custom::ComplexOpType),
        ("SelectOpType", Custom::SelectOpType),
        ("ExponentMantissa", Custom::ExponentMantissa),
        ("SliceRanges", Custom::SliceRanges),
        ("I64Array", Custom::I64Array),
        ("ConvolutionDimensions", Custom::ConvolutionDimensions),
        ("WindowAttributes", Custom::WindowAttributes),
        ("DotDimensionNumbers", Custom::DotDimensionNumbers),
        ("PrecisionConfigAndAlgorithm", Custom::PrecisionConfigAndAlgorithm),
        ("CustomCallTarget", Custom::CustomCallTarget),
        ("VariadicOperandWithAttribute", Custom::VariadicOperandWithAttribute),
        ("Constant", Custom::Constant),
        ("Reduce", Custom::Reduce),
        ("While", Custom::While),
        ("Call", Custom::Call),
        ("ManualComputation", Custom::ManualComputation),
        ("Check", Custom::Check),
        ("NamedComputation", Custom::NamedComputation),
        ("Composite", Custom::Composite),
        ("Scan", Custom::Scan),
    ];
}

/// One step of an assembly form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Directive {
    /// A fixed token: a word or punctuation.
    Token(&'static str),
    /// An operand, attribute or region.
    Item(Subject),
    /// The attributes not otherwise written; `keyword`: after the word `attributes`.
    AttrDict {
        /// Whether the word `attributes` precedes the braces.
        keyword: bool,
    },
    /// Types.
    Type(Subject),
    /// `(operand types) -> result types`.
    FunctionalType,
    /// A particular form.
    Custom(Custom, Vec<Subject>),
    /// An [`Attr::Opaque`](crate::ir::Attr::Opaque) whose text is `prefix`, one bracketed group
    /// (`<…>`, `[…]` or `{…}`, brackets balanced, strings respected), `suffix`; only the group is
    /// written.
    Stripped {
        /// The attribute.
        subject: Subject,
        /// What precedes the group.
        prefix: &'static str,
        /// What follows it.
        suffix: &'static str,
    },
    /// Directives written only when `anchor` is present.
    Optional {
        /// What decides.
        anchor: Subject,
        /// What is then written.
        directives: Vec<Directive>,
        /// What is written else.
        otherwise: Vec<Directive>,
    },
}

/// A parsed assembly form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// The steps.
    pub directives: Vec<Directive>,
}

impl Format {
    /// Parses the form of `info`.
    ///
    /// # Errors
    /// When a directive is unknown or names nothing that the operation declares.
    pub fn parse(text: &'static str, info: &OpInfo) -> Result<Format, String> {
        let (directives, end) = sequence(&mut split(text).into_iter(), info)?;
        if end == End::Text { Ok(Format { directives }) } else { Err("`]` or `|` without `[`".to_owned()) }
    }

    /// Whether an attribute is written by the form itself rather than in `attr-dict`.
    pub fn writes_attribute(&self, index: usize) -> bool {
        fn writes(directives: &[Directive], subject: Subject) -> bool {
            directives.iter().any(|d| match d {
                Directive::Item(s) => *s == subject,
                Directive::Stripped { subject: s, .. } => *s == subject,
                Directive::Custom(_, subjects) => subjects.contains(&subject),
                Directive::Optional { directives, .. } => writes(directives, subject),
                _ => false,
            })
        }
        writes(&self.directives, Subject::Attribute(index))
    }
}

/// Splits at blanks outside parentheses.
fn split(text: &'static str) -> Vec<&'static str> {
    let (mut words, mut depth, mut start) = (Vec::new(), 0, None);
    for (at, c) in text.char_indices() {
        match c {
            '(' if start.is_some() => depth += 1,
            ')' if depth > 0 => depth -= 1,
            _ => {}
        }
        if c.is_whitespace() && depth == 0 {
            words.extend(start.take().map(|s| &text[s..at]));
        } else if start.is_none() && !c.is_whitespace() {
            start = Some(at);
        }
    }
    words.extend(start.map(|s| &text[s..]));
    words
}

/// What ends a sequence of directives.
#[derive(PartialEq)]
enum End {
    Text,
    Bar,
    Bracket,
}

fn sequence(words: &mut impl Iterator<Item = &'static str>, info: &OpInfo) -> Result<(Vec<Directive>, End), String> {
    let mut directives = Vec::new();
    while let Some(word) = words.next() {
        match word {
            "[" => directives.push(optional(words, info)?),
            "]" => return Ok((directives, End::Bracket)),
            "|" => return Ok((directives, End::Bar)),
            _ => directives.push(directive(word, info)?),
        }
    }
    Ok((directives, End::Text))
}

fn optional(words: &mut impl Iterator<Item = &'static str>, info: &OpInfo) -> Result<Directive, String> {
    let (directives, mut end) = sequence(words, info)?;
    let mut otherwise = Vec::new();
    if end == End::Bar {
        (otherwise, end) = sequence(words, info)?;
    }
    if end != End::Bracket {
        return Err("`[` without `]`".to_owned());
    }
    let anchor = directives
        .iter()
        .find_map(|d| match d {
            Directive::Item(subject) | Directive::Type(subject) | Directive::Stripped { subject, .. } => Some(*subject),
            Directive::Custom(_, subjects) => subjects.first().copied(),
            _ => None,
        })
        .ok_or("an optional group names nothing")?;
    Ok(Directive::Optional { anchor, directives, otherwise })
}

fn directive(word: &'static str, info: &OpInfo) -> Result<Directive, String> {
    let subject = |name: &str| subject(name, info).ok_or_else(|| format!("`{name}` names nothing of {}", info.name));
    if word.starts_with('$') || word == "operands" {
        return Ok(Directive::Item(subject(word)?));
    }
    if let Some(inner) = word.strip_prefix("type(").and_then(|w| w.strip_suffix(')')) {
        return Ok(Directive::Type(subject(inner)?));
    }
    if let Some(custom) = word.strip_prefix("custom<") {
        let (name, rest) = custom.split_once('>').ok_or("`custom<` without `>`")?;
        let kind = Custom::ALL.iter().find(|(n, _)| *n == name).ok_or_else(|| format!("no custom form {name}"))?.1;
        let inner = rest.strip_prefix('(').and_then(|r| r.strip_suffix(')')).unwrap_or("");
        let names = inner.split(',').map(str::trim).filter(|n| !n.is_empty());
        return Ok(Directive::Custom(kind, names.map(subject).collect::<Result<_, _>>()?));
    }
    if let Some(stripped) = word.strip_prefix("stripped<").and_then(|w| w.strip_suffix(')')) {
        let (around, name) = stripped.rsplit_once(">(").ok_or("`stripped<` without `>(`")?;
        let (prefix, suffix) = around.split_once('…').ok_or("`stripped<` without `…`")?;
        return Ok(Directive::Stripped { subject: subject(name)?, prefix, suffix });
    }
    if let Some(quoted) = word.strip_prefix('`').and_then(|w| w.strip_suffix('`')) {
        return Ok(Directive::Token(quoted));
    }
    Ok(match word {
        "attr-dict" => Directive::AttrDict { keyword: false },
        "attr-dict-with-keyword" => Directive::AttrDict { keyword: true },
        "functional-type" => Directive::FunctionalType,
        token => Directive::Token(token),
    })
}

fn subject(name: &str, info: &OpInfo) -> Option<Subject> {
    match name {
        "operands" => return Some(Subject::Operands),
        "results" => return Some(Subject::Results),
        _ => {}
    }
    let name = name.strip_prefix('$')?;
    let operand = info.operands.iter().position(|o| o.name == name).map(Subject::Operand);
    let attribute = || info.attributes.iter().position(|a| a.name == name).map(Subject::Attribute);
    let region = || info.regions.iter().position(|r| r.name == name).map(Subject::Region);
    let result = || info.results.iter().position(|r| r.name == name).map(Subject::Result);
    operand.or_else(attribute).or_else(region).or_else(result)
}
