//! What is written down.

use std::collections::BTreeMap;

use auth_protocol::{
    RecipeId, SessionHandle, UserId,
    audit::{AuditKind, AuditOutcome},
};

use crate::digest::sha256_hex;

/// Something that happened, to be [appended](super::Audit::append). It never holds a secret: no
/// password, token or code.
#[derive(Clone, Debug)]
#[must_use]
pub(crate) struct Event {
    pub(super) kind: AuditKind,
    pub(super) outcome: AuditOutcome,
    pub(super) facts: BTreeMap<String, String>,
    pub(super) user: Option<UserId>,
    pub(super) session: Option<SessionHandle>,
    pub(super) details: BTreeMap<String, String>,
    pub(super) must_exist: bool,
    pub(super) names_caller: bool,
}

impl Event {
    pub(crate) fn new(kind: AuditKind, outcome: AuditOutcome) -> Self {
        Self {
            kind,
            outcome,
            facts: BTreeMap::new(),
            user: None,
            session: None,
            details: BTreeMap::new(),
            must_exist: false,
            names_caller: true,
        }
    }

    pub(crate) fn succeeded(kind: AuditKind) -> Self {
        Self::new(kind, AuditOutcome::Succeeded)
    }

    pub(crate) fn failed(kind: AuditKind) -> Self {
        Self::new(kind, AuditOutcome::Failed)
    }

    /// A sign-in by a recipe, or the sign-up that came of it.
    pub(crate) fn signed_in(created_new_user: bool, recipe: RecipeId) -> Self {
        let kind = if created_new_user { AuditKind::SignUp } else { AuditKind::SignIn };
        Self::succeeded(kind).fact("recipe", &recipe)
    }

    /// The same event about a session, rather than in the one that the request came with.
    pub(crate) fn session(mut self, handle: &SessionHandle) -> Self {
        self.session = Some(handle.clone());
        self
    }

    /// The same event about a user: the core's own id of the user where the core knows it.
    pub(crate) fn user(mut self, user: &UserId) -> Self {
        self.user = Some(user.clone());
        self
    }

    /// The same event about a user who was read in an earlier transaction. One who was deleted since
    /// isn't named.
    pub(crate) fn user_if_there(mut self, user: &UserId) -> Self {
        self.must_exist = true;
        self.user(user)
    }

    /// The same event with something that tells of no person, and stays when users are deleted.
    pub(crate) fn fact(mut self, name: &str, value: &(impl ToString + ?Sized)) -> Self {
        self.facts.insert(name.to_owned(), value.to_string());
        self
    }

    /// The same event with something that may tell of a person, and is erased with the user.
    pub(crate) fn detail(mut self, name: &str, value: &(impl ToString + ?Sized)) -> Self {
        self.details.insert(name.to_owned(), value.to_string());
        self
    }
}

/// What is written down of an address or a number that nobody here has, as it may be a stranger's:
/// 20 bits of its digest. They show that one was tried many times, and prove of none that it was.
pub(crate) fn short_digest(typed: &str) -> String {
    sha256_hex(typed).chars().take(5).collect()
}
