//! The computation of a region on scalars, as data.
//!
//! A comparator, a reducer or the like is a straight line of element-wise operations on tensors of
//! rank 0. It comes as JSON: the types of its parameters, its steps, and which values are its
//! results. Values are numbered, parameters first, then one for each step.

use hire_artifact::ElementType;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::number::{Domain, Number};
use super::scalar::{Comparison, Function, Scalar};
use super::{Fault, invalid};

/// A region as JSON.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Region {
    parameters: Vec<ElementType>,
    steps: Vec<Line>,
    results: Vec<usize>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    op: String,
    #[serde(default)]
    operands: Vec<usize>,
    result: ElementType,
    /// The bytes of a constant.
    #[serde(default)]
    value: Vec<u8>,
    #[serde(default)]
    attributes: Map<String, Value>,
}

/// A region that can be run.
#[derive(Clone)]
pub(super) struct Body {
    parameters: Vec<Domain>,
    steps: Vec<Step>,
    results: Vec<usize>,
}

#[derive(Clone)]
enum Step {
    Constant(Number),
    Apply(Scalar, Vec<usize>),
}

impl Body {
    /// Prepares a region of `arity` parameters and `results` results.
    pub(super) fn new(region: &Region, arity: usize, results: usize) -> Result<Self, Fault> {
        if region.parameters.len() != arity || region.results.len() != results {
            let (have, gives) = (region.parameters.len(), region.results.len());
            return Err(invalid(format!(
                "a region takes {have} scalars to {gives}, where {arity} are taken to {results}"
            )));
        }
        let mut types = region.parameters.clone();
        let mut steps = Vec::new();
        for line in &region.steps {
            let operands: Option<Vec<ElementType>> = line.operands.iter().map(|&at| types.get(at).copied()).collect();
            let operands = operands.ok_or_else(|| invalid("a region uses a value before it is computed"))?;
            steps.push(if line.op == "constant" {
                if line.value.len() != line.result.host_bytes() {
                    return Err(invalid("a constant of a region has another size than its type"));
                }
                Step::Constant(Domain::of(line.result).load(&line.value))
            } else {
                let scalar = Scalar::new(&line.op, &line.attributes, &operands, line.result)?;
                let scalar = scalar.ok_or_else(|| invalid(format!("`{}` in a region is not element-wise", line.op)))?;
                Step::Apply(scalar, line.operands.clone())
            });
            types.push(line.result);
        }
        if region.results.iter().any(|&at| at >= types.len()) {
            return Err(invalid("a region returns a value that it does not compute"));
        }
        let parameters = region.parameters.iter().map(|&dtype| Domain::of(dtype)).collect();
        Ok(Self { parameters, steps, results: region.results.clone() })
    }

    /// Memory for the values of a run.
    pub(super) fn values(&self) -> Vec<Number> {
        Vec::with_capacity(self.parameters.len() + self.steps.len())
    }

    /// Runs the region on scalars, converted to the types of its parameters; [`Self::result`] then
    /// reads the results from `values`.
    pub(super) fn run(&self, args: &[Number], values: &mut Vec<Number>) {
        values.clear();
        values.extend(self.parameters.iter().zip(args).map(|(domain, &arg)| domain.convert(arg)));
        for step in &self.steps {
            let value = match step {
                Step::Constant(value) => *value,
                Step::Apply(scalar, operands) => {
                    let mut inputs = [Number::Int(0); 3];
                    inputs.iter_mut().zip(operands).for_each(|(input, &at)| *input = values[at]);
                    scalar.apply(&inputs[..operands.len()])
                }
            };
            values.push(value);
        }
    }

    /// A result of the last run.
    pub(super) fn result(&self, index: usize, values: &[Number]) -> Number {
        values[self.results[index]]
    }

    /// The comparison that the region is, and the parameters it compares, where it is nothing else.
    pub(super) fn as_comparison(&self) -> Option<(Comparison, usize, usize)> {
        match (self.steps.as_slice(), self.results.as_slice()) {
            ([Step::Apply(Scalar { function: Function::Compare(comparison), .. }, operands)], [result])
                if *result == self.parameters.len() && operands.iter().all(|&at| at < self.parameters.len()) =>
            {
                Some((*comparison, operands[0], operands[1]))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn region(value: Value) -> Region {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_region_runs_on_its_own_types() {
        let add = region(json!({
            "parameters": ["f32", "f32"],
            "steps": [
                {"op": "constant", "result": "f32", "value": [0, 0, 128, 63]},
                {"op": "add", "operands": [0, 1], "result": "f32"},
                {"op": "add", "operands": [3, 2], "result": "f32"},
            ],
            "results": [4],
        }));
        let body = Body::new(&add, 2, 1).unwrap();
        let mut values = body.values();
        body.run(&[Number::Int(2), Number::Float(0.5)], &mut values);
        assert_eq!(body.result(0, &values), Number::Float(3.5));
        assert!(body.as_comparison().is_none());
    }

    #[test]
    fn broken_regions_are_errors() {
        let uses =
            json!({"parameters": ["f32"], "steps": [{"op": "abs", "operands": [1], "result": "f32"}], "results": [1]});
        assert!(Body::new(&region(uses), 1, 1).is_err());
        let returns = json!({"parameters": ["f32"], "steps": [], "results": [1]});
        assert!(Body::new(&region(returns), 1, 1).is_err());
    }
}
