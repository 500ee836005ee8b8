//! Groups of pictures that look alike, found without labels.
//!
//! Ward's method (Ward, "Hierarchical grouping to optimize an objective function", Journal of the American Statistical
//! Association 58, 1963) joins, one pair after the other, the two groups that stay the most compact together. That is
//! done once; any number of groups is then a cut through the same tree, which a few rounds of spherical k-means
//! (Dhillon and Modha, "Concept decompositions for large sparse text data using clustering", Machine Learning 42, 2001)
//! smooth: a join is never taken back by Ward's method. How many groups to show first is decided by the silhouette
//! (Rousseeuw, "Silhouettes", Journal of Computational and Applied Mathematics 20, 1987).

use kodama::{Method, Step, linkage};
use serde::Serialize;

use super::LearnError;
use super::components::components;
use super::embedding::{cosine, distance, validate};

/// The tree is made of so many principal components. In all 1,280 dimensions everything is nearly as far from
/// everything else, and the silhouette prefers two groups whatever there is.
const COMPONENTS: usize = 20;
/// No more groups than this are suggested.
const MOST_SUGGESTED: usize = 30;
/// Rounds of k-means after a cut.
const ROUNDS: usize = 10;

/// See the [module](self).
#[derive(Debug)]
pub struct Groups {
    embeddings: Vec<Vec<f32>>,
    steps: Vec<Step<f32>>,
    silhouettes: Vec<Silhouette>,
}

/// How well so many groups are separated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Silhouette {
    /// How many groups.
    pub groups: usize,
    /// The mean silhouette of the pictures, from −1 to 1: 1 where groups are compact and far from each other.
    pub value: f64,
}

impl Groups {
    /// Finds groups of pictures by their [embeddings](super::Space::embed).
    ///
    /// # Errors
    ///
    /// [`LearnError::TooFew`] of fewer than two pictures; [`LearnError::Width`].
    pub fn new(embeddings: Vec<Vec<f32>>) -> Result<Self, LearnError> {
        validate(&embeddings)?;
        let pictures = embeddings.len();
        let places = components(&embeddings, COMPONENTS);
        let mut distances = Vec::with_capacity(pictures * (pictures - 1) / 2);
        for a in 0..pictures {
            for b in a + 1..pictures {
                distances.push(distance(&places[a], &places[b]));
            }
        }
        let mut consumed = distances.clone();
        let steps = linkage(&mut consumed, pictures, Method::Ward).steps().to_vec();
        let mut found = Self { embeddings, steps, silhouettes: Vec::new() };
        found.silhouettes = (2..=MOST_SUGGESTED.min(pictures - 1))
            .map(|groups| Silhouette {
                groups,
                value: silhouette(&found.tree(groups), groups, &distances),
            })
            .collect();
        Ok(found)
    }

    /// How many pictures there are.
    pub fn pictures(&self) -> usize {
        self.embeddings.len()
    }

    /// The silhouettes of all numbers of groups that may be suggested.
    pub fn silhouettes(&self) -> &[Silhouette] {
        &self.silhouettes
    }

    /// The number of groups with the highest silhouette.
    pub fn suggested(&self) -> usize {
        let best = self.silhouettes.iter().max_by(|a, b| {
            // Of equals, fewer groups.
            a.value.total_cmp(&b.value).then(b.groups.cmp(&a.groups))
        });
        best.map_or(2, |silhouette| silhouette.groups)
    }

    /// The group of each picture, for so many groups (one to as many as there are pictures): numbered by their size,
    /// the largest first.
    pub fn cut(&self, groups: usize) -> Vec<usize> {
        let groups = groups.clamp(1, self.pictures());
        by_size(&self.smooth(self.tree(groups), groups))
    }

    /// The cut through the tree.
    fn tree(&self, groups: usize) -> Vec<usize> {
        let pictures = self.pictures();
        // A group that is made by step i has the number pictures + i.
        let mut parents: Vec<usize> = (0..pictures + self.steps.len()).collect();
        for (index, step) in self.steps.iter().take(pictures - groups).enumerate() {
            parents[step.cluster1] = pictures + index;
            parents[step.cluster2] = pictures + index;
        }
        let root = |mut node: usize| {
            while parents[node] != node {
                node = parents[node];
            }
            node
        };
        numbered((0..pictures).map(root))
    }

