//! What is wrong with a refinement.

use hire_compiler::ir::{Func, OpId, Type};

use super::known::Known;
use super::{Diagnostic, Span};

/// As many types must be given as there are arguments.
pub(super) fn argument_count(func: &Func, given: usize) -> Diagnostic {
    let taken = func.ty.inputs.len();
    Diagnostic::error(
        func.span,
        format!("@{} takes {taken} arguments, but {given} types are given for them", func.name),
    )
}

/// A type must say at least as much as the one that is stated.
pub(super) fn argument(func: &Func, index: usize, stated: &Type, given: &Type) -> Diagnostic {
    let message = format!("argument {index} of @{} is `{stated}`, which does not refine to `{given}`", func.name);
    Diagnostic::error(func.span, message)
        .note(Span::NONE, "a refinement has the same rank and element type, and the same size wherever one is known")
}

/// An assertion about shapes does not hold. Its message has places `{0}`, `{1}` for the operands after the first.
pub(super) fn assertion(func: &Func, op: OpId, known: &Known) -> Diagnostic {
    let operation = &func.ops[op];
    let mut message = operation.str_attr("error_message").unwrap_or("an assertion about shapes").to_owned();
    for (place, &operand) in operation.operands.iter().skip(1).enumerate() {
        if let Some([value]) = known.integers(func, operand).as_deref() {
            message = message.replace(&format!("{{{place}}}"), &value.to_string());
        }
    }
    Diagnostic::error(operation.span, format!("a shape assertion does not hold: {message}"))
}
