//! Stores in the dicts of a saver in memory what its own methods would put there, without their frames.
//!
//! What is stored is LangGraph's, to the key and the byte: the saver's other methods read it. Whether a
//! saver is the one that is known here is for [`MemorySavers::twin`] to tell.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyList, PySet, PyString, PyTuple,
};

use crate::questions::{QuestionReader, Questions};

/// What is known of a class of savers, and of how they serialise.
///
/// Args:
///     unchanged: `(owner, name, value)`: attributes that have to be these for the knowledge to hold.
///     dict_type: The class of the three dicts of a saver: a dict that makes what it lacks.
///     serde_type: The class of its serialiser.
///     pack: `pack(value, **pack_options)` gives a value's bytes.
///     unpack: `unpack(data, ext_hook=..., **unpack_options)` reads them.
///     found_type: What `get_tuple` returns.
///     places: Where writes to certain channels are put, whatever their order.
///     excluded: Keys of a config that are not for a checkpoint's metadata.
///     random: The module by whose `random` the names of versions are drawn.
///     questions: Reads what is quicker to read here.
#[pyclass(module = "langferry._engine", frozen)]
pub(crate) struct MemorySavers {
    unchanged: Vec<(Py<PyAny>, Py<PyString>, Py<PyAny>)>,
    /// The names of these attributes: no object may have its own.
    hidden_by: Py<PySet>,
    dict_type: Py<PyAny>,
    serde_type: Py<PyAny>,
    pack: Py<PyAny>,
    pack_options: Py<PyDict>,
    unpack: Py<PyAny>,
    unpack_options: Py<PyDict>,
    found_type: Py<PyAny>,
    places: Py<PyDict>,
    excluded: Py<PyAny>,
    random: Py<PyAny>,
    questions: Option<Py<Questions>>,
}

#[pymethods]
impl MemorySavers {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments in Python")]
    fn new(
        py: Python<'_>,
        unchanged: Vec<(Py<PyAny>, Py<PyString>, Py<PyAny>)>,
        dict_type: Py<PyAny>,
        serde_type: Py<PyAny>,
        pack: Py<PyAny>,
        pack_options: Py<PyDict>,
        unpack: Py<PyAny>,
        unpack_options: Py<PyDict>,
        found_type: Py<PyAny>,
        places: Py<PyDict>,
        excluded: Py<PyAny>,
        random: Py<PyAny>,
        questions: Option<Py<Questions>>,
    ) -> PyResult<Self> {
        let hidden_by = PySet::new(py, unchanged.iter().map(|(_, name, _)| name))?;
        Ok(Self {
            hidden_by: hidden_by.unbind(),
            unchanged,
            dict_type,
            serde_type,
            pack,
            pack_options,
            unpack,
            unpack_options,
            found_type,
            places,
            excluded,
            random,
            questions,
        })
    }

    /// What does the same as a saver of the known class, if nobody has changed how that works.
    fn twin<'py>(
        slf: &Bound<'py, Self>,
        saver: Bound<'py, PyAny>,
    ) -> PyResult<Option<MemorySaver>> {
        let py = slf.py();
        let known = slf.get();
        let own = own_attributes(&saver)?;
        let serde = own.get_item(intern!(py, "serde"))?;
        let Some(serde) = serde.filter(|serde| serde.get_type().is(&known.serde_type)) else {
            return Ok(None);
        };
        let serde_own = own_attributes(&serde)?;
        for (name, _) in own.iter().chain(serde_own.iter()) {
            if known.hidden_by.bind(py).contains(name)? {
                return Ok(None);
            }
        }
        for (owner, name, value) in &known.unchanged {
            if !owner.bind(py).getattr(name)?.is(value) {
                return Ok(None);
            }
        }
        let held = |name: &Bound<'py, PyString>| -> PyResult<Option<Py<PyDict>>> {
            let held = own.get_item(name)?;
            let held = held.filter(|held| held.get_type().is(&known.dict_type));
            Ok(held
                .map(|held| held.cast_into::<PyDict>())
                .transpose()?
                .map(Bound::unbind))
        };
        let storage = held(intern!(py, "storage"))?;
        let writes = held(intern!(py, "writes"))?;
        let blobs = held(intern!(py, "blobs"))?;
        let (Some(storage), Some(writes), Some(blobs)) = (storage, writes, blobs) else {
            return Ok(None);
        };
        let hook = serde.getattr(intern!(py, "_unpack_ext_hook"))?;
        let mut unpack_options = known.unpack_options.bind(py).copy()?;
        unpack_options.set_item(intern!(py, "ext_hook"), &hook)?;
        if let Some(questions) = &known.questions {
            let reader = QuestionReader {
                questions: questions.clone_ref(py),
                other: hook.unbind(),
                unpack_options: unpack_options.clone().unbind(),
            };
            unpack_options = unpack_options.copy()?;
            unpack_options.set_item(intern!(py, "ext_hook"), Bound::new(py, reader)?)?;
        }
        Ok(Some(MemorySaver {
            known: slf.clone().unbind(),
            saver: saver.unbind(),
            serde: serde.unbind(),
            unpack_options: unpack_options.unbind(),
            storage,
            writes,
            blobs,
        }))
    }
}

