//! An account at a third party.

use auth_protocol::RecipeId;

use crate::{
    EngineError,
    normalise::within,
    user::{
        IdentityKind,
        identity::{Account, Identity},
    },
};

/// What the columns take.
const LONGEST_THIRD_PARTY: usize = 28;
const LONGEST_USER_ID: usize = 256;

/// An account at a third party, checked.
#[derive(Clone, Debug)]
pub(super) struct OwnedAccount {
    third_party: String,
    user_id: String,
    /// Both, as reservations hold them.
    value: String,
}

impl OwnedAccount {
    pub(super) fn new(third_party: String, user_id: String) -> Result<Self, EngineError> {
        let third_party = given("thirdPartyId", third_party, LONGEST_THIRD_PARTY)?;
        let user_id = given("thirdPartyUserId", user_id, LONGEST_USER_ID)?;
        let value = format!("{third_party}::{user_id}");
        Ok(Self { third_party, user_id, value })
    }

    /// Where the account is.
    pub(super) fn third_party(&self) -> &str {
        &self.third_party
    }

    /// What at most one login method in a tenant is known by.
    pub(super) fn identity(&self) -> Identity<'_> {
        self.with(IdentityKind::ThirdParty, &self.value)
    }

    /// The address that it has, which other accounts may have as well.
    pub(super) fn with_email<'a>(&'a self, email: &'a str) -> Identity<'a> {
        self.with(IdentityKind::Email, email)
    }

    fn with<'a>(&'a self, kind: IdentityKind, value: &'a str) -> Identity<'a> {
        let account = Account { third_party: &self.third_party, user_id: &self.user_id };
        Identity { recipe: RecipeId::ThirdParty, kind, value, account }
    }
}

fn given(field: &str, text: String, longest: usize) -> Result<String, EngineError> {
    if text.is_empty() {
        let refusal = format!("Field name '{field}' cannot be an empty String");
        return Err(EngineError::BadRequest(refusal));
    }
    within(text, longest, field)
}
