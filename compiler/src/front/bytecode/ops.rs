//! The IR section: operations, and the regions they hold.
//!
//! Operands are numbers of values. Within a scope (the regions of an operation that is isolated from
//! above, and those nested in it) every region reserves a range of numbers when it begins, for its
//! arguments and the results of its operations in order; numbers of a region are free again when
//! it ends. Numbers are promises: no more are reserved than the section has bytes.

use bytes::Bytes;
use smallvec::SmallVec;
use smol_str::SmolStr;

use super::cursor::Cursor;
use super::entries::Entries;
use super::error::{Problem, Read};
use super::heads::func_of;
use super::raise::raise;
use super::schema::{Kind, OpKind};
use super::tables::{Dialect, Tables};
use crate::diag::Span;
use crate::front::text::upgraded;
use crate::ir::{Attr, AttrMap, Func, Global, Item, LocId, Module, Opcode, Operation, Region, RegionId, Type, ValueId};

/// Regions nested deeper are refused.
const NESTING: usize = 200;

/// From this version on, isolated regions are sections of their own.
const SECTIONED_REGIONS: u64 = 2;
/// From this version on, orders of uses are stored.
const USE_LISTS: u64 = 3;
/// From this version on, unknown locations of arguments are left out.
const ELIDED_LOCATIONS: u64 = 4;
/// The IR section's number.
const IR_SECTION: u8 = 4;

/// The bits that say which parts an operation has.
mod mask {
    pub(super) const ATTRIBUTES: u8 = 1;
    pub(super) const RESULTS: u8 = 1 << 1;
    pub(super) const OPERANDS: u8 = 1 << 2;
    pub(super) const SUCCESSORS: u8 = 1 << 3;
    pub(super) const REGIONS: u8 = 1 << 4;
    pub(super) const USE_LISTS: u8 = 1 << 5;
    pub(super) const PROPERTIES: u8 = 1 << 6;
}

/// An operation without its regions.
struct Head {
    kind: usize,
    loc: LocId,
    attrs: Vec<(SmolStr, Attr)>,
    results: Vec<Type>,
    operands: Vec<u64>,
    regions: usize,
    isolated: bool,
}

/// Reads the operations of a file.
pub(super) struct OpReader<'f> {
    entries: Entries<'f>,
    kinds: Vec<OpKind>,
    module: Module,
    /// The values of each open scope, by number.
    scopes: Vec<Vec<Option<ValueId>>>,
    /// How many more values may be reserved.
    reservable: usize,
    portable: bool,
}

/// What a region begins with.
struct BlockHead<'f> {
    ops: u64,
    args: Vec<(Type, LocId)>,
    at: Cursor<'f>,
}

impl<'f> OpReader<'f> {
    /// Ready to read.
    pub(super) fn new(tables: Tables<'f>, file: &Bytes) -> Self {
        let (portable, reservable) = (tables.has_dialect(Dialect::Vhlo), tables.operations.left());
        let entries = Entries::new(tables, file);
        let kinds = entries.tables.op_names.iter().map(|&op| OpKind::new(&entries, op)).collect();
        Self { entries, kinds, module: Module::new(), scopes: Vec::new(), reservable, portable }
    }

    /// Reads the module: the only operation of the file, or else what the operations make up.
    pub(super) fn read(mut self) -> Read<Module> {
        let mut c = self.entries.tables.operations;
        let head = self.block_head(&mut c)?;
        if head.ops == 0 {
            return Err(c.malformed("the file holds no operation"));
        }
        for index in 0..head.ops {
            let at = c;
            let op = self.op_head(&mut c)?;
            if self.kinds[op.kind].kind != Kind::Module {
                self.item(op, &mut c, at)?;
            } else if index == 0 && head.ops == 1 {
                self.module(op, &mut c, at)?;
            } else {
                return Err(at.unsupported("a module beside others"));
            }
        }
        c.finish("the operations")?;
        self.module.locs = self.entries.locs;
        Ok(self.module)
    }

    fn module(&mut self, op: Head, c: &mut Cursor<'f>, at: Cursor<'f>) -> Read<()> {
        let mut attrs = AttrMap::from_unique(op.attrs);
        self.module.loc = op.loc;
        self.module.name = match attrs.remove("sym_name") {
            Some(Attr::String(name)) => Some(name),
            _ => None,
        };
        attrs.remove("sym_visibility");
        self.module.attrs = attrs;
        if op.regions != 1 || !op.results.is_empty() || !op.operands.is_empty() {
            return Err(at.malformed("a module has exactly one region, no operands and no results"));
        }
        let mut inner = self.open_regions(c, op.isolated)?;
        let c = inner.as_mut().unwrap_or(c);
        self.scopes.push(Vec::new());
        if let Some((block, reserved)) = self.region_head(c)? {
            for _ in 0..block.ops {
                let at = *c;
                let op = self.op_head(c)?;
                self.item(op, c, at)?;
            }
            self.release(reserved);
        }
        self.scopes.pop();
        if inner.is_some() { c_finish(inner) } else { Ok(()) }
    }

