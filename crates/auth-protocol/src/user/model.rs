//! The user object.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, TenantId, UserId, normalise_email, normalise_phone_number};

/// The recipe that a login method belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecipeId {
    /// Email and password.
    EmailPassword,
    /// An account at a third party (OAuth 2.0, OpenID Connect).
    ThirdParty,
    /// One-time codes and magic links.
    Passwordless,
    /// Passkeys.
    Webauthn,
}

impl RecipeId {
    /// The id as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EmailPassword => "emailpassword",
            Self::ThirdParty => "thirdparty",
            Self::Passwordless => "passwordless",
            Self::Webauthn => "webauthn",
        }
    }
}

impl fmt::Display for RecipeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RecipeId {
    type Err = UnknownRecipeId;

    /// Matches without regard to case, as a core does for `includeRecipeIds`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::EmailPassword, Self::ThirdParty, Self::Passwordless, Self::Webauthn]
            .into_iter()
            .find(|id| id.as_str().eq_ignore_ascii_case(text))
            .ok_or(UnknownRecipeId)
    }
}

/// The text names no recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownRecipeId;

impl fmt::Display for UnknownRecipeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown recipe id")
    }
}

impl std::error::Error for UnknownRecipeId {}

/// An account at a third party.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ThirdPartyInfo {
    /// The provider's id, such as `google`.
    pub id: String,
    /// The user's id at that provider.
    pub user_id: String,
}

/// The passkeys of a user or login method.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebauthnInfo {
    /// Credential ids, base64url.
    pub credential_ids: Vec<String>,
}

/// One way in which a user can sign in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoginMethod {
    /// The tenants in which this method works.
    pub tenant_ids: Vec<TenantId>,
    /// This method's own id.
    pub recipe_user_id: RecipeUserId,
    /// Whether its email address or phone number is verified.
    pub verified: bool,
    /// When it was added, in milliseconds since the epoch.
    pub time_joined: i64,
    /// Its recipe.
    pub recipe_id: RecipeId,
    /// Its email address, normalised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Its phone number in E.164 form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Its account at a third party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub third_party: Option<ThirdPartyInfo>,
    /// Its passkeys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webauthn: Option<WebauthnInfo>,
}

impl LoginMethod {
    /// Whether the method has this email address, however the argument is written.
    pub fn has_same_email_as(&self, email: &str) -> bool {
        self.email.as_deref() == Some(normalise_email(email).as_str())
    }

    /// Whether the method has this phone number, however the argument is written.
    pub fn has_same_phone_number_as(&self, phone_number: &str) -> bool {
        self.phone_number.as_deref() == Some(normalise_phone_number(phone_number).as_str())
    }
}

/// A user: a primary user with its linked login methods, or one login method alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The primary user's id where accounts are linked, else the recipe user's id.
    pub id: UserId,
    /// Whether other accounts may be linked to this one.
    pub is_primary_user: bool,
    /// Every tenant of every login method.
    pub tenant_ids: Vec<TenantId>,
    /// Every email address.
    pub emails: Vec<String>,
    /// Every phone number.
    pub phone_numbers: Vec<String>,
    /// Every third-party account.
    pub third_party: Vec<ThirdPartyInfo>,
    /// Every passkey.
    #[serde(default)]
    pub webauthn: WebauthnInfo,
    /// The login methods, oldest first.
    pub login_methods: Vec<LoginMethod>,
    /// When the oldest login method was added, in milliseconds since the epoch.
    pub time_joined: i64,
}

impl User {
    /// Puts a user together from its login methods; `None` where there is none.
    pub fn from_login_methods(
        id: UserId,
        is_primary_user: bool,
        mut login_methods: Vec<LoginMethod>,
    ) -> Option<Self> {
        login_methods.sort_by(|a, b| {
            (a.time_joined, &a.recipe_user_id).cmp(&(b.time_joined, &b.recipe_user_id))
        });
        let time_joined = login_methods.first()?.time_joined;
        let mut user = Self {
            id,
            is_primary_user,
            tenant_ids: Vec::new(),
            emails: Vec::new(),
            phone_numbers: Vec::new(),
            third_party: Vec::new(),
            webauthn: WebauthnInfo::default(),
            login_methods: Vec::new(),
            time_joined,
        };
        for method in &login_methods {
            extend_distinct(&mut user.tenant_ids, &method.tenant_ids);
            extend_distinct(&mut user.emails, method.email.as_slice());
            extend_distinct(&mut user.phone_numbers, method.phone_number.as_slice());
            extend_distinct(&mut user.third_party, method.third_party.as_slice());
            if let Some(webauthn) = &method.webauthn {
                extend_distinct(&mut user.webauthn.credential_ids, &webauthn.credential_ids);
            }
        }
        user.login_methods = login_methods;
        Some(user)
    }

    /// The login method with this id.
    pub fn login_method(&self, id: &RecipeUserId) -> Option<&LoginMethod> {
        self.login_methods.iter().find(|method| method.recipe_user_id == *id)
    }
}

fn extend_distinct<T: Clone + PartialEq>(list: &mut Vec<T>, more: &[T]) {
    for item in more {
        if !list.contains(item) {
            list.push(item.clone());
        }
    }
}
