//! Which function refers to which.

use std::collections::HashMap;

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::Dfs;

use crate::ir::{Attr, FuncId, Item, Module, OpId};

/// The symbols that an attribute names, at any depth.
pub fn symbols_of(attr: &Attr) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = vec![attr];
    while let Some(attr) = rest.pop() {
        match attr {
            Attr::Symbol(path) => found.extend(path.first().map(|s| s.as_str())),
            Attr::Array(items) => rest.extend(items.iter().rev()),
            Attr::Dict(map) => rest.extend(map.iter().map(|(_, a)| a)),
            _ => {}
        }
    }
    found
}

/// The references between the functions of a module: calls, decompositions of composites, and
/// every other symbol in an attribute that names a function. An edge carries the operation that
/// makes the reference; references from globals keep their target [reachable](Self::reachable).
#[derive(Debug)]
pub struct CallGraph {
    graph: DiGraph<FuncId, OpId>,
    nodes: HashMap<FuncId, NodeIndex>,
    from_globals: Vec<NodeIndex>,
}

impl CallGraph {
    /// The call graph of `module`.
    pub fn of(module: &Module) -> Self {
        let mut graph = DiGraph::new();
        let nodes: HashMap<FuncId, NodeIndex> = module.func_ids().map(|id| (id, graph.add_node(id))).collect();
        let by_name: HashMap<&str, NodeIndex> =
            nodes.iter().map(|(&id, &node)| (module.funcs[id].name.as_str(), node)).collect();
        for caller in module.func_ids() {
            let func = &module.funcs[caller];
            func.walk(|_, op| {
                let symbols = func.ops[op].attrs.iter().flat_map(|(_, attr)| symbols_of(attr));
                for &callee in symbols.filter_map(|symbol| by_name.get(symbol)) {
                    graph.add_edge(nodes[&caller], callee, op);
                }
            });
        }
        let globals = module.items.iter().filter_map(|item| match item {
            Item::Global(global) => Some(global.attrs.iter().flat_map(|(_, attr)| symbols_of(attr))),
            Item::Func(_) => None,
        });
        let from_globals = globals.flatten().filter_map(|symbol| by_name.get(symbol).copied()).collect();
        Self { graph, nodes, from_globals }
    }

    /// The functions that refer to each other in a circle, each circle as a list; a function that
    /// refers to itself is a circle of one.
    pub fn recursive(&self) -> Vec<Vec<FuncId>> {
        let circular = |part: &Vec<NodeIndex>| part.len() > 1 || self.graph.contains_edge(part[0], part[0]);
        let parts = tarjan_scc(&self.graph).into_iter().filter(circular);
        parts.map(|part| part.into_iter().map(|node| self.graph[node]).collect()).collect()
    }

    /// A shortest circle of references through `start`: each function with the operation that
    /// refers to the next, the last referring to `start`. Empty when there is none.
    pub fn circle(&self, start: FuncId) -> Vec<(FuncId, OpId)> {
        let mut came_from: HashMap<FuncId, (FuncId, OpId)> = HashMap::new();
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(caller) = queue.pop_front() {
            for (callee, op) in self.callees(caller) {
                if callee == start {
                    let mut circle = vec![(caller, op)];
                    let mut at = caller;
                    while at != start {
                        circle.push(came_from[&at]);
                        at = came_from[&at].0;
                    }
                    circle.reverse();
                    return circle;
                }
                came_from.entry(callee).or_insert_with(|| {
                    queue.push_back(callee);
                    (caller, op)
                });
            }
        }
        Vec::new()
    }

    /// All functions, each after those it refers to; within a circle in no promised order.
    pub fn callees_first(&self) -> Vec<FuncId> {
        tarjan_scc(&self.graph).into_iter().flatten().map(|node| self.graph[node]).collect()
    }

    /// The functions that `caller` refers to and the operation of each reference, in program order.
    pub fn callees(&self, caller: FuncId) -> Vec<(FuncId, OpId)> {
        use petgraph::visit::EdgeRef;
        let Some(&node) = self.nodes.get(&caller) else { return Vec::new() };
        let mut edges: Vec<_> = self.graph.edges(node).map(|edge| (edge.id(), edge)).collect();
        edges.sort_by_key(|(id, _)| *id);
        edges.into_iter().map(|(_, edge)| (self.graph[edge.target()], *edge.weight())).collect()
    }

    /// How many references lead to `callee`, those from globals not counted.
    pub fn reference_count(&self, callee: FuncId) -> usize {
        let incoming = |&node: &NodeIndex| self.graph.edges_directed(node, petgraph::Incoming).count();
        self.nodes.get(&callee).map_or(0, incoming)
    }

    /// The functions that `roots` and the module's globals lead to, roots included.
    pub fn reachable(&self, roots: impl IntoIterator<Item = FuncId>) -> Vec<FuncId> {
        let roots = roots.into_iter().filter_map(|id| self.nodes.get(&id).copied());
        let stack: Vec<NodeIndex> = roots.chain(self.from_globals.iter().copied()).collect();
        let mut search = Dfs::empty(&self.graph);
        search.stack = stack;
        let mut found = Vec::new();
        while let Some(node) = search.next(&self.graph) {
            found.push(self.graph[node]);
        }
        found
    }
}
