//! The weights file: everything that a program needs to know of a trained network, in one static file.
//!
//! It is a [safetensors] file, so that any tool can open it. Its metadata has one entry, `glimpse`, a
//! JSON object of a format version, a checksum, and the [`Header`]: architecture, class names, how a
//! picture is preprocessed, temperature, threshold, and where the weights come from. Nothing of that
//! stands in code, neither in Rust nor on the page.
//!
//! Weights of convolutions and dense layers are stored in one byte, with one scale per output channel, in half or
//! in single precision; biases stay in single precision. The checksum is a CRC-32 over the header and over
//! the name, type, shape and bytes of every tensor: whatever is damaged is found before it is used.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::str::FromStr;

use half::f16;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::crc32::Crc32;
use super::{Architecture, Embedding, Shape, UnknownName};
use crate::evidence::{Evidence, EvidenceError};
use crate::held_out::{HeldOut, HeldOutError};
use crate::preprocess::{Preprocessing, PreprocessingError};

/// The newest version of the format that this program writes and reads. Version 2 knows embeddings, version 3 what was
/// said of pictures held out; what needs none of them is still written as version 1, for programs that are older.
pub const FORMAT_VERSION: u32 = 3;

/// The metadata entry of the safetensors file.
const METADATA_KEY: &str = "glimpse";
/// A tensor of bytes named `x` has its scales in the tensor `x.scale`.
pub(super) const SCALE_SUFFIX: &str = ".scale";

/// The tensors of what was said of pictures held out: of each picture the place of its source, its class, and the
/// log-odds of every class.
pub(super) const HELD_OUT: [&str; 3] = ["held_out.source", "held_out.label", "held_out.log_odds"];

/// More classes or names than this, and longer ones, are refused: a file from anywhere shall not fill memory or a page.
const MOST_CLASSES: usize = 100_000;
const LONGEST_CLASS: usize = 200;

/// A class of this name stands for 'none of these': see [`Header::none`].
pub const NONE: &str = "none";

/// What stands in a weights file beside the tensors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Which network the tensors belong to.
    pub architecture: Architecture,
    /// Names of the classes, in the order of the network's outputs.
    pub classes: Vec<String>,
    /// The class that stands for 'none of these': one of `classes`, where the network has learnt to say so.
    #[serde(default)]
    pub none: Option<String>,
    /// A second, wider answer from the same forward pass.
    #[serde(default)]
    pub vocabulary: Option<Vocabulary>,
    /// What the file knows of its backbone's features as embeddings.
    #[serde(default, skip_serializing_if = "Embedding::is_none")]
    pub embedding: Embedding,
    /// The checksum of the backbone that has to be added to the file, where it is a head only: see
    /// [`splice`](super::splice).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backbone: Option<u32>,
    /// What is done to a picture before the network sees it.
    pub preprocessing: Preprocessing,
    /// The logits are divided by this before the softmax, so that the probabilities are honest. Over 0.
    pub temperature: f32,
    /// Below this probability of the best class the answer is 'not sure'. In `[0, 1]`.
    pub not_sure_below: f32,
    /// The sources of the pictures whose answers the file knows: see [`HeldOut`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_out: Vec<String>,
    /// Where the weights come from.
    pub provenance: Provenance,
}

/// The names of a network's second answer; their logits come after those of its classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// The names, in the order of the outputs.
    pub classes: Vec<String>,
    /// The logits are divided by this before the softmax. Over 0.
    pub temperature: f32,
    /// From this probability on, the best name is the answer where it is a kind of a sure class: 'a Chihuahua' rather
    /// than 'a dog'. In `[0, 1]`; at 1, where older files leave it, no name ever is.
    #[serde(default = "never")]
    pub not_sure_below: f32,
    /// How its logits count for the network's classes, where they do.
    #[serde(default)]
    pub evidence: Option<Evidence>,
}

/// A threshold that nothing passes.
fn never() -> f32 {
    1.0
}

