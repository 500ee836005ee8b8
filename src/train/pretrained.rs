//! The weights that a run starts from, and the network that is made of them when all its layers are trained.

use burn::backend::Flex;
use burn::module::Module;
use burn::tensor::backend::Backend;

use super::TrainError;
use crate::Classifier;
use crate::model::weights::{self, Header, Precision, WeightsError};
use crate::model::{Architecture, Embedding, Form, Network, Shape};
use crate::model::{crc32, network_file};

/// The weights that a run starts from, as they stand in a file.
pub struct Start {
    /// The name of the file.
    pub file: String,
    /// CRC-32 of the file.
    pub checksum: u32,
    /// The weights, as a file.
    pub bytes: Vec<u8>,
    /// What it says of itself.
    pub header: Header,
    /// How many features its backbone makes of a picture.
    pub width: usize,
}

impl Start {
    /// Reads a weights file.
    ///
    /// For a backbone that stays frozen, `frozen_as` says how the weights that will be made of it are stored, and it is
    /// stored so from the start: rounded only later it would be another one than that whose features a head has
    /// learnt from. Where all layers are trained, their values are taken as they stand in the file.
    ///
    /// # Errors
    ///
    /// If it is not one, or damaged.
    pub fn new(
        file: String,
        bytes: Vec<u8>,
        frozen_as: Option<Precision>,
    ) -> Result<Self, WeightsError> {
        let checksum = crc32::of(&bytes);
        let bytes = match frozen_as {
            Some(precision) if precision != weights::precision(&bytes)? => {
                let (network, header) = network_file::read::<Flex>(&bytes, &Default::default())?;
                network_file::write(&network, &header, precision)?
            }
            _ => bytes,
        };
        let classifier = Classifier::load(&bytes)?;
        let header = classifier.header().clone();
        let width = classifier.features_wide();
        Ok(Self { file, checksum, bytes, header, width })
    }

    /// Checks that a network can keep these classes as a second answer.
    ///
    /// # Errors
    ///
    /// [`TrainError::NoSecondAnswer`] or [`TrainError::SingleOutput`].
    pub fn check_second_answer(&self) -> Result<(), TrainError> {
        let Header { architecture, vocabulary, classes, .. } = &self.header;
        if *architecture != Architecture::EfficientNetLite {
            return Err(TrainError::NoSecondAnswer { architecture: *architecture });
        }
        if vocabulary.is_none() && classes.len() == 2 {
            return Err(TrainError::SingleOutput);
        }
        Ok(())
    }

    /// Checks that a network can be trained further with an input of this side, in pixels.
    ///
    /// # Errors
    ///
    /// [`TrainError::FixedInput`], where dense layers have a weight for each place of the last map, or the side says how many
    /// convolutions there are.
    pub fn check_input_size(&self, side: usize) -> Result<(), TrainError> {
        let Header { architecture, preprocessing, .. } = &self.header;
        let fixed = match architecture {
            Architecture::ConvNet | Architecture::EfficientNetLite => false,
            Architecture::Vgg | Architecture::Plain => true,
        };
        if fixed && side != preprocessing.input_size {
            let (architecture, side) = (*architecture, preprocessing.input_size);
            return Err(TrainError::FixedInput { architecture, side });
        }
        Ok(())
    }
}

/// The network of a weights file, ready for training all its layers. Its head stays where the classes are the same and
/// it answers for them alone; otherwise there is a new one. It has no second answer any longer: that one would not learn
/// with the backbone.
///
/// # Errors
///
/// If the file is damaged.
pub fn network<B: Backend>(
    start: &Start,
    classes: &[String],
    device: &B::Device,
) -> Result<Network<B>, WeightsError> {
    let (trained, header) = network_file::read::<B>(&start.bytes, device)?;
    let outputs = Shape::outputs_for(classes.len());
    // Nor the mean of its features, which will be others.
    let shape = Shape { outputs, vocabulary: 0, embedding: Embedding::None, ..header.shape() };
    let fresh = Network::<B>::new(shape, Form::Folded, device);
    let trained = trained.with_vocabulary(None).with_centre(None);
    // A head that has learnt to leave the answer to the old names is of no use without them.
    let alone = header.vocabulary.is_none_or(|vocabulary| vocabulary.evidence.is_none());
    let keep = header.classes == classes && alone;
    let trained = if keep { trained } else { trained.with_head(fresh.head().clone()) };
    // Through a record, because tensors from a file are not marked for training.
    Ok(fresh.load_record(trained.into_record()))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::weights::Provenance;
    use crate::preprocess::Normalisation;
    use crate::train::hyperparameters::Hyperparameters;

    /// The header of a `plain` network for these classes, in the order in which they are given.
    pub fn header_of(classes: &[&str]) -> Header {
        let hyperparameters = Hyperparameters::new(Architecture::Plain, 32, 1);
        Header {
            architecture: Architecture::Plain,
            classes: classes.iter().map(|&class| class.to_owned()).collect(),
            none: None,
            vocabulary: None,
            embedding: Embedding::None,
            backbone: None,
            held_out: Vec::new(),
            preprocessing: hyperparameters.preprocessing(Normalisation::IDENTITY),
            temperature: 1.0,
            not_sure_below: 0.0,
            provenance: Provenance::default(),
        }
    }

    #[test]
    fn all_layers_start_from_the_values_in_the_file_and_a_frozen_backbone_from_those_that_ship() {
        let header = header_of(&["a", "b", "c"]);
        let device = Default::default();
        let trained = Network::<Flex>::new(header.shape(), Form::Folded, &device);
        let values = |network: &Network<Flex>| -> Vec<f32> {
            network.parameters().into_iter().flat_map(|parameter| parameter.values).collect()
        };
        let file = network_file::write(&trained, &header, Precision::F32).unwrap();
        let from = |frozen_as| {
            let start =
                Start::new("backbone.safetensors".to_owned(), file.clone(), frozen_as).unwrap();
            assert_eq!(start.checksum, crc32fast::hash(&file), "of the file itself");
            values(&network::<Flex>(&start, &header.classes, &device).unwrap())
        };
        assert_eq!(from(None), values(&trained));
        assert_eq!(from(Some(Precision::F32)), values(&trained));
        let bytes = network_file::write(&trained, &header, Precision::Int8).unwrap();
        let rounded = values(&network_file::read::<Flex>(&bytes, &device).unwrap().0);
        assert_ne!(rounded, values(&trained));
        assert_eq!(from(Some(Precision::Int8)), rounded);
    }
}
