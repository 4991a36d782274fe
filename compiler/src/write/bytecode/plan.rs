//! The module as the IR section has it: names, attributes and types interned, values numbered.
//!
//! Operations of StableHLO become operations of VHLO and work on VHLO's types; operations of other
//! dialects (shardings) keep MLIR's. Where a value crosses from one to the other, a
//! `builtin.unrealized_conversion_cast` changes its type, as MLIR's own conversion leaves it.

use std::collections::HashMap;

use smol_str::SmolStr;

use super::encoder::{Encoder, Encoding};
use super::pool::{AttrRef, Part, TypeRef};
use crate::diag::{Diagnostic, Span};
use crate::ir::{
    Attr, AttrMap, Func, Global, Item, LocId, Locations, Module, OpId, Opcode, Operation, RegionId, Type, ValueDef,
    ValueId, Visibility,
};
use crate::vhlo::revisions::{self, Revision};

/// From this version of the container on, inherent attributes are properties.
const PROPERTIES: u64 = 5;
/// Regions nested deeper are refused.
const NESTING: usize = 200;

/// An operation ready to be emitted.
#[derive(Debug, Default)]
pub(super) struct PlannedOp {
    pub(super) name: u32,
    pub(super) loc: Option<AttrRef>,
    pub(super) attrs: Option<AttrRef>,
    pub(super) properties: Option<u32>,
    pub(super) results: Vec<TypeRef>,
    pub(super) operands: Vec<u32>,
    pub(super) regions: Vec<PlannedRegion>,
    pub(super) isolated: bool,
}

/// A region ready to be emitted.
#[derive(Debug, Default)]
pub(super) struct PlannedRegion {
    /// Whether it has a block.
    pub(super) block: bool,
    /// How many values it defines itself.
    pub(super) values: u32,
    /// Types and locations of its arguments, and whether the location is known.
    pub(super) args: Vec<(TypeRef, AttrRef, bool)>,
    pub(super) ops: Vec<PlannedOp>,
}

/// Whose types an operation works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Domain {
    Vhlo,
    Mlir,
}

/// Plans a module.
pub(super) struct Planner<'m> {
    /// The tables.
    pub(super) encoder: Encoder,
    /// What the target version cannot hold.
    pub(super) errors: Vec<Diagnostic>,
    module: &'m Module,
    unknown: AttrRef,
    with_properties: bool,
}

/// What is known of a function while its regions are planned.
struct Scope<'m> {
    func: &'m Func,
    /// The number of each value that has one.
    numbers: HashMap<ValueId, u32>,
    /// Whose types the arguments of each region have.
    regions: HashMap<RegionId, Domain>,
}

impl<'m> Planner<'m> {
    /// Ready to plan.
    pub(super) fn new(module: &'m Module, mut encoder: Encoder) -> Self {
        let unknown = encoder.location(LocId::UNKNOWN, &Locations::new()).expect("the unknown location has no parts");
        let with_properties = encoder.target.container() >= PROPERTIES;
        Self { encoder, errors: Vec::new(), module, unknown, with_properties }
    }

    /// Notes that something cannot be written.
    fn refuse(&mut self, span: Span, loc: LocId, what: &str, problem: String) {
        let error = Diagnostic::error(span, format!("`{what}` cannot be written: {problem}"));
        let name = self.module.locs.name(loc).map(|name| format!("loc(\"{name}\")"));
        self.errors.push(match name {
            Some(name) if !span.is_some() => error.at(name),
            _ => error,
        });
    }

    /// The module as one operation.
    pub(super) fn module(&mut self) -> PlannedOp {
        let module = self.module;
        let planned = self.module_op();
        let (mut op, mut region) = match planned {
            Ok(op) => (op, PlannedRegion { block: true, ..PlannedRegion::default() }),
            Err(problem) => {
                self.refuse(Span::NONE, module.loc, "builtin.module", problem);
                return PlannedOp::default();
            }
        };
        for item in &module.items {
            let (span, loc, name, planned) = match item {
                Item::Func(id) => {
                    let func = &module.funcs[*id];
                    (func.span, func.loc, SmolStr::from(format!("func @{}", func.name)), self.func(func))
                }
                Item::Global(global) => (Span::NONE, global.loc, global.name.clone(), self.global(global)),
            };
            match planned {
                Ok(op) => region.ops.push(op),
                Err(problem) => self.refuse(span, loc, &name, problem),
            }
        }
        op.regions.push(region);
        op
    }

