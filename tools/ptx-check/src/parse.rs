//! Tokens to kernels: directives, declarations and statements.

use std::collections::HashMap;

use crate::decode::{self, Names, Raw};
use crate::fault::Unreadable;
use crate::lex::{Token, tokens};
use crate::memory::{CONSTANT_BASE, LOCAL_BASE, SHARED_BASE};
use crate::program::{Entry, Module, Op, Param, Ty};

/// Bytes that variables of one kernel may have in all.
const MOST_BYTES: u64 = 1 << 20;
/// Registers that a kernel may declare.
const MOST_REGISTERS: u64 = 1 << 16;

impl Module {
    /// Reads a module.
    ///
    /// # Errors
    /// The first line that is not understood; functions that are declared and not defined are among them.
    pub fn parse(text: &str) -> Result<Module, Unreadable> {
        let mut parser = Parser { tokens: tokens(text)?, at: 0, constants: Vec::new(), globals: HashMap::new() };
        let mut module =
            Module { version: String::new(), target: String::new(), entries: Vec::new(), constants: Vec::new() };
        while let Some(word) = parser.next_word()? {
            match word.as_str() {
                ".version" => module.version = parser.text()?,
                ".target" => {
                    module.target = parser.word()?;
                    while parser.take(',') {
                        parser.word()?;
                    }
                }
                ".address_size" => {
                    parser.number()?;
                }
                ".visible" | ".weak" => {}
                ".entry" => module.entries.push(parser.entry()?),
                ".const" | ".global" => parser.constant()?,
                ".extern" => return Err(parser.wrong("something outside of the module is declared")),
                other => return Err(parser.wrong(&format!("`{other}` is unknown"))),
            }
        }
        module.constants = parser.constants;
        Ok(module)
    }
}

/// A statement before labels are known.
struct Statement {
    opcode: String,
    guard: Option<(String, bool)>,
    operands: Vec<Raw>,
    line: u32,
}

struct Parser {
    tokens: Vec<(Token, u32)>,
    at: usize,
    constants: Vec<u8>,
    globals: HashMap<String, u64>,
}

/// A kernel under construction.
#[derive(Default)]
struct Body {
    names: Names,
    registers: Vec<String>,
    statements: Vec<Statement>,
    shared: u64,
    local: u64,
}

impl Parser {
    fn line(&self) -> u32 {
        let at = self.at.min(self.tokens.len().saturating_sub(1));
        self.tokens.get(at).map_or(1, |(_, line)| *line)
    }

