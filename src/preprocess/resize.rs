//! Framing and resampling: which part of the picture is seen, and how it becomes a small square.
//!
//! The filters are antialiased. When the picture shrinks, the filter widens by the same factor, so that every source
//! pixel has its say; plain interpolation would read a handful of pixels out of a photo and turn fine patterns into
//! false ones. Convention and filters are those of Pillow, which prepared the pictures that most published weights
//! were trained on, and a test holds this module against Pillow's numbers. Unlike Pillow's 8-bit mode nothing is
//! rounded to bytes between the two passes.
//!
//! A photo of twelve megapixels passes through in rows: one row is resampled to the output's width, and added, with
//! its weight, to the output rows that it belongs to. Nothing of the size of the photo is allocated. The weights along a
//! row are integers, of 14 bits or more for the largest, since products of integers of 16 bits are what every processor is
//! quickest at; the sums are exact, and the same everywhere. That costs a hundredth of a grey level where few pixels are
//! summed, and less where a photo shrinks.
//!
//! Why not `fast_image_resize`: a photo of 4000 × 3000 pixels takes 15 ms here, 20 ms there in bytes and 107 ms there in
//! single precision (the quickest of a hundred in `cargo bench --bench resize`, on one core of an AMD EPYC that had other
//! work to do, 2026-11-27, Catmull-Rom, natively). In bytes it rounds between columns and rows and again at the end, by
//! which the numbers would no longer be Pillow's, nor those that the shipped networks were trained on. In single precision
//! it first needs the whole photo in numbers of four bytes, 192 MB, and most of its time goes into making them.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use super::image::Image;
use super::rows::{add_weighted, opaque, weighted_sum};
use crate::pixels::Pixels;

/// Which part of a picture the network sees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Framing {
    /// A centred square; proportions are kept, and what lies outside is not seen.
    CentreCrop {
        /// The side of the square / the shorter side of the picture, above 0 and at most 1. 1 is the largest square;
        /// 0.875 is ImageNet's 224 of 256.
        fraction: f32,
    },
    /// All of the picture, made square; proportions are lost. Files of earlier versions call it `squash`.
    #[serde(alias = "squash")]
    Stretch,
}

/// How pixels are weighted when they are resampled.
///
/// Sources: Turkowski, *Filters for Common Resampling Tasks* (1990), for all but [`Filter::CatmullRom`], which is
/// Keys, *Cubic Convolution Interpolation for Digital Image Processing* (1981), with a = −½.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// The mean over the area of a pixel (Pillow: `BOX`). Enlarged, it repeats pixels.
    Box,
    /// A tent (Pillow: `BILINEAR`).
    Triangle,
    /// Cubic, sharper, overshoots a little (Pillow: `BICUBIC`).
    CatmullRom,
    /// Windowed sinc, the sharpest, overshoots more (Pillow: `LANCZOS`).
    Lanczos3,
}

/// A part of a picture, as shares of its width and height: its left and upper borders are 0, the others 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rectangle {
    /// Its left border.
    pub x: f64,
    /// Its upper border.
    pub y: f64,
    /// From its left to its right border.
    pub width: f64,
    /// From its upper to its lower border.
    pub height: f64,
}

/// The part of a picture that is seen, in whole pixels from its top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Pixels to the left of it.
    pub left: usize,
    /// Pixels above it.
    pub top: usize,
    /// At least 1.
    pub width: usize,
    /// At least 1.
    pub height: usize,
}

impl Part {
    /// The same as shares of a picture of `width × height` pixels, which it is a part of.
    pub fn of(self, width: u32, height: u32) -> Rectangle {
        let share = |pixels: usize, whole: u32| pixels as f64 / f64::from(whole);
        Rectangle {
            x: share(self.left, width),
            y: share(self.top, height),
            width: share(self.width, width),
            height: share(self.height, height),
        }
    }
}

impl Filter {
    /// Where the filter ends, in pixels from its centre.
    fn radius(self) -> f64 {
        match self {
            Self::Box => 0.5,
            Self::Triangle => 1.0,
            Self::CatmullRom => 2.0,
            Self::Lanczos3 => 3.0,
        }
    }

