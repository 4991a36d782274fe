//! Reading primitives: bytes, variable-width integers, sections.
//!
//! A variable-width integer says its length in the low bits of its first byte: as many zero bits as
//! bytes follow, then a one; a first byte of zero means that eight bytes follow. Signed integers
//! keep the sign in the lowest bit (zigzag).

use bytes::Bytes;

use super::error::{Part, Problem, Read, ReadError};

/// A position in a range of the file. Offsets are those of the whole file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'f> {
    file: &'f Bytes,
    at: usize,
    end: usize,
    part: Part,
}

/// A section's contents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Section<'f> {
    /// The section's number.
    pub(super) id: u8,
    /// Its contents, still attributed to the enclosing part.
    pub(super) contents: Cursor<'f>,
}

impl<'f> Cursor<'f> {
    /// The whole file.
    pub(super) fn new(file: &'f Bytes) -> Self {
        Self { file, at: 0, end: file.len(), part: Part::Header }
    }

    /// The same range, attributed to a part.
    pub(super) fn of(self, part: Part) -> Self {
        Self { part, ..self }
    }

    /// The bytes `start..end` of the file, which must be in range.
    pub(super) fn range(self, start: usize, end: usize) -> Self {
        debug_assert!(start <= end && end <= self.file.len());
        Self { at: start, end, ..self }
    }

