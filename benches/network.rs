//! The backbone of the photo network on the CPU: `packed`, as the page runs it, beside Burn's operations.
//! `cargo bench --bench network`

use burn::backend::Flex;
use burn::tensor::{Tensor, TensorData};
use divan::{Bencher, black_box};
use glimpse::model::inference::Ready;
use glimpse::model::{Network, weights};

const SIDE: usize = 224;

fn main() {
    divan::main();
}

fn network() -> Network<Flex> {
    let bytes = include_bytes!("../www/model/photo.safetensors");
    weights::read(bytes, &Default::default()).expect("the shipped weights").0
}

fn image() -> Tensor<Flex, 4> {
    let values: Vec<f32> = (0..3 * SIDE * SIDE).map(|i| (i % 251) as f32 / 125.0 - 1.0).collect();
    Tensor::from_data(TensorData::new(values, [1, 3, SIDE, SIDE]), &Default::default())
}

#[divan::bench]
fn packed(bencher: Bencher<'_, '_>) {
    let (network, image) = (Ready::new(network()), image());
    bencher.bench_local(|| network.features(black_box(&image).clone()).into_data());
}

#[divan::bench]
fn operations_of_burn(bencher: Bencher<'_, '_>) {
    let (network, image) = (network(), image());
    bencher.bench_local(|| network.features(black_box(&image).clone()).into_data());
}
