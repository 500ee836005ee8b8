//! Files that are whole or not there, and never written over what they were made of.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::TrainError;

/// Writes a file, its parts one after the other, in one step: whatever happens meanwhile, under its name there is the
/// old content or the new one, whole. Its folder is made if need be; a link stays one, and what it leads to is written.
///
/// # Errors
///
/// If the system does not allow it; an older file is still there then.
pub fn write(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let path = &resolved(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // Opened as if it were to be overwritten: a file that is protected against that is not replaced, either.
    let old = match File::options().write(true).open(path) {
        Ok(mut old) => {
            let about = old.metadata()?;
            if !about.is_file() {
                // A pipe or a device has no content that could be lost.
                return parts.iter().try_for_each(|part| old.write_all(part));
            }
            Some(about.permissions())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    // In the same folder, because only there a file takes another name in one step. With the number of the process:
    // two that write into one file would both end with a damaged one.
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.new", std::process::id()));
    let new = path.with_file_name(name);
    let written = (|| {
        let mut file = File::create(&new)?;
        parts.iter().try_for_each(|part| file.write_all(part))?;
        if let Some(permissions) = old {
            file.set_permissions(permissions)?;
        }
        // The name may reach the disk before the content does.
        file.sync_all()?;
        fs::rename(&new, path)
    })();
    if written.is_err() {
        // The error that is on its way matters more than a left-over.
        let _ = fs::remove_file(&new);
    }
    #[cfg(unix)]
    if let (Ok(()), Some(Ok(folder))) = (&written, path.parent().map(File::open)) {
        // The name is to survive a power cut, too. Not every file system can be asked for that, and the file is whole
        // either way.
        let _ = folder.sync_all();
    }
    written
}

/// Refuses outputs that would replace an input or one another, links and all.
///
/// # Errors
///
/// [`TrainError::Replaces`] with the first such pair.
pub fn keep_apart(outputs: &[&Path], inputs: &[&Path]) -> Result<(), TrainError> {
    for (place, output) in outputs.iter().enumerate() {
        let others = inputs.iter().chain(&outputs[..place]);
        if let Some(other) = others.into_iter().find(|other| resolved(other) == resolved(output)) {
            let [output, other] = [output, other].map(|path| path.to_path_buf());
            return Err(TrainError::Replaces { output, other });
        }
    }
    Ok(())
}

/// Where a path leads, whether or not a file is there yet.
fn resolved(path: &Path) -> PathBuf {
    let there = path.canonicalize().ok();
    let to_be = || {
        let folder = match path.parent()? {
            here if here.as_os_str().is_empty() => Path::new("."),
            folder => folder,
        };
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    there.or_else(to_be).unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        names.map(|name| name.into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_is_written_beside_the_old_one_and_takes_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/x.safetensors");
        write(&path, &[b"old"]).unwrap();
        // Somebody who has the old one open goes on reading it: it is replaced, not overwritten.
        let mut old = File::open(&path).unwrap();
        write(&path, &[b"ne", b"w"]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let mut content = String::new();
        io::Read::read_to_string(&mut old, &mut content).unwrap();
        assert_eq!(content, "old");
        assert_eq!(listing(path.parent().unwrap()), ["x.safetensors"]);
    }

    #[test]
    fn what_can_not_be_written_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::create_dir(&path).unwrap();
        write(&path, &[b"new"]).unwrap_err();
        assert_eq!(listing(folder.path()), ["x"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_permissions_do() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, PermissionsExt::from_mode(0o640)).unwrap();
        symlink(&real, &link).unwrap();
        write(&link, &[b"new"]).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn an_output_is_no_input_and_no_other_output() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("sub")).unwrap();
        fs::write(at("body"), "weights").unwrap();
        let apart = |outputs: &[PathBuf], inputs: &[PathBuf]| {
            let [outputs, inputs] = [outputs, inputs]
                .map(|paths| paths.iter().map(PathBuf::as_path).collect::<Vec<_>>());
            keep_apart(&outputs, &inputs)
        };
        apart(&[at("a"), at("b")], &[at("body")]).unwrap();
        let replaces = |outputs: &[PathBuf], inputs: &[PathBuf]| {
            matches!(apart(outputs, inputs), Err(TrainError::Replaces { .. }))
        };
        assert!(replaces(&[at("a"), at("sub/../body")], &[at("body")]));
        // Neither is there yet.
        assert!(replaces(&[at("a"), at("sub/../a")], &[]));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(at("body"), at("link")).unwrap();
            std::os::unix::fs::symlink(at("sub"), at("folder")).unwrap();
            fs::write(at("sub/body"), "weights").unwrap();
            assert!(replaces(&[at("link")], &[at("body")]));
            assert!(replaces(&[at("body")], &[at("link")]));
            assert!(replaces(&[at("folder/body")], &[at("sub/body")]));
        }
    }
}
