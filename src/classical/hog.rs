//! Histograms of oriented gradients (Dalal and Triggs 2005): where edges are, and which way they run.

/// Side of a cell, in pixels.
const CELL: usize = 8;
/// Directions of a half turn.
const DIRECTIONS: usize = 9;
/// Cells in a row and in a column of a block, which is normalised as one.
const BLOCK: usize = 2;
/// No component of a block's histogram is larger after the first normalisation.
const CLIP: f32 = 0.2;

/// How many numbers [`hog`] makes of a picture: 324 of 32 × 32 pixels.
pub fn length(width: usize, height: usize) -> usize {
    let blocks = |side: usize| (side / CELL).saturating_sub(BLOCK - 1);
    blocks(width) * blocks(height) * BLOCK * BLOCK * DIRECTIONS
}

/// About how many multiplications [`hog`] takes, each with an addition: for each pixel the length of its gradient and its
/// shares in two directions, for each number of a block twice its square and its scaling.
pub fn multiply_adds(width: usize, height: usize) -> usize {
    4 * (width / CELL * CELL) * (height / CELL * CELL) + 4 * length(width, height)
}

/// The histograms of a grey picture, row by row, any range. Pixels beyond the last whole cell of 8 × 8 are left out; a
/// picture with fewer than 2 × 2 cells has none.
///
/// # Panics
///
/// If there are not `width * height` pixels.
pub fn hog(grey: &[f32], width: usize, height: usize) -> Vec<f32> {
    assert_eq!(grey.len(), width * height, "one number for each pixel");
    let (across, down) = (width / CELL, height / CELL);
    let mut cells = vec![[0f32; DIRECTIONS]; across * down];
    for y in 0..down * CELL {
        for x in 0..across * CELL {
            let at = |x: usize, y: usize| grey[y * width + x];
            let dx = at((x + 1).min(width - 1), y) - at(x.saturating_sub(1), y);
            let dy = at(x, (y + 1).min(height - 1)) - at(x, y.saturating_sub(1));
            // Light on dark and dark on light are the same edge: a half turn is all there is.
            let turn = dy.atan2(dx).rem_euclid(std::f32::consts::PI) / std::f32::consts::PI;
            let place = turn * DIRECTIONS as f32;
            let (first, share) = (place.floor(), place.fract());
            let first = first as usize % DIRECTIONS;
            let strength = dx.hypot(dy);
            let cell = &mut cells[y / CELL * across + x / CELL];
            cell[first] += strength * (1.0 - share);
            cell[(first + 1) % DIRECTIONS] += strength * share;
        }
    }
    let mut features = Vec::with_capacity(length(width, height));
    for top in 0..(down + 1).saturating_sub(BLOCK) {
        for left in 0..(across + 1).saturating_sub(BLOCK) {
            let start = features.len();
            for y in top..top + BLOCK {
                features.extend(cells[y * across + left..][..BLOCK].iter().flatten());
            }
            let block = &mut features[start..];
            normalise(block);
            block.iter_mut().for_each(|value| *value = value.min(CLIP));
            normalise(block);
        }
    }
    features
}

/// To length 1, or 0 where there is nothing.
fn normalise(block: &mut [f32]) {
    let length = block.iter().map(|value| value * value).sum::<f32>().sqrt();
    block.iter_mut().for_each(|value| *value /= length.max(1e-6));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_fills_its_direction_alone() {
        let across: Vec<f32> = (0..32 * 32).map(|at| (at % 32) as f32).collect();
        let down: Vec<f32> = (0..32 * 32).map(|at| (at / 32) as f32).collect();
        let features = hog(&across, 32, 32);
        assert_eq!(features.len(), 324);
        assert_eq!((features.len(), multiply_adds(32, 32)), (length(32, 32), 4096 + 1296));
        for cell in features.chunks_exact(DIRECTIONS) {
            assert!(cell[0] > 0.49 && cell[1..].iter().all(|&value| value == 0.0), "{cell:?}");
        }
        // A quarter turn is half way between the fifth direction and the sixth.
        for cell in hog(&down, 32, 32).chunks_exact(DIRECTIONS) {
            assert!(cell[4] > 0.3 && (cell[4] - cell[5]).abs() < 1e-4, "{cell:?}");
            assert!(cell[0] == 0.0);
        }
    }

    #[test]
    fn contrast_and_its_sign_make_no_difference_and_grey_is_nothing() {
        let picture: Vec<f32> = (0..256).map(|at| ((at * 37) % 101) as f32).collect();
        let other: Vec<f32> = picture.iter().map(|value| 9.0 - 3.0 * value).collect();
        let pairs = hog(&picture, 16, 16).into_iter().zip(hog(&other, 16, 16));
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-3));
        assert!(hog(&[0.5; 256], 16, 16).iter().all(|&value| value == 0.0));
        assert!(hog(&[0.5; 15 * 16], 15, 16).is_empty());
    }
}
