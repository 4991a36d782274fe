//! Functions, in both forms.

use std::fmt;

use super::attr::{Typed, write_list};
use super::lexeme::{write_string, write_symbol};
use super::op::{Printer, Scope, Within};
use super::{Form, Names};
use crate::ir::{Attr, AttrMap, Func, Type, Visibility};

impl Printer<'_> {
    pub(super) fn func(&mut self, func: &Func) -> fmt::Result {
        self.start_line()?;
        match self.form {
            Form::Pretty => self.pretty_func(func)?,
            Form::Generic => self.generic_func(func)?,
        }
        self.location(func.loc)?;
        self.out.write_char('\n')
    }

    fn pretty_func(&mut self, func: &Func) -> fmt::Result {
        self.out.write_str("func.func ")?;
        if let Some(visibility) = visibility(func) {
            write!(self.out, "{visibility} ")?;
        }
        write_symbol(self.out, &func.name)?;
        let scope = Scope { func, names: Names::of(func) };
        self.out.write_char('(')?;
        for (index, ty) in func.ty.inputs.iter().enumerate() {
            self.out.write_str(if index > 0 { ", " } else { "" })?;
            let arg = func.args().get(index).copied();
            if let Some(arg) = arg {
                write!(self.out, "{}: ", scope.name(arg))?;
            }
            write!(self.out, "{ty}")?;
            self.attrs_after(func.arg_attrs.get(index))?;
            if let Some(arg) = arg {
                self.location(func.values[arg].loc)?;
            }
        }
        self.out.write_char(')')?;
        self.results(func)?;
        if !func.attrs.is_empty() {
            self.out.write_str(" attributes ")?;
            self.style.write_dict(self.out, func.attrs.iter())?;
        }
        match func.body {
            None => Ok(()),
            Some(body) => {
                self.out.write_str(" {\n")?;
                self.region_ops(&scope, body, Within::Function)?;
                self.start_line()?;
                self.out.write_char('}')
            }
        }
    }

    /// `-> type`, or the types in parentheses where there are several or one has attributes.
    fn results(&mut self, func: &Func) -> fmt::Result {
        let has_attrs = |index: usize| func.result_attrs.get(index).is_some_and(|attrs| !attrs.is_empty());
        match func.ty.results.as_slice() {
            [] => Ok(()),
            [one] if !has_attrs(0) && !matches!(one, Type::Function(_)) => write!(self.out, " -> {one}"),
            several => {
                self.out.write_str(" -> (")?;
                for (index, ty) in several.iter().enumerate() {
                    write!(self.out, "{}{ty}", if index > 0 { ", " } else { "" })?;
                    self.attrs_after(func.result_attrs.get(index))?;
                }
                self.out.write_char(')')
            }
        }
    }

    fn attrs_after(&mut self, attrs: Option<&AttrMap>) -> fmt::Result {
        match attrs {
            Some(attrs) if !attrs.is_empty() => {
                self.out.write_char(' ')?;
                self.style.write_dict(self.out, attrs.iter())
            }
            _ => Ok(()),
        }
    }

    fn generic_func(&mut self, func: &Func) -> fmt::Result {
        self.out.write_str("\"func.func\"() <{")?;
        if func.arg_attrs.iter().any(|attrs| !attrs.is_empty()) {
            self.attr_list("arg_attrs", &func.arg_attrs)?;
        }
        write!(self.out, "function_type = {}, ", func.ty)?;
        let (inherent, discardable): (Vec<_>, Vec<_>) = func.attrs.iter().partition(|(name, _)| *name == "no_inline");
        for (name, attr) in inherent {
            write!(self.out, "{name}")?;
            if *attr != Attr::Unit {
                self.out.write_str(" = ")?;
                self.style.write(self.out, attr, Typed::Yes)?;
            }
            self.out.write_str(", ")?;
        }
        if func.result_attrs.iter().any(|attrs| !attrs.is_empty()) {
            self.attr_list("res_attrs", &func.result_attrs)?;
        }
        self.out.write_str("sym_name = ")?;
        write_string(self.out, &func.name)?;
        if let Some(visibility) = visibility(func) {
            write!(self.out, ", sym_visibility = \"{visibility}\"")?;
        }
        self.out.write_str("}> (")?;
        let scope = Scope { func, names: Names::generic(func) };
        match func.body {
            Some(body) => self.region(&scope, body, Within::Function)?,
            None => {
                self.out.write_str("{\n")?;
                self.start_line()?;
                self.out.write_char('}')?;
            }
        }
        self.out.write_char(')')?;
        if !discardable.is_empty() {
            self.out.write_char(' ')?;
            self.style.write_dict(self.out, discardable.into_iter())?;
        }
        self.out.write_str(" : () -> ()")
    }

    fn attr_list(&mut self, name: &str, maps: &[AttrMap]) -> fmt::Result {
        write!(self.out, "{name} = [")?;
        let style = self.style;
        write_list(self.out, maps, |out, map| style.write_dict(out, map.iter()))?;
        self.out.write_str("], ")
    }
}

/// The word before the name, if any.
fn visibility(func: &Func) -> Option<&'static str> {
    match func.visibility {
        Visibility::Public => func.states_public.then_some("public"),
        Visibility::Private => Some("private"),
        Visibility::Nested => Some("nested"),
    }
}