/// Where weights come from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The data they were trained on, in words.
    pub data: String,
    /// Passes over the training images.
    pub epochs: usize,
    /// The seed of the initial weights, the split, the order and the augmentation. At most
    /// [`Provenance::LARGEST_SEED`].
    pub seed: u64,
    /// The commit of this project that trained them.
    pub commit: String,
    /// The day of training, as `YYYY-MM-DD`.
    pub trained: String,
    /// Share of validation images named rightly, in `[0, 1]`.
    pub validation_accuracy: Option<f32>,
    /// Share of test images named rightly, in `[0, 1]`; absent if there was no test set.
    pub test_accuracy: Option<f32>,
    /// What the weights were made of, by whom and under which licence, where they were not trained from nothing.
    #[serde(default)]
    pub notice: Option<String>,
}

impl Provenance {
    /// Numbers up to this, 2^53 − 1, are exact in a browser; a larger one it could not read at all.
    pub const LARGEST_SEED: u64 = (1 << 53) - 1;
}

/// How weights of convolutions and dense layers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// One byte and a scale per output channel.
    Int8,
    /// Half precision.
    F16,
    /// Single precision: every bit of what was trained or imported.
    F32,
}

impl Precision {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Int8, Self::F16, Self::F32];

    /// The name, as on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Int8 => "int8",
            Self::F16 => "f16",
            Self::F32 => "f32",
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Precision {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let named = |known: &Self| known.name() == name;
        Self::ALL.into_iter().find(named).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// Why a weights file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// It does not have the structure of a safetensors file: cut off, damaged, or something else entirely.
    #[error("This is not a whole weights file")]
    Malformed(#[source] safetensors::SafeTensorError),
    /// It is a safetensors file of another program.
    #[error("This safetensors file was not written by glimpse.")]
    Foreign,
    /// The header can't be read.
    #[error("The header of the weights file is damaged")]
    Header(#[source] serde_json::Error),
    /// It was written by another version of the format.
    #[error(
        "The weights file has format version {found}, and this program reads versions up to {FORMAT_VERSION}."
    )]
    Version {
        /// The version in the file.
        found: u32,
    },
    /// A head can't be taught with it.
    #[error("The network knows no mean of its features, so that nothing can be taught with it.")]
    NoCentre,
    /// It holds a head without a backbone.
    #[error("The weights file holds a head only, which needs the backbone {0:08x}.")]
    HeadOnly(u32),
    /// A head was put on another backbone than its own.
    #[error(
        "The head belongs to the backbone {expected:08x}, and the weights file has the backbone {found:08x}."
    )]
    OtherBackbone {
        /// That of the file.
        found: u32,
        /// That of the head.
        expected: u32,
    },
    /// The contents are not what was written.
    #[error(
        "The weights file is damaged: its checksum is {found:08x} and should be {expected:08x}."
    )]
    Checksum {
        /// What the contents give.
        found: u32,
        /// What the file says.
        expected: u32,
    },
    /// A value of the header makes no sense.
    #[error("The header of the weights file makes no sense: {0}.")]
    Nonsense(String),
    /// The preprocessing in the header makes no sense.
    #[error("The header of the weights file makes no sense")]
    Preprocessing(#[from] PreprocessingError),
    /// The evidence in the header makes no sense.
    #[error("The header of the weights file makes no sense")]
    Evidence(#[from] EvidenceError),
    /// The pictures held out make no sense.
    #[error("The weights file makes no sense")]
    HeldOut(#[from] HeldOutError),
    /// A tensor of the architecture is not there.
    #[error("The weights file lacks the tensor {0}, which a {1} network needs.")]
    Missing(String, Architecture),
    /// There is a tensor that the architecture does not know.
    #[error("The weights file has a tensor {0}, which a {1} network does not know.")]
    Unknown(String, Architecture),
    /// Values of a tensor can't be computed with.
    #[error("The tensor {0} of the weights file holds values that are no numbers, or infinite.")]
    NotFinite(String),
    /// A tensor has the wrong shape or type.
    #[error("The tensor {name} is {found} and should be {expected}.")]
    Shape {
        /// Its name.
        name: String,
        /// What stands in the file.
        found: String,
        /// What the architecture needs.
        expected: String,
    },
}

impl Header {
    /// The shape of the network that the header describes.
    pub fn shape(&self) -> Shape {
        Shape {
            architecture: self.architecture,
            input_size: self.preprocessing.input_size,
            outputs: Shape::outputs_for(self.classes.len()),
            vocabulary: self.vocabulary.as_ref().map_or(0, |wide| wide.classes.len()),
            embedding: self.embedding,
        }
    }

    /// The place of 'none of these' among the classes.
    pub fn place_of_none(&self) -> Option<usize> {
        let none = self.none.as_ref()?;
        self.classes.iter().position(|class| class == none)
    }

    /// Checks everything that a damaged or hand-made header could get wrong.
    ///
    /// # Errors
    ///
    /// [`WeightsError::Nonsense`], [`WeightsError::Preprocessing`] or [`WeightsError::Evidence`].
    pub fn validate(&self) -> Result<(), WeightsError> {
        self.preprocessing.validate()?;
        let smallest = Shape::smallest_input(self.architecture);
        let nonsense = |what: String| Err(WeightsError::Nonsense(what));
        if self.classes.len() < 2 {
            return nonsense(format!("{} classes, at least two are needed", self.classes.len()));
        }
        if self.preprocessing.input_size < smallest {
            return nonsense(format!(
                "an input of {} pixels, a {} network needs {smallest}",
                self.preprocessing.input_size, self.architecture
            ));
        }
        if let Some(none) = self.none.as_ref().filter(|none| !self.classes.contains(none)) {
            return nonsense(format!("'none of these' is called {none}, which is not a class"));
        }
        let names = self.vocabulary.as_ref().map_or(&[][..], |vocabulary| &vocabulary.classes);
        for (what, names) in [("classes", &self.classes[..]), ("names in the vocabulary", names)] {
            if names.len() > MOST_CLASSES {
                let count = names.len();
                return nonsense(format!("{count} {what}, more than {MOST_CLASSES} are not known"));
            }
            if let Some(long) = names.iter().find(|name| name.chars().count() > LONGEST_CLASS) {
                let length = long.chars().count();
                return nonsense(format!("{what} of {length} characters, at most {LONGEST_CLASS}"));
            }
        }
        if let Some(name) = twice(&self.classes) {
            return nonsense(format!("two classes are called {name}"));
        }
        if self.embedding != Embedding::None && self.architecture != Architecture::EfficientNetLite
        {
            return nonsense(format!("a {} network has no embedding", self.architecture));
        }
        let mut temperatures = vec![self.temperature];
        let mut thresholds = vec![self.not_sure_below];
        if let Some(vocabulary) = &self.vocabulary {
            if self.architecture != Architecture::EfficientNetLite {
                return nonsense(format!("a {} network has no vocabulary", self.architecture));
            }
            if vocabulary.classes.len() < 2 {
                return nonsense("a vocabulary of fewer than two names".to_owned());
            }
            if let Some(name) = twice(&vocabulary.classes) {
                return nonsense(format!("two names of the vocabulary are {name}"));
            }
            temperatures.push(vocabulary.temperature);
            thresholds.push(vocabulary.not_sure_below);
            if let Some(evidence) = &vocabulary.evidence {
                let (classes, names) = (self.classes.len(), vocabulary.classes.len());
                evidence.validate(classes, names, self.place_of_none())?;
            }
        }
        if let Some(wrong) = temperatures.iter().find(|t| !(t.is_finite() && **t > 0.0)) {
            return nonsense(format!("a temperature of {wrong}"));
        }
        if let Some(wrong) = thresholds.iter().find(|share| !(0.0..=1.0).contains(*share)) {
            return nonsense(format!("a threshold of {wrong}"));
        }
        let Provenance { seed, validation_accuracy, test_accuracy, .. } = self.provenance;
        if seed > Provenance::LARGEST_SEED {
            return nonsense(format!("a seed of {seed}, which is more than 2^53 − 1"));
        }
        let accuracies = [validation_accuracy, test_accuracy].into_iter().flatten();
        if let Some(wrong) = accuracies.into_iter().find(|share| !(0.0..=1.0).contains(share)) {
            return nonsense(format!("an accuracy of {wrong}"));
        }
        Ok(())
    }
}

/// A name that comes more than once.
fn twice(names: &[String]) -> Option<&String> {
    let mut known = BTreeSet::new();
    names.iter().find(|name| !known.insert(name.as_str()))
}

/// The metadata entry. The header is kept as text, because the checksum is over its exact bytes.
#[derive(Serialize, Deserialize)]
struct Envelope {
    version: u32,
    checksum: u32,
    header: Box<RawValue>,
}

/// Only the version, so that a file of another version is told apart from a damaged one.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// A file that was found to be whole: its header, and its tensors as they are stored.
pub(super) struct Contents<'a> {
    pub header: Header,
    pub tensors: BTreeMap<String, TensorView<'a>>,
}

/// Opens a weights file and checks its version, its checksum and its header.
pub(super) fn open(bytes: &[u8]) -> Result<Contents<'_>, WeightsError> {
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(WeightsError::Malformed)?;
    let file = SafeTensors::deserialize(bytes).map_err(WeightsError::Malformed)?;
    let entry = metadata.metadata().as_ref().and_then(|entries| entries.get(METADATA_KEY));
    let entry = entry.ok_or(WeightsError::Foreign)?;
    let Version { version } = serde_json::from_str(entry).map_err(WeightsError::Header)?;
    if !(1..=FORMAT_VERSION).contains(&version) {
        return Err(WeightsError::Version { found: version });
    }
    let envelope: Envelope = serde_json::from_str(entry).map_err(WeightsError::Header)?;
    // One by one: what collects them sorts them first, with an algorithm that every visitor would download.
    let mut tensors = BTreeMap::new();
    tensors.extend(file.tensors());
    let found = checksum(envelope.header.get(), &tensors);
    if found != envelope.checksum {
        return Err(WeightsError::Checksum { found, expected: envelope.checksum });
    }
    let header: Header =
        serde_json::from_str(envelope.header.get()).map_err(WeightsError::Header)?;
    header.validate()?;
    Ok(Contents { header, tensors })
}