/// The methods of a saver that a run uses, done on its dicts.
#[pyclass(module = "langferry._engine", frozen)]
pub(crate) struct MemorySaver {
    known: Py<MemorySavers>,
    saver: Py<PyAny>,
    serde: Py<PyAny>,
    unpack_options: Py<PyDict>,
    /// By thread, namespace and checkpoint: checkpoint and metadata, serialised, and the parent.
    storage: Py<PyDict>,
    /// By thread, namespace and checkpoint: what its tasks wrote, by task and place.
    writes: Py<PyDict>,
    /// By thread, namespace, channel and version: the value, serialised.
    blobs: Py<PyDict>,
}

#[pymethods]
impl MemorySaver {
    /// Stores a checkpoint; unlike the saver's own, it does not tell where.
    fn put(
        &self,
        py: Python<'_>,
        config: &Bound<'_, PyDict>,
        checkpoint: &Bound<'_, PyDict>,
        metadata: &Bound<'_, PyDict>,
        new_versions: &Bound<'_, PyDict>,
    ) -> PyResult<()> {
        let configurable = configurable(config)?;
        let thread = configurable.get_item(intern!(py, "thread_id"))?;
        let namespace = configurable.get_item(intern!(py, "checkpoint_ns"))?;
        let bare = checkpoint.copy()?;
        let key = intern!(py, "channel_values");
        let values = bare.as_any().get_item(key)?.cast_into::<PyDict>()?;
        bare.del_item(key)?;
        let blobs = self.blobs.bind(py);
        for (channel, version) in new_versions.iter() {
            let stored = match values.get_item(&channel)? {
                Some(value) => self.dumps(&value)?,
                None => (intern!(py, "empty"), PyBytes::new(py, b"")).into_pyobject(py)?,
            };
            blobs.set_item((&thread, &namespace, channel, version), stored)?;
        }
        let place = self.storage.bind(py).as_any().get_item(&thread)?;
        let place = place.get_item(&namespace)?.cast_into::<PyDict>()?;
        let id = checkpoint.as_any().get_item(intern!(py, "id"))?;
        let stored = (
            self.dumps(&bare)?,
            self.dumps(self.metadata(config, metadata)?.as_any())?,
            get(&configurable, intern!(py, "checkpoint_id"))?,
        );
        place.set_item(id, stored)
    }