    /// Spherical k-means that begins with these groups. A group may lose pictures, but never its last one.
    fn smooth(&self, mut groups: Vec<usize>, count: usize) -> Vec<usize> {
        let width = self.embeddings[0].len();
        for _ in 0..ROUNDS {
            let mut centres = vec![vec![0.0f32; width]; count];
            let mut sizes = vec![0usize; count];
            for (row, &group) in self.embeddings.iter().zip(&groups) {
                sizes[group] += 1;
                centres[group].iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            }
            for centre in &mut centres {
                let length = cosine(centre, centre).sqrt().max(f32::MIN_POSITIVE);
                centre.iter_mut().for_each(|value| *value /= length);
            }
            let mut changed = false;
            for (row, group) in self.embeddings.iter().zip(&mut groups) {
                let mut best = (*group, cosine(row, &centres[*group]));
                for (other, centre) in centres.iter().enumerate() {
                    let value = cosine(row, centre);
                    if value > best.1 {
                        best = (other, value);
                    }
                }
                if best.0 != *group && sizes[*group] > 1 {
                    sizes[*group] -= 1;
                    sizes[best.0] += 1;
                    *group = best.0;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        groups
    }
}

/// The commonest of names, of equally common ones the first.
pub fn commonest<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for name in names {
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(name, _)| name)
}

/// Any numbers, replaced by 0, 1, … in the order in which they come first.
fn numbered(groups: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut known = Vec::new();
    groups
        .map(|group| {
            known.iter().position(|&other| other == group).unwrap_or_else(|| {
                known.push(group);
                known.len() - 1
            })
        })
        .collect()
}

/// Groups numbered by their size, the largest first; of equals, the one whose picture comes first.
fn by_size(groups: &[usize]) -> Vec<usize> {
    let groups = numbered(groups.iter().copied());
    let count = groups.iter().max().map_or(0, |most| most + 1);
    let size = |group: usize| groups.iter().filter(|&&other| other == group).count();
    let mut order: Vec<(std::cmp::Reverse<usize>, usize)> =
        (0..count).map(|group| (std::cmp::Reverse(size(group)), group)).collect();
    order.sort_unstable();
    let mut rank = vec![0; count];
    for (place, (_, group)) in order.into_iter().enumerate() {
        rank[group] = place;
    }
    groups.into_iter().map(|group| rank[group]).collect()
}

/// The mean silhouette of the pictures.
///
/// # Shapes
///
/// - `distances`: of each picture to those after it
fn silhouette(groups: &[usize], count: usize, distances: &[f32]) -> f64 {
    let pictures = groups.len();
    let mut sizes = vec![0usize; count];
    for &group in groups {
        sizes[group] += 1;
    }
    // The sum of distances of each picture to the pictures of each group.
    let mut sums = vec![0.0f64; pictures * count];
    let mut all = distances.iter();
    for a in 0..pictures {
        for b in a + 1..pictures {
            let distance = f64::from(*all.next().unwrap_or(&0.0));
            sums[a * count + groups[b]] += distance;
            sums[b * count + groups[a]] += distance;
        }
    }
    let of_picture = |picture: usize| {
        let own = groups[picture];
        if sizes[own] < 2 {
            return 0.0;
        }
        let mean = |group: usize, size: usize| sums[picture * count + group] / size as f64;
        let within = mean(own, sizes[own] - 1);
        let others = (0..count).filter(|&group| group != own && sizes[group] > 0);
        let nearest = others.map(|group| mean(group, sizes[group])).fold(f64::INFINITY, f64::min);
        let most = within.max(nearest);
        if most > 0.0 { (nearest - within) / most } else { 0.0 }
    };
    (0..pictures).map(of_picture).sum::<f64>() / pictures as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Directions around three axes.
    fn three() -> Vec<Vec<f32>> {
        let place = |axis: usize, turn: f32| {
            let mut row = vec![0.0; 4];
            row[axis] = turn.cos();
            row[3] = turn.sin();
            row
        };
        let turns = [-0.2, -0.1, 0.1, 0.2];
        let mut rows: Vec<Vec<f32>> = turns.iter().map(|&turn| place(1, turn)).collect();
        rows.extend([0.0, 0.1, 0.15].map(|turn| place(0, turn)));
        rows.extend([0.0, -0.1].map(|turn| place(2, turn)));
        rows
    }

    #[test]
    fn groups_are_found_and_their_number_is_suggested() {
        let groups = Groups::new(three()).unwrap();
        assert_eq!(groups.suggested(), 3);
        assert_eq!(groups.cut(3), [0, 0, 0, 0, 1, 1, 1, 2, 2]);
        assert!(groups.cut(1).iter().all(|&group| group == 0));
        let each = groups.cut(9);
        assert_eq!(each.iter().collect::<std::collections::BTreeSet<_>>().len(), 9);
        assert_eq!(groups.cut(100), each, "no more groups than pictures");
    }

    #[test]
    fn the_silhouette_is_that_computed_by_hand() {
        // On a line: 0, 1 | 10. (9.5 − 1) / 9.5 is not asked for: pictures 0 and 1 have 10 and 9 to the other group.
        let value = silhouette(&[0, 0, 1], 2, &[1.0, 10.0, 9.0]);
        assert!((value - (0.9 + 8.0 / 9.0) / 3.0).abs() < 1e-9, "{value}");
    }

    #[test]
    fn two_pictures_are_the_fewest() {
        assert_eq!(Groups::new(vec![vec![1.0]]).unwrap_err(), LearnError::TooFew);
        let groups = Groups::new(vec![vec![1.0, 0.0], vec![0.0, 1.0]]).unwrap();
        assert_eq!((groups.suggested(), groups.cut(2)), (2, vec![0, 1]));
        let wrong = Groups::new(vec![vec![1.0, 0.0], vec![1.0]]);
        assert!(matches!(wrong, Err(LearnError::Width { .. })));
    }

    #[test]
    fn equal_pictures_are_no_trouble() {
        let groups = Groups::new(vec![vec![1.0, 0.0]; 5]).unwrap();
        assert_eq!(groups.cut(2).len(), 5);
        assert!(groups.silhouettes().iter().all(|silhouette| silhouette.value == 0.0));
    }

    #[test]
    fn a_group_is_called_by_its_commonest_name() {
        assert_eq!(commonest(["b", "a", "c", "a"]), Some("a"));
        assert_eq!(commonest(["b", "a"]), Some("b"));
        assert_eq!(commonest([]), None);
    }
}
