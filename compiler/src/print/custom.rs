//! The forms that the assembly language does not describe, see [`Custom`].

use std::fmt::{self, Write};

use super::attr::{Typed, write_conv_dimensions, write_dot_algorithm, write_integers, write_list};
use super::lexeme::{write_string, write_symbol};
use super::op::{Printer, Scope};
use super::pretty::{Parts, stripped};
use crate::ir::ops::{Custom, Directive, Format, Subject};
use crate::ir::{
    Attr, DenseArray, DenseElements, OpId, Opcode, Operation, RegionId, TensorType, Traits, Type, ValueId,
};

impl Custom {
    /// Whether a blank goes before the form; the others begin with punctuation that follows closely.
    pub(super) fn starts_with_blank(self) -> bool {
        !matches!(
            self,
            Custom::PrecisionConfigAndAlgorithm
                | Custom::Reduce
                | Custom::While
                | Custom::Scan
                | Custom::ManualComputation
                | Custom::NamedComputation
                | Custom::Constant
        )
    }
}

impl Printer<'_> {
    /// Whether all custom forms can say what the operation holds.
    pub(super) fn customs_fit(&self, scope: &Scope<'_>, parts: &Parts<'_>, format: &Format) -> bool {
        fn fit(scope: &Scope<'_>, parts: &Parts<'_>, directives: &[Directive]) -> bool {
            directives.iter().all(|directive| match directive {
                Directive::Custom(custom, _) => custom_fits(scope, parts.op, *custom),
                Directive::Optional { directives, .. } => fit(scope, parts, directives),
                _ => true,
            })
        }
        fit(scope, parts, &format.directives)
    }

    pub(super) fn custom(
        &mut self,
        scope: &Scope<'_>,
        parts: &Parts<'_>,
        custom: Custom,
        subjects: &[Subject],
        format: &Format,
    ) -> fmt::Result {
        let op = parts.op;
        let attr = |index: usize| subjects.get(index).and_then(|&subject| parts.attr(subject));
        match custom {
            Custom::SameOperandsAndResultType | Custom::VariadicSameOperandsAndResultType => {
                match common_type(scope, op) {
                    Some(ty) => write!(self.out, "{ty}"),
                    None => self.functional_type(scope, op),
                }
            }
            Custom::PairwiseOpType => self.types(&scope.types(&op.operands)),
            Custom::TupleOpType => self.types(&scope.types(&op.results)),
            Custom::ComplexOpType if complex_type_follows(scope, op) => self.types(&scope.types(&op.results)),
            Custom::ComplexOpType => self.functional_type(scope, op),
            Custom::SelectOpType => self.select_type(scope, op),
            Custom::ExponentMantissa => {
                let bits = |index| attr(index).and_then(Attr::as_i64).unwrap_or(0);
                write!(self.out, "e{}m{}", bits(0), bits(1))
            }
            Custom::SliceRanges => self.slice_ranges(attr(0), attr(1), attr(2)),
            Custom::I64Array => write_integers(self.out, attr(0).and_then(Attr::as_i64s).unwrap_or(&[])),
            Custom::ConvolutionDimensions => match attr(0) {
                Some(Attr::ConvDimensionNumbers(dimensions)) => write_conv_dimensions(self.out, dimensions),
                _ => Ok(()),
            },
            Custom::WindowAttributes => self.window_attributes(&[attr(0), attr(1), attr(2), attr(3), attr(4)]),
            Custom::DotDimensionNumbers => self.dot_dimension_numbers(op),
            Custom::PrecisionConfigAndAlgorithm => self.precision_and_algorithm(attr(0), attr(1)),
            Custom::CustomCallTarget => write_symbol(self.out, attr(0).and_then(Attr::as_str).unwrap_or("")),
            Custom::VariadicOperandWithAttribute => {
                let operands = subjects.first().map_or(&[][..], |&subject| parts.values(subject));
                self.operands(scope, operands)?;
                self.out.write_str(if operands.is_empty() { "" } else { "," })
            }
            Custom::Constant => self.constant(op, format),
            Custom::Check => self.check(scope, op, format),
            Custom::Reduce => self.reduce(scope, op, format),
            Custom::While => self.while_loop(scope, op, format),
            Custom::Call => {
                write_symbol(self.out, op.symbol_attr("callee").unwrap_or(""))?;
                self.operands_and_types(scope, op, format)
            }
            Custom::Composite => self.composite(scope, op, format),
            Custom::Scan => self.scan(scope, parts, format),
            Custom::ManualComputation | Custom::NamedComputation => self.computation(scope, op, format),
        }
    }

    fn select_type(&mut self, scope: &Scope<'_>, op: &Operation) -> fmt::Result {
        let (operands, results) = (scope.types(&op.operands), scope.types(&op.results));
        match (operands.as_slice(), results.as_slice()) {
            ([pred, on_true, on_false], [result]) if on_true == result && on_false == result => {
                write!(self.out, "{pred}, {result}")
            }
            _ => self.functional_type(scope, op),
        }
    }

    fn slice_ranges(&mut self, start: Option<&Attr>, limit: Option<&Attr>, stride: Option<&Attr>) -> fmt::Result {
        let list = |attr: Option<&Attr>| attr.and_then(Attr::as_i64s).unwrap_or(&[]).to_vec();
        let (start, limit, stride) = (list(start), list(limit), list(stride));
        let ranges: Vec<(i64, i64, i64)> =
            start.iter().zip(&limit).zip(&stride).map(|((&start, &limit), &stride)| (start, limit, stride)).collect();
        self.out.write_char('[')?;
        write_list(self.out, &ranges, |out, (start, limit, stride)| match stride {
            1 => write!(out, "{start}:{limit}"),
            stride => write!(out, "{start}:{limit}:{stride}"),
        })?;
        self.out.write_char(']')
    }

    fn window_attributes(&mut self, attrs: &[Option<&Attr>; 5]) -> fmt::Result {
        const NAMES: [&str; 5] = ["stride", "pad", "lhs_dilate", "rhs_dilate", "reverse"];
        let there: Vec<(&str, &Attr)> = NAMES.into_iter().zip(attrs).filter_map(|(n, a)| Some((n, (*a)?))).collect();
        write_list(self.out, &there, |out, (name, attr)| {
            write!(out, "{name} = ")?;
            match attr {
                Attr::DenseArray(DenseArray::I64(values)) => write_integers(out, values),
                Attr::DenseArray(DenseArray::Bool(values)) => {
                    out.write_char('[')?;
                    write_list(out, values, |out, value| write!(out, "{value}"))?;
                    out.write_char(']')
                }
                Attr::Elements(padding) => write_pairs(out, padding),
                _ => Ok(()),
            }
        })
    }

    fn dot_dimension_numbers(&mut self, op: &Operation) -> fmt::Result {
        let Some(d) = op.dot_dimension_numbers() else { return Ok(()) };
        if !(d.lhs_batching_dimensions.is_empty() && d.rhs_batching_dimensions.is_empty()) {
            self.out.write_str("batching_dims = ")?;
            write_integers(self.out, &d.lhs_batching_dimensions)?;
            self.out.write_str(" x ")?;
            write_integers(self.out, &d.rhs_batching_dimensions)?;
            self.out.write_str(", ")?;
        }
        self.out.write_str("contracting_dims = ")?;
        write_integers(self.out, &d.lhs_contracting_dimensions)?;
        self.out.write_str(" x ")?;
        write_integers(self.out, &d.rhs_contracting_dimensions)
    }

    fn precision_and_algorithm(&mut self, precision: Option<&Attr>, algorithm: Option<&Attr>) -> fmt::Result {
        if let Some(Attr::Array(cases)) = precision {
            self.out.write_str(", precision = [")?;
            write_list(self.out, cases, |out, case| out.write_str(case.as_enum().unwrap_or("")))?;
            self.out.write_char(']')?;
        }
        if let Some(Attr::DotAlgorithm(algorithm)) = algorithm {
            self.out.write_str(", algorithm = ")?;
            write_dot_algorithm(self.out, algorithm)?;
        }
        Ok(())
    }

    fn constant(&mut self, op: &Operation, format: &Format) -> fmt::Result {
        self.attr_dict(op, format, false)?;
        self.out.write_char(' ')?;
        op.attr("value").map_or(Ok(()), |value| self.style.write(self.out, value, Typed::Yes))
    }

    fn check(&mut self, scope: &Scope<'_>, op: &Operation, format: &Format) -> fmt::Result {
        self.operands(scope, &op.operands)?;
        self.out.write_str(", ")?;
        if let Some(value) = op.attr("value") {
            self.style.write(self.out, value, Typed::Yes)?;
        }
        self.attr_dict(op, format, false)
    }

    /// `(operands) attr-dict : functional-type`.
    fn operands_and_types(&mut self, scope: &Scope<'_>, op: &Operation, format: &Format) -> fmt::Result {
        self.out.write_char('(')?;
        self.operands(scope, &op.operands)?;
        self.out.write_char(')')?;
        self.dict_and_types(scope, op, format)
    }

    fn dict_and_types(&mut self, scope: &Scope<'_>, op: &Operation, format: &Format) -> fmt::Result {
        self.attr_dict(op, format, false)?;
        self.out.write_str(" : ")?;
        self.functional_type(scope, op)
    }

    fn reduce(&mut self, scope: &Scope<'_>, op: &Operation, format: &Format) -> fmt::Result {
        let (inputs, inits) = op.operands.split_at(op.operands.len() / 2);
        let pairs: Vec<(ValueId, ValueId)> = inputs.iter().copied().zip(inits.iter().copied()).collect();
        write_list(self.out, &pairs, |out, (input, init)| {
            write!(out, "({} init: {})", scope.name(*input), scope.name(*init))
        })?;
        let body = op.regions[0];
        let applied = applied_op(scope, op, body);
        if let Some(inner) = applied {
            write!(self.out, " applies {}", inner.info().name)?;
        }
        self.out.write_str(" across dimensions = ")?;
        write_integers(self.out, op.i64s_attr("dimensions").unwrap_or(&[]))?;
        self.dict_and_types(scope, op, format)?;
        if applied.is_some() {
            return Ok(());
        }
        self.out.write_char('\n')?;
        self.start_line()?;
        self.out.write_str(" reducer")?;
        let args = &scope.func.regions[body].args;
        let (elements, accumulators) = args.split_at(args.len() / 2);
        for (&element, &accumulator) in elements.iter().zip(accumulators) {
            self.out.write_char('(')?;
            self.argument(scope, element)?;
            self.out.write_str(", ")?;
            self.argument(scope, accumulator)?;
            self.out.write_str(") ")?;
        }
        self.out.write_char(' ')?;
        self.region_without_args(scope, body)
    }

    fn while_loop(&mut self, scope: &Scope<'_>, op: &Operation, format: &Format) -> fmt::Result {
        let (cond, body) = (op.regions[0], op.regions[1]);
        let args = &scope.func.regions[body].args;
        let pairs: Vec<(ValueId, ValueId)> = args.iter().copied().zip(op.operands.iter().copied()).collect();
        self.out.write_char('(')?;
        write_list(self.out, &pairs, |out, (arg, operand)| {
            write!(out, "{} = {}", scope.name(*arg), scope.name(*operand))
        })?;
        self.out.write_char(')')?;
        if !op.operands.is_empty() {
            self.out.write_str(" : ")?;
            self.types(&scope.types(&op.operands))?;
        }
        self.attr_dict(op, format, true)?;
        self.out.write_char('\n')?;
        self.start_line()?;
        self.out.write_str("cond ")?;
        self.region_without_args(scope, cond)?;
        self.out.write_str(" do ")?;
        self.region_without_args(scope, body)
    }

    fn composite(&mut self, scope: &Scope<'_>, op: &Operation, format: &Format) -> fmt::Result {
        write_string(self.out, op.str_attr("name").unwrap_or(""))?;
        if !op.operands.is_empty() {
            self.out.write_char(' ')?;
            self.operands(scope, &op.operands)?;
        }
        if !op.regions.is_empty() {
            self.out.write_str(" (")?;
            for (index, &region) in op.regions.iter().enumerate() {
                self.out.write_str(if index > 0 { ", " } else { "" })?;
                self.region(scope, region, super::op::Within::Operation)?;
            }
            self.out.write_char(')')?;
        }
        self.dict_and_types(scope, op, format)
    }

    fn scan(&mut self, scope: &Scope<'_>, parts: &Parts<'_>, format: &Format) -> fmt::Result {
        let op = parts.op;
        self.out.write_char('(')?;
        self.operands(scope, parts.values(Subject::Operand(0)))?;
        self.out.write_str(") inits (")?;
        self.operands(scope, parts.values(Subject::Operand(1)))?;
        write!(self.out, ") dimension={}", op.i64_attr("dimension").unwrap_or(0))?;
        // MLIR keeps an attribute that only spells out the default in this form.
        self.attrs_left(op, format, true, false)?;
        self.out.write_char(' ')?;
        self.region(scope, op.regions[0], super::op::Within::Operation)?;
        self.out.write_str(" : ")?;
        self.functional_type(scope, op)
    }

    fn computation(&mut self, scope: &Scope<'_>, op: &Operation, format: &Format) -> fmt::Result {
        if let Some(name) = op.str_attr("name") {
            self.out.write_char('<')?;
            write_string(self.out, name)?;
            self.out.write_char('>')?;
        }
        self.out.write_char('(')?;
        self.operands(scope, &op.operands)?;
        self.out.write_char(')')?;
        for (name, prefix, suffix) in COMPUTATION_ATTRS {
            if let Some(group) = stripped(op.attr(name), prefix, suffix) {
                write!(self.out, " {name}={group}")?;
            }
        }
        let body = op.regions[0];
        self.out.write_str(" (")?;
        for (index, &arg) in scope.func.regions[body].args.iter().enumerate() {
            self.out.write_str(if index > 0 { ", " } else { "" })?;
            self.argument(scope, arg)?;
        }
        self.out.write_str(") ")?;
        self.region_without_args(scope, body)?;
        self.dict_and_types(scope, op, format)
    }
}

