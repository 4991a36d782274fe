//! Patches, the driver and the primitives, on functions built by hand.

use super::*;
use crate::graph::{Order, Uses};
use crate::ir::{
    Attr, AttrMap, Builder, DenseElements, ElementType, Func, FuncId, FunctionType, LocId, Location, Module, OpId,
    Opcode, TensorType, Type, ValueId,
};

fn f32s() -> Type {
    Type::tensor(&[4], ElementType::F32)
}

/// `@main(a, b) { s = a + b; t = s + s; return t }`.
fn sum_twice() -> (Module, FuncId, [OpId; 3]) {
    let mut module = Module::new();
    let mut func = Func::new("main", FunctionType { inputs: vec![f32s(), f32s()], results: vec![f32s()] });
    let (a, b) = (func.args()[0], func.args()[1]);
    let mut build = Builder::new(&mut func);
    build.loc = module.locs.intern(Location::Name { name: "s".into(), child: LocId::UNKNOWN });
    let s = build.op(Opcode::Add, [a, b], [], [f32s()]);
    build.loc = module.locs.intern(Location::Name { name: "t".into(), child: LocId::UNKNOWN });
    let sum = build.func.ops[s].results[0];
    let t = build.op(Opcode::Add, [sum, sum], [], [f32s()]);
    let twice = build.func.ops[t].results[0];
    let ret = build.op(Opcode::Return, [twice], [], []);
    let id = module.add_func(func);
    (module, id, [s, t, ret])
}

fn body_names(module: &Module, id: FuncId) -> Vec<&str> {
    let func = &module.funcs[id];
    func.regions[func.body.unwrap()].ops.iter().map(|&op| func.ops[op].name()).collect()
}

/// The views of the editor are those of a fresh look at the function.
fn assert_consistent(editor: &Editor<'_>) {
    let (uses, order) = (Uses::of(editor.func()), Order::of(editor.func()));
    for value in editor.func().values.keys() {
        let sorted = |uses: &Uses| {
            let mut list: Vec<_> = uses.get(value).iter().map(|u| (u.op, u.index)).collect();
            list.sort_unstable();
            list
        };
        assert_eq!(sorted(&uses), sorted(editor.uses()), "{value}");
    }
    for op in editor.func().ops.keys() {
        assert_eq!(order.region_of(op), editor.order().region_of(op), "{op}");
        assert_eq!(order.position(editor.func(), op), editor.order().position(editor.func(), op), "{op}");
        for other in editor.func().ops.keys() {
            assert_eq!(order.precedes(op, other), editor.order().precedes(op, other), "{op} before {other}");
        }
    }
}

#[test]
fn a_patch_inserts_replaces_and_erases_what_became_dead() {
    let (mut module, id, [s, t, ret]) = sum_twice();
    let mut editor = Editor::new(&mut module, id);
    let func = editor.func();
    let (a, old) = (func.args()[0], func.ops[t].results[0]);
    let mut patch = Patch::before(t);
    let tap = patch.tap(func, a);
    let new = patch.builder().value(Opcode::Abs, [tap], [], f32s());
    patch.replace(old, new);
    let applied = editor.apply(&patch).unwrap();
    assert_eq!(applied.erased, [t, s]);
    assert_eq!(applied.touched, [ret]);
    assert_consistent(&editor);
    assert_eq!(body_names(&module, id), ["stablehlo.abs", "stablehlo.return"]);
    let func = &module.funcs[id];
    let abs = &func.ops[applied.inserted[0]];
    assert_eq!(module.locs.name(abs.loc), Some("t"), "new operations come from what they replace");
    assert_eq!(func.ops[ret].operands[0], abs.results[0]);
}

