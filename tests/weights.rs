//! The weights file and the folded network, on the CPU backend.

use std::collections::{BTreeMap, HashMap};

use burn::backend::Flex;
use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::backend::Backend;
use burn::tensor::{Distribution, Tensor};
use glimpse::Classifier;
use glimpse::evidence::Evidence;
use glimpse::held_out::{HeldOut, HeldOutError, Picture};
use glimpse::model::heads::Maps;
use glimpse::model::network_file;
use glimpse::model::operations::Operations;
use glimpse::model::weights::{self, Header, Precision, Provenance, Vocabulary, WeightsError};
use glimpse::model::{Architecture, Embedding, Form, Network, Shape};
use glimpse::preprocess::{Enhance, Filter, Framing, Normalisation, Preprocessing};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

const ARCHITECTURES: [Architecture; 4] =
    [Architecture::ConvNet, Architecture::Vgg, Architecture::Plain, Architecture::EfficientNetLite];
const NORMALISATION: Normalisation =
    Normalisation { mean: [0.49, 0.48, 0.45], std: [0.25, 0.24, 0.26] };

fn side(architecture: Architecture) -> usize {
    if architecture == Architecture::EfficientNetLite { 70 } else { 32 }
}

/// Only EfficientNet-Lite has a place for a second answer.
fn vocabulary(architecture: Architecture) -> Option<Vocabulary> {
    (architecture == Architecture::EfficientNetLite).then(|| Vocabulary {
        classes: ["tabby", "beagle", "teapot", "liner"].map(str::to_owned).to_vec(),
        temperature: 1.0,
        not_sure_below: 0.5,
        evidence: None,
    })
}

fn header(architecture: Architecture) -> Header {
    Header {
        architecture,
        classes: ["cat", "dog", "ship"].map(str::to_owned).to_vec(),
        preprocessing: Preprocessing {
            input_size: side(architecture),
            framing: Framing::CentreCrop { fraction: 1.0 },
            second_framing: None,
            filter: Filter::Triangle,
            enhance: Enhance::default(),
            normalisation: Normalisation::IDENTITY,
        },
        temperature: 0.7,
        not_sure_below: 0.5,
        none: None,
        vocabulary: vocabulary(architecture),
        embedding: Embedding::None,
        backbone: None,
        held_out: Vec::new(),
        provenance: Provenance { seed: 3, epochs: 2, ..Provenance::default() },
    }
}

/// Gives batch norms the statistics of a network that was trained: a fresh one has nothing to fold.
struct Lived {
    name: Vec<String>,
}

impl<B: Backend> ModuleMapper<B> for Lived {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.name.push(name.to_owned());
    }
    fn exit_module(&mut self, _: &str, _: &str) {
        self.name.pop();
    }
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<B, D>>) -> Param<Tensor<B, D>> {
        let spread = match self.name.last().map(String::as_str) {
            Some("gamma") => Some((0.5, 1.5)),
            Some("beta" | "running_mean") => Some((-0.5, 0.5)),
            Some("running_var") => Some((0.2, 3.0)),
            _ => None,
        };
        let Some((low, high)) = spread else { return param };
        param.map(|tensor| tensor.random_like(Distribution::Uniform(low, high)))
    }
}

fn trained_network(architecture: Architecture, input_size: usize) -> Network<Flex> {
    let device = Default::default();
    Flex::seed(&device, 5);
    let names = vocabulary(architecture).map_or(0, |names| names.classes.len());
    let shape = Shape {
        architecture,
        input_size,
        outputs: 3,
        vocabulary: names,
        embedding: Embedding::None,
    };
    Network::new(shape, Form::Trainable, &device).map(&mut Lived { name: Vec::new() })
}

fn images(side: usize) -> Tensor<Flex, 4> {
    Tensor::random([4, 3, side, side], Distribution::Uniform(0.0, 1.0), &Default::default())
}

fn largest_difference(a: Tensor<Flex, 2>, b: Tensor<Flex, 2>) -> f32 {
    (a - b).abs().max().into_scalar()
}

