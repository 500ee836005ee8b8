//! What the fuzz targets are made of: each is a [`Format`], begins with the files of `seeds` and hands every input to
//! [`Format::open`].

pub mod formats;

pub use formats::Format;

/// Writes the files that fuzzing begins with to the folder that `GLIMPSE_SEEDS` names, where it is set.
///
/// # Panics
///
/// If they can't be written.
pub fn write_seeds(format: Format) {
    let Some(folder) = std::env::var_os("GLIMPSE_SEEDS") else { return };
    let folder = std::path::PathBuf::from(folder);
    std::fs::create_dir_all(&folder).expect("the folder of the seeds can be made");
    for (number, bytes) in format.seeds().iter().enumerate() {
        let path = folder.join(format!("seed-{number}"));
        std::fs::write(path, bytes).expect("a seed can be written");
    }
}
