//! The parts of an instruction's name, each of which must be understood.

use crate::program::Ty;

/// What follows an instruction's first word, such as `global.nc.v4.b32`.
pub(crate) struct Modifiers<'a> {
    parts: Vec<&'a str>,
    types: Vec<Ty>,
}

impl<'a> Modifiers<'a> {
    /// Splits an opcode into its first word and the rest.
    pub(crate) fn split(opcode: &'a str) -> (&'a str, Self) {
        let mut parts = opcode.split('.');
        let first = parts.next().unwrap_or("");
        let (mut rest, mut types) = (Vec::new(), Vec::new());
        for part in parts {
            match Ty::of(part) {
                Some(ty) => types.push(ty),
                None => rest.push(part),
            }
        }
        (first, Self { parts: rest, types })
    }

    /// Whether this modifier stands there; it is then understood.
    pub(crate) fn take(&mut self, name: &str) -> bool {
        let at = self.parts.iter().position(|&part| part == name);
        if let Some(at) = at {
            self.parts.remove(at);
        }
        at.is_some()
    }

    /// The first of these that stands there.
    pub(crate) fn one_of<T: Copy>(&mut self, names: &[(&str, T)]) -> Option<T> {
        names.iter().find(|(name, _)| self.take(name)).map(|&(_, value)| value)
    }

    /// The type, of an instruction that has one.
    pub(crate) fn ty(&self) -> Result<Ty, String> {
        match self.types[..] {
            [ty] => Ok(ty),
            _ => Err("an instruction of one type has another number of them".to_owned()),
        }
    }

    /// All types.
    pub(crate) fn types(&self) -> &[Ty] {
        &self.types
    }

    /// Fails when something was not understood.
    pub(crate) fn done(&self) -> Result<(), String> {
        match self.parts.first() {
            None => Ok(()),
            Some(part) => Err(format!("the modifier `.{part}` is unknown")),
        }
    }
}