/// What was said of pictures held out, where the file knows it.
pub(super) fn held_out_of(
    Contents { header, tensors }: &Contents<'_>,
) -> Result<Option<HeldOut>, WeightsError> {
    if header.held_out.is_empty() {
        return Ok(None);
    }
    let [sources, labels, log_odds] = HELD_OUT.map(|name| {
        let missing = || WeightsError::Missing(name.to_owned(), header.architecture);
        Ok::<_, WeightsError>(tensors.get(name).ok_or_else(missing)?.data())
    });
    let (labels, _) = labels?.as_chunks::<2>();
    let labels = labels.iter().map(|label| u16::from_le_bytes(*label)).collect();
    let (sources, log_odds) = (sources?.to_vec(), log_odds?.to_vec());
    let classes = header.classes.len();
    Ok(Some(HeldOut::from_parts(header.held_out.clone(), classes, sources, labels, log_odds)?))
}

/// The same file, with what was said of pictures held out in the place of what it knew of that before.
///
/// # Errors
///
/// If it is no weights file, a damaged one, or the pictures are of other classes.
pub fn with_held_out(bytes: &[u8], held_out: &HeldOut) -> Result<Vec<u8>, WeightsError> {
    let Contents { header, mut tensors } = open(bytes)?;
    let (names, sources, labels, log_odds) = held_out.parts();
    let pictures = labels.len();
    if log_odds.len() != pictures * header.classes.len() {
        return Err(HeldOutError::Lengths.into());
    }
    let labels: Vec<u8> = labels.iter().flat_map(|label| label.to_le_bytes()).collect();
    let parts = [
        (Dtype::U8, vec![pictures], sources),
        (Dtype::U16, vec![pictures], &labels[..]),
        (Dtype::U8, vec![pictures, header.classes.len()], log_odds),
    ];
    for (name, (dtype, shape, bytes)) in HELD_OUT.into_iter().zip(parts) {
        let view = TensorView::new(dtype, shape, bytes).map_err(WeightsError::Malformed)?;
        tensors.insert(name.to_owned(), view);
    }
    serialise(&Header { held_out: names.to_vec(), ..header }, tensors)
}

