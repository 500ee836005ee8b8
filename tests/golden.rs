//! Preprocessing gives the same tensor everywhere: here natively, in tests/browser/ from WebAssembly, both against
//! the same file.
//!
//! `GLIMPSE_BLESS=1 cargo test --test golden` writes that file anew, after a change that is meant.

use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use glimpse::classifier::{Classifier, Options};
use glimpse::pixels::Pixels;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Case {
    name: String,
    /// The network whose preprocessing it is: the name of its weights file.
    model: String,
    width: u32,
    height: u32,
    /// Base64 of RGBA8.
    rgba: String,
    /// As the page passes them to the module.
    options: serde_json::Value,
    /// Of the tensor, every so many-th value is recorded: those of the photo network are 150,000.
    every: usize,
    tensor: Vec<f32>,
}

/// Pictures with smooth areas, hard edges, fine patterns and transparency.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut rgba = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let stripes = if (x / 3 + y / 5) % 2 == 0 { 90 } else { 0 };
            let disc = {
                let (dx, dy) = (2 * x as i64 - width as i64, 2 * y as i64 - height as i64);
                if dx * dx + dy * dy < i64::from(width.min(height)).pow(2) / 2 { 70 } else { 0 }
            };
            let noise = (x * 7919 + y * 104_729) % 23;
            rgba.extend([
                (x * 160 / width + stripes) as u8,
                (y * 160 / height + disc + noise) as u8,
                (200 - x * 100 / width + noise * 2) as u8,
                if x * 4 < width { 255 - (y % 200) as u8 } else { 255 },
            ]);
        }
    }
    rgba
}

fn shipped(model: &str) -> Classifier {
    let path = format!("{}/www/model/{model}.safetensors", env!("CARGO_MANIFEST_DIR"));
    let path = Path::new(&path);
    let bytes = std::fs::read(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    Classifier::load(&bytes).expect("the shipped weights are whole")
}

fn tensor(case: &Case) -> Vec<f32> {
    let classifier = shipped(&case.model);
    let rgba = BASE64_STANDARD.decode(&case.rgba).expect("base64");
    let pixels = Pixels::new(case.width, case.height, rgba).expect("a picture");
    let options: Options = serde_json::from_value(case.options.clone()).expect("options");
    classifier.prepare(&pixels, &options).tensor.into_iter().step_by(case.every).collect()
}

fn new_cases() -> Vec<Case> {
    let plain = serde_json::json!({});
    let stretch = serde_json::json!({ "framing": "stretch" });
    let enhanced = serde_json::json!({
        "enhance": { "denoise": true, "contrast": true, "colour_balance": true }
    });
    let stretch_enhanced = serde_json::json!({
        "framing": "stretch", "enhance": { "contrast": true, "colour_balance": true, "denoise": false }
    });
    let (small, photo) = (("cifar10", 1), ("photo", 53));
    [
        ("landscape", small, 97, 61, &plain),
        ("landscape stretched", small, 97, 61, &stretch),
        ("portrait, enhanced", small, 53, 88, &enhanced),
        ("as large as the input", small, 32, 32, &plain),
        ("smaller than the input", small, 9, 7, &plain),
        ("one pixel", small, 1, 1, &plain),
        ("enlarged for the photo network", photo, 61, 97, &plain),
        ("scaled down for the photo network", photo, 300, 260, &plain),
        ("stretched and enhanced for the photo network", photo, 61, 97, &stretch_enhanced),
    ]
    .into_iter()
    .map(|(name, (model, every), width, height, options)| {
        let mut case = Case {
            name: name.to_owned(),
            model: model.to_owned(),
            width,
            height,
            rgba: BASE64_STANDARD.encode(picture(width, height)),
            options: options.clone(),
            every,
            tensor: Vec::new(),
        };
        case.tensor = tensor(&case);
        case
    })
    .collect()
}

#[test]
fn preprocessing_gives_the_recorded_tensors() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/golden.json");
    if std::env::var_os("GLIMPSE_BLESS").is_some() {
        let text = serde_json::to_string(&new_cases()).expect("JSON");
        std::fs::write(&path, text + "\n").expect("the fixture can be written");
    }
    let text = std::fs::read_to_string(&path).expect("tests/fixtures/golden.json");
    let cases: Vec<Case> = serde_json::from_str(&text).expect("cases");
    assert!(cases.len() >= 9);
    for case in &cases {
        let found = tensor(case);
        assert_eq!(found.len(), case.tensor.len(), "{}", case.name);
        for (index, (found, expected)) in found.iter().zip(&case.tensor).enumerate() {
            assert!(
                (found - expected).abs() <= 1e-5,
                "{} at {index}: {found}, not {expected}",
                case.name
            );
        }
    }
}
