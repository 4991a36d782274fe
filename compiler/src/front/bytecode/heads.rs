//! The head of a function: what its attributes say of its name, type and visibility.

use smol_str::SmolStr;

use super::cursor::Cursor;
use super::error::Read;
use crate::ir::{Attr, AttrMap, Func, FunctionType, Type, Visibility};

/// A function without body from its attributes.
pub(super) fn func_of(attrs: Vec<(SmolStr, Attr)>, at: &Cursor<'_>) -> Read<Func> {
    let mut attrs = AttrMap::from_unique(attrs);
    let name = match attrs.remove("sym_name") {
        Some(Attr::String(name)) if !name.is_empty() => name,
        _ => return Err(at.malformed("a function has no name")),
    };
    let ty = match attrs.remove("function_type") {
        Some(Attr::Type(Type::Function(ty))) => *ty,
        _ => return Err(at.malformed(format!("the function @{name} has no function type"))),
    };
    let arg_attrs = dictionaries(attrs.remove("arg_attrs"), ty.inputs.len(), &name, at)?;
    let result_attrs = dictionaries(attrs.remove("res_attrs"), ty.results.len(), &name, at)?;
    let visibility = attrs.remove("sym_visibility");
    let mut func = Func::declaration(name, FunctionType::default());
    (func.visibility, func.states_public) = match visibility.as_ref().and_then(Attr::as_str) {
        None | Some("") => (Visibility::Public, false),
        Some("public") => (Visibility::Public, true),
        Some("private") => (Visibility::Private, false),
        Some("nested") => (Visibility::Nested, false),
        Some(other) => return Err(at.malformed(format!("the function @{} has the visibility \"{other}\"", func.name))),
    };
    (func.ty, func.arg_attrs, func.result_attrs, func.attrs) = (ty, arg_attrs, result_attrs, attrs);
    Ok(func)
}

/// As many dictionaries as there are arguments or results; none given means all empty.
fn dictionaries(attr: Option<Attr>, count: usize, func: &str, at: &Cursor<'_>) -> Read<Vec<AttrMap>> {
    let items = match attr {
        None => return Ok(vec![AttrMap::new(); count]),
        Some(Attr::Array(items)) if items.is_empty() => return Ok(vec![AttrMap::new(); count]),
        Some(Attr::Array(items)) if items.len() == count => items,
        Some(_) => {
            return Err(
                at.malformed(format!("the function @{func} has attributes of another number of arguments or results"))
            );
        }
    };
    let dict = |item| match item {
        Attr::Dict(dict) => Ok(dict),
        _ => Err(at.malformed(format!(
            "the function @{func} has an argument or result with attributes that are no dictionary"
        ))),
    };
    items.into_iter().map(dict).collect()
}
