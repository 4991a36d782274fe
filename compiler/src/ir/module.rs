//! Modules: functions and module-level declarations, in order.

use smol_str::SmolStr;

use super::attrs::AttrMap;
use super::entity::{Arena, FuncId, LocId};
use super::function::Func;
use super::location::Locations;
use crate::diag::Span;

/// A module-level declaration that is no function, such as `sdy.mesh`.
#[derive(Clone, Debug)]
pub struct Global {
    /// The operation's full name.
    pub name: SmolStr,
    /// Its symbol, where it has one.
    pub symbol: Option<SmolStr>,
    /// Its attributes, `sym_name` excluded.
    pub attrs: AttrMap,
    /// Where it came from.
    pub loc: LocId,
    /// Where it stands in the source text.
    pub span: Span,
}

/// An entry of a module.
#[derive(Clone, Debug)]
pub enum Item {
    /// A function.
    Func(FuncId),
    /// Another declaration.
    Global(Global),
}

/// A StableHLO program.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// The symbol, where the module has one.
    pub name: Option<SmolStr>,
    /// The module's own attributes (`mhlo.num_partitions`, …).
    pub attrs: AttrMap,
    /// All functions ever added; [`Self::items`] says which are present and in what order.
    pub funcs: Arena<FuncId, Func>,
    /// What the module holds, in order.
    pub items: Vec<Item>,
    /// The locations that functions and operations name.
    pub locs: Locations,
    /// Where the module came from.
    pub loc: LocId,
}

impl Default for LocId {
    fn default() -> Self {
        LocId::UNKNOWN
    }
}

impl Module {
    /// An empty module.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a function at the end.
    pub fn add_func(&mut self, func: Func) -> FuncId {
        let id = self.funcs.push(func);
        self.items.push(Item::Func(id));
        id
    }

    /// The functions present, in order.
    pub fn func_ids(&self) -> impl Iterator<Item = FuncId> {
        self.items.iter().filter_map(|item| match item {
            Item::Func(id) => Some(*id),
            Item::Global(_) => None,
        })
    }

    /// The function of this symbol.
    pub fn func_by_name(&self, name: &str) -> Option<FuncId> {
        self.func_ids().find(|&id| self.funcs[id].name == name)
    }

    /// The entry point: `@main`, or the only public function, or the only function.
    pub fn entry(&self) -> Option<FuncId> {
        self.func_by_name("main")
            .or_else(|| only(self.func_ids().filter(|&id| self.funcs[id].visibility == super::Visibility::Public)))
            .or_else(|| only(self.func_ids()))
    }

    /// Removes the functions that `keep` refuses from the module's items.
    pub fn retain_funcs(&mut self, mut keep: impl FnMut(&Func) -> bool) {
        let funcs = &self.funcs;
        self.items.retain(|item| match item {
            Item::Func(id) => keep(&funcs[*id]),
            Item::Global(_) => true,
        });
    }

    /// A symbol that no function has yet: `base`, or `base_1`, `base_2`, ….
    pub fn fresh_symbol(&self, base: &str) -> SmolStr {
        let free = |name: &str| self.func_by_name(name).is_none();
        if free(base) {
            return base.into();
        }
        (1u32..)
            .map(|n| format!("{base}_{n}"))
            .find(|name| free(name))
            .expect("a module holds fewer than u32::MAX functions")
            .into()
    }
}

/// The only item of an iterator.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next();
    if items.next().is_some() { None } else { first }
}