    /// Stores what a task wrote.
    #[pyo3(signature = (config, writes, task_id, task_path=None))]
    pub(crate) fn put_writes(
        &self,
        py: Python<'_>,
        config: &Bound<'_, PyDict>,
        writes: &Bound<'_, PyAny>,
        task_id: &Bound<'_, PyAny>,
        task_path: Option<&Bound<'_, PyString>>,
    ) -> PyResult<()> {
        let configurable = configurable(config)?;
        let key = (
            configurable.get_item(intern!(py, "thread_id"))?,
            namespace_of(&configurable)?,
            configurable.get_item(intern!(py, "checkpoint_id"))?,
        );
        let key = key.into_pyobject(py)?;
        let all = self.writes.bind(py);
        let path = task_path.unwrap_or(intern!(py, "")).as_any();
        let places = self.known.get().places.bind(py);
        let before = all.get_item(&key)?.map(|kept| kept.cast_into::<PyDict>());
        let before = before.transpose()?;
        for (at, write) in writes.try_iter()?.enumerate() {
            let write = write?;
            let (channel, value) = (write.get_item(0)?, write.get_item(1)?);
            let place = match places.get_item(&channel)? {
                Some(place) => place,
                None => at.into_pyobject(py)?.into_any(),
            };
            let replaces = place.lt(0)?;
            let place = (task_id, place).into_pyobject(py)?;
            if let Some(before) = &before
                && !replaces
                && before.contains(&place)?
            {
                continue;
            }
            let stored = (task_id, channel, self.dumps(&value)?, path);
            // made by the first write that can be stored
            let kept = all.as_any().get_item(&key)?.cast_into::<PyDict>()?;
            kept.set_item(place, stored)?;
        }
        Ok(())
    }

    /// The name of the version after `current`, of which one part counts and one is drawn.
    fn get_next_version<'py>(
        &self,
        current: &Bound<'py, PyAny>,
        channel: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = current.py();
        let Some(count) = count_of(current) else {
            let saver = self.saver.bind(py);
            return saver.call_method1(intern!(py, "get_next_version"), (current, channel));
        };
        let random = self.known.get().random.bind(py);
        let drawn = random.call_method0(intern!(py, "random"))?;
        let drawn = match drawn.extract::<f64>()? {
            // where both languages write the fewest digits that tell it apart, without an exponent
            plain @ 1e-4..1.0 => format!("{plain:0>16}"),
            _ => drawn
                .call_method1(intern!(py, "__format__"), ("016",))?
                .extract()?,
        };
        let next = format!("{:032}.{drawn}", count + 1);
        Ok(PyString::new(py, &next).into_any())
    }

    /// The checkpoint a config addresses, or the thread's last.
    fn get_tuple<'py>(&self, config: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
        let py = config.py();
        let given = configurable(config)?;
        let thread = given.get_item(intern!(py, "thread_id"))?;
        let namespace = namespace_of(&given)?;
        let wanted = get(&given, intern!(py, "checkpoint_id"))?;
        let is_named = wanted.is_truthy()?;
        let stored = self.storage.bind(py).as_any().get_item(&thread)?;
        let stored = stored.get_item(&namespace)?.cast_into::<PyDict>()?;
        let address = |id: &Bound<'py, PyAny>| -> PyResult<Bound<'py, PyDict>> {
            let configurable = PyDict::new(py);
            configurable.set_item(intern!(py, "thread_id"), &thread)?;
            configurable.set_item(intern!(py, "checkpoint_ns"), &namespace)?;
            configurable.set_item(intern!(py, "checkpoint_id"), id)?;
            let config = PyDict::new(py);
            config.set_item(intern!(py, "configurable"), configurable)?;
            Ok(config)
        };
        let (id, config) = match is_named {
            true => (wanted, config.clone()),
            false => match newest(&stored) {
                Ok(None) => return Ok(py.None().into_bound(py)),
                Ok(Some(id)) => (id.clone(), address(&id)?),
                Err(_) => return self.ask(py, config.clone()),
            },
        };
        let Some(found) = stored.get_item(&id)? else {
            return Ok(py.None().into_bound(py));
        };
        let key = (&thread, &namespace, &id).into_pyobject(py)?;
        let pending = match self.writes.bind(py).get_item(key)? {
            None => PyList::empty(py),
            Some(kept) => match self.pending(kept.cast::<PyDict>()?)? {
                Some(pending) => pending,
                None => return self.ask(py, config),
            },
        };
        let checkpoint = self.loads(&found.get_item(0)?)?.cast_into::<PyDict>()?;
        let versions = checkpoint
            .as_any()
            .get_item(intern!(py, "channel_versions"))?;
        let values = PyDict::new(py);
        let blobs = self.blobs.bind(py);
        for (channel, version) in versions.cast::<PyDict>()?.iter() {
            let Some(blob) = blobs.get_item((&thread, &namespace, &channel, version))? else {
                continue;
            };
            if !blob.get_item(0)?.eq(intern!(py, "empty"))? {
                values.set_item(channel, self.loads(&blob)?)?;
            }
        }
        checkpoint.set_item(intern!(py, "channel_values"), values)?;
        let parent = found.get_item(2)?;
        let parent = match parent.is_truthy()? {
            true => Some(address(&parent)?),
            false => None,
        };
        let metadata = self.loads(&found.get_item(1)?)?;
        let found_type = self.known.get().found_type.bind(py);
        found_type.call1((config, checkpoint, metadata, parent, pending))
    }
}