    /// The weight at a distance from the centre, in pixels.
    fn weight(self, x: f64) -> f64 {
        let distance = x.abs();
        match self {
            // Half open: a pixel that lies exactly on the border of two areas belongs to one of them.
            Self::Box if x > -0.5 && x <= 0.5 => 1.0,
            Self::Triangle if distance < 1.0 => 1.0 - distance,
            Self::CatmullRom if distance < 1.0 => {
                (1.5 * distance - 2.5) * distance * distance + 1.0
            }
            Self::CatmullRom if distance < 2.0 => {
                ((-0.5 * distance + 2.5) * distance - 4.0) * distance + 2.0
            }
            Self::Lanczos3 if distance < 3.0 => sinc(distance) * sinc(distance / 3.0),
            _ => 0.0,
        }
    }
}

/// sin(πx) / πx, for x from 0 to 3.
fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { sin_pi(x) / (PI * x) }
}

/// sin(πx), for x ≥ 0. `f64::sin` calls the platform's library, and its last bit differs between native and wasm.
/// The sum is exact to a few units of that last bit, and 0 where the sine is 0.
fn sin_pi(x: f64) -> f64 {
    let whole = (x + 0.5).floor();
    let t = PI * (x - whole);
    let square = t * t;
    // Taylor's series from the smallest term, Horner's scheme; |t| ≤ π/2.
    let series = (1..=10).rev().fold(1.0, |sum, n| {
        let n = f64::from(2 * n);
        1.0 - square / (n * (n + 1.0)) * sum
    });
    let odd = whole % 2.0 != 0.0;
    if odd { -t * series } else { t * series }
}

/// One output pixel's share of a row or column of source pixels.
struct Window<W> {
    /// The first source pixel that counts.
    start: usize,
    /// Of that pixel and those after it.
    weights: Vec<W>,
}

impl<W> Window<W> {
    fn end(&self) -> usize {
        self.start + self.weights.len()
    }
}

/// A [`Window`] whose weights are integers.
struct Whole {
    window: Window<i16>,
    /// By this the sums are multiplied: one over what the integers sum to, a power of two.
    scale: f32,
}

impl Whole {
    /// From weights that sum to 1.
    fn new(Window { start, weights }: &Window<f64>) -> Self {
        // Each has to fit into 16 bits, and the products of all with bytes into 32 together; rounding adds less than one to
        // each.
        let largest = weights.iter().fold(0.0, |most: f64, weight| most.max(weight.abs()));
        let together: f64 = weights.iter().map(|weight| weight.abs()).sum();
        let room = f64::from(i32::MAX) / 255.0 - weights.len() as f64;
        let most = ((f64::from(i16::MAX) - 1.0) / largest).min(room / together);
        // The power of two below it: a number without its fraction.
        let sum = f64::from_bits(most.to_bits() >> 52 << 52);
        // What is rounded off one weight is passed on to the next, so that they sum to exactly that: one colour stays one
        // colour.
        let (mut reached, mut given) = (0.0, 0.0);
        let weights = weights.iter().map(|weight| {
            reached += weight;
            let rounded = (reached * sum).round() - given;
            given += rounded;
            rounded as i16
        });
        let window = Window { start: *start, weights: weights.collect() };
        Self { window, scale: (1.0 / sum) as f32 }
    }
}

/// The part of one axis that is seen, in whole source pixels.
///
/// Whole, because a crop at half a pixel would blur a picture that has the right size already.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Span {
    start: usize,
    length: usize,
}

/// The seen spans of (columns, rows).
fn frame(width: usize, height: usize, framing: Framing) -> (Span, Span) {
    match framing {
        Framing::Stretch => (Span { start: 0, length: width }, Span { start: 0, length: height }),
        Framing::CentreCrop { fraction } => {
            let shorter = width.min(height);
            let length = (f64::from(fraction) * shorter as f64 + 0.5).floor() as usize;
            let length = length.clamp(1, shorter);
            let centred = |whole: usize| Span { start: (whole - length) / 2, length };
            (centred(width), centred(height))
        }
    }
}

