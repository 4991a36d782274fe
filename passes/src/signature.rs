//! What each argument and result of the entry function is for.
//!
//! An argument is *state* when it is donated and aliased to a result (`tf.aliasing_output`), a
//! *parameter* when the weights file has a tensor of its name, and an *input* otherwise. Names come
//! from argument locations, where JAX keeps them (`params['layers'][0]['w1']`). Without a weights
//! file an argument counts as a parameter when its name is a path into a container, or, in modules
//! without names, when it is a float tensor of rank 2 or more.

use hire_compiler::ir::{Func, Locations, Module, TensorType, ValueId};
use smol_str::SmolStr;

/// What an argument is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A weight: bound by name, uploaded once.
    Parameter,
    /// Donated and aliased to a result, kept from step to step.
    State {
        /// The result that replaces it.
        result: usize,
    },
    /// Given anew for each step.
    Input,
}

/// An argument of the entry function.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its name; `argN` where the module gives none.
    pub name: SmolStr,
    /// What it is for.
    pub role: Role,
    /// The value inside the function.
    pub value: ValueId,
    /// Its type, when it is a tensor.
    pub ty: Option<TensorType>,
}

/// The arguments of the entry function, in order.
#[derive(Clone, Debug)]
pub struct Signature {
    /// One entry an argument.
    pub arguments: Vec<Argument>,
}

impl Signature {
    /// The signature of `func`; `is_weight` says whether the weights file has a tensor of a name,
    /// when there is a weights file.
    pub fn of(module: &Module, func: &Func, is_weight: Option<&dyn Fn(&str) -> bool>) -> Signature {
        let named = func.args().iter().any(|&a| argument_name(&module.locs, func, a).is_some());
        let argument = |(index, &value): (usize, &ValueId)| {
            let name = argument_name(&module.locs, func, value);
            let ty = func.value_type(value).as_tensor().cloned();
            let looks_like_weight = match (&name, is_weight) {
                (Some(name), Some(is_weight)) => is_weight(name),
                (None, Some(is_weight)) => is_weight(&format!("arg{index}")),
                (Some(name), None) => name.contains(['[', '.']),
                (None, None) => !named && ty.as_ref().is_some_and(|t| t.element.is_float() && t.rank() >= Some(2)),
            };
            let role = match aliased_result(func, index) {
                Some(result) => Role::State { result },
                None if looks_like_weight => Role::Parameter,
                None => Role::Input,
            };
            Argument { name: name.unwrap_or_else(|| format!("arg{index}").into()), role, value, ty }
        };
        Signature { arguments: func.args().iter().enumerate().map(argument).collect() }
    }

    /// The argument behind a value, if the value is one.
    pub fn argument(&self, value: ValueId) -> Option<&Argument> {
        self.arguments.iter().find(|a| a.value == value)
    }
}

/// The name in an argument's location.
pub fn argument_name(locs: &Locations, func: &Func, argument: ValueId) -> Option<SmolStr> {
    locs.name(func.values[argument].loc).map(SmolStr::new)
}

/// The result that an argument's buffer is donated to.
fn aliased_result(func: &Func, index: usize) -> Option<usize> {
    let result = func.arg_attrs.get(index)?.get("tf.aliasing_output")?.as_i64()?;
    usize::try_from(result).ok()
}
