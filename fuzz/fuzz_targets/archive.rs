#![no_main]

use glimpse_fuzz::{Format, write_seeds};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: write_seeds(Format::Archive), |bytes: &[u8]| {
    Format::Archive.open(bytes);
});