impl MemorySaver {
    /// As the saver's own method does it, in cases that only others than its own `put` make.
    fn ask<'py>(&self, py: Python<'py>, config: Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
        let saver = self.saver.bind(py);
        saver.call_method1(intern!(py, "get_tuple"), (config,))
    }

    /// What tasks wrote, in the order in which it is applied; `None` if it cannot be told here.
    fn pending<'py>(&self, kept: &Bound<'py, PyDict>) -> PyResult<Option<Bound<'py, PyList>>> {
        let py = kept.py();
        let mut ordered = Vec::with_capacity(kept.len());
        for (place, write) in kept.iter() {
            let (path, at) = (write.get_item(3)?, place.get_item(1)?.extract::<i64>()?);
            let task = place.get_item(0)?;
            let (Ok(path), Ok(task)) = (path.extract::<String>(), task.extract::<String>()) else {
                return Ok(None);
            };
            ordered.push(((path, task, at), write));
        }
        ordered.sort_by(|(one, _), (other, _)| one.cmp(other));
        let pending = PyList::empty(py);
        for (_, write) in ordered {
            let value = self.loads(&write.get_item(2)?)?;
            pending.append((write.get_item(0)?, write.get_item(1)?, value))?;
        }
        Ok(Some(pending))
    }

    /// A checkpoint's metadata, with what the config has besides.
    fn metadata<'py>(
        &self,
        config: &Bound<'py, PyDict>,
        metadata: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let py = config.py();
        let all = PyDict::new(py);
        for (key, value) in metadata.iter() {
            let value = match is_a::<PyString>(&value)? {
                true => without_nul(value)?,
                false => value,
            };
            all.set_item(key, value)?;
        }
        let excluded = self.known.get().excluded.bind(py);
        for name in [intern!(py, "metadata"), intern!(py, "configurable")] {
            let more = get(config.as_any(), name)?;
            if !more.is_truthy()? {
                continue;
            }
            for (key, value) in more.cast::<PyDict>()?.iter() {
                if all.contains(&key)? || excluded.contains(&key)? || is_private(&key)? {
                    continue;
                }
                if is_a::<PyString>(&value)? {
                    all.set_item(key, without_nul(value)?)?;
                } else if is_a::<PyInt>(&value)?
                    || is_a::<PyBool>(&value)?
                    || is_a::<PyFloat>(&value)?
                {
                    all.set_item(key, value)?;
                }
            }
        }
        Ok(all)
    }

    /// A value's form in the dicts: how it is serialised, and its bytes.
    fn dumps<'py>(&self, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyTuple>> {
        let py = value.py();
        if value.is_none() {
            return (intern!(py, "null"), PyBytes::new(py, b"")).into_pyobject(py);
        }
        if value.is_instance_of::<PyBytes>() {
            return (intern!(py, "bytes"), value).into_pyobject(py);
        }
        if value.is_instance_of::<PyByteArray>() {
            return (intern!(py, "bytearray"), value).into_pyobject(py);
        }
        let known = self.known.get();
        let options = known.pack_options.bind(py);
        match known.pack.bind(py).call((value,), Some(options)) {
            Ok(bytes) => (intern!(py, "msgpack"), bytes).into_pyobject(py),
            Err(error) => {
                let serde = self.serde.bind(py);
                if !serde.getattr(intern!(py, "pickle_fallback"))?.is_truthy()? {
                    return Err(error);
                }
                let dumped = serde.call_method1(intern!(py, "dumps_typed"), (value,))?;
                Ok(dumped.cast_into::<PyTuple>()?)
            }
        }
    }

    fn loads<'py>(&self, stored: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = stored.py();
        let (form, data) = (stored.get_item(0)?, stored.get_item(1)?);
        let form = form.cast::<PyString>()?.to_str()?;
        match form {
            "msgpack" => {
                let unpack = self.known.get().unpack.bind(py);
                unpack.call((data,), Some(self.unpack_options.bind(py)))
            }
            "null" => Ok(py.None().into_bound(py)),
            "bytes" => Ok(data),
            _ => {
                let serde = self.serde.bind(py);
                serde.call_method1(intern!(py, "loads_typed"), (stored,))
            }
        }
    }
}

