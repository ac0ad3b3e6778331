//! Classes whose objects can be stored: how LangGraph's serialiser tells which of its forms to write.

use std::collections::HashMap;

/// How objects of a class are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassKind {
    /// A pydantic model, messages among them: its `model_dump()`.
    Pydantic,
    /// A model of pydantic's first version: its `dict()`.
    PydanticV1,
    /// A dataclass or named tuple: its fields by name.
    Keywords,
    /// Its fields by place.
    Positional,
}

#[derive(Clone, Debug)]
pub(super) struct Class {
    pub module: String,
    /// Without the classes it is in, as LangGraph stores it.
    pub name: String,
    pub kind: ClassKind,
}

/// The classes of a program, by the qualified names of the trace's encoding.
#[derive(Clone, Debug)]
pub struct Classes {
    by_name: HashMap<String, Class>,
    stored: HashMap<(String, String), String>,
}

impl Default for Classes {
    /// LangGraph's and LangChain's own.
    fn default() -> Self {
        let mut classes = Classes {
            by_name: HashMap::new(),
            stored: HashMap::new(),
        };
        for (kind, module, names) in KNOWN {
            for name in names {
                classes.add(module, name, kind);
            }
        }
        classes
    }
}

impl Classes {
    /// Makes a class known: its module, and its name as Python qualifies it within that.
    pub fn add(&mut self, module: &str, qualified: &str, kind: ClassKind) {
        let name = qualified.rsplit('.').next().unwrap_or(qualified);
        let key = (module.to_owned(), name.to_owned());
        let full = format!("{module}.{qualified}");
        self.stored.insert(key, full.clone());
        let class = Class {
            module: module.to_owned(),
            name: name.to_owned(),
            kind,
        };
        self.by_name.insert(full, class);
    }

    pub(super) fn get(&self, qualified: &str) -> Option<&Class> {
        self.by_name.get(qualified)
    }

    /// The qualified name of a stored class. One that was not known is from now on: what was read can
    /// be stored again.
    pub(super) fn learn(&mut self, module: &str, name: &str, kind: ClassKind) -> String {
        let key = (module.to_owned(), name.to_owned());
        if !self.stored.contains_key(&key) {
            self.add(module, name, kind);
        }
        self.stored.get(&key).cloned().unwrap_or_default()
    }
}

const KNOWN: [(ClassKind, &str, &[&str]); 11] = [
    (
        ClassKind::Pydantic,
        "langchain_core.messages.human",
        &["HumanMessage", "HumanMessageChunk"],
    ),
    (
        ClassKind::Pydantic,
        "langchain_core.messages.ai",
        &["AIMessage", "AIMessageChunk"],
    ),
    (
        ClassKind::Pydantic,
        "langchain_core.messages.system",
        &["SystemMessage", "SystemMessageChunk"],
    ),
    (
        ClassKind::Pydantic,
        "langchain_core.messages.chat",
        &["ChatMessage", "ChatMessageChunk"],
    ),
    (
        ClassKind::Pydantic,
        "langchain_core.messages.tool",
        &["ToolMessage", "ToolMessageChunk"],
    ),
    (
        ClassKind::Pydantic,
        "langchain_core.messages.function",
        &["FunctionMessage", "FunctionMessageChunk"],
    ),
    (
        ClassKind::Pydantic,
        "langchain_core.messages.modifier",
        &["RemoveMessage"],
    ),
    (
        ClassKind::Pydantic,
        "langchain_core.documents.base",
        &["Document"],
    ),
    (ClassKind::Positional, "langgraph.types", &["Send"]),
    (
        ClassKind::Keywords,
        "langgraph.types",
        &["Interrupt", "Command"],
    ),
    (ClassKind::Keywords, "langgraph.store.base", &["Item"]),
];
