use burn::backend::Flex;
use burn::tensor::{Tensor, TensorData};

use super::cells::{Shares, shares};
use super::*;
use crate::model::Pooling;
use crate::model::heads::{Heads, Maps};
use crate::model::network_file;
use crate::model::steps::tests::heads;
use crate::model::weights::{Header, Precision};

fn bytes(name: &str) -> Vec<u8> {
    let path = format!("{}/www/model/{name}.safetensors", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|why| panic!("{path}: {why}"))
}

fn load(name: &str) -> Classifier {
    Classifier::load(&bytes(name)).expect("a network")
}

/// A picture of no two equal parts.
fn picture(width: u32, height: u32) -> Pixels {
    let value = |x: u32, y: u32, c: u32| {
        let wave = (x * (3 + c) + y * 7) % 97 + (x / 9 * 31 + y / 11 * 17 + c * 40) % 120;
        wave.min(255) as u8
    };
    let rgb: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| (0..3).map(move |c| value(x, y, c))))
        .collect();
    Pixels::from_rgb(width, height, &rgb).expect("a picture")
}

fn asked_for(class: &str) -> Request {
    Request { class: Some(class.to_owned()), ..Request::default() }
}

fn map(classifier: &Classifier, pixels: &Pixels, request: Request) -> Map {
    let options = Options::default();
    pollster::block_on(classifier.explain(pixels, &options, request, |_, _| ())).expect("a map")
}

fn sum(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value)).sum()
}

/// The log-odds of one of the logits against some of the others.
fn odds(logits: &[f32], of: usize, others: impl Fn(usize) -> bool) -> f64 {
    let exponential = |at: usize| f64::from(logits[at]).exp();
    let against = (0..logits.len()).filter(|&at| at != of && others(at)).map(exponential);
    f64::from(logits[of]) - against.sum::<f64>().ln()
}

#[test]
fn the_cells_and_the_constant_add_up_to_what_the_classifier_gave() {
    for (network, pooling) in [("photo", Pooling::Mean), ("cifar10", Pooling::Maximum)] {
        let classifier = load(network);
        let header = classifier.header();
        let views = classifier.views(&picture(300, 200), &Options::default());
        let tensors: Vec<&[f32]> = views.iter().map(|view| &view.tensor[..]).collect();
        let expected = pollster::block_on(classifier.logits_of_views(&views)).unwrap();
        let found = pollster::block_on(classifier.logits_with_maps(&tensors)).unwrap();
        let (outputs, maps) = found.expect("maps");
        assert_eq!(outputs, expected, "the same answer, whether maps are asked for or not");
        let heads = classifier.heads();
        let close = |target: Target, expected: f64| {
            let split = Split::new(header, &outputs, target);
            let Shares { cells, constant } = shares(&maps, pooling, heads, &split);
            for total in [split.score(&outputs), cells.iter().sum::<f64>() + constant] {
                assert!((total - expected).abs() < 1e-4, "{target:?}: {total}, not {expected}");
            }
            assert!(cells.iter().any(|cell| cell.abs() > 1e-3), "{target:?}: it says nothing");
        };
        let logits = classifier.class_logits(&outputs);
        let none = header.place_of_none();
        for class in 0..header.classes.len() {
            let expected = match none {
                // The classes have the log-probabilities 0 together, when 'none of these' is left out.
                Some(none) if class == none => logits[none].into(),
                _ => odds(&logits, class, |other| Some(other) != none),
            };
            close(Target::Class(class), expected);
        }
        let names = &outputs[header.shape().outputs..];
        for name in (0..names.len()).step_by(37) {
            close(Target::Name(name), odds(names, name, |_| true));
        }
    }
}

#[test]
fn the_squares_of_the_photo_add_up_too() {
    for (network, request) in [
        ("photo", asked_for("dog")),
        ("cifar10", Request::default()),
        ("photo", Request { name: Some("tench".to_owned()), ..Request::default() }),
    ] {
        let map = map(&load(network), &picture(300, 200), request);
        let total = sum(&map.values) + map.constant.unwrap();
        assert!((total - map.score).abs() < 1e-4, "{}: {total}, not {}", map.label, map.score);
        assert!(map.limit() > 1e-4);
    }
}

