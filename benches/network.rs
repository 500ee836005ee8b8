//! The networks before their heads on the CPU: `packed`, as the page runs them, beside Burn's operations.
//! `cargo bench --bench network`

use burn::backend::Flex;
use burn::tensor::{Tensor, TensorData};
use divan::{Bencher, black_box};
use glimpse::model::inference::Ready;
use glimpse::model::{Network, weights};

const MODELS: [&str; 2] = ["cifar10", "photo"];

fn main() {
    divan::main();
}

/// A shipped network, and an image of its size.
fn of(model: &str) -> (Network<Flex>, Tensor<Flex, 4>) {
    let path = format!("{}/www/model/{model}.safetensors", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("the shipped weights");
    let (network, header) = weights::read(&bytes, &Default::default()).expect("whole weights");
    let side = header.preprocessing.input_size;
    let values: Vec<f32> = (0..3 * side * side).map(|i| (i % 251) as f32 / 125.0 - 1.0).collect();
    (network, Tensor::from_data(TensorData::new(values, [1, 3, side, side]), &Default::default()))
}

#[divan::bench(args = MODELS)]
fn packed(bencher: Bencher<'_, '_>, model: &str) {
    let (network, image) = of(model);
    let network = Ready::new(network);
    bencher.bench_local(|| network.features(black_box(&image).clone()).into_data());
}

#[divan::bench(args = MODELS)]
fn operations_of_burn(bencher: Bencher<'_, '_>, model: &str) {
    let (network, image) = of(model);
    bencher.bench_local(|| network.features(black_box(&image).clone()).into_data());
}

/// Putting the weights in order, once for each time that a network is loaded.
#[divan::bench(args = MODELS)]
fn packing(bencher: Bencher<'_, '_>, model: &str) {
    let network = of(model).0;
    bencher.with_inputs(|| network.clone()).bench_local_values(Ready::new);
}
