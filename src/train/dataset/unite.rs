//! Several data sets for one network: the same class in two of them is one class.

use super::Dataset;

/// Gives all data sets the same classes: those of the first in its order, then what the others add in theirs. The
/// labels of the examples change with them.
pub fn unite(datasets: &mut [Dataset]) -> Vec<String> {
    let mut classes: Vec<String> = Vec::new();
    for dataset in datasets.iter() {
        let new = dataset.classes.iter().filter(|class| !classes.contains(class));
        classes.extend(new.cloned().collect::<Vec<_>>());
    }
    for dataset in datasets {
        let places: Vec<usize> = dataset
            .classes
            .iter()
            .filter_map(|class| classes.iter().position(|known| known == class))
            .collect();
        for example in dataset.train.iter_mut().chain(&mut dataset.test) {
            example.label = places[example.label];
        }
        dataset.classes = classes.clone();
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::dataset::Example;

    fn dataset(classes: &[&str]) -> Dataset {
        let example = |label| Example { image: vec![label as u8], label };
        Dataset {
            classes: classes.iter().map(|class| (*class).to_owned()).collect(),
            train: (0..classes.len()).map(example).collect(),
            test: vec![example(classes.len() - 1)],
            source: String::new(),
            skipped: Vec::new(),
            ignored: 0,
        }
    }

    #[test]
    fn the_same_class_is_one_class() {
        let mut datasets = [dataset(&["cat", "dog"]), dataset(&["apple", "dog", "none"])];
        assert_eq!(unite(&mut datasets), ["cat", "dog", "apple", "none"]);
        let labels = |examples: &[Example]| examples.iter().map(|e| e.label).collect::<Vec<_>>();
        assert_eq!(labels(&datasets[0].train), [0, 1]);
        assert_eq!(labels(&datasets[1].train), [2, 1, 3]);
        assert_eq!(labels(&datasets[1].test), [3]);
        assert_eq!(datasets[0].classes, datasets[1].classes);
    }
}
