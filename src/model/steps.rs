//! What a network does, read from its file without a backend, for whoever follows it number by number.
//!
//! Each architecture says the same of itself as a [`Network`](super::Network) of tensors, which is what trains and answers;
//! the tests hold the two together.

use super::heads::{Dense, Heads};
use super::packed::{Activation, Border, Convolution, InvertedResidual, Step};
use super::sizes::{convnet, efficientnet_lite, plain, vgg};
use super::weights::{Header, Stored, WeightsError, held_out_of, name_in_file, open};
use super::{Architecture, Embedding, Shape};
use crate::held_out::HeldOut;

/// A network from its file.
#[derive(Debug)]
pub struct Opened {
    /// What the file says of itself.
    pub header: Header,
    /// What the network said of pictures that it had not learnt from, where the file knows that.
    pub held_out: Option<HeldOut>,
    /// All that comes before the last dense layer, and makes features.
    pub steps: Vec<Step>,
    /// What makes logits of the features.
    pub heads: Heads,
    /// The number of weights and biases of all of them.
    pub parameters: usize,
}

/// Reads a weights file.
///
/// # Errors
///
/// Every way in which a file from outside can be wrong: see [`WeightsError`].
pub fn read(bytes: &[u8]) -> Result<Opened, WeightsError> {
    let contents = open(bytes)?;
    let shape = contents.header.shape();
    let mut file = Reader(Stored::new(&contents)?);
    let (steps, features) = match shape.architecture {
        Architecture::ConvNet => file.convnet()?,
        Architecture::Vgg => file.vgg(shape)?,
        Architecture::Plain => file.plain(shape)?,
        Architecture::EfficientNetLite => file.efficientnet_lite()?,
    };
    let heads = file.heads(shape, features)?;
    let (held_out, parameters) = (held_out_of(&contents)?, file.0.finish()?);
    Ok(Opened { header: contents.header, held_out, steps, heads, parameters })
}

/// The steps of a network, and how many features come out of them.
type Backbone = Result<(Vec<Step>, usize), WeightsError>;

struct Reader<'a>(Stored<'a>);