/// The bytes of a file with this header and these tensors.
pub(super) fn serialise(
    header: &Header,
    views: BTreeMap<String, TensorView<'_>>,
) -> Result<Vec<u8>, WeightsError> {
    let plain = header.embedding == Embedding::None && header.backbone.is_none();
    let version = match (header.held_out.is_empty(), plain) {
        (true, true) => 1,
        (true, false) => 2,
        (false, _) => FORMAT_VERSION,
    };
    let header = serde_json::value::to_raw_value(header).map_err(WeightsError::Header)?;
    let envelope = Envelope { version, checksum: checksum(header.get(), &views), header };
    let entry = serde_json::to_string(&envelope).map_err(WeightsError::Header)?;
    safetensors::serialize(views, Some(HashMap::from([(METADATA_KEY.to_owned(), entry)])))
        .map_err(WeightsError::Malformed)
}

/// What a parameter is called in files, which keep the names of their first version.
pub(super) fn name_in_file(name: &str) -> String {
    name.replace(".expand.", ".widen.").replace(".project.", ".narrow.")
}

/// How the weights of a file are stored.
///
/// # Errors
///
/// If it is no safetensors file.
pub fn precision(bytes: &[u8]) -> Result<Precision, WeightsError> {
    let file = SafeTensors::deserialize(bytes).map_err(WeightsError::Malformed)?;
    let stored = |wanted: Dtype| file.iter().any(|(_, view)| view.dtype() == wanted);
    Ok(if stored(Dtype::I8) {
        Precision::Int8
    } else if stored(Dtype::F16) {
        Precision::F16
    } else {
        Precision::F32
    })
}

