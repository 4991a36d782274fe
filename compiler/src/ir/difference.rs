//! Whether two modules are the same program text.
//!
//! Values, operations and regions are compared by their places, not by their handles; locations and
//! spans are not compared. Attributes are compared regardless of their order, constants regardless of
//! whether equal elements are stored once. Attributes that say no more than their absence
//! ([`is_neutral`]) are ignored. Everything else counts: the order of functions, symbols, discardable
//! attributes.

use std::collections::HashMap;
use std::fmt::Debug;

use super::attrs::{Attr, AttrMap};
use super::elements::DenseElements;
use super::entity::{RegionId, ValueId};
use super::function::Func;
use super::module::{Item, Module};
use super::operation::Operation;
use super::ops::{drop_neutral_call_attributes, is_neutral};

/// The first difference between two modules, in words; `None` when they are the same.
pub fn difference(a: &Module, b: &Module) -> Option<String> {
    compare(a, b).err()
}

fn compare(a: &Module, b: &Module) -> Result<(), String> {
    equal("the modules' names", &a.name, &b.name)?;
    same_attrs("the module", &a.attrs, &b.attrs)?;
    equal("the number of items", &a.items.len(), &b.items.len())?;
    for (x, y) in a.items.iter().zip(&b.items) {
        match (x, y) {
            (Item::Func(x), Item::Func(y)) => {
                let (x, y) = (&a.funcs[*x], &b.funcs[*y]);
                Funcs { a: x, b: y, values: HashMap::new() }.compare().map_err(|d| format!("@{}: {d}", x.name))?;
            }
            (Item::Global(x), Item::Global(y)) => {
                equal("declarations", &(&x.name, &x.symbol), &(&y.name, &y.symbol))?;
                same_attrs(&x.name, &x.attrs, &y.attrs)?;
            }
            _ => return Err("a function stands where the other module has a declaration".to_owned()),
        }
    }
    Ok(())
}

struct Funcs<'m> {
    a: &'m Func,
    b: &'m Func,
    /// For each value of `a` that was defined so far, the one of `b` in its place.
    values: HashMap<ValueId, ValueId>,
}

impl Funcs<'_> {
    fn compare(&mut self) -> Result<(), String> {
        let (a, b) = (self.a, self.b);
        equal("names", &a.name, &b.name)?;
        equal("visibility", &(a.visibility, a.states_public), &(b.visibility, b.states_public))?;
        equal("types", &a.ty, &b.ty)?;
        same_attrs("the function", &a.attrs, &b.attrs)?;
        for (x, y) in a.arg_attrs.iter().zip(&b.arg_attrs).chain(a.result_attrs.iter().zip(&b.result_attrs)) {
            same_attrs("an argument or result", x, y)?;
        }
        match (a.body, b.body) {
            (Some(x), Some(y)) => self.regions(x, y),
            (None, None) => Ok(()),
            _ => Err("one function has a body, the other none".to_owned()),
        }
    }

    /// Compares two regions and, with a stack of their own, the regions inside.
    fn regions(&mut self, a: RegionId, b: RegionId) -> Result<(), String> {
        let mut open = vec![(a, b, 0)];
        self.define(&self.a.regions[a].args, &self.b.regions[b].args)?;
        while let Some((x, y, at)) = open.pop() {
            let (ops, others) = (&self.a.regions[x].ops, &self.b.regions[y].ops);
            equal("the number of operations in a region", &ops.len(), &others.len())?;
            if at == ops.len() {
                continue;
            }
            open.push((x, y, at + 1));
            let (op, other) = (&self.a.ops[ops[at]], &self.b.ops[others[at]]);
            equal("operations", &op.name(), &other.name())?;
            let operands: Vec<_> = op.operands.iter().map(|v| self.values.get(v).copied()).collect();
            let expected: Vec<_> = other.operands.iter().map(|v| Some(*v)).collect();
            equal(&format!("operands of {} {at}", op.name()), &operands, &expected)?;
            same_attrs(op.name(), &telling(op), &telling(other))?;
            self.define(&op.results, &other.results)?;
            equal("the number of regions", &op.regions.len(), &other.regions.len())?;
            for (&inner, &outer) in op.regions.iter().zip(&other.regions).rev() {
                self.define(&self.a.regions[inner].args, &self.b.regions[outer].args)?;
                open.push((inner, outer, 0));
            }
        }
        Ok(())
    }

    fn define(&mut self, a: &[ValueId], b: &[ValueId]) -> Result<(), String> {
        let types = |func: &Func, values: &[ValueId]| -> Vec<_> {
            values.iter().map(|&value| func.value_type(value).clone()).collect()
        };
        equal("types of values", &types(self.a, a), &types(self.b, b))?;
        self.values.extend(a.iter().copied().zip(b.iter().copied()));
        Ok(())
    }
}

/// An operation's attributes without those that say nothing.
fn telling(op: &Operation) -> AttrMap {
    let info = op.opcode.info();
    let says = |name: &str, attr: &Attr| !info.attribute(name).is_some_and(|spec| is_neutral(op.opcode, spec, attr));
    let mut attrs: AttrMap =
        op.attrs.iter().filter(|(name, attr)| says(name, attr)).map(|(n, a)| (n.clone(), a.clone())).collect();
    drop_neutral_call_attributes(op.opcode, &mut attrs);
    attrs
}

fn equal<T: PartialEq + Debug>(what: &str, a: &T, b: &T) -> Result<(), String> {
    if a == b { Ok(()) } else { Err(format!("{what} differ: {a:?} and {b:?}")) }
}

fn same_attrs(what: &str, a: &AttrMap, b: &AttrMap) -> Result<(), String> {
    for (name, attr) in a.iter() {
        match b.get(name) {
            Some(other) if same(attr, other) => {}
            other => return Err(format!("{what}: attribute `{name}` differs: {attr:?} and {other:?}")),
        }
    }
    match b.iter().find(|(name, _)| !a.contains(name)) {
        Some((name, attr)) => Err(format!("{what}: only the second has the attribute `{name}`: {attr:?}")),
        None => Ok(()),
    }
}

fn same(a: &Attr, b: &Attr) -> bool {
    match (a, b) {
        (Attr::Elements(a), Attr::Elements(b)) => same_elements(a, b),
        (Attr::Dict(a), Attr::Dict(b)) => same_attrs("", a, b).is_ok(),
        (Attr::Array(a), Attr::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Attr::Location(_), Attr::Location(_)) => true,
        _ => a == b,
    }
}

fn same_elements(a: &DenseElements, b: &DenseElements) -> bool {
    if a.splat == b.splat {
        return a == b;
    }
    let (one, all) = if a.splat { (a, b) } else { (b, a) };
    let size = one.ty.element.byte_size();
    a.ty == b.ty && a.form == b.form && all.data.chunks(size).all(|element| element == &one.data[..])
}
