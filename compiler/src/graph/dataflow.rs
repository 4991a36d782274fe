//! The data-flow graph of a region as a `petgraph` graph.

use std::collections::HashMap;

use petgraph::algo::toposort;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, Reversed};

use crate::ir::{Func, OpId, RegionId, ValueDef, ValueId};

/// The data flow between the operations of one region.
///
/// An edge leads from the operation that defines a value to one that uses it, and carries the
/// value. What an operation's own regions use counts as used by the operation.
#[derive(Debug)]
pub struct DataFlow {
    /// The graph; nodes are added in program order.
    pub graph: DiGraph<OpId, ValueId>,
    nodes: HashMap<OpId, NodeIndex>,
}

/// A region whose operations use each other in a circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} uses a value that depends on its own result")]
pub struct Cycle(pub OpId);

impl DataFlow {
    /// The data flow of `region`.
    pub fn of(func: &Func, region: RegionId) -> Self {
        let mut graph = DiGraph::new();
        let ops = &func.regions[region].ops;
        let nodes: HashMap<OpId, NodeIndex> = ops.iter().map(|&op| (op, graph.add_node(op))).collect();
        for &op in ops {
            let mut rest = vec![op];
            while let Some(user) = rest.pop() {
                for &value in &func.ops[user].operands {
                    if let ValueDef::Result { op: def, .. } = func.values[value].def
                        && let Some(&node) = nodes.get(&def)
                    {
                        graph.add_edge(node, nodes[&op], value);
                    }
                }
                rest.extend(func.ops[user].regions.iter().flat_map(|&r| &func.regions[r].ops));
            }
        }
        Self { graph, nodes }
    }

    /// An order in which every operation comes after those whose results it uses.
    pub fn topological(&self) -> Result<Vec<OpId>, Cycle> {
        match toposort(&self.graph, None) {
            Ok(order) => Ok(order.into_iter().map(|node| self.graph[node]).collect()),
            Err(cycle) => Err(Cycle(self.graph[cycle.node_id()])),
        }
    }

    /// The operations that `of` depends on, `of` included, in no promised order.
    pub fn ancestors(&self, of: impl IntoIterator<Item = OpId>) -> Vec<OpId> {
        let backwards = Reversed(&self.graph);
        let mut search = Dfs::empty(backwards);
        search.stack = of.into_iter().filter_map(|op| self.nodes.get(&op).copied()).collect();
        let mut found = Vec::new();
        while let Some(node) = search.next(backwards) {
            found.push(self.graph[node]);
        }
        found
    }
}

/// Reorders the operations of `region` so that definitions come before uses. Each operation keeps
/// its place, except that what it uses is moved up to just before it where it stood later. The
/// terminator stays last.
pub fn sort_region(func: &mut Func, region: RegionId) -> Result<(), Cycle> {
    let flow = DataFlow::of(func, region);
    flow.topological()?;
    let mut placed = vec![false; flow.graph.node_count()];
    let mut sorted = Vec::with_capacity(placed.len());
    for start in flow.graph.node_indices() {
        let mut stack = vec![(start, false)];
        while let Some((node, ready)) = stack.pop() {
            if placed[node.index()] {
                continue;
            }
            if ready {
                placed[node.index()] = true;
                sorted.push(flow.graph[node]);
                continue;
            }
            stack.push((node, true));
            let mut sources: Vec<NodeIndex> =
                flow.graph.neighbors_directed(node, petgraph::Incoming).filter(|n| !placed[n.index()]).collect();
            sources.sort_unstable_by(|a, b| b.cmp(a));
            stack.extend(sources.into_iter().map(|source| (source, false)));
        }
    }
    func.regions[region].ops = sorted;
    Ok(())
}
