//! Splits a compiled module into the program of a step and the one that prepares its weights.

use hire_compiler::ir::{Module, Visibility};
use hire_compiler::rewrite::{erase_functions, unreachable_functions};
use hire_passes::hire::prepare::PREPARE;

/// The module without `@prepare`.
pub(crate) fn main_program(module: &Module) -> Module {
    let mut program = module.clone();
    program.retain_funcs(|func| func.name != PREPARE);
    program
}

/// A module whose `@main` is `@prepare`, when there is one.
pub(crate) fn prepare_program(module: &Module) -> Option<Module> {
    let prepare = module.func_by_name(PREPARE)?;
    let mut program = module.clone();
    program.retain_funcs(|func| func.name == PREPARE || func.visibility == Visibility::Private);
    program.funcs[prepare].name = "main".into();
    let unreachable = unreachable_functions(&program);
    erase_functions(&mut program, unreachable);
    Some(program)
}
