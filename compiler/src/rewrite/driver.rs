//! Applies rules to a function until none has anything to do.

use super::context::Context;
use super::editor::Editor;
use super::error::PatchError;
use super::ledger::Ledger;
use super::patch::Patch;
use crate::diag::Diagnostic;
use crate::graph::Effects;
use crate::ir::{Entity, FuncId, Module, OpId};

/// What a rule answers: nothing to do, a patch, or that the program cannot be worked with.
pub type RuleResult = Result<Option<Patch>, Diagnostic>;

struct Rule<'r> {
    name: &'static str,
    run: Box<dyn FnMut(&Context<'_>) -> RuleResult + 'r>,
}

/// Why a driver gave up.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DriveError {
    /// A rule refused the program.
    #[error("{0}")]
    Refused(#[from] Diagnostic),
    /// A rule made a patch that does not apply: a mistake in the rule.
    #[error("rule `{rule}` in @{func}: {error}")]
    Patch {
        /// The rule.
        rule: &'static str,
        /// The function it was to change.
        func: String,
        /// What is wrong with the patch.
        error: PatchError,
    },
    /// The rules keep finding something to do.
    #[error("the rules come to no end in @{func}; `{rule}` was the last")]
    NoEnd {
        /// The rule that made the last patch.
        rule: &'static str,
        /// The function.
        func: String,
    },
}

/// Rules that are applied together.
///
/// Each operation is looked at in program order, by each rule in the order in which they were
/// added; the first that has a patch wins. What a patch inserts, the users of what it replaces and
/// the operations that lost a user are looked at again.
#[derive(Default)]
pub struct Driver<'r> {
    rules: Vec<Rule<'r>>,
}

impl<'r> Driver<'r> {
    /// A driver without rules.
    pub fn new() -> Self {
        Self { rules: Vec::new() }
    }

    /// With one more rule.
    pub fn rule(mut self, name: &'static str, run: impl FnMut(&Context<'_>) -> RuleResult + 'r) -> Self {
        self.rules.push(Rule { name, run: Box::new(run) });
        self
    }

    /// Runs the rules over all functions of `module`, or until `ledger` allows no more.
    pub fn run_module(&mut self, module: &mut Module, ledger: &mut Ledger) -> Result<(), DriveError> {
        let mut effects = Effects::of(module);
        for id in module.func_ids().collect::<Vec<_>>() {
            let mut editor = Editor::with_effects(module, id, effects);
            self.run(&mut editor, ledger)?;
            effects = editor.into_effects();
        }
        Ok(())
    }

    /// Runs the rules over a function of `module`.
    pub fn run_func(&mut self, module: &mut Module, func: FuncId, ledger: &mut Ledger) -> Result<(), DriveError> {
        self.run(&mut Editor::new(module, func), ledger)
    }

    /// Runs the rules over the function of `editor`.
    pub fn run(&mut self, editor: &mut Editor<'_>, ledger: &mut Ledger) -> Result<(), DriveError> {
        let mut work = Worklist::of(editor);
        let mut budget = 1024 + 64 * work.items.len();
        while let Some(op) = work.pop() {
            if ledger.is_exhausted() {
                return Ok(());
            }
            if editor.order().region_of(op).is_none() {
                continue;
            }
            let Some((rule, patch)) = self.first_patch(&editor.context(op))? else { continue };
            if budget == 0 {
                return Err(DriveError::NoEnd { rule, func: editor.func().name.to_string() });
            }
            budget -= 1;
            if !ledger.allow(rule) {
                return Ok(());
            }
            let func = editor.func().name.to_string();
            let applied = editor.apply(&patch).map_err(|error| DriveError::Patch { rule, func, error })?;
            work.push(op);
            for &touched in applied.touched.iter().rev() {
                work.push(touched);
            }
            for &inserted in applied.inserted.iter().rev() {
                work.push_tree(editor, inserted);
            }
        }
        Ok(())
    }

    fn first_patch(&mut self, context: &Context<'_>) -> Result<Option<(&'static str, Patch)>, Diagnostic> {
        for rule in &mut self.rules {
            if let Some(patch) = (rule.run)(context)? {
                return Ok(Some((rule.name, patch)));
            }
        }
        Ok(None)
    }
}

/// Operations to look at, each at most once; the last pushed comes first.
struct Worklist {
    items: Vec<OpId>,
    waiting: Vec<bool>,
}

impl Worklist {
    fn of(editor: &Editor<'_>) -> Self {
        let mut work = Self { items: Vec::new(), waiting: vec![true; editor.func().ops.len()] };
        editor.func().walk(|_, op| work.items.push(op));
        work.items.reverse();
        work
    }

    fn push(&mut self, op: OpId) {
        if self.waiting.len() <= op.index() {
            self.waiting.resize(op.index() + 1, false);
        }
        if !std::mem::replace(&mut self.waiting[op.index()], true) {
            self.items.push(op);
        }
    }

    /// Pushes an operation and all that its regions hold.
    fn push_tree(&mut self, editor: &Editor<'_>, op: OpId) {
        let func = editor.func();
        let mut tree = Vec::new();
        let mut rest = vec![op];
        while let Some(op) = rest.pop() {
            tree.push(op);
            rest.extend(func.ops[op].regions.iter().flat_map(|&r| func.regions[r].ops.iter().rev()));
        }
        for op in tree.into_iter().rev() {
            self.push(op);
        }
    }

    fn pop(&mut self) -> Option<OpId> {
        let op = self.items.pop()?;
        self.waiting[op.index()] = false;
        Some(op)
    }
}
