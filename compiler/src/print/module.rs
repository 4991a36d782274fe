//! Modules: head, declarations in order, then what stands outside: location aliases, resources.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use super::attr::{AttrStyle, Typed};
use super::elements::write_hex;
use super::lexeme::{write_keyword, write_string, write_symbol};
use super::location::Aliases;
use super::op::Printer;
use super::{Form, Options};
use crate::ir::{Attr, AttrMap, DenseElements, ElementsForm, Func, Global, Item, LocId, Module};

/// Writes a whole module.
pub(super) fn write(module: &Module, options: &Options, out: &mut dyn Write) -> fmt::Result {
    let style = AttrStyle { locations: Some(&module.locs), elide_above: options.elide_above };
    let aliases = options.locations.then(|| Aliases::new(&module.locs, used_locations(module)));
    let mut printer = Printer { out, form: options.form, style, aliases: aliases.as_ref(), indent: 0 };
    printer.module(module)?;
    if let Some(aliases) = &aliases {
        aliases.write_definitions(printer.out, &module.locs, &style)?;
    }
    write_resources(printer.out, &resources(module, options.elide_above))
}

impl Printer<'_> {
    fn module(&mut self, module: &Module) -> fmt::Result {
        match self.form {
            Form::Pretty => {
                self.out.write_str("module")?;
                if let Some(name) = &module.name {
                    self.out.write_char(' ')?;
                    write_symbol(self.out, name)?;
                }
                if !module.attrs.is_empty() {
                    self.out.write_str(" attributes ")?;
                    self.style.write_dict(self.out, module.attrs.iter())?;
                }
                self.out.write_str(" {\n")?;
            }
            Form::Generic => {
                self.out.write_str("\"builtin.module\"() ")?;
                if let Some(name) = &module.name {
                    self.out.write_str("<{sym_name = ")?;
                    write_string(self.out, name)?;
                    self.out.write_str("}> ")?;
                }
                // Without operations only its head says that the region has a block.
                self.out.write_str(if module.items.is_empty() { "({\n^bb0:\n" } else { "({\n" })?;
            }
        }
        self.indent += 1;
        for item in &module.items {
            match item {
                Item::Func(id) => self.func(&module.funcs[*id])?,
                Item::Global(global) => self.global(global)?,
            }
        }
        self.indent -= 1;
        self.out.write_char('}')?;
        if self.form == Form::Generic {
            self.out.write_char(')')?;
            if !module.attrs.is_empty() {
                self.out.write_char(' ')?;
                self.style.write_dict(self.out, module.attrs.iter())?;
            }
            self.out.write_str(" : () -> ()")?;
        }
        self.location(module.loc)?;
        self.out.write_char('\n')
    }

    fn global(&mut self, global: &Global) -> fmt::Result {
        self.start_line()?;
        match (self.form, &global.symbol, mesh(global)) {
            (Form::Pretty, Some(symbol), Some(mesh)) => {
                self.out.write_str("sdy.mesh ")?;
                write_symbol(self.out, symbol)?;
                write!(self.out, " = {mesh}")?;
                let rest: Vec<_> = global.attrs.iter().filter(|(name, _)| *name != "mesh").collect();
                if !rest.is_empty() {
                    self.out.write_char(' ')?;
                    self.style.write_dict(self.out, rest.into_iter())?;
                }
            }
            _ => self.generic_global(global)?,
        }
        self.location(global.loc)?;
        self.out.write_char('\n')
    }

    fn generic_global(&mut self, global: &Global) -> fmt::Result {
        write_string(self.out, &global.name)?;
        self.out.write_str("()")?;
        let symbol = global.symbol.as_ref().map(|name| Attr::String(name.clone()));
        let symbol = symbol.as_ref().map(|name| ("sym_name", name));
        let attrs = global.attrs.iter().map(|(name, attr)| (name.as_str(), attr));
        let all: Vec<(&str, &Attr)> = attrs.chain(symbol).collect();
        if !all.is_empty() {
            self.out.write_str(" {")?;
            let mut sorted = all;
            sorted.sort_unstable_by_key(|(name, _)| *name);
            self.entries(&sorted)?;
            self.out.write_char('}')?;
        }
        self.out.write_str(" : () -> ()")
    }

    fn entries(&mut self, sorted: &[(&str, &Attr)]) -> fmt::Result {
        for (index, (name, attr)) in sorted.iter().enumerate() {
            self.out.write_str(if index > 0 { ", " } else { "" })?;
            write_keyword(self.out, name)?;
            if **attr != Attr::Unit {
                self.out.write_str(" = ")?;
                self.style.write(self.out, attr, Typed::Yes)?;
            }
        }
        Ok(())
    }
}

