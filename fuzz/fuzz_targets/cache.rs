#![no_main]

use glimpse_fuzz::{Format, write_seeds};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: write_seeds(Format::Cache), |bytes: &[u8]| {
    Format::Cache.open(bytes);
});