    fn module_op(&mut self) -> Encoding<PlannedOp> {
        let module = self.module;
        let name = module.name.as_ref().map(|name| self.encoder.builtin_string(name));
        let mut attrs = self.mlir_attrs(&module.attrs)?;
        let properties = vec![Part::OptionalAttr(name), Part::OptionalAttr(None)];
        let properties = if self.with_properties {
            Some(properties)
        } else {
            attrs.extend(name.map(|name| (SmolStr::new_static("sym_name"), name)));
            None
        };
        let builtin = self.encoder.builtin;
        let name = self.encoder.pool.op_name(builtin, "module", true);
        Ok(PlannedOp { isolated: true, ..self.op(name, module.loc, attrs, properties)? })
    }

    /// An operation without operands, results and regions.
    fn op(
        &mut self,
        name: u32,
        loc: LocId,
        attrs: Vec<(SmolStr, AttrRef)>,
        properties: Option<Vec<Part>>,
    ) -> Encoding<PlannedOp> {
        let loc = self.encoder.location(loc, &self.module.locs)?;
        self.encoder.pool.use_attr(loc);
        let attrs = (!attrs.is_empty()).then(|| self.encoder.op_dictionary(attrs));
        if let Some(attrs) = attrs {
            self.encoder.pool.use_attr(attrs);
        }
        let properties = properties.map(|parts| self.encoder.pool.properties(parts));
        Ok(PlannedOp { name, loc: Some(loc), attrs, properties, ..PlannedOp::default() })
    }

