//! Prepared pictures changed on purpose, to see what that does to the answer.

use std::ops::Range;

/// A prepared picture whose contents have moved left by `right` and up by `down` pixels, so that the network's cells
/// stand that much further right and down in it. What comes in at a border repeats the pixels of that border.
///
/// # Shapes
///
/// - `tensor` and output: `[3, side, side]`
pub fn moved(tensor: &[f32], side: usize, right: isize, down: isize) -> Vec<f32> {
    let from = |at: usize, by: isize| at.saturating_add_signed(by).min(side - 1);
    let mut values = Vec::with_capacity(tensor.len());
    for plane in tensor.chunks_exact(side * side) {
        for y in 0..side {
            let row = &plane[from(y, down) * side..][..side];
            values.extend((0..side).map(|x| row[from(x, right)]));
        }
    }
    values
}

/// Paints a part of a prepared picture in one normalised colour. What lies outside the picture is left out.
///
/// # Shapes
///
/// - `tensor`: `[3, side, side]`
pub fn cover(
    tensor: &mut [f32],
    side: usize,
    columns: Range<usize>,
    rows: Range<usize>,
    colour: [f32; 3],
) {
    let columns = columns.start.min(side)..columns.end.min(side);
    for (plane, value) in tensor.chunks_exact_mut(side * side).zip(colour) {
        for row in plane.chunks_exact_mut(side).take(rows.end).skip(rows.start) {
            row[columns.clone()].fill(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_move_and_borders_are_repeated() {
        let tensor: Vec<f32> = (0..27).map(|value| value as f32).collect();
        assert_eq!(moved(&tensor, 3, 0, 0), tensor);
        assert_eq!(moved(&tensor, 3, 1, 0)[..9], [1., 2., 2., 4., 5., 5., 7., 8., 8.]);
        assert_eq!(moved(&tensor, 3, 0, -2)[9..18], [9., 10., 11., 9., 10., 11., 9., 10., 11.]);
    }

    #[test]
    fn a_part_is_covered_and_nothing_beyond() {
        let mut tensor = vec![0.0; 27];
        cover(&mut tensor, 3, 1..9, 2..9, [1.0, 2.0, 3.0]);
        assert_eq!(tensor[..9], [0., 0., 0., 0., 0., 0., 0., 1., 1.]);
        assert_eq!(tensor[18..], [0., 0., 0., 0., 0., 0., 0., 3., 3.]);
    }
}
