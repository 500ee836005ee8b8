//! Downloads: once, checked, and kept.
//!
//! The file gets its name only after its checksum has been found right, so whatever lies in the
//! cache under that name is whole, also after a lost connection or a full disk.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use md5::{Digest, Md5};
use ureq::Agent;

use super::types::Report;
use super::{DatasetError, Progress, checksum};

/// The bytes between two reports of progress.
const BLOCK: usize = 1 << 16;

/// A file of this name where the user's caches are.
///
/// # Errors
///
/// [`DatasetError::NoCacheFolder`] if nothing says where that is.
pub fn cache_file(name: &str) -> Result<PathBuf, DatasetError> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let folder = cache_folder(variable, std::env::home_dir()).ok_or(DatasetError::NoCacheFolder)?;
    Ok(folder.join(name))
}

/// `$GLIMPSE_CACHE`, else `$XDG_CACHE_HOME/glimpse`, else `~/.cache/glimpse`.
fn cache_folder(
    variable: impl Fn(&str) -> Option<PathBuf>,
    home: Option<PathBuf>,
) -> Option<PathBuf> {
    let set = |name| variable(name).filter(|path| !path.as_os_str().is_empty());
    set("GLIMPSE_CACHE").or_else(|| {
        // The XDG specification tells programs to ignore a path that is not absolute.
        let shared = set("XDG_CACHE_HOME").filter(|path| path.is_absolute());
        let caches = shared.or_else(|| Some(home?.join(".cache")))?;
        Some(caches.join("glimpse"))
    })
}

/// A file on a server, and what it must be.
pub(super) struct Remote<'a> {
    pub(super) url: &'a str,
    pub(super) md5: &'a str,
}

