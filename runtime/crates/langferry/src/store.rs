//! LangGraph's store in memory: items by namespace and key, which outlive the runs of a graph.

mod filter;
mod item;
mod namespace;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use langferry_pystd::{
    DateTime, DeltaParts, Dict, Exception, Float, Int, Slice, TimeDelta, Truthy, Value, list, ops,
    sorted,
};

pub(crate) use crate::store::item::{is_item, shown_field};

use crate::objects;
use crate::store::item::Item;

/// `InMemoryStore()`. Clones are the same store.
#[derive(Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Entries>>);

/// What a store holds; a namespace that was only asked for is there, too.
#[derive(Default)]
struct Entries {
    by_namespace: Dict<Value, Dict<String, Item>>,
    /// When something was put in last.
    last: Option<DateTime>,
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryStore")
    }
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A store that holds these namespaces, keys and dicts from the start.
    #[must_use]
    pub fn holding(items: impl IntoIterator<Item = (Vec<String>, String, Value)>) -> Self {
        let store = Self::new();
        for (labels, key, value) in items {
            let namespace = Value::Tuple(labels.into_iter().map(Value::from).collect());
            // what the program itself could not put there is not there
            let _ = store.put(&namespace, &key.into(), &value);
        }
        store
    }

    /// `store.get(namespace, key)`: the item, or `None`.
    ///
    /// # Errors
    /// `InvalidNamespaceError`, `TypeError`
    pub fn get(&self, namespace: &Value, key: &Value) -> Result<Value, Exception> {
        namespace::check_labels(namespace)?;
        let key = objects::str_of(key)?;
        let mut entries = self.entries();
        let found = entries.named(namespace)?.get(&key).map(Item::found);
        Ok(found.unwrap_or_default())
    }

    /// `store.put(namespace, key, value)`; without a value it deletes.
    ///
    /// # Errors
    /// `InvalidNamespaceError`, `TypeError`, and `ValueError` for what is no dict.
    pub fn put(&self, namespace: &Value, key: &Value, value: &Value) -> Result<(), Exception> {
        namespace::check(namespace)?;
        self.write(namespace, key, value)
    }

    /// `store.delete(namespace, key)`
    ///
    /// # Errors
    /// `InvalidNamespaceError`, `TypeError`
    pub fn delete(&self, namespace: &Value, key: &Value) -> Result<(), Exception> {
        namespace::check_labels(namespace)?;
        self.write(namespace, key, &Value::None)
    }

    fn write(&self, namespace: &Value, key: &Value, value: &Value) -> Result<(), Exception> {
        let key = objects::str_of(key)?;
        namespace::check_hash(namespace)?;
        let mut entries = self.entries();
        if let Value::None = value {
            let items = entries.named(namespace)?;
            if items.contains_key(&key) {
                items.delete(&key)?;
            }
            return Ok(());
        }
        if item::holds_unnamed_message(value) {
            return Err(Exception::unsupported("a message without an id in a store"));
        }
        let value = item::dict_of(value)?;
        let created_at = entries.moment()?;
        let item = Item {
            namespace: namespace.clone(),
            key: key.clone(),
            value,
            updated_at: entries.moment()?,
            created_at,
        };
        entries.named(namespace)?.insert(key, item);
        Ok(())
    }

    /// `store.search(prefix, query=, filter=, limit=, offset=)`: as there is no index, the query says nothing.
    ///
    /// # Errors
    /// `InvalidNamespaceError`, and what comparing raises.
    pub fn search(
        &self,
        prefix: &Value,
        _query: &Value,
        filter: &Value,
        limit: &Int,
        offset: &Int,
    ) -> Result<Vec<Value>, Exception> {
        namespace::check_labels(prefix)?;
        let entries = self.entries();
        let mut found = Vec::new();
        for (namespace, items) in entries.by_namespace.items() {
            if !namespace::starts_with(namespace, prefix) {
                continue;
            }
            for item in items.values() {
                if filter::passes(&item.value, filter)? {
                    found.push(item);
                }
            }
        }
        let shown = part(&found, limit, offset)?;
        Ok(shown.into_iter().map(Item::searched).collect())
    }

    /// `store.list_namespaces(prefix=, suffix=, max_depth=, limit=, offset=)`
    ///
    /// # Errors
    /// `InvalidNamespaceError`, `TypeError`
    pub fn list_namespaces(
        &self,
        prefix: &Value,
        suffix: &Value,
        max_depth: &Value,
        limit: &Int,
        offset: &Int,
    ) -> Result<Vec<Value>, Exception> {
        for given in [prefix, suffix] {
            if given.truthy() {
                namespace::check_labels(given)?;
            }
        }
        let mut found: Vec<Value> = Vec::new();
        for namespace in self.entries().by_namespace.keys() {
            if namespace::matches(namespace, prefix, suffix)? {
                let shown = match max_depth {
                    Value::None => namespace.clone(),
                    depth => {
                        let depth: Int = depth.to().map_err(Exception::unsupported)?;
                        namespace.slice(Slice::new(None, Some(depth), None)?)?
                    }
                };
                if !found.contains(&shown) {
                    found.push(shown);
                }
            }
        }
        part(&sorted(found, false)?, limit, offset)
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        // nothing that holds the lock leaves an entry half written
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Nothing makes a store false.
impl Truthy for MemoryStore {
    fn truthy(&self) -> bool {
        true
    }
}

impl Entries {
    /// The items of a namespace, which is there from now on.
    fn named(&mut self, namespace: &Value) -> Result<&mut Dict<String, Item>, Exception> {
        namespace::check_hash(namespace)?;
        Ok(self
            .by_namespace
            .set_default(namespace.clone(), Dict::new()))
    }

    /// What the clock shows, later than ever before: items may be sorted by it.
    fn moment(&mut self) -> Result<DateTime, Exception> {
        let mut now = DateTime::now_utc()?;
        if let Some(last) = &self.last
            && ops::le(&now, last)?
        {
            let step = TimeDelta::new(DeltaParts {
                microseconds: Float::from(1.0),
                ..DeltaParts::default()
            })?;
            now = ops::add(last, &step)?;
        }
        self.last = Some(now);
        Ok(now)
    }
}

/// `items[offset : offset + limit]`
fn part<T: Clone>(items: &[T], limit: &Int, offset: &Int) -> Result<Vec<T>, Exception> {
    let until = offset + limit;
    Ok(list::slice(
        items,
        Slice::new(Some(offset.clone()), Some(until), None)?,
    ))
}