    /// A function or another declaration.
    fn item(&mut self, op: Head, c: &mut Cursor<'f>, at: Cursor<'f>) -> Read<()> {
        let kind = &self.kinds[op.kind];
        match kind.kind {
            Kind::Func => {
                let func = self.func(op, c, at)?;
                self.module.add_func(func);
                Ok(())
            }
            Kind::Foreign if op.regions == 0 && op.operands.is_empty() && op.results.is_empty() => {
                if kind.is_unknown_vhlo() {
                    return Err(unknown_vhlo(kind, &at));
                }
                let mut attrs = AttrMap::from_unique(op.attrs);
                let symbol = match attrs.remove("sym_name") {
                    Some(Attr::String(name)) => Some(name),
                    _ => None,
                };
                let global =
                    Global { name: kind.name.clone(), symbol, attrs, loc: op.loc, span: crate::diag::Span::NONE };
                self.module.items.push(Item::Global(global));
                Ok(())
            }
            Kind::Module => Err(at.unsupported("a module in a module")),
            _ => Err(at.unsupported(format!("`{}` outside functions", kind.name))),
        }
    }

    fn func(&mut self, op: Head, c: &mut Cursor<'f>, at: Cursor<'f>) -> Read<Func> {
        let mut func = func_of(op.attrs, &at)?;
        func.loc = op.loc;
        if op.regions != 1 {
            return Err(at.malformed(format!("the function @{} has {} regions", func.name, op.regions)));
        }
        let mut inner = self.open_regions(c, op.isolated)?;
        let c = inner.as_mut().unwrap_or(c);
        self.scopes.push(Vec::new());
        let body = func.regions.push(Region::default());
        if self.region(&mut func, body, c, 0)? {
            func.body = Some(body);
            let args = func.args();
            let agree = args.len() == func.ty.inputs.len()
                && args.iter().zip(&func.ty.inputs).all(|(&arg, ty)| func.value_type(arg) == ty);
            if !agree {
                let message =
                    format!("the function @{} is of type `{}`, its region has other arguments", func.name, func.ty);
                return Err(at.malformed(message));
            }
        } else {
            func.regions = crate::ir::Arena::new();
        }
        self.scopes.pop();
        c_finish(inner)?;
        Ok(func)
    }

