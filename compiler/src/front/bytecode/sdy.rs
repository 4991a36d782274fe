//! Shardings: attributes of the `sdy` dialect, which the IR keeps as text.
//!
//! Codes are those of Shardy's `bytecode.td`; the text is what MLIR prints. Attributes nest by a fixed
//! grammar (a sharding holds dimensions, those hold axes), so that reading them recurses a few levels
//! at most; the text they expand to counts against the file's limit like other repeated entries.

use super::cursor::Cursor;
use super::entries::{Entries, Step};
use super::error::Problem;
use crate::ir::Attr;

/// Codes of attributes.
mod code {
    pub(super) const MANUAL_AXES: u64 = 0;
    pub(super) const MESH_AXIS: u64 = 1;
    pub(super) const MESH: u64 = 2;
    pub(super) const SUB_AXIS_INFO: u64 = 3;
    pub(super) const AXIS_REF: u64 = 4;
    pub(super) const DIMENSION_SHARDING: u64 = 5;
    pub(super) const SHARDING: u64 = 6;
    pub(super) const SHARDING_PER_VALUE: u64 = 7;
    pub(super) const DIM_MAPPING: u64 = 8;
    pub(super) const TENSOR_MAPPING: u64 = 9;
    pub(super) const OP_SHARDING_RULE: u64 = 10;
    pub(super) const AXIS_REF_LIST: u64 = 11;
    pub(super) const LIST_OF_AXIS_REF_LISTS: u64 = 12;
    pub(super) const ALL_TO_ALL_PARAM: u64 = 13;
    pub(super) const ALL_TO_ALL_PARAM_LIST: u64 = 14;
    /// With unreduced axes.
    pub(super) const SHARDING_V2: u64 = 15;
    pub(super) const SHARDING_PER_VALUE_V2: u64 = 16;
    /// With unreduced axes and how they are reduced.
    pub(super) const SHARDING_V3: u64 = 17;
}

/// The mnemonics, in the order of the codes up to 14.
const MNEMONICS: [&str; 15] = [
    "manual_axes",
    "mesh_axis",
    "mesh",
    "sub_axis_info",
    "axis_ref",
    "dimension_sharding",
    "sharding",
    "sharding_per_value",
    "dim_mapping",
    "tensor_mapping",
    "op_sharding_rule",
    "axis_ref_list",
    "list_of_axis_ref_lists",
    "all_to_all_param",
    "all_to_all_param_list",
];

/// How axes are reduced, by number; a sum goes without saying.
const REDUCTIONS: [&str; 3] = ["", "max", "min"];

/// How many characters of text count as one repeated entry.
const CHARACTERS_PER_NODE: usize = 32;

impl<'f> Entries<'f> {
    /// An attribute of the `sdy` dialect.
    pub(super) fn sdy_attr(&mut self, c: &mut Cursor<'f>) -> Step<Attr> {
        let mut peek = *c;
        let mnemonic = match peek.varint()? {
            code::SHARDING_V2 | code::SHARDING_V3 => "sharding",
            code::SHARDING_PER_VALUE_V2 => "sharding_per_value",
            code => usize::try_from(code).ok().and_then(|code| MNEMONICS.get(code)).copied().unwrap_or_default(),
        };
        let body = self.sdy_body(c)?;
        let text =
            if body.starts_with('<') { format!("sdy.{mnemonic}{body}") } else { format!("sdy<{mnemonic}{body}>") };
        Ok(Attr::Opaque(text.into()))
    }

    /// What stands after the mnemonic.
    fn sdy_body(&mut self, c: &mut Cursor<'f>) -> Step<String> {
        let at = *c;
        let code = c.varint()?;
        let text = match code {
            code::MANUAL_AXES => {
                let names = self.list(c, "axes", |s, c| Ok(quoted(&s.text(c)?)))?;
                format!("{{{}}}", names.join(", "))
            }
            code::MESH_AXIS => format!("{}={}", self.quoted_name(c)?, c.svarint()?),
            code::MESH => {
                let axes = self.sdy_parts(c)?;
                let devices = c.svarints()?;
                let devices =
                    if devices.is_empty() { String::new() } else { format!(", device_ids=[{}]", joined(&devices)) };
                format!("<[{axes}]{devices}>")
            }
            code::SUB_AXIS_INFO => format!("({}){}", c.svarint()?, c.svarint()?),
            code::AXIS_REF => self.axis_ref(c)?,
            code::DIMENSION_SHARDING => self.dimension_sharding(c)?,
            code::SHARDING | code::SHARDING_V2 | code::SHARDING_V3 => self.sharding(c, code)?,
            code::SHARDING_PER_VALUE | code::SHARDING_PER_VALUE_V2 => format!("<[{}]>", self.sdy_parts(c)?),
            code::DIM_MAPPING => c.svarints()?.into_iter().map(factor).collect(),
            code::TENSOR_MAPPING | code::LIST_OF_AXIS_REF_LISTS | code::ALL_TO_ALL_PARAM_LIST => {
                format!("[{}]", self.sdy_parts(c)?)
            }
            code::OP_SHARDING_RULE => self.op_sharding_rule(c)?,
            code::AXIS_REF_LIST => format!("{{{}}}", self.sdy_parts(c)?),
            code::ALL_TO_ALL_PARAM => format!("{{{}}}: {}->{}", self.sdy_parts(c)?, c.svarint()?, c.svarint()?),
            _ => return Err(at.error(Problem::Code { dialect: "sdy", what: "attribute", code }).into()),
        };
        self.count_nodes(1 + text.len() / CHARACTERS_PER_NODE, &at)?;
        Ok(text)
    }

