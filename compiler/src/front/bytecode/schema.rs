//! What each operation of the file is, and how its properties are stored.
//!
//! Properties are the numbers of an operation's inherent attributes, in the order of their names.
//! A required attribute is one number; an optional one has a flag that says whether it is there.
//! Which attributes those are is not in the file, so it has to come from the op table. Where a
//! dialect's operation gained an attribute without a new name, the count of numbers tells writers
//! from before and after apart.

use smol_str::SmolStr;

use super::cursor::Cursor;
use super::entries::Entries;
use super::error::Read;
use super::tables::{Dialect, OpName};
use crate::ir::{Attr, Opcode, ops::Presence};
use crate::vhlo::revisions::{self, Revision};

/// What an operation of the file becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `builtin.module`.
    Module,
    /// `func.func`, or `vhlo.func_v1`.
    Func,
    /// An operation of the `vhlo` dialect.
    Vhlo(Revision),
    /// An operation of the table.
    Known(Opcode),
    /// Any other operation, kept in generic form.
    Foreign,
}

/// An inherent attribute.
#[derive(Clone, Copy, Debug)]
struct Field {
    name: &'static str,
    required: bool,
    /// 0 for attributes that the operation always had, then 1 and 2 for those it gained.
    age: u8,
}

/// An operation name of the file, resolved.
#[derive(Clone, Debug)]
pub(super) struct OpKind {
    /// The full name.
    pub(super) name: SmolStr,
    /// What it becomes.
    pub(super) kind: Kind,
    registered: bool,
    fields: Vec<Field>,
}

impl OpKind {
    /// Resolves a name.
    pub(super) fn new(entries: &Entries<'_>, op: OpName) -> OpKind {
        let (dialect, mnemonic) = entries.tables.op_parts(op);
        let name: SmolStr = match mnemonic.as_str() {
            "" => entries.tables.dialect_name(op),
            _ => format!("{}.{mnemonic}", entries.tables.dialect_name(op)).into(),
        };
        let (kind, fields) = match (dialect, name.as_str()) {
            (Dialect::Builtin, "builtin.module") => (Kind::Module, optional(&["sym_name", "sym_visibility"])),
            (_, "func.func") => (Kind::Func, func_fields()),
            (Dialect::Vhlo, _) if mnemonic == revisions::FUNC => (Kind::Func, required(revisions::FUNC_FIELDS)),
            (Dialect::Vhlo, _) => match Revision::from_name(&mnemonic) {
                Some(revision) => (Kind::Vhlo(revision), vhlo_fields(revision)),
                None => (Kind::Foreign, Vec::new()),
            },
            (_, "sdy.mesh") => (Kind::Foreign, required(&["mesh", "sym_name"])),
            _ => match Opcode::from_name(&name) {
                Some(opcode) => (Kind::Known(opcode), table_fields(opcode)),
                None => (Kind::Foreign, Vec::new()),
            },
        };
        OpKind { name, kind, registered: op.registered, fields }
    }

    /// Whether it is an operation of the `vhlo` dialect that this reader does not know.
    pub(super) fn is_unknown_vhlo(&self) -> bool {
        self.kind == Kind::Foreign && self.name.starts_with("vhlo.")
    }

    /// Reads properties into `attrs`.
    pub(super) fn read_properties<'f>(
        &self,
        mut c: Cursor<'f>,
        entries: &mut Entries<'f>,
        attrs: &mut Vec<(SmolStr, Attr)>,
    ) -> Read<()> {
        if !self.registered {
            return unregistered_properties(c, entries, attrs);
        }
        let fields = self.fields_of(&c)?;
        for field in fields {
            let attr = if field.required { Some(entries.attr(&mut c)?) } else { entries.optional_attr(&mut c)? };
            attrs.extend(attr.map(|attr| (SmolStr::new_static(field.name), attr)));
        }
        c.finish("an operation's properties")
    }

    /// The fields that properties of this many numbers hold.
    fn fields_of(&self, c: &Cursor<'_>) -> Read<Vec<Field>> {
        let mut numbers = *c;
        let mut count = 0;
        while !numbers.is_empty() {
            numbers.varint()?;
            count += 1;
        }
        let newest = self.fields.iter().map(|f| f.age).max().unwrap_or(0);
        for age in (0..=newest).rev() {
            let fields: Vec<Field> = self.fields.iter().filter(|f| f.age <= age).copied().collect();
            if fields.len() == count {
                return Ok(fields);
            }
        }
        let message = match self.kind {
            Kind::Foreign => format!("the properties of `{}`, an operation that is not known here", self.name),
            _ => format!("`{}` with {count} properties where {} are known", self.name, self.fields.len()),
        };
        Err(c.unsupported(message))
    }
}

/// An operation that the writer did not know has its properties in one dictionary.
fn unregistered_properties<'f>(
    mut c: Cursor<'f>,
    entries: &mut Entries<'f>,
    attrs: &mut Vec<(SmolStr, Attr)>,
) -> Read<()> {
    let at = c;
    match entries.attr(&mut c)? {
        Attr::Dict(dict) => attrs.extend(dict.iter().map(|(name, attr)| (name.clone(), attr.clone()))),
        _ => return Err(at.malformed("an operation's properties are no dictionary")),
    }
    c.finish("an operation's properties")
}

fn required(names: &[&'static str]) -> Vec<Field> {
    names.iter().map(|&name| Field { name, required: true, age: 0 }).collect()
}

fn optional(names: &[&'static str]) -> Vec<Field> {
    names.iter().map(|&name| Field { name, required: false, age: 0 }).collect()
}

fn func_fields() -> Vec<Field> {
    let field = |name, required, age| Field { name, required, age };
    vec![
        field("arg_attrs", false, 0),
        field("function_type", true, 0),
        field("no_inline", false, 1),
        field("res_attrs", false, 0),
        field("sym_name", true, 0),
        field("sym_visibility", false, 0),
    ]
}

fn vhlo_fields(revision: Revision) -> Vec<Field> {
    let names = revision.fields();
    names.into_iter().map(|name| Field { name, required: true, age: age(revision.opcode, name) }).collect()
}

fn table_fields(opcode: Opcode) -> Vec<Field> {
    let attributes = opcode.info().attributes.iter();
    let mut fields: Vec<Field> = attributes
        .map(|spec| Field {
            name: spec.name,
            required: spec.presence == Presence::Required,
            age: age(opcode, spec.name),
        })
        .collect();
    fields.sort_unstable_by_key(|field| field.name);
    fields
}

/// Which attributes an operation gained without a change of its name.
fn age(opcode: Opcode, name: &str) -> u8 {
    match (opcode, name) {
        (Opcode::Call, "arg_attrs" | "res_attrs") => 1,
        (Opcode::Call, "no_inline") => 2,
        (Opcode::DotGeneral, "algorithm")
        | (Opcode::CustomCall, "result_tilings")
        | (Opcode::Send | Opcode::Recv, "source_target_pairs")
        | (Opcode::CollectiveBroadcast | Opcode::CollectiveReduce, "has_dynamic_root") => 1,
        _ => 0,
    }
}
