//! Counts changes, and stops them after a number.
//!
//! Every change that a pass makes asks its ledger first. A wrong rewrite is then found by
//! bisection: run with a limit of N changes, and look for the smallest N that breaks the program.

use std::collections::BTreeMap;

/// How many changes were made, by rule, and how many more may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    remaining: Option<usize>,
    applied: usize,
    by_rule: BTreeMap<&'static str, usize>,
}

impl Ledger {
    /// A ledger without a limit.
    pub fn unlimited() -> Self {
        Self::default()
    }

    /// A ledger that allows `limit` changes.
    pub fn limited(limit: usize) -> Self {
        Self { remaining: Some(limit), ..Self::default() }
    }

    /// Asks to make one change. When it answers `true` the change is counted and must be made.
    #[must_use]
    pub fn allow(&mut self, rule: &'static str) -> bool {
        match &mut self.remaining {
            Some(0) => return false,
            Some(n) => *n -= 1,
            None => {}
        }
        self.applied += 1;
        *self.by_rule.entry(rule).or_default() += 1;
        true
    }

    /// Whether the limit is reached.
    pub fn is_exhausted(&self) -> bool {
        self.remaining == Some(0)
    }

    /// Changes made.
    pub fn applied(&self) -> usize {
        self.applied
    }

    /// Changes made by each rule, by name.
    pub fn by_rule(&self) -> &BTreeMap<&'static str, usize> {
        &self.by_rule
    }

    /// The changes made since the counts were last taken; the limit stays.
    pub fn take_counts(&mut self) -> BTreeMap<&'static str, usize> {
        self.applied = 0;
        std::mem::take(&mut self.by_rule)
    }
}

#[cfg(test)]
mod tests {
    use super::Ledger;

    #[test]
    fn a_limit_allows_that_many_changes() {
        let mut ledger = Ledger::limited(2);
        assert!(ledger.allow("a") && ledger.allow("b"));
        assert!(!ledger.allow("a") && ledger.is_exhausted());
        assert_eq!(ledger.applied(), 2);
        assert_eq!(ledger.by_rule().clone().into_iter().collect::<Vec<_>>(), [("a", 1), ("b", 1)]);
    }
}
