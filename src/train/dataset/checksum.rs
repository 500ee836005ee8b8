//! MD5: a name for exactly these bytes.

use std::fs::File;
use std::io;
use std::path::Path;

use md5::{Digest, Md5};

use super::DatasetError;

/// The MD5 of a file in hexadecimal: a name for exactly these bytes, not a proof of their origin.
pub(super) fn md5(path: &Path) -> Result<String, DatasetError> {
    let failed = |cause| DatasetError::read(path, cause);
    let mut hash = Md5::new();
    io::copy(&mut File::open(path).map_err(failed)?, &mut hash).map_err(failed)?;
    Ok(hexadecimal(hash))
}

/// Finishes a checksum.
pub(super) fn hexadecimal(hash: Md5) -> String {
    format!("{:x}", hash.finalize())
}
