//! A store that outlives the runs of a graph, which graphs within it use as well.
#![allow(clippy::unwrap_used)] // a test that cannot go on should stop

use langferry::MemoryStore;
use langferry::prelude::*;

#[derive(Clone, Debug, Default, State)]
struct Visits {
    count: Slot<Int>,
}

fn counted(_: &Visits, context: &Context) -> NodeResult {
    let Some(store) = context.store() else {
        return Ok(Visits::update().count(Int::from(-1)).into());
    };
    let namespace = Value::from(("visits", "all"));
    let before = store.get(&namespace, &"count".into())?;
    let count = match &before {
        Value::None => Int::from(1),
        item => &item.attr("value")?.item("n")?.to::<Int>()? + 1,
    };
    let kept = Dict::from([("n".to_owned(), Value::from(count.clone()))]);
    store.put(&namespace, &"count".into(), &kept.into())?;
    Ok(Visits::update().count(count).into())
}

fn graph(store: Option<MemoryStore>) -> CompiledGraph {
    let mut inner = StateGraph::new::<Visits>("inner");
    inner.add_node("counted", counted);
    inner.add_edge(START, "counted").add_edge("counted", END);
    let mut graph = StateGraph::new::<Visits>("outer");
    graph.add_subgraph("inner", inner.compile().unwrap());
    graph.add_edge(START, "inner").add_edge("inner", END);
    if let Some(store) = store {
        graph.store(store);
    }
    graph.compile().unwrap()
}

fn count_of(graph: &CompiledGraph) -> String {
    let output = graph.invoke_blocking(Visits::default(), &RunConfig::default());
    output.unwrap().encoded().to_string()
}

#[test]
fn it_outlives_runs_and_is_lent_to_graphs_within() {
    let store = MemoryStore::new();
    let graph = graph(Some(store.clone()));
    assert_eq!(count_of(&graph), r#"{"count":1}"#);
    assert_eq!(count_of(&graph), r#"{"count":2}"#);
    let found = store.search(
        &Value::from(("visits",)),
        &Value::None,
        &Value::None,
        &Int::from(10),
        &Int::from(0),
    );
    assert_eq!(found.unwrap().len(), 1);
}

#[test]
fn without_one_there_is_none() {
    assert_eq!(count_of(&graph(None)), r#"{"count":-1}"#);
}

#[test]
fn what_it_holds_from_the_start_is_found() {
    let tags = Value::from(Dict::from([("n".to_owned(), Value::from(1))]));
    let labels = vec!["users".to_owned(), "ada".to_owned()];
    let store = MemoryStore::holding([(labels, "tags".to_owned(), tags.clone())]);
    let item = store.get(&("users", "ada").into(), &"tags".into()).unwrap();
    assert_eq!(item.attr("value").unwrap(), tags);
    assert_eq!(item.attr("key").unwrap(), Value::from("tags"));
    let shown = langferry::objects::str_of(&item).unwrap();
    let (text, times) = shown.split_once(", created_at='").unwrap();
    assert_eq!(
        text,
        "Item(namespace=['users', 'ada'], key='tags', value={'n': 1}"
    );
    assert!(times.contains("+00:00', updated_at='"), "{times}");
}

#[test]
fn what_is_put_later_is_newer() {
    let store = MemoryStore::new();
    let namespace = Value::from(("a",));
    let empty = Value::from(Dict::<String, Value>::new());
    let mut last = None;
    for number in 0..50 {
        store.put(&namespace, &number.into(), &empty).unwrap();
        let item = store.get(&namespace, &number.into()).unwrap();
        let (created, updated) = (item.attr("created_at"), item.attr("updated_at"));
        let (created, updated) = (created.unwrap(), updated.unwrap());
        assert!(ops::lt(&created, &updated).unwrap());
        if let Some(last) = &last {
            assert!(ops::lt(last, &created).unwrap());
        }
        last = Some(updated);
    }
}

#[test]
fn a_message_without_an_id_is_refused() {
    let store = MemoryStore::new();
    let message = langferry::messages::human("hello").unwrap();
    let kept = Dict::from([("said".to_owned(), Value::from(vec![message]))]);
    let error = store
        .put(&Value::from(("a", "b")), &"k".into(), &kept.into())
        .unwrap_err();
    assert!(error.message().contains("a message without an id"));
}
