//! The fixed filters of the convnet's stem: the directions of small patches, scaled to equal variance.
//!
//! Neighbouring pixels are nearly equal, so their raw values say the same thing twelve times. The
//! eigenvectors of the patches' covariance, each divided by the root of its eigenvalue, take that apart
//! (PCA whitening; as a first layer in airbench, arXiv:2404.00498).

use nalgebra::{DMatrix, SymmetricEigen};

use crate::model::sizes::convnet::{PATCH, PATCH_VALUES};
use crate::preprocess::Normalisation;

/// Keeps directions that hardly occur from being blown up.
const EPSILON: f64 = 5e-4;

/// The filters for the patches of these images, strongest direction first.
///
/// # Shapes
///
/// - `images`: planar RGB, `3 × side × side` bytes each
/// - output: `PATCH_VALUES` filters of `PATCH_VALUES` values
///
/// # Errors
///
/// The first of `images`.
pub fn filters<T: AsRef<[u8]>, E>(
    images: impl Iterator<Item = Result<T, E>>,
    side: usize,
    normalisation: &Normalisation,
) -> Result<Vec<f32>, E> {
    let mut products = DMatrix::<f64>::zeros(PATCH_VALUES, PATCH_VALUES);
    let mut patches = 0u64;
    for image in images {
        let image = image?;
        let image = image.as_ref();
        for y in 0..=side - PATCH {
            for x in 0..=side - PATCH {
                let patch: [f64; PATCH_VALUES] = std::array::from_fn(|i| {
                    let (channel, row, column) =
                        (i / (PATCH * PATCH), i / PATCH % PATCH, i % PATCH);
                    let value = image[(channel * side + y + row) * side + x + column];
                    (f64::from(value) / 255.0 - f64::from(normalisation.mean[channel]))
                        / f64::from(normalisation.std[channel])
                });
                for (i, a) in patch.iter().enumerate() {
                    for (j, b) in patch.iter().enumerate().skip(i) {
                        products[(i, j)] += a * b;
                    }
                }
                patches += 1;
            }
        }
    }
    products.fill_lower_triangle_with_upper_triangle();
    let eigen = SymmetricEigen::new(products / patches.max(1) as f64);
    let mut order: Vec<usize> = (0..PATCH_VALUES).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let filters = order.into_iter().flat_map(|k| {
        let scale = (eigen.eigenvalues[k].max(0.0) + EPSILON).sqrt();
        let filter: Vec<f32> =
            eigen.eigenvectors.column(k).iter().map(|v| (v / scale) as f32).collect();
        filter
    });
    Ok(filters.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::random::generator;
    use rand::Rng;

    #[test]
    fn filtered_patches_have_unit_variance_and_no_correlation() {
        // Smooth noise: neighbours are strongly correlated, as in photographs.
        let side = 24;
        let mut random = generator(7, 0, 0);
        let images: Vec<Vec<u8>> = (0..40)
            .map(|_| {
                let mut level = 128.0f32;
                (0..3 * side * side)
                    .map(|_| {
                        level = (0.9 * level + 0.1 * 128.0 + random.random_range(-40.0..40.0))
                            .clamp(0.0, 255.0);
                        level as u8
                    })
                    .collect()
            })
            .collect();
        let normalisation = Normalisation { mean: [0.5; 3], std: [0.25; 3] };
        let readable = images.iter().map(Ok::<_, ()>);
        let filters = filters(readable, side, &normalisation).unwrap();
        let mut outputs = vec![Vec::new(); PATCH_VALUES];
        for image in &images {
            for y in 0..side - 1 {
                for x in 0..side - 1 {
                    let value = |i: usize| {
                        let byte = image[(i / 4 * side + y + i / 2 % 2) * side + x + i % 2];
                        (f32::from(byte) / 255.0 - 0.5) / 0.25
                    };
                    for (filter, output) in filters.chunks(PATCH_VALUES).zip(&mut outputs) {
                        output.push(
                            filter.iter().enumerate().map(|(i, w)| w * value(i)).sum::<f32>(),
                        );
                    }
                }
            }
        }
        let product = |a: &[f32], b: &[f32]| {
            a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>() / a.len() as f64
        };
        for i in 0..PATCH_VALUES {
            for j in 0..PATCH_VALUES {
                let expected = if i == j { 1.0 } else { 0.0 };
                let found = product(&outputs[i], &outputs[j]);
                assert!((found - expected).abs() < 0.06, "{i} {j}: {found}");
            }
        }
    }
}
