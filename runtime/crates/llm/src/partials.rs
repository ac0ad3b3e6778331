//! The fields of a prompt that have values before it is filled (`partial_variables`).

use langferry_pystd::{Exception, Value};

use crate::kwargs::Kwargs;

/// A function that gives a field its value each time the prompt is filled.
pub type Computed = fn() -> Result<Value, Exception>;

/// Values by name, some of them computed when they are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Partials {
    values: Kwargs,
    computed: Vec<(String, Computed)>,
}

impl Partials {
    pub(crate) fn with(&self, values: Kwargs) -> Self {
        let mut all = self.clone();
        all.computed.retain(|(name, _)| !values.contains_key(name));
        all.values.update(values);
        all
    }

    pub(crate) fn with_computed(&self, name: &str, computed: Computed) -> Self {
        let mut all = self.clone();
        all.values = all
            .values
            .into_iter()
            .filter(|(own, _)| own != name)
            .collect();
        all.computed.retain(|(own, _)| own != name);
        all.computed.push((name.to_owned(), computed));
        all
    }

    /// Those of `variables` that have no value yet.
    pub(crate) fn unfilled(&self, mut variables: Vec<String>) -> Vec<String> {
        variables.retain(|name| {
            let computed = self.computed.iter().any(|(own, _)| own == name);
            !computed && !self.values.contains_key(name)
        });
        variables
    }

    /// All values, with those that are given now.
    ///
    /// # Errors
    /// Those of the functions that compute one.
    pub(crate) fn filled(&self, values: Kwargs) -> Result<Kwargs, Exception> {
        let mut all = self.values.clone();
        for (name, computed) in &self.computed {
            all.insert(name.clone(), computed()?);
        }
        all.update(values);
        Ok(all)
    }
}
