//! What a code proves.

use auth_protocol::RecipeId;

use crate::{
    EngineError,
    normalise::{email_to_store, phone_to_store},
    storage::Row,
    user::{
        IdentityKind,
        identity::{Account, Identity},
    },
};

/// An address or a phone number, normalised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Contact {
    Email(String),
    Phone(String),
}

impl Contact {
    pub(super) fn email(address: &str) -> Result<Self, EngineError> {
        email_to_store(address).map(Self::Email)
    }

    pub(super) fn phone(number: &str) -> Result<Self, EngineError> {
        phone_to_store(number).map(Self::Phone)
    }

    /// The contact in a row.
    pub(super) fn from_row(row: &Row) -> Result<Self, EngineError> {
        let value = row.get("account_info_value")?;
        match row.get("account_info_type")? {
            IdentityKind::Email => Ok(Self::Email(value)),
            IdentityKind::Phone => Ok(Self::Phone(value)),
            IdentityKind::ThirdParty => {
                Err(EngineError::Internal("a code was sent to a third party".to_owned()))
            }
        }
    }

    /// The contact's `account_info_type`.
    pub(super) fn kind(&self) -> IdentityKind {
        match self {
            Self::Email(_) => IdentityKind::Email,
            Self::Phone(_) => IdentityKind::Phone,
        }
    }

    /// The contact's `account_info_value`.
    pub(super) fn value(&self) -> &str {
        match self {
            Self::Email(value) | Self::Phone(value) => value,
        }
    }

    /// What a login method of this recipe is known by.
    pub(super) fn identity(&self) -> Identity<'_> {
        Identity {
            recipe: RecipeId::Passwordless,
            kind: self.kind(),
            value: self.value(),
            account: Account::default(),
        }
    }

    /// The address and the number, one of which is absent.
    pub(super) fn into_parts(self) -> (Option<String>, Option<String>) {
        match self {
            Self::Email(address) => (Some(address), None),
            Self::Phone(number) => (None, Some(number)),
        }
    }
}
