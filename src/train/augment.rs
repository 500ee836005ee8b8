//! Random changes to training images: mirrored, shifted, with more or less contrast, another colour
//! balance and a part painted over, so that the network learns what such changes do not change.
//!
//! Every draw depends on seed, epoch and image alone, never on what was drawn before: that is what lets a
//! resumed run see exactly the images that the interrupted one would have seen.

use rand::Rng;

use super::hyperparameters::Augmentation;
use super::random::generator;
use crate::preprocess::Image;

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

    let columns: Vec<usize> = (0..side)
        .map(|x| {
            let x = reflect(x as i32 + dx, side);
            if mirrored { side - 1 - x } else { x }
        })
        .collect();
    let mut planes = Vec::with_capacity(pixels.len());
    for plane in pixels.chunks_exact(side * side) {
        for y in 0..side {
            let y = reflect(y as i32 + dy, side);
            let row = &plane[y * side..][..side];
            planes.extend(columns.iter().map(|&x| f32::from(row[x]) / 255.0));
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

    const NONE: Augmentation =
        Augmentation { flip: false, shift: 0.0, contrast: 0.0, colour: 0.0, cutout: 0.0 };

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
        let all = Augmentation { flip: true, shift: 0.2, contrast: 0.3, colour: 0.2, cutout: 0.3 };
        let draw =
            |seed, epoch, index| augment(&pixels, 16, &all, seed, epoch, index).planes().to_vec();
        assert_eq!(draw(1, 2, 3), draw(1, 2, 3));
        assert_ne!(draw(1, 2, 3), draw(2, 2, 3));
        assert_ne!(draw(1, 2, 3), draw(1, 4, 3));
        assert_ne!(draw(1, 2, 3), draw(1, 2, 4));
        assert!(draw(1, 2, 3).iter().all(|v| (0.0..=1.0).contains(v)));
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
    fn coordinates_are_mirrored_at_the_edge() {
        let found: Vec<usize> = (-3..8).map(|x| reflect(x, 4)).collect();
        assert_eq!(found, [3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1]);
        assert_eq!(reflect(-5, 1), 0);
    }
}
