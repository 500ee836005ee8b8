//! Files that nobody would write: whatever is in them, they are read or refused, and nothing panics.
//!
//! `scripts/fuzz` looks for such files for as long as it is let. These here are the same ones each time, and among them
//! is each in which it has found something.
#![cfg(feature = "train")]

#[path = "../fuzz/src/formats/mod.rs"]
mod formats;

use std::panic::catch_unwind;
use std::path::Path;

use formats::Format;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Inputs of each format.
const INPUTS: usize = 2_000;

#[test]
fn whole_files_are_accepted() {
    for format in FORMATS {
        let accepted: Vec<bool> = format.seeds().iter().map(|seed| format.open(seed)).collect();
        // Of the shipped weights files there are only headers, for they are large.
        let expected: Vec<bool> =
            (0..accepted.len()).map(|number| format != Format::Weights || number < 2).collect();
        assert_eq!(accepted, expected, "{format:?}");
    }
}

#[test]
fn ten_thousand_malformed_files_cause_no_panic() {
    let mut inputs = 0;
    let mut panics = Vec::new();
    for format in FORMATS {
        let seeds = format.seeds();
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut refused = 0;
        for number in 0..INPUTS {
            let bytes = malformed(&seeds, &mut random);
            inputs += 1;
            match catch_unwind(|| format.open(&bytes)) {
                Ok(accepted) => refused += usize::from(!accepted),
                Err(_) => panics.push(keep(format, number, &bytes)),
            }
        }
        println!("{format:?}: {refused} of {INPUTS} were refused");
        // Were it none or all, the inputs would not be what they are meant to be.
        assert!((INPUTS / 10..INPUTS).contains(&refused), "{format:?}: {refused} of {INPUTS}");
    }
    println!("{inputs} malformed files, {} panics", panics.len());
    assert_eq!(inputs, 10_000);
    assert!(panics.is_empty(), "look at {panics:?}");
}

const FORMATS: [Format; 5] =
    [Format::Weights, Format::Picture, Format::Archive, Format::Cifar, Format::Cache];

/// One of the files, damaged in one to four places.
fn malformed(seeds: &[Vec<u8>], random: &mut ChaCha8Rng) -> Vec<u8> {
    let pick = |random: &mut ChaCha8Rng| seeds.choose(random).expect("there are seeds").clone();
    let mut bytes = pick(random);
    for _ in 0..random.random_range(1..=4) {
        if bytes.is_empty() {
            break;
        }
        let place = place(&bytes, random);
        match random.random_range(0..4) {
            0 => bytes[place] ^= 1 << random.random_range(0..8),
            1 => bytes.truncate(place),
            2 => overwrite(&mut bytes, place, &number(random)),
            _ => splice(&mut bytes, place, &pick(random), random),
        }
    }
    bytes
}

/// Half of them are near the beginning, where most formats say what follows.
fn place(bytes: &[u8], random: &mut ChaCha8Rng) -> usize {
    let end = if random.random() { bytes.len().min(64) } else { bytes.len() };
    random.random_range(0..end)
}

/// What could stand in a field for a length, a count or a size, in the ways in which formats write numbers.
fn number(random: &mut ChaCha8Rng) -> Vec<u8> {
    const EDGES: [u64; 12] =
        [0, 1, 2, 0x7f, 0xff, 0x100, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 1 << 63, u64::MAX];
    let value = if random.random() {
        *EDGES.choose(random).expect("there are some")
    } else {
        random.random_range(0..5_000)
    };
    let width = [1, 2, 4, 8][random.random_range(0..4)];
    match random.random_range(0..3) {
        0 => value.to_le_bytes()[..width].to_vec(),
        1 => value.to_be_bytes()[8 - width..].to_vec(),
        _ => format!("{value:o}").into_bytes(),
    }
}

fn overwrite(bytes: &mut [u8], place: usize, with: &[u8]) {
    for (byte, new) in bytes[place..].iter_mut().zip(with) {
        *byte = *new;
    }
}

/// Puts a part of another file in, or in the place of as many bytes.
fn splice(bytes: &mut Vec<u8>, place: usize, other: &[u8], random: &mut ChaCha8Rng) {
    let from = random.random_range(0..other.len());
    let to = random.random_range(from..=other.len());
    let replaced = if random.random() { to - from } else { 0 };
    let end = (place + replaced).min(bytes.len());
    bytes.splice(place..end, other[from..to].iter().copied());
}

/// Leaves an input where it can be looked at.
fn keep(format: Format, number: usize, bytes: &[u8]) -> String {
    let path =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("malformed-{format:?}-{number}"));
    match std::fs::write(&path, bytes) {
        Ok(()) => path.display().to_string(),
        Err(error) => format!("number {number} of {format:?}, which could not be kept: {error}"),
    }
}
