//! What is known of a setting before it is read.

use std::{borrow::Cow, time::Duration};

use crate::EngineConfig;

/// A setting by the reference's name.
#[derive(Debug)]
pub struct CoreKey {
    pub(super) name: &'static str,
    pub(super) scope: CoreKeyScope,
    pub(super) kind: Kind,
    /// How the reference refuses a value that is out of bounds, after the name.
    pub(super) refusal: Option<&'static str>,
    pub(super) set: Option<Set>,
}

pub(super) type Set = fn(EngineConfig, Given<'_>) -> EngineConfig;

/// For whom a setting may have a value of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoreKeyScope {
    /// For nobody but the program.
    Program,
    /// For each app, and the same one for all its tenants.
    App,
    /// For each tenant.
    Tenant,
}

/// What a setting's value may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A whole number between two others.
    Whole(i64, i64),
    /// A number between two others.
    Number(f64, f64),
    /// `true` or `false`.
    Flag,
    /// Any text.
    Text,
    /// One of several words, in any case.
    Word(&'static [&'static str]),
}

impl Kind {
    /// The type as the reference calls it.
    pub(super) const fn type_name(self) -> &'static str {
        match self {
            Self::Whole(..) => "long",
            Self::Number(..) => "double",
            Self::Flag => "boolean",
            Self::Text | Self::Word(_) => "String",
        }
    }
}

impl CoreKey {
    /// Its name, such as `access_token_validity`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// For whom it may have a value of its own.
    pub const fn scope(&self) -> CoreKeyScope {
        self.scope
    }

    /// Whether it is a setting of an engine, so that
    /// [`with_core_config`](EngineConfig::with_core_config) changes something by it.
    pub const fn is_of_engine(&self) -> bool {
        self.set.is_some()
    }

    /// What would be right, in words.
    pub fn expected(&self) -> String {
        match self.kind {
            Kind::Whole(least, i64::MAX) => format!("a whole number, {least} or more"),
            Kind::Whole(least, most) => format!("a whole number from {least} to {most}"),
            Kind::Number(least, most) => format!("a number from {least} to {most}"),
            Kind::Flag => "true or false".to_owned(),
            Kind::Text => "a text".to_owned(),
            Kind::Word(words) => format!("one of {}", words.join(", ")),
        }
    }

    pub(super) fn refusal(&self) -> String {
        match (self.refusal, self.kind) {
            (Some(text), _) => text.to_owned(),
            (None, Kind::Word(words)) => format!("must be one of {}", words.join(", ")),
            (None, _) => format!("must be {}", self.expected()),
        }
    }
}

/// A value that was read and is within its bounds.
#[derive(Debug)]
pub(super) enum Given<'v> {
    Whole(i64),
    Number(f64),
    Flag(bool),
    Text(Cow<'v, str>),
}

impl Given<'_> {
    /// A whole number; of another kind, none is given.
    pub(super) fn count<T: TryFrom<i64> + Default>(&self) -> T {
        match self {
            Self::Whole(number) => T::try_from(*number).unwrap_or_default(),
            _ => T::default(),
        }
    }

    pub(super) fn fraction(&self) -> f64 {
        match self {
            Self::Number(number) => *number,
            _ => 0.0,
        }
    }

    pub(super) fn secs(&self) -> Duration {
        Duration::from_secs(self.count())
    }

    pub(super) fn millis(&self) -> Duration {
        Duration::from_millis(self.count())
    }

    pub(super) fn minutes(&self) -> Duration {
        self.seconds_each(60.0)
    }

    pub(super) fn hours(&self) -> Duration {
        self.seconds_each(3600.0)
    }

    /// So many times that many seconds.
    fn seconds_each(&self, secs: f64) -> Duration {
        Duration::try_from_secs_f64(self.fraction() * secs).unwrap_or(Duration::MAX)
    }

    pub(super) fn flag(&self) -> bool {
        matches!(self, Self::Flag(true))
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Text(text) if text.eq_ignore_ascii_case(word))
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }
}
