//! `PUT /recipe/user` with `rid: passwordless`

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{RecipeUserId, operation::operation};

/// What becomes of an address or phone number. On the wire a missing member keeps it and `null`
/// clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ContactChange {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is removed.
    Clear,
    /// It is replaced or added; normalised by the core.
    Set(String),
}

impl ContactChange {
    fn is_keep(&self) -> bool {
        *self == Self::Keep
    }
}

impl Serialize for ContactChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Clear => serializer.serialize_none(),
            Self::Set(value) => serializer.serialize_str(value),
        }
    }
}

impl<'de> Deserialize<'de> for ContactChange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

/// Changes the address and phone number of a login method; one of them must remain.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdatePasswordlessUser {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
    /// What becomes of its address.
    #[serde(default, skip_serializing_if = "ContactChange::is_keep")]
    pub email: ContactChange,
    /// What becomes of its phone number.
    #[serde(default, skip_serializing_if = "ContactChange::is_keep")]
    pub phone_number: ContactChange,
}

/// The answer to [`UpdatePasswordlessUser`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UpdatePasswordlessUserResponse {
    /// Both are written.
    Ok,
    /// There is no such login method of this recipe.
    UnknownUserIdError,
    /// Another user of this recipe has the address in one of the login method's tenants.
    EmailAlreadyExistsError,
    /// Another user of this recipe has the phone number in one of the login method's tenants.
    PhoneNumberAlreadyExistsError,
    /// Another primary user has the address.
    EmailChangeNotAllowedError {
        /// Why, for people.
        reason: String,
    },
    /// Another primary user has the phone number.
    PhoneNumberChangeNotAllowedError {
        /// Why, for people.
        reason: String,
    },
}

operation!(
    UpdatePasswordlessUser => UpdatePasswordlessUserResponse,
    "update_passwordless_user", Put "/recipe/user", AppPublicTenantOnly, rid = "passwordless", {
        const NULLABLE: &'static [&'static str] = &["email", "phoneNumber"];
    }
);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_missing_contact_is_kept_null_clears_it_and_a_text_sets_it() {
        for (wire, change) in [
            (json!({ "recipeUserId": "u" }), ContactChange::Keep),
            (json!({ "recipeUserId": "u", "email": null }), ContactChange::Clear),
            (json!({ "recipeUserId": "u", "email": "a@b.c" }), ContactChange::Set("a@b.c".into())),
        ] {
            let update: UpdatePasswordlessUser =
                serde_json::from_value(wire.clone()).expect("well-formed");
            assert_eq!(update.email, change);
            assert_eq!(serde_json::to_value(update).expect("serialises"), wire);
        }
    }
}