    fn wrong(&self, what: &str) -> Unreadable {
        Unreadable { line: self.line(), what: what.to_owned() }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn next(&mut self) -> Result<Token, Unreadable> {
        let token = self.peek().cloned().ok_or_else(|| self.wrong("the text ends too early"))?;
        self.at += 1;
        Ok(token)
    }

    fn take(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(&Token::Mark(mark));
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, mark: char) -> Result<(), Unreadable> {
        if self.take(mark) { Ok(()) } else { Err(self.wrong(&format!("`{mark}` is missing"))) }
    }

    fn next_word(&mut self) -> Result<Option<String>, Unreadable> {
        if self.peek().is_none() { Ok(None) } else { self.word().map(Some) }
    }

    fn word(&mut self) -> Result<String, Unreadable> {
        match self.next()? {
            Token::Word(word) => Ok(word),
            other => {
                self.at -= 1;
                Err(self.wrong(&format!("{other:?} stands where a name is expected")))
            }
        }
    }

    fn text(&mut self) -> Result<String, Unreadable> {
        match self.next()? {
            Token::Word(text) | Token::Text(text) => Ok(text),
            Token::Number(number) => Ok(number.to_string()),
            Token::Mark(_) => Err(self.wrong("a version is missing")),
        }
    }

    fn number(&mut self) -> Result<u64, Unreadable> {
        match self.next()? {
            Token::Number(number) => Ok(number),
            _ => Err(self.wrong("a number is missing")),
        }
    }

    /// `.align 4 .b8 name[16]`: alignment, size in bytes, name.
    fn variable(&mut self) -> Result<(u64, u64, String, Ty), Unreadable> {
        let (mut align, mut ty) = (1, None);
        loop {
            let word = self.word()?;
            match word.as_str() {
                ".align" => align = self.number()?,
                ".ptr" | ".global" | ".shared" | ".const" => {}
                _ => match word.strip_prefix('.') {
                    Some(suffix) => ty = Some(Ty::of(suffix).ok_or_else(|| self.wrong("a type is unknown"))?),
                    None => return self.sized(align, ty, word),
                },
            }
        }
    }

    fn sized(&mut self, align: u64, ty: Option<Ty>, name: String) -> Result<(u64, u64, String, Ty), Unreadable> {
        let ty = ty.ok_or_else(|| self.wrong("a variable has no type"))?;
        let element = u64::from(ty.bits().div_ceil(8));
        let mut count = 1;
        if self.take('[') {
            count = self.number()?;
            self.expect(']')?;
        }
        let align = align.max(element);
        let bytes = element.checked_mul(count).filter(|&bytes| bytes <= MOST_BYTES && align <= 4096);
        let bytes = bytes.filter(|_| align.is_power_of_two());
        Ok((align, bytes.ok_or_else(|| self.wrong("a variable is too large"))?, name, ty))
    }

    /// A table with its values.
    fn constant(&mut self) -> Result<(), Unreadable> {
        let (align, bytes, name, ty) = self.variable()?;
        let start = (self.constants.len() as u64).next_multiple_of(align);
        self.constants.resize((start + bytes) as usize, 0);
        self.globals.insert(name, CONSTANT_BASE + start);
        let (step, mut at) = (ty.bits() as usize / 8, start as usize);
        if !self.take('=') {
            return Err(self.wrong("a variable of the module has no value"));
        }
        let braced = self.take('{');
        loop {
            let negative = self.take('-');
            let value = self.number()?;
            let value = if negative { value.wrapping_neg() } else { value };
            let slot = self.constants.get_mut(at..at + step.max(1));
            let slot = slot.filter(|_| at + step <= (start + bytes) as usize);
            let Some(slot) = slot else { return Err(self.wrong("a table has too many values")) };
            slot.copy_from_slice(&value.to_le_bytes()[..step]);
            at += step;
            if !self.take(',') {
                break;
            }
        }
        if braced {
            self.expect('}')?;
        }
        self.expect(';')
    }

    fn entry(&mut self) -> Result<Entry, Unreadable> {
        let name = self.word()?;
        let mut body = Body::default();
        body.names.symbols.clone_from(&self.globals);
        let params = self.params(&mut body)?;
        let mut block = None;
        while !self.take('{') {
            let directive = self.word()?;
            let mut sizes = [1u32; 3];
            for (at, size) in sizes.iter_mut().enumerate() {
                if at > 0 && !self.take(',') {
                    break;
                }
                *size = u32::try_from(self.number()?).map_err(|_| self.wrong("a size is too large"))?;
            }
            match directive.as_str() {
                ".maxntid" | ".reqntid" => block = Some(sizes),
                ".minnctapersm" | ".maxnreg" => {}
                other => return Err(self.wrong(&format!("`{other}` is unknown"))),
            }
        }
        let mut depth = 1;
        while depth > 0 {
            if self.take('{') {
                depth += 1;
            } else if self.take('}') {
                depth -= 1;
            } else {
                self.item(&mut body)?;
            }
        }
        finish(name, params, block, body)
    }

    fn params(&mut self, body: &mut Body) -> Result<Vec<Param>, Unreadable> {
        let (mut params, mut end) = (Vec::new(), 0u64);
        self.expect('(')?;
        while !self.take(')') {
            if self.word()? != ".param" {
                return Err(self.wrong("a parameter is expected"));
            }
            let (align, bytes, name, _) = self.variable()?;
            let offset = end.next_multiple_of(align);
            body.names.symbols.insert(name, offset);
            params.push(Param { offset, bytes });
            end = offset + bytes;
            if !self.take(',') && self.peek() != Some(&Token::Mark(')')) {
                return Err(self.wrong("a `,` is missing"));
            }
        }
        Ok(params)
    }

    /// A declaration, a label or an instruction.
    fn item(&mut self, body: &mut Body) -> Result<(), Unreadable> {
        let line = self.line();
        let mut guard = None;
        if self.take('@') {
            let negated = self.take('!');
            guard = Some((self.word()?, !negated));
        }
        let word = self.word()?;
        match word.as_str() {
            ".reg" => return self.registers(body),
            ".shared" => {
                let (align, bytes, name, _) = self.variable()?;
                let start = body.shared.next_multiple_of(align);
                body.shared = start + bytes;
                body.names.symbols.insert(name, SHARED_BASE + start);
                return self.expect(';');
            }
            ".local" => {
                let (align, bytes, name, _) = self.variable()?;
                let start = body.local.next_multiple_of(align);
                body.local = start + bytes;
                body.names.symbols.insert(name, LOCAL_BASE + start);
                return self.expect(';');
            }
            ".pragma" => {
                self.text()?;
                return self.expect(';');
            }
            _ if self.take(':') => return self.label(word, body),
            _ => {}
        }
        let mut operands = Vec::new();
        while !self.take(';') {
            operands.push(self.operand()?);
            if !self.take(',') && self.peek() != Some(&Token::Mark(';')) {
                return Err(self.wrong("a `,` or `;` is missing"));
            }
        }
        body.statements.push(Statement { opcode: word, guard, operands, line });
        Ok(())
    }

    fn label(&mut self, name: String, body: &mut Body) -> Result<(), Unreadable> {
        if self.peek() != Some(&Token::Word(".branchtargets".to_owned())) {
            body.names.labels.insert(name, body.statements.len());
            return Ok(());
        }
        self.at += 1;
        let mut targets = Vec::new();
        while !self.take(';') {
            targets.push(self.word()?);
            self.take(',');
        }
        body.names.tables.insert(name, targets);
        Ok(())
    }

    /// `.reg .b32 %r<5>;` or `.reg .b16 tmp;`
    fn registers(&mut self, body: &mut Body) -> Result<(), Unreadable> {
        self.word()?;
        loop {
            let name = self.word()?;
            if self.take('<') {
                let count = self.number()?;
                self.expect('>')?;
                if count + body.registers.len() as u64 > MOST_REGISTERS {
                    return Err(self.wrong("there are too many registers"));
                }
                (0..count).for_each(|at| body.register(format!("{name}{at}")));
            } else {
                body.register(name);
            }
            if !self.take(',') {
                return self.expect(';');
            }
        }
    }

    fn operand(&mut self) -> Result<Raw, Unreadable> {
        if self.take('{') {
            let mut parts = Vec::new();
            while !self.take('}') {
                parts.push(self.operand_of_group()?);
                self.take(',');
            }
            return Ok(Raw::Group(parts));
        }
        if self.take('[') {
            let base = self.operand_of_group()?;
            let mut offset = 0i64;
            if self.take('+') {
                let negative = self.take('-');
                let by = self.number()? as i64;
                offset = if negative { by.wrapping_neg() } else { by };
            } else if self.take('-') {
                offset = (self.number()? as i64).wrapping_neg();
            }
            self.expect(']')?;
            return Ok(Raw::Memory(Box::new(base), offset));
        }
        let first = self.operand_of_group()?;
        if self.take('|') {
            let second = self.operand_of_group()?;
            return Ok(Raw::Group(vec![first, second]));
        }
        Ok(first)
    }

    fn operand_of_group(&mut self) -> Result<Raw, Unreadable> {
        if self.take('-') {
            return Ok(Raw::Number(self.number()?.wrapping_neg()));
        }
        if self.take('!') {
            return Ok(Raw::Not(self.word()?));
        }
        match self.next()? {
            Token::Word(word) => Ok(Raw::Name(word)),
            Token::Number(number) => Ok(Raw::Number(number)),
            _ => Err(self.wrong("an operand is missing")),
        }
    }
}

impl Body {
    fn register(&mut self, name: String) {
        let number = u32::try_from(self.registers.len()).unwrap_or(u32::MAX);
        self.names.registers.insert(name.clone(), number);
        self.registers.push(name);
    }
}

/// Decodes the statements, labels being known.
fn finish(name: String, params: Vec<Param>, block: Option<[u32; 3]>, body: Body) -> Result<Entry, Unreadable> {
    let mut code = Vec::new();
    let mut opcodes = Vec::new();
    for statement in body.statements {
        let line = statement.line;
        let instr = decode::instruction(&body.names, &statement.opcode, statement.guard, &statement.operands, line);
        let wrong = |what| Unreadable { line, what: format!("`{}`: {what}", statement.opcode) };
        code.push(instr.map_err(wrong)?);
        opcodes.push(statement.opcode);
    }
    let ends = code.last().is_some_and(|last| matches!(last.op, Op::Exit | Op::Jump { .. } | Op::Trap));
    let jumps_out = body.names.labels.values().any(|&at| at > code.len());
    if !ends || jumps_out {
        return Err(Unreadable { line: 0, what: format!("kernel `{name}` does not end in `ret`") });
    }
    let (local_bytes, shared_bytes) = (body.local, body.shared);
    Ok(Entry { name, params, registers: body.registers, code, local_bytes, shared_bytes, block, opcodes })
}
