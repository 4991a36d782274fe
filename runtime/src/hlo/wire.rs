//! Protocol buffers as they stand in a byte string.
//!
//! A message is a row of fields, each a number and a value; a reader takes the fields it knows and skips the others. Nothing
//! is allocated here: strings and messages are slices of the input.

/// What is wrong with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// A value goes on past the end of its message.
    #[error("a field is cut off")]
    Truncated,
    /// An integer of more than 64 bits.
    #[error("an integer has more than 64 bits")]
    Varint,
    /// A field number of 0, or a kind of value that there is not.
    #[error("a field has the tag {0}, which no message has")]
    Tag(u64),
    /// A field of another kind than the schema says.
    #[error("field {0} is of another kind than the schema says")]
    Kind(u64),
}

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A number of any integer type, an enumerator or a truth value.
    Varint(u64),
    /// Eight bytes, little-endian.
    Fixed64(u64),
    /// A string, bytes, a message, or packed numbers.
    Bytes(&'a [u8]),
    /// Four bytes, little-endian.
    Fixed32(u32),
}

/// A field: its number and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// The number.
    pub number: u64,
    /// The value.
    pub value: Value<'a>,
}

impl<'a> Field<'a> {
    /// The value as a string, bytes or a message.
    pub fn bytes(self) -> Result<&'a [u8], WireError> {
        match self.value {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(WireError::Kind(self.number)),
        }
    }

    /// The value as text; bytes that are not UTF-8 are replaced.
    pub fn text(self) -> Result<String, WireError> {
        Ok(String::from_utf8_lossy(self.bytes()?).into_owned())
    }

    /// The value as a number.
    pub fn integer(self) -> Result<i64, WireError> {
        match self.value {
            Value::Varint(value) => Ok(value as i64),
            _ => Err(WireError::Kind(self.number)),
        }
    }

    /// Adds the numbers of a repeated field, which are one by one or packed.
    pub fn integers(self, to: &mut Vec<i64>) -> Result<(), WireError> {
        match self.value {
            Value::Varint(value) => to.push(value as i64),
            Value::Bytes(mut packed) => {
                while !packed.is_empty() {
                    to.push(varint(&mut packed)? as i64);
                }
            }
            _ => return Err(WireError::Kind(self.number)),
        }
        Ok(())
    }
}

/// The fields of a message, in their order.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// Those of the message that `bytes` are.
    pub fn of(bytes: &'a [u8]) -> Self {
        Fields { rest: bytes }
    }

    fn read(&mut self) -> Result<Field<'a>, WireError> {
        let tag = varint(&mut self.rest)?;
        let number = tag >> 3;
        if number == 0 {
            return Err(WireError::Tag(tag));
        }
        let value = match tag & 7 {
            0 => Value::Varint(varint(&mut self.rest)?),
            1 => Value::Fixed64(u64::from_le_bytes(self.array()?)),
            2 => {
                let length = varint(&mut self.rest)?;
                let length = usize::try_from(length).map_err(|_| WireError::Truncated)?;
                let (bytes, rest) = self.rest.split_at_checked(length).ok_or(WireError::Truncated)?;
                self.rest = rest;
                Value::Bytes(bytes)
            }
            5 => Value::Fixed32(u32::from_le_bytes(self.array()?)),
            _ => return Err(WireError::Tag(tag)),
        };
        Ok(Field { number, value })
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(WireError::Truncated)?;
        self.rest = rest;
        Ok(*bytes)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, WireError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.read();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

fn varint(rest: &mut &[u8]) -> Result<u64, WireError> {
    let mut value = 0u64;
    for index in 0..10 {
        let (&byte, tail) = rest.split_first().ok_or(WireError::Truncated)?;
        *rest = tail;
        if index == 9 && byte > 1 {
            break;
        }
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(WireError::Varint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<Field<'_>>, WireError> {
        Fields::of(bytes).collect()
    }

    #[test]
    fn fields_of_each_kind() {
        let bytes = [0x08, 0x96, 0x01, 0x12, 2, b'h', b'i', 0x1d, 1, 0, 0, 0, 0x21, 2, 0, 0, 0, 0, 0, 0, 0];
        let fields = read(&bytes).unwrap();
        assert_eq!(fields[0], Field { number: 1, value: Value::Varint(150) });
        assert_eq!(fields[1].text().unwrap(), "hi");
        assert_eq!(fields[2].value, Value::Fixed32(1));
        assert_eq!(fields[3].value, Value::Fixed64(2));
        assert_eq!(fields[0].bytes(), Err(WireError::Kind(1)));
    }

    #[test]
    fn repeated_numbers_are_packed_or_not() {
        let mut numbers = Vec::new();
        for field in read(&[0x08, 5, 0x0a, 3, 1, 0xac, 0x02]).unwrap() {
            field.integers(&mut numbers).unwrap();
        }
        assert_eq!(numbers, [5, 1, 300]);
    }

    #[test]
    fn broken_messages_are_errors() {
        assert_eq!(read(&[0x0a, 5, 1]), Err(WireError::Truncated));
        assert_eq!(read(&[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]), Err(WireError::Truncated));
        assert_eq!(read(&[0x08]), Err(WireError::Truncated));
        assert_eq!(read(&[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]), Err(WireError::Varint));
        assert_eq!(read(&[0x00]), Err(WireError::Tag(0)));
        assert_eq!(read(&[0x0b]), Err(WireError::Tag(11)));
    }
}