/// The windows of `side` output pixels that share `span` equally.
///
/// The weights of each sum to 1. Pixel centres lie at one half. At the border of the span a filter still sees the pixels
/// beyond it, if the source of `whole` pixels has any: the same as to resize all of the picture and to crop after that, at
/// less cost.
fn windows(whole: usize, span: Span, side: usize, filter: Filter) -> Vec<Window<f64>> {
    let scale = span.length as f64 / side as f64;
    // Enlarging, neighbours are interpolated; the filter never gets narrower than a source pixel.
    let widen = scale.max(1.0);
    let radius = filter.radius() * widen;
    let window = |output: usize| {
        let centre = span.start as f64 + (output as f64 + 0.5) * scale;
        // Negative numbers saturate to 0.
        let start = (centre - radius + 0.5) as usize;
        let end = ((centre + radius + 0.5) as usize).min(whole);
        let weights: Vec<f64> = (start..end)
            .map(|source| filter.weight((source as f64 - centre + 0.5) / widen))
            .collect();
        let sum: f64 = weights.iter().sum();
        if sum == 0.0 {
            // Rounding can push the only pixel of a narrow box just over its border.
            return Window { start: (centre as usize).min(whole - 1), weights: vec![1.0] };
        }
        Window { start, weights: weights.iter().map(|weight| weight / sum).collect() }
    };
    (0..side).map(window).collect()
}

/// Red, green, blue and alpha, from 0 to 255. The alpha has done its work by then, but four lanes fill a SIMD register.
type Lanes = [f32; 4];

/// The part of a picture of `width × height` pixels that [`fit`] looks at.
pub(super) fn part(width: u32, height: u32, framing: Framing) -> Part {
    let (columns, rows) = frame(width as usize, height as usize, framing);
    Part { left: columns.start, top: rows.start, width: columns.length, height: rows.length }
}

/// Composites over white, frames and resizes. The steps and shapes are those of [`super::Preprocessing::fit`].
pub(super) fn fit(pixels: &Pixels, side: usize, framing: Framing, filter: Filter) -> Image {
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let (columns, rows) = frame(width, height, framing);
    let across = windows(width, columns, side, filter);
    let down = windows(height, rows, side, filter);
    let (Some(left), Some(top)) = (across.first(), down.first()) else {
        return Image::from_planes(side, Vec::new());
    };
    let (left, right) = (left.start, across.iter().map(Window::end).max().unwrap_or(0));
    let (top, bottom) = (top.start, down.iter().map(Window::end).max().unwrap_or(0));
    let across: Vec<Whole> = across.iter().map(Whole::new).collect();

    let mut whitened = Vec::new();
    let mut narrow = vec![Lanes::default(); side];
    let mut sums = vec![Lanes::default(); side * side];
    let mut first = 0;
    for y in top..bottom {
        while down[first].end() <= y {
            first += 1;
        }
        let row = &pixels.rgba()[(y * width + left) * 4..(y * width + right) * 4];
        let (row, _) = row.as_chunks();
        if opaque(row) {
            resample(&across, left, row, &mut narrow, |pixels, weights| {
                weighted_sum(pixels, weights).map(|sum| sum as f32)
            });
        } else {
            over_white(row, &mut whitened);
            resample(&across, left, &whitened, &mut narrow, weighted_sum_of_numbers);
        }
        for (window, sums) in down.iter().zip(sums.chunks_exact_mut(side)).skip(first) {
            if window.start > y {
                break;
            }
            if let Some(&weight) = window.weights.get(y - window.start) {
                add_weighted(sums, weight as f32, &narrow);
            }
        }
    }

    // Sharp filters overshoot at edges.
    let plane = |channel: usize| sums.iter().map(move |sum| (sum[channel] / 255.0).clamp(0.0, 1.0));
    Image::from_planes(side, (0..3).flat_map(plane).collect())
}

