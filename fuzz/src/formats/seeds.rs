//! Small files that are whole, made as the project and other programs make them.

use std::collections::HashMap;
use std::io::Cursor;

use burn::backend::Flex;
use glimpse::model::network_file;
use glimpse::model::weights::Precision;
use glimpse::model::{Architecture, Form, Network};
use glimpse::train::features::Cache;
use image::{DynamicImage, ImageFormat, RgbaImage};
use safetensors::SafeTensors;
use safetensors::tensor::TensorView;

use super::seal;

const SHIPPED: [&[u8]; 2] = [
    include_bytes!("../../../www/model/cifar10.safetensors"),
    include_bytes!("../../../www/model/photo.safetensors"),
];

/// The smallest network whole, and of the shipped ones what they say of themselves.
pub fn weights() -> Vec<Vec<u8>> {
    let device = Default::default();
    let (_, mut header) = network_file::read::<Flex>(SHIPPED[0], &device).expect("a whole file");
    header.architecture = Architecture::Plain;
    header.preprocessing.input_size = 10;
    header.held_out.clear(); // which are tensors of the shipped file
    let network = Network::<Flex>::new(header.shape(), Form::Folded, &device);
    let whole = [Precision::Int8, Precision::F16].map(|precision| {
        network_file::write(&network, &header, precision).expect("the header makes sense")
    });
    whole.into_iter().chain(SHIPPED.map(without_tensors)).collect()
}

fn without_tensors(file: &[u8]) -> Vec<u8> {
    let (_, metadata) = SafeTensors::read_metadata(file).expect("a whole file");
    let metadata: Option<HashMap<String, String>> = metadata.metadata().clone();
    let none: [(&str, TensorView<'_>); 0] = [];
    seal::weights(&safetensors::serialize(none, metadata).expect("strings"))
}

/// One of each format, and of those that come in several forms some more.
pub fn pictures() -> Vec<Vec<u8>> {
    let image = RgbaImage::from_fn(20, 12, |x, y| {
        [x as u8 * 12, y as u8 * 20, (x * y) as u8, 255 - x as u8].into()
    });
    let image = DynamicImage::ImageRgba8(image);
    let (opaque, grey) =
        (DynamicImage::from(image.to_rgb8()), DynamicImage::from(image.to_luma8()));
    [
        (&opaque, ImageFormat::Jpeg),
        (&grey, ImageFormat::Jpeg),
        (&image, ImageFormat::Png),
        (&DynamicImage::from(image.to_luma_alpha16()), ImageFormat::Png),
        (&image, ImageFormat::Gif),
        (&image, ImageFormat::WebP),
        (&opaque, ImageFormat::WebP),
        (&opaque, ImageFormat::Bmp),
        (&image, ImageFormat::Bmp),
        (&grey, ImageFormat::Bmp),
    ]
    .map(|(image, format)| encoded(image, format))
    .into()
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("the memory has room for a picture");
    bytes.into_inner()
}

/// Cats and dogs with a test part, as the common forms of tar have them, and records of CIFAR-10.
pub fn archives() -> Vec<Vec<u8>> {
    let picture = encoded(&DynamicImage::new_rgb8(3, 2), ImageFormat::Png);
    let long = format!("{}/train/cat/1.png", "folder".repeat(20));
    let files: [(&str, &[u8]); 5] = [
        ("train/cat/1.png", &picture),
        ("train/dog/1.png", &picture),
        ("test/dog/2.png", &picture),
        ("readme.txt", b"Cats and dogs."),
        ("train/dog/", b""),
    ];
    let long: [(&str, &[u8]); 2] = [(&long, &picture), ("folder/train/dog/1.png", &picture)];
    let records: [(&str, &[u8]); 2] =
        [("batches.meta.txt", b"cat\ndog\n"), ("data_batch_1.bin", &[1; 3073])];
    let gnu = tar::Header::new_gnu;
    vec![tar(&files, gnu), tar(&files, tar::Header::new_ustar), tar(&long, gnu), tar(&records, gnu)]
}

/// Two names and two records.
pub fn cifar() -> Vec<Vec<u8>> {
    let record = |label: u8| [vec![label], vec![100 + label; 3072]].concat();
    vec![[b"cat\ndog\n\0".to_vec(), record(0), record(1)].concat()]
}

/// An archive with these names of classes, these records to train on and the same to test with.
pub fn cifar_archive(names: &[u8], records: &[u8]) -> Vec<u8> {
    let files =
        [("batches.meta.txt", names), ("data_batch_1.bin", records), ("test_batch.bin", records)];
    tar(&files, tar::Header::new_gnu)
}

/// Three records, and none.
pub fn caches() -> Vec<Vec<u8>> {
    let records: [&[(u8, &[u8])]; 2] = [&[(1, b"one"), (2, b""), (3, &[3; 300])], &[]];
    let cache = |records: &[(u8, &[u8])]| {
        let (_folder, path) = super::file(b"");
        let cache = Cache::open(&path).expect("an empty file");
        for (digest, content) in records {
            cache.put([*digest; 16], content).expect("there is room for a record");
        }
        std::fs::read(&path).expect("it was just written")
    };
    records.map(cache).into()
}

fn tar(files: &[(&str, &[u8])], header: fn() -> tar::Header) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = header();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        if path.ends_with('/') {
            header.set_entry_type(tar::EntryType::Directory);
        }
        tar.append_data(&mut header, path, *bytes).expect("the memory has room for a file");
    }
    tar.into_inner().expect("the memory has room for an archive")
}
