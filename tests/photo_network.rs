//! EfficientNet-Lite0 against its reference implementation, on two real photos. What that makes of them stands in
//! `tests/fixtures/reference`, with the program that wrote it.
#![cfg(feature = "train")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use burn::backend::Flex;
use glimpse::Classifier;
use glimpse::classifier::Options;
use glimpse::model::network_file;
use glimpse::model::weights::Precision;
use glimpse::pixels::Pixels;
use glimpse::train::import::import;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// The pretrained file that `scripts/pretrained` fetches, and `scripts/setup test` with it.
fn pretrained() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), PathBuf::from);
    let path = target.join("pretrained/efficientnet-lite0-57934424.pth");
    assert!(path.exists(), "{} is missing: run scripts/pretrained", path.display());
    path
}

/// Photos and the thousand logits that the reference makes of each.
fn references() -> Vec<(Pixels, Vec<f32>)> {
    let folder = root().join("tests/fixtures/reference");
    let logits: BTreeMap<String, Vec<f32>> =
        serde_json::from_slice(&read(&folder.join("logits.json"))).expect("logits");
    assert_eq!(logits.len(), 2);
    let photo = |name: &str| Pixels::decode(&read(&folder.join(format!("{name}.png"))));
    logits.into_iter().map(|(name, logits)| (photo(&name).expect("a photo"), logits)).collect()
}

fn logits(classifier: &Classifier, photo: &Pixels) -> Vec<f32> {
    let tensor = classifier.prepare(photo, &Options::default()).tensor;
    pollster::block_on(classifier.logits(&[&tensor])).expect("logits").remove(0)
}

fn largest_difference(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

fn best(logits: &[f32]) -> usize {
    (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).expect("logits")
}

#[test]
fn the_imported_network_agrees_with_the_reference() {
    let (network, header) =
        import::<Flex>(&pretrained(), None, &Default::default()).expect("a network");
    let load = |precision| {
        let bytes = network_file::write(&network, &header, precision).expect("a file");
        Classifier::load(&bytes).expect("a classifier")
    };
    let (exact, short) = (load(Precision::F32), load(Precision::Int8));
    for (photo, expected) in references() {
        let found = logits(&exact, &photo);
        let difference = largest_difference(&found, &expected);
        assert!(difference < 1e-3, "the logits differ by {difference}");
        let answer = exact.answer(&found).prediction;
        assert_eq!(answer.best().index, best(&expected));
        // One byte per weight: another network, but not another answer.
        let found = logits(&short, &photo);
        assert_eq!(best(&found), best(&expected));
        let difference = largest_difference(&found, &expected);
        assert!((1e-3..1.5).contains(&difference), "in bytes the logits differ by {difference}");
    }
}

#[test]
fn the_shipped_network_still_says_what_the_reference_says() {
    let bytes = read(&root().join("www/model/photo.safetensors"));
    let classifier = Classifier::load(&bytes).expect("a classifier");
    let header = classifier.header().clone();
    let vocabulary = header.vocabulary.as_ref().expect("a vocabulary");
    assert_eq!(vocabulary.classes.len(), 1000);
    assert!(header.classes.contains(header.none.as_ref().expect("'none of these'")));
    assert!(header.provenance.notice.as_ref().is_some_and(|notice| notice.contains("Apache")));
    assert!(bytes.len() < 5_000_000, "{} bytes", bytes.len());
    for ((photo, expected), class) in references().into_iter().zip(["cat", "dog"]) {
        let found = logits(&classifier, &photo);
        let (_, names) = found.split_at(header.classes.len());
        assert!(largest_difference(names, &expected) < 1.5);
        let answer = classifier.answer(&found);
        let name = &answer.vocabulary.as_ref().expect("names")[0];
        assert_eq!(name.index, best(&expected));
        assert_eq!(answer.prediction.best().label, class);
        assert!(!answer.none && answer.prediction.sure);
    }
}

#[test]
fn two_views_are_answered_by_the_mean_of_their_features() {
    let bytes = read(&root().join("www/model/photo.safetensors"));
    let classifier = Classifier::load(&bytes).expect("a classifier");
    let preprocessing = &classifier.header().preprocessing;
    let (first, second) = (preprocessing.framing, preprocessing.second_framing.expect("a view"));
    let (photo, _) = references().swap_remove(0);
    let found = |options: &Options| {
        let views = classifier.views(&photo, options);
        (views.len(), pollster::block_on(classifier.logits_of_views(&views)).expect("logits"))
    };
    let features = |framing| {
        let options = Options { framing: Some(framing), single_view: true, ..Options::default() };
        let tensor = classifier.prepare(&photo, &options).tensor;
        pollster::block_on(classifier.features(&[&tensor])).expect("features").concat()
    };
    let (centre, whole) = (features(first), features(second));
    let logits =
        |features: &[f32]| classifier.logits_of_features(&[features]).expect("logits").concat();
    let mean: Vec<f32> = centre.iter().zip(&whole).map(|(a, b)| (a + b) / 2.0).collect();
    let (views, both) = found(&Options::default());
    assert_eq!(views, 2);
    assert!(largest_difference(&both, &logits(&mean)) < 1e-4);
    assert!(largest_difference(&both, &logits(&centre)) > 0.1, "the second view counts");
    let same = Options { framing: Some(first), ..Options::default() };
    assert_eq!(found(&same), (2, both));
    // A live picture, and a framing that somebody has chosen instead, have one view.
    let (views, one) = found(&Options { single_view: true, ..Options::default() });
    assert!(views == 1 && largest_difference(&one, &logits(&centre)) < 1e-4);
    let (views, one) = found(&Options { framing: Some(second), ..Options::default() });
    assert!(views == 1 && largest_difference(&one, &logits(&whole)) < 1e-4);
}

#[test]
fn other_files_are_refused_with_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |path: &Path| import::<Flex>(path, None, &Default::default()).unwrap_err();
    let missing = refused(&folder.path().join("nothing.pth"));
    assert!(missing.to_string().contains("could not be read"), "{missing}");
    let text = folder.path().join("text.pth");
    std::fs::write(&text, "not weights").expect("a file");
    let text = refused(&text);
    assert!(text.to_string().contains("neither a PyTorch state dict"), "{text}");
    let other = refused(&root().join("www/model/cifar10.safetensors"));
    assert!(other.to_string().contains("not F32"), "{other}");
    let short = vec!["cat".to_owned()];
    let named = import::<Flex>(&pretrained(), Some(short), &Default::default()).unwrap_err();
    assert!(named.to_string().contains("1000 outputs, and 1 class names"), "{named}");
}
