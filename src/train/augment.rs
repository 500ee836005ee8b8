//! Random changes to training images: mirrored, shifted, with more or less contrast, another colour
//! balance, a part painted over and stored as JPEG, so that the network learns what such changes do not change.
//!
//! Every draw depends on seed, epoch and image alone, never on what was drawn before: that is what lets a
//! resumed run see exactly the images that the interrupted one would have seen.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use rand::Rng;

use super::hyperparameters::Augmentation;
use super::random::generator;
use crate::pixels::Pixels;
use crate::preprocess::Image;

/// What most programs write unless told otherwise; they halve the resolution of colours, too.
const JPEG_QUALITY: u8 = 75;

/// One training image with its random changes of this epoch.
///
/// # Shapes
///
/// - `pixels`: planar RGB, `3 × side × side` bytes
pub fn augment(
    pixels: &[u8],
    side: usize,
    augmentation: &Augmentation,
    seed: u64,
    epoch: usize,
    index: usize,
) -> Image {
    let mut random = generator(seed, 1 + epoch as u64, index as u64);
    // Alternating flip (airbench): an image is mirrored in every second epoch, which of the two is drawn once.
    let first: bool = generator(seed, 0, index as u64).random();
    let mirrored = augmentation.flip && (first ^ (epoch % 2 == 1));
    let reach = (augmentation.shift * side as f32).round() as i32;
    let (dx, dy) = (random.random_range(-reach..=reach), random.random_range(-reach..=reach));
    let mut factor = |spread: f32| 1.0 + spread * random.random_range(-1.0..=1.0f32);
    let contrast = factor(augmentation.contrast);
    let gains: [f32; 3] = std::array::from_fn(|_| factor(augmentation.colour));

    let window = match augmentation.crop {
        0.0 => Window::WHOLE,
        most => Window::random(side, most, &mut random),
    };
    let columns: Vec<Between> = (0..side)
        .map(|x| Between::new(window.left + window.width * x as f32, dx, side))
        .map(|x| if mirrored { x.mirrored(side) } else { x })
        .collect();
    let mut planes = Vec::with_capacity(pixels.len());
    for plane in pixels.chunks_exact(side * side) {
        for y in 0..side {
            let y = Between::new(window.top + window.height * y as f32, dy, side);
            let [above, below] = y.places.map(|y| &plane[y * side..][..side]);
            planes.extend(
                columns.iter().map(|x| y.of([x.of_bytes(above), x.of_bytes(below)]) / 255.0),
            );
        }
    }
    if augmentation.contrast > 0.0 || augmentation.colour > 0.0 {
        let mean = planes.iter().sum::<f32>() / planes.len() as f32;
        for (plane, gain) in planes.chunks_exact_mut(side * side).zip(gains) {
            for value in plane {
                *value = ((mean + (*value - mean) * contrast) * gain).clamp(0.0, 1.0);
            }
        }
    }
    // No draw where it isn't asked for: the images of earlier runs stay what they were.
    if augmentation.jpeg > 0.0 && random.random_range(0.0..1.0) < augmentation.jpeg {
        planes = stored_as_jpeg(side, planes);
    }
    let hole = (augmentation.cutout * side as f32).round() as usize;
    if hole > 0 {
        let mut range = || {
            let centre = random.random_range(0..side);
            centre.saturating_sub(hole / 2)..(centre + hole.div_ceil(2)).min(side)
        };
        let (rows, columns) = (range(), range());
        for plane in planes.chunks_exact_mut(side * side) {
            let mean = plane.iter().sum::<f32>() / (side * side) as f32;
            for row in rows.clone() {
                plane[row * side..][columns.clone()].fill(mean);
            }
        }
    }
    Image::from_planes(side, planes)
}

/// What the planes of an image are after it was stored as JPEG.
fn stored_as_jpeg(side: usize, mut planes: Vec<f32>) -> Vec<f32> {
    let pixels = Image::from_planes(side, planes.clone()).to_rgba8();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, JPEG_QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder
        .encode(&pixels, side as u16, side as u16, ColorType::Rgba)
        .expect("a square of at most 1,024 pixels fits into a JPEG, and a JPEG into memory");
    let stored = Pixels::decode(&file).expect("what was encoded just now can be decoded");
    for (at, pixel) in stored.rgba().chunks_exact(4).enumerate() {
        for channel in 0..3 {
            planes[channel * side * side + at] = f32::from(pixel[channel]) / 255.0;
        }
    }
    planes
}

