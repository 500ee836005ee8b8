//! Several data sets for one network: the same class in two of them is one class.

use super::{Dataset, DatasetError};

/// Gives all data sets the same classes: those of the first in its order, then what the others add in theirs. The
/// labels of the examples change with them.
///
/// # Errors
///
/// [`DatasetError::OneClass`] if that makes fewer than two classes in all.
pub fn unite(datasets: &mut [Dataset]) -> Result<Vec<String>, DatasetError> {
    let mut classes: Vec<String> = Vec::new();
    for dataset in datasets.iter() {
        let new = dataset.classes.iter().filter(|class| !classes.contains(class));
        classes.extend(new.cloned().collect::<Vec<_>>());
    }
    if classes.len() < 2 {
        let sources: Vec<&str> = datasets.iter().map(|dataset| dataset.source.as_str()).collect();
        let class = classes.pop().unwrap_or_default();
        return Err(DatasetError::OneClass { from: sources.join("; "), class });
    }
    for dataset in datasets {
        let places: Vec<usize> = dataset
            .classes
            .iter()
            .filter_map(|class| classes.iter().position(|known| known == class))
            .collect();
        for example in dataset.examples_mut() {
            example.label = places[example.label];
        }
        dataset.classes = classes.clone();
    }
    Ok(classes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::dataset::Example;

    fn dataset(classes: &[&str]) -> Dataset {
        let example = |label| Example { image: vec![label as u8].into(), label };
        Dataset {
            classes: classes.iter().map(|class| (*class).to_owned()).collect(),
            train: (0..classes.len()).map(example).collect(),
            validation: vec![example(0)],
            test: vec![example(classes.len() - 1)],
            source: String::new(),
            skipped: Vec::new(),
            ignored: Default::default(),
            origins: Vec::new(),
        }
    }

    #[test]
    fn the_same_class_is_one_class() {
        let mut datasets = [dataset(&["cat", "dog"]), dataset(&["apple", "dog", "none"])];
        assert_eq!(unite(&mut datasets).unwrap(), ["cat", "dog", "apple", "none"]);
        let labels = |examples: &[Example]| examples.iter().map(|e| e.label).collect::<Vec<_>>();
        assert_eq!(labels(&datasets[0].train), [0, 1]);
        assert_eq!(labels(&datasets[1].train), [2, 1, 3]);
        assert_eq!(labels(&datasets[1].test), [3]);
        assert_eq!(labels(&datasets[1].validation), [2]);
        assert_eq!(datasets[0].classes, datasets[1].classes);
    }

    #[test]
    fn a_choice_needs_two_classes_in_all() {
        let error = unite(&mut [dataset(&["cat"]), dataset(&["cat"])]).unwrap_err();
        let one = matches!(&error, DatasetError::OneClass { class, .. } if class == "cat");
        assert!(one, "{error}");
        let mut two = [dataset(&["cat"]), dataset(&["none"])];
        assert_eq!(unite(&mut two).unwrap(), ["cat", "none"]);
    }
}