/// The attributes of `sdy` regions, with the text around the part that is written.
const COMPUTATION_ATTRS: [(&str, &str, &str); 3] = [
    ("in_shardings", "sdy.sharding_per_value<", ">"),
    ("out_shardings", "sdy.sharding_per_value<", ">"),
    ("manual_axes", "sdy<manual_axes", ">"),
];

/// Writes `[[0, 1], [2, 3]]`.
fn write_pairs(out: &mut dyn Write, padding: &DenseElements) -> fmt::Result {
    let values = padding.to_i64s().unwrap_or_default();
    let pairs: Vec<&[i64]> = values.chunks(2).collect();
    out.write_char('[')?;
    write_list(out, &pairs, |out, pair| write_integers(out, pair))?;
    out.write_char(']')
}

/// Whether a custom form can say what the operation holds.
fn custom_fits(scope: &Scope<'_>, op: &Operation, custom: Custom) -> bool {
    let args = |region: RegionId| &scope.func.regions[region].args;
    match custom {
        Custom::PairwiseOpType => scope.types(&op.operands) == scope.types(&op.results),
        Custom::TupleOpType => match scope.types(&op.results).as_slice() {
            [Type::Tuple(parts)] => parts.iter().collect::<Vec<_>>() == scope.types(&op.operands),
            _ => false,
        },
        Custom::SliceRanges => {
            let length = |name| op.i64s_attr(name).map(<[i64]>::len);
            length("start_indices") == length("limit_indices") && length("limit_indices") == length("strides")
        }
        Custom::WindowAttributes => match op.attr("padding") {
            Some(Attr::Elements(padding)) => matches!(padding.ty.sizes().as_deref(), Some([_, 2])),
            _ => true,
        },
        // A symbol's name is not empty.
        Custom::CustomCallTarget => op.str_attr("call_target_name").is_some_and(|name| !name.is_empty()),
        Custom::Call => op.symbol_attr("callee").is_some_and(|name| !name.is_empty()),
        Custom::Check => match (op.attr("value"), scope.types(&op.operands).as_slice()) {
            (Some(Attr::Elements(value)), [Type::Tensor(ty)]) => value.ty == *ty,
            _ => false,
        },
        Custom::Reduce => {
            let body = op.regions.first().filter(|_| op.regions.len() == 1);
            let pairs = !op.operands.is_empty() && op.operands.len().is_multiple_of(2);
            pairs && body.is_some_and(|&body| args(body).len() == op.operands.len())
        }
        Custom::While => match op.regions.as_slice() {
            &[cond, body] => {
                let types = scope.types(&op.operands);
                scope.types(args(cond)) == types
                    && scope.types(args(body)) == types
                    && scope.types(&op.results) == types
            }
            _ => false,
        },
        Custom::Scan => op.regions.len() == 1 && scan_results_follow(op),
        Custom::ManualComputation | Custom::NamedComputation => {
            let fits = |(name, prefix, suffix)| match op.attr(name) {
                Some(attr) => stripped(Some(attr), prefix, suffix).is_some(),
                None => custom == Custom::NamedComputation,
            };
            op.regions.len() == 1 && COMPUTATION_ATTRS.into_iter().all(fits)
        }
        _ => true,
    }
}

