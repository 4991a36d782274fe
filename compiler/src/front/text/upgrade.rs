//! Older spellings of attributes, which dumps of earlier years hold, brought to today's.

use smol_str::SmolStr;

use super::op::Parts;
use crate::ir::{Attr, AttrKind, DenseArray, Opcode, Traits};

/// Rewrites attributes that were given in an older form.
pub(super) fn upgrade(parts: &mut Parts) {
    if parts.opcode == Opcode::Foreign {
        return;
    }
    let info = parts.opcode.info();
    if info.traits.contains(Traits::SEGMENTED) {
        rename(parts, "operand_segment_sizes", "operandSegmentSizes");
        rename(parts, "result_segment_sizes", "resultSegmentSizes");
    }
    for (name, attr) in &mut parts.attrs {
        if let Some(spec) = info.attribute(name)
            && let Some(today) = upgraded(spec.kind, attr)
        {
            *attr = today;
        }
    }
}

fn rename(parts: &mut Parts, old: &str, today: &'static str) {
    if parts.attrs.iter().all(|(name, _)| name != today)
        && let Some((name, _)) = parts.attrs.iter_mut().find(|(name, _)| name == old)
    {
        *name = SmolStr::new_static(today);
    }
}

/// The attribute in the form that its kind has today, when it has an older one.
pub(in crate::front) fn upgraded(kind: AttrKind, attr: &Attr) -> Option<Attr> {
    let Attr::Elements(elements) = attr else { return None };
    if elements.ty.rank() != Some(1) || elements.len() > 1 << 16 {
        return None;
    }
    match kind {
        AttrKind::I64s => Some(Attr::DenseArray(DenseArray::I64(elements.to_i64s()?))),
        AttrKind::Bools => {
            let values = elements.integers()?;
            Some(Attr::DenseArray(DenseArray::Bool(values.into_iter().map(|v| v != 0).collect())))
        }
        _ => None,
    }
}
