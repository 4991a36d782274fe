//! Shape refinement: dynamic shapes that follow from constants and from the entry's argument types become
//! static, and operations that take shapes as operands become those that have them as attributes.
//!
//! One walk in program order: by the time an operation is reached, the types of its operands are as good as
//! they get, and so is what is known of their values. Types only gain: a dynamic size becomes a static one, never
//! another; where what follows contradicts what is stated, the verifier says so after the pass. Sizes
//! with a bound are left alone, since a bound is a promise to the consumer.
//!
//! Patches keep types, by design; this pass changes them, so it edits the function in place. It needs the
//! calls inlined: a function that is called keeps its types.

mod error;
mod known;
mod static_form;
mod window;

use hire_compiler::diag::{Diagnostic, Diagnostics, Span};
use hire_compiler::ir::{
    Attr, Func, FuncId, Module, OpId, Opcode, RegionId, TensorType, Traits, Type, ValueId, Visibility,
};
use hire_compiler::valid;

use crate::{PassContext, PassError};
use known::Known;

const RULE: &str = "refine";

/// Refines every public function; the entry's arguments first take the types of `context.argument_types`.
pub fn refine_shapes(module: &mut Module, context: &mut PassContext<'_>) -> Result<(), PassError> {
    let entry = module.entry();
    if let (Some(entry), Some(types)) = (entry, context.argument_types.clone()) {
        refine_arguments(&mut module.funcs[entry], &types)?;
    }
    let called: Vec<_> = module.func_ids().flat_map(|id| callees(&module.funcs[id])).collect();
    for id in module.func_ids().collect::<Vec<_>>() {
        let func = &module.funcs[id];
        if func.visibility == Visibility::Public && func.body.is_some() && !called.contains(&func.name) {
            Refinement { module, id, known: Known::default(), errors: Vec::new() }.run(context)?;
        }
    }
    Ok(())
}

/// The symbols that a function refers to.
fn callees(func: &Func) -> Vec<smol_str::SmolStr> {
    let symbol = |op: OpId| {
        let operation = &func.ops[op];
        operation.symbol_attr("callee").or_else(|| operation.symbol_attr("decomposition")).map(Into::into)
    };
    let mut symbols = Vec::new();
    func.walk(|_, op| symbols.extend(symbol(op)));
    symbols
}

/// Gives the arguments of a function these types, each of which must say at least as much as the one that is stated.
fn refine_arguments(func: &mut Func, types: &[Type]) -> Result<(), Diagnostics> {
    let args = func.args().to_vec();
    if types.len() != args.len() {
        return Err(error::argument_count(func, types.len()).into());
    }
    for (index, (&arg, ty)) in args.iter().zip(types).enumerate() {
        let stated = func.value_type(arg).clone();
        if stated != *ty && merged(&stated, ty).as_ref() != Some(ty) {
            return Err(error::argument(func, index, &stated, ty).into());
        }
        func.values[arg].ty = ty.clone();
        func.ty.inputs[index] = ty.clone();
    }
    Ok(())
}

/// The stated type with the sizes that `other` knows; `None` where that adds nothing or contradicts it.
fn merged(stated: &Type, other: &Type) -> Option<Type> {
    let (Type::Tensor(stated), Type::Tensor(other)) = (stated, other) else { return None };
    if stated.encoding.is_some() || other.encoding.is_some() {
        return None;
    }
    let known = other.dims.as_ref()?;
    let dims = match &stated.dims {
        None => known.clone(),
        Some(dims) if dims.len() == known.len() => {
            dims.iter().zip(known).map(|(&dim, &known)| if dim.size().is_some() { dim } else { known }).collect()
        }
        Some(_) => return None,
    };
    let agrees = dims.iter().zip(known).all(|(dim, known)| known.size().is_none() || dim == known);
    (agrees && Some(&dims) != stated.dims.as_ref())
        .then(|| Type::Tensor(TensorType { dims: Some(dims), ..stated.clone() }))
}

/// The refinement of one function.
struct Refinement<'m> {
    module: &'m mut Module,
    id: FuncId,
    known: Known,
    errors: Vec<Diagnostic>,
}

