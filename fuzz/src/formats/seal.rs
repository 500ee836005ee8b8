//! Checksums that are right again. Whoever means harm writes right ones, and without them hardly any damage would get
//! further than the checksum.

use std::ops::Range;

use glimpse::Classifier;
use glimpse::model::weights::WeightsError;

/// A weights file with the checksum that it should have, where that is all that is wrong so far.
pub fn weights(bytes: &[u8]) -> Vec<u8> {
    let mut sealed = bytes.to_vec();
    let Err(WeightsError::Checksum { found, expected }) = Classifier::load(bytes) else {
        return sealed;
    };
    // Within the metadata, which are JSON in JSON; how long they are stands in the first eight bytes.
    let needle = format!(r#"\"checksum\":{expected}"#);
    let place = bytes.windows(needle.len()).position(|window| window == needle.as_bytes());
    let (Some(place), Some(length)) = (place, bytes.first_chunk()) else { return sealed };
    let right = format!(r#"\"checksum\":{found}"#);
    let length = u64::from_le_bytes(*length) + right.len() as u64 - needle.len() as u64;
    sealed.splice(place..place + needle.len(), right.into_bytes());
    sealed[..8].copy_from_slice(&length.to_le_bytes());
    sealed
}

/// An archive that is not packed, with the checksum of each entry.
pub fn archive(bytes: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 512;
    let mut sealed = bytes.to_vec();
    let mut place = 0_usize;
    while let Some(block) = sealed.get_mut(place..place.saturating_add(BLOCK)) {
        let mut header = tar::Header::new_old();
        header.as_mut_bytes().copy_from_slice(block);
        // The end of an archive is empty, and has no checksum.
        if block.iter().any(|byte| *byte != 0) {
            header.set_cksum();
            block.copy_from_slice(header.as_bytes());
        }
        let size = usize::try_from(header.entry_size().unwrap_or(0)).unwrap_or(usize::MAX);
        place =
            place.saturating_add(BLOCK).saturating_add(size.div_ceil(BLOCK).saturating_mul(BLOCK));
    }
    sealed
}

/// Where the records of a cache may begin: `glimpse::train::features::Cache` says what stands in a record's head.
pub fn heads(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes.windows(4).enumerate().filter(|(_, window)| window == b"\xf7gf\n").map(|(place, _)| place)
}

/// A cache with both checksums of each record.
pub fn cache(bytes: &[u8]) -> Vec<u8> {
    const HEAD: usize = 32;
    const LENGTH: Range<usize> = 20..24;
    let mut sealed = bytes.to_vec();
    for place in heads(bytes) {
        let Some((head, rest)) = sealed[place..].split_at_mut_checked(HEAD) else { continue };
        let length = head[LENGTH].try_into().map(u32::from_le_bytes).expect("four bytes");
        if let Some(content) = rest.get(..length as usize) {
            head[24..28].copy_from_slice(&crc32fast::hash(content).to_le_bytes());
        }
        let checksum = crc32fast::hash(&head[..28]);
        head[28..].copy_from_slice(&checksum.to_le_bytes());
    }
    sealed
}
