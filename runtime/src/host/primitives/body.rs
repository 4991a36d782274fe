//! The computation of a region on scalars, as data.
//!
//! A comparator, a reducer or the like is a list of steps on tensors of rank 0. It comes as JSON: the
//! types of its parameters, its steps, and which values are its results. Values are numbered, parameters
//! first, then the results of each step. The regions of a step (`if`, `case`, `while`) number on from where it
//! stands, and their values are gone after it.

use hire_artifact::ElementType;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::number::{Domain, Number};
use super::quantized::{Quantization, ScalarQuantization};
use super::scalar::{Comparison, Function, Scalar};
use super::{Fault, invalid};

/// Steps that are nested deeper are refused.
const MOST_NESTING: usize = 64;

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
    results: Vec<ElementType>,
    /// The bytes of a constant.
    #[serde(default)]
    value: Vec<u8>,
    #[serde(default)]
    attributes: Map<String, Value>,
    #[serde(default)]
    quantization: Option<Quantization>,
    #[serde(default)]
    regions: Vec<Region>,
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
    /// What stored integers mean, and how the result is stored.
    Quantized(Scalar, Vec<(usize, Option<ScalarQuantization>)>, Option<ScalarQuantization>),
    /// The branch that a number names; of a truth value the first when it is true.
    Case {
        index: usize,
        is_predicate: bool,
        branches: Vec<Body>,
    },
    While {
        carried: Vec<usize>,
        condition: Body,
        body: Body,
    },
}

impl Body {
    /// Prepares a region of `arity` parameters and `results` results.
    pub(super) fn new(region: &Region, arity: usize, results: usize) -> Result<Self, Fault> {
        let body = Self::nested(region, &mut Vec::new(), 0)?;
        body.expect(arity, results)?;
        Ok(body)
    }

    fn expect(&self, arity: usize, results: usize) -> Result<(), Fault> {
        let (have, gives) = (self.parameters.len(), self.results.len());
        if (have, gives) == (arity, results) {
            return Ok(());
        }
        Err(invalid(format!("a region takes {have} scalars to {gives}, where {arity} are taken to {results}")))
    }

