//! Several data sets for one network: the same class in two of them is one class.

use super::{Dataset, DatasetError};

/// Gives all data sets the same classes: those of the first in its order, then what the others add in theirs. The
/// labels of the examples change with them.
///
/// # Errors
///
/// [`DatasetError::NoTraining`] if none of them has pictures to learn from, [`DatasetError::OneClass`] if there are fewer
/// than two classes in all, [`DatasetError::TestOnlyClass`] if one of them is in none to learn from.
pub fn unite(datasets: &mut [Dataset]) -> Result<Vec<String>, DatasetError> {
    let sources =
        || datasets.iter().map(|dataset| dataset.source.as_str()).collect::<Vec<_>>().join("; ");
    if datasets.iter().all(|dataset| dataset.train.is_empty()) {
        return Err(DatasetError::NoTraining { from: sources() });
    }
    let mut classes: Vec<String> = Vec::new();
    for dataset in datasets.iter() {
        let new = dataset.classes.iter().filter(|class| !classes.contains(class));
        classes.extend(new.cloned().collect::<Vec<_>>());
    }
    if classes.len() < 2 {
        let class = classes.pop().unwrap_or_default();
        return Err(DatasetError::OneClass { from: sources(), class });
    }
    // A source that teaches anything teaches all its classes.
    let taught = |class| {
        datasets.iter().any(|dataset| !dataset.train.is_empty() && dataset.classes.contains(class))
    };
    for dataset in datasets.iter() {
        if let Some(class) = dataset.classes.iter().find(|class| !taught(class)) {
            let (from, class) = (dataset.source.clone(), class.clone());
            return Err(DatasetError::TestOnlyClass { from, class });
        }
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
    fn a_source_that_only_tests_needs_another_that_teaches() {
        let testing = |classes: &[&str]| Dataset { train: Vec::new(), ..dataset(classes) };
        let mut both = [dataset(&["cat", "dog"]), testing(&["dog"])];
        assert_eq!(unite(&mut both).unwrap(), ["cat", "dog"]);
        assert_eq!((both[1].train.len(), both[1].test[0].label), (0, 1));

        let error = unite(&mut [testing(&["cat", "dog"])]).unwrap_err();
        assert!(matches!(&error, DatasetError::NoTraining { .. }), "{error}");
        let error = unite(&mut [dataset(&["cat", "dog"]), testing(&["bird"])]).unwrap_err();
        let bird = matches!(&error, DatasetError::TestOnlyClass { class, .. } if class == "bird");
        assert!(bird, "{error}");
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
