//! Whether two modules are the same program, and if not, where they part.
//!
//! Handles, spans and the order of attributes in a dictionary do not count; an attribute that spells
//! out its default equals its absence, and a constant given as one element equals the same constant
//! given in full. Everything else does: the order of functions,
//! names of symbols, discardable attributes, and, where asked, locations.

use std::collections::HashMap;
use std::fmt;

use super::attrs::{Attr, AttrMap};
use super::elements::DenseElements;
use super::entity::{LocId, OpId, RegionId, ValueId};
use super::function::Func;
use super::location::{Location, Locations};
use super::module::{Item, Module};

/// The first place where two modules differ: a path from the outside in, and what differs there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}")]
pub struct Difference {
    /// Where, such as ``@main, operation 3 (`stablehlo.add`)``.
    pub place: String,
    /// What differs.
    pub what: String,
}

/// Compares two modules; locations count when `locations` is set.
///
/// # Errors
/// The first difference.
pub fn equal(a: &Module, b: &Module, locations: bool) -> Result<(), Difference> {
    let comparison = Comparison { a, b, locations };
    comparison.modules()
}

/// Whether two attributes say the same.
pub fn attrs_equal(a: &Attr, b: &Attr) -> bool {
    match (a, b) {
        (Attr::Elements(a), Attr::Elements(b)) => elements_equal(a, b),
        (Attr::Array(a), Attr::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| attrs_equal(a, b)),
        (Attr::Dict(a), Attr::Dict(b)) => maps_equal(a, b),
        (Attr::Location(_), Attr::Location(_)) => true,
        (a, b) => a == b,
    }
}

fn maps_equal(a: &AttrMap, b: &AttrMap) -> bool {
    a.len() == b.len() && a.iter().all(|(name, attr)| b.get(name).is_some_and(|other| attrs_equal(attr, other)))
}

fn elements_equal(a: &DenseElements, b: &DenseElements) -> bool {
    if a.ty != b.ty || a.form != b.form {
        return false;
    }
    let size = a.ty.element.byte_size().max(1);
    match (a.splat, b.splat) {
        (true, false) => b.data.chunks(size).all(|element| element == &a.data[..]),
        (false, true) => a.data.chunks(size).all(|element| element == &b.data[..]),
        _ => a.data == b.data,
    }
}

struct Comparison<'m> {
    a: &'m Module,
    b: &'m Module,
    locations: bool,
}

/// Fails with both sides where they differ.
fn same<T: PartialEq + fmt::Debug>(place: &dyn Fn() -> String, what: &str, a: &T, b: &T) -> Result<(), Difference> {
    if a == b {
        return Ok(());
    }
    Err(Difference { place: place(), what: format!("{what} {a:?} and {b:?}") })
}

fn same_attrs(place: &dyn Fn() -> String, what: &str, a: &AttrMap, b: &AttrMap) -> Result<(), Difference> {
    same_attrs_but(place, what, a, b, |_, _| false)
}

/// Compares dictionaries without the entries that `ignored` names.
fn same_attrs_but(
    place: &dyn Fn() -> String,
    what: &str,
    a: &AttrMap,
    b: &AttrMap,
    ignored: impl Fn(&str, &Attr) -> bool,
) -> Result<(), Difference> {
    let differ = |what: String| Err(Difference { place: place(), what });
    for (name, attr) in a.iter() {
        match b.get(name) {
            None if ignored(name, attr) => {}
            None => return differ(format!("{what} `{name}` is missing in the second")),
            Some(other) if !attrs_equal(attr, other) => return differ(format!("{what} `{name}` differs")),
            Some(_) => {}
        }
    }
    match b.iter().find(|(name, attr)| !a.contains(name) && !ignored(name, attr)) {
        Some((name, _)) => differ(format!("{what} `{name}` is missing in the first")),
        None => Ok(()),
    }
}

impl Comparison<'_> {
    fn modules(&self) -> Result<(), Difference> {
        let place = || "module".to_owned();
        same(&place, "names", &self.a.name, &self.b.name)?;
        same_attrs(&place, "attribute", &self.a.attrs, &self.b.attrs)?;
        self.same_location(&place, self.a.loc, self.b.loc)?;
        same(&place, "numbers of declarations", &self.a.items.len(), &self.b.items.len())?;
        for (index, pair) in self.a.items.iter().zip(&self.b.items).enumerate() {
            match pair {
                (Item::Func(a), Item::Func(b)) => self.funcs(&self.a.funcs[*a], &self.b.funcs[*b])?,
                (Item::Global(a), Item::Global(b)) => {
                    let place = || format!("declaration {index}");
                    same(&place, "operations", &a.name, &b.name)?;
                    same(&place, "symbols", &a.symbol, &b.symbol)?;
                    same_attrs(&place, "attribute", &a.attrs, &b.attrs)?;
                    self.same_location(&place, a.loc, b.loc)?;
                }
                _ => {
                    let what = "a function and another declaration".to_owned();
                    return Err(Difference { place: format!("declaration {index}"), what });
                }
            }
        }
        Ok(())
    }

    fn same_location(&self, place: &dyn Fn() -> String, a: LocId, b: LocId) -> Result<(), Difference> {
        if !self.locations || locations_equal(&self.a.locs, a, &self.b.locs, b) {
            return Ok(());
        }
        let what = format!("locations {:?} and {:?}", self.a.locs.get(a), self.b.locs.get(b));
        Err(Difference { place: place(), what })
    }

    fn funcs(&self, a: &Func, b: &Func) -> Result<(), Difference> {
        let place = || format!("@{}", a.name);
        same(&place, "names", &a.name, &b.name)?;
        same(&place, "visibilities", &(a.visibility, a.states_public), &(b.visibility, b.states_public))?;
        same(&place, "types", &a.ty, &b.ty)?;
        same_attrs(&place, "attribute", &a.attrs, &b.attrs)?;
        for (what, a, b) in [("argument", &a.arg_attrs, &b.arg_attrs), ("result", &a.result_attrs, &b.result_attrs)] {
            same(&place, "numbers of attribute lists", &a.len(), &b.len())?;
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                same_attrs(&place, &format!("{what} {index}: attribute"), a, b)?;
            }
        }
        self.same_location(&place, a.loc, b.loc)?;
        match (a.body, b.body) {
            (Some(first), Some(second)) => Bodies { comparison: self, a, b, values: HashMap::new() }.run(first, second),
            (None, None) => Ok(()),
            _ => Err(Difference { place: place(), what: "one has no body".to_owned() }),
        }
    }
}