fn own_attributes<'py>(of: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    let own = of.getattr(intern!(of.py(), "__dict__"))?;
    Ok(own.cast_into::<PyDict>()?)
}

fn configurable<'py>(config: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    config
        .as_any()
        .get_item(intern!(config.py(), "configurable"))
}

fn namespace_of<'py>(configurable: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = configurable.py();
    let found = configurable
        .cast::<PyDict>()?
        .get_item(intern!(py, "checkpoint_ns"))?;
    Ok(found.unwrap_or_else(|| intern!(py, "").clone().into_any()))
}

/// As `dict.get`.
fn get<'py>(dict: &Bound<'py, PyAny>, key: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
    let found = dict.cast::<PyDict>()?.get_item(key)?;
    Ok(found.unwrap_or_else(|| dict.py().None().into_bound(dict.py())))
}

/// What a version's name counts, if it is a name as they are made.
fn count_of(name: &Bound<'_, PyAny>) -> Option<u64> {
    if name.is_none() {
        return Some(0);
    }
    let name = name.cast_exact::<PyString>().ok()?.to_str().ok()?;
    let (count, _) = name.split_once('.')?;
    let is_plain = count.len() < 40 && count.bytes().all(|digit| digit.is_ascii_digit());
    is_plain.then(|| count.parse::<u32>().ok())?.map(u64::from)
}

/// The id that sorts last, as ids do by the time they were made.
fn newest<'py>(stored: &Bound<'py, PyDict>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let mut newest: Option<Bound<'py, PyAny>> = None;
    for (id, _) in stored.iter() {
        let is_newer = match &newest {
            None => true,
            Some(newest) => {
                let newest = newest.cast::<PyString>()?.to_str()?;
                id.cast::<PyString>()?.to_str()? > newest
            }
        };
        if is_newer {
            newest = Some(id);
        }
    }
    Ok(newest)
}

/// As `isinstance`, which believes objects that only say what they are.
fn is_a<'py, T: pyo3::PyTypeInfo>(value: &Bound<'py, PyAny>) -> PyResult<bool> {
    if value.is_exact_instance_of::<T>() {
        return Ok(true);
    }
    value.is_instance(&T::type_object(value.py()))
}

fn is_private(key: &Bound<'_, PyAny>) -> PyResult<bool> {
    match key.cast::<PyString>() {
        Ok(key) => Ok(key.to_str()?.starts_with("__")),
        Err(_) => {
            let prefix = intern!(key.py(), "__");
            let begins = key.call_method1(intern!(key.py(), "startswith"), (prefix,))?;
            begins.is_truthy()
        }
    }
}

fn without_nul(text: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyAny>> {
    let plain = text.cast_exact::<PyString>();
    if plain.is_ok_and(|text| text.to_str().is_ok_and(|text| !text.contains('\0'))) {
        return Ok(text);
    }
    text.call_method1(intern!(text.py(), "replace"), ("\0", ""))
}
