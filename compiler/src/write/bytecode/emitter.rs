//! Writing primitives: the counterparts of the reader's cursor.

use bytes::Bytes;

/// Blobs longer than this are kept as they are and not copied until the file is put together.
const SHARED: usize = 1 << 10;

/// Bytes being written, as owned pieces and shared blobs in order.
#[derive(Debug, Default)]
pub(super) struct Emitter {
    done: Vec<Bytes>,
    current: Vec<u8>,
    length: usize,
}

impl Emitter {
    /// How many bytes have been written.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// One byte.
    pub(super) fn byte(&mut self, byte: u8) {
        self.current.push(byte);
        self.length += 1;
    }

    /// Bytes as they are.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.current.extend_from_slice(bytes);
        self.length += bytes.len();
    }

    /// Bytes as they are, shared where they are many.
    pub(super) fn shared(&mut self, bytes: &Bytes) {
        if bytes.len() <= SHARED {
            return self.bytes(bytes);
        }
        self.done.push(std::mem::take(&mut self.current).into());
        self.done.push(bytes.clone());
        self.length += bytes.len();
    }

    /// A variable-width integer.
    pub(super) fn varint(&mut self, value: u64) {
        let bits = 64 - value.leading_zeros() as usize;
        let bytes = bits.div_ceil(7).max(1);
        if bytes > 8 {
            self.byte(0);
            return self.bytes(&value.to_le_bytes());
        }
        let encoded = ((value << 1) | 1) << (bytes - 1);
        self.bytes(&encoded.to_le_bytes()[..bytes]);
    }

    /// A signed variable-width integer.
    pub(super) fn svarint(&mut self, value: i64) {
        self.varint(((value << 1) ^ (value >> 63)) as u64);
    }

    /// An integer with a flag in its lowest bit.
    pub(super) fn flagged(&mut self, value: u64, flag: bool) {
        self.varint(value << 1 | u64::from(flag));
    }

    /// Everything that another emitter has written.
    pub(super) fn append(&mut self, other: Emitter) {
        self.done.push(std::mem::take(&mut self.current).into());
        self.done.extend(other.done);
        self.current = other.current;
        self.length += other.length;
    }

    /// A section: number, length, contents.
    pub(super) fn section(&mut self, id: u8, contents: Emitter) {
        self.byte(id);
        self.varint(contents.len() as u64);
        self.append(contents);
    }

    /// All bytes in one piece.
    pub(super) fn finish(self) -> Vec<u8> {
        let mut all = Vec::with_capacity(self.length);
        for piece in &self.done {
            all.extend_from_slice(piece);
        }
        all.extend_from_slice(&self.current);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_take_as_few_bytes_as_they_can() {
        let emit = |value| {
            let mut emitter = Emitter::default();
            emitter.varint(value);
            assert_eq!(emitter.len(), emitter.current.len());
            emitter.finish()
        };
        assert_eq!(emit(0), [1]);
        assert_eq!(emit(127), [0xff]);
        assert_eq!(emit(128), [0x02, 0x02]);
        assert_eq!(emit(1 << 48), [0x40, 0, 0, 0, 0, 0, 0x80]);
        assert_eq!(emit(1 << 49), [0x80, 0, 0, 0, 0, 0, 0, 2]);
        assert_eq!(emit((1 << 56) - 1).len(), 8);
        assert_eq!(emit(u64::MAX), [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    }

    #[test]
    fn long_blobs_keep_their_place() {
        let blob = Bytes::from(vec![7u8; 5000]);
        let mut inner = Emitter::default();
        inner.byte(1);
        inner.shared(&blob);
        inner.byte(2);
        let mut emitter = Emitter::default();
        emitter.byte(0);
        emitter.append(inner);
        emitter.byte(3);
        let bytes = emitter.finish();
        assert_eq!((bytes.len(), bytes[1], bytes[5002], bytes[5003]), (5004, 1, 2, 3));
    }
}
