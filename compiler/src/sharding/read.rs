//! Reads the text of Shardy's attributes.

use smol_str::SmolStr;

use super::{DimSharding, TensorSharding};
use crate::ir::{AxisRef, DenseElements, Mesh, MeshReference};

/// Text that is no attribute of the kind that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} at `{at}`")]
pub struct ReadError {
    /// What would have fitted.
    pub expected: &'static str,
    /// The text from there on, shortened.
    pub at: String,
}

/// Reads `sdy.mesh<["x"=2, "y"=4], device_ids=[1, 0, …]>`.
///
/// # Errors
/// When the text is none.
pub fn read_mesh(text: &str) -> Result<Mesh, ReadError> {
    let mut scanner = Scanner { rest: text };
    scanner.expect("sdy.mesh", "`sdy.mesh`")?;
    let mesh = scanner.mesh()?;
    scanner.end(mesh)
}

/// Reads `sdy.sharding<@mesh, [{"x"}, {}], replicated={"y"}>`.
///
/// # Errors
/// When the text is none.
pub fn read_tensor(text: &str) -> Result<TensorSharding, ReadError> {
    let mut scanner = Scanner { rest: text };
    scanner.expect("sdy.sharding", "`sdy.sharding`")?;
    let sharding = scanner.tensor()?;
    scanner.end(sharding)
}

/// Reads `sdy.sharding_per_value<[<@mesh, [{"x"}]>, …]>`.
///
/// # Errors
/// When the text is none.
pub fn read_per_value(text: &str) -> Result<Vec<TensorSharding>, ReadError> {
    let mut scanner = Scanner { rest: text };
    scanner.expect("sdy.sharding_per_value", "`sdy.sharding_per_value`")?;
    scanner.expect("<", "`<`")?;
    let shardings = scanner.list("[", "]", Scanner::tensor)?;
    scanner.expect(">", "`>`")?;
    scanner.end(shardings)
}

/// Reads `sdy<manual_axes{"x", "y"}>`.
pub(super) fn read_manual_axes(text: &str) -> Result<Vec<SmolStr>, ReadError> {
    let mut scanner = Scanner { rest: text };
    scanner.expect("sdy", "`sdy`")?;
    scanner.expect("<", "`<`")?;
    scanner.expect("manual_axes", "`manual_axes`")?;
    let axes = scanner.list("{", "}", Scanner::name)?;
    scanner.expect(">", "`>`")?;
    scanner.end(axes)
}

/// What is left of a text.
struct Scanner<'t> {
    rest: &'t str,
}

