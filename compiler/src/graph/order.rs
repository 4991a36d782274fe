//! Program order and dominance over the tree of regions.
//!
//! Regions have one block, so dominance needs no fixpoint: a value dominates an operation when the
//! value's region contains the operation, directly or through enclosing operations, and the
//! definition comes before the operation (or the enclosing one) there. Order within a region is
//! kept as a sparse number for each operation, so that comparing is O(1), finding an operation in
//! its region is a binary search, and inserting renumbers the region only when a gap is used up.

use crate::ir::{Entity, Func, OpId, RegionId, Traits, ValueDef, ValueId};

/// Distance between the numbers of neighbours after (re)numbering.
const GAP: u64 = 1 << 32;

/// Where an operation stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    region: RegionId,
    number: u64,
}

/// The place of every operation and region of a function that its body reaches.
#[derive(Clone, Debug)]
pub struct Order {
    ops: Vec<Option<Place>>,
    parents: Vec<Option<OpId>>,
}

impl Order {
    /// The order of `func`.
    pub fn of(func: &Func) -> Self {
        let mut order = Self { ops: vec![None; func.ops.len()], parents: vec![None; func.regions.len()] };
        let mut regions: Vec<RegionId> = func.body.into_iter().collect();
        while let Some(region) = regions.pop() {
            order.number_region(func, region);
            for &op in &func.regions[region].ops {
                order.adopt(func, op);
                regions.extend(func.ops[op].regions.iter());
            }
        }
        order
    }

    /// The region that holds an operation; `None` when none does.
    pub fn region_of(&self, op: OpId) -> Option<RegionId> {
        Some(self.place(op)?.region)
    }

    /// The operation that a region belongs to; `None` for a function's body.
    pub fn parent(&self, region: RegionId) -> Option<OpId> {
        *self.parents.get(region.index())?
    }

    /// The operation whose region holds `op`; `None` for those in the function's body.
    pub fn parent_op(&self, op: OpId) -> Option<OpId> {
        self.parent(self.region_of(op)?)
    }

    /// The index of an operation in its region's list.
    pub fn position(&self, func: &Func, op: OpId) -> Option<usize> {
        let place = self.place(op)?;
        let ops = &func.regions[place.region].ops;
        ops.binary_search_by_key(&Some(place.number), |&o| self.place(o).map(|p| p.number)).ok()
    }

    /// The operation of `region` that is `op` or contains it.
    pub fn ancestor_in(&self, op: OpId, region: RegionId) -> Option<OpId> {
        let mut at = op;
        loop {
            let here = self.region_of(at)?;
            if here == region {
                return Some(at);
            }
            at = self.parent(here)?;
        }
    }

    /// Whether `op` is `container` or in one of its regions, at any depth.
    pub fn contains(&self, container: OpId, op: OpId) -> bool {
        self.region_of(container).is_some_and(|region| self.ancestor_in(op, region) == Some(container))
    }

    /// Whether `first` comes strictly before `op`, or before the operation of the same region that
    /// contains `op`. False when `op` is `first` or inside of it.
    pub fn precedes(&self, first: OpId, op: OpId) -> bool {
        let Some(place) = self.place(first) else { return false };
        let Some(ancestor) = self.ancestor_in(op, place.region) else { return false };
        self.place(ancestor).is_some_and(|a| place.number < a.number)
    }

    /// Whether `op` may use `value`: its definition comes before, and no region that may not look
    /// outside lies between.
    pub fn dominates(&self, func: &Func, value: ValueId, op: OpId) -> bool {
        let Some(definition) = func.values.get(value) else { return false };
        let region = match definition.def {
            ValueDef::Argument { region, .. } => region,
            ValueDef::Result { op: def, .. } if !self.precedes(def, op) => return false,
            ValueDef::Result { op: def, .. } => match self.region_of(def) {
                Some(region) => region,
                None => return false,
            },
        };
        self.visible_from(func, region, op)
    }

    /// Whether `op` is in `region` or below it without an isolated operation between.
    fn visible_from(&self, func: &Func, region: RegionId, op: OpId) -> bool {
        let mut at = op;
        loop {
            let Some(here) = self.region_of(at) else { return false };
            if here == region {
                return true;
            }
            match self.parent(here) {
                Some(parent) if !func.ops[parent].opcode.has(Traits::ISOLATED) => at = parent,
                _ => return false,
            }
        }
    }

    /// Takes in `count` operations that were put into `region` at `position`, with all they
    /// contain.
    pub fn insert(&mut self, func: &Func, region: RegionId, position: usize, count: usize) {
        self.ops.resize(func.ops.len(), None);
        self.parents.resize(func.regions.len(), None);
        let ops = &func.regions[region].ops;
        let number = |at: Option<usize>| at.and_then(|i| self.place(*ops.get(i)?)).map(|p| p.number);
        let low = number(position.checked_sub(1)).unwrap_or(0);
        let step = match number(Some(position + count)) {
            Some(high) => high.saturating_sub(low) / (count as u64 + 1),
            None => GAP,
        };
        if step == 0 || low.checked_add(step.saturating_mul(count as u64)).is_none() {
            self.number_region(func, region);
        } else {
            for (i, &op) in ops[position..position + count].iter().enumerate() {
                self.ops[op.index()] = Some(Place { region, number: low + step * (i as u64 + 1) });
            }
        }
        for &op in &func.regions[region].ops[position..position + count] {
            self.adopt(func, op);
            let mut nested: Vec<RegionId> = func.ops[op].regions.to_vec();
            while let Some(inner) = nested.pop() {
                self.number_region(func, inner);
                for &op in &func.regions[inner].ops {
                    self.adopt(func, op);
                    nested.extend(func.ops[op].regions.iter());
                }
            }
        }
    }

    /// Forgets an operation that was taken out of its region, and all it contains.
    pub fn remove(&mut self, func: &Func, op: OpId) {
        let mut gone = vec![op];
        while let Some(op) = gone.pop() {
            self.ops[op.index()] = None;
            for &region in &func.ops[op].regions {
                gone.extend(&func.regions[region].ops);
            }
        }
    }

    fn place(&self, op: OpId) -> Option<Place> {
        *self.ops.get(op.index())?
    }

    fn number_region(&mut self, func: &Func, region: RegionId) {
        for (i, &op) in func.regions[region].ops.iter().enumerate() {
            self.ops[op.index()] = Some(Place { region, number: (i as u64 + 1) * GAP });
        }
    }

    fn adopt(&mut self, func: &Func, op: OpId) {
        for &region in &func.ops[op].regions {
            self.parents[region.index()] = Some(op);
        }
    }
}
