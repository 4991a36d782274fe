//! The top level: modules, functions, module-level declarations, the generic form of all of them.

use std::collections::HashMap;

use smol_str::SmolStr;

use super::lexer::Token;
use super::parser::{Noted, Parse, Parser, error};
use super::scope::Body;
use crate::diag::Span;
use crate::ir::{Attr, AttrMap, Func, FunctionType, Global, Item, Module, OpId, Operation, RegionId};

/// A module while it is read, with the place of each symbol.
#[derive(Default)]
pub(super) struct Symbols {
    pub(super) module: Module,
    places: HashMap<SmolStr, Span>,
}

impl<'t> Parser<'t> {
    /// A whole text: one module, or the contents of one.
    pub(super) fn parse_file(&mut self) -> Parse<Module> {
        let mut symbols = Symbols::default();
        let mut module = None;
        let mut first_item = None;
        loop {
            match self.token.kind {
                Token::End => break,
                Token::Hash | Token::Bang => self.parse_alias_definition()?,
                Token::ResourcesOpen => {
                    let blobs = self.parse_resource_section()?;
                    self.resources.get_or_insert(blobs);
                }
                _ if self.at_module() => {
                    let token = self.token;
                    if let Some(place) = module {
                        return Err(error(token.span(), "a second module in one text")
                            .with_note(place, "the first is here")
                            .because("separate modules by a line `// -----`"));
                    }
                    if let Some(place) = first_item {
                        return Err(error(token.span(), "a module inside a module")
                            .with_note(place, "this already stands in an unwritten module"));
                    }
                    module = Some(token.span());
                    self.parse_module(&mut symbols)?;
                }
                _ => {
                    let token = self.token;
                    if let Some(place) = module {
                        return Err(self.expected("the end of the input").with_note(place, "after this module"));
                    }
                    first_item.get_or_insert(token.span());
                    self.parse_item(&mut symbols)?;
                }
            }
        }
        symbols.module.locs = std::mem::take(&mut self.locs);
        Ok(symbols.module)
    }

    fn at_module(&self) -> bool {
        match self.token.kind {
            Token::Word => matches!(self.text_of(self.token), "module" | "builtin.module"),
            Token::String => self.text_of(self.token) == "\"builtin.module\"",
            _ => false,
        }
    }

    fn parse_module(&mut self, symbols: &mut Symbols) -> Parse<()> {
        let generic = self.token.kind == Token::String;
        self.bump();
        if generic {
            return self.parse_generic_module(symbols);
        }
        if self.token.kind == Token::Symbol {
            symbols.module.name = Some(self.parse_symbol("the module's name")?);
        }
        if self.eat_word("attributes") {
            for (name, attr) in self.parse_attr_dict()?.iter() {
                symbols.module.attrs.set(name.clone(), attr.clone());
            }
        }
        self.parse_items(symbols)?;
        symbols.module.loc = self.parse_optional_location()?;
        Ok(())
    }

    /// `"builtin.module"() <{sym_name = "x"}> ({ … }) {attributes} : () -> ()`.
    fn parse_generic_module(&mut self, symbols: &mut Symbols) -> Parse<()> {
        self.expect(b'(', "after the operation's name")?;
        self.expect(b')', "a module has no operands")?;
        let mut attrs = Vec::new();
        self.parse_properties(&mut attrs)?;
        self.expect(b'(', "before the module's region")?;
        self.parse_items(symbols)?;
        self.expect(b')', "after the module's region")?;
        if self.at(b'{') {
            self.parse_attr_entries(&mut attrs)?;
        }
        self.expect(b':', "and the operation's type")?;
        self.parse_function_type("in the operation's type")?;
        let mut attrs = AttrMap::from_unique(attrs);
        if let Some(Attr::String(name)) = attrs.remove("sym_name") {
            symbols.module.name = Some(name);
        }
        symbols.module.attrs = attrs;
        symbols.module.loc = self.parse_optional_location()?;
        Ok(())
    }

    /// `<{…}>` if it comes next.
    fn parse_properties(&mut self, attrs: &mut Vec<(SmolStr, Attr)>) -> Parse<()> {
        if self.eat(b'<') {
            self.parse_attr_entries(attrs)?;
            self.expect(b'>', "after the properties")?;
        }
        Ok(())
    }

