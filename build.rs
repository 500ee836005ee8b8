//! Tells the companion binary which commit it is built from.
//!
//! Only the `train` feature is told: the browser's modules stay the same bytes from one commit to the next, and
//! nothing of git makes them compile again.

use std::path::Path;
use std::process::Command;

/// What decides what the binary does. A change anywhere else makes it no other binary.
const SOURCES: [&str; 5] = ["src", "www/i18n/tables", "build.rs", "Cargo.toml", "Cargo.lock"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_TRAIN").is_none() {
        return;
    }
    for source in SOURCES {
        rerun_if_changed(source);
    }
    let commit = commit().unwrap_or_else(|| format!("v{}", env!("CARGO_PKG_VERSION")));
    println!("cargo::rustc-env=GLIMPSE_COMMIT={commit}");
}

/// The commit, with `-dirty` where the sources differ from it. `None` without git, without a repository, and where the
/// crate lies unpacked or vendored in a repository of something else.
fn commit() -> Option<String> {
    if !git(&["rev-parse", "--show-prefix"])?.is_empty() {
        return None;
    }
    // A commit on a branch leaves HEAD as it is and changes the branch's file, which is not there while the branch
    // is packed; the log of HEAD grows in either case.
    let branch = git(&["symbolic-ref", "--quiet", "HEAD"]);
    for file in ["HEAD", "logs/HEAD"].into_iter().chain(branch.as_deref()) {
        rerun_if_changed(&git(&["rev-parse", "--git-path", file])?);
    }
    let commit = git(&["rev-parse", "--short", "HEAD"])?;
    let changes =
        git(&[&["--no-optional-locks", "status", "--porcelain", "--"][..], &SOURCES].concat())?;
    Some(if changes.is_empty() { commit } else { format!("{commit}-dirty") })
}

/// What git prints. Cargo runs this program in the crate's folder.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Cargo would run this program every time because of a file that is not there.
fn rerun_if_changed(path: &str) {
    if Path::new(path).exists() {
        println!("cargo::rerun-if-changed={path}");
    }
}