#[test]
fn replacements_of_several_operations_fuse_their_locations() {
    let (mut module, id, [s, t, _]) = sum_twice();
    let func = &module.funcs[id];
    let mut patch = Patch::before(s);
    let tap = patch.tap(func, func.args()[0]);
    let x = patch.builder().value(Opcode::Abs, [tap], [], f32s());
    let y = patch.builder().value(Opcode::Abs, [x], [], f32s());
    patch.replace(func.ops[s].results[0], x);
    patch.replace(func.ops[t].results[0], y);
    let applied = patch.apply(&mut module, id).unwrap();
    let loc = module.funcs[id].ops[applied.inserted[0]].loc;
    let Location::Fused { parts, .. } = module.locs.get(loc) else { panic!("not fused") };
    assert_eq!(parts.iter().map(|&p| module.locs.name(p).unwrap()).collect::<Vec<_>>(), ["s", "t"]);
}

/// Applies what `make` builds to the sum, expecting a refusal that changes nothing.
fn refused(make: impl FnOnce(&Module, FuncId, [OpId; 3]) -> Patch) -> PatchError {
    let (mut module, id, ops) = sum_twice();
    let patch = make(&module, id, ops);
    let error = patch.apply(&mut module, id).unwrap_err();
    assert_eq!(body_names(&module, id), ["stablehlo.add", "stablehlo.add", "stablehlo.return"]);
    error
}

#[test]
fn a_tap_must_dominate_the_anchor() {
    let error = refused(|module, id, [s, t, _]| {
        let func = &module.funcs[id];
        let mut patch = Patch::before(s);
        patch.tap(func, func.ops[t].results[0]);
        patch
    });
    assert!(matches!(error, PatchError::TapTooLate { .. }), "{error}");
}

#[test]
fn a_replacement_must_have_the_type() {
    let error = refused(|module, id, [_, t, _]| {
        let func = &module.funcs[id];
        let mut patch = Patch::before(t);
        let elements = DenseElements::splat(TensorType::scalar(ElementType::F32), vec![0; 4]);
        let ty = elements.ty.clone();
        let zero = patch.builder().value(Opcode::Constant, [], [("value", Attr::Elements(elements))], ty);
        patch.replace(func.ops[t].results[0], zero);
        patch
    });
    assert_eq!(error.to_string(), "a value of type tensor<f32> cannot replace one of type tensor<4xf32>");
}

#[test]
fn a_replacement_must_stand_before_the_uses() {
    let error = refused(|module, id, [s, _, ret]| {
        let func = &module.funcs[id];
        let mut patch = Patch::before(ret);
        let tap = patch.tap(func, func.args()[0]);
        let new = patch.builder().value(Opcode::Abs, [tap], [], f32s());
        patch.replace(func.ops[s].results[0], new);
        patch
    });
    assert_eq!(error, PatchError::UseTooEarly { user: "stablehlo.add".into() });
}

#[test]
fn an_erased_operation_must_be_unused() {
    let error = refused(|_, _, [s, _, ret]| {
        let mut patch = Patch::before(ret);
        patch.erase(s);
        patch
    });
    assert!(matches!(error, PatchError::StillUsed { .. }), "{error}");
    let error = refused(|_, _, [_, _, ret]| {
        let mut patch = Patch::before(ret);
        patch.erase(ret);
        patch
    });
    assert!(matches!(error, PatchError::NotErasable { .. }), "{error}");
}

#[test]
fn operands_must_be_values_of_the_fragment() {
    let error = refused(|module, id, [_, t, _]| {
        let func = &module.funcs[id];
        let mut patch = Patch::before(t);
        let of_target = func.ops[t].results[0];
        patch.builder().value(Opcode::Abs, [of_target], [], f32s());
        patch
    });
    assert_eq!(error, PatchError::NotInFragment { op: "stablehlo.abs".into(), index: 0 });
}

#[test]
fn a_value_cannot_be_replaced_by_itself() {
    let error = refused(|module, id, [_, t, _]| {
        let func = &module.funcs[id];
        let mut patch = Patch::before(t);
        let sum = func.ops[t].operands[0];
        patch.replace_with(func, sum, sum);
        patch
    });
    assert!(matches!(error, PatchError::Chained { .. }), "{error}");
}