/// `<["x"=2]>` of an `sdy.mesh`.
fn mesh(global: &Global) -> Option<&str> {
    match global.attrs.get("mesh") {
        Some(Attr::Opaque(text)) if global.name == "sdy.mesh" => text.strip_prefix("sdy.mesh"),
        _ => None,
    }
}

/// Every function of the module, in order.
fn funcs(module: &Module) -> impl Iterator<Item = &Func> {
    module.func_ids().map(|id| &module.funcs[id])
}

/// Calls `visit` for the functions' own attributes and those of all operations in their bodies.
fn visit_attrs<'m>(func: &'m Func, mut visit: impl FnMut(&'m AttrMap)) {
    visit(&func.attrs);
    func.arg_attrs.iter().chain(&func.result_attrs).for_each(&mut visit);
    func.walk(|_, op| visit(&func.ops[op].attrs));
}

fn used_locations(module: &Module) -> impl Iterator<Item = LocId> {
    let mut used = vec![module.loc];
    used.extend(module.items.iter().filter_map(|item| match item {
        Item::Global(global) => Some(global.loc),
        Item::Func(_) => None,
    }));
    for func in funcs(module) {
        used.push(func.loc);
        used.extend(func.args().iter().map(|&arg| func.values[arg].loc));
        func.walk(|_, op| {
            let op = &func.ops[op];
            used.push(op.loc);
            let args = op.regions.iter().flat_map(|&region| &func.regions[region].args);
            used.extend(args.map(|&arg| func.values[arg].loc));
        });
    }
    used.into_iter()
}

/// The constants kept in the resource section, by key.
fn resources(module: &Module, elide_above: Option<u64>) -> BTreeMap<&str, &DenseElements> {
    let mut found = BTreeMap::new();
    let mut open: Vec<&Attr> = Vec::new();
    open.extend(module.attrs.iter().map(|(_, attr)| attr));
    for func in funcs(module) {
        visit_attrs(func, |map| open.extend(map.iter().map(|(_, attr)| attr)));
    }
    while let Some(attr) = open.pop() {
        match attr {
            Attr::Array(items) => open.extend(items),
            Attr::Dict(map) => open.extend(map.iter().map(|(_, attr)| attr)),
            Attr::Elements(elements) => {
                let count = elements.ty.element_count().unwrap_or(0);
                let elided = elide_above.is_some_and(|most| count > most);
                if let (ElementsForm::Resource(key), false) = (&elements.form, elided) {
                    found.insert(key.as_str(), elements);
                }
            }
            _ => {}
        }
    }
    found
}

fn write_resources(out: &mut dyn Write, resources: &BTreeMap<&str, &DenseElements>) -> fmt::Result {
    if resources.is_empty() {
        return Ok(());
    }
    out.write_str("\n{-#\n  dialect_resources: {\n    builtin: {\n")?;
    for (index, (key, elements)) in resources.iter().enumerate() {
        out.write_str(if index > 0 { ",\n      " } else { "      " })?;
        write_keyword(out, key)?;
        out.write_str(": \"0x")?;
        let alignment = elements.ty.element.byte_size().clamp(1, 64).next_power_of_two() as u32;
        write_hex(out, &alignment.to_le_bytes())?;
        write_hex(out, &elements.data)?;
        out.write_char('"')?;
    }
    out.write_str("\n    }\n  }\n#-}\n")
}
