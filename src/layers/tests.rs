use burn::backend::Flex;
use burn::tensor::{Tensor, TensorData};

use super::*;
use crate::model::packed::{Activation, Packed, Step};
use crate::model::steps::tests::networks;
use crate::pixels::Pixels;
use crate::{Classifier, classifier};

/// Numbers without a pattern that a kernel could miss: `[views, 3, side, side]`.
fn numbers(views: usize, side: usize) -> Vec<f32> {
    (0..views * RGB * side * side)
        .map(|at| ((at * 7919 % 1009) as f32 / 504.5 - 1.0).sin())
        .collect()
}

fn looked(file: &[u8], views: &[f32], looks: usize) -> Layers {
    let mut layers = Layers::read(file, looks).expect("a network");
    layers.begin(views).expect("pictures of that size");
    let (_, steps) = layers.progress();
    for step in 1..=steps {
        assert_eq!(layers.step(), step < steps);
    }
    assert_eq!(layers.progress(), (steps, steps));
    assert!(!layers.step());
    layers
}

fn agree(found: &[f32], expected: &[f32], share: f32, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let most = expected.iter().fold(0.0, |most: f32, value| most.max(value.abs()));
    assert!(most > 1e-6, "{what}: the outputs say nothing: {most}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= share * most, "{what}: {found}, not {expected}");
    }
}

/// The layer that comes last in each of a network's steps.
fn ends(layers: &[Layer], steps: &[Step]) -> Vec<usize> {
    let mut at = 0;
    let ends = steps.iter().map(|step| {
        at += match step {
            Step::Convolution(conv) => {
                1 + usize::from(conv.pool) + usize::from(conv.activation != Activation::None)
            }
            Step::InvertedResidual(block) => 3 + 2 * usize::from(block.expand.is_some()),
            Step::Mean | Step::Max => 1,
        };
        at += usize::from(matches!(layers[at + 1].kind, Kind::Add(_)));
        at
    });
    ends.collect()
}

#[test]
fn every_step_agrees_with_the_network_that_answers() {
    for (network, header, file) in networks() {
        let side = header.preprocessing.input_size;
        let image = numbers(1, side);
        let layers = looked(&file, &image, 1);
        let steps = steps::read(&file).unwrap().steps;
        let ends = ends(layers.layers(), &steps);
        let packed = Packed::new(&steps);
        packed.watch(&image, side, side, |step, maps| {
            let what = format!("{} step {step}", header.architecture);
            let at = ends[step];
            assert_eq!(
                layers.layers()[at].shape,
                [maps.height, maps.width, maps.channels],
                "{what}"
            );
            agree(&layers.output(at), maps.values, 1e-5, &what);
        });
        // And Burn's operations, over all steps together.
        let images = Tensor::<Flex, 4>::from_data(
            TensorData::new(image, [1, 3, side, side]),
            &Default::default(),
        );
        let features = network.features(images);
        let numbers = |tensor: Tensor<Flex, 2>| tensor.into_data().into_vec::<f32>().unwrap();
        let what = header.architecture.name();
        agree(&layers.output(ends[ends.len() - 1]), &numbers(features.clone()), 1e-5, what);
        let logits = numbers(network.logits(features));
        let outputs = header.shape().outputs;
        let last = layers.layers().len() - 1;
        agree(&layers.output(layers.layers()[last].from), &logits[..outputs], 1e-5, what);
        let shares = probabilities(&logits[..outputs], header.temperature);
        agree(&layers.output(last), &shares, 1e-3, what);
        let counted: u64 = layers.layers().iter().map(Layer::multiply_adds).sum();
        assert_eq!(counted, network.multiply_adds(side), "{what}");
    }
}