    /// An attribute of this dialect inside another.
    fn sdy_part(&mut self, c: &mut Cursor<'f>) -> Step<String> {
        let raw = self.part(c)?;
        let mut inner = raw.cursor;
        if !raw.custom || self.sdy_depth == MNEMONICS.len() {
            return Err(inner.malformed("a sharding holds a part that is none").into());
        }
        self.sdy_depth += 1;
        let text = self.sdy_body(&mut inner);
        self.sdy_depth -= 1;
        let text = text?;
        inner.finish("a part of a sharding")?;
        Ok(text)
    }

    fn sdy_parts(&mut self, c: &mut Cursor<'f>) -> Step<String> {
        Ok(self.list(c, "parts of a sharding", Self::sdy_part)?.join(", "))
    }

    fn quoted_name(&mut self, c: &mut Cursor<'f>) -> Step<String> {
        let index = self.tables.string_index(c)?;
        Ok(quoted(&self.tables.string(index)))
    }

    fn axis_ref(&mut self, c: &mut Cursor<'f>) -> Step<String> {
        let name = self.quoted_name(c)?;
        let mut peek = *c;
        let (index, split) = peek.flagged()?;
        if !split {
            *c = peek;
            return Ok(name);
        }
        // The part's number without the flag, as `sdy_part` expects it.
        let part = self.part_of(index, c)?;
        *c = peek;
        let mut inner = part.cursor;
        if !part.custom || inner.varint()? != code::SUB_AXIS_INFO {
            return Err(part.cursor.malformed("an axis has a part that is none").into());
        }
        Ok(format!("{name}:({}){}", inner.svarint()?, inner.svarint()?))
    }

    fn dimension_sharding(&mut self, c: &mut Cursor<'f>) -> Step<String> {
        let mut axes = self.sdy_parts(c)?;
        if !c.bool()? {
            axes.push_str(if axes.is_empty() { "?" } else { ", ?" });
        }
        let priority = match c.flagged()? {
            (priority, true) => format!("p{priority}"),
            (_, false) => String::new(),
        };
        Ok(format!("{{{axes}}}{priority}"))
    }

    fn sharding(&mut self, c: &mut Cursor<'f>, version: u64) -> Step<String> {
        let mesh = self.mesh_or_symbol(c)?;
        let dimensions = self.sdy_parts(c)?;
        let replicated = self.sdy_parts(c)?;
        let unreduced = if version == code::SHARDING { String::new() } else { self.sdy_parts(c)? };
        let at = *c;
        let reduction = if version == code::SHARDING_V3 { c.svarint()? } else { 0 };
        let reduction = usize::try_from(reduction).ok().and_then(|r| REDUCTIONS.get(r));
        let reduction = reduction.ok_or_else(|| at.malformed("a sharding is reduced in a way that is not known"))?;
        let mut text = format!("<{mesh}, [{dimensions}]");
        if !replicated.is_empty() {
            text.push_str(&format!(", replicated={{{replicated}}}"));
        }
        if !unreduced.is_empty() {
            text.push_str(&format!(", unreduced={reduction}{{{unreduced}}}"));
        }
        text.push('>');
        Ok(text)
    }

    /// `mesh<["x"=2]>`, or `@mesh`.
    fn mesh_or_symbol(&mut self, c: &mut Cursor<'f>) -> Step<String> {
        let mut peek = *c;
        let mut raw = self.part(&mut peek)?.cursor;
        let at = *c;
        match self.nested_attr(c)? {
            Attr::Symbol(path) if path.len() == 1 => Ok(Attr::Symbol(path).to_string()),
            Attr::Opaque(_) if raw.varint()? == code::MESH => {
                *c = at;
                Ok(format!("mesh{}", self.sdy_part(c)?))
            }
            _ => Err(at.malformed("a sharding names a mesh that is none").into()),
        }
    }

    fn op_sharding_rule(&mut self, c: &mut Cursor<'f>) -> Step<String> {
        let sizes = c.svarints()?;
        let (operands, results) = (self.sdy_parts(c)?, self.sdy_parts(c)?);
        let mut text = format!("<({operands})->({results})");
        if !sizes.is_empty() {
            let sizes: Vec<String> = (0..).zip(&sizes).map(|(i, size)| format!("{}={size}", factor(i))).collect();
            text.push_str(&format!(" {{{}}}", sizes.join(", ")));
        }
        for kind in ["reduction", "need_replication", "permutation", "blocked_propagation"] {
            let factors: Vec<String> = c.svarints()?.into_iter().map(factor).collect();
            if !factors.is_empty() {
                text.push_str(&format!(" {kind}={{{}}}", factors.join(", ")));
            }
        }
        text.push_str(if c.bool()? { ", custom>" } else { ">" });
        Ok(text)
    }
}

/// A string as MLIR prints it.
fn quoted(text: &str) -> String {
    Attr::string(text).to_string()
}

fn joined(numbers: &[i64]) -> String {
    numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// The name of a factor: `i` to `z`, then `z_1`, `z_2`, ….
fn factor(index: i64) -> String {
    match u8::try_from(index) {
        Ok(small @ ..=17) => char::from(b'i' + small).to_string(),
        _ => format!("z_{}", index - 17),
    }
}