    /// The section that holds an operation's regions, where they have one of their own.
    fn open_regions(&mut self, c: &mut Cursor<'f>, isolated: bool) -> Read<Option<Cursor<'f>>> {
        if !isolated || self.entries.tables.version < SECTIONED_REGIONS {
            return Ok(None);
        }
        let at = *c;
        let section = c.section()?;
        if section.id != IR_SECTION {
            return Err(at.malformed(format!("a region is in a section of kind {}, not {IR_SECTION}", section.id)));
        }
        Ok(Some(section.contents))
    }

    /// Reads a region and says whether it has a block.
    fn region(&mut self, func: &mut Func, region: RegionId, c: &mut Cursor<'f>, depth: usize) -> Read<bool> {
        let Some((block, reserved)) = self.region_head(c)? else {
            return Ok(false);
        };
        let mut next = reserved.start;
        for (ty, loc) in block.args {
            let value = func.add_arg(region, ty, loc);
            self.define(value, &mut next, reserved.end, &block.at)?;
        }
        for _ in 0..block.ops {
            let at = *c;
            let head = self.op_head(c)?;
            self.op(func, region, head, (&mut next, reserved.end), c, at, depth)?;
        }
        self.release(reserved);
        Ok(true)
    }

    /// The number of blocks, the reserved values and the block's head.
    fn region_head(&mut self, c: &mut Cursor<'f>) -> Read<Option<(BlockHead<'f>, std::ops::Range<usize>)>> {
        let at = *c;
        let blocks = c.varint()?;
        if blocks == 0 {
            return Ok(None);
        }
        if blocks > 1 {
            return Err(at.unsupported(format!("a region of {blocks} blocks")));
        }
        let at = *c;
        let values = c.varint()?;
        let values = at.check_count(values, self.reservable.min(c.left()), "values")?;
        self.reservable -= values;
        let scope = self.scopes.last_mut().expect("regions are read inside a scope");
        let start = scope.len();
        scope.resize(start + values, None);
        let head = self.block_head(c)?;
        Ok(Some((head, start..start + values)))
    }

    /// Frees the values of a region that has ended.
    fn release(&mut self, values: std::ops::Range<usize>) {
        self.reservable += values.len();
        let scope = self.scopes.last_mut().expect("regions are read inside a scope");
        scope.truncate(values.start);
    }

    fn block_head(&mut self, c: &mut Cursor<'f>) -> Read<BlockHead<'f>> {
        let at = *c;
        let (ops, has_args) = c.flagged()?;
        at.check_count(ops, c.left(), "operations")?;
        let mut args = Vec::new();
        if has_args {
            for _ in 0..c.count("arguments")? {
                args.push(self.block_arg(c)?);
            }
            if self.entries.tables.version >= USE_LISTS && c.byte()? != 0 {
                skip_use_lists(c, args.len())?;
            }
        }
        Ok(BlockHead { ops, args, at })
    }

    fn block_arg(&mut self, c: &mut Cursor<'f>) -> Read<(Type, LocId)> {
        if self.entries.tables.version < ELIDED_LOCATIONS {
            return Ok((self.entries.ty(c)?, self.entries.location(c)?));
        }
        let at = *c;
        let (ty, located) = c.flagged()?;
        let ty = self.entries.type_of(ty, &at)?;
        let loc = if located { self.entries.location(c)? } else { LocId::UNKNOWN };
        Ok((ty, loc))
    }

    fn op_head(&mut self, c: &mut Cursor<'f>) -> Read<Head> {
        let kind = self.entries.tables.op_name(c)? as usize;
        let at = *c;
        let mask = c.byte()?;
        let loc = self.entries.location(c)?;
        let mut head = Head {
            kind,
            loc,
            attrs: Vec::new(),
            results: Vec::new(),
            operands: Vec::new(),
            regions: 0,
            isolated: false,
        };
        if mask & mask::ATTRIBUTES != 0 {
            let at = *c;
            match self.entries.attr(c)? {
                Attr::Dict(dict) => head.attrs = dict.into_entries(),
                _ => return Err(at.malformed("an operation's attributes are no dictionary")),
            }
        }
        if mask & mask::PROPERTIES != 0 {
            let properties = self.entries.tables.properties(c)?;
            self.kinds[kind].read_properties(properties, &mut self.entries, &mut head.attrs)?;
            check_unique(&head.attrs, &at)?;
        }
        if mask & mask::RESULTS != 0 {
            for _ in 0..c.count("results")? {
                head.results.push(self.entries.ty(c)?);
            }
        }
        if mask & mask::OPERANDS != 0 {
            for _ in 0..c.count("operands")? {
                head.operands.push(c.varint()?);
            }
        }
        if mask & mask::SUCCESSORS != 0 {
            return Err(at.unsupported("an operation with successors"));
        }
        if mask & mask::USE_LISTS != 0 && self.entries.tables.version >= USE_LISTS {
            skip_use_lists(c, head.results.len())?;
        }
        if mask & mask::REGIONS != 0 {
            let at = *c;
            let (regions, isolated) = c.flagged()?;
            head.regions = at.check_count(regions, c.left(), "regions")?;
            head.isolated = isolated;
        }
        Ok(head)
    }

    fn define(&mut self, value: ValueId, next: &mut usize, end: usize, at: &Cursor<'f>) -> Read<()> {
        if *next >= end {
            return Err(at.malformed("a region defines more values than it announces"));
        }
        let scope = self.scopes.last_mut().expect("values are defined inside a scope");
        scope[*next] = Some(value);
        *next += 1;
        Ok(())
    }

    fn value(&self, index: u64, at: &Cursor<'f>) -> Read<ValueId> {
        let scope = self.scopes.last().expect("operands are read inside a scope");
        match usize::try_from(index).ok().and_then(|index| scope.get(index)) {
            Some(Some(value)) => Ok(*value),
            Some(None) => Err(at.malformed(format!("operand {index} is used before it is defined"))),
            None => Err(at.error(Problem::Index { what: "value", index, count: scope.len() })),
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of the reader's state that change together")]
    fn op(
        &mut self,
        func: &mut Func,
        region: RegionId,
        head: Head,
        (next, end): (&mut usize, usize),
        c: &mut Cursor<'f>,
        at: Cursor<'f>,
        depth: usize,
    ) -> Read<()> {
        let operands = head.operands.iter().map(|&index| self.value(index, &at));
        let operands: SmallVec<[ValueId; 3]> = operands.collect::<Read<_>>()?;
        if self.is_redundant_cast(func, &head, &operands) {
            for value in operands {
                self.define(value, next, end, &at)?;
            }
            return Ok(());
        }
        let (opcode, foreign_name, attrs) = self.identity(&head, depth == 0, &at)?;
        let regions: SmallVec<[RegionId; 1]> =
            (0..head.regions).map(|_| func.regions.push(Region::default())).collect();
        let op = Operation {
            opcode,
            foreign_name,
            operands,
            results: SmallVec::new(),
            attrs,
            regions: regions.clone(),
            loc: head.loc,
            span: Span::NONE,
        };
        let id = func.make_op(op, head.results);
        func.regions[region].ops.push(id);
        for value in func.ops[id].results.clone() {
            self.define(value, next, end, &at)?;
        }
        if regions.is_empty() {
            return Ok(());
        }
        if depth == NESTING {
            return Err(at.error(Problem::Depth { what: "regions", limit: NESTING }));
        }
        let mut inner = self.open_regions(c, head.isolated)?;
        let c = inner.as_mut().unwrap_or(c);
        if head.isolated {
            self.scopes.push(Vec::new());
        }
        for region in regions {
            self.region(func, region, c, depth + 1)?;
        }
        if head.isolated {
            self.scopes.pop();
        }
        c_finish(inner)
    }

    /// Whether a cast between a `vhlo` type and the type it stands for has nothing left to do.
    fn is_redundant_cast(&self, func: &Func, head: &Head, operands: &[ValueId]) -> bool {
        self.portable
            && self.kinds[head.kind].kind == Kind::Known(Opcode::UnrealizedConversionCast)
            && operands.len() == head.results.len()
            && operands.iter().zip(&head.results).all(|(&value, ty)| func.value_type(value) == ty)
    }

    /// Opcode, name where the opcode does not say it, and attributes.
    fn identity(&self, head: &Head, in_func: bool, at: &Cursor<'f>) -> Read<(Opcode, Option<SmolStr>, AttrMap)> {
        let kind = &self.kinds[head.kind];
        let attrs = head.attrs.clone();
        Ok(match kind.kind {
            Kind::Vhlo(revision) if revision.opcode == Opcode::Return => {
                let opcode = if in_func { Opcode::FuncReturn } else { Opcode::Return };
                (opcode, None, AttrMap::from_unique(attrs))
            }
            Kind::Vhlo(revision) => (revision.opcode, None, raise(revision, attrs, at)?),
            Kind::Known(opcode) => (opcode, None, todays(opcode, attrs)),
            Kind::Foreign if kind.is_unknown_vhlo() => return Err(unknown_vhlo(kind, at)),
            Kind::Foreign => (Opcode::Foreign, Some(kind.name.clone()), AttrMap::from_unique(attrs)),
            Kind::Module | Kind::Func => return Err(at.unsupported(format!("`{}` in a function", kind.name))),
        })
    }
}

/// Fails unless the section of an operation's regions was read to its end.
fn c_finish(section: Option<Cursor<'_>>) -> Read<()> {
    section.map_or(Ok(()), |c| c.finish("an operation's regions"))
}

/// The attributes, lists of integers in the form they have today.
fn todays(opcode: Opcode, mut attrs: Vec<(SmolStr, Attr)>) -> AttrMap {
    for (name, attr) in &mut attrs {
        let spec = opcode.info().attribute(name);
        if let Some(today) = spec.and_then(|spec| upgraded(spec.kind, attr)) {
            *attr = today;
        }
    }
    AttrMap::from_unique(attrs)
}

fn unknown_vhlo(kind: &OpKind, at: &Cursor<'_>) -> super::error::ReadError {
    at.unsupported(format!("`{}`, which is no operation of StableHLO {}", kind.name, crate::vhlo::Version::CURRENT))
}

fn check_unique(attrs: &[(SmolStr, Attr)], at: &Cursor<'_>) -> Read<()> {
    let mut names: Vec<&str> = attrs.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(twice) => Err(at.malformed(format!("the attribute `{}` is given twice", twice[0]))),
        None => Ok(()),
    }
}

/// Orders of uses, which say nothing about what a program means.
fn skip_use_lists(c: &mut Cursor<'_>, values: usize) -> Read<()> {
    let lists = if values > 1 { c.count("use-list orders")? } else { 1 };
    for _ in 0..lists {
        if values > 1 {
            c.varint()?;
        }
        let at = *c;
        let (count, _) = c.flagged()?;
        for _ in 0..at.check_count(count, c.left(), "uses")? {
            c.varint()?;
        }
    }
    Ok(())
}