/// The part of an image that is shown: where it begins, in pixels, and how many of them one pixel of the result is wide
/// and high.
struct Window {
    left: f32,
    top: f32,
    width: f32,
    height: f32,
}

impl Window {
    const WHOLE: Self = Self { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };

    /// One of at least `1 − most` of the area.
    fn random(side: usize, most: f32, random: &mut impl Rng) -> Self {
        const WIDEST: f32 = 4.0 / 3.0;
        let area = random.random_range(1.0 - most..=1.0);
        let shape = random.random_range(-1.0..=1.0f32);
        let aspect = WIDEST.powf(shape).sqrt();
        let (width, height) = ((area.sqrt() * aspect).min(1.0), (area.sqrt() / aspect).min(1.0));
        let mut start =
            |share: f32| random.random_range(0.0..=1.0f32) * (1.0 - share) * side as f32;
        // The centres of the outermost pixels of the result lie half of such a pixel inside.
        let (left, top) =
            (start(width) + (width - 1.0) / 2.0, start(height) + (height - 1.0) / 2.0);
        Self { left, top, width, height }
    }
}

/// A place between two pixels of a row or a column, and how near to the second it is.
struct Between {
    places: [usize; 2],
    share: f32,
}

impl Between {
    fn new(at: f32, shift: i32, side: usize) -> Self {
        let at = at.clamp(0.0, (side - 1) as f32);
        let first = at.floor();
        let place = |offset: i32| reflect(first as i32 + offset + shift, side);
        let share = at - first;
        // Between a pixel and itself there is nothing to take from a neighbour that may not exist.
        Self { places: [place(0), if share > 0.0 { place(1) } else { place(0) }], share }
    }

    fn mirrored(self, side: usize) -> Self {
        Self { places: self.places.map(|place| side - 1 - place), ..self }
    }

    fn of(&self, [first, second]: [f32; 2]) -> f32 {
        first + (second - first) * self.share
    }

    fn of_bytes(&self, row: &[u8]) -> f32 {
        self.of(self.places.map(|place| f32::from(row[place])))
    }
}

