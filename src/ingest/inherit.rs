//! Styles that are based on other styles: what one does not say itself, it inherits.
//!
//! Every style is completed once, after the one that it is based on, so the time is linear and circles end. What styles
//! say belongs to the readers.

use std::collections::{HashMap, HashSet};

/// A style that may be based on another one.
pub trait Inherit {
    /// Identifier of the style that it is based on.
    fn base(&self) -> Option<&str>;
    /// Takes over what it does not say itself.
    fn complete(&mut self, base: &Self);
}

/// Completes styles by what they are based on.
pub fn inherit<S: Inherit + Clone>(styles: &HashMap<String, S>) -> HashMap<String, S> {
    let mut completed: HashMap<String, S> = HashMap::new();
    let mut visited = HashSet::new();
    // In a fixed order: where a circle is broken depends on it.
    let mut ids: Vec<&String> = styles.keys().collect();
    ids.sort_unstable();
    for id in ids {
        // From this style down to one that is completed, unknown or, in a circle, already met.
        let mut chain: Vec<(&str, &S)> = Vec::new();
        let mut next = Some(id.as_str());
        while let Some(id) = next
            && let Some(style) = styles.get(id)
            && visited.insert(id)
        {
            chain.push((id, style));
            next = style.base();
        }
        for (id, style) in chain.into_iter().rev() {
            let mut style = style.clone();
            if let Some(base) = style.base().and_then(|base| completed.get(base)).cloned() {
                style.complete(&base);
            }
            completed.insert(id.to_owned(), style);
        }
    }
    completed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone)]
    struct Weight(Option<String>, Option<u32>);

    impl Inherit for Weight {
        fn base(&self) -> Option<&str> {
            self.0.as_deref()
        }

        fn complete(&mut self, base: &Self) {
            self.1 = self.1.or(base.1);
        }
    }

    #[test]
    fn long_chains_and_circles() {
        let last = 100_000;
        let mut styles: HashMap<String, Weight> =
            (1..=last).map(|i| (i.to_string(), Weight(Some((i - 1).to_string()), None))).collect();
        styles.insert("0".to_owned(), Weight(None, Some(7)));
        styles.insert("a".to_owned(), Weight(Some("b".to_owned()), None));
        styles.insert("b".to_owned(), Weight(Some("a".to_owned()), Some(1)));
        let completed = inherit(&styles);
        assert_eq!(completed.len(), styles.len());
        assert_eq!(completed.get(&last.to_string()).and_then(|style| style.1), Some(7));
        assert_eq!(completed.get("b").and_then(|style| style.1), Some(1));
    }
}
