//! A photo of twelve megapixels at the size of the network's input: ours beside `fast_image_resize`, with the same
//! filter; and photos up to the largest from pixels to the numbers that the network reads. `cargo bench --bench resize`

use divan::{Bencher, black_box};
use fast_image_resize::images::Image;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use glimpse::Pixels;
use glimpse::preprocess::{Enhance, Filter, Framing, Normalisation, Preprocessing};

const WIDTH: u32 = 4000;
const HEIGHT: u32 = 3000;
const SIDE: u32 = 224;

fn main() {
    divan::main();
}

/// Gradients with some noise, opaque.
fn photo(width: u32, height: u32) -> Vec<u8> {
    let mut random = 1u32;
    let pixel = |index: u32| {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        let (x, y) = (index % width, index / width);
        [x * 255 / width, y * 255 / height, random & 0xff, 255].map(|value| value as u8)
    };
    (0..width * height).flat_map(pixel).collect()
}

fn preprocessing() -> Preprocessing {
    Preprocessing {
        input_size: SIDE as usize,
        framing: Framing::Stretch,
        second_framing: None,
        filter: Filter::CatmullRom,
        enhance: Enhance::default(),
        normalisation: Normalisation::IDENTITY,
    }
}

/// What it takes to prepare a photo, which grows with its pixels.
#[divan::bench(args = [(224, 224), (1000, 750), (2000, 1500), (WIDTH, HEIGHT), (8000, 6000)])]
fn photo_to_tensor(bencher: Bencher<'_, '_>, (width, height): (u32, u32)) {
    let pixels = Pixels::new(width, height, photo(width, height)).expect("a picture");
    let preprocessing = preprocessing();
    bencher.bench_local(|| preprocessing.apply(black_box(&pixels)));
}

/// Over white, resized, as planes of single-precision numbers.
#[divan::bench]
fn ours(bencher: Bencher<'_, '_>) {
    let pixels = Pixels::new(WIDTH, HEIGHT, photo(WIDTH, HEIGHT)).expect("a picture");
    let preprocessing = preprocessing();
    bencher.bench_local(|| preprocessing.fit(black_box(&pixels)));
}

/// In bytes, which are rounded between rows and columns, and once more at the end.
#[divan::bench]
fn fast_image_resize_in_bytes(bencher: Bencher<'_, '_>) {
    let from = Image::from_vec_u8(WIDTH, HEIGHT, photo(WIDTH, HEIGHT), PixelType::U8x4)
        .expect("a picture");
    let mut to = Image::new(SIDE, SIDE, PixelType::U8x4);
    let mut resizer = Resizer::new();
    bencher.bench_local(|| {
        resizer.resize(black_box(&from), &mut to, &options()).expect("the same kind of pixels");
    });
}

/// In single precision, as ours is; the photo has to be brought to that first.
#[divan::bench]
fn fast_image_resize_in_single_precision(bencher: Bencher<'_, '_>) {
    let bytes = photo(WIDTH, HEIGHT);
    let mut to = Image::new(SIDE, SIDE, PixelType::F32x4);
    let mut resizer = Resizer::new();
    bencher.bench_local(|| {
        let values = black_box(&bytes).iter();
        let values = values.flat_map(|&byte| f32::from(byte).to_ne_bytes()).collect();
        let from = Image::from_vec_u8(WIDTH, HEIGHT, values, PixelType::F32x4).expect("a picture");
        resizer.resize(&from, &mut to, &options()).expect("the same kind of pixels");
    });
}

fn options() -> ResizeOptions {
    let filter = ResizeAlg::Convolution(FilterType::CatmullRom);
    ResizeOptions::new().resize_alg(filter).use_alpha(false)
}
