//! CRC-32 as in PNG, zlib and gzip: the polynomial 0x04C11DB7, bits reversed.
//!
//! Its tables, 16 kB that nothing compresses, are made when they are first needed. The crate for it brings its own along, which
//! made up a tenth of what a visitor downloaded.

use std::sync::LazyLock;

/// So many bytes are taken at a time, each through a table of its own.
const AT_ONCE: usize = 16;
/// The polynomial, its bits reversed.
const POLYNOMIAL: u32 = 0xEDB8_8320;

type Tables = [[u32; 256]; AT_ONCE];

/// What a byte comes to that is followed by so many others.
static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = [[0; 256]; AT_ONCE];
    for (byte, entry) in (0..).zip(&mut tables[0]) {
        *entry = (0..8).fold(byte, |rest: u32, _| (rest >> 1) ^ ((rest & 1) * POLYNOMIAL));
    }
    for following in 1..AT_ONCE {
        for byte in 0..256 {
            let before = tables[following - 1][byte];
            tables[following][byte] = (before >> 8) ^ tables[0][before as usize & 255];
        }
    }
    tables
});

/// The checksum of what is added to it.
pub struct Crc32 {
    tables: &'static Tables,
    rest: u32,
}

/// The checksum of some bytes.
#[cfg(feature = "train")]
pub fn of(bytes: &[u8]) -> u32 {
    let mut sum = Crc32::new();
    sum.update(bytes);
    sum.finalize()
}

impl Crc32 {
    /// Of nothing.
    pub fn new() -> Self {
        Self { tables: &TABLES, rest: !0 }
    }

    /// Adds what comes next.
    pub fn update(&mut self, bytes: &[u8]) {
        let (blocks, left) = bytes.as_chunks::<AT_ONCE>();
        for block in blocks {
            let mut block = *block;
            for (byte, rest) in block.iter_mut().zip(self.rest.to_le_bytes()) {
                *byte ^= rest;
            }
            let of = |(byte, table): (&u8, &[u32; 256])| table[usize::from(*byte)];
            self.rest = block.iter().zip(self.tables.iter().rev()).map(of).fold(0, |a, b| a ^ b);
        }
        for byte in left {
            let place = (self.rest ^ u32::from(*byte)) as usize & 255;
            self.rest = (self.rest >> 8) ^ self.tables[0][place];
        }
    }

    /// The checksum.
    pub fn finalize(self) -> u32 {
        !self.rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_parts(parts: &[&[u8]]) -> u32 {
        let mut sum = Crc32::new();
        parts.iter().for_each(|part| sum.update(part));
        sum.finalize()
    }

    #[test]
    fn the_check_value_of_the_catalogue() {
        assert_eq!(of_parts(&[b"123456789"]), 0xCBF4_3926);
        assert_eq!(of_parts(&[]), 0);
    }

    #[test]
    fn every_length_and_every_way_to_cut_it_in_two_gives_what_another_implementation_gives() {
        let bytes: Vec<u8> = (0..100u32).map(|at| (at * at * 31 + 7) as u8).collect();
        for length in 0..bytes.len() {
            let whole = &bytes[..length];
            for cut in 0..=length {
                let (before, after) = whole.split_at(cut);
                assert_eq!(of_parts(&[before, after]), crc32fast::hash(whole), "{length}, {cut}");
            }
        }
    }
}
