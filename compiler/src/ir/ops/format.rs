//! Assembly forms: a small language that says how an operation is written.
//!
//! A form is a sequence of directives separated by blanks, after the manner of MLIR's declarative
//! assembly format:
//!
//! | written | means |
//! |---|---|
//! | `word`, `=`, `,`, `:`, `(`, `)`, `->`, `to` | that token |
//! | `$name` | the operand, attribute or region of that name; variadic operands separated by commas |
//! | `operands` | all operands, separated by commas |
//! | `attr-dict` | the remaining attributes, in braces, if any |
//! | `attr-dict-with-keyword` | the same after the word `attributes` |
//! | `type($name)`, `type(operands)`, `type(results)` | their types, separated by commas |
//! | `functional-type` | `(operand types) -> result types` |
//! | `custom<Name>($a, $b)` | a form too particular for the language, see [`Custom`] |
//! | `[ $name … ]` | the directives inside, only when the first `$name` in them is present |

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
    /// `dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f]`.
    ConvolutionDimensions,
    /// `window = {stride = [1], pad = [[0, 0]], …}`.
    WindowAttributes,
    /// `batching_dims = [0] x [0], contracting_dims = [1] x [0]`.
    DotDimensionNumbers,
    /// `, precision = [DEFAULT, HIGHEST]`, `, algorithm = …`.
    PrecisionConfigAndAlgorithm,
    /// `@target(operands)`.
    CustomCallTarget,
    /// Operands with a discardable attribute between (tokens, async).
    VariadicOperandWithAttribute,
    /// The whole of `constant`.
    Constant,
    /// The whole of `reduce`, in both its forms.
    Reduce,
    /// The whole of `while`.
    While,
    /// The whole of `func.call`.
    Call,
    /// The whole of `sdy.manual_computation`.
    ManualComputation,
    /// The whole of an operation of the tests' `check` dialect.
    Check,
    /// The whole of `composite`.
    Composite,
    /// `replica_groups`, as a dense constant or a mesh with axes.
    ReplicaGroups,
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
        ("Composite", Custom::Composite),
        ("ReplicaGroups", Custom::ReplicaGroups),
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
    /// Directives written only when `anchor` is present.
    Optional {
        /// What decides.
        anchor: Subject,
        /// What is then written.
        directives: Vec<Directive>,
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
        let mut words = split(text).into_iter();
        let directives = sequence(&mut words, info, false)?;
        Ok(Format { directives })
    }

    /// Whether an attribute is written by the form itself rather than in `attr-dict`.
    pub fn writes_attribute(&self, index: usize) -> bool {
        fn writes(directives: &[Directive], subject: Subject) -> bool {
            directives.iter().any(|d| match d {
                Directive::Item(s) => *s == subject,
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

fn sequence(
    words: &mut impl Iterator<Item = &'static str>,
    info: &OpInfo,
    nested: bool,
) -> Result<Vec<Directive>, String> {
    let mut directives = Vec::new();
    while let Some(word) = words.next() {
        match word {
            "[" => directives.push(optional(words, info)?),
            "]" if nested => return Ok(directives),
            _ => directives.push(directive(word, info)?),
        }
    }
    if nested { Err("`[` without `]`".to_owned()) } else { Ok(directives) }
}

fn optional(words: &mut impl Iterator<Item = &'static str>, info: &OpInfo) -> Result<Directive, String> {
    let directives = sequence(words, info, true)?;
    let anchor = directives
        .iter()
        .find_map(|d| match d {
            Directive::Item(subject) => Some(*subject),
            Directive::Custom(_, subjects) => subjects.first().copied(),
            _ => None,
        })
        .ok_or("an optional group names nothing")?;
    Ok(Directive::Optional { anchor, directives })
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
