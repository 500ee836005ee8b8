//! Weights files taken apart: another head on a backbone that stays as it is, and the head alone.
//!
//! Tensors are moved as they are stored, byte by byte: a backbone has the very same weights in every file made of it,
//! and its checksum names it, whichever head it carries. A head alone weighs a few kilobytes, and says by that checksum
//! which backbone it needs.

use std::collections::BTreeMap;

use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::Embedding;
use super::weights::{
    Contents, HELD_OUT, Header, WeightsError, checksum, f32s_from_le_bytes, finite, little_endian,
    open, serialise,
};

/// A dense layer that reads embeddings.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense {
    /// For each feature the weight of each output, the outputs running fastest.
    pub weight: Vec<f32>,
    /// One for each output.
    pub bias: Vec<f32>,
}

/// The name of the tensor of the mean features.
const CENTRE: &str = "centre";
const WEIGHT: &str = "head.weight";
const BIAS: &str = "head.bias";

type Tensors<'a> = BTreeMap<String, TensorView<'a>>;

fn of_backbone(name: &str) -> bool {
    let of_head = name.starts_with("head.") || name.starts_with("vocabulary.");
    !(name == CENTRE || of_head || HELD_OUT.contains(&name))
}

/// What names the backbone of a file: a CRC-32 of its stored tensors.
fn backbone(tensors: &Tensors<'_>) -> u32 {
    checksum("", tensors.iter().filter(|(name, _)| of_backbone(name)))
}

/// The checksum of the backbone that a file lacks; nothing where it is whole.
///
/// # Errors
///
/// If it is no weights file, or a damaged one.
pub fn backbone_needed(bytes: &[u8]) -> Result<Option<u32>, WeightsError> {
    Ok(open(bytes)?.header.backbone)
}

/// The header of a file, whole or a head only.
///
/// # Errors
///
/// If it is no weights file, or a damaged one.
pub fn header(bytes: &[u8]) -> Result<Header, WeightsError> {
    Ok(open(bytes)?.header)
}

/// The mean of the features that a file's embeddings are centred by.
///
/// # Errors
///
/// [`WeightsError::NoCentre`] where it knows none; if it is no weights file, or a damaged one.
pub fn centre(bytes: &[u8]) -> Result<Vec<f32>, WeightsError> {
    let Contents { header, tensors } = open(bytes)?;
    if header.embedding == Embedding::None {
        return Err(WeightsError::NoCentre);
    }
    let missing = || WeightsError::Missing(CENTRE.to_owned(), header.architecture);
    let view = tensors.get(CENTRE).ok_or_else(missing)?;
    if view.dtype() != Dtype::F32 || view.shape().len() != 1 {
        return Err(WeightsError::Shape {
            name: CENTRE.to_owned(),
            found: format!("{:?} {:?}", view.dtype(), view.shape()),
            expected: "F32 with one axis".to_owned(),
        });
    }
    finite(CENTRE, f32s_from_le_bytes(view.data()))
}

/// A file with another head, which reads embeddings: whole, or the head only.
///
/// `describe` changes the header: classes, temperature and all that is said of the head. What is said of the backbone
/// stays as it is, whatever it does.
///
/// # Errors
///
/// If `bytes` is no weights file, knows no mean of its features, or the new header makes no sense.
pub fn with_head(
    bytes: &[u8],
    head: &Dense,
    whole: bool,
    describe: impl FnOnce(Header) -> Header,
) -> Result<Vec<u8>, WeightsError> {
    let features = centre(bytes)?.len();
    let Contents { header, tensors } = open(bytes)?;
    let outputs = head.bias.len();
    if head.weight.len() != features * outputs {
        return Err(WeightsError::Nonsense(format!(
            "a head of {} weights for {features} features and {outputs} outputs",
            head.weight.len()
        )));
    }
    let header = Header {
        architecture: header.architecture,
        preprocessing: header.preprocessing.clone(),
        embedding: Embedding::Read,
        backbone: (!whole).then(|| backbone(&tensors)),
        vocabulary: None,
        held_out: Vec::new(),
        ..describe(header)
    };
    header.validate()?;
    let (weight, bias) = (little_endian(&head.weight), little_endian(&head.bias));
    let keep = |name: &str| name == CENTRE || whole && of_backbone(name);
    let mut kept: Tensors<'_> = tensors.into_iter().filter(|(name, _)| keep(name)).collect();
    let view = |shape, bytes| TensorView::new(Dtype::F32, shape, bytes);
    let weight = view(vec![features, outputs], &weight).map_err(WeightsError::Malformed)?;
    let bias = view(vec![outputs], &bias).map_err(WeightsError::Malformed)?;
    kept.extend([(WEIGHT.to_owned(), weight), (BIAS.to_owned(), bias)]);
    serialise(&header, kept)
}

/// A whole file of a head alone and of a file with its backbone, whatever else that one is.
///
/// # Errors
///
/// If one of them is no weights file, or the second has another backbone. A file that is whole already stays as it is.
pub fn join(head: &[u8], bytes: &[u8]) -> Result<Vec<u8>, WeightsError> {
    let alone = open(head)?;
    let Some(expected) = alone.header.backbone else { return Ok(head.to_vec()) };
    let whole = open(bytes)?;
    let found = backbone(&whole.tensors);
    if found != expected {
        return Err(WeightsError::OtherBackbone { found, expected });
    }
    let mut tensors: Tensors<'_> =
        whole.tensors.into_iter().filter(|(name, _)| of_backbone(name)).collect();
    tensors.extend(alone.tensors.into_iter().filter(|(name, _)| !of_backbone(name)));
    serialise(&Header { backbone: None, ..alone.header }, tensors)
}