pub(super) fn checksum<'a>(
    header: &str,
    tensors: impl IntoIterator<Item = (&'a String, &'a TensorView<'a>)>,
) -> u32 {
    let mut hasher = Crc32::new();
    hasher.update(header.as_bytes());
    for (name, view) in tensors {
        hasher.update(format!("{name} {:?} {:?}", view.dtype(), view.shape()).as_bytes());
        hasher.update(view.data());
    }
    hasher.finalize()
}

/// The axis of the output channels: the first of a convolution `[out, in, height, width]`, the last of a
/// dense layer `[in, out]`. Vectors have none and are not shortened.
pub(super) fn output_axis(rank: usize) -> Option<usize> {
    match rank {
        4 => Some(0),
        2 => Some(1),
        _ => None,
    }
}

pub(super) fn little_endian(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// The values of a tensor, unless one of them is no number or infinite. All are checked without a branch, which takes
/// a small part of the time in which they were read.
pub(super) fn finite(name: &str, values: Vec<f32>) -> Result<Vec<f32>, WeightsError> {
    let all = values.iter().fold(true, |fine, value| fine & value.is_finite());
    if all { Ok(values) } else { Err(WeightsError::NotFinite(name.to_owned())) }
}

/// Single-precision values from their little-endian bytes.
pub(crate) fn f32s_from_le_bytes(bytes: &[u8]) -> Vec<f32> {
    let (chunks, _) = bytes.as_chunks::<4>();
    chunks.iter().map(|chunk| f32::from_le_bytes(*chunk)).collect()
}

/// Bytes times the scales of their channels, of each of which so many follow each other. Without looking up the channel of
/// every byte, which would take longer than all else that is done to a file.
fn scaled(bytes: &[u8], scales: &[f32], of_channel: usize) -> Vec<f32> {
    let mut values = Vec::with_capacity(bytes.len());
    let value = |byte: u8, scale: f32| f32::from(byte as i8) * scale;
    for bytes in bytes.chunks_exact((scales.len() * of_channel).max(1)) {
        if of_channel == 1 {
            values.extend(bytes.iter().zip(scales).map(|(byte, scale)| value(*byte, *scale)));
        } else {
            let channels = bytes.chunks_exact(of_channel).zip(scales);
            channels.for_each(|(bytes, scale)| {
                values.extend(bytes.iter().map(|byte| value(*byte, *scale)));
            });
        }
    }
    values
}

/// The tensors of a file, and which of them a network has asked for.
pub(super) struct Stored<'a> {
    architecture: Architecture,
    tensors: &'a BTreeMap<String, TensorView<'a>>,
    used: BTreeSet<String>,
    parameters: usize,
}