    /// `{ … }` with functions and declarations.
    fn parse_items(&mut self, symbols: &mut Symbols) -> Parse<()> {
        let open = self.expect(b'{', "before the module's contents")?;
        let mut inner = None;
        if self.token.kind == Token::Block {
            self.bump();
            self.expect(b':', "after the block's label")?;
        }
        while !self.eat(b'}') {
            if self.token.kind == Token::End {
                return Err(self.expected("`}` at the end of the module").with_note(open.span(), "opened here"));
            }
            let token = self.token;
            if self.at_module() || inner.is_some() {
                // A module that holds nothing but another is that other.
                if let Some(place) = inner {
                    return Err(error(token.span(), "modules beside other contents of a module are not supported")
                        .with_note(place, "the inner module is here"));
                }
                if !symbols.module.items.is_empty() {
                    let message = "modules beside other contents of a module are not supported";
                    return Err(error(token.span(), message));
                }
                inner = Some(token.span());
                self.nested(|p| p.parse_module(symbols))?;
            } else {
                self.parse_item(symbols)?;
            }
        }
        Ok(())
    }

    /// A function or a declaration.
    fn parse_item(&mut self, symbols: &mut Symbols) -> Parse<()> {
        let token = self.token;
        match (token.kind, self.text_of(token)) {
            (Token::Word, "func.func") => {
                self.bump();
                let func = self.parse_func(token)?;
                self.add_func(symbols, func)
            }
            (Token::Word, "func") => Err(error(token.span(), "functions are written `func.func`")),
            (Token::Word, "sdy.mesh") => {
                let (global, place) = self.parse_mesh()?;
                self.add_global(symbols, global, place)
            }
            (Token::String, "\"func.func\"") => {
                self.bump();
                let func = self.parse_generic_func(token)?;
                self.add_func(symbols, func)
            }
            (Token::String, _) => {
                let (global, place) = self.parse_generic_global()?;
                self.add_global(symbols, global, place)
            }
            _ => Err(self.expected("a function (`func.func`) or another module-level declaration")),
        }
    }

    fn add_symbol(&mut self, symbols: &mut Symbols, name: &SmolStr, place: Span) -> Parse<()> {
        match symbols.places.insert(name.clone(), place) {
            None => Ok(()),
            Some(first) => self.record(
                error(place, format!("symbol `@{name}` is defined twice")).with_note(first, "first defined here"),
            ),
        }
    }

    fn add_func(&mut self, symbols: &mut Symbols, func: Func) -> Parse<()> {
        self.add_symbol(symbols, &func.name, func.span)?;
        symbols.module.add_func(func);
        Ok(())
    }

    fn add_global(&mut self, symbols: &mut Symbols, global: Global, place: Span) -> Parse<()> {
        if let Some(symbol) = &global.symbol {
            self.add_symbol(symbols, symbol, place)?;
        }
        symbols.module.items.push(Item::Global(global));
        Ok(())
    }

    /// `sdy.mesh @mesh = <["x"=2, "y"=4]>`; the mesh is kept as the text of an attribute.
    fn parse_mesh(&mut self) -> Parse<(Global, Span)> {
        self.bump();
        let place = self.token.span();
        let symbol = self.parse_symbol("the mesh's name")?;
        self.expect(b'=', "after the mesh's name")?;
        if !self.at(b'<') {
            return Err(self.expected("`<` before the mesh's axes"));
        }
        let mesh = self.parse_stripped("sdy.mesh", "")?;
        let mut entries = vec![(SmolStr::new_static("mesh"), mesh)];
        if self.at(b'{') {
            self.parse_attr_entries(&mut entries)?;
        }
        let loc = self.parse_optional_location()?;
        let attrs = AttrMap::from_unique(entries);
        Ok((Global { name: "sdy.mesh".into(), symbol: Some(symbol), attrs, loc, span: place }, place))
    }

    /// A declaration in generic form.
    fn parse_generic_global(&mut self) -> Parse<(Global, Span)> {
        let place = self.token.span();
        // Declarations share the grammar of operations; a function that is thrown away lends its arenas.
        let mut scratch = Body::new(Func::new("", FunctionType::default()), Default::default());
        let region = scratch.func.body.expect("the function was made with a body");
        self.parse_op(&mut scratch, region)?;
        let op = only_op(&scratch.func, region);
        if op.opcode != crate::ir::Opcode::Foreign {
            return Err(error(place, format!("`{}` stands in a function, not at the top level", op.name())));
        }
        if !(op.regions.is_empty() && op.operands.is_empty() && op.results.is_empty()) {
            let message = format!("module-level `{}` has operands, results or regions", op.name());
            return Err(error(place, message).because("only declarations made of attributes are supported"));
        }
        let mut attrs = op.attrs.clone();
        let symbol = match attrs.remove("sym_name") {
            Some(Attr::String(name)) => Some(name),
            _ => None,
        };
        Ok((Global { name: op.name().into(), symbol, attrs, loc: op.loc, span: place }, place))
    }
}

/// The one operation of a region that was parsed into.
fn only_op(func: &Func, region: RegionId) -> &Operation {
    let id: OpId = *func.regions[region].ops.first().expect("parse_op appends an operation");
    &func.ops[id]
}
