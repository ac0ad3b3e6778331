//! The dict of a wide state, kept from one reader to the next: most of it stays the same.

use langferry_core as core;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::chunks;
use crate::graph::Graph;
use crate::value::Value;

/// From how many values on copying a dict and changing a few costs less than making it.
const WIDE: usize = 16;

/// What was read last of a wide state, with a dict of it that nobody else has.
///
/// What has been replaced since lives on until the next reader comes, so only one dict is kept.
#[derive(Default)]
pub(crate) struct Latest {
    read: Option<(core::Values<Value>, Py<PyDict>)>,
    /// How many values were put into dicts one by one.
    pub set: u64,
}

impl Latest {
    /// Channel values as a dict of the caller's own.
    pub(crate) fn dict<'py>(
        &mut self,
        py: Python<'py>,
        graph: &Graph,
        values: &core::Values<Value>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let all = values.len() as u64;
        if values.len() < WIDE {
            self.set += all;
            return chunks::dict(py, graph, values);
        }
        let dict = match self.read.take() {
            Some((before, dict)) if has_same_channels(&before, values) => {
                let dict = dict.into_bound(py);
                for ((channel, value), (_, old)) in values.iter().zip(&*before) {
                    if !value.0.is(&old.0) {
                        dict.set_item(graph.channel_name(py, *channel), value.bind(py))?;
                        self.set += 1;
                    }
                }
                dict
            }
            _ => {
                self.set += all;
                chunks::dict(py, graph, values)?
            }
        };
        let own = dict.copy()?;
        self.read = Some((values.clone(), dict.unbind()));
        Ok(own)
    }
}

fn has_same_channels(before: &core::Values<Value>, values: &core::Values<Value>) -> bool {
    let channels = before.iter().map(|(channel, _)| channel);
    channels.eq(values.iter().map(|(channel, _)| channel))
}