#[test]
fn the_operations_of_burn_give_the_same_cells_as_the_packed_network() {
    let device = Default::default();
    let (network, header) =
        network_file::read::<Flex>(&bytes("photo"), &device).expect("a network");
    // In single precision: with weights of a byte the packed network rounds its activations to 15 bits.
    let header = Header { held_out: Vec::new(), ..header };
    let exact = network_file::write(&network, &header, Precision::F32).expect("a file");
    let classifier = Classifier::load(&exact).expect("a network");
    let pixels = picture(300, 200);
    let views = classifier.views(&pixels, &Options::default());
    let tensors: Vec<&[f32]> = views.iter().map(|view| &view.tensor[..]).collect();
    let side = header.preprocessing.input_size;
    let images = TensorData::new(tensors.concat(), [views.len(), 3, side, side]);
    let (features, maps) = network.features_with_maps(Tensor::from_data(images, &device)).unwrap();
    let outputs: Vec<f32> = network.logits(features.mean_dim(0)).into_data().to_vec().unwrap();
    let [views, features, rows, columns] = maps.dims();
    let values = maps.into_data().to_vec().unwrap();
    let maps = Maps { values, views, features, rows, columns };
    let heads = heads(&network);
    for class in ["dog", "none"] {
        let place = header.classes.iter().position(|each| each == class).unwrap();
        let split = Split::new(&header, &outputs, Target::Class(place));
        let of_burn = shares(&maps, Pooling::Mean, &heads, &split);
        let total = of_burn.cells.iter().sum::<f64>() + of_burn.constant;
        assert!((total - split.score(&outputs)).abs() < 1e-4, "{class}: {total}");
        let map = map(&classifier, &pixels, asked_for(class));
        let packed = map.cells.iter().flat_map(|part| &part.shares);
        for (packed, of_burn) in packed.zip(&of_burn.cells) {
            assert!((packed - of_burn).abs() < 1e-4, "{class}: {packed}, not {of_burn}");
        }
    }
}

#[test]
fn a_head_that_reads_embeddings_is_taken_apart_too() {
    let maps = Maps {
        values: vec![1.0, 2.0, 3.0, 4.0, 0.5, 0.0, 1.0, 0.5],
        views: 1,
        features: 2,
        rows: 2,
        columns: 2,
    };
    let dense = |weights: [f32; 4], bias: [f32; 2]| crate::model::heads::Dense {
        weights: weights.to_vec(),
        bias: bias.to_vec(),
    };
    let heads = Heads {
        classes: dense([1.0, -1.0, 0.5, 2.0], [0.1, 0.2]),
        names: Some(dense([0.3, 0.0, -0.2, 0.4], [0.0, 1.0])),
        centre: Some(vec![1.0, 1.0]),
    };
    // The features are (2.5, 0.5), so the embedding is (1.5, -0.5) at the length 1.
    let length = 2.5f64.sqrt();
    let outputs =
        [(1.5 - 0.25) / length + 0.1, (-1.5 - 1.0) / length + 0.2, 0.3 * 2.5 - 0.1, 0.2 + 1.0];
    let split = Split { weights: vec![2.0, -1.0, 0.5, 3.0], constant: 7.0 };
    let expected: f64 = 7.0
        + split.weights.iter().zip(outputs).map(|(weight, output)| weight * output).sum::<f64>();
    let found = shares(&maps, Pooling::Mean, &heads, &split);
    let total = found.cells.iter().sum::<f64>() + found.constant;
    assert!((total - expected).abs() < 1e-6, "{total}, not {expected}");
}

#[test]
fn a_maximum_counts_where_it_lies_first() {
    let values = vec![1.0, 5.0, 5.0, 0.0, 2.0, 0.0, 0.0, 0.0];
    let maps = Maps { values, views: 1, features: 2, rows: 2, columns: 2 };
    let classes =
        crate::model::heads::Dense { weights: vec![1.0, -1.0, 10.0, 0.0], bias: vec![0.0; 2] };
    let heads = Heads { classes, names: None, centre: None };
    let split = Split { weights: vec![1.0, 0.0], constant: 0.0 };
    let found = shares(&maps, Pooling::Maximum, &heads, &split);
    assert_eq!(found.cells, [20.0, 5.0, 0.0, 0.0]);
}

#[test]
fn what_is_looked_at_several_times_adds_up_to_the_mean_score() {
    for (network, shifts) in [("cifar10", 4), ("cifar10", 9)] {
        let classifier = load(network);
        let map = map(&classifier, &picture(90, 120), Request { shifts, ..asked_for("cat") });
        let total = sum(&map.values) + map.constant.unwrap();
        assert!((total - map.score).abs() < 1e-4, "{total}, not {}", map.score);
        let of_views = map.cells.len() / shifts;
        assert_eq!(of_views * shifts, map.cells.len());
        // Moved by whole pixels, and each time elsewhere.
        let places: Vec<_> = map.cells.iter().step_by(of_views).map(|part| part.cells).collect();
        assert!((1..places.len()).all(|at| !places[..at].contains(&places[at])), "{places:?}");
    }
}

#[test]
fn occlusion_finds_the_part_that_the_answer_is_about() {
    // A bright ring on grey in the lower right corner: everything else says nothing.
    let classifier = load("cifar10");
    let (width, height) = (96u32, 64u32);
    let rgb: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .flat_map(|(x, y)| {
            let distance = ((x as f32 - 76.0).powi(2) + (y as f32 - 46.0).powi(2)).sqrt();
            if (7.0..13.0).contains(&distance) { [250, 60, 20] } else { [128; 3] }
        })
        .collect();
    let pixels = Pixels::from_rgb(width, height, &rgb).unwrap();
    let options =
        Options { framing: Some(crate::preprocess::Framing::Stretch), ..Options::default() };
    let request = Request { method: Method::Occlusion, ..Request::default() };
    let mut told = Vec::new();
    let map = pollster::block_on(
        classifier.explain(&pixels, &options, request, |done, of| told.push((done, of))),
    )
    .unwrap();
    let steps = told.len();
    assert_eq!(told, (1..=steps).map(|done| (done, steps)).collect::<Vec<_>>());
    assert_eq!((map.constant, map.cells.len()), (None, 0));
    // How much the answer changes, whichever way: nearly all of it lies around the ring.
    let size = |at: usize| f64::from(map.values[at].abs());
    let all: f64 = (0..map.values.len()).map(size).sum();
    let around = |at: &usize| {
        let (x, y) = (at % map.columns, at / map.columns);
        x * 2 >= map.columns && y * 5 >= map.rows * 2
    };
    let found: f64 = (0..map.values.len()).filter(around).map(size).sum();
    assert!(found > 0.9 * all, "{found} of {all}");
}

