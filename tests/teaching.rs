//! Heads that are taught, from embeddings to a weights file that answers.

use burn::backend::Flex;
use burn::tensor::backend::Backend;
use burn::tensor::{Distribution, Tensor};
use glimpse::Classifier;
use glimpse::learn::head::Taught;
use glimpse::learn::{Lesson, Space, file};
use glimpse::model::network_file;
use glimpse::model::splice;
use glimpse::model::weights::{Header, Precision, Provenance, WeightsError};
use glimpse::model::{Architecture, Embedding, Form, Network};
use glimpse::preprocess::{Enhance, Filter, Framing, Normalisation, Preprocessing};

const SIDE: usize = 70;

/// A network with random weights that knows the mean of its features.
fn network(seed: u64, embedding: Embedding) -> Vec<u8> {
    let header = Header {
        architecture: Architecture::EfficientNetLite,
        classes: ["cat", "dog", "ship"].map(str::to_owned).to_vec(),
        none: None,
        vocabulary: None,
        embedding,
        backbone: None,
        held_out: Vec::new(),
        preprocessing: Preprocessing {
            input_size: SIDE,
            framing: Framing::CentreCrop { fraction: 1.0 },
            second_framing: None,
            filter: Filter::Triangle,
            enhance: Enhance::default(),
            normalisation: Normalisation::IDENTITY,
        },
        temperature: 1.0,
        not_sure_below: 0.5,
        provenance: Provenance { notice: Some("by somebody".to_owned()), ..Provenance::default() },
    };
    let device = Default::default();
    Flex::seed(&device, seed);
    let network = Network::<Flex>::new(header.shape(), Form::Folded, &device);
    let centre = Tensor::random([1280], Distribution::Uniform(0.0, 0.2), &device);
    let network = match embedding {
        Embedding::None => network,
        _ => network.with_centre(Some(centre)),
    };
    network_file::write(&network, &header, Precision::Int8).unwrap()
}

/// Features that look drawn at random.
fn features(seed: u64) -> Vec<f32> {
    let device = Default::default();
    Flex::seed(&device, seed);
    let tensor = Tensor::<Flex, 1>::random([1280], Distribution::Uniform(0.0, 2.0), &device);
    tensor.into_data().into_vec().unwrap()
}

fn names(count: usize) -> Vec<String> {
    ["mug", "pen", "key"][..count].iter().map(|name| (*name).to_owned()).collect()
}

/// Teaches three random pictures of each class.
fn teach(weights: &[u8], classes: usize, none: bool) -> (Taught, Space) {
    let space = Space::new(splice::centre(weights).unwrap());
    let rows: Vec<Vec<f32>> =
        (0..3 * classes as u64).map(|seed| space.embed(&features(seed)).unwrap()).collect();
    let embeddings: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
    let labels: Vec<usize> = (0..3 * classes).map(|picture| picture % classes).collect();
    let names = names(classes);
    let lesson = Lesson { embeddings: &embeddings, labels: &labels, classes: &names, none };
    (lesson.teach().unwrap(), space)
}

fn written(weights: &[u8], taught: &Taught, classes: usize, whole: bool) -> Vec<u8> {
    file::write(weights, taught, &names(classes), whole, "2026-01-02".to_owned()).unwrap()
}

#[test]
fn the_file_answers_as_the_head_that_was_taught() {
    let weights = network(1, Embedding::Known);
    for (classes, none) in [(3, true), (3, false), (2, true), (2, false)] {
        let (taught, space) = teach(&weights, classes, none);
        let file = written(&weights, &taught, classes, true);
        let classifier = Classifier::load(&file).unwrap();
        assert_eq!(classifier.header().none.is_some(), none);
        for seed in [0, 1, 50] {
            let features = features(seed);
            let logits = classifier.logits_of_features(&[&features]).unwrap();
            let found = classifier.answer(&logits[0]).prediction.ranked;
            let logits = taught.head.logits(&space.embed(&features).unwrap());
            let expected = taught.head.rank(&logits, &names(classes));
            for (found, expected) in found.iter().zip(&expected) {
                assert_eq!(found.label, expected.label);
                assert!((found.probability - expected.probability).abs() < 1e-4);
            }
        }
    }
}

#[test]
fn a_head_alone_is_small_and_joined_with_its_backbone_is_the_whole_file() {
    let weights = network(1, Embedding::Known);
    let (taught, _) = teach(&weights, 3, true);
    let alone = written(&weights, &taught, 3, false);
    assert!(alone.len() < 40_000, "{} bytes", alone.len());
    let whole = written(&weights, &taught, 3, true);
    assert_eq!(splice::join(&alone, &weights).unwrap(), whole);
    assert_eq!(splice::join(&whole, &weights).unwrap(), whole, "it is whole already");
    // A file that was made of the network names the same backbone, whatever its head.
    assert_eq!(splice::join(&alone, &whole).unwrap(), whole);
    assert_eq!(splice::backbone_needed(&whole).unwrap(), None);
    let needed = splice::backbone_needed(&alone).unwrap().unwrap();
    let refused = Classifier::load(&alone).unwrap_err();
    assert!(matches!(refused, WeightsError::HeadOnly(checksum) if checksum == needed));
    let header = splice::header(&alone).unwrap();
    assert_eq!(header.provenance.notice.as_deref(), Some("by somebody"));
    assert_eq!(header.classes, ["mug", "pen", "key", "none"]);
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let weights = network(1, Embedding::Known);
    let (taught, _) = teach(&weights, 3, true);
    let alone = written(&weights, &taught, 3, false);
    let refused = splice::join(&alone, &network(2, Embedding::Known)).unwrap_err();
    assert!(matches!(refused, WeightsError::OtherBackbone { .. }), "{refused}");
    let refused = splice::centre(&network(1, Embedding::None)).unwrap_err();
    assert!(matches!(refused, WeightsError::NoCentre), "{refused}");
    let same = ["mug", "mug", "key"].map(str::to_owned);
    let refused = file::write(&weights, &taught, &same, true, String::new()).unwrap_err();
    assert!(refused.to_string().contains("mug"), "{refused}");
    let mut damaged = alone.clone();
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    assert!(matches!(splice::join(&damaged, &weights), Err(WeightsError::Checksum { .. })));
    assert!(splice::join(b"no file", &weights).is_err());
}
