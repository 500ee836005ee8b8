#![no_main]

use glimpse_fuzz::{Format, write_seeds};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: write_seeds(Format::Picture), |bytes: &[u8]| {
    Format::Picture.open(bytes);
});