    /// An operation of VHLO: fields are properties, or attributes like the others in old containers.
    fn vhlo_op(
        &mut self,
        name: &str,
        loc: LocId,
        fields: Vec<(&'static str, AttrRef)>,
        mut attrs: Vec<(SmolStr, AttrRef)>,
    ) -> Encoding<PlannedOp> {
        let vhlo = self.encoder.vhlo;
        let name = self.encoder.pool.op_name(vhlo, name, true);
        let properties = if self.with_properties {
            (!fields.is_empty()).then(|| fields.into_iter().map(|(_, attr)| Part::Attr(attr)).collect())
        } else {
            attrs.extend(fields.into_iter().map(|(name, attr)| (SmolStr::new_static(name), attr)));
            None
        };
        self.op(name, loc, attrs, properties)
    }

    fn mlir_attrs(&mut self, attrs: &AttrMap) -> Encoding<Vec<(SmolStr, AttrRef)>> {
        let encode = |(name, attr): (&SmolStr, &Attr)| {
            let attr =
                self.encoder.builtin_attr(attr).map_err(|problem| format!("the attribute `{name}`: {problem}"))?;
            Ok((name.clone(), attr))
        };
        attrs.iter().map(encode).collect()
    }

    /// The name of an operation of another dialect.
    fn mlir_name(&mut self, name: &str) -> u32 {
        let (dialect, mnemonic) = name.split_once('.').unwrap_or((name, ""));
        let registered = Opcode::from_name(name).is_some() || dialect == "sdy";
        let dialect = self.encoder.pool.dialect(dialect);
        self.encoder.pool.op_name(dialect, mnemonic, registered)
    }

    fn global(&mut self, global: &Global) -> Encoding<PlannedOp> {
        self.encoder.require_mixed("a declaration")?;
        let mut attrs = self.mlir_attrs(&global.attrs)?;
        if let Some(symbol) = &global.symbol {
            attrs.push((SmolStr::new_static("sym_name"), self.encoder.builtin_string(symbol)));
        }
        let name = self.mlir_name(&global.name);
        self.op(name, global.loc, attrs, None)
    }

    fn func(&mut self, func: &'m Func) -> Encoding<PlannedOp> {
        let encoder = &mut self.encoder;
        let visibility = match func.visibility {
            Visibility::Public if func.states_public => "public",
            Visibility::Public => "",
            Visibility::Private => "private",
            Visibility::Nested => "nested",
        };
        let values = [
            encoder.vhlo_attr(&dictionaries(&func.arg_attrs)).map_err(|p| format!("an argument: {p}"))?,
            encoder.vhlo_attr(&Attr::Type(Type::Function(Box::new(func.ty.clone()))))?,
            encoder.vhlo_attr(&dictionaries(&func.result_attrs)).map_err(|p| format!("a result: {p}"))?,
            encoder.vhlo_string(&func.name),
            encoder.vhlo_string(visibility),
        ];
        let fields = revisions::FUNC_FIELDS.iter().copied().zip(values).collect();
        let mut attrs = Vec::new();
        for (name, attr) in func.attrs.iter() {
            let attr = encoder.vhlo_attr(attr).map_err(|problem| format!("the attribute `{name}`: {problem}"))?;
            attrs.push((name.clone(), attr));
        }
        let mut op = self.vhlo_op(revisions::FUNC, func.loc, fields, attrs)?;
        op.isolated = true;
        op.regions.push(match func.body {
            None => PlannedRegion::default(),
            Some(body) => {
                let mut scope = Scope::new(func, body);
                self.region(&mut scope, body, 0, 0)?
            }
        });
        Ok(op)
    }

    fn ty(&mut self, domain: Domain, ty: &Type) -> Encoding<TypeRef> {
        let encoded = match domain {
            Domain::Vhlo => self.encoder.vhlo_type(ty)?,
            Domain::Mlir => self.encoder.builtin_type(ty)?,
        };
        self.encoder.pool.use_type(encoded);
        Ok(encoded)
    }

    /// A region whose values are numbered from `base`.
    fn region(&mut self, scope: &mut Scope<'m>, region: RegionId, base: u32, depth: usize) -> Encoding<PlannedRegion> {
        if depth > NESTING {
            return Err(format!("regions nest deeper than {NESTING} levels"));
        }
        let func = scope.func;
        let (args, ops) = (&func.regions[region].args, &func.regions[region].ops);
        if args.is_empty() && ops.is_empty() {
            return Ok(PlannedRegion::default());
        }
        let domain = scope.domain_of_region(region);
        let casts: usize = ops.iter().map(|&op| scope.casts(op)).sum();
        let results: usize = ops.iter().map(|&op| func.ops[op].results.len()).sum();
        let values = (args.len() + casts + results) as u32;
        let mut planned = PlannedRegion { block: true, values, ..PlannedRegion::default() };
        let mut next = base;
        for &arg in args {
            let (ty, loc) = (self.ty(domain, func.value_type(arg))?, func.values[arg].loc);
            let loc = self.encoder.location(loc, &self.module.locs)?;
            self.encoder.pool.use_attr(loc);
            planned.args.push((ty, loc, loc != self.unknown));
            scope.number(arg, &mut next);
        }
        for &op in ops {
            let result = self.op_with_casts(scope, op, &mut next, base + values, depth, &mut planned.ops);
            if let Err(problem) = result {
                let op = &func.ops[op];
                self.refuse(op.span, op.loc, op.name(), problem);
                for &result in &op.results {
                    scope.number(result, &mut next);
                }
            }
        }
        Ok(planned)
    }

    fn op_with_casts(
        &mut self,
        scope: &mut Scope<'m>,
        id: OpId,
        next: &mut u32,
        inner_base: u32,
        depth: usize,
        out: &mut Vec<PlannedOp>,
    ) -> Encoding<()> {
        let func = scope.func;
        let (op, domain) = (&func.ops[id], scope.domain(id));
        let mut operands = Vec::new();
        for &operand in &op.operands {
            let number = *scope.numbers.get(&operand).ok_or("an operand is used before it is defined")?;
            if scope.home(operand) == domain {
                operands.push(number);
                continue;
            }
            let ty = self.ty(domain, func.value_type(operand))?;
            let builtin = self.encoder.builtin;
            let name = self.encoder.pool.op_name(builtin, "unrealized_conversion_cast", true);
            let cast = self.op(name, op.loc, Vec::new(), None)?;
            out.push(PlannedOp { results: vec![ty], operands: vec![number], ..cast });
            operands.push(*next);
            *next += 1;
        }
        let mut planned = self.head(op, func, domain)?;
        planned.operands = operands;
        for &result in &op.results {
            planned.results.push(self.ty(domain, func.value_type(result))?);
        }
        for &result in &op.results {
            scope.number(result, next);
        }
        for &region in &op.regions {
            planned.regions.push(self.region(scope, region, inner_base, depth + 1)?);
        }
        out.push(planned);
        Ok(())
    }

    /// Name and attributes of an operation.
    fn head(&mut self, op: &Operation, func: &Func, domain: Domain) -> Encoding<PlannedOp> {
        if domain == Domain::Mlir {
            if op.name().starts_with("chlo.") {
                return Err("artifacts hold no CHLO; expand it to StableHLO first (the pass `expand-chlo`)".to_owned());
            }
            self.encoder.require_mixed("the operation")?;
            let attrs = self.mlir_attrs(&op.attrs)?;
            let name = self.mlir_name(op.name());
            return self.op(name, op.loc, attrs, None);
        }
        let target = self.encoder.target;
        let revision = match op.opcode {
            Opcode::Return | Opcode::FuncReturn => Revision { opcode: Opcode::Return, number: 1 },
            opcode => Revision::at(opcode, target)
                .map_err(|since| format!("new in StableHLO {since}, but the target is {target}"))?,
        };
        let fields = self.encoder.lower(op, func, revision)?;
        let attrs = self.encoder.discardable(op, revision)?;
        self.vhlo_op(&revision.name(), op.loc, fields, attrs)
    }
}

impl<'m> Scope<'m> {
    fn new(func: &'m Func, body: RegionId) -> Self {
        let mut scope = Self { func, numbers: HashMap::new(), regions: HashMap::from([(body, Domain::Vhlo)]) };
        for (id, op) in func.ops.iter() {
            let domain = scope.domain(id);
            scope.regions.extend(op.regions.iter().map(|&region| (region, domain)));
        }
        scope
    }