    /// Offset of the next byte in the file.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// Offset of the end of the range in the file.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.end - self.at
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.at == self.end
    }

    /// An error at the next byte.
    pub(super) fn error(&self, problem: Problem) -> ReadError {
        ReadError::new(self.part, self.at, problem)
    }

    /// A [`Problem::Malformed`] at the next byte.
    pub(super) fn malformed(&self, message: impl Into<String>) -> ReadError {
        self.error(Problem::Malformed(message.into()))
    }

    /// A [`Problem::Unsupported`] at the next byte.
    pub(super) fn unsupported(&self, message: impl Into<String>) -> ReadError {
        self.error(Problem::Unsupported(message.into()))
    }

    /// Fails unless everything was read.
    pub(super) fn finish(&self, what: &'static str) -> Read<()> {
        if self.is_empty() { Ok(()) } else { Err(self.error(Problem::Trailing(self.left(), what))) }
    }

    fn rest(&self) -> &'f [u8] {
        &self.file[self.at..self.end]
    }

    /// The next `count` bytes as a range of their own.
    pub(super) fn take(&mut self, count: u64, what: &'static str) -> Read<Cursor<'f>> {
        let have = self.left() as u64;
        if count > have {
            return Err(self.error(Problem::Truncated { what, need: count, have }));
        }
        let start = self.at;
        self.at += count as usize;
        Ok(self.range(start, self.at))
    }

    /// What is left, as bytes.
    pub(super) fn as_slice(&self) -> &'f [u8] {
        self.rest()
    }

    /// What is left, borrowed from the file.
    pub(super) fn to_bytes(self) -> Bytes {
        self.file.slice(self.at..self.end)
    }

    /// One byte.
    pub(super) fn byte(&mut self) -> Read<u8> {
        match self.rest().first() {
            Some(&byte) => {
                self.at += 1;
                Ok(byte)
            }
            None => Err(self.error(Problem::Truncated { what: "a byte", need: 1, have: 0 })),
        }
    }

    /// A byte that is 0 or 1.
    pub(super) fn bool(&mut self) -> Read<bool> {
        Ok(self.byte()? != 0)
    }

    /// A variable-width integer.
    pub(super) fn varint(&mut self) -> Read<u64> {
        let start = *self;
        let first = self.byte()?;
        if first & 1 == 1 {
            return Ok(u64::from(first >> 1));
        }
        let more = if first == 0 { 8 } else { first.trailing_zeros() as usize };
        let Some(tail) = self.rest().get(..more) else {
            let (need, have) = (more as u64 + 1, start.left() as u64);
            return Err(start.error(Problem::Truncated { what: "an integer", need, have }));
        };
        self.at += more;
        let mut bytes = [0u8; 8];
        if first == 0 {
            bytes.copy_from_slice(tail);
            return Ok(u64::from_le_bytes(bytes));
        }
        bytes[0] = first;
        bytes[1..=more].copy_from_slice(tail);
        Ok(u64::from_le_bytes(bytes) >> (more + 1))
    }

    /// A signed variable-width integer.
    pub(super) fn svarint(&mut self) -> Read<i64> {
        let raw = self.varint()?;
        Ok((raw >> 1) as i64 ^ -((raw & 1) as i64))
    }

    /// An integer with a flag in its lowest bit.
    pub(super) fn flagged(&mut self) -> Read<(u64, bool)> {
        let raw = self.varint()?;
        Ok((raw >> 1, raw & 1 == 1))
    }

    /// A count of things that take at least a byte each.
    pub(super) fn count(&mut self, what: &'static str) -> Read<usize> {
        let at = *self;
        let count = self.varint()?;
        at.check_count(count, self.left(), what)
    }

    /// `count` as a `usize`, if as many things of a byte or more fit into `have` bytes.
    pub(super) fn check_count(&self, count: u64, have: usize, what: &'static str) -> Read<usize> {
        match usize::try_from(count) {
            Ok(n) if n <= have => Ok(n),
            _ => Err(self.error(Problem::Count { what, count, have: have as u64 })),
        }
    }

    /// A list of signed integers.
    pub(super) fn svarints(&mut self) -> Read<Vec<i64>> {
        let count = self.count("integers")?;
        (0..count).map(|_| self.svarint()).collect()
    }

    /// Bytes with their length before them.
    pub(super) fn blob(&mut self, what: &'static str) -> Read<Cursor<'f>> {
        let length = self.varint()?;
        self.take(length, what)
    }

    /// An integer of `bits` bits as MLIR stores one of known width, zero-extended.
    pub(super) fn apint(&mut self, bits: u32) -> Read<u128> {
        let mask = if bits >= 128 { u128::MAX } else { (1u128 << bits) - 1 };
        if bits <= 8 {
            return Ok(u128::from(self.byte()?) & mask);
        }
        if bits <= 64 {
            return Ok(u128::from(self.svarint()? as u64) & mask);
        }
        let start = *self;
        let words = self.count("words of an integer")?;
        let mut value = 0u128;
        for word in 0..words {
            let bits = self.svarint()? as u64;
            match word {
                0 | 1 => value |= u128::from(bits) << (64 * word),
                _ if bits == 0 => {}
                _ => return Err(start.unsupported("an integer of more than 128 bits")),
            }
        }
        Ok(value & mask)
    }

    /// The bits of a double.
    pub(super) fn f64_bits(&mut self) -> Read<u64> {
        Ok(self.svarint()? as u64)
    }

    /// Text up to a zero byte, which is skipped.
    pub(super) fn until_zero(&mut self, what: &'static str) -> Read<&'f [u8]> {
        let rest = self.rest();
        let Some(length) = rest.iter().position(|&b| b == 0) else {
            let have = rest.len() as u64;
            return Err(self.error(Problem::Truncated { what, need: have + 1, have }));
        };
        self.at += length + 1;
        Ok(&rest[..length])
    }

    /// A section. Alignment is relative to the start of the file.
    pub(super) fn section(&mut self) -> Read<Section<'f>> {
        let id = self.byte()?;
        let length = self.varint()?;
        if id & 0x80 != 0 {
            let at = *self;
            let alignment = self.varint()?;
            if !alignment.is_power_of_two() {
                return Err(
                    at.malformed(format!("a section is aligned to {alignment} bytes, which is no power of two"))
                );
            }
            self.skip_padding(alignment)?;
        }
        Ok(Section { id: id & 0x7f, contents: self.take(length, "a section")? })
    }

    /// Skips padding up to the next multiple of `alignment`, a power of two.
    pub(super) fn skip_padding(&mut self, alignment: u64) -> Read<()> {
        let padding = (self.at as u64).wrapping_neg() & (alignment - 1);
        self.take(padding, "padding").map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(bytes: &'static [u8], read: impl FnOnce(&mut Cursor<'_>) -> Read<T>) -> Result<T, String> {
        let file = Bytes::from_static(bytes);
        let mut cursor = Cursor::new(&file);
        let value = read(&mut cursor).map_err(|e| e.diagnostic(None).to_string())?;
        assert!(cursor.is_empty());
        Ok(value)
    }

    #[test]
    fn integers_of_every_width() {
        assert_eq!(read(&[0x03], |c| c.varint()), Ok(1));
        assert_eq!(read(&[0xfe, 0xff], |c| c.varint()), Ok((1 << 14) - 1));
        assert_eq!(read(&[0x80, 0, 0, 0, 0, 0, 0, 1], |c| c.varint()), Ok(1 << 48));
        assert_eq!(read(&[0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], |c| c.varint()), Ok(u64::MAX));
        assert_eq!(read(&[0x07], |c| c.svarint()), Ok(-2));
        assert_eq!(read(&[0xff], |c| c.apint(4)), Ok(0xf));
    }

    #[test]
    fn truncation_is_located() {
        let message = read(&[0x10, 0x01], |c| c.varint()).expect_err("cut short");
        assert_eq!(message, "bytecode ends early: an integer needs 5 bytes, 2 are left (byte 0 (0x0), in the header)");
        assert!(read(&[], |c| c.byte()).is_err());
        assert!(read(b"a", |c| c.until_zero("a producer").map(<[u8]>::len)).is_err());
        assert!(read(&[0xff, 1], |c| c.count("things")).is_err());
    }
}
