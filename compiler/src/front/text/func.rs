//! `func.func`, pretty and generic.

use smol_str::SmolStr;

use super::lexer::{Lexeme, Token};
use super::parser::{Noted, Parse, Parser, error};
use super::scope::Body;
use crate::diag::Span;
use crate::ir::{Attr, AttrMap, Func, FunctionType, LocId, Region, RegionId, Type, Visibility};

/// An argument of a function's head: the name is absent in declarations.
struct Argument {
    name: Option<Lexeme>,
    ty: Type,
    attrs: AttrMap,
    loc: LocId,
}

impl<'t> Parser<'t> {
    /// A function, from its visibility on; `head` is the token that begins it.
    pub(super) fn parse_func(&mut self, head: Lexeme) -> Parse<Func> {
        let states_public = self.at_word("public");
        let visibility = self.parse_visibility();
        let name_token = self.token;
        let name = self.parse_symbol("the function's name, such as `@main`")?;
        let args = self.parse_arguments()?;
        let mut ty = FunctionType { inputs: args.iter().map(|a| a.ty.clone()).collect(), results: Vec::new() };
        let mut result_attrs = Vec::new();
        if self.eat_kind(Token::Arrow) {
            (ty.results, result_attrs) = self.parse_results()?;
        }
        self.charge(size_of::<Func>() as u64)?;
        let mut func = Func::declaration(name, ty);
        func.visibility = visibility;
        func.states_public = states_public;
        func.result_attrs = result_attrs;
        func.span = Span::new(head.start, name_token.end);
        if self.eat_word("attributes") {
            func.attrs = self.parse_attr_dict()?;
        }
        let (mut names, mut locs) = (Vec::new(), Vec::new());
        for (slot, arg) in func.arg_attrs.iter_mut().zip(args) {
            *slot = arg.attrs;
            names.push(arg.name);
            locs.push(arg.loc);
        }
        let mut func = if self.at(b'{') { self.parse_body(func, &names, &locs)? } else { func };
        func.loc = self.parse_optional_location()?;
        Ok(func)
    }

    fn parse_visibility(&mut self) -> Visibility {
        for (word, visibility) in
            [("public", Visibility::Public), ("private", Visibility::Private), ("nested", Visibility::Nested)]
        {
            if self.eat_word(word) {
                return visibility;
            }
        }
        Visibility::Public
    }

    fn parse_body(&mut self, func: Func, names: &[Option<Lexeme>], locs: &[LocId]) -> Parse<Func> {
        let inputs = func.ty.inputs.clone();
        let mut body = Body::new(func, std::mem::take(&mut self.spare_names));
        let region = body.func.regions.push(Region::default());
        body.func.body = Some(region);
        for ((name, ty), loc) in names.iter().zip(inputs).zip(locs) {
            match name {
                Some(name) => self.add_argument(&mut body, region, *name, ty, *loc)?,
                None => {
                    let message = "a function with a body names its arguments, as in `%arg0: tensor<f32>`";
                    return Err(error(self.token.span(), message));
                }
            }
        }
        self.parse_block(&mut body, region, !names.is_empty())?;
        let (func, names) = body.finish();
        self.spare_names = names;
        Ok(func)
    }

    /// `(%a: type {attributes} loc(…), …)`, or types alone in a declaration.
    fn parse_arguments(&mut self) -> Parse<Vec<Argument>> {
        self.expect(b'(', "after the function's name")?;
        let mut args: Vec<Argument> = Vec::new();
        self.list_until(b')', "in the function's arguments", |p| {
            let start = p.token;
            p.charge((size_of::<Argument>() + size_of::<Type>() + size_of::<AttrMap>()) as u64)?;
            let name = if p.at_value() {
                let name = p.bump();
                p.expect(b':', "and a type after the argument's name")?;
                Some(name)
            } else {
                None
            };
            if args.first().is_some_and(|first| first.name.is_some() != name.is_some()) {
                return Err(error(start.span(), "either all arguments have names or none has"));
            }
            let ty = p.parse_type()?;
            let attrs = if p.at(b'{') { p.parse_attr_dict()? } else { AttrMap::new() };
            let loc = p.parse_optional_location()?;
            args.push(Argument { name, ty, attrs, loc });
            Ok(())
        })?;
        Ok(args)
    }

    /// What follows the arrow: a type, or types with attributes in parentheses.
    fn parse_results(&mut self) -> Parse<(Vec<Type>, Vec<AttrMap>)> {
        if !self.eat(b'(') {
            return Ok((vec![self.parse_type()?], vec![AttrMap::new()]));
        }
        let (mut types, mut attrs) = (Vec::new(), Vec::new());
        self.list_until(b')', "in the function's results", |p| {
            p.charge((size_of::<Type>() + size_of::<AttrMap>()) as u64)?;
            types.push(p.parse_type()?);
            attrs.push(if p.at(b'{') { p.parse_attr_dict()? } else { AttrMap::new() });
            Ok(())
        })?;
        Ok((types, attrs))
    }

