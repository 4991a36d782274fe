//! What the arguments and results of a program's entry mean.
//!
//! An argument is a *parameter*, bound by name to a tensor of the weights file and the same in every step; *state*, which
//! a step takes and gives back updated, in the same memory; or an *input* of the step. A result is the new value of a
//! state argument, or an *output*.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::element_type::ElementType;
use crate::tensor_type::TensorType;

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArgumentRole {
    /// A tensor of the weights file, of the argument's name.
    Parameter,
    /// Memory that lives from step to step, such as a KV cache. It starts as zeros.
    State,
    /// A value that the caller gives to each step.
    Input,
}

/// What a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultRole {
    /// A value that each step gives to the caller.
    Output,
    /// The new value of a state argument, in that argument's memory.
    State,
}

/// One argument of the program's entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    /// The name, unique among the arguments.
    pub name: String,
    /// What the argument is.
    pub role: ArgumentRole,
    /// Element type, as StableHLO spells it.
    pub dtype: ElementType,
    /// Dimensions, major to minor.
    pub shape: Vec<u64>,
    /// For state, the index of the result that takes its memory over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias_result: Option<usize>,
}

/// One result of the program's entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultValue {
    /// The name, unique among the results.
    pub name: String,
    /// What the result is.
    pub role: ResultRole,
    /// Element type, as StableHLO spells it.
    pub dtype: ElementType,
    /// Dimensions, major to minor.
    pub shape: Vec<u64>,
}

impl Argument {
    /// The argument's type.
    pub fn ty(&self) -> TensorType {
        TensorType::new(self.dtype, self.shape.clone())
    }
}

impl ResultValue {
    /// The result's type.
    pub fn ty(&self) -> TensorType {
        TensorType::new(self.dtype, self.shape.clone())
    }
}

/// Arguments and results of a program's entry, in the program's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interface {
    /// The arguments.
    pub arguments: Vec<Argument>,
    /// The results.
    pub results: Vec<ResultValue>,
}

impl Interface {
    /// Checks that names are unique and that state arguments and state results pair up with equal types.
    /// The error says what is wrong, without saying where.
    pub fn check(&self) -> Result<(), String> {
        unique("argument", self.arguments.iter().map(|argument| &argument.name))?;
        unique("result", self.results.iter().map(|result| &result.name))?;
        let mut updated = BTreeSet::new();
        for argument in &self.arguments {
            if let Some(index) = self.check_alias(argument)?
                && !updated.insert(index)
            {
                return Err(format!("result '{}' is the new value of two arguments", self.results[index].name));
            }
        }
        let orphan = self.results.iter().enumerate().find(|(i, r)| r.role == ResultRole::State && !updated.contains(i));
        match orphan {
            Some((_, result)) => Err(format!("state result '{}' is the new value of no argument", result.name)),
            None => Ok(()),
        }
    }

    /// The result that takes over `argument`'s memory, if it is state.
    fn check_alias(&self, argument: &Argument) -> Result<Option<usize>, String> {
        let name = &argument.name;
        match (argument.role, argument.alias_result) {
            (ArgumentRole::State, Some(index)) => {
                let Some(result) = self.results.get(index) else {
                    return Err(format!(
                        "state argument '{name}' is aliased to result {index}, there are {}",
                        self.results.len()
                    ));
                };
                if result.role != ResultRole::State {
                    return Err(format!("state argument '{name}' is aliased to '{}', which is an output", result.name));
                }
                if result.ty() != argument.ty() {
                    return Err(format!(
                        "state argument '{name}' has type {}, its result '{}' has {}",
                        argument.ty(),
                        result.name,
                        result.ty()
                    ));
                }
                Ok(Some(index))
            }
            (ArgumentRole::State, None) => Err(format!("state argument '{name}' has no alias_result")),
            (_, Some(_)) => Err(format!("argument '{name}' has an alias_result but is not state")),
            (_, None) => Ok(None),
        }
    }
}

fn unique<'a>(kind: &str, names: impl Iterator<Item = &'a String>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(format!("two {kind}s are named '{name}'"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argument(name: &str, role: ArgumentRole, alias_result: Option<usize>) -> Argument {
        Argument { name: name.into(), role, dtype: ElementType::F32, shape: vec![2], alias_result }
    }

    fn result(name: &str, role: ResultRole) -> ResultValue {
        ResultValue { name: name.into(), role, dtype: ElementType::F32, shape: vec![2] }
    }

    fn good() -> Interface {
        Interface {
            arguments: vec![
                argument("w", ArgumentRole::Parameter, None),
                argument("cache", ArgumentRole::State, Some(1)),
                argument("x", ArgumentRole::Input, None),
            ],
            results: vec![result("y", ResultRole::Output), result("cache", ResultRole::State)],
        }
    }

    #[test]
    fn each_inconsistency_has_its_message() {
        assert_eq!(good().check(), Ok(()));
        type Case = (&'static str, fn(&mut Interface));
        let broken: [Case; 8] = [
            ("two arguments are named 'x'", |i| i.arguments[0].name = "x".into()),
            ("two results are named 'y'", |i| i.results[1].name = "y".into()),
            ("state argument 'cache' has no alias_result", |i| i.arguments[1].alias_result = None),
            ("state argument 'cache' is aliased to result 7, there are 2", |i| i.arguments[1].alias_result = Some(7)),
            ("state argument 'cache' is aliased to 'y', which is an output", |i| i.arguments[1].alias_result = Some(0)),
            ("state argument 'cache' has type tensor<3xf32>, its result 'cache' has tensor<2xf32>", |i| {
                i.arguments[1].shape = vec![3]
            }),
            ("argument 'x' has an alias_result but is not state", |i| i.arguments[2].alias_result = Some(1)),
            ("state result 'y' is the new value of no argument", |i| i.results[0].role = ResultRole::State),
        ];
        for (message, change) in broken {
            let mut interface = good();
            change(&mut interface);
            assert_eq!(interface.check(), Err(message.to_owned()));
        }
        let mut twice = good();
        twice.arguments[2] = argument("x", ArgumentRole::State, Some(1));
        assert_eq!(twice.check(), Err("result 'cache' is the new value of two arguments".to_owned()));
    }
}
