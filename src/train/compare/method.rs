//! What is compared.

use serde::{Deserialize, Serialize};

use crate::model::Architecture;

/// A way to say what is in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// The most frequent class, always
    Majority,
    /// Nearest neighbours by their pixels
    Nearest,
    /// Nearest neighbours by the 64 principal components of their pixels
    NearestPca,
    /// A linear support vector machine on gradients and colours
    LinearSvm,
    /// A support vector machine with a radial kernel, nearly, by random Fourier features of gradients and colours
    RbfSvm,
    /// A decision tree on gradients and colours
    Tree,
    /// A random forest on gradients and colours
    Forest,
    /// The network `plain`, trained from nothing
    Plain,
    /// The network `vgg`, trained from nothing
    Vgg,
    /// The network `convnet`, trained from nothing
    Convnet,
    /// A new head on the frozen backbone of the photo network
    Photo,
}

impl Method {
    /// All of them, the simplest first.
    pub const ALL: [Self; 11] = [
        Self::Majority,
        Self::Nearest,
        Self::NearestPca,
        Self::LinearSvm,
        Self::RbfSvm,
        Self::Tree,
        Self::Forest,
        Self::Plain,
        Self::Vgg,
        Self::Convnet,
        Self::Photo,
    ];

    /// What it is called in the table.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Majority => "majority class",
            Self::Nearest => "nearest neighbours, pixels",
            Self::NearestPca => "nearest neighbours, 64 principal components",
            Self::LinearSvm => "linear SVM, HOG and colours",
            Self::RbfSvm => "RBF SVM, HOG and colours",
            Self::Tree => "decision tree, HOG and colours",
            Self::Forest => "random forest, HOG and colours",
            Self::Plain => "network `plain`",
            Self::Vgg => "network `vgg`",
            Self::Convnet => "network `convnet`",
            Self::Photo => "photo network's features, linear head",
        }
    }

    /// The network that is trained from nothing, where it is one.
    pub const fn architecture(self) -> Option<Architecture> {
        match self {
            Self::Plain => Some(Architecture::Plain),
            Self::Vgg => Some(Architecture::Vgg),
            Self::Convnet => Some(Architecture::ConvNet),
            _ => None,
        }
    }
}