impl Reader<'_> {
    fn convnet(&mut self) -> Backbone {
        let [.., features] = convnet::WIDTHS;
        let mut inputs = convnet::STEM;
        let whiten = self.convolution("whiten", [3, inputs], convnet::PATCH, Activation::Gelu)?;
        let mut steps = vec![Step::Convolution(Convolution { border: Border::Valid, ..whiten })];
        for (index, width) in convnet::WIDTHS.into_iter().enumerate() {
            for (name, pool) in [("first", true), ("second", false)] {
                let name = format!("blocks.{index}.{name}.conv");
                let conv = self.convolution(&name, [inputs, width], 3, Activation::Gelu)?;
                steps.push(Step::Convolution(Convolution { pool, ..conv }));
                inputs = width;
            }
        }
        steps.push(Step::Max);
        Ok((steps, features))
    }

    fn vgg(&mut self, shape: Shape) -> Backbone {
        let (mut steps, mut inputs, mut map) = (Vec::new(), 3, shape.input_size);
        for (index, width) in vgg::WIDTHS.into_iter().enumerate() {
            if map < vgg::SMALLEST_MAP && index > 0 {
                break;
            }
            for (layer, pool) in [false, true].into_iter().enumerate() {
                let name = format!("stages.{index}.{layer}.conv");
                let conv = self.convolution(&name, [inputs, width], 3, Activation::Relu)?;
                let border = if steps.is_empty() { Border::Valid } else { Border::Same };
                steps.push(Step::Convolution(Convolution { pool, border, ..conv }));
                inputs = width;
            }
            map /= 2;
        }
        let hidden = self.hidden([inputs, vgg::HIDDEN], 1)?;
        steps.extend([Step::Mean, Step::Convolution(hidden)]);
        Ok((steps, vgg::HIDDEN))
    }

    fn plain(&mut self, shape: Shape) -> Backbone {
        let [first, second] = plain::WIDTHS;
        let mut steps = Vec::new();
        for (name, channels) in [("first", [3, first]), ("second", [first, second])] {
            let conv = self.convolution(name, channels, 3, Activation::Relu)?;
            let border = Border::Valid;
            steps.push(Step::Convolution(Convolution { pool: true, border, ..conv }));
        }
        let map = plain::last_map(shape.input_size);
        let sizes = [second * map * map, plain::HIDDEN];
        steps.push(Step::Convolution(self.hidden(sizes, map)?));
        Ok((steps, plain::HIDDEN))
    }

    fn efficientnet_lite(&mut self) -> Backbone {
        use efficientnet_lite::{FEATURES, STAGES, STEM};
        let stem = self.convolution("stem.conv", [3, STEM], 3, Activation::Relu6)?;
        let mut steps = vec![Step::Convolution(Convolution { stride: 2, ..stem })];
        let (mut channels, mut index) = (STEM, 0);
        for stage in &STAGES {
            for place in 0..stage.blocks {
                let wide = channels * stage.expansion;
                let name = |layer| format!("blocks.{index}.{layer}.conv");
                let expand = match stage.expansion {
                    1 => None,
                    _ => Some(self.convolution(
                        &name("expand"),
                        [channels, wide],
                        1,
                        Activation::Relu6,
                    )?),
                };
                let depthwise = self.convolution(
                    &name("depthwise"),
                    [1, wide],
                    stage.kernel,
                    Activation::Relu6,
                )?;
                let stride = if place == 0 { stage.stride } else { 1 };
                let depthwise = Convolution { stride, ..depthwise };
                let project = self.convolution(
                    &name("project"),
                    [wide, stage.channels],
                    1,
                    Activation::None,
                )?;
                steps.push(Step::InvertedResidual(InvertedResidual { expand, depthwise, project }));
                channels = stage.channels;
                index += 1;
            }
        }
        let top = self.convolution("top.conv", [channels, FEATURES], 1, Activation::Relu6)?;
        steps.extend([Step::Convolution(top), Step::Mean]);
        Ok((steps, FEATURES))
    }

    /// A convolution that keeps the size.
    fn convolution(
        &mut self,
        name: &str,
        [inputs, outputs]: [usize; 2],
        kernel: usize,
        activation: Activation,
    ) -> Result<Convolution, WeightsError> {
        let name = name_in_file(&format!("{name}."));
        let shape = [outputs, inputs, kernel, kernel];
        let weights = self.0.values(&format!("{name}weight"), &shape)?;
        let bias = self.0.values(&format!("{name}bias"), &[outputs])?;
        let border = Border::Same;
        Ok(Convolution { weights, bias, kernel, stride: 1, border, activation, pool: false })
    }

    /// A hidden dense layer as a convolution whose kernel is as large as its input's maps.
    fn hidden(&mut self, sizes: [usize; 2], kernel: usize) -> Result<Convolution, WeightsError> {
        let dense = self.dense("hidden", sizes, true)?;
        Ok(Convolution { kernel, activation: Activation::Relu, ..dense.to_convolution() })
    }

    fn heads(&mut self, shape: Shape, features: usize) -> Result<Heads, WeightsError> {
        let biased = shape.architecture != Architecture::ConvNet;
        let classes = self.dense("head", [features, shape.outputs], biased)?;
        let names = match shape.vocabulary {
            0 => None,
            names => Some(self.dense("vocabulary", [features, names], true)?),
        };
        let centre = match shape.embedding {
            Embedding::None => None,
            Embedding::Known | Embedding::Read => Some(self.0.values("centre", &[features])?),
        };
        let centre = centre.filter(|_| shape.embedding == Embedding::Read);
        Ok(Heads { classes, names, centre })
    }

    fn dense(
        &mut self,
        name: &str,
        [inputs, outputs]: [usize; 2],
        biased: bool,
    ) -> Result<Dense, WeightsError> {
        let weights = self.0.values(&format!("{name}.weight"), &[inputs, outputs])?;
        let bias = match biased {
            true => self.0.values(&format!("{name}.bias"), &[outputs])?,
            false => vec![0.0; outputs],
        };
        Ok(Dense { weights, bias })
    }
}

#[cfg(all(test, feature = "flex"))]
pub(crate) mod tests {
    use std::convert::Infallible;

    use burn::backend::Flex;
    use burn::module::Module;
    use burn::nn::Linear;
    use burn::tensor::{Tensor, TensorData};

    use super::*;
    use crate::model::network_file::write;
    use crate::model::packed::Packed;
    use crate::model::weights::{Precision, Provenance, Vocabulary};
    use crate::model::{Form, Network};
    use crate::preprocess::{Enhance, Filter, Framing, Normalisation, Preprocessing};

    /// Values for a parameter, as large as those that layers begin with. Not the backend's own random numbers: those of other
    /// tests that run meanwhile come from the same generator.
    fn numbers(shape: &[usize]) -> Vec<f32> {
        let count: usize = shape.iter().product();
        let outputs = match shape {
            [outputs, _, _, _] | [_, outputs] => *outputs,
            _ => 1,
        };
        let size = (outputs as f32 / count as f32).sqrt();
        let mut state = 1u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        (0..count).map(|_| size * next()).collect()
    }

