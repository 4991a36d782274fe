//! Puts every dispatch into a function of its own.

use std::collections::HashMap;

use smol_str::SmolStr;

use super::cluster::{Cluster, Clusters};
use super::kind::{Kind, family, kind};
use crate::back::DISPATCH;
use crate::graph::Uses;
use crate::ir::{
    Attr, AttrMap, Func, FuncId, FunctionType, Item, LocId, Module, OpId, Opcode, Operation, Region, RegionId, Type,
    ValueId, Visibility,
};
use crate::print;
use crate::rewrite::Transplant;

/// Cuts the entry `id` of `module` into dispatches; all other functions that the result does not
/// need are dropped. The entry must have a body, and its calls must be inlined.
pub fn form(module: &mut Module, id: FuncId) {
    let source = module.funcs[id].clone();
    let Some(body) = source.body else { return };
    let uses = Uses::of(&source);
    let mut target = Func::new(source.name.clone(), source.ty.clone());
    target.visibility = source.visibility;
    target.states_public = source.states_public;
    (target.arg_attrs, target.result_attrs) = (source.arg_attrs.clone(), source.result_attrs.clone());
    (target.attrs, target.loc, target.span) = (source.attrs.clone(), source.loc, source.span);
    let mut outliner =
        Outliner { module, source: &source, uses: &uses, kernels: HashMap::new(), values: Transplant::new() };
    let target_body = target.body.expect("it was made with a body");
    outliner.bind_arguments(body, target_body, &mut target);
    outliner.region(body, target_body, &mut target);
    module.funcs[id] = target;
    let dead = crate::rewrite::unreachable_functions(module);
    crate::rewrite::erase_functions(module, dead);
    dispatches_first(module);
}

struct Outliner<'a> {
    module: &'a mut Module,
    source: &'a Func,
    uses: &'a Uses,
    /// The function of each kernel, by its text.
    kernels: HashMap<String, SmolStr>,
    /// Values of the new entry for those of the source.
    values: Transplant,
}

impl Outliner<'_> {
    fn bind_arguments(&mut self, from: RegionId, to: RegionId, target: &mut Func) {
        for (&old, new) in self.source.regions[from].args.iter().zip(target.regions[to].args.clone()) {
            target.values[new].loc = self.source.values[old].loc;
            self.values.bind(old, new);
        }
    }

    fn region(&mut self, from: RegionId, to: RegionId, target: &mut Func) {
        let source = self.source;
        let clusters = Clusters::of(source, self.uses, from);
        for &op in &source.regions[from].ops {
            if let Some(cluster) = clusters.rooted_at(op) {
                self.call(cluster, to, target);
                continue;
            }
            match kind(source, op) {
                Kind::Control => self.control(op, to, target),
                Kind::Constant | Kind::View if !clusters.is_needed_in_memory(op) => {}
                kind if kind.is_dispatched() => {}
                _ => {
                    let missing = |_: &mut Func, _| unreachable!("everything that is read was made before");
                    let copy = self.values.copy(source, &[op], target, missing);
                    target.regions[to].ops.extend(copy);
                }
            }
        }
    }

    /// An operation with regions, which are cut in turn.
    fn control(&mut self, op: OpId, to: RegionId, target: &mut Func) {
        let source = self.source;
        let mut copy = source.ops[op].clone();
        for operand in &mut copy.operands {
            *operand = self.value(*operand);
        }
        copy.regions = source.ops[op].regions.iter().map(|&region| self.nested(region, target)).collect();
        let types: Vec<Type> = source.ops[op].results.iter().map(|&r| source.value_type(r).clone()).collect();
        let new = target.make_op(copy, types);
        for (&old, &new) in source.ops[op].results.iter().zip(&target.ops[new].results) {
            self.values.bind(old, new);
        }
        target.regions[to].ops.push(new);
    }

    fn nested(&mut self, region: RegionId, target: &mut Func) -> RegionId {
        let new = target.regions.push(Region::default());
        for &arg in &self.source.regions[region].args {
            target.add_arg(new, self.source.value_type(arg).clone(), LocId::UNKNOWN);
        }
        self.bind_arguments(region, new, target);
        self.region(region, new, target);
        new
    }

    fn value(&self, old: ValueId) -> ValueId {
        self.values.value(old).expect("a verified program defines values before it uses them")
    }

    /// The call of a dispatch, in place of its operations.
    fn call(&mut self, cluster: &Cluster, to: RegionId, target: &mut Func) {
        let (func, inputs) = outlined(self.source, cluster);
        let symbol = self.kernel(func);
        let root = &self.source.ops[cluster.root];
        let call = Operation {
            opcode: Opcode::Call,
            foreign_name: None,
            operands: inputs.iter().map(|&input| self.value(input)).collect(),
            results: Default::default(),
            attrs: [("callee", Attr::symbol(symbol))].into_iter().collect::<AttrMap>(),
            regions: Default::default(),
            loc: root.loc,
            span: root.span,
        };
        let types: Vec<Type> = root.results.iter().map(|&r| self.source.value_type(r).clone()).collect();
        let new = target.make_op(call, types);
        for (&old, &new) in root.results.iter().zip(&target.ops[new].results) {
            self.values.bind(old, new);
        }
        target.regions[to].ops.push(new);
    }

    /// The symbol of a kernel: that of an equal one, where there is one.
    fn kernel(&mut self, mut func: Func) -> SmolStr {
        func.name = "dispatch".into();
        let mut alone = Module::new();
        let id = alone.add_func(func);
        let text = print::print_module(&alone, &print::Options::default());
        if let Some(symbol) = self.kernels.get(&text) {
            return symbol.clone();
        }
        let mut func = alone.funcs[id].clone();
        let family = func.attrs.get(DISPATCH).and_then(Attr::as_str).unwrap_or("map");
        func.name = self.module.fresh_symbol(&format!("{family}_{}", self.kernels.len()));
        let symbol = func.name.clone();
        self.module.add_func(func);
        self.kernels.insert(text, symbol.clone());
        symbol
    }
}

