//! The views, on functions built by hand.

use super::*;
use crate::ir::{
    Attr, Builder, ElementType, Entity, Func, FuncId, FunctionType, Global, Item, Module, OpId, Opcode, Region, Type,
    ValueId, Visibility,
};

fn scalar() -> Type {
    Type::tensor(&[], ElementType::F32)
}

/// A function of one argument that refers to `callees` in order, by composites, and returns.
fn caller(module: &mut Module, name: &str, visibility: Visibility, callees: &[&str]) -> FuncId {
    let mut func = Func::new(name, FunctionType { inputs: vec![scalar()], results: vec![scalar()] });
    func.visibility = visibility;
    let mut value = func.args()[0];
    let mut build = Builder::new(&mut func);
    for &callee in callees {
        value = build.value(Opcode::Call, [value], [("callee", Attr::symbol(callee))], scalar());
    }
    build.op(Opcode::FuncReturn, [value], [], []);
    module.add_func(func)
}

#[test]
fn the_call_graph_orders_callees_first_and_finds_circles() {
    let mut module = Module::new();
    let main = caller(&mut module, "main", Visibility::Public, &["f", "g", "f"]);
    let f = caller(&mut module, "f", Visibility::Private, &["g"]);
    let g = caller(&mut module, "g", Visibility::Private, &[]);
    let a = caller(&mut module, "a", Visibility::Private, &["b"]);
    let b = caller(&mut module, "b", Visibility::Private, &["c", "g"]);
    let c = caller(&mut module, "c", Visibility::Private, &["a"]);
    let own = caller(&mut module, "own", Visibility::Private, &["own"]);
    let calls = CallGraph::of(&module);
    let order = calls.callees_first();
    let at = |id| order.iter().position(|&o| o == id).unwrap();
    assert!(at(g) < at(f) && at(f) < at(main) && order.len() == 7);
    assert_eq!(calls.callees(main).iter().map(|(id, _)| *id).collect::<Vec<_>>(), [f, g, f]);
    assert_eq!(calls.reference_count(g), 3);
    let mut circles: Vec<Vec<FuncId>> = calls.recursive();
    circles.iter_mut().for_each(|circle| circle.sort_unstable());
    circles.sort_unstable();
    assert_eq!(circles, [vec![a, b, c], vec![own]]);
    assert_eq!(calls.circle(a).iter().map(|(id, _)| *id).collect::<Vec<_>>(), [a, b, c]);
    assert_eq!(calls.circle(own).len(), 1);
    assert!(calls.circle(main).is_empty());
    let mut reached = calls.reachable([main]);
    reached.sort_unstable();
    assert_eq!(reached, [main, f, g]);
}

#[test]
fn globals_keep_the_functions_they_name() {
    let mut module = Module::new();
    let f = caller(&mut module, "f", Visibility::Private, &[]);
    caller(&mut module, "g", Visibility::Private, &[]);
    let attrs = [("targets", Attr::Array(vec![Attr::symbol("f")]))].into_iter().collect();
    let global =
        Global { name: "x.table".into(), symbol: None, attrs, loc: Default::default(), span: crate::diag::Span::NONE };
    module.items.push(Item::Global(global));
    assert_eq!(CallGraph::of(&module).reachable([]), [f]);
}

#[test]
fn effects_pass_from_callees_to_callers_and_from_regions_to_their_operation() {
    let mut module = Module::new();
    let log = |build: &mut Builder<'_>, value: ValueId, effect: bool| {
        let attrs = [("call_target_name", Attr::string("log")), ("has_side_effect", Attr::Bool(effect))];
        build.op(Opcode::CustomCall, [value], attrs, [])
    };
    let logs = caller(&mut module, "logs", Visibility::Private, &[]);
    let func = &mut module.funcs[logs];
    let arg = func.args()[0];
    let mut build = Builder::new(func);
    log(&mut build, arg, true);
    let main = caller(&mut module, "main", Visibility::Public, &["logs", "pure"]);
    caller(&mut module, "pure", Visibility::Private, &[]);
    let func = &mut module.funcs[main];
    let arg = func.args()[0];
    let mut build = Builder::new(func);
    let quiet = log(&mut build, arg, false);
    let branch = build.region([], |b, _| {
        log(b, arg, true);
    });
    let case = build.op_with_regions(Opcode::Case, [arg], [], [branch], [scalar()]);
    let effects = Effects::of(&module);
    let func = &module.funcs[main];
    let body = &func.regions[func.body.unwrap()].ops;
    let has: Vec<bool> = body.iter().map(|&op| effects.has(func, op)).collect();
    assert_eq!(has, [true, false, false, false, true], "calls of @logs and @pure, return, quiet call, case");
    assert!(!effects.has(func, quiet) && effects.has(func, case) && !effects.has_own(&func.ops[case]));
}