    /// `"func.func"() <{function_type = …, sym_name = …}> ({ … }) : () -> ()`.
    pub(super) fn parse_generic_func(&mut self, head: Lexeme) -> Parse<Func> {
        self.expect(b'(', "after the operation's name")?;
        self.expect(b')', "a function has no operands")?;
        let mut attrs = Vec::new();
        if self.eat(b'<') {
            self.parse_attr_entries(&mut attrs)?;
            self.expect(b'>', "after the properties")?;
        }
        self.expect(b'(', "before the function's region")?;
        let declaration = Func::declaration("", FunctionType::default());
        let mut body = Body::new(declaration, std::mem::take(&mut self.spare_names));
        let region = body.func.regions.push(Region::default());
        let open = self.token;
        self.parse_block(&mut body, region, false)?;
        self.expect(b')', "after the function's region")?;
        if self.at(b'{') {
            self.parse_attr_entries(&mut attrs)?;
        }
        self.expect(b':', "and the operation's type")?;
        self.parse_function_type("in the operation's type")?;
        let loc = self.parse_optional_location()?;
        let (func, names) = body.finish();
        self.spare_names = names;
        let mut func = self.apply_generic_attrs(func, attrs, head)?;
        func.loc = loc;
        func.span = head.span();
        self.attach_generic_body(&mut func, region, open)?;
        Ok(func)
    }

    fn apply_generic_attrs(&mut self, mut func: Func, attrs: Vec<(SmolStr, Attr)>, head: Lexeme) -> Parse<Func> {
        let (mut name, mut ty) = (None, None);
        let (mut arg_attrs, mut result_attrs) = (None, None);
        let mut rest = Vec::new();
        for (key, attr) in attrs {
            match (key.as_str(), attr) {
                ("sym_name", Attr::String(text)) if !text.is_empty() => name = Some(text),
                ("function_type", Attr::Type(Type::Function(function))) => ty = Some(*function),
                ("sym_visibility", Attr::String(text)) => {
                    func.states_public = text == "public";
                    func.visibility = match text.as_str() {
                        "public" => Visibility::Public,
                        "private" => Visibility::Private,
                        "nested" => Visibility::Nested,
                        other => return Err(error(head.span(), format!("unknown visibility \"{other}\""))),
                    };
                }
                ("arg_attrs", Attr::Array(list)) => arg_attrs = Some(list),
                ("res_attrs", Attr::Array(list)) => result_attrs = Some(list),
                (_, attr) => rest.push((key, attr)),
            }
        }
        let missing = |what: &str| error(head.span(), format!("a function needs the attribute `{what}`"));
        func.name = name.ok_or_else(|| missing("sym_name"))?;
        func.ty = ty.ok_or_else(|| missing("function_type"))?;
        func.arg_attrs = dictionaries(arg_attrs, func.ty.inputs.len(), "arg_attrs", head)?;
        func.result_attrs = dictionaries(result_attrs, func.ty.results.len(), "res_attrs", head)?;
        func.attrs = AttrMap::from_unique(rest);
        Ok(func)
    }

    fn attach_generic_body(&mut self, func: &mut Func, region: RegionId, open: Lexeme) -> Parse<()> {
        let args = func.regions[region].args.clone();
        if args.is_empty() && func.regions[region].ops.is_empty() {
            return Ok(());
        }
        func.body = Some(region);
        let agree = args.len() == func.ty.inputs.len()
            && args.iter().zip(&func.ty.inputs).all(|(&arg, ty)| func.value_type(arg) == ty);
        if agree {
            return Ok(());
        }
        let given: Vec<String> = args.iter().map(|&arg| func.value_type(arg).to_string()).collect();
        let message =
            format!("the region's arguments ({}) differ from the function's type `{}`", given.join(", "), func.ty);
        self.record(error(open.span(), message).with_note(func.span, "of this function"))
    }
}

/// Attribute dictionaries, one for each of `count` arguments or results.
fn dictionaries(list: Option<Vec<Attr>>, count: usize, what: &str, head: Lexeme) -> Parse<Vec<AttrMap>> {
    let Some(list) = list else { return Ok(vec![AttrMap::new(); count]) };
    if list.len() != count {
        let message = format!("`{what}` has length {}, but the function has {count} of them", list.len());
        return Err(error(head.span(), message));
    }
    let dict = |attr| match attr {
        Attr::Dict(dict) => Ok(dict),
        _ => Err(error(head.span(), format!("`{what}` holds something other than dictionaries"))),
    };
    list.into_iter().map(dict).collect()
}