/// The function of a dispatch, and the values of the source that are its arguments.
fn outlined(source: &Func, cluster: &Cluster) -> (Func, Vec<ValueId>) {
    let root = &source.ops[cluster.root];
    let results: Vec<Type> = root.results.iter().map(|&r| source.value_type(r).clone()).collect();
    let mut func = Func::new("dispatch", FunctionType { inputs: Vec::new(), results });
    func.visibility = Visibility::Private;
    func.loc = root.loc;
    let anchor = cluster.anchor.unwrap_or(cluster.root);
    func.attrs.set(DISPATCH, Attr::string(family(kind(source, anchor))));
    let body = func.body.expect("it was made with a body");
    let mut values = Transplant::new();
    let mut inputs = Vec::new();
    let ops = values.copy(source, &cluster.members(), &mut func, |func, value| {
        inputs.push(value);
        let ty = source.value_type(value).clone();
        func.ty.inputs.push(ty.clone());
        func.arg_attrs.push(AttrMap::new());
        func.add_arg(body, ty, LocId::UNKNOWN)
    });
    let results = root.results.iter().map(|&r| values.value(r).expect("the root is among the copies"));
    let end = Operation {
        opcode: Opcode::FuncReturn,
        foreign_name: None,
        operands: results.collect(),
        results: Default::default(),
        attrs: AttrMap::new(),
        regions: Default::default(),
        loc: root.loc,
        span: root.span,
    };
    let end = func.make_op(end, []);
    func.regions[body].ops.extend(ops);
    func.regions[body].ops.push(end);
    (func, inputs)
}

/// Lists entries after dispatches, so that a reader meets each kernel before it is called.
fn dispatches_first(module: &mut Module) {
    let is_kernel = |item: &Item| matches!(item, Item::Func(id) if module.funcs[*id].attrs.contains(DISPATCH));
    let (mut items, others): (Vec<Item>, Vec<Item>) = module.items.iter().cloned().partition(|item| is_kernel(item));
    items.extend(others);
    module.items = items;
}
