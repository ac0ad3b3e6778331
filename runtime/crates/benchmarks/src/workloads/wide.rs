//! A state of many channels, of which a superstep writes five.

use std::error::Error;
use std::sync::Arc;

use langferry::prelude::*;
use langferry::{
    ChannelSpec, CompiledGraph, DecodeError, Fields, Json, Reduction, Update, reduce_with,
};
use serde_json::json;

use super::unlimited;
use crate::case::Case;

type Blob = Dict<String, Value>;

/// `K` dicts `c0`, `c1`, … and the count `n`. Written by hand, as a derive needs its fields spelled out.
#[derive(Clone)]
struct Wide<const K: usize> {
    blobs: Vec<Slot<Blob>>,
    n: Slot<Int>,
}

/// `c0`, `c1`, …; made once a width.
fn names(width: usize) -> Vec<&'static str> {
    (0..width)
        .map(|number| &*format!("c{number}").leak())
        .collect()
}

impl<const K: usize> State for Wide<K> {
    const NAME: &'static str = "Wide";

    fn channels() -> Vec<ChannelSpec> {
        let reducer = langferry::operator::or_::<Blob>;
        let merged = Reduction::new::<Blob, _, _>(&reducer, |current, changes| {
            reduce_with::<Blob, _>(current, changes, langferry::operator::or_)
        });
        let blob = |(number, name): (usize, &'static str)| {
            let spec = ChannelSpec::last_value::<Blob>(name);
            match number % 3 {
                0 => spec.with_reduction(merged).with_initial::<Blob>(),
                _ => spec,
            }
        };
        let blobs = names(K).into_iter().enumerate().map(blob);
        blobs.chain([ChannelSpec::last_value::<Int>("n")]).collect()
    }

    fn read(fields: &mut Fields<'_>) -> Result<Self, DecodeError> {
        let mut blobs = Vec::with_capacity(K);
        for _ in 0..K {
            blobs.push(fields.take("a blob")?);
        }
        let n = fields.take("n")?;
        Ok(Wide { blobs, n })
    }

    fn write(&self, update: &mut Update) {
        for (number, blob) in self.blobs.iter().enumerate() {
            if let Some(blob) = blob.as_deref() {
                update.set(format!("c{number}"), blob.clone());
            }
        }
        update.set_slot("n", &self.n);
    }
}

/// A dict of eight dicts of eight lists.
fn nested(number: usize) -> Result<Blob, Box<dyn Error>> {
    let leaf = json!(["hi?".repeat(10), true, number, 6_327_816_386_138_i64, null]);
    let inner: Json = (0..8)
        .map(|b| (b.to_string().repeat(6), leaf.clone()))
        .collect();
    let outer: Json = (0..8)
        .map(|a| (a.to_string().repeat(6), inner.clone()))
        .collect();
    Ok(TraceValue::from_trace(&outer)?)
}

fn graph<const K: usize>(steps: usize) -> Result<(StateGraph, Vec<Blob>), Box<dyn Error>> {
    let blobs: Vec<Blob> = (0..8).map(nested).collect::<Result<_, _>>()?;
    let given = blobs.clone();
    let blobs: Vec<Slot<Blob>> = blobs.into_iter().map(Slot::new).collect();
    let names = Arc::new(names(K));
    let last = Int::from(i64::try_from(steps)?);
    let mut graph = StateGraph::new::<Wide<K>>("wide");
    graph.add_node("step", move |state: &Wide<K>, _: &Context| {
        let n = state.n.get("n")?;
        let number = usize::try_from(n.to_i64().unwrap_or(0)).unwrap_or(0);
        let mut update = Update::new();
        for write in 0..5 {
            update.set_slot(
                names[(number * 5 + write) % K],
                &blobs[(number + write) % 8],
            );
        }
        update.set("n", n + 1);
        Ok(update.into())
    });
    graph.add_edge(START, "step");
    let router = move |state: &Wide<K>, _: &Context| {
        let next = if *state.n.get("n")? >= last {
            END
        } else {
            "step"
        };
        Ok(vec![next.into()])
    };
    graph.add_conditional_edges("step", router, PathMap::any());
    Ok((graph, given))
}

fn case<const K: usize>(
    graph: CompiledGraph,
    blobs: &[Blob],
    config: RunConfig,
    steps: usize,
) -> Case {
    let input = Wide::<K> {
        blobs: (0..K).map(|i| blobs[i % 8].clone().into()).collect(),
        n: Int::from(0).into(),
    };
    let mut first = Update::new();
    input.write(&mut first);
    let want = Int::from(i64::try_from(steps).unwrap_or(0));
    Case::new(steps, "superstep", move || {
        let (graph, config, first) = (graph.clone(), config.clone(), first.clone());
        let want = want.clone();
        async move {
            let output = graph.invoke(first, &config).await?;
            Ok(output.get::<Int>("n") == Some(&want))
        }
    })
}

fn plain<const K: usize>() -> Result<Case, Box<dyn Error>> {
    let (mut graph, blobs) = graph::<K>(100)?;
    Ok(case::<K>(graph.compile()?, &blobs, unlimited(), 100))
}

fn saved<const K: usize>() -> Result<Case, Box<dyn Error>> {
    let (mut graph, blobs) = graph::<K>(30)?;
    let graph = graph.checkpointer(MemorySaver::new()).compile()?;
    let config = unlimited().configurable("thread_id", "a");
    Ok(case::<K>(graph, &blobs, config, 30))
}

pub fn state(width: usize) -> Result<Case, Box<dyn Error>> {
    match width {
        100 => plain::<100>(),
        500 => plain::<500>(),
        other => Err(format!("no state of {other} channels; there are 100 and 500").into()),
    }
}

pub fn state_saved(width: usize) -> Result<Case, Box<dyn Error>> {
    match width {
        100 => saved::<100>(),
        500 => saved::<500>(),
        other => Err(format!("no state of {other} channels; there are 100 and 500").into()),
    }
}