#[test]
fn every_number_is_what_its_parts_give() {
    for (_, header, file) in networks() {
        let layers = looked(&file, &numbers(2, header.preprocessing.input_size), 2);
        for (at, layer) in layers.layers().iter().enumerate() {
            let output = layers.output(at);
            let [height, width, channels] = layer.shape;
            let corners = [[0, 0], [height - 1, width - 1], [height / 2, width / 3]];
            for ([row, column], channel) in corners
                .into_iter()
                .flat_map(|place| [0, channels / 2, channels - 1].map(|c| (place, c)))
            {
                let pixel = layers.pixel(at, channel, row, column).unwrap();
                let what = format!("{} {at} {}: {pixel:?}", header.architecture, layer.name());
                assert_eq!(
                    pixel.output,
                    output[(row * width + column) * channels + channel],
                    "{what}"
                );
                let inputs = &pixel.inputs[..];
                let most = inputs.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let expected = match &layer.kind {
                    Kind::Convolution(_) | Kind::Dense(_) | Kind::Depthwise(_) => {
                        let products: f32 =
                            inputs.iter().zip(&pixel.weights).map(|(a, b)| a * b).sum();
                        let sums: f32 = pixel.sums.iter().sum();
                        assert!((products - sums).abs() < 1e-4 * sums.abs().max(1.0), "{what}");
                        assert_eq!(inputs.len(), pixel.weights.len());
                        assert_eq!(pixel.channels.len(), pixel.sums.len());
                        sums + pixel.bias
                    }
                    Kind::Pool | Kind::Max => most,
                    Kind::Activation(activation) => match activation {
                        Activation::None => most,
                        Activation::Relu => most.max(0.0),
                        Activation::Relu6 => most.clamp(0.0, 6.0),
                        Activation::Gelu => {
                            let tanh = (0.797_884_6 * (most + 0.044_715 * most.powi(3))).tanh();
                            let near = 0.5 * most * (1.0 + tanh);
                            assert!((near - pixel.output).abs() < 1e-3, "{what}: {near}");
                            pixel.output
                        }
                    },
                    Kind::Add(_) => inputs.iter().sum(),
                    Kind::Mean | Kind::Looks => inputs.iter().sum::<f32>() / inputs.len() as f32,
                    Kind::Embedding(_) => (inputs[0] - inputs[1]) / inputs[2],
                    Kind::Softmax => probabilities(inputs, header.temperature)[channel],
                    Kind::Picture => most,
                    Kind::Evidence(_) => unreachable!("no evidence here"),
                };
                let near = 1e-4 * expected.abs().max(1.0);
                assert!((pixel.output - expected).abs() < near, "{what}: not {expected}");
            }
            assert!(layers.pixel(at, channels, 0, 0).is_err());
            assert!(layers.pixel(at, 0, height, 0).is_err());
            assert!(layers.pixel(at, 0, 0, width).is_err());
        }
        assert!(layers.pixel(layers.layers().len(), 0, 0, 0).is_err());
    }
}

#[test]
fn the_strongest_channels_are_pictures_of_their_numbers() {
    for (_, header, file) in networks() {
        let layers = looked(&file, &numbers(1, header.preprocessing.input_size), 1);
        for (at, layer) in layers.layers().iter().enumerate() {
            let [height, width, channels] = layer.shape;
            let found = layers.channels(at, 7).unwrap();
            let count = channels.min(7);
            assert_eq!(found.places.len(), count);
            assert_eq!(found.pictures.len(), count * height * width);
            let output = layers.output(at);
            for (which, &channel) in found.places.iter().enumerate() {
                let (low, high) = (found.low[which], found.high[which]);
                let picture = &found.pictures[which * height * width..][..height * width];
                for (byte, value) in
                    picture.iter().zip(output.iter().skip(channel as usize).step_by(channels))
                {
                    assert!(*value >= low && *value <= high);
                    let back = low + (high - low) * f32::from(*byte) / 255.0;
                    assert!((back - value).abs() <= (high - low) / 500.0, "{back}, not {value}");
                }
            }
            if (height, width) == (1, 1) {
                assert!(found.high.is_sorted_by(|a, b| a >= b), "the largest come first");
            }
        }
        let (colours, limits) = layers.filters();
        let first = layers.layers()[1].convolution().unwrap();
        assert_eq!(limits.len(), first.bias.len());
        for (filter, limit) in limits.iter().enumerate() {
            let places = first.kernel * first.kernel;
            for (at, rgba) in colours[filter * places * 4..][..places * 4].chunks(4).enumerate() {
                let (colours, opacity) = rgba.split_at(RGB);
                for (channel, colour) in colours.iter().enumerate() {
                    let weight = first.weights[(filter * RGB + channel) * places + at];
                    let back = (f32::from(*colour) / 127.5 - 1.0) * limit;
                    assert!((back - weight).abs() <= limit / 250.0, "{back}, not {weight}");
                }
                assert_eq!(opacity, [255]);
            }
        }
    }
}

