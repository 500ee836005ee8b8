//! What a network does, read from its file without a backend, for whoever follows it number by number.
//!
//! Each architecture says the same of itself as a [`Network`](super::Network) of tensors, which is what trains and answers;
//! the tests hold the two together.

use super::packed::{Activation, Border, Convolution, InvertedResidual, Step};
use super::weights::{Header, Stored, WeightsError, name_in_file, open};
use super::{Architecture, Embedding, Shape, convnet, efficientnet_lite, plain, vgg};

/// A network from its file.
#[derive(Debug)]
pub struct Opened {
    /// What the file says of itself.
    pub header: Header,
    /// All that comes before the last dense layer.
    pub steps: Vec<Step>,
    /// The last dense layer, as a convolution of a single pixel.
    pub head: Convolution,
    /// That of the wider vocabulary, where there is one.
    pub vocabulary: Option<Convolution>,
    /// The mean that is subtracted from what the head reads, if it reads embeddings.
    pub centre: Option<Vec<f32>>,
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
    let outputs = [features, shape.outputs];
    let head = match shape.architecture {
        Architecture::ConvNet => file.unbiased("head", outputs)?,
        _ => file.dense("head", outputs, 1, Activation::None)?,
    };
    let vocabulary = match shape.vocabulary {
        0 => None,
        names => Some(file.dense("vocabulary", [features, names], 1, Activation::None)?),
    };
    let centre = match shape.embedding {
        Embedding::Read => Some(file.0.values("centre", &[features])?),
        Embedding::None | Embedding::Known => None,
    };
    Ok(Opened { header: contents.header, steps, head, vocabulary, centre })
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
        let hidden = self.dense("hidden", [inputs, vgg::HIDDEN], 1, Activation::Relu)?;
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
        steps.push(Step::Convolution(self.dense("hidden", sizes, map, Activation::Relu)?));
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

    /// A dense layer as a convolution whose kernel is as large as its input's maps.
    fn dense(
        &mut self,
        name: &str,
        sizes: [usize; 2],
        kernel: usize,
        activation: Activation,
    ) -> Result<Convolution, WeightsError> {
        let bias = self.0.values(&format!("{name}.bias"), &sizes[1..])?;
        Ok(Convolution { bias, kernel, activation, ..self.unbiased(name, sizes)? })
    }

    /// A dense layer without a bias, of a single pixel.
    fn unbiased(
        &mut self,
        name: &str,
        [inputs, outputs]: [usize; 2],
    ) -> Result<Convolution, WeightsError> {
        let stored = self.0.values(&format!("{name}.weight"), &[inputs, outputs])?;
        let column = |output| (0..inputs).map(move |input| input * outputs + output);
        Ok(Convolution {
            weights: (0..outputs).flat_map(column).map(|at| stored[at]).collect(),
            bias: vec![0.0; outputs],
            kernel: 1,
            stride: 1,
            border: Border::Valid,
            activation: Activation::None,
            pool: false,
        })
    }
}

#[cfg(all(test, feature = "cpu"))]
pub(crate) mod tests {
    use std::convert::Infallible;

    use burn::backend::Flex;

    use super::*;
    use crate::model::heads::Heads;
    use crate::model::weights::{Precision, Provenance, Vocabulary, write};
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

    #[test]
    fn what_is_read_from_a_file_is_what_the_network_says_of_itself() {
        for (network, header, file) in networks() {
            let opened = read(&file).unwrap();
            assert_eq!(opened.header, header);
            assert!(opened.steps == network.steps(), "{}", header.architecture);
            let heads = Heads::read(network.head(), network.vocabulary(), network.head_centre());
            let heads = pollster::block_on(heads).unwrap();
            let inputs_first = |conv: &Convolution| {
                let inputs = conv.weights.len() / conv.bias.len();
                let row = |input| conv.weights.iter().skip(input).step_by(inputs).copied();
                (0..inputs).flat_map(row).collect::<Vec<_>>()
            };
            assert_eq!(inputs_first(&opened.head), heads.classes.weights);
            assert_eq!(opened.head.bias, heads.classes.bias);
            let names = opened.vocabulary.as_ref().map(inputs_first);
            assert_eq!(names, heads.names.map(|names| names.weights));
            assert_eq!(opened.centre, heads.centre);
        }
    }
}
