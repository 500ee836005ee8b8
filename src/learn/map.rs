//! A map of pictures in two dimensions, where those that look alike lie together.
//!
//! The directions of largest variance (principal components) first, then t-SNE (van der Maaten and Hinton, "Visualizing
//! data using t-SNE", Journal of Machine Learning Research 9, 2008; van der Maaten, "Accelerating t-SNE using tree-based
//! algorithms", the same 15, 2014), which begins with the first two of them. Nothing is drawn at random, so that the
//! same pictures have the same map. Near lies together; how far apart far things are says nothing.

use super::LearnError;
use super::components::components;
use super::embedding::{distance, validate};
use bhtsne::{Neighbor, tSNE};

/// So many principal components are kept: enough for all that tells photos apart, few enough to be quick.
const COMPONENTS: usize = 30;
/// About so many neighbours count.
const PERPLEXITY: f32 = 30.0;
/// Steps of the descent.
const EPOCHS: usize = 500;
/// How coarsely far points are taken together.
const THETA: f32 = 0.5;
/// Components below this are rounding.
const SAME: f32 = 1e-4;
/// Fewer pictures than this are laid out by their principal components alone.
const FEWEST: usize = 8;

/// The place of each picture, both coordinates in `[0, 1]`.
///
/// # Errors
///
/// [`LearnError::TooFew`] of fewer than two pictures; [`LearnError::Width`].
pub fn map(embeddings: &[Vec<f32>]) -> Result<Vec<[f32; 2]>, LearnError> {
    validate(embeddings)?;
    let pictures = embeddings.len();
    let components = components(embeddings, COMPONENTS);
    let start: Vec<[f32; 2]> =
        components.iter().map(|row| [row[0], row.get(1).copied().unwrap_or(0.0)]).collect();
    let largest = start.iter().flatten().fold(0.0f32, |most, value| most.max(value.abs()));
    // Pictures that are all the same have nothing to be laid out by.
    if pictures < FEWEST || largest < SAME {
        return Ok(into_square(&start));
    }
    let rows: Vec<&[f32]> = components.iter().map(Vec::as_slice).collect();
    let initial: Vec<f32> = start.iter().flatten().map(|value| value / largest * 1e-2).collect();
    let perplexity = PERPLEXITY.min((pictures - 1) as f32 / 3.0 - 0.01);
    let neighbours = neighbours(&rows, (3.0 * perplexity) as usize);
    let flat = on_one_thread(|| {
        let mut tsne: tSNE<f32, &[f32]> = tSNE::new(&rows);
        tsne.perplexity(perplexity).epochs(EPOCHS).initial_embedding(initial);
        tsne.barnes_hut_with_neighbors(THETA, &neighbours).embedding()
    });
    let (points, _) = flat.as_chunks::<2>();
    // Should the descent ever leave the numbers, the principal components are still a map.
    let sound = points.iter().flatten().all(|value| value.is_finite());
    Ok(into_square(if sound { points } else { &start }))
}

/// The nearest neighbours of each row, by their distance. Found here, and not by the tree of the library, which draws at
/// random where it divides.
fn neighbours(rows: &[&[f32]], count: usize) -> Vec<Vec<Neighbor<f32>>> {
    let of_row = |row: usize| {
        let others = (0..rows.len()).filter(|&other| other != row);
        let mut all: Vec<Neighbor<f32>> = others
            .map(|index| Neighbor { index, distance: distance(rows[row], rows[index]) })
            .collect();
        all.sort_by(|a, b| a.distance.total_cmp(&b.distance).then(a.index.cmp(&b.index)));
        all.truncate(count);
        all
    };
    (0..rows.len()).map(of_row).collect()
}

/// On several threads the order of additions would differ from run to run, and with it the map. The browser has one.
#[cfg(not(target_arch = "wasm32"))]
fn on_one_thread<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    match rayon::ThreadPoolBuilder::new().num_threads(1).build() {
        Ok(pool) => pool.install(work),
        // Without a thread there is nothing to be in disorder.
        Err(_) => work(),
    }
}

#[cfg(target_arch = "wasm32")]
fn on_one_thread<R>(work: impl FnOnce() -> R) -> R {
    work()
}

/// Moves points into the unit square, each axis by itself.
fn into_square(points: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let range = |axis: usize| {
        let values = points.iter().map(|point| point[axis]);
        values.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
    };
    let ranges = [range(0), range(1)];
    let place = |point: &[f32; 2]| {
        std::array::from_fn(|axis| {
            let (low, high) = ranges[axis];
            if high > low { (point[axis] - low) / (high - low) } else { 0.5 }
        })
    };
    points.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two heaps of pictures in eight dimensions.
    fn heaps() -> Vec<Vec<f32>> {
        let row = |index: usize| -> Vec<f32> {
            let heap = index % 2;
            let value = |axis: usize| {
                let noise = ((index * 37 + axis * 101) % 19) as f32 / 19.0 - 0.5;
                0.2 * noise + if axis == heap { 1.0 } else { 0.0 }
            };
            (0..8).map(value).collect()
        };
        (0..40).map(row).collect()
    }

    #[test]
    fn what_is_alike_lies_together_and_the_map_is_always_the_same() {
        let places = map(&heaps()).unwrap();
        assert_eq!(places, map(&heaps()).unwrap());
        assert!(places.iter().flatten().all(|value| (0.0..=1.0).contains(value)));
        let apart = |a: usize, b: usize| {
            let [dx, dy] = [0, 1].map(|axis| places[a][axis] - places[b][axis]);
            dx.hypot(dy)
        };
        for a in 0..40 {
            let nearest = (0..40)
                .filter(|&b| b != a)
                .min_by(|&b, &c| apart(a, b).total_cmp(&apart(a, c)))
                .unwrap();
            assert_eq!(nearest % 2, a % 2, "picture {a} lies beside {nearest}");
        }
    }

    #[test]
    fn few_and_equal_pictures_have_a_map() {
        assert_eq!(map(&[vec![1.0]]), Err(LearnError::TooFew));
        assert_eq!(map(&vec![vec![1.0, 0.0]; 3]).unwrap(), [[0.5; 2]; 3]);
        let equal = map(&vec![vec![1.0, 0.0]; 20]).unwrap();
        assert!(equal.iter().flatten().all(|value| value.is_finite()));
        assert_eq!(map(&[vec![0.0, 1.0], vec![1.0, 0.0]]).unwrap().len(), 2);
    }
}
