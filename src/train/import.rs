//! Pretrained weights of EfficientNet-Lite0 from other programs: a PyTorch state dict or a safetensors file.
//!
//! Two naming schemes are known, that of the PyTorch port `efficientnet_lite_pytorch` and that of `timm`
//! (`tf_efficientnet_lite0`). Which one a file has is seen from its names.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::backend::Backend;
use pytorch_reader::{DType, PytorchReader};
use safetensors::{Dtype, SafeTensors};

use super::names;
use crate::model::weights::{Header, Provenance, f32s_from_le_bytes};
use crate::model::{Architecture, Embedding, Form, Network, Shape};
use crate::preprocess::{Enhance, Filter, Framing, Normalisation, Preprocessing};

/// Classes of ImageNet (ILSVRC 2012), on which the published weights were trained.
const IMAGENET_CLASSES: usize = 1000;

/// Who made the weights that can be had, and what their licence asks for: it stands in every file made of them.
pub const NOTICE: &str = "The backbone of this network and the layer that scores its wider vocabulary come from \
    EfficientNet-Lite0, Copyright 2020 The TensorFlow Authors, under the Apache License, Version 2.0 \
    (https://www.apache.org/licenses/LICENSE-2.0). What was changed: batch norms are multiplied into the convolutions, \
    and weights are stored in fewer bits.";

/// Tensors with this ending count batches, which nobody reads.
const COUNTER: &str = "num_batches_tracked";

/// Why weights of another program can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file could not be read.
    #[error("The file {} could not be read", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        why: std::io::Error,
    },
    /// Neither of the two formats.
    #[error("The file {} is neither a PyTorch state dict nor a safetensors file", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        #[source]
        why: Box<dyn Error + Send + Sync>,
    },
    /// A tensor has numbers of another kind.
    #[error("The tensor {name} is {found}, not F32.")]
    Type {
        /// Its name in the file.
        name: String,
        /// The kind of its numbers.
        found: String,
    },
    /// The tensors have names of another network.
    #[error(
        "The file has no tensor {0}: it holds another network than EfficientNet-Lite0, or names that are not known."
    )]
    Missing(String),
    /// There are more tensors than the network has.
    #[error("The file has a tensor {0}, which EfficientNet-Lite0 does not have.")]
    Unknown(String),
    /// A tensor has another shape.
    #[error("The tensor {name} has the shape {found:?} and should have {expected:?}.")]
    Shape {
        /// Its name in the file.
        name: String,
        /// Its shape there.
        found: Vec<usize>,
        /// The shape that the network needs.
        expected: Vec<usize>,
    },
    /// Two outputs are one more than a question of yes or no has here.
    #[error(
        "The network has two outputs, and a network for two classes has one here: import one with three or more."
    )]
    TwoOutputs,
    /// Nobody said what the outputs mean.
    #[error("The network has {found} outputs, and {given} class names were given.")]
    Classes {
        /// Outputs of the network.
        found: usize,
        /// Names given.
        given: usize,
    },
}

/// A tensor as it stands in a file.
struct Foreign {
    shape: Vec<usize>,
    values: Vec<f32>,
}

/// Who named the tensors.
#[derive(Clone, Copy)]
enum Naming {
    /// `efficientnet_lite_pytorch`.
    Reference,
    /// `timm`.
    Timm,
}

