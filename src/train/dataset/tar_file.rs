//! `.tar` and `.tar.gz` files, read as a stream: nothing is unpacked to the disk.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;

use flate2::read::MultiGzDecoder;
use tar::{Archive, Entry};

use super::picture_file::check_size;
use super::{DatasetError, layout};

/// The contents of a file in an archive: outside, an archive that cannot be read any further;
/// inside, why this one file cannot be used.
pub(super) fn contents(entry: &mut Entry<'_, impl Read>) -> io::Result<Result<Vec<u8>, String>> {
    if !entry.header().entry_type().is_file() {
        return Ok(Err("it is a link inside the archive; pack the file itself".to_owned()));
    }
    let length = entry.size();
    if let Err(why) = check_size(length) {
        return Ok(Err(why));
    }
    // What a damaged archive says of a file is no reason to set so much memory aside.
    let mut bytes = Vec::with_capacity(length.min(1 << 20) as usize);
    entry.read_to_end(&mut bytes)?;
    Ok(Ok(bytes))
}

/// Gives every file and folder of an archive to `visit`, with its visible path, until it breaks off.
pub(super) fn read(
    path: &Path,
    mut visit: impl FnMut(&str, &mut Entry<'_, Box<dyn Read>>) -> io::Result<ControlFlow<()>>,
) -> Result<(), DatasetError> {
    let damaged = |cause| DatasetError::damaged(path, cause);
    let allowance = Rc::new(Cell::new(LARGEST_HEADERS));
    let from: Box<dyn Read> =
        Box::new(Allowed { from: open(path)?, allowance: Rc::clone(&allowance) });
    let mut archive = Archive::new(from);
    for (index, entry) in archive.entries().map_err(damaged)?.enumerate() {
        // A file that fails at its first header never was an archive.
        let mut entry = entry.map_err(|cause| match index {
            0 if cause.kind() == io::ErrorKind::Other => {
                DatasetError::NotAnArchive(path.to_owned())
            }
            _ => damaged(cause),
        })?;
        // Before the next one, all of this is read or skipped. A sparse file has another size than what is stored of it.
        let sparse = entry.header().entry_type().is_gnu_sparse();
        let stored =
            if sparse { entry.header().entry_size().map_err(damaged)? } else { entry.size() };
        allowance.set(stored.saturating_add(LARGEST_HEADERS));
        let inside = entry.path().map_err(damaged)?.into_owned();
        if let Some(file) = layout::visible(&inside)
            && visit(&file, &mut entry).map_err(damaged)?.is_break()
        {
            return Ok(());
        }
    }
    allowance.set(u64::MAX);
    // The checksum of a gzip file stands at its end, behind what a tar reader reads.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(damaged)?;
    Ok(())
}

/// The most bytes of headers, long names among them, that may stand before a file. The reader of tar keeps them all, and a
/// gigabyte of zeros is a megabyte in a gzip file.
const LARGEST_HEADERS: u64 = 1 << 20;

/// A stream from which only so many bytes may be read until the allowance is renewed.
struct Allowed<R> {
    from: R,
    allowance: Rc<Cell<u64>>,
}

impl<R: Read> Read for Allowed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.allowance.get();
        if left == 0 && !buffer.is_empty() {
            let why = "the headers before a file are larger than 1 MiB";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        let most = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let length = self.from.read(&mut buffer[..most])?;
        self.allowance.set(left - length as u64);
        Ok(length)
    }
}

fn open(path: &Path) -> Result<Box<dyn Read>, DatasetError> {
    let failed = |cause| DatasetError::read(path, cause);
    let mut file = BufReader::with_capacity(1 << 16, File::open(path).map_err(failed)?);
    let start = io::BufRead::fill_buf(&mut file).map_err(failed)?;
    Ok(match start {
        [0x1f, 0x8b, ..] => Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file))),
        _ => Box::new(file),
    })
}