impl Scanner<'_> {
    fn error(&self, expected: &'static str) -> ReadError {
        ReadError { expected, at: self.rest.chars().take(40).collect() }
    }

    /// Takes `token` where it comes next, white space before it left out.
    fn eat(&mut self, token: &str) -> bool {
        match self.rest.trim_start().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str, expected: &'static str) -> Result<(), ReadError> {
        if self.eat(token) { Ok(()) } else { Err(self.error(expected)) }
    }

    fn end<T>(&self, value: T) -> Result<T, ReadError> {
        if self.rest.trim().is_empty() { Ok(value) } else { Err(self.error("the end")) }
    }

    fn list<T>(
        &mut self,
        open: &str,
        close: &str,
        mut item: impl FnMut(&mut Self) -> Result<T, ReadError>,
    ) -> Result<Vec<T>, ReadError> {
        self.expect(open, "a list")?;
        let mut items = Vec::new();
        if self.eat(close) {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            if self.eat(close) {
                return Ok(items);
            }
            self.expect(",", "`,` or the end of the list")?;
        }
    }

    /// A name in quotes.
    fn name(&mut self) -> Result<SmolStr, ReadError> {
        self.expect("\"", "a name in quotes")?;
        let (name, rest) = self.rest.split_once('"').ok_or_else(|| self.error("a closing quote"))?;
        self.rest = rest;
        Ok(name.into())
    }

    fn number(&mut self) -> Result<i64, ReadError> {
        let text = self.rest.trim_start();
        let end = text.char_indices().find(|&(at, c)| !(c.is_ascii_digit() || at == 0 && c == '-'));
        let (number, rest) = text.split_at(end.map_or(text.len(), |(at, _)| at));
        let number = number.parse().map_err(|_| self.error("a number"))?;
        self.rest = rest;
        Ok(number)
    }

    /// `<["x"=2], device_ids=[1, 0]>`.
    fn mesh(&mut self) -> Result<Mesh, ReadError> {
        self.expect("<", "`<`")?;
        let axes = self.list("[", "]", |scanner| {
            let name = scanner.name()?;
            scanner.expect("=", "`=` and the size of the axis")?;
            Ok((name, scanner.number()?))
        })?;
        let mut device_ids = None;
        if self.eat(",") {
            self.expect("device_ids", "`device_ids`")?;
            self.expect("=", "`=`")?;
            let ids = self.list("[", "]", Scanner::number)?;
            device_ids = Some(DenseElements::i64s(&[ids.len() as u64], &ids));
        }
        self.expect(">", "`>`")?;
        Ok(Mesh { axes, device_ids })
    }

    /// `<@mesh, [{"x"}, {}], replicated={"y"}, unreduced={"z"}>`.
    fn tensor(&mut self) -> Result<TensorSharding, ReadError> {
        self.expect("<", "`<`")?;
        let mesh = match self.eat("@") {
            true => MeshReference::Symbol(self.symbol()?),
            false => {
                self.expect("mesh", "`@` and a symbol, or `mesh`")?;
                MeshReference::Mesh(self.mesh()?)
            }
        };
        self.expect(",", "`,`")?;
        let dims = self.list("[", "]", Scanner::dim)?;
        let mut sharding = TensorSharding { mesh, dims, replicated: Vec::new(), unreduced: Vec::new() };
        while self.eat(",") {
            let axes = if self.eat("replicated") {
                &mut sharding.replicated
            } else if self.eat("unreduced") {
                &mut sharding.unreduced
            } else {
                return Err(self.error("`replicated` or `unreduced`"));
            };
            self.expect("=", "`=`")?;
            *axes = self.list("{", "}", Scanner::axis)?;
        }
        self.expect(">", "`>`")?;
        Ok(sharding)
    }

    /// What follows `@`.
    fn symbol(&mut self) -> Result<SmolStr, ReadError> {
        if self.rest.starts_with('"') {
            return self.name();
        }
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || "_$.-".contains(c)));
        let (symbol, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        if symbol.is_empty() {
            return Err(self.error("the symbol of a mesh"));
        }
        self.rest = rest;
        Ok(symbol.into())
    }

    /// `{"x", "y", ?}p1`.
    fn dim(&mut self) -> Result<DimSharding, ReadError> {
        let mut dim = DimSharding::default();
        self.expect("{", "`{`")?;
        while !self.eat("}") {
            if dim.is_open || (!dim.axes.is_empty() && !self.eat(",")) {
                return Err(self.error("`}`"));
            }
            if self.eat("?") {
                dim.is_open = true;
            } else {
                dim.axes.push(self.axis()?);
            }
        }
        if self.rest.starts_with('p') {
            self.rest = &self.rest[1..];
            dim.priority = Some(self.number()?);
        }
        Ok(dim)
    }

    /// `"x"` or `"x":(2)4`.
    fn axis(&mut self) -> Result<AxisRef, ReadError> {
        let name = self.name()?;
        let mut sub_axis_info = None;
        if self.eat(":") {
            self.expect("(", "`(`")?;
            let before = self.number()?;
            self.expect(")", "`)`")?;
            sub_axis_info = Some((before, self.number()?));
        }
        Ok(AxisRef { name, sub_axis_info })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_text_is_refused_where_it_breaks() {
        let broken = [
            ("sdy.sharding<@mesh, [{\"x\"}", "`,` or the end of the list"),
            ("sdy.sharding<@, []>", "the symbol of a mesh"),
            ("sdy.sharding<@m, [{\"x}]>", "a closing quote"),
            ("sdy.sharding<@m, [{?, \"x\"}]>", "`}`"),
            ("sdy.sharding<@m, [{\"x\":(99999999999999999999)2}]>", "a number"),
            ("sdy.sharding<@m, [], other={}>", "`replicated` or `unreduced`"),
            ("sdy.sharding<@m, []> more", "the end"),
        ];
        for (text, expected) in broken {
            assert_eq!(read_tensor(text).unwrap_err().expected, expected, "{text}");
        }
        assert!(read_mesh("sdy.mesh<[\"x\"]>").is_err() && read_per_value("sdy.sharding_per_value<>").is_err());
        assert!(read_manual_axes("sdy<manual_axes{x}>").is_err());
    }
}
