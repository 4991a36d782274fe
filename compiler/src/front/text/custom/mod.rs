//! The forms that the op table's language does not describe, one function each.

mod calls;
mod constant;
mod control;
mod dims;
mod sharding;
mod types;

use super::parser::{Parse, Parser};
use super::pretty::Form;
use super::scope::Body;
use crate::ir::ops::{Custom, Subject};

impl<'t> Parser<'t> {
    /// A custom form.
    pub(super) fn parse_custom(
        &mut self,
        body: &mut Body<'t>,
        form: &mut Form,
        custom: Custom,
        subjects: &[Subject],
    ) -> Parse<()> {
        match custom {
            Custom::SameOperandsAndResultType | Custom::VariadicSameOperandsAndResultType => {
                self.parse_same_operands_and_result_type(body, form)
            }
            Custom::PairwiseOpType => self.parse_pairwise_op_type(body, form),
            Custom::TupleOpType => self.parse_tuple_op_type(body, form),
            Custom::ComplexOpType => self.parse_complex_op_type(body, form),
            Custom::SelectOpType => self.parse_select_op_type(body, form),
            Custom::ExponentMantissa => self.parse_exponent_mantissa(form, subjects),
            Custom::SliceRanges => self.parse_slice_ranges(form, subjects),
            Custom::I64Array => {
                let list = self.parse_i64_list()?;
                form.set_first(subjects, crate::ir::Attr::i64s(list));
                Ok(())
            }
            Custom::ConvolutionDimensions => {
                let d = self.parse_conv_dimensions()?;
                form.set_first(subjects, crate::ir::Attr::ConvDimensionNumbers(Box::new(d)));
                Ok(())
            }
            Custom::WindowAttributes => self.parse_window_attributes(form, subjects),
            Custom::DotDimensionNumbers => self.parse_dot_dimension_numbers(form, subjects),
            Custom::PrecisionConfigAndAlgorithm => self.parse_precision_config_and_algorithm(form, subjects),
            Custom::CustomCallTarget => self.parse_custom_call_target(form, subjects),
            Custom::VariadicOperandWithAttribute => self.parse_operands_with_commas(body, form),
            Custom::Constant => self.parse_constant(form),
            Custom::Reduce => self.parse_reduce(body, form),
            Custom::While => self.parse_while(body, form),
            Custom::Call => self.parse_call(body, form),
            Custom::ManualComputation => self.parse_manual_computation(body, form),
            Custom::NamedComputation => self.parse_named_computation(body, form),
            Custom::Check => self.parse_check(body, form),
            Custom::Composite => self.parse_composite(body, form),
            Custom::Scan => self.parse_scan(body, form),
        }
    }
}

impl Form {
    fn set_first(&mut self, subjects: &[Subject], attr: crate::ir::Attr) {
        if let Some(subject) = subjects.first() {
            self.set(*subject, attr);
        }
    }
}