/// Mirrors a coordinate that left the image back into it; the edge itself is not repeated.
fn reflect(coordinate: i32, side: usize) -> usize {
    let last = side as i32 - 1;
    if last == 0 {
        return 0;
    }
    let folded = coordinate.rem_euclid(2 * last);
    folded.min(2 * last - folded) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Augmentation = Augmentation {
        flip: false,
        shift: 0.0,
        contrast: 0.0,
        colour: 0.0,
        cutout: 0.0,
        crop: 0.0,
        mixup: 0.0,
        jpeg: 0.0,
    };

    fn ramp(side: usize) -> Vec<u8> {
        (0..3 * side * side).map(|i| (i % 251) as u8).collect()
    }

    #[test]
    fn without_changes_the_image_stays_as_it_is() {
        let pixels = ramp(8);
        let image = augment(&pixels, 8, &NONE, 1, 0, 0);
        assert_eq!(image.to_rgb8_planar(), pixels);
    }

    #[test]
    fn a_flip_comes_in_every_second_epoch_and_mirrors() {
        let pixels = ramp(8);
        let flip = Augmentation { flip: true, ..NONE };
        let epochs: Vec<_> =
            (0..4).map(|e| augment(&pixels, 8, &flip, 1, e, 5).to_rgb8_planar()).collect();
        assert_eq!(epochs[0], epochs[2]);
        assert_eq!(epochs[1], epochs[3]);
        let mirrored: Vec<u8> =
            epochs[0].chunks(8).flat_map(|row| row.iter().rev().copied()).collect();
        assert_eq!(epochs[1], mirrored);
        assert!(epochs.contains(&pixels));
    }

    #[test]
    fn draws_depend_on_seed_epoch_and_image_alone() {
        let pixels = ramp(16);
        let all = Augmentation {
            flip: true,
            shift: 0.2,
            contrast: 0.3,
            colour: 0.2,
            cutout: 0.3,
            crop: 0.5,
            ..NONE
        };
        let draw =
            |seed, epoch, index| augment(&pixels, 16, &all, seed, epoch, index).planes().to_vec();
        assert_eq!(draw(1, 2, 3), draw(1, 2, 3));
        assert_ne!(draw(1, 2, 3), draw(2, 2, 3));
        assert_ne!(draw(1, 2, 3), draw(1, 4, 3));
        assert_ne!(draw(1, 2, 3), draw(1, 2, 4));
        assert!(draw(1, 2, 3).iter().all(|v| (0.0..=1.0).contains(v)));
    }

    #[test]
    fn a_part_of_the_image_is_enlarged() {
        const SIDE: usize = 16;
        // Red rises by one from column to column, green from row to row: both tell where a pixel comes from.
        let at = |of: fn(usize) -> usize| (0..SIDE * SIDE).map(move |place| of(place) as u8);
        let columns = at(|place| place % SIDE);
        let pixels: Vec<u8> =
            columns.clone().chain(at(|place| place / SIDE)).chain(columns).collect();
        let crop = Augmentation { crop: 0.75, ..NONE };
        let mut areas = Vec::new();
        for epoch in 0..200 {
            let image = augment(&pixels, SIDE, &crop, 1, epoch, 0);
            let value = |plane: usize, at: usize| 255.0 * image.planes()[plane * SIDE * SIDE + at];
            // Away from the edge, where pixels repeat.
            let (width, height) =
                (value(0, 8) - value(0, 7), value(1, 8 * SIDE) - value(1, 7 * SIDE));
            assert!((0.7..1.4).contains(&(width / height)), "{width} × {height}");
            assert!((0..SIDE).all(|x| (value(0, x) - value(0, x + SIDE * 9)).abs() < 1e-3));
            areas.push(width * height);
        }
        let (least, most) = areas.iter().fold((1.0f32, 0.0f32), |(a, b), &c| (a.min(c), b.max(c)));
        assert!((0.2..0.4).contains(&least) && (0.9..1.01).contains(&most), "{least} to {most}");
    }

    #[test]
    fn a_hole_is_a_square_of_the_mean_colour() {
        const SIDE: usize = 16;
        let pixels = ramp(SIDE);
        let cutout = Augmentation { cutout: 0.5, ..NONE };
        let mut sizes = Vec::new();
        for epoch in 0..50 {
            let image = augment(&pixels, SIDE, &cutout, 1, epoch, 0);
            let changed = |plane: usize, at: usize| {
                let at = plane * SIDE * SIDE + at;
                (image.planes()[at] - f32::from(pixels[at]) / 255.0).abs() > 1e-6
            };
            // A value that is the mean already does not change, so an edge is where any channel does.
            let places: Vec<usize> =
                (0..SIDE * SIDE).filter(|&at| (0..3).any(|plane| changed(plane, at))).collect();
            let span = |of: fn(usize) -> usize| {
                let (least, most) = places
                    .iter()
                    .fold((SIDE, 0), |(least, most), &at| (least.min(of(at)), most.max(of(at))));
                most + 1 - least
            };
            let (width, height) = (span(|at| at % SIDE), span(|at| at / SIDE));
            assert_eq!(places.len(), width * height, "nothing but a rectangle");
            sizes.push(width.max(height));
        }
        assert_eq!(sizes.iter().max(), Some(&8));
        assert!(sizes.iter().min() >= Some(&4), "at least half of it lies in the image");
    }

    #[test]
    fn so_many_images_are_stored_as_jpeg() {
        const SIDE: usize = 16;
        // Smooth, so that little of it is lost.
        let smooth = |at: usize| (4 * (at % SIDE) + 8 * (at / SIDE % SIDE)) as u8;
        let pixels: Vec<u8> = (0..3 * SIDE * SIDE).map(smooth).collect();
        let jpeg = |share| Augmentation { jpeg: share, ..NONE };
        let stored = |share, epoch| {
            let image = augment(&pixels, SIDE, &jpeg(share), 1, epoch, 0).to_rgb8_planar();
            let off = image.iter().zip(&pixels).map(|(now, then)| now.abs_diff(*then));
            let (most, sum) =
                off.fold((0, 0), |(most, sum), by| (by.max(most), sum + u32::from(by)));
            assert!(most <= 16 && sum < 3 * pixels.len() as u32, "{most}, {sum}");
            most > 0
        };
        assert!((0..20).all(|epoch| stored(1.0, epoch) && !stored(0.0, epoch)));
        let some = (0..200).filter(|&epoch| stored(0.25, epoch)).count();
        assert!((25..75).contains(&some), "{some} of 200");
    }

    #[test]
    fn coordinates_are_mirrored_at_the_edge() {
        let found: Vec<usize> = (-3..8).map(|x| reflect(x, 4)).collect();
        assert_eq!(found, [3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1]);
        assert_eq!(reflect(-5, 1), 0);
    }
}