impl Refinement<'_> {
    fn func(&mut self) -> &mut Func {
        &mut self.module.funcs[self.id]
    }

    fn run(mut self, context: &mut PassContext<'_>) -> Result<(), PassError> {
        let Some(body) = self.func().body else { return Ok(()) };
        self.region(body, context);
        let func = self.func();
        if let Some(last) = func.terminator(body) {
            let results: Vec<Type> = func.ops[last].operands.iter().map(|&v| func.value_type(v).clone()).collect();
            if results.len() == func.ty.results.len() {
                func.ty.results = results;
            }
        }
        if self.errors.is_empty() { Ok(()) } else { Err(Diagnostics(self.errors).into()) }
    }

    /// Regions nest at most as deep as the verifier allows.
    fn region(&mut self, region: RegionId, context: &mut PassContext<'_>) {
        let mut kept = Vec::new();
        for op in self.func().regions[region].ops.clone() {
            if context.ledger.is_exhausted() || self.op(op, context) {
                kept.push(op);
            }
        }
        self.func().regions[region].ops = kept;
    }

    /// Refines an operation; whether it stays.
    fn op(&mut self, op: OpId, context: &mut PassContext<'_>) -> bool {
        let regions = self.func().ops[op].regions.clone();
        if self.func().ops[op].opcode == Opcode::While {
            regions.iter().for_each(|&region| self.refine_loop_arguments(op, region));
        }
        regions.into_iter().for_each(|region| self.region(region, context));
        if self.is_assertion(op) {
            return self.assertion(op, context);
        }
        let types = self.inferred(op);
        for (result, ty) in self.func().ops[op].results.clone().into_iter().zip(types) {
            self.refine(result, &ty, context);
        }
        self.rewrite(op, context);
        self.rewrite_window(op, context);
        self.known.learn(&self.module.funcs[self.id], op);
        if self.known.replaces(&self.module.funcs[self.id], op) && context.ledger.allow(RULE) {
            let elements = self.known.of_result(&self.module.funcs[self.id], op).expect("it is what replaces").clone();
            let operation = &mut self.func().ops[op];
            operation.opcode = Opcode::Constant;
            operation.operands.clear();
            operation.attrs = [("value", Attr::Elements(elements))].into_iter().collect();
        }
        true
    }

    /// The arguments of a loop's region have the types of what the loop starts with.
    fn refine_loop_arguments(&mut self, op: OpId, region: RegionId) {
        let func = self.func();
        let pairs: Vec<_> =
            func.regions[region].args.iter().copied().zip(func.ops[op].operands.iter().copied()).collect();
        for (arg, operand) in pairs {
            if let Some(ty) = merged(func.value_type(arg), func.value_type(operand)) {
                func.values[arg].ty = ty;
            }
        }
    }

    fn refine(&mut self, value: ValueId, ty: &Type, context: &mut PassContext<'_>) {
        if let Some(ty) = merged(self.func().value_type(value), ty)
            && context.ledger.allow(RULE)
        {
            self.func().values[value].ty = ty;
        }
    }

    /// What follows for the types of the results.
    fn inferred(&self, op: OpId) -> Vec<Type> {
        let func = &self.module.funcs[self.id];
        let operation = &func.ops[op];
        if let Some(form) = static_form::of(func, op, &self.known) {
            return form.result_types(func);
        }
        if let Some(types) = static_form::stated_by_operands(func, op, &self.known) {
            return types;
        }
        let inferred =
            valid::result_types(func, operation.opcode, &operation.operands, &operation.attrs, &operation.regions);
        match inferred {
            Ok(types) => types,
            // The element type may be stated freely, but the shape is the operand's.
            Err(_) if operation.opcode.has(Traits::SAME_SHAPE) || operation.opcode == Opcode::Convert => {
                operation.operands.first().map(|&v| func.value_type(v).clone()).into_iter().collect()
            }
            Err(_) => Vec::new(),
        }
    }

    /// Puts the form that has shapes as attributes in the place of the one that has them as operands.
    fn rewrite(&mut self, op: OpId, context: &mut PassContext<'_>) {
        let func = &self.module.funcs[self.id];
        let Some(form) = static_form::of(func, op, &self.known) else { return };
        if !form.is_static(func, op) || !context.ledger.allow(RULE) {
            return;
        }
        let operation = &mut self.func().ops[op];
        operation.opcode = form.opcode;
        operation.operands = form.operands.into_iter().collect();
        operation.attrs = form.attrs;
    }

    /// Makes a call of `@stablehlo.dynamic_reduce_window` whose window is known the operation that it stands for.
    fn rewrite_window(&mut self, op: OpId, context: &mut PassContext<'_>) {
        let func = &self.module.funcs[self.id];
        let Some((operands, attrs, callee)) = window::static_form(self.module, func, op, &self.known) else { return };
        let callee = self.module.funcs[callee].clone();
        if callee.body.is_none() || !context.ledger.allow(RULE) {
            return;
        }
        let func = self.func();
        let region = window::region_of(func, &callee);
        let operation = &mut func.ops[op];
        operation.opcode = Opcode::ReduceWindow;
        operation.operands = operands.into_iter().collect();
        operation.attrs = attrs;
        operation.regions = region.into_iter().collect();
    }

    fn is_assertion(&mut self, op: OpId) -> bool {
        let operation = &self.func().ops[op];
        operation.opcode == Opcode::CustomCall && operation.str_attr("call_target_name") == Some("shape_assertion")
    }

    /// An assertion about shapes: gone when it holds, an error when it does not, kept when that is not known.
    fn assertion(&mut self, op: OpId, context: &mut PassContext<'_>) -> bool {
        let func = &self.module.funcs[self.id];
        let operands = &func.ops[op].operands;
        match operands.first().and_then(|&holds| self.known.integers(func, holds)).as_deref() {
            Some([0]) => {
                self.errors.push(error::assertion(func, op, &self.known));
                true
            }
            Some([_]) => !context.ledger.allow(RULE),
            _ => true,
        }
    }
}