#[test]
fn the_second_view_is_where_it_has_seen_the_photo() {
    let classifier = load("photo");
    let map = map(&classifier, &picture(400, 200), Request::default());
    let [centre, whole] = &map.cells[..] else { panic!("two views: {:?}", map.cells.len()) };
    assert_eq!(whole.seen, Rectangle { x: 0.0, y: 0.0, width: 1.0, height: 1.0 });
    // 0.875 of 200 pixels, in the middle.
    let expected =
        Rectangle { x: 112.0 / 400.0, y: 12.0 / 200.0, width: 175.0 / 400.0, height: 0.875 };
    assert_eq!(centre.seen, expected);
    assert_eq!((map.columns, map.rows), (56, 28));
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let classifier = load("cifar10");
    let pixels = picture(40, 40);
    let refused = |request| {
        classifier
            .explaining(&pixels, &Options::default(), request)
            .expect_err("a refusal")
            .to_string()
    };
    assert_eq!(refused(asked_for("unicorn")), "The network knows no unicorn.");
    let name = Request { name: Some("Chihuahua".into()), ..Request::default() };
    assert_eq!(refused(name), "The network knows no Chihuahua.");
    let shifts = Request { shifts: 5, ..Request::default() };
    assert_eq!(refused(shifts), "A photo is looked at 1, 4 or 9 times, not 5.");
}

/// Photos of dogs on the left of photos of cats: of what speaks for an animal, at least 70 % lies in its half, for both
/// animals and in nine of ten pairs. The pair is of the page's samples, unless `GLIMPSE_DOGS` and `GLIMPSE_CATS` name
/// folders, whose photos are paired in the order of their names.
#[cfg(feature = "decode")]
#[test]
fn each_of_two_animals_is_found_in_its_half() {
    let photos = |variable: &str, sample: &str| -> Vec<std::path::PathBuf> {
        let Ok(folder) = std::env::var(variable) else {
            return vec![format!("{}/www/samples/{sample}.jpg", env!("CARGO_MANIFEST_DIR")).into()];
        };
        let mut files: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    };
    let classifier = load("photo");
    let dogs = photos("GLIMPSE_DOGS", "dog");
    let (mut found, mut pairs) = (0, 0);
    for (dog, cat) in dogs.iter().zip(photos("GLIMPSE_CATS", "cat")) {
        let [left, right] = [dog, &cat].map(|file| Pixels::decode(&std::fs::read(file).unwrap()));
        let pixels = beside(&left.unwrap(), &right.unwrap());
        let of_dog = share_on_the_left(&map(&classifier, &pixels, asked_for("dog")));
        let of_cat = 1.0 - share_on_the_left(&map(&classifier, &pixels, asked_for("cat")));
        pairs += 1;
        found += usize::from(of_dog >= 0.7 && of_cat >= 0.7);
        println!("dog {of_dog:.2}, cat {of_cat:.2}: {} beside {}", dog.display(), cat.display());
    }
    assert!(pairs > 0 && found * 10 >= pairs * 9, "{found} of {pairs} pairs");
}

/// Squares out of the middle of two photos, 400 pixels each.
#[cfg(feature = "decode")]
fn beside(left: &Pixels, right: &Pixels) -> Pixels {
    use crate::preprocess::{Enhance, Filter, Framing, Normalisation, Preprocessing};
    let square = Preprocessing {
        input_size: 400,
        framing: Framing::CentreCrop { fraction: 1.0 },
        second_framing: None,
        filter: Filter::CatmullRom,
        enhance: Enhance::default(),
        normalisation: Normalisation::IDENTITY,
    };
    let [left, right] = [left, right].map(|photo| square.fit(photo).to_rgba8());
    let rows = left.chunks(400 * 4).zip(right.chunks(400 * 4));
    let rgba = rows.flat_map(|(left, right)| [left, right].concat()).collect();
    Pixels::new(800, 400, rgba).unwrap()
}

/// The part of what speaks for it that lies in the left half.
#[cfg(feature = "decode")]
fn share_on_the_left(map: &Map) -> f64 {
    let positive = |at: &usize| f64::from(map.values[*at].max(0.0));
    let left = |at: &usize| at % map.columns < map.columns / 2;
    let all: f64 = (0..map.values.len()).map(|at| positive(&at)).sum();
    (0..map.values.len()).filter(left).map(|at| positive(&at)).sum::<f64>() / all
}