/// The networks that are shipped, with the page's own preprocessing: what comes out last is the answer.
#[test]
fn the_last_layers_are_the_classifiers_answer() {
    for name in ["cifar10", "photo"] {
        let path = format!("{}/www/model/{name}.safetensors", env!("CARGO_MANIFEST_DIR"));
        let file = std::fs::read(&path).unwrap_or_else(|why| panic!("{path}: {why}"));
        let classifier = Classifier::load(&file).expect("a network");
        let colours: Vec<u8> = (0..90 * 70 * 3).map(|at| (at * 7 % 241) as u8).collect();
        let pixels = Pixels::from_rgb(90, 70, &colours).expect("a picture");
        let views = classifier.views(&pixels, &classifier::Options::default());
        let tensors: Vec<f32> = views.iter().flat_map(|view| view.tensor.clone()).collect();
        let layers = looked(&file, &tensors, views.len());
        let outputs = pollster::block_on(classifier.logits_of_views(&views)).expect("logits");
        let logits = classifier.class_logits(&outputs);
        let last = layers.layers().len() - 1;
        // The classifier multiplies integers of 15 bits.
        agree(&layers.output(layers.layers()[last].from), &logits, 2e-3, name);
        let shares = layers.shares().unwrap();
        for ([place, logit, scaled, _, share], ranked) in
            shares.as_chunks().0.iter().zip(classifier.answer(&outputs).prediction.ranked)
        {
            assert_eq!(*place as usize, ranked.index, "{name}");
            assert!((share - ranked.probability).abs() < 1e-3, "{name}");
            assert!((logit - scaled * layers.temperature()).abs() < 1e-4);
        }
        let exponentials: f32 = shares.iter().skip(3).step_by(5).sum();
        for [.., exponential, share] in shares.as_chunks::<5>().0 {
            assert!((exponential / exponentials - share).abs() < 1e-5);
        }
        let evidence = layers.evidence_of_classes().unwrap();
        assert_eq!(evidence.len(), if name == "photo" { 4 * logits.len() } else { 0 });
        for [place, .., logit] in evidence.as_chunks::<4>().0 {
            assert_eq!(*logit, layers.output(last - 1)[*place as usize]);
        }
    }
}

#[test]
fn what_is_not_there_is_refused() {
    let (_, header, file) = networks().remove(0);
    let side = header.preprocessing.input_size;
    let mut layers = Layers::read(&file, 1).unwrap();
    assert!(matches!(layers.pixel(0, 0, 0, 0), Err(LayersError::Nowhere)));
    assert!(layers.channels(0, 3).is_err() && layers.shares().is_err());
    let found = 2 * RGB * side * side;
    let refused = layers.begin(&numbers(2, side));
    assert!(matches!(refused, Err(LayersError::Numbers { found: f, .. }) if f == found));
    assert!(Layers::read(&file[..file.len() / 2], 1).is_err());
    // A picture after another one.
    let views = numbers(1, side);
    layers.begin(&views).unwrap();
    while layers.step() {}
    layers.begin(&views).unwrap();
    assert!(layers.channels(0, 3).is_err(), "nothing of the last one is left");
    while layers.step() {}
    assert!(layers.channels(0, 3).is_ok());
}

#[test]
fn the_largest_of_a_window_is_no_number_where_one_of_it_is_none() {
    for window in [[f32::NAN, 1.0], [1.0, f32::NAN]] {
        assert!(largest(&window, [1, 2, 1], [1, 2])[0].is_nan());
    }
    assert_eq!(largest(&[1.0, 2.0, 9.0], [1, 3, 1], [1, 2]), [2.0]);
}