/// Two functions whose regions are compared, and which values correspond.
struct Bodies<'m> {
    comparison: &'m Comparison<'m>,
    a: &'m Func,
    b: &'m Func,
    values: HashMap<ValueId, ValueId>,
}

impl Bodies<'_> {
    fn run(&mut self, first: RegionId, second: RegionId) -> Result<(), Difference> {
        let mut open = vec![(first, second)];
        while let Some((first, second)) = open.pop() {
            self.regions(first, second, &mut open)?;
        }
        Ok(())
    }

    fn regions(
        &mut self,
        first: RegionId,
        second: RegionId,
        open: &mut Vec<(RegionId, RegionId)>,
    ) -> Result<(), Difference> {
        let (a, b) = (&self.a.regions[first], &self.b.regions[second]);
        let place = || format!("@{}, a region", self.a.name);
        same(&place, "numbers of arguments", &a.args.len(), &b.args.len())?;
        same(&place, "numbers of operations", &a.ops.len(), &b.ops.len())?;
        for (&x, &y) in a.args.iter().zip(&b.args) {
            self.same_value(&place, x, y)?;
            self.comparison.same_location(&place, self.a.values[x].loc, self.b.values[y].loc)?;
            self.values.insert(x, y);
        }
        for (index, (&x, &y)) in a.ops.iter().zip(&b.ops).enumerate() {
            self.ops(index, x, y, open)?;
        }
        Ok(())
    }

    fn same_value(&self, place: &dyn Fn() -> String, a: ValueId, b: ValueId) -> Result<(), Difference> {
        same(place, "types", self.a.value_type(a), self.b.value_type(b))
    }

    fn ops(&mut self, index: usize, x: OpId, y: OpId, open: &mut Vec<(RegionId, RegionId)>) -> Result<(), Difference> {
        let (a, b) = (&self.a.ops[x], &self.b.ops[y]);
        let place = || format!("@{}, operation {index} (`{}`)", self.a.name, a.name());
        same(&place, "operations", &a.name(), &b.name())?;
        same(&place, "numbers of operands", &a.operands.len(), &b.operands.len())?;
        for (number, (operand, other)) in a.operands.iter().zip(&b.operands).enumerate() {
            if self.values.get(operand) != Some(other) {
                return Err(Difference { place: place(), what: format!("operand {number} is another value") });
            }
        }
        same(&place, "numbers of results", &a.results.len(), &b.results.len())?;
        for (&result, &other) in a.results.iter().zip(&b.results) {
            self.same_value(&place, result, other)?;
            self.values.insert(result, other);
        }
        let info = a.opcode.info();
        let is_default = |name: &str, attr: &Attr| info.attribute(name).is_some_and(|spec| spec.is_default(attr));
        same_attrs_but(&place, "attribute", &a.attrs, &b.attrs, is_default)?;
        self.comparison.same_location(&place, a.loc, b.loc)?;
        same(&place, "numbers of regions", &a.regions.len(), &b.regions.len())?;
        open.extend(a.regions.iter().copied().zip(b.regions.iter().copied()));
        Ok(())
    }
}

/// Whether two locations of different tables say the same.
fn locations_equal(a_table: &Locations, a: LocId, b_table: &Locations, b: LocId) -> bool {
    let mut open = vec![(a, b)];
    while let Some((a, b)) = open.pop() {
        match (a_table.get(a), b_table.get(b)) {
            (Location::Name { name: x, child: a }, Location::Name { name: y, child: b }) if x == y => {
                open.push((*a, *b));
            }
            (Location::CallSite { callee: x, caller: a }, Location::CallSite { callee: y, caller: b }) => {
                open.extend([(*x, *y), (*a, *b)])
            }
            (Location::Fused { metadata: x, parts: a }, Location::Fused { metadata: y, parts: b })
                if a.len() == b.len() && x == y =>
            {
                open.extend(a.iter().copied().zip(b.iter().copied()));
            }
            (Location::Unknown, Location::Unknown) => {}
            (a @ Location::File { .. }, b @ Location::File { .. }) if a == b => {}
            _ => return false,
        }
    }
    true
}
