//! One picture file: its bytes, and their pixels.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::pixels::Pixels;
use crate::with_causes;

/// The largest file that is read, in MiB: no photo comes near, and a file that only claims to be one
/// cannot fill the memory.
const LARGEST: u64 = 256;

/// Refuses a file of too many bytes, before it is read.
pub(super) fn check_size(bytes: u64) -> Result<(), String> {
    if bytes > LARGEST << 20 {
        return Err(format!("it is larger than {LARGEST} MiB"));
    }
    Ok(())
}

/// Reads a picture from an open file or from a stream, up to its end.
///
/// # Errors
///
/// What is wrong with it, as half a sentence: it can't be read, is larger than 256 MiB or no picture.
pub fn read_picture(from: impl Read) -> Result<Pixels, String> {
    let mut bytes = Vec::new();
    let most = (LARGEST << 20) + 1;
    from.take(most).read_to_end(&mut bytes).map_err(|cause| cause.to_string())?;
    check_size(bytes.len() as u64)?;
    decode(Ok(bytes))
}

/// The bytes of a picture file, or why there are none.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, String> {
    let length = fs::metadata(file).map_err(|cause| cause.to_string())?.len();
    check_size(length)?;
    fs::read(file).map_err(|cause| cause.to_string())
}

/// The pixels of a file as it was read, or why there are none.
pub(super) fn decode(bytes: Result<Vec<u8>, String>) -> Result<Pixels, String> {
    Pixels::decode(&bytes?).map_err(|error| with_causes(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enormous_file_is_refused_before_it_is_read() {
        assert_eq!(check_size(20 << 20), Ok(()));
        assert!(check_size(1 << 40).is_err());
    }
}