/// Whether as many results are carries as there are inits, as the form implies.
fn scan_results_follow(op: &Operation) -> bool {
    let carries = |groups: Option<crate::ir::ops::Groups>| groups.map(|groups| groups[1].len());
    carries(op.operand_groups()) == carries(op.result_groups())
}

/// The type that all operands and results have.
fn common_type<'f>(scope: &Scope<'f>, op: &Operation) -> Option<&'f Type> {
    let ty = |&value: &ValueId| scope.func.value_type(value);
    let mut types = op.operands.iter().chain(&op.results).map(ty);
    let first = types.next()?;
    (op.results.len() <= 1 && types.all(|ty| ty == first)).then_some(first)
}

/// Whether both operands have the type of the result's parts.
fn complex_type_follows(scope: &Scope<'_>, op: &Operation) -> bool {
    let real = |ty: &TensorType| Some(Type::Tensor(ty.with_element(ty.element.complex_part()?)));
    match scope.types(&op.results).as_slice() {
        [Type::Tensor(result)] => {
            real(result).is_some_and(|real| scope.types(&op.operands).iter().all(|ty| **ty == real))
        }
        _ => false,
    }
}

/// The operation that a reduction applies, when its body is just that: one commutative operation of
/// the same dialect on both arguments in order, without attributes, on scalars of the first input's
/// element type.
fn applied_op(scope: &Scope<'_>, reduce: &Operation, body: RegionId) -> Option<Opcode> {
    let func = scope.func;
    let region = &func.regions[body];
    let &[inner, last]: &[OpId; 2] = region.ops.as_slice().try_into().ok()?;
    let (inner, last) = (&func.ops[inner], &func.ops[last]);
    let input = func.value_type(*reduce.operands.first()?).as_tensor()?;
    let scalar = Type::Tensor(TensorType::scalar(input.element.clone()));
    let plain = inner.attrs.is_empty() && last.attrs.is_empty() && inner.regions.is_empty();
    let applies = inner.opcode.has(Traits::COMMUTATIVE)
        && inner.opcode.info().dialect() == "stablehlo"
        && inner.operands.as_slice() == region.args.as_slice()
        && common_type(scope, inner) == Some(&scalar);
    let returned = last.opcode == Opcode::Return && last.operands.as_slice() == inner.results.as_slice();
    (plain && applies && returned && inner.results.len() == 1).then_some(inner.opcode)
}