impl Remote<'_> {
    /// Makes sure that a file of this name is in the cache, and says where.
    pub(super) fn cached(&self, name: &str, progress: Report<'_>) -> Result<PathBuf, DatasetError> {
        let file = cache_file(name)?;
        let wait = Some(Duration::from_secs(30));
        let patience = Agent::config_builder().timeout_connect(wait).timeout_recv_response(wait);
        self.fetch(&patience.build().into(), &file, progress)?;
        Ok(file)
    }

    /// Makes sure that `file` is this file.
    fn fetch(&self, agent: &Agent, file: &Path, progress: Report<'_>) -> Result<(), DatasetError> {
        // A file that has been damaged since is downloaded again and replaced.
        if file.is_file() && checksum::md5(file)? == self.md5 {
            return Ok(());
        }
        let partial = file.with_added_extension("part");
        let failed = |cause| DatasetError::Cache { path: partial.clone(), cause };
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        // Two processes that write to one file would both end with a damaged one.
        let out = File::options().create(true).append(true).open(&partial).map_err(failed)?;
        out.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => DatasetError::Busy(file.to_owned()),
            TryLockError::Error(cause) => failed(cause),
        })?;

        let whole = self.receive(agent, &out, progress, &failed);
        let kept = whole.and_then(|()| fs::rename(&partial, file).map_err(failed));
        if kept.is_err() {
            // The error that is on its way matters more than a left-over, which the next download
            // overwrites.
            let _ = fs::remove_file(&partial);
        }
        kept
    }

    /// Writes the file to `out` and checks it.
    fn receive(
        &self,
        agent: &Agent,
        mut out: &File,
        progress: Report<'_>,
        failed: &dyn Fn(io::Error) -> DatasetError,
    ) -> Result<(), DatasetError> {
        let broken = |cause| DatasetError::Download { url: self.url.to_owned(), cause };
        // What an interrupted download may have left.
        out.set_len(0).map_err(failed)?;

        // The archive is compressed already, and its checksum is that of the compressed bytes.
        let request = agent.get(self.url).header("Accept-Encoding", "identity");
        let response = request.call().map_err(|error| broken(error.into()))?;
        let total = response.body().content_length();
        let mut body = response.into_body().into_reader();

        let mut hash = Md5::new();
        let mut block = vec![0; BLOCK];
        let mut done = 0;
        loop {
            let length = body.read(&mut block).map_err(|error| broken(error.into()))?;
            if length == 0 {
                break;
            }
            out.write_all(&block[..length]).map_err(failed)?;
            hash.update(&block[..length]);
            done += length as u64;
            progress(Progress::Downloading { done, total });
        }
        out.sync_all().map_err(failed)?;

        let found = checksum::hexadecimal(hash);
        if found != self.md5 {
            let (url, expected) = (self.url.to_owned(), self.md5.to_owned());
            return Err(DatasetError::Checksum { url, expected, found });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;
    use std::sync::Mutex;

    const BODY: &[u8] = b"The quick brown fox jumps over the lazy dog";
    const MD5: &str = "9e107d9d372bb6826bd81d3542a419d6";

    /// A server that gives one answer and goes.
    fn serve(status: &str, body: &[u8], length: usize) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/file", listener.local_addr().unwrap());
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n");
        let answer = [head.as_bytes(), body].concat();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let request = BufReader::new(stream.try_clone().unwrap());
            // The request ends with an empty line.
            request.lines().map_while(Result::ok).find(String::is_empty);
            stream.write_all(&answer).unwrap();
        });
        url
    }

    fn fetch(url: &str, file: &Path) -> Result<(), DatasetError> {
        fetch_telling(url, file, &|_| ())
    }

    fn fetch_telling(url: &str, file: &Path, progress: Report<'_>) -> Result<(), DatasetError> {
        // A proxy of the machine that runs the tests cannot reach the test's own server.
        let agent = Agent::config_builder().proxy(None).build().into();
        Remote { url, md5: MD5 }.fetch(&agent, file, progress)
    }

    /// What lies in a folder.
    fn listing(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        names.map(|name| name.into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_is_downloaded_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/cache/file.tar.gz");
        let steps = Mutex::new(Vec::new());
        let url = serve("200 OK", BODY, BODY.len());
        fetch_telling(&url, &file, &|step| steps.lock().unwrap().push(step)).unwrap();
        assert_eq!(fs::read(&file).unwrap(), BODY);
        assert_eq!(listing(file.parent().unwrap()), ["file.tar.gz"]);
        let last = Progress::Downloading { done: 43, total: Some(43) };
        assert_eq!(steps.into_inner().unwrap().last(), Some(&last));
        // The server is gone, so this would fail if it asked again.
        fetch(&url, &file).unwrap();
    }

    #[test]
    fn a_file_that_was_damaged_in_the_cache_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "something else").unwrap();
        fs::write(folder.path().join("file.part"), "an interrupted download").unwrap();
        fetch(&serve("200 OK", BODY, BODY.len()), &file).unwrap();
        assert_eq!(fs::read(&file).unwrap(), BODY);
    }

    #[test]
    fn a_wrong_file_is_deleted_and_the_error_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let error = fetch(&serve("200 OK", b"wrong", 5), &folder.path().join("file")).unwrap_err();
        assert!(matches!(error, DatasetError::Checksum { .. }), "{error}");
        assert!(error.to_string().contains("was deleted"), "{error}");
        assert!(listing(folder.path()).is_empty());
    }

    #[test]
    fn a_download_that_fails_or_breaks_off_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for (status, length) in [("404 Not Found", BODY.len()), ("200 OK", 2 * BODY.len())] {
            let url = serve(status, BODY, length);
            let error = fetch(&url, &folder.path().join("file")).unwrap_err();
            assert!(matches!(error, DatasetError::Download { .. }), "{error}");
            assert!(listing(folder.path()).is_empty());
        }
    }

    #[test]
    fn two_processes_do_not_write_to_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let other = File::create(folder.path().join("file.part")).unwrap();
        other.lock().unwrap();
        let error = fetch("http://127.0.0.1:9/", &folder.path().join("file")).unwrap_err();
        assert!(matches!(error, DatasetError::Busy(_)), "{error}");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("plain"), "").unwrap();
        let error = fetch("http://127.0.0.1:9/", &folder.path().join("plain/file")).unwrap_err();
        assert!(matches!(error, DatasetError::Cache { .. }), "{error}");
    }

    #[test]
    fn the_cache_lies_where_the_user_says() {
        let home = || Some(PathBuf::from("/home/ada"));
        let folder = |set: &[(&str, &str)], home| {
            let value = |name: &str| set.iter().find(|(key, _)| *key == name);
            cache_folder(|name| value(name).map(|(_, value)| PathBuf::from(value)), home)
        };
        let (own, xdg) = (("GLIMPSE_CACHE", "/a"), ("XDG_CACHE_HOME", "/b"));
        assert_eq!(folder(&[own, xdg], home()), Some("/a".into()));
        assert_eq!(folder(&[xdg], home()), Some("/b/glimpse".into()));
        assert_eq!(folder(&[], home()), Some("/home/ada/.cache/glimpse".into()));
        let useless = [("GLIMPSE_CACHE", ""), ("XDG_CACHE_HOME", "relative")];
        assert_eq!(folder(&useless, home()), Some("/home/ada/.cache/glimpse".into()));
        assert_eq!(folder(&[], None), None);
    }
}
