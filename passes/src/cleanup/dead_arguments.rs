//! Reports the parameters of public functions that nothing reads.
//!
//! They stay: the signature belongs to the caller. But weights that are uploaded and never read are
//! worth knowing of, and so is an input that a cleanup has shown not to matter.

use hire_compiler::diag::Diagnostic;
use hire_compiler::graph::Uses;
use hire_compiler::ir::{Module, Visibility};
use hire_compiler::print::Names;

use crate::{PassContext, PassError};

/// One remark for each unused parameter of each public function that has a body.
pub fn dead_arguments(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    for id in module.func_ids() {
        let func = &module.funcs[id];
        if func.visibility != Visibility::Public || func.body.is_none() {
            continue;
        }
        let (uses, names) = (Uses::of(func), Names::of(func));
        for &arg in func.args().iter().filter(|&&arg| uses.is_unused(arg)) {
            let name = module.locs.name(func.values[arg].loc).map_or(String::new(), |name| format!(" `{name}`"));
            let (value, ty) = (names.get(func, arg), func.value_type(arg));
            let message = format!("argument {value}{name} of @{}, a {ty}, is never read", func.name);
            context.remark(Diagnostic::remark(func.span, message));
        }
    }
    Ok(())
}