#[test]
fn parameters_come_and_go() {
    let (mut module, id, [s, t, ret]) = sum_twice();
    let name = module.locs.intern(Location::Name { name: "q8".into(), child: LocId::UNKNOWN });
    let func = &module.funcs[id];
    let (a, b) = (func.args()[0], func.args()[1]);
    let mut patch = Patch::before(s);
    let a = patch.tap(func, a);
    let added = patch.add_parameter(f32s(), AttrMap::from_iter([("hire.prepared", Attr::Unit)]), name);
    let sum = patch.builder().value(Opcode::Add, [a, added], [], f32s());
    patch.replace(func.ops[s].results[0], sum);
    patch.erase(s);
    patch.remove_parameter(1);
    patch.apply(&mut module, id).unwrap();
    let func = &module.funcs[id];
    assert_eq!(func.ty.inputs.len(), 2);
    assert_eq!(func.args().len(), 2);
    assert!(!func.args().contains(&b));
    assert!(func.arg_attrs[1].contains("hire.prepared"));
    assert_eq!(module.locs.name(func.values[func.args()[1]].loc), Some("q8"));
    assert_eq!(func.values[func.args()[1]].def, crate::ir::ValueDef::Argument { region: func.body.unwrap(), index: 1 });
    assert_eq!(body_names(&module, id).len(), 3);
    let _ = (t, ret);
}

/// `@callee(x) { y = |x|; while (c = y; pred) { … y captured … }; return y }` called by `@main`
/// twice.
fn caller_and_callee() -> (Module, FuncId, FuncId, Vec<OpId>) {
    let (mut module, pred) = (Module::new(), Type::tensor(&[], ElementType::I1));
    let ty = FunctionType { inputs: vec![f32s(), pred.clone()], results: vec![f32s()] };
    let mut callee = Func::new("callee", ty.clone());
    let (x, p) = (callee.args()[0], callee.args()[1]);
    let mut build = Builder::new(&mut callee);
    let y = build.value(Opcode::Abs, [x], [], f32s());
    let cond = build.region([f32s()], |b, _| {
        b.op(Opcode::Return, [p], [], []);
    });
    let body = build.region([f32s()], |b, args| {
        let sum = b.value(Opcode::Add, [args[0], y], [], f32s());
        b.op(Opcode::Return, [sum], [], []);
    });
    let result = build.op_with_regions(Opcode::While, [y], [], [cond, body], [f32s()]);
    let result = build.func.ops[result].results[0];
    build.op(Opcode::Return, [result], [], []);
    let callee = module.add_func(callee);
    let mut main = Func::new("main", ty);
    let (a, p) = (main.args()[0], main.args()[1]);
    let mut build = Builder::new(&mut main);
    // Any operation with a symbol refers to a function.
    let attrs = || [("name", Attr::string("c")), ("decomposition", Attr::symbol("callee"))];
    let first = build.op(Opcode::Composite, [a, p], attrs(), [f32s()]);
    let value = build.func.ops[first].results[0];
    let second = build.op(Opcode::Composite, [value, p], attrs(), [f32s()]);
    let value = build.func.ops[second].results[0];
    build.op(Opcode::Return, [value], [], []);
    let main = module.add_func(main);
    (module, main, callee, vec![first, second])
}

#[test]
fn inlining_copies_regions_and_their_captures() {
    let (mut module, main, callee, calls) = caller_and_callee();
    let mut locations = Vec::new();
    for call in calls {
        let patch = Patch::inline(&module, main, call, callee).unwrap();
        let mut editor = Editor::new(&mut module, main);
        locations.extend(editor.apply(&patch).unwrap().inserted);
        assert_consistent(&editor);
    }
    let inlined = ["stablehlo.abs", "stablehlo.while", "stablehlo.abs", "stablehlo.while", "stablehlo.return"];
    assert_eq!(body_names(&module, main), inlined);
    let func = &module.funcs[main];
    let (abs, while_) = (locations[2], locations[3]);
    let body = func.ops[while_].regions[1];
    let add = func.regions[body].ops[0];
    assert_eq!(func.ops[add].operands.as_slice(), [func.regions[body].args[0], func.ops[abs].results[0]]);
}