/// Reads the weights of a pretrained EfficientNet-Lite0 and folds its batch norms.
///
/// `classes` names the outputs, one by one; without it they must be the thousand of ImageNet.
///
/// # Errors
///
/// See [`ImportError`].
pub fn import<B: Backend>(
    path: &Path,
    classes: Option<Vec<String>>,
    device: &B::Device,
) -> Result<(Network<B>, Header), ImportError> {
    let mut tensors = read(path)?;
    let reference = tensors.contains_key("_conv_stem.weight");
    let naming = if reference { Naming::Reference } else { Naming::Timm };
    let bias = naming.translate("head.bias");
    let outputs = tensors.get(&bias).ok_or(ImportError::Missing(bias))?.values.len();
    if outputs == 2 {
        return Err(ImportError::TwoOutputs);
    }
    let classes = match classes {
        None if outputs == IMAGENET_CLASSES => names::imagenet(),
        classes => classes.unwrap_or_default(),
    };
    if classes.len() != outputs {
        return Err(ImportError::Classes { found: outputs, given: classes.len() });
    }

    let preprocessing = preprocessing(naming);
    let shape = Shape {
        architecture: Architecture::EfficientNetLite,
        input_size: preprocessing.input_size,
        outputs,
        vocabulary: 0,
        embedding: Embedding::None,
    };
    let network = Network::new(shape, Form::Trainable, device).with_parameters(
        device,
        |ours, expected| {
            let name = naming.translate(ours);
            let found = tensors.remove(&name).ok_or_else(|| ImportError::Missing(name.clone()))?;
            // PyTorch keeps a dense layer as `[out, in]`, Burn as `[in, out]`.
            let found = if ours == "head.weight" { transpose(found) } else { found };
            if found.shape != expected {
                let expected = expected.to_vec();
                return Err(ImportError::Shape { name, found: found.shape, expected });
            }
            Ok(found.values)
        },
    )?;
    if let Some(name) = tensors.keys().find(|name| !name.ends_with(COUNTER)) {
        return Err(ImportError::Unknown(name.clone()));
    }
    let (network, normalisation) = network.fold(&preprocessing.normalisation);
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let header = Header {
        architecture: Architecture::EfficientNetLite,
        classes,
        none: None,
        vocabulary: None,
        embedding: Embedding::None,
        backbone: None,
        held_out: Vec::new(),
        preprocessing: Preprocessing { normalisation, ..preprocessing },
        temperature: 1.0,
        not_sure_below: 0.0,
        provenance: Provenance {
            data: format!("imported from {}", file.unwrap_or_default()),
            ..Provenance::default()
        },
    };
    Ok((network, header))
}

/// How the pretrained network wants its pictures: the shorter side at 256 pixels, the 224 in the middle, bicubic.
fn preprocessing(naming: Naming) -> Preprocessing {
    let normalisation = match naming {
        // (x − 127) / 128, for x from 0 to 255.
        Naming::Reference => Normalisation { mean: [127.0 / 255.0; 3], std: [128.0 / 255.0; 3] },
        Naming::Timm => Normalisation { mean: [0.5; 3], std: [0.5; 3] },
    };
    Preprocessing {
        input_size: 224,
        framing: Framing::CentreCrop { fraction: 224.0 / 256.0 },
        second_framing: None,
        filter: Filter::CatmullRom,
        enhance: Enhance::default(),
        normalisation,
    }
}

fn transpose(tensor: Foreign) -> Foreign {
    let [rows, columns] = tensor.shape[..] else { return tensor };
    let values = (0..columns)
        .flat_map(|column| (0..rows).map(move |row| row * columns + column))
        .map(|index| tensor.values[index])
        .collect();
    Foreign { shape: vec![columns, rows], values }
}

impl Naming {
    /// The name in the file of one of our parameters, such as `blocks.3.expand.norm.gamma`.
    fn translate(self, ours: &str) -> String {
        let parts: Vec<&str> = ours.split('.').collect();
        let (layer, place) = match parts[..] {
            ["blocks", index, layer, ..] => (layer, index.parse().ok()),
            [layer, ..] => (layer, None),
            [] => ("", None),
        };
        let value = match parts.last().copied().unwrap_or_default() {
            "gamma" => "weight",
            "beta" => "bias",
            other => other,
        };
        let is_norm = parts.contains(&"norm");
        let (prefix, [conv, norm]) = match (self, place) {
            (Self::Reference, None) => (
                String::new(),
                match layer {
                    "stem" => ["_conv_stem", "_bn0"],
                    "top" => ["_conv_head", "_bn1"],
                    _ => ["_fc", ""],
                },
            ),
            (Self::Reference, Some(index)) => (
                format!("_blocks.{index}."),
                match layer {
                    "expand" => ["_expand_conv", "_bn0"],
                    "depthwise" => ["_depthwise_conv", "_bn1"],
                    _ => ["_project_conv", "_bn2"],
                },
            ),
            (Self::Timm, None) => (
                String::new(),
                match layer {
                    "stem" => ["conv_stem", "bn1"],
                    "top" => ["conv_head", "bn2"],
                    _ => ["classifier", ""],
                },
            ),
            (Self::Timm, Some(index)) => {
                let (stage, block) = stage_of(index);
                // The first stage does not expand, and counts its layers from there.
                let names = match (stage, layer) {
                    (0, "depthwise") => ["conv_dw", "bn1"],
                    (0, _) => ["conv_pw", "bn2"],
                    (_, "expand") => ["conv_pw", "bn1"],
                    (_, "depthwise") => ["conv_dw", "bn2"],
                    _ => ["conv_pwl", "bn3"],
                };
                (format!("blocks.{stage}.{block}."), names)
            }
        };
        format!("{prefix}{}.{value}", if is_norm { norm } else { conv })
    }
}

