//! Types that stand for several: `: tensor<4xf32>` for operands and result alike.

use super::super::parser::{Noted, Parse, Parser, error};
use super::super::pretty::Form;
use super::super::scope::{Body, plural};
use crate::diag::Span;
use crate::ir::{ElementType, FunctionType, TensorType, Type};

impl<'t> Parser<'t> {
    /// One type for all operands and the result, or a functional type.
    pub(super) fn parse_same_operands_and_result_type(&mut self, body: &Body<'t>, form: &mut Form) -> Parse<()> {
        let start = self.token;
        let ty = self.parse_type()?;
        if let Type::Function(function) = ty {
            return self.assign_function_type(body, form, *function, start.span());
        }
        for used in form.parts.operands.clone() {
            self.check_type(body, used, &ty)?;
        }
        form.parts.result_types.push(ty);
        Ok(())
    }

    /// The types of a functional type with one result.
    fn assign_function_type(&mut self, body: &Body<'t>, form: &mut Form, ty: FunctionType, at: Span) -> Parse<()> {
        if ty.results.len() != 1 {
            let message = format!("`{}` has one result, but the type gives {}", form.info.name, ty.results.len());
            return Err(error(at, message));
        }
        self.check_types(body, &form.parts.operands, &ty.inputs, at)?;
        form.parts.result_types.extend(ty.results);
        Ok(())
    }

    /// The types of the operands, which are those of the results.
    pub(super) fn parse_pairwise_op_type(&mut self, body: &Body<'t>, form: &mut Form) -> Parse<()> {
        let types = self.parse_type_list()?;
        self.check_types(body, &form.parts.operands, &types, form.parts.span)?;
        form.parts.result_types.extend(types);
        Ok(())
    }

    /// A tuple type, whose parts are the operands' types.
    pub(super) fn parse_tuple_op_type(&mut self, body: &Body<'t>, form: &mut Form) -> Parse<()> {
        let start = self.token;
        let ty = self.parse_type()?;
        let Type::Tuple(parts) = &ty else {
            return Err(error(Span::new(start.start, self.last_end), format!("expected a tuple type, found `{ty}`")));
        };
        self.check_types(body, &form.parts.operands, parts, form.parts.span)?;
        form.parts.result_types.push(ty);
        Ok(())
    }

    /// A complex tensor type, whose parts the operands are, or a functional type.
    pub(super) fn parse_complex_op_type(&mut self, body: &Body<'t>, form: &mut Form) -> Parse<()> {
        let start = self.token;
        let part = match self.parse_type()? {
            Type::Function(function) => return self.assign_function_type(body, form, *function, start.span()),
            Type::Tensor(ty) => match ty.element.complex_part() {
                Some(part) => (ty.with_element(part), ty),
                None => return Err(self.expected_complex(start.start, &Type::Tensor(ty))),
            },
            other => return Err(self.expected_complex(start.start, &other)),
        };
        let (real, complex): (TensorType, TensorType) = part;
        let real = Type::Tensor(real);
        for used in form.parts.operands.clone() {
            self.check_type(body, used, &real)?;
        }
        form.parts.result_types.push(Type::Tensor(complex));
        Ok(())
    }

    fn expected_complex(&self, start: u32, found: &Type) -> Box<crate::diag::Diagnostic> {
        let example = TensorType::new(&[2], ElementType::ComplexF32);
        error(Span::new(start, self.last_end), format!("expected a tensor of complex numbers, found `{found}`"))
            .because(format!("such as `{example}`"))
    }

    /// The types of predicate and values, or a functional type.
    pub(super) fn parse_select_op_type(&mut self, body: &Body<'t>, form: &mut Form) -> Parse<()> {
        let start = self.token;
        let mut types = self.parse_type_list()?;
        let span = Span::new(start.start, self.last_end);
        if let [Type::Function(function)] = types.as_slice() {
            let function = (**function).clone();
            return self.assign_function_type(body, form, function, span);
        }
        if types.len() != 2 {
            let message = format!("expected the types of predicate and values, found {}", plural(types.len(), "type"));
            return Err(error(span, message).because("or a functional type, `(…) -> …`"));
        }
        let value = types.pop().expect("there are two types");
        types.extend([value.clone(), value.clone()]);
        self.check_types(body, &form.parts.operands, &types, span)?;
        form.parts.result_types.push(value);
        Ok(())
    }
}