/// One row at the width of the output, from the part of a picture's row that begins at column `left`.
fn resample<P>(
    windows: &[Whole],
    left: usize,
    row: &[P],
    narrow: &mut [Lanes],
    weighted_sum: impl Fn(&[P], &[i16]) -> Lanes,
) {
    for (output, Whole { window, scale }) in narrow.iter_mut().zip(windows) {
        let pixels = &row[window.start - left..window.end() - left];
        *output = weighted_sum(pixels, &window.weights).map(|sum| sum * scale);
    }
}

/// What a page shows through a transparent picture is white, more often than not, and a network has seen far more
/// white backgrounds than the black that transparent pixels tend to hold.
fn over_white(row: &[[u8; 4]], whitened: &mut Vec<Lanes>) {
    whitened.clear();
    whitened.extend(row.iter().map(|&[r, g, b, a]| {
        let blend = |colour: u8| 255.0 - f32::from(255 - colour) * f32::from(a) / 255.0;
        [blend(r), blend(g), blend(b), 255.0]
    }));
}

/// As [`weighted_sum`], of what is over white, whose numbers are between those that a byte holds.
fn weighted_sum_of_numbers(pixels: &[Lanes], weights: &[i16]) -> Lanes {
    pixels.iter().zip(weights).fold(Lanes::default(), |sums, (pixel, &weight)| {
        std::array::from_fn(|lane| sums[lane] + f32::from(weight) * pixel[lane])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILTERS: [Filter; 4] =
        [Filter::Box, Filter::Triangle, Filter::CatmullRom, Filter::Lanczos3];
    const SQUARE: Framing = Framing::CentreCrop { fraction: 1.0 };

    /// The same as in tests/fixtures/resize-pillow.py.
    fn pattern(width: usize, height: usize) -> Pixels {
        let value = |x: usize, y: usize, c: usize| {
            ((x * x * 7 + y * 13 + x * y * (c + 3) + 59 * c) % 256) as u8
        };
        let rgb: Vec<u8> = (0..width * height)
            .flat_map(|i| [0, 1, 2].map(|c| value(i % width, i / width, c)))
            .collect();
        Pixels::from_rgb(width as u32, height as u32, &rgb).unwrap()
    }

    fn close(image: &Image, expected: &[f32], tolerance: f32, what: &str) {
        assert_eq!(image.planes().len(), expected.len());
        for (i, (value, expected)) in image.planes().iter().zip(expected).enumerate() {
            assert!(
                (value - expected).abs() <= tolerance,
                "{what}, value {i}: {value} is not {expected}"
            );
        }
    }

    #[test]
    fn it_agrees_with_pillow() {
        #[derive(Deserialize)]
        struct Fixture {
            side: usize,
            cases: Vec<Case>,
        }
        #[derive(Deserialize)]
        struct Case {
            width: usize,
            height: usize,
            fraction: Option<f32>,
            filter: Filter,
            planes: Vec<f32>,
        }

        let fixture = include_str!("../../tests/fixtures/resize-pillow.json");
        let Fixture { side, cases } = serde_json::from_str(fixture).unwrap();
        assert_eq!(cases.len(), 20);
        for Case { width, height, fraction, filter, planes } in cases {
            let framing =
                fraction.map_or(Framing::Stretch, |fraction| Framing::CentreCrop { fraction });
            let image = fit(&pattern(width, height), side, framing, filter);
            let expected: Vec<f32> = planes.iter().map(|value| value / 255.0).collect();
            // A thousandth of a grey level, to which the fixture is rounded, and what integers for weights cost.
            close(
                &image,
                &expected,
                0.012 / 255.0,
                &format!("{width} × {height}, {framing:?}, {filter:?}"),
            );
        }
    }

    #[test]
    fn the_right_size_is_left_alone() {
        let pixels = pattern(32, 32);
        let planes: Vec<f32> = (0..3)
            .flat_map(|c| pixels.rgba().iter().skip(c).step_by(4))
            .map(|&byte| f32::from(byte) / 255.0)
            .collect();
        for filter in FILTERS {
            for framing in [Framing::Stretch, SQUARE] {
                assert_eq!(fit(&pixels, 32, framing, filter).planes(), planes, "{filter:?}");
            }
        }
    }

    #[test]
    fn a_crop_of_the_right_size_is_only_cut_out() {
        let pixels = pattern(41, 32);
        for filter in FILTERS {
            let image = fit(&pixels, 32, SQUARE, filter);
            // (41 − 32) / 2, rounded down.
            assert_eq!(
                image.planes()[32 * 5 + 7],
                f32::from(pixels.rgba()[(41 * 5 + 7 + 4) * 4]) / 255.0
            );
        }
    }

    #[test]
    fn one_colour_stays_one_colour() {
        for (width, height) in [(1, 1), (3, 7), (64, 64), (333, 100)] {
            let rgb = [255, 128, 3].repeat((width * height) as usize);
            let pixels = Pixels::from_rgb(width, height, &rgb).unwrap();
            for filter in FILTERS {
                for framing in [Framing::Stretch, SQUARE] {
                    let image = fit(&pixels, 10, framing, filter);
                    let expected: Vec<f32> =
                        [255.0, 128.0, 3.0].iter().flat_map(|v| [v / 255.0; 100]).collect();
                    close(&image, &expected, 1e-6, &format!("{width} × {height}, {filter:?}"));
                    assert_eq!(image.to_rgba8()[..4], [255, 128, 3, 255]);
                }
            }
        }
    }

    #[test]
    fn a_box_is_the_mean_of_its_area() {
        let rgb: Vec<u8> =
            [10, 20, 90, 100, 30, 40, 110, 120].iter().flat_map(|&v| [v, 0, 255 - v]).collect();
        let image = fit(&Pixels::from_rgb(4, 2, &rgb).unwrap(), 1, SQUARE, Filter::Box);
        // The square in the middle: 20, 90, 40, 110.
        close(&image, &[65.0 / 255.0, 0.0, 190.0 / 255.0], 1e-7, "middle");
    }

    #[test]
    fn an_edge_stays_monotone_without_overshoot_of_its_range() {
        let rgb: Vec<u8> =
            (0..100 * 100).flat_map(|i| [if i % 100 < 47 { 0 } else { 255 }; 3]).collect();
        let pixels = Pixels::from_rgb(100, 100, &rgb).unwrap();
        for side in [9, 100, 150] {
            for filter in FILTERS {
                let image = fit(&pixels, side, Framing::Stretch, filter);
                assert!(
                    image.planes().iter().all(|value| (0.0..=1.0).contains(value)),
                    "{filter:?}"
                );
                if matches!(filter, Filter::Box | Filter::Triangle) {
                    assert!(image.planes()[..side].is_sorted(), "{filter:?}");
                }
                assert_eq!(
                    (image.planes()[0], image.planes()[side - 1] > 0.999),
                    (0.0, true),
                    "{filter:?}"
                );
            }
        }
    }

    #[test]
    fn fine_stripes_become_grey() {
        // Plain interpolation would read one stripe or the other.
        let rgb: Vec<u8> = (0..256 * 256).flat_map(|i| [(i % 2 * 255) as u8; 3]).collect();
        let pixels = Pixels::from_rgb(256, 256, &rgb).unwrap();
        for filter in FILTERS {
            let image = fit(&pixels, 16, Framing::Stretch, filter);
            close(&image, &[0.5; 3 * 256], 0.02, &format!("{filter:?}"));
        }
    }

    #[test]
    fn a_picture_and_its_mirror_image_become_mirror_images() {
        let pixels = pattern(77, 51);
        let mirrored: Vec<u8> = pixels
            .rgba()
            .chunks_exact(77 * 4)
            .flat_map(|row| row.chunks_exact(4).rev().flatten().copied())
            .collect();
        let mirrored = Pixels::new(77, 51, mirrored).unwrap();
        for filter in FILTERS {
            let expected: Vec<f32> = fit(&pixels, 12, Framing::Stretch, filter)
                .planes()
                .chunks_exact(12)
                .flat_map(|row| row.iter().rev().copied())
                .collect();
            // A box gives the pixel on its border to one side only.
            let tolerance = if filter == Filter::Box { 0.05 } else { 1e-5 };
            close(
                &fit(&mirrored, 12, Framing::Stretch, filter),
                &expected,
                tolerance,
                &format!("{filter:?}"),
            );
        }
    }

    #[test]
    fn transparency_is_over_white() {
        let pixels = [[200, 100, 0, 255], [200, 100, 0, 51], [0, 0, 0, 0], [0, 0, 0, 128]];
        let image = fit(
            &Pixels::new(2, 2, pixels.concat()).unwrap(),
            2,
            Framing::Stretch,
            Filter::Triangle,
        );
        let half = 127.0;
        let expected =
            [200.0, 244.0, 255.0, half, 100.0, 224.0, 255.0, half, 0.0, 204.0, 255.0, half];
        close(&image, &expected.map(|value| value / 255.0), 1e-6, "over white");
    }

    #[test]
    fn the_frame_is_centred_and_never_empty() {
        let crop = |width, height, fraction| frame(width, height, Framing::CentreCrop { fraction });
        let span = |start, length| Span { start, length };
        assert_eq!(crop(256, 256, 0.875), (span(16, 224), span(16, 224)));
        assert_eq!(crop(4000, 3000, 1.0), (span(500, 3000), span(0, 3000)));
        assert_eq!(crop(3, 1000, 0.01), (span(1, 1), span(499, 1)));
        assert_eq!(frame(4000, 3000, Framing::Stretch), (span(0, 4000), span(0, 3000)));
        let part = part(256, 300, Framing::CentreCrop { fraction: 0.875 });
        assert_eq!(part, Part { left: 16, top: 38, width: 224, height: 224 });
    }

    #[test]
    fn extreme_shapes_work() {
        let longest = Pixels::MAX_SIDE as usize;
        for (width, height) in [(1, 1), (1, 500), (500, 1), (2, 3), (longest, 1), (1, longest)] {
            for filter in FILTERS {
                for framing in [Framing::Stretch, SQUARE, Framing::CentreCrop { fraction: 1e-9 }] {
                    for side in [1, 5] {
                        let image = fit(&pattern(width, height), side, framing, filter);
                        assert_eq!(image.planes().len(), 3 * side * side);
                        assert!(image.planes().iter().all(|value| (0.0..=1.0).contains(value)));
                    }
                }
            }
        }
    }

    #[test]
    fn weights_sum_to_one_and_stay_inside() {
        for filter in FILTERS {
            for whole in [1, 2, 7, 31, 32, 33, 1000, Pixels::MAX_SIDE as usize] {
                for side in [1, 2, 31, 32, 33, 224] {
                    let windows = windows(whole, Span { start: 0, length: whole }, side, filter);
                    assert_eq!(windows.len(), side);
                    assert!(windows.is_sorted_by_key(|window| window.start));
                    assert!(windows.is_sorted_by_key(Window::end));
                    for window in windows {
                        assert!(window.end() <= whole);
                        assert!((window.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                        let Whole { window: whole, scale } = Whole::new(&window);
                        assert_eq!((whole.start, whole.end()), (window.start, window.end()));
                        let sum: i32 = whole.weights.iter().map(|&weight| i32::from(weight)).sum();
                        assert_eq!(sum as f32 * scale, 1.0);
                        let most = whole.weights.iter().map(|weight| weight.unsigned_abs());
                        // Where very many are summed, fewer bits are as exact.
                        assert!(most.clone().max() >= Some(1 << 13) || whole.weights.len() > 1000);
                        let most: u64 = most.map(|weight| 255 * u64::from(weight)).sum();
                        assert!(most <= i32::MAX as u64, "{filter:?}, {side}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_sine_is_the_sine() {
        for i in 0..=3000 {
            let x = f64::from(i) / 1000.0;
            assert!((sin_pi(x) - (PI * x).sin()).abs() < 2e-15, "{x}");
        }
        assert_eq!([0.0, 1.0, 2.0, 3.0].map(|x| sin_pi(x).abs()), [0.0; 4]);
        assert_eq!((sinc(0.0), sinc(2.0)), (1.0, 0.0));
    }
}