/// The stage of a block, and its place there.
fn stage_of(index: usize) -> (usize, usize) {
    let mut first = 0;
    for (stage, blocks) in crate::model::sizes::efficientnet_lite::blocks_of_stages().enumerate() {
        if index < first + blocks {
            return (stage, index - first);
        }
        first += blocks;
    }
    (usize::MAX, index)
}

fn read(path: &Path) -> Result<BTreeMap<String, Foreign>, ImportError> {
    let file = |why| ImportError::File { path: path.to_owned(), why };
    let format = |why: Box<dyn Error + Send + Sync>| {
        let path = path.to_owned();
        ImportError::Format { path, why }
    };
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("safetensors")) {
        let bytes = fs::read(path).map_err(file)?;
        let tensors = SafeTensors::deserialize(&bytes).map_err(|why| format(why.into()))?;
        return tensors
            .iter()
            .map(|(name, view)| {
                let values = match view.dtype() {
                    Dtype::F32 => f32s_from_le_bytes(view.data()),
                    _ if name.ends_with(COUNTER) => Vec::new(),
                    other => {
                        let found = format!("{other:?}");
                        return Err(ImportError::Type { name: name.to_owned(), found });
                    }
                };
                Ok((name.to_owned(), Foreign { shape: view.shape().to_vec(), values }))
            })
            .collect();
    }
    // Opened first, so that a file that is not there is told apart from one that is damaged.
    fs::File::open(path).map_err(file)?;
    let reader = PytorchReader::new(path).map_err(|why| format(why.into()))?;
    let tensors = reader.into_tensors().into_iter();
    tensors
        .map(|(name, tensor)| {
            let values = match tensor.dtype() {
                DType::F32 => f32s_from_le_bytes(&tensor.read().map_err(file)?),
                _ if name.ends_with(COUNTER) => Vec::new(),
                other => return Err(ImportError::Type { name, found: format!("{other:?}") }),
            };
            Ok((name, Foreign { shape: tensor.shape().to_vec(), values }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_under_both_names() {
        let pairs = [
            ("stem.conv.weight", "_conv_stem.weight", "conv_stem.weight"),
            ("stem.norm.gamma", "_bn0.weight", "bn1.weight"),
            (
                "blocks.0.depthwise.conv.weight",
                "_blocks.0._depthwise_conv.weight",
                "blocks.0.0.conv_dw.weight",
            ),
            ("blocks.0.project.norm.beta", "_blocks.0._bn2.bias", "blocks.0.0.bn2.bias"),
            (
                "blocks.4.expand.norm.running_var",
                "_blocks.4._bn0.running_var",
                "blocks.2.1.bn1.running_var",
            ),
            (
                "blocks.15.project.conv.weight",
                "_blocks.15._project_conv.weight",
                "blocks.6.0.conv_pwl.weight",
            ),
            ("top.norm.running_mean", "_bn1.running_mean", "bn2.running_mean"),
            ("head.bias", "_fc.bias", "classifier.bias"),
        ];
        for (ours, reference, timm) in pairs {
            assert_eq!(Naming::Reference.translate(ours), reference);
            assert_eq!(Naming::Timm.translate(ours), timm);
        }
    }

    #[test]
    fn a_dense_layer_is_turned() {
        let tensor = Foreign { shape: vec![2, 3], values: vec![1., 2., 3., 4., 5., 6.] };
        let turned = transpose(tensor);
        assert_eq!((turned.shape, turned.values), (vec![3, 2], vec![1., 4., 2., 5., 3., 6.]));
    }
}
