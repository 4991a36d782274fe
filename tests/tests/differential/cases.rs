//! What a case is, and all of them.

use crate::compare::Tolerance;
use crate::data::Fill;
use crate::{chlo, elementwise, numeric, structured};

/// One operation on one element type.
pub(crate) struct Case {
    /// The operation and the element type, as in `sine f32`.
    pub(crate) name: String,
    /// Types of the arguments `%a0`, `%a1`, …, and what they hold.
    pub(crate) inputs: Vec<(String, Fill)>,
    /// Operations that define `%r0`, `%r1`, …
    pub(crate) body: String,
    /// Types of these results.
    pub(crate) results: Vec<String>,
    pub(crate) tolerance: Tolerance,
    /// A function that the body refers to; `FUNCTION` in it and in the body is the name of the case's own.
    pub(crate) callee: Option<String>,
}

impl Case {
    pub(crate) fn new(
        name: impl Into<String>,
        inputs: &[(&str, Fill)],
        body: impl Into<String>,
        results: &[&str],
        tolerance: Tolerance,
    ) -> Self {
        let tensor = |ty: &str| format!("tensor<{ty}>");
        Self {
            name: name.into(),
            inputs: inputs.iter().map(|(ty, fill)| (tensor(ty), *fill)).collect(),
            body: body.into(),
            results: results.iter().map(|ty| tensor(ty)).collect(),
            tolerance,
            callee: None,
        }
    }

    /// The private function that computes the case.
    pub(crate) fn function(&self, name: &str) -> String {
        let arguments: Vec<String> =
            self.inputs.iter().enumerate().map(|(i, (ty, _))| format!("%a{i}: {ty}")).collect();
        let results: Vec<String> = (0..self.results.len()).map(|i| format!("%r{i}")).collect();
        let (arguments, results, types) = (arguments.join(", "), results.join(", "), self.results.join(", "));
        let body = self.body.replace("FUNCTION", name);
        let callee = self.callee.as_deref().unwrap_or_default().replace("FUNCTION", name);
        format!(
            "{callee}func.func private @{name}({arguments}) -> ({types}) {{\n  {body}\n  return {results} : {types}\n}}\n"
        )
    }
}

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = elementwise::cases();
    cases.extend(structured::cases());
    cases.extend(numeric::cases());
    cases.extend(chlo::cases());
    cases
}
