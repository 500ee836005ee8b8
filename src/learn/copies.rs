//! Near-copies: the frames of a burst, a photo saved twice, a picture and its crop.
//!
//! A picture is not unseen while its near-copy is among those that were learnt from. So near-copies are left out
//! together when a head is measured on pictures that it has not seen.

/// Pictures whose cosine is at least this are near-copies of each other.
pub const ALIKE: f32 = 0.9;

/// The set of near-copies that each picture belongs to: the place of the first picture of the set. Near-copies of
/// near-copies are of one set.
///
/// # Shapes
///
/// - `similarity(a, b)`: the cosine of two of the pictures
pub fn sets(pictures: usize, similarity: impl Fn(usize, usize) -> f32) -> Vec<usize> {
    let mut parents: Vec<usize> = (0..pictures).collect();
    for a in 0..pictures {
        for b in 0..a {
            if similarity(a, b) >= ALIKE {
                let (a, b) = (root(&mut parents, a), root(&mut parents, b));
                let (first, second) = (a.min(b), a.max(b));
                parents[second] = first;
            }
        }
    }
    (0..pictures).map(|picture| root(&mut parents, picture)).collect()
}

/// The first of a set, with the way to it shortened.
fn root(parents: &mut [usize], mut picture: usize) -> usize {
    while parents[picture] != picture {
        parents[picture] = parents[parents[picture]];
        picture = parents[picture];
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_of_copies_are_of_one_set() {
        let alike = [(0, 3), (3, 4), (1, 5)];
        let similarity = |a: usize, b: usize| {
            if alike.contains(&(a.min(b), a.max(b))) { ALIKE } else { ALIKE - 0.001 }
        };
        assert_eq!(sets(6, similarity), [0, 1, 2, 0, 0, 1]);
        assert_eq!(sets(0, similarity), [0usize; 0]);
    }
}