#[test]
fn folding_changes_no_logit() {
    for architecture in ARCHITECTURES {
        for side in [32, 50] {
            let network = trained_network(architecture, side);
            let images = images(side);
            let per_channel = |values: [f32; 3]| {
                Tensor::<Flex, 1>::from_floats(values, &Default::default()).reshape([1, 3, 1, 1])
            };
            let normalised =
                |by: &Normalisation| (images.clone() - per_channel(by.mean)) / per_channel(by.std);
            let trained = network.forward(normalised(&NORMALISATION));
            let (folded, rest) = network.fold(&NORMALISATION);
            let folded = folded.forward(normalised(&rest));
            // The logits of random weights are small: what counts is that folding moves them less than they differ.
            let spread: f32 = trained.clone().var(1).max().into_scalar().sqrt();
            let difference = largest_difference(trained, folded);
            assert!(
                difference < 1e-3 && difference < 1e-3 * spread,
                "{architecture} at {side}: {difference}, where logits differ by {spread}"
            );
        }
    }
}

#[test]
fn a_network_comes_back_from_its_file() {
    for architecture in ARCHITECTURES {
        let side = side(architecture);
        let network = trained_network(architecture, side).fold(&NORMALISATION).0;
        let images = images(side);
        let logits = network.forward(images.clone());
        let size: f32 = logits.clone().abs().max().into_scalar();
        for (precision, tolerance) in
            [(Precision::F32, 1e-6), (Precision::F16, 0.01), (Precision::Int8, 0.1)]
        {
            let header = header(architecture);
            let bytes = network_file::write(&network, &header, precision).unwrap();
            let (read, found) = network_file::read::<Flex>(&bytes, &Default::default()).unwrap();
            assert_eq!(found, header);
            let difference = largest_difference(logits.clone(), read.forward(images.clone()));
            assert!(
                difference < tolerance * size,
                "{architecture} {precision:?}: {difference} of {size}"
            );
            let per_weight = bytes.len() as f32 / read.num_params() as f32;
            let expected = match precision {
                Precision::Int8 => 1.0,
                Precision::F16 => 2.0,
                Precision::F32 => 4.0,
            };
            // Biases and scales have four bytes each.
            assert!(
                (per_weight - expected).abs() < 0.2,
                "{architecture} {precision:?}: {per_weight} bytes"
            );
            let again = network_file::write(&network, &header, precision).unwrap();
            assert!(bytes == again, "the same network gives another file");
        }
    }
}

/// The whole way of the page's CPU module from file and image to logits and maps, against that of Burn's operations: in
/// single precision, and with weights that are bytes, where activations have 15 bits.
#[test]
fn the_packed_engine_and_the_operations_of_burn_agree() {
    let lite = Architecture::EfficientNetLite;
    let cases = [(lite, 70, 4), (lite, 65, 1), (lite, 96, 2)].into_iter();
    let small =
        [(Architecture::ConvNet, 33, 3), (Architecture::Plain, 32, 2), (Architecture::Vgg, 37, 2)];
    for (architecture, side, batch) in cases.chain(small) {
        let network = trained_network(architecture, side).fold(&NORMALISATION).0;
        let header = Header {
            preprocessing: Preprocessing { input_size: side, ..header(architecture).preprocessing },
            ..header(architecture)
        };
        let images: Vec<f32> = images(side).into_data().to_vec().unwrap();
        let images: Vec<&[f32]> = images.chunks(3 * side * side).take(batch).collect();
        for (precision, share, far) in [(Precision::F32, 1e-5, 1e-4), (Precision::Int8, 3e-4, 3e-3)]
        {
            let what = format!("{architecture} at {side} in {precision}");
            let bytes = network_file::write(&network, &header, precision).unwrap();
            let packed = Classifier::load(&bytes).unwrap();
            let burn =
                Classifier::<Operations<Flex>>::load_onto(&bytes, Default::default()).unwrap();
            assert_eq!(packed.parameters(), network.num_params());
            let features = pollster::block_on(burn.features(&images)).unwrap();
            let found = pollster::block_on(packed.features(&images)).unwrap();
            agree(&found.concat(), &features.concat(), share, &what);
            let size = features.concat().into_iter().fold(0.0, f32::max);
            assert!(size > 0.1, "{what}: {size}");
            let logits = pollster::block_on(burn.logits(&images)).unwrap().concat();
            let found = pollster::block_on(packed.logits(&images)).unwrap().concat();
            assert_eq!(found.len(), logits.len());
            for (found, logit) in found.iter().zip(&logits) {
                assert!((found - logit).abs() < far, "{what}: {found}, not {logit}");
            }
            let of_burn = pollster::block_on(burn.logits_with_maps(&images)).unwrap();
            let found = pollster::block_on(packed.logits_with_maps(&images)).unwrap();
            assert_eq!(found.is_some(), architecture.pooling().is_some(), "{what}");
            match (of_burn, found) {
                (Some((_, expected)), Some((_, found))) => {
                    let shape = |maps: &Maps| [maps.views, maps.features, maps.rows, maps.columns];
                    assert_eq!(shape(&found), shape(&expected), "{what}");
                    agree(&found.values, &expected.values, share, &what);
                }
                (of_burn, found) => assert!(of_burn.is_none() && found.is_none(), "{what}"),
            }
        }
    }
}

