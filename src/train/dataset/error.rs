//! What can go wrong with a data set. The messages are read by the person who started the
//! training, so each says what to do next.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use super::LeftAside;

/// Why a data set could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// Nothing is at the path.
    #[error(
        "There is no file or folder at {}. Check the path, or say `cifar10` to download CIFAR-10.",
        .0.display()
    )]
    NotFound(PathBuf),

    /// The operating system refuses.
    #[error("{} could not be read. Check that it exists and that you may read it.", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },

    /// The file is of a kind that is not read.
    #[error(
        "{} is neither a folder nor a .tar or .tar.gz archive. Unpack it (if it is packed in \
         another way), and give the folder that holds the class folders.",
        .0.display()
    )]
    NotAnArchive(PathBuf),

    /// The archive breaks off or contradicts itself.
    #[error("The archive {} is damaged. Download or copy it again.", path.display())]
    Damaged {
        /// The archive.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        cause: io::Error,
    },

    /// No picture anywhere.
    #[error(
        "{from} holds no pictures ({ignored}). Put JPEG, PNG, GIF, WebP or BMP files \
         into one folder per class, as in train/cat/1.jpg."
    )]
    NoPictures {
        /// The source.
        from: String,
        /// Files with other endings.
        ignored: LeftAside,
    },

    /// Pictures, but no folders that name them.
    #[error(
        "{from} holds pictures that lie in no class folder. Put them into one folder per class, \
         as in train/cat/1.jpg and train/dog/1.jpg."
    )]
    NoClasses {
        /// The source.
        from: String,
    },

    /// Pictures whose names say nothing.
    #[error(
        "None of the {pictures} pictures in {from} has a name that says what it is. It must begin with WordNet's \
         identifier of one of the network's names, as in n01440764_tench.jpg."
    )]
    NoNames {
        /// The source.
        from: String,
        /// Pictures in all.
        pictures: usize,
    },

    /// Records have no file names.
    #[error(
        "{from} holds records of CIFAR-10, which have no names. Give a folder or an archive of picture files."
    )]
    NoFiles {
        /// The archive.
        from: String,
    },

    /// Archives are read from their beginning to their end.
    #[error(
        "{0} is an archive, and only folders can be streamed. Unpack it and give the folder, or leave --stream out."
    )]
    NotStreamed(String),

    /// A streamed picture is no longer what it was when the run began.
    #[error(
        "The picture {} was read when the run began, and can't be now: {why}. Put it back as it was, and go on with \
         --resume.",
        path.display()
    )]
    Lost {
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },

    /// A choice needs two classes.
    #[error(
        "{from} has only the class '{class}', and a classifier needs two or more. Add a folder of \
         pictures that are something else, or more data."
    )]
    OneClass {
        /// The source.
        from: String,
        /// The only class.
        class: String,
    },

    /// A class that cannot be learnt.
    #[error(
        "The class '{class}' of {from} has no readable picture to train on. Add some (JPEG, PNG, \
         GIF, WebP or BMP; HEIC must be converted), or remove its folder."
    )]
    EmptyClass {
        /// The source.
        from: String,
        /// The class.
        class: String,
    },

    /// Only test pictures.
    #[error(
        "{from} has pictures to test on and none to train on. Add train/<class>/ folders, or another source that has them."
    )]
    NoTraining {
        /// The source.
        from: String,
    },

    /// A class that is asked for and never taught.
    #[error(
        "{from} tests or validates the class '{class}' but has no folder train/{class}. Add training \
         pictures for it, or remove it from test/ and val/; the names must be spelled alike."
    )]
    TestOnlyClass {
        /// The source.
        from: String,
        /// The class.
        class: String,
    },

    /// More than one broken picture in twenty.
    #[error(
        "{bad} of the {of} pictures in {from} cannot be read, more than one in twenty; the first \
         is {path}: {why}. Repair or remove them."
    )]
    TooManyBad {
        /// The source.
        from: String,
        /// Pictures that cannot be read.
        bad: usize,
        /// Pictures in all.
        of: usize,
        /// The first of them.
        path: String,
        /// What is wrong with the first.
        why: String,
    },

    /// A CIFAR-10 archive without its class names.
    #[error(
        "{from} holds CIFAR-10 records but no class names: batches.meta.txt is missing or names \
         fewer than two. Use the official binary archive, or say `cifar10` to download it."
    )]
    NoClassNames {
        /// The archive.
        from: String,
    },

    /// A CIFAR-10 file that does not consist of whole records.
    #[error(
        "{file} in {from} ends in the middle of a picture: its {bytes} bytes are not a multiple \
         of {record}. Download or copy the archive again."
    )]
    TruncatedRecord {
        /// The archive.
        from: String,
        /// The file in it.
        file: String,
        /// Its length.
        bytes: usize,
        /// The length of a record.
        record: usize,
    },

    /// A CIFAR-10 record whose class has no name.
    #[error(
        "Record {record} of {file} in {from} has the label {label}, but only {classes} classes \
         have names. The archive is damaged or is not CIFAR-10; download it again."
    )]
    LabelOutOfRange {
        /// The archive.
        from: String,
        /// The file in it.
        file: String,
        /// The record, from 0.
        record: usize,
        /// Its label.
        label: usize,
        /// The number of names.
        classes: usize,
    },

    /// Nowhere to keep the download.
    #[error(
        "No folder to keep the download in: neither GLIMPSE_CACHE, XDG_CACHE_HOME nor a home \
         folder is set. Set GLIMPSE_CACHE to a folder with 200 MB to spare."
    )]
    NoCacheFolder,

    /// The cache folder or the file in it cannot be written.
    #[error(
        "The download could not be kept at {}. Make room there, or set GLIMPSE_CACHE to a folder that \
         you may write to.",
        path.display()
    )]
    Cache {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },

    /// Another process downloads the same file.
    #[error("Another process is downloading to {} now. Wait for it, then start again.", .0.display())]
    Busy(PathBuf),

    /// The server cannot be reached or breaks off.
    #[error(
        "{url} could not be downloaded. Check the connection and start again, or fetch the file in \
         another way and give its path."
    )]
    Download {
        /// The address.
        url: String,
        /// What went wrong.
        #[source]
        cause: Box<dyn Error + Send + Sync>,
    },

    /// The download arrived whole and is not the expected file.
    #[error(
        "The file from {url} is damaged and was deleted: its MD5 is {found}, not {expected}. \
         Start again to download it once more."
    )]
    Checksum {
        /// The address.
        url: String,
        /// The checksum of the official file.
        expected: String,
        /// The checksum of what came.
        found: String,
    },

    /// A share of examples that is none.
    #[error("The validation share is {0}, but it must be 0 or more and less than 1, such as 0.1.")]
    Fraction(f64),
}

impl DatasetError {
    pub(super) fn read(path: &Path, cause: io::Error) -> Self {
        Self::Read { path: path.to_owned(), cause }
    }

    pub(super) fn damaged(path: &Path, cause: io::Error) -> Self {
        Self::Damaged { path: path.to_owned(), cause }
    }
}
