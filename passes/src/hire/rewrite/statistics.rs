//! What sites saw, as further results of the entry function: the certificate of an exact softmax layer, and how many of a
//! feed-forward layer's active neurons were selected.
//!
//! A *candidate* is an entry whose upper bound reaches the least entry that the outlet keeps: where the candidates are
//! among the k' selected, the certificate holds, and k' need not be larger. A *fallback* is a step that computes the dense
//! product. Counting reads all upper bounds once more; nothing else of the program changes.
//!
//! Which neurons are *active* the dense products of a feed-forward layer tell; counting keeps these in the program beside the
//! rewritten layer, whose results do not change.

use hire_compiler::ir::{Attr, Builder, ElementType, Func, Module, Opcode, ValueId};
use hire_compiler::rewrite::Patch;

use super::certificate::Certificate;
use super::site::Rewrite;
use crate::hire::emit::Emit;
use crate::hire::find::Outlet;
use crate::hire::prepare::NAME_ATTR;

/// What the name of the result that counts an exact site's candidates ends with: `hire.SITE.candidates`, [B] i32.
pub const CANDIDATES: &str = ".candidates";

/// What the name of the result that is 1 at a fallback and else 0 ends with: `hire.SITE.fallback`, i32.
pub const FALLBACK: &str = ".fallback";

/// What the name of the result that counts a layer's active neurons ends with: `hire.SITE.active`, [B] i32.
pub const ACTIVE: &str = ".active";

/// What the name of the result that counts those of them that were selected ends with: `hire.SITE.found`, [B] i32.
pub const FOUND: &str = ".found";

/// The attribute of a dense product that is kept for counting, and so is no site.
pub(in crate::hire) const COUNTED_ATTR: &str = "hire.counted";

/// The counts of an outlet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counts {
    candidates: ValueId,
    fallback: ValueId,
}

impl Counts {
    /// The same values, seen by another function.
    pub(super) fn map(self, mut see: impl FnMut(ValueId) -> ValueId) -> Counts {
        Counts { candidates: see(self.candidates), fallback: see(self.fallback) }
    }
}

impl Rewrite<'_> {
    /// Counts what reaches the certificate's least entry among the upper `bounds` [B, V].
    pub(super) fn counts(
        &self,
        module: &Module,
        patch: &mut Patch,
        outlet: &Outlet,
        bounds: ValueId,
        certificate: Certificate,
    ) -> Counts {
        let bounds = self.scores_after(module, patch, &outlet.steps, bounds, None);
        let mut b = patch.builder();
        let sizes = b.sizes(bounds);
        let element = b.element(bounds);
        let least = b.convert(certificate.least, element);
        let least = b.broadcast(least, &[0], &sizes);
        let reaches = b.compare("GE", bounds, least);
        let ones = b.convert(reaches, ElementType::I32);
        let zero = b.splat(&[], ElementType::I32, 0.0);
        let candidates = b.reduce(ones, zero, 1, Opcode::Add);
        let fails = b.elementwise(Opcode::Not, &[certificate.holds]);
        Counts { candidates, fallback: b.convert(fails, ElementType::I32) }
    }
}

/// Appends the counts of a site's outlets to the results of a function.
pub(super) fn add_results(func: &mut Func, site: &str, counts: &[Counts]) {
    for (index, counts) in counts.iter().enumerate() {
        let outlet = if index == 0 { String::new() } else { format!(".{index}") };
        add_result(func, format!("hire.{site}{outlet}{CANDIDATES}"), counts.candidates);
        add_result(func, format!("hire.{site}{outlet}{FALLBACK}"), counts.fallback);
    }
}

/// Counts which neurons of a layer are active, and which of these are selected: of dense activations [B, F] and the
/// selected neurons [B, k'], two of [B] i32.
pub(in crate::hire) fn count_active(b: &mut Builder<'_>, activations: ValueId, selected: ValueId) -> [ValueId; 2] {
    let (sizes, element) = (b.sizes(activations), b.element(activations));
    let zeros = b.splat(&sizes, element, 0.0);
    let active = b.compare("NE", activations, zeros);
    let active = b.convert(active, ElementType::I32);
    let found = b.take_along(active, selected, 1);
    [active, found].map(|counted| {
        let zero = b.splat(&[], ElementType::I32, 0.0);
        b.reduce(counted, zero, 1, Opcode::Add)
    })
}

/// Appends a value to the results of a function.
pub(in crate::hire) fn add_result(func: &mut Func, name: String, value: ValueId) {
    let Some(last) = func.body.and_then(|body| func.regions[body].ops.last().copied()) else { return };
    func.ops[last].operands.push(value);
    func.ty.results.push(func.value_type(value).clone());
    func.result_attrs.push([(NAME_ATTR, Attr::string(name))].into_iter().collect());
}