    /// Whose types an operation works on.
    fn domain(&self, op: OpId) -> Domain {
        match self.func.ops[op].opcode {
            Opcode::Call | Opcode::FuncReturn => Domain::Vhlo,
            opcode if opcode.info().dialect() == "stablehlo" => Domain::Vhlo,
            _ => Domain::Mlir,
        }
    }

    fn domain_of_region(&self, region: RegionId) -> Domain {
        self.regions.get(&region).copied().unwrap_or(Domain::Vhlo)
    }

    /// Whose type a value has.
    fn home(&self, value: ValueId) -> Domain {
        match self.func.values[value].def {
            ValueDef::Result { op, .. } => self.domain(op),
            ValueDef::Argument { region, .. } => self.domain_of_region(region),
        }
    }

    /// How many operands of an operation need another type.
    fn casts(&self, op: OpId) -> usize {
        let domain = self.domain(op);
        self.func.ops[op].operands.iter().filter(|&&operand| self.home(operand) != domain).count()
    }

    fn number(&mut self, value: ValueId, next: &mut u32) {
        self.numbers.insert(value, *next);
        *next += 1;
    }
}

/// The attributes of arguments or results; none at all where all are empty.
fn dictionaries(attrs: &[AttrMap]) -> Attr {
    if attrs.iter().all(AttrMap::is_empty) {
        return Attr::Array(Vec::new());
    }
    Attr::Array(attrs.iter().cloned().map(Attr::Dict).collect())
}