impl<'a> Stored<'a> {
    /// Those of a file that has a backbone.
    pub(super) fn new(
        Contents { header, tensors }: &'a Contents<'_>,
    ) -> Result<Self, WeightsError> {
        match header.backbone {
            Some(checksum) => Err(WeightsError::HeadOnly(checksum)),
            None => {
                let mut used = BTreeSet::new();
                if !header.held_out.is_empty() {
                    used.extend(HELD_OUT.map(str::to_owned));
                }
                Ok(Self { architecture: header.architecture, tensors, used, parameters: 0 })
            }
        }
    }

    /// The number of weights and biases that were asked for, if those are all that there are.
    pub(super) fn finish(self) -> Result<usize, WeightsError> {
        match self.tensors.keys().find(|name| !self.used.contains(*name)) {
            Some(name) => Err(WeightsError::Unknown(name.clone(), self.architecture)),
            None => Ok(self.parameters),
        }
    }

    /// The values of a tensor of this shape.
    pub(super) fn values(
        &mut self,
        name: &str,
        expected: &[usize],
    ) -> Result<Vec<f32>, WeightsError> {
        let missing = |name: &str| WeightsError::Missing(name.to_owned(), self.architecture);
        let wrong = |name: &str, view: &TensorView<'_>, expected: String| WeightsError::Shape {
            name: name.to_owned(),
            found: format!("{:?} {:?}", view.dtype(), view.shape()),
            expected,
        };
        let view = self.tensors.get(name).ok_or_else(|| missing(name))?;
        if view.shape() != expected {
            return Err(wrong(name, view, format!("{expected:?}")));
        }
        self.used.insert(name.to_owned());
        self.parameters += expected.iter().product::<usize>();
        match (view.dtype(), output_axis(expected.len())) {
            (Dtype::F32, _) => finite(name, f32s_from_le_bytes(view.data())),
            (Dtype::F16, _) => {
                let (chunks, _) = view.data().as_chunks::<2>();
                let value = |chunk: &[u8; 2]| f16::from_le_bytes(*chunk).to_f32();
                finite(name, chunks.iter().map(value).collect())
            }
            (Dtype::I8, Some(axis)) => {
                let scale_name = format!("{name}{SCALE_SUFFIX}");
                let scale = self.tensors.get(&scale_name).ok_or_else(|| missing(&scale_name))?;
                if scale.dtype() != Dtype::F32 || scale.shape() != [expected[axis]] {
                    return Err(wrong(&scale_name, scale, format!("F32 [{}]", expected[axis])));
                }
                self.used.insert(scale_name.clone());
                let scales = f32s_from_le_bytes(scale.data());
                // With the largest byte, so that no product needs to be looked at.
                finite(&scale_name, scales.iter().map(|scale| scale * 128.0).collect())?;
                Ok(scaled(view.data(), &scales, expected[axis + 1..].iter().product()))
            }
            _ => Err(wrong(name, view, "of type F32, F16 or I8".to_owned())),
        }
    }
}