    /// Prepares a region that may use the values whose types these are.
    fn nested(region: &Region, types: &mut Vec<ElementType>, depth: usize) -> Result<Self, Fault> {
        if depth > MOST_NESTING {
            return Err(invalid("a region is nested too deeply"));
        }
        types.extend(&region.parameters);
        let mut steps = Vec::new();
        for line in &region.steps {
            steps.push(Step::new(line, types, depth)?);
            types.extend(&line.results);
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
        self.run_on(args, values);
    }

    /// Appends the values of a run to those that it may use.
    fn run_on(&self, args: &[Number], values: &mut Vec<Number>) {
        values.extend(self.parameters.iter().zip(args).map(|(domain, &arg)| domain.convert(arg)));
        self.steps.iter().for_each(|step| step.run(values));
    }

    /// A result of the last run.
    pub(super) fn result(&self, index: usize, values: &[Number]) -> Number {
        values[self.results[index]]
    }

    /// Runs the region, and leaves nothing of it but its results.
    fn results(&self, args: &[Number], values: &mut Vec<Number>) -> Vec<Number> {
        let base = values.len();
        self.run_on(args, values);
        let results = self.results.iter().map(|&at| values[at]).collect();
        values.truncate(base);
        results
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

impl Step {
    fn new(line: &Line, types: &mut Vec<ElementType>, depth: usize) -> Result<Self, Fault> {
        let operands: Option<Vec<ElementType>> = line.operands.iter().map(|&at| types.get(at).copied()).collect();
        let operands = operands.ok_or_else(|| invalid("a region uses a value before it is computed"))?;
        if matches!(line.op.as_str(), "if" | "case" | "while") {
            return Self::control(line, &operands, types, depth);
        }
        let &[result] = line.results.as_slice() else {
            return Err(invalid(format!("`{}` in a region has not one result", line.op)));
        };
        if line.op == "constant" {
            if line.value.len() != result.host_bytes() {
                return Err(invalid("a constant of a region has another size than its type"));
            }
            return Ok(Step::Constant(Domain::of(result).load(&line.value)));
        }
        let scalar = |name: &str, operands: &[ElementType], result| {
            let scalar = Scalar::new(name, &line.attributes, operands, result)?;
            scalar.ok_or_else(|| invalid(format!("`{name}` in a region is not element-wise")))
        };
        let Some(quantization) = &line.quantization else {
            return Ok(Step::Apply(scalar(&line.op, &operands, result)?, line.operands.clone()));
        };
        let (given, stored) = quantization.scalars(operands.len())?;
        let meant = |dtype, quantized: &Option<ScalarQuantization>| quantized.as_ref().map_or(dtype, |q| q.expressed);
        let types: Vec<ElementType> = operands.iter().zip(&given).map(|(&dtype, q)| meant(dtype, q)).collect();
        let name = if line.op.starts_with("uniform_") { "convert" } else { &line.op };
        let scalar = scalar(name, &types, meant(result, &stored))?;
        Ok(Step::Quantized(scalar, line.operands.iter().copied().zip(given).collect(), stored))
    }

    fn control(
        line: &Line,
        operands: &[ElementType],
        types: &mut Vec<ElementType>,
        depth: usize,
    ) -> Result<Self, Fault> {
        let (base, count) = (types.len(), line.results.len());
        let mut bodies = Vec::new();
        for region in &line.regions {
            bodies.push(Body::nested(region, types, depth + 1)?);
            types.truncate(base);
        }
        if line.op != "while" {
            bodies.iter().try_for_each(|branch| branch.expect(0, count))?;
            let is_predicate = line.op == "if";
            let enough = if is_predicate { bodies.len() == 2 } else { !bodies.is_empty() };
            let &[index] = line.operands.as_slice() else { return Err(invalid("a branch needs one operand")) };
            if !enough {
                return Err(invalid(format!("`{}` has {} branches", line.op, bodies.len())));
            }
            return Ok(Step::Case { index, is_predicate, branches: bodies });
        }
        let [condition, body]: [Body; 2] =
            bodies.try_into().map_err(|_| invalid("a loop needs a condition and a body"))?;
        condition.expect(count, 1)?;
        body.expect(count, count)?;
        if operands != line.results {
            return Err(invalid("a loop carries values of other types than it gives"));
        }
        Ok(Step::While { carried: line.operands.clone(), condition, body })
    }

    /// Appends the results.
    fn run(&self, values: &mut Vec<Number>) {
        let value = match self {
            Step::Constant(value) => *value,
            Step::Apply(scalar, operands) => {
                let mut inputs = [Number::Int(0); 3];
                inputs.iter_mut().zip(operands).for_each(|(input, &at)| *input = values[at]);
                scalar.apply(&inputs[..operands.len()])
            }
            Step::Quantized(scalar, operands, stored) => {
                let mut inputs = [Number::Int(0); 3];
                for (input, (at, quantized)) in inputs.iter_mut().zip(operands) {
                    *input = quantized.as_ref().map_or(values[*at], |q| q.dequantize(values[*at]));
                }
                let value = scalar.apply(&inputs[..operands.len()]);
                stored.as_ref().map_or(value, |q| q.quantize(value))
            }
            Step::Case { index, is_predicate, branches } => {
                let chosen = match values[*index].int() {
                    value if *is_predicate => usize::from(value == 0),
                    value => usize::try_from(value).unwrap_or(usize::MAX),
                };
                let results = branches[chosen.min(branches.len() - 1)].results(&[], values);
                return values.extend(results);
            }
            Step::While { carried, condition, body } => {
                let mut carried: Vec<Number> = carried.iter().map(|&at| values[at]).collect();
                while condition.results(&carried, values)[0].is_true() {
                    carried = body.results(&carried, values);
                }
                return values.extend(carried);
            }
        };
        values.push(value);
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
                {"op": "constant", "results": ["f32"], "value": [0, 0, 128, 63]},
                {"op": "add", "operands": [0, 1], "results": ["f32"]},
                {"op": "add", "operands": [3, 2], "results": ["f32"]},
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
    fn regions_branch_and_loop() {
        // The loop doubles its first value until it exceeds the parameter; the branch negates odd ones.
        let step = |op: &str, operands: [usize; 2]| json!({"op": op, "operands": operands, "results": ["i32"]});
        let less = json!({"op": "compare", "operands": [2, 0], "results": ["i1"],
            "attributes": {"comparison_direction": "LE"}});
        let doubled = region(json!({
            "parameters": ["i32"],
            "steps": [
                {"op": "constant", "results": ["i32"], "value": [3, 0, 0, 0]},
                {"op": "while", "operands": [1], "results": ["i32"], "regions": [
                    {"parameters": ["i32"], "steps": [less], "results": [3]},
                    {"parameters": ["i32"], "steps": [step("add", [2, 2])], "results": [3]},
                ]},
                {"op": "case", "operands": [0], "results": ["i32"], "regions": [
                    {"parameters": [], "steps": [], "results": [1]},
                    {"parameters": [], "steps": [step("subtract", [1, 2])], "results": [3]},
                ]},
            ],
            "results": [3],
        }));
        let body = Body::new(&doubled, 1, 1).unwrap();
        let mut values = body.values();
        for (x, expected) in [(0, 3), (1, 0), (10, -9), (-4, 0)] {
            body.run(&[Number::Int(x)], &mut values);
            assert_eq!(body.result(0, &values), Number::Int(expected), "{x}");
        }
    }

    #[test]
    fn broken_regions_are_errors() {
        let uses = json!({"parameters": ["f32"], "steps": [{"op": "abs", "operands": [1], "results": ["f32"]}], "results": [1]});
        assert!(Body::new(&region(uses), 1, 1).is_err());
        let branches = json!({"parameters": ["i1"], "steps": [
            {"op": "if", "operands": [0], "results": ["i1"], "regions": []},
        ], "results": [1]});
        assert!(Body::new(&region(branches), 1, 1).is_err());
        let returns = json!({"parameters": ["f32"], "steps": [], "results": [1]});
        assert!(Body::new(&region(returns), 1, 1).is_err());
    }
}