    /// A network for each architecture, at a size that leaves odd borders, and its file.
    pub(crate) fn networks() -> Vec<(Network<Flex>, Header, Vec<u8>)> {
        let names = |count: usize| (0..count).map(|at| format!("name {at}")).collect::<Vec<_>>();
        [
            (Architecture::ConvNet, 19, 5, 0, Embedding::None),
            (Architecture::Vgg, 29, 2, 0, Embedding::None),
            (Architecture::Plain, 21, 10, 0, Embedding::None),
            (Architecture::EfficientNetLite, 75, 3, 12, Embedding::None),
            (Architecture::EfficientNetLite, 65, 4, 0, Embedding::Read),
        ]
        .map(|(architecture, input_size, classes, vocabulary, embedding)| {
            let header = Header {
                architecture,
                classes: names(classes),
                none: None,
                vocabulary: (vocabulary > 0).then(|| Vocabulary {
                    classes: names(vocabulary),
                    temperature: 1.0,
                    not_sure_below: 1.0,
                    evidence: None,
                }),
                embedding,
                backbone: None,
                preprocessing: Preprocessing {
                    input_size,
                    framing: Framing::Stretch,
                    second_framing: None,
                    filter: Filter::Triangle,
                    enhance: Enhance::default(),
                    normalisation: Normalisation::IDENTITY,
                },
                temperature: 0.5,
                not_sure_below: 0.5,
                held_out: Vec::new(),
                provenance: Provenance::default(),
            };
            let device = Default::default();
            let network = Network::<Flex>::new(header.shape(), Form::Folded, &device)
                .with_parameters(&device, |_, shape| Ok::<_, Infallible>(numbers(shape)))
                .unwrap();
            let file = write(&network, &header, Precision::F32).unwrap();
            (network, header, file)
        })
        .to_vec()
    }

    /// The dense layers of a network of tensors.
    pub(crate) fn heads(network: &Network<Flex>) -> Heads {
        let dense = |layer: &Linear<Flex>| Dense {
            weights: layer.weight.val().into_data().to_vec().unwrap(),
            bias: match &layer.bias {
                Some(bias) => bias.val().into_data().to_vec().unwrap(),
                None => vec![0.0; layer.weight.dims()[1]],
            },
        };
        Heads {
            classes: dense(network.head()),
            names: network.vocabulary().map(dense),
            centre: network.head_centre().map(|centre| centre.into_data().to_vec().unwrap()),
        }
    }

    #[test]
    fn what_is_read_from_a_file_is_what_the_network_says_of_itself() {
        for (network, header, file) in networks() {
            let opened = read(&file).unwrap();
            assert_eq!(opened.header, header);
            let side = header.preprocessing.input_size;
            let image = numbers(&[1, 3, side, side]);
            let tensor = TensorData::new(image.clone(), [1, 3, side, side]);
            let expected = network.features(Tensor::from_data(tensor, &Default::default()));
            let expected: Vec<f32> = expected.into_data().to_vec().unwrap();
            let found = Packed::new(&opened.steps).forward(&image, side, side);
            assert_eq!(found.len(), expected.len());
            let most = expected.iter().fold(0.0, |most: f32, value| most.max(value.abs()));
            for (found, expected) in found.iter().zip(&expected) {
                let what = header.architecture;
                assert!((found - expected).abs() <= 1e-4 * most, "{what}: {found}, not {expected}");
            }
            assert_eq!(opened.heads, heads(&network));
            assert_eq!(opened.parameters, network.num_params());
        }
    }

    #[test]
    fn the_logits_of_features_are_those_of_burn() {
        for (network, header, file) in networks() {
            let Opened { heads, .. } = read(&file).unwrap();
            let features = numbers(&[3, heads.features()]);
            let shape = [3, heads.features()];
            let tensor =
                Tensor::from_data(TensorData::new(features.clone(), shape), &Default::default());
            let expected: Vec<f32> = network.logits(tensor).into_data().to_vec().unwrap();
            let found: Vec<f32> =
                features.chunks(shape[1]).flat_map(|row| heads.logits(row)).collect();
            assert_eq!(found.len(), expected.len());
            let most = expected.iter().fold(0.0, |most: f32, value| most.max(value.abs()));
            for (found, expected) in found.iter().zip(&expected) {
                let what = header.architecture;
                assert!((found - expected).abs() <= 1e-5 * most, "{what}: {found}, not {expected}");
            }
        }
    }

    #[test]
    fn features_that_are_the_mean_itself_are_an_embedding_of_zeros() {
        let (_, _, file) = networks().pop().unwrap();
        let Opened { heads, .. } = read(&file).unwrap();
        let centre = heads.centre.clone().expect("the head reads embeddings");
        assert_eq!(heads.logits(&centre), heads.classes.bias);
    }
}