#[test]
fn copies_of_the_target_tap_what_regions_capture() {
    let (mut module, _, callee, _) = caller_and_callee();
    let func = &module.funcs[callee];
    let body = func.regions[func.body.unwrap()].ops.clone();
    let (while_, ret) = (body[1], body[2]);
    let mut patch = Patch::before(ret);
    let mut copies = Transplant::new();
    patch.copy_of_target(func, &[while_], &mut copies);
    let old = func.ops[while_].results[0];
    patch.replace(old, copies.value(old).unwrap());
    let mut editor = Editor::new(&mut module, callee);
    let applied = editor.apply(&patch).unwrap();
    assert_eq!(applied.erased, [while_]);
    assert_consistent(&editor);
    assert_eq!(body_names(&module, callee), ["stablehlo.abs", "stablehlo.while", "stablehlo.return"]);
}

#[test]
fn a_region_is_spliced_with_its_captures() {
    let (mut module, _, callee, _) = caller_and_callee();
    let func = &module.funcs[callee];
    let [abs, while_, _] = func.regions[func.body.unwrap()].ops[..] else { panic!("three operations") };
    let region = func.ops[while_].regions[1];
    let mut patch = Patch::before(while_);
    let mut copies = Transplant::new();
    let tap = patch.tap(func, func.ops[abs].results[0]);
    copies.bind(func.regions[region].args[0], tap);
    let given = patch.splice_region(func, region, &mut copies).unwrap();
    patch.replace(func.ops[while_].results[0], given[0]);
    let mut editor = Editor::new(&mut module, callee);
    let applied = editor.apply(&patch).unwrap();
    assert_consistent(&editor);
    let func = &module.funcs[callee];
    let y = func.ops[abs].results[0];
    assert_eq!(func.ops[applied.inserted[0]].operands.as_slice(), [y, y]);
    assert_eq!(body_names(&module, callee), ["stablehlo.abs", "stablehlo.add", "stablehlo.return"]);
}

#[test]
fn a_driver_runs_to_a_fixpoint_and_stops_at_the_limit() {
    // |x| of |x| is |x|, on a chain of many.
    let chain = |length: usize| {
        let mut module = Module::new();
        let mut func = Func::new("main", FunctionType { inputs: vec![f32s()], results: vec![f32s()] });
        let mut value = func.args()[0];
        let mut build = Builder::new(&mut func);
        for _ in 0..length {
            value = build.value(Opcode::Abs, [value], [], f32s());
        }
        build.op(Opcode::Return, [value], [], []);
        module.add_func(func);
        module
    };
    let rule = |c: &Context<'_>| {
        let Some(abs) = c.is(Opcode::Abs) else { return Ok(None) };
        let Some(_) = c.definition(abs.operands[0], Opcode::Abs) else { return Ok(None) };
        Ok(c.replace_with(abs.operands[0]))
    };
    let mut module = chain(1000);
    let mut ledger = Ledger::unlimited();
    Driver::new().rule("abs-of-abs", rule).run_module(&mut module, &mut ledger).unwrap();
    assert_eq!(ledger.by_rule()["abs-of-abs"], 999);
    let main = module.entry().unwrap();
    assert_eq!(body_names(&module, main), ["stablehlo.abs", "stablehlo.return"]);

    let mut module = chain(10);
    let mut ledger = Ledger::limited(4);
    Driver::new().rule("abs-of-abs", rule).run_module(&mut module, &mut ledger).unwrap();
    assert_eq!(body_names(&module, main).len(), 11 - 4);
}

#[test]
fn rules_that_chase_each_other_are_stopped() {
    let (mut module, _, _) = sum_twice();
    let swap = |c: &Context<'_>| {
        let Some(add) = c.is(Opcode::Add) else { return Ok(None) };
        let mut patch = c.patch();
        let operands: Vec<ValueId> = add.operands.iter().rev().map(|&v| patch.tap(c.func, v)).collect();
        let new = patch.builder().value(Opcode::Add, operands, [], f32s());
        patch.replace(add.results[0], new);
        Ok(Some(patch))
    };
    let error = Driver::new().rule("swap", swap).run_module(&mut module, &mut Ledger::unlimited()).unwrap_err();
    assert!(matches!(error, DriveError::NoEnd { rule: "swap", .. }), "{error}");
}

