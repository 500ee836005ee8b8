//! What each cell of the last maps adds to a score.
//!
//! The photo network's features are the means of its last maps, and dense layers read them, so a weighted sum of
//! outputs is a sum over cells: with the weights `w` that the [`Split`] gives the features, cell *xy* of one of `n`
//! cells adds `w·F(x,y) / n`. Several views of a picture are more cells. Where the head reads embeddings, `F` is the
//! cell's difference from the mean of photos, divided by the length of that of the whole picture, which is taken for the
//! number that it is at this picture.
//!
//! The small network's features are maxima: a feature counts where its maximum lies, in the first such cell.

use super::split::Split;
use crate::model::Pooling;
use crate::model::heads::{Dense, Heads, Maps};
use crate::prediction::first_largest;

/// A score, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// `[views, rows, columns]`
    pub cells: Vec<f64>,
    /// What belongs to no cell: biases, and what is said of it in [`Split`].
    pub constant: f64,
}

/// Takes a score apart.
///
/// # Shapes
///
/// - `split`: of as many outputs as the heads have
pub fn shares(maps: &Maps, pooling: Pooling, heads: &Heads, split: &Split) -> Shares {
    let (of_classes, of_names) = split.weights.split_at(heads.classes.bias.len());
    let mut constant = split.constant;
    let mut weights = vec![0.0; maps.features];
    add(&mut weights, &mut constant, &heads.classes, of_classes);
    if let Some(centre) = &heads.centre {
        let mean = means(maps);
        let squares =
            mean.iter().zip(centre).map(|(mean, centre)| (mean - f64::from(*centre)).powi(2));
        // As the network has it: features that are the mean itself stay zeros.
        let length = squares.sum::<f64>().sqrt().max(1e-6);
        weights.iter_mut().for_each(|weight| *weight /= length);
    }
    let centred: f64 = match &heads.centre {
        Some(centre) => weights.iter().zip(centre).map(|(w, c)| w * f64::from(*c)).sum(),
        None => 0.0,
    };
    if let Some(names) = &heads.names {
        add(&mut weights, &mut constant, names, of_names);
    }
    let area = maps.rows * maps.columns;
    let mut cells = vec![0.0; maps.views * area];
    let count = match pooling {
        Pooling::Mean => maps.views * area,
        Pooling::Maximum => maps.views,
    };
    let planes = maps.values.chunks_exact(area).enumerate();
    for (at, plane) in planes {
        let (view, weight) = (at / maps.features, weights[at % maps.features] / count as f64);
        let cells = &mut cells[view * area..][..area];
        match pooling {
            Pooling::Mean => {
                for (cell, value) in cells.iter_mut().zip(plane) {
                    *cell += weight * f64::from(*value);
                }
            }
            Pooling::Maximum => {
                let first = first_largest(plane);
                cells[first] += weight * f64::from(plane[first]);
            }
        }
    }
    // What every photo has, in equal parts.
    let each = centred / cells.len() as f64;
    cells.iter_mut().for_each(|cell| *cell -= each);
    Shares { cells, constant }
}

/// Adds what a dense layer makes of weights of its outputs: weights of its inputs, and a constant.
fn add(weights: &mut [f64], constant: &mut f64, dense: &Dense, of_outputs: &[f64]) {
    // Of a thousand names most count for nothing: together they change the score by less than anybody can see.
    const NOTHING: f64 = 1e-10;
    let counted = of_outputs.iter().enumerate().filter(|(_, weight)| weight.abs() > NOTHING);
    let counted: Vec<(usize, f64)> = counted.map(|(output, weight)| (output, *weight)).collect();
    let rows = dense.weights.chunks_exact(dense.bias.len());
    for (weight, row) in weights.iter_mut().zip(rows) {
        *weight += counted.iter().map(|&(output, of)| of * f64::from(row[output])).sum::<f64>();
    }
    *constant +=
        counted.iter().map(|&(output, of)| of * f64::from(dense.bias[output])).sum::<f64>();
}

/// The mean of each feature's maps, over all cells of all views.
fn means(maps: &Maps) -> Vec<f64> {
    let area = maps.rows * maps.columns;
    let mut means = vec![0.0; maps.features];
    for (at, plane) in maps.values.chunks_exact(area).enumerate() {
        means[at % maps.features] += plane.iter().map(|&value| f64::from(value)).sum::<f64>();
    }
    means.iter_mut().for_each(|mean| *mean /= (maps.views * area) as f64);
    means
}
