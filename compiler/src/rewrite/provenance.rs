//! Locations of what a patch makes.
//!
//! An operation that a patch adds comes from what the patch replaces: unless it was given a
//! location, it gets the fused location of the operations whose results are replaced, or the
//! anchor's when none are. Names of JAX's name stack so survive rewriting.

use super::patch::Patch;
use crate::diag::Span;
use crate::ir::{Func, LocId, Location, Locations, OpId};

/// Longer lists of parts are cut: a location is for people to read.
const MOST_PARTS: usize = 8;

/// What the new operations of a patch get where they have nothing of their own.
pub(super) struct Provenance {
    loc: LocId,
    span: Span,
    call_site: Option<LocId>,
}

impl Provenance {
    /// The provenance of `patch` in `target`.
    pub(super) fn of(patch: &Patch, target: &Func, locs: &mut Locations) -> Self {
        let mut sources: Vec<OpId> =
            patch.replacements.iter().filter_map(|&(old, _)| target.defining_op(old)).collect();
        sources.extend(&patch.erased);
        if sources.is_empty() {
            sources.push(patch.anchor);
        }
        let loc = fuse(locs, sources.iter().map(|&op| target.ops[op].loc));
        let span = sources.iter().map(|&op| target.ops[op].span).find(|span| span.is_some()).unwrap_or(Span::NONE);
        Self { loc, span, call_site: patch.call_site }
    }

    /// Gives an operation of the fragment, already in the target, what it lacks.
    pub(super) fn complete(&self, target: &mut Func, op: OpId, locs: &mut Locations) {
        let operation = &mut target.ops[op];
        if !operation.span.is_some() {
            operation.span = self.span;
        }
        operation.loc = match (operation.loc, self.call_site) {
            (LocId::UNKNOWN, _) => self.loc,
            (callee, Some(caller)) if caller != LocId::UNKNOWN => locs.intern(Location::CallSite { callee, caller }),
            (own, _) => own,
        };
    }
}

/// One location for several: themselves fused, each once, unknown ones left out.
pub fn fuse(locs: &mut Locations, sources: impl IntoIterator<Item = LocId>) -> LocId {
    let mut parts = Vec::new();
    for source in sources {
        let inner = match locs.get(source) {
            Location::Fused { metadata: None, parts } => parts.clone(),
            Location::Unknown => Vec::new(),
            _ => vec![source],
        };
        for part in inner {
            if !parts.contains(&part) && parts.len() < MOST_PARTS {
                parts.push(part);
            }
        }
    }
    match parts.as_slice() {
        [] => LocId::UNKNOWN,
        [one] => *one,
        _ => locs.intern(Location::Fused { metadata: None, parts }),
    }
}