#[test]
fn compacting_numbers_handles_in_program_order() {
    let (mut module, main, callee, calls) = caller_and_callee();
    let patch = Patch::inline(&module, main, calls[0], callee).unwrap();
    patch.apply(&mut module, main).unwrap();
    let before = body_names(&module, main).into_iter().map(str::to_owned).collect::<Vec<_>>();
    compact(&mut module.funcs[main]);
    assert_eq!(body_names(&module, main), before);
    let func = &module.funcs[main];
    let mut live = 0;
    func.walk(|_, _| live += 1);
    assert_eq!(func.ops.len(), live);
    assert_eq!(func.regions.len(), 3);
    let order = Order::of(func);
    func.walk(|_, op| {
        for &operand in &func.ops[op].operands {
            assert!(order.dominates(func, operand, op), "{op} uses {operand}");
        }
    });
}

/// A function of sums of two earlier values, some in a region, with the last value returned.
fn random_sums(operands: &[(usize, usize)], in_region: usize) -> (Module, FuncId) {
    let mut module = Module::new();
    let mut func = Func::new("main", FunctionType { inputs: vec![f32s(); 2], results: vec![f32s()] });
    let mut values = func.args().to_vec();
    let mut build = Builder::new(&mut func);
    let (outer, inner) = operands.split_at(operands.len() - in_region.min(operands.len()));
    for &(a, b) in outer {
        let (a, b) = (values[a % values.len()], values[b % values.len()]);
        values.push(build.value(Opcode::Add, [a, b], [], f32s()));
    }
    let branch = build.region([], |build, _| {
        let mut values = values.clone();
        for &(a, b) in inner {
            let (a, b) = (values[a % values.len()], values[b % values.len()]);
            values.push(build.value(Opcode::Add, [a, b], [], f32s()));
        }
        build.op(Opcode::Return, [values[values.len() - 1]], [], []);
    });
    let result = build.op_with_regions(Opcode::Case, [values[0]], [], [branch], [f32s()]);
    let result = build.func.ops[result].results[0];
    build.op(Opcode::Return, [result], [], []);
    let id = module.add_func(func);
    (module, id)
}

proptest::proptest! {
    /// Whatever patches are applied, the editor's views are those of a fresh look, every use stays
    /// dominated, and a refused patch changes nothing.
    #[test]
    fn views_follow_any_sequence_of_patches(
        operands in proptest::collection::vec((0usize..64, 0usize..64), 1..24),
        in_region in 0usize..8,
        patches in proptest::collection::vec((0usize..64, 0usize..64, 0usize..64, proptest::bool::ANY), 1..16),
    ) {
        let (mut module, id) = random_sums(&operands, in_region);
        let mut editor = Editor::new(&mut module, id);
        for (anchor, old, new, fresh) in patches {
            let func = editor.func();
            let mut live = Vec::new();
            func.walk(|_, op| live.push(op));
            let values: Vec<ValueId> = live.iter().filter_map(|&op| func.ops[op].result()).chain(func.args().to_vec()).collect();
            let mut patch = Patch::before(live[anchor % live.len()]);
            let mut value = patch.tap(func, values[new % values.len()]);
            if fresh {
                value = patch.builder().value(Opcode::Abs, [value], [], f32s());
            }
            patch.replace(values[old % values.len()], value);
            let before = live.len();
            let applied = editor.apply(&patch);
            assert_consistent(&editor);
            let (func, order) = (editor.func(), editor.order());
            let mut after = 0;
            func.walk(|_, op| {
                after += 1;
                for &operand in &func.ops[op].operands {
                    assert!(order.dominates(func, operand, op), "{op} uses {operand}");
                }
            });
            assert!(applied.is_ok() || after == before);
        }
    }
}