/// `a = |x|; while (…) { b = |a|; … }; c = a + b'` with the operations by name.
fn nested() -> (Func, [OpId; 4]) {
    let mut func = Func::new("f", FunctionType { inputs: vec![scalar()], results: vec![] });
    let x = func.args()[0];
    let mut build = Builder::new(&mut func);
    let a = build.op(Opcode::Abs, [x], [], [scalar()]);
    let a_value = build.func.ops[a].results[0];
    let mut b = None;
    let body = build.region([scalar()], |build, _| {
        b = Some(build.op(Opcode::Abs, [a_value], [], [scalar()]));
    });
    let loop_ = build.op_with_regions(Opcode::While, [a_value], [], [body], [scalar()]);
    let loop_value = build.func.ops[loop_].results[0];
    let c = build.op(Opcode::Add, [a_value, loop_value], [], [scalar()]);
    (func, [a, b.unwrap(), loop_, c])
}

#[test]
fn dominance_follows_the_tree_of_regions() {
    let (func, [a, b, loop_, c]) = nested();
    let order = Order::of(&func);
    let value = |op: OpId| func.ops[op].results[0];
    assert!(order.dominates(&func, value(a), b) && order.dominates(&func, value(a), c));
    assert!(order.dominates(&func, func.args()[0], b));
    assert!(!order.dominates(&func, value(b), c), "a region's values end with it");
    assert!(!order.dominates(&func, value(loop_), b) && !order.dominates(&func, value(a), a));
    let argument = func.regions[func.ops[loop_].regions[0]].args[0];
    assert!(order.dominates(&func, argument, b) && !order.dominates(&func, argument, c));
    assert_eq!(order.parent_op(b), Some(loop_));
    assert!(order.contains(loop_, b) && !order.contains(b, loop_) && order.precedes(a, b));
    assert!(!order.dominates(&func, ValueId::new(1000), c), "no such value");
}

#[test]
fn insertion_renumbers_when_a_gap_is_used_up() {
    let (mut func, [a, ..]) = nested();
    let mut order = Order::of(&func);
    let body = func.body.unwrap();
    // Always at the same place, so that the gap halves each time.
    for _ in 0..200 {
        let x = func.args()[0];
        let new = Builder::new(&mut func).op(Opcode::Abs, [x], [], [scalar()]);
        let made = func.regions[body].ops.pop();
        assert_eq!(made, Some(new));
        func.regions[body].ops.insert(1, new);
        order.insert(&func, body, 1, 1);
        assert!(order.precedes(a, new) && order.position(&func, new) == Some(1));
    }
    let fresh = Order::of(&func);
    let ops = &func.regions[body].ops;
    for pair in ops.windows(2) {
        assert!(order.precedes(pair[0], pair[1]) && fresh.precedes(pair[0], pair[1]));
    }
}

#[test]
fn uses_are_counted_in_regions_too() {
    let (mut func, [a, b, loop_, c]) = nested();
    let mut uses = Uses::of(&func);
    let a_value = func.ops[a].results[0];
    let users: Vec<OpId> = uses.get(a_value).iter().map(|u| u.op).collect();
    assert_eq!(users, [loop_, b, c]);
    assert_eq!(uses.single(func.ops[loop_].results[0]), Some(Use { op: c, index: 1 }));
    let x = func.args()[0];
    assert_eq!(uses.replace(&mut func, a_value, x).len(), 3);
    assert!(uses.is_unused(a_value) && uses.get(x).len() == 4);
    assert_eq!(func.ops[b].operands[0], x);
}

#[test]
fn data_flow_lifts_captures_and_sorts() {
    let (mut func, [a, _, loop_, c]) = nested();
    let body = func.body.unwrap();
    let flow = DataFlow::of(&func, body);
    assert_eq!(flow.graph.node_count(), 3);
    assert_eq!(flow.topological().unwrap(), [a, loop_, c]);
    let mut ancestors = flow.ancestors([loop_]);
    ancestors.sort_unstable();
    assert_eq!(ancestors, [a, loop_]);
    func.regions[body].ops = vec![loop_, a, c];
    sort_region(&mut func, body).unwrap();
    assert_eq!(func.regions[body].ops, [a, loop_, c]);
    let own = func.ops[c].results[0];
    func.ops[c].operands[0] = own;
    assert_eq!(sort_region(&mut func, body), Err(Cycle(c)));
    assert_eq!(func.regions[body].ops, [a, loop_, c]);
    func.regions[body] = Region::default();
    assert_eq!(sort_region(&mut func, body), Ok(()));
}
