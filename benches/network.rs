//! The networks before their heads on the CPU: `packed`, as the page runs them, beside Burn's operations; and how their cost
//! grows with the number of images. `cargo bench --bench network`

use burn::backend::Flex;
use burn::tensor::{Tensor, TensorData};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use glimpse::Classifier;
use glimpse::model::network_file;
use glimpse::model::packed::Packed;
use glimpse::model::steps::{self, Opened};
use rayon::prelude::*;

const MODELS: [&str; 2] = ["cifar10", "photo"];
const BATCHES: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];

fn main() {
    divan::main();
}

/// A shipped weights file.
fn file(model: &str) -> Vec<u8> {
    let path = format!("{}/www/model/{model}.safetensors", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("the shipped weights")
}

/// An image of a network's size, and that size.
fn image(Opened { header, .. }: &Opened) -> (Vec<f32>, usize) {
    let side = header.preprocessing.input_size;
    ((0..3 * side * side).map(|i| (i % 251) as f32 / 125.0 - 1.0).collect(), side)
}

#[divan::bench(args = MODELS)]
fn packed(bencher: Bencher<'_, '_>, model: &str) {
    let opened = steps::read(&file(model)).expect("whole weights");
    let (image, side) = image(&opened);
    let network = Packed::new(&opened.steps);
    bencher.bench_local(|| network.forward(black_box(&image), side, side));
}

fn models_and_batches() -> impl Iterator<Item = (&'static str, usize)> {
    MODELS.into_iter().flat_map(|model| BATCHES.map(|batch| (model, batch)))
}

/// A batch of images, one after the other.
#[divan::bench(args = models_and_batches(), max_time = 2)]
fn batch_on_one_core(bencher: Bencher<'_, '_>, (model, batch): (&str, usize)) {
    let opened = steps::read(&file(model)).expect("whole weights");
    let (image, side) = image(&opened);
    let network = Packed::new(&opened.steps);
    let images = image.repeat(batch);
    bencher
        .counter(ItemsCount::new(batch))
        .bench_local(|| network.forward(black_box(&images), side, side));
}

/// A batch of images, one on each core at a time.
#[divan::bench(args = models_and_batches(), max_time = 2)]
fn batch_on_all_cores(bencher: Bencher<'_, '_>, (model, batch): (&str, usize)) {
    let opened = steps::read(&file(model)).expect("whole weights");
    let (image, side) = image(&opened);
    let network = Packed::new(&opened.steps);
    let images = image.repeat(batch);
    bencher.counter(ItemsCount::new(batch)).bench_local(|| {
        let each = black_box(&images).par_chunks(image.len());
        each.map(|image| network.forward(image, side, side)).collect::<Vec<_>>()
    });
}

#[divan::bench(args = MODELS)]
fn operations_of_burn(bencher: Bencher<'_, '_>, model: &str) {
    let file = file(model);
    let (image, side) = image(&steps::read(&file).expect("whole weights"));
    let (network, _) =
        network_file::read::<Flex>(&file, &Default::default()).expect("whole weights");
    let image = TensorData::new(image, [1, 3, side, side]);
    let image = Tensor::<Flex, 4>::from_data(image, &Default::default());
    bencher.bench_local(|| network.features(black_box(&image).clone()).into_data());
}

/// What is between the numbers of a file and the first picture: once for each time that a network is loaded.
#[divan::bench(args = MODELS)]
fn loading(bencher: Bencher<'_, '_>, model: &str) {
    let file = file(model);
    bencher.bench_local(|| Classifier::load(black_box(&file)).expect("whole weights"));
}
