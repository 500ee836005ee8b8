//! What is known of a network before there is one: architecture, sizes, form.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The name of a network's shape, as it stands in a weights file and on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    /// A whitening stem and three blocks of two convolutions: small and quick to train.
    ConvNet,
    /// Pairs of 3×3 convolutions between poolings, two dense layers: the style of VGG.
    Vgg,
    /// Two convolutions, two poolings, two dense layers: the first network of many a tutorial.
    Plain,
    /// Depthwise and pointwise convolutions, for photographs: meant to start from imported weights.
    #[serde(rename = "efficientnet-lite0")]
    EfficientNetLite,
}

impl Architecture {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::ConvNet, Self::Vgg, Self::Plain, Self::EfficientNetLite];

    /// The name, as it stands in a weights file and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConvNet => "convnet",
            Self::Vgg => "vgg",
            Self::Plain => "plain",
            Self::EfficientNetLite => "efficientnet-lite0",
        }
    }
}

/// How a feature is made of its map, the last thing before the dense layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooling {
    /// The mean over all cells.
    Mean,
    /// The largest of them.
    Maximum,
}

impl Architecture {
    /// How features are made of maps, where each feature has one.
    pub const fn pooling(self) -> Option<Pooling> {
        match self {
            Self::ConvNet => Some(Pooling::Maximum),
            Self::EfficientNetLite => Some(Pooling::Mean),
            Self::Vgg | Self::Plain => None,
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Architecture {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let named = |known: &Self| known.name() == name;
        Self::ALL.into_iter().find(named).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// A name that stands for nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not one of the names.")]
pub struct UnknownName(pub String);

/// What has to be known of a network before its tensors can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Which of the networks.
    pub architecture: Architecture,
    /// Side of the square input, in pixels.
    pub input_size: usize,
    /// How many logits come out: one for each class, or a single one for a question of yes or no.
    pub outputs: usize,
    /// How many logits of a wider vocabulary come after them; 0 where there is none.
    pub vocabulary: usize,
    /// What is known of the backbone's features as embeddings.
    pub embedding: Embedding,
}

/// Features of the backbone as an embedding of a picture: the mean that features have over many photos is subtracted
/// from them, and what remains is given the length 1, so that pictures are compared by the cosine of two of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Embedding {
    /// The mean of the features is not known.
    #[default]
    None,
    /// The mean is known, and the head reads the features themselves.
    Known,
    /// The head reads embeddings: it was taught with a few pictures.
    Read,
}

impl Embedding {
    /// Whether embeddings are not known of. Files then say nothing about them, as before there were any.
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }
}

impl Shape {
    /// The number of logits for so many classes: two classes need only one, the logit of the second.
    pub fn outputs_for(classes: usize) -> usize {
        if classes == 2 { 1 } else { classes }
    }

    /// The smallest side that is worth training: below it, the last layers would look at two pixels or fewer.
    pub fn smallest_input(architecture: Architecture) -> usize {
        match architecture {
            Architecture::ConvNet => 17,
            Architecture::Vgg => 18,
            Architecture::Plain => 10,
            Architecture::EfficientNetLite => 65,
        }
    }
}

/// Whether the network is about to be trained, with its batch norms, or holds folded weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// With batch norms: the form that is trained.
    Trainable,
    /// Batch norms and input normalisation multiplied into the convolutions: the form that ships.
    Folded,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_architecture_has_one_name() {
        for architecture in Architecture::ALL {
            assert_eq!(architecture.name().parse(), Ok(architecture));
            let stored = serde_json::to_value(architecture).unwrap();
            assert_eq!(stored, serde_json::json!(architecture.name()));
        }
        assert_eq!("resnet".parse::<Architecture>(), Err(UnknownName("resnet".to_owned())));
    }
}
