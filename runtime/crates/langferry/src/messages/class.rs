//! LangChain's classes of messages and their fields.

use langferry_pystd::Value;

/// A class of messages.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Class {
    /// What the field `type` says.
    pub kind: &'static str,
    pub qualified: &'static str,
    /// The fields it has besides those that all messages have.
    pub own_fields: &'static [&'static str],
}

/// The fields of every message.
pub(super) const FIELDS: [&str; 6] = [
    "content",
    "additional_kwargs",
    "response_metadata",
    "type",
    "name",
    "id",
];

pub(super) const HUMAN: Class = Class {
    kind: "human",
    qualified: "langchain_core.messages.human.HumanMessage",
    own_fields: &[],
};

pub(super) const AI: Class = Class {
    kind: "ai",
    qualified: "langchain_core.messages.ai.AIMessage",
    own_fields: &["tool_calls", "invalid_tool_calls", "usage_metadata"],
};

pub(super) const SYSTEM: Class = Class {
    kind: "system",
    qualified: "langchain_core.messages.system.SystemMessage",
    own_fields: &[],
};

pub(super) const TOOL: Class = Class {
    kind: "tool",
    qualified: "langchain_core.messages.tool.ToolMessage",
    own_fields: &["tool_call_id", "artifact", "status"],
};

pub(super) const FUNCTION: Class = Class {
    kind: "function",
    qualified: "langchain_core.messages.function.FunctionMessage",
    own_fields: &[],
};

pub(super) const CHAT: Class = Class {
    kind: "chat",
    qualified: "langchain_core.messages.chat.ChatMessage",
    own_fields: &["role"],
};

pub(super) const REMOVE: Class = Class {
    kind: "remove",
    qualified: "langchain_core.messages.modifier.RemoveMessage",
    own_fields: &[],
};

const ALL: [&Class; 7] = [&HUMAN, &AI, &SYSTEM, &TOOL, &FUNCTION, &CHAT, &REMOVE];

impl Class {
    /// The class of this bare name.
    pub(super) fn named(name: &str) -> Option<&'static Class> {
        ALL.into_iter().find(|class| class.name() == name)
    }

    /// The class of a message, and whether it is a chunk of such a message.
    pub(super) fn of(value: &Value) -> Option<(&'static Class, bool)> {
        let Value::Record { class, .. } = value else {
            return None;
        };
        ALL.into_iter().find_map(|known| {
            let rest = class.strip_prefix(known.qualified)?;
            matches!(rest, "" | "Chunk").then_some((known, !rest.is_empty()))
        })
    }

    /// The bare name.
    pub(super) fn name(&self) -> &'static str {
        self.qualified.rsplit('.').next().unwrap_or(self.qualified)
    }

    /// All fields in the order pydantic keeps them.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'static str> {
        FIELDS.into_iter().chain(self.own_fields.iter().copied())
    }
}