/// Every number within a share of the largest.
fn agree(found: &[f32], expected: &[f32], share: f32, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let most = expected.iter().fold(0.0, |most: f32, value| most.max(value.abs()));
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < share * most, "{what}: {found}, not {expected}");
    }
}

fn plain_file() -> Vec<u8> {
    let network = trained_network(Architecture::Plain, 32).fold(&NORMALISATION).0;
    network_file::write(&network, &header(Architecture::Plain), Precision::Int8).unwrap()
}

fn error(bytes: &[u8]) -> WeightsError {
    match Classifier::load(bytes) {
        Err(error) => error,
        Ok(_) => panic!("a wrong file was read without an error"),
    }
}

/// A file as another program could write it: with other values in its tensors and another header, and a checksum that
/// is right.
fn forged(
    file: &[u8],
    header: impl Fn(String) -> String,
    tensor: impl Fn(&str, &mut [u8]),
) -> Vec<u8> {
    let (_, metadata) = SafeTensors::read_metadata(file).unwrap();
    let entry = &metadata.metadata().as_ref().unwrap()["glimpse"];
    let text = entry.split_once(r#""header":"#).unwrap().1;
    let text = header(text.strip_suffix('}').unwrap().to_owned());
    let tensors = SafeTensors::deserialize(file).unwrap();
    let tensors: BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)> = tensors
        .iter()
        .map(|(name, view)| {
            let mut bytes = view.data().to_vec();
            tensor(name, &mut bytes);
            (name.to_owned(), (view.dtype(), view.shape().to_vec(), bytes))
        })
        .collect();
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(text.as_bytes());
    for (name, (dtype, shape, bytes)) in &tensors {
        hasher.update(format!("{name} {dtype:?} {shape:?}").as_bytes());
        hasher.update(bytes);
    }
    let entry = format!(r#"{{"version":1,"checksum":{},"header":{text}}}"#, hasher.finalize());
    let views = tensors.iter().map(|(name, (dtype, shape, bytes))| {
        (name, TensorView::new(*dtype, shape.clone(), bytes).unwrap())
    });
    safetensors::serialize(views, Some(HashMap::from([("glimpse".to_owned(), entry)]))).unwrap()
}

#[test]
fn values_that_are_no_numbers_are_refused() {
    let network = trained_network(Architecture::Plain, 32).fold(&NORMALISATION).0;
    let header = header(Architecture::Plain);
    let [nan, infinite, huge] = [f32::NAN, f32::NEG_INFINITY, f32::MAX].map(f32::to_le_bytes);
    let half = half::f16::INFINITY.to_le_bytes();
    let f32_and =
        |value| [(Precision::F32, "head.weight", value), (Precision::F32, "head.bias", value)];
    let mut spoiled: Vec<(Precision, &str, &[u8])> = vec![
        (Precision::F16, "head.weight", &half),
        (Precision::Int8, "head.weight.scale", &nan),
        // A number by itself, but not when it is multiplied by a byte.
        (Precision::Int8, "head.weight.scale", &huge),
    ];
    spoiled.extend(f32_and(&nan[..]));
    spoiled.extend(f32_and(&infinite[..]));
    for (precision, wanted, value) in spoiled {
        let file = network_file::write(&network, &header, precision).unwrap();
        let untouched = forged(&file, |header| header, |_, _| ());
        assert!(network_file::read::<Flex>(&untouched, &Default::default()).is_ok());
        // The last value, so that none is left out.
        let spoil = |name: &str, bytes: &mut [u8]| {
            if name == wanted {
                let end = bytes.len();
                bytes[end - value.len()..].copy_from_slice(value);
            }
        };
        let file = forged(&file, |header| header, spoil);
        let error = error(&file);
        assert!(
            matches!(&error, WeightsError::NotFinite(name) if name == wanted),
            "{precision:?} {wanted}: {error}"
        );
    }
}

#[test]
fn headers_that_make_no_sense_are_refused() {
    let network = trained_network(Architecture::EfficientNetLite, 70).fold(&NORMALISATION).0;
    let mut header = header(Architecture::EfficientNetLite);
    header.provenance.test_accuracy = Some(0.5);
    let file = network_file::write(&network, &header, Precision::Int8).unwrap();
    for (from, to, said) in [
        (r#""dog""#, r#""cat""#, "two classes are called cat"),
        (r#""beagle""#, r#""tabby""#, "two names of the vocabulary are tabby"),
        // More than a single-precision number can hold: infinite.
        (r#""temperature":0.7"#, r#""temperature":1e39"#, "a temperature of inf"),
        (r#""test_accuracy":0.5"#, r#""test_accuracy":1e39"#, "an accuracy of inf"),
        (r#""test_accuracy":0.5"#, r#""test_accuracy":-0.5"#, "an accuracy of -0.5"),
        (r#""seed":3"#, r#""seed":9007199254740992"#, "a seed of 9007199254740992"),
    ] {
        let change = |header: String| {
            assert!(header.contains(from), "{from}: {header}");
            header.replace(from, to)
        };
        let sentence = glimpse::with_causes(&error(&forged(&file, change, |_, _| ())));
        assert!(sentence.contains(said), "{to}: {sentence}");
    }
}

#[test]
fn every_damaged_byte_is_noticed() {
    let file = plain_file();
    let all_of_the_header = 0..4_000;
    let some_of_the_rest = (4_000..file.len()).step_by(2_477);
    for position in all_of_the_header.chain(some_of_the_rest).chain([file.len() - 1]) {
        let mut damaged = file.clone();
        damaged[position] ^= 0x10;
        let result = Classifier::load(&damaged);
        assert!(result.is_err(), "byte {position} was changed and nobody noticed");
    }
}

#[test]
fn every_truncation_is_noticed() {
    let file = plain_file();
    for length in [0, 1, 7, 8, 9, 100, 1_000, file.len() / 2, file.len() - 1] {
        assert!(matches!(error(&file[..length]), WeightsError::Malformed(_)), "{length} bytes");
    }
}

/// The version is looked at before the checksum, so that a newer file is not called damaged.
#[test]
fn what_was_said_of_pictures_held_out_comes_back() {
    let picture = |source, label, probabilities: [f32; 3]| Picture {
        source,
        label,
        probabilities: probabilities.to_vec(),
    };
    let pictures = [picture(0, 2, [0.1, 0.2, 0.7]), picture(1, 0, [0.5, 0.25, 0.25])];
    let sources = ["pets", "harbours"].map(str::to_owned).to_vec();
    let held_out = HeldOut::new(sources.clone(), 3, &pictures).unwrap();
    let plain = plain_file();
    let load = |bytes: &[u8]| Classifier::load(bytes).unwrap();
    assert_eq!(load(&plain).held_out(), None);
    let with = weights::with_held_out(&plain, &held_out).unwrap();
    let classifier = load(&with);
    assert_eq!(classifier.held_out(), Some(&held_out));
    assert_eq!(classifier.header().held_out, sources);
    assert_eq!(weights::with_held_out(&with, &held_out).unwrap(), with, "in place of the old ones");

    let two =
        HeldOut::new(sources, 2, &[Picture { source: 0, label: 0, probabilities: vec![0.5; 2] }]);
    let refused = weights::with_held_out(&plain, &two.unwrap());
    assert!(matches!(refused, Err(WeightsError::HeldOut(HeldOutError::Lengths))));
    // A header that promises them, and a file without them.
    let promised = Header { held_out: vec!["pets".to_owned()], ..header(Architecture::Plain) };
    let network = trained_network(Architecture::Plain, 32).fold(&NORMALISATION).0;
    let bytes = network_file::write(&network, &promised, Precision::Int8).unwrap();
    assert!(
        matches!(error(&bytes), WeightsError::Missing(name, _) if name.starts_with("held_out."))
    );
}

#[test]
fn another_version_is_told_apart_from_damage() {
    let mut file = plain_file();
    let needle = br#"{\"version\":1,"#;
    let at = file
        .windows(needle.len())
        .position(|w| w == needle)
        .expect("the version stands in the file");
    file[at + needle.len() - 2] = b'7';
    assert!(matches!(error(&file), WeightsError::Version { found: 7 }));
}

#[test]
fn tensors_of_another_architecture_are_refused() {
    let network = trained_network(Architecture::Plain, 32).fold(&NORMALISATION).0;
    let file = network_file::write(&network, &header(Architecture::Vgg), Precision::Int8).unwrap();
    assert!(matches!(error(&file), WeightsError::Missing(_, Architecture::Vgg)));

    let mut more_classes = header(Architecture::Plain);
    more_classes.classes.push("truck".to_owned());
    let file = network_file::write(&network, &more_classes, Precision::Int8).unwrap();
    let sentence = error(&file).to_string();
    assert!(sentence.contains("head.weight is I8 [128, 3] and should be [128, 4]"), "{sentence}");
}

#[test]
fn headers_that_make_no_sense_are_not_written() {
    let network = trained_network(Architecture::Plain, 32).fold(&NORMALISATION).0;
    let changes: [fn(&mut Header); 13] = [
        |h| h.classes[1] = "cat".to_owned(),
        |h| h.classes[1] = "a".repeat(201),
        |h| h.classes = (0..=100_000).map(|class| class.to_string()).collect(),
        |h| h.provenance.seed = 1 << 53,
        |h| h.none = Some("zebra".to_owned()),
        |h| h.vocabulary = vocabulary(Architecture::EfficientNetLite),
        |h| h.preprocessing.framing = Framing::CentreCrop { fraction: 0.0 },
        |h| h.classes.truncate(1),
        |h| h.temperature = 0.0,
        |h| h.temperature = f32::NAN,
        |h| h.not_sure_below = 1.5,
        |h| h.preprocessing.input_size = 4,
        |h| h.preprocessing.normalisation.std[1] = 0.0,
    ];
    for change in changes {
        let mut header = header(Architecture::Plain);
        change(&mut header);
        assert!(network_file::write(&network, &header, Precision::F16).is_err(), "{header:?}");
    }
}

#[test]
fn evidence_that_makes_no_sense_is_not_written() {
    let architecture = Architecture::EfficientNetLite;
    let network = trained_network(architecture, 70).fold(&NORMALISATION).0;
    let write = |class_of: &[Option<usize>]| {
        let evidence = Evidence { class_of: class_of.to_vec(), none: None };
        let mut header = header(architecture);
        header.vocabulary.as_mut().expect("a vocabulary").evidence = Some(evidence);
        network_file::write(&network, &header, Precision::Int8)
    };
    assert!(write(&[Some(0), Some(1), None, Some(2)]).is_ok());
    assert!(matches!(write(&[Some(0), Some(1), None, Some(3)]), Err(WeightsError::Evidence(_))));
    assert!(matches!(write(&[Some(0), Some(1)]), Err(WeightsError::Evidence(_))));
}

#[test]
fn the_threshold_of_names_is_a_share_and_older_files_never_reach_it() {
    let architecture = Architecture::EfficientNetLite;
    let network = trained_network(architecture, 70).fold(&NORMALISATION).0;
    for threshold in [-0.1, 1.1, f32::NAN] {
        let mut header = header(architecture);
        header.vocabulary.as_mut().expect("a vocabulary").not_sure_below = threshold;
        let written = network_file::write(&network, &header, Precision::Int8);
        assert!(matches!(written, Err(WeightsError::Nonsense(_))), "{threshold}");
    }
    let mut header = serde_json::to_value(header(architecture)).expect("JSON");
    let vocabulary = header["vocabulary"].as_object_mut().expect("a vocabulary");
    assert_eq!(vocabulary.remove("not_sure_below"), Some(0.5.into()));
    let older: Header = serde_json::from_value(header).expect("a header");
    assert_eq!(older.vocabulary.map(|vocabulary| vocabulary.not_sure_below), Some(1.0));
}

#[test]
fn weights_that_are_no_numbers_are_not_written() {
    struct Spoil;
    impl<B: Backend> ModuleMapper<B> for Spoil {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<B, D>>) -> Param<Tensor<B, D>> {
            param.map(|tensor| tensor * f32::NAN)
        }
    }
    let network = trained_network(Architecture::Plain, 32).map(&mut Spoil);
    let written = network_file::write(&network, &header(Architecture::Plain), Precision::Int8);
    assert!(matches!(written, Err(WeightsError::Nonsense(_))));
}

#[test]
fn a_file_of_another_program_is_told_so() {
    let tensor = TensorView::new(Dtype::F32, vec![1], &[0; 4]).unwrap();
    let file = safetensors::serialize([("x", tensor)], None).unwrap();
    assert!(matches!(error(&file), WeightsError::Foreign));
    assert!(matches!(error(b"<!doctype html><title>404</title>"), WeightsError::Malformed(_)));
}
