//! Who has signed in.

use std::fmt;

use super::{Provider, Tokens, microsoft, tokens::Origin};
use crate::{
    description::Quirk,
    error::{Problem, ProviderError, Step},
};
use auth_protocol::{JsonObject, Secret};

/// Who has signed in, as the provider says.
#[derive(Clone)]
#[non_exhaustive]
pub struct Identity {
    /// The provider.
    pub third_party_id: String,
    /// The user's id there, which never changes.
    pub third_party_user_id: String,
    /// The user's address. Many providers have none, or not of every user; where the configuration
    /// demands one, such a user can't sign in (`NO_EMAIL_GIVEN_BY_PROVIDER` on the wire).
    pub email: Option<Email>,
    /// The claims of the id token, which was checked.
    pub from_id_token: JsonObject,
    /// What the provider answered when asked for the user.
    pub from_user_info: JsonObject,
    /// The tokens.
    pub tokens: Tokens,
}

/// A user's address.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Email {
    /// The address.
    pub address: String,
    /// Whether the provider vouches for it. Nothing may be linked by an address that isn't.
    pub is_verified: bool,
    /// Whether it was made up here because there is none. Nobody reads what is sent to it.
    pub is_fake: bool,
}

impl Identity {
    /// Somebody of whom nothing but the id is known: for providers that are asked in a way of one's
    /// own.
    pub fn new(
        third_party_id: impl Into<String>,
        third_party_user_id: impl Into<String>,
        tokens: Tokens,
    ) -> Self {
        Self {
            third_party_id: third_party_id.into(),
            third_party_user_id: third_party_user_id.into(),
            email: None,
            from_id_token: JsonObject::new(),
            from_user_info: JsonObject::new(),
            tokens,
        }
    }

    /// Sets the address.
    #[must_use]
    pub fn email(mut self, email: Email) -> Self {
        self.email = Some(email);
        self
    }
}

impl Email {
    /// An address that the provider told.
    pub fn new(address: impl Into<String>, is_verified: bool) -> Self {
        Self { address: address.into(), is_verified, is_fake: false }
    }
}

impl Provider {
    /// Who the tokens are about: by the id token, by asking the provider, or both.
    ///
    /// # Errors
    /// A token that isn't good, or isn't this client's; a provider that is down or says nothing.
    pub async fn identity(&self, tokens: Tokens) -> Result<Identity, ProviderError> {
        let settings = &self.settings;
        if settings.is_for_development && tokens.origin == Origin::Client {
            return Err(self.failed(Step::TokenCheck, Problem::DevelopmentClient));
        }
        let live = self.live().await?;
        let claims = self.id_token_claims(&live, &tokens).await?;
        if let (Some(token), Some(check)) = (tokens.access_token(), &settings.config.check_token) {
            let refused = |why| self.failed(Step::TokenCheck, Problem::AccessToken(why));
            check(Secret::new(token)).await.map_err(refused)?;
        }
        let user_info = match (tokens.access_token(), &live.user_info) {
            (Some(token), Some(url)) if !settings.in_user_info.is_empty() => {
                // A good id token says who it is; user info of anybody else is refused below.
                if tokens.origin == Origin::Client && claims.is_none() {
                    self.check_token(&live, token).await?;
                }
                self.ask_for_user(url.clone(), token).await?
            }
            _ => JsonObject::new(),
        };
        let failed = |problem| self.failed(Step::UserInfo, problem);
        let from_client = tokens.origin == Origin::Client;
        if let Some(claims) = &claims
            && !user_info.is_empty()
            && (claims.get("sub") != user_info.get("sub"))
            && (from_client || user_info.contains_key("sub"))
        {
            return Err(failed(Problem::TwoUsers));
        }
        let mut claims = claims.unwrap_or_default();
        let user_id = self.user_id(&claims, &user_info).ok_or_else(|| failed(Problem::NoUserId))?;
        let email = self.email(&claims, &user_info, &user_id)?;
        // After the rest has been read: it comes from the browser.
        if let Some(user) = tokens.raw().get("user").filter(|_| settings.row.quirk == Quirk::Apple)
        {
            claims.insert("user".to_owned(), user.clone());
        }
        Ok(Identity {
            third_party_id: settings.id().to_owned(),
            third_party_user_id: user_id,
            email,
            from_id_token: claims,
            from_user_info: user_info,
            tokens,
        })
    }

    /// The id token's word counts before the other.
    fn user_id(&self, claims: &JsonObject, user_info: &JsonObject) -> Option<String> {
        let settings = &self.settings;
        let is_own_path = settings.config.user_info_map.from_id_token_payload.user_id.is_some();
        if settings.row.id == "microsoft" && !is_own_path {
            return microsoft::user_id(claims);
        }
        let sides = [(&settings.in_id_token, claims), (&settings.in_user_info, user_info)];
        sides.into_iter().find_map(|(places, root)| places.user_id.as_ref()?.text(root))
    }

    fn email(
        &self,
        claims: &JsonObject,
        user_info: &JsonObject,
        user_id: &str,
    ) -> Result<Option<Email>, ProviderError> {
        let settings = &self.settings;
        let in_claims = settings.in_id_token.address(claims);
        let in_user_info = settings.in_user_info.address(user_info);
        let (address, mut is_verified) = match (in_claims, in_user_info) {
            // The same address: either may vouch for it, but for no other.
            (Some((address, mine)), Some((other, theirs))) => {
                let is_verified = mine || theirs && other.eq_ignore_ascii_case(&address);
                (address, is_verified)
            }
            (Some(found), None) | (None, Some(found)) => found,
            (None, None) => return self.fake_email(user_id),
        };
        if settings.row.quirk == Quirk::Microsoft {
            is_verified = microsoft::is_verified(claims, &address);
        }
        Ok(Some(Email::new(address, is_verified)))
    }

    fn fake_email(&self, user_id: &str) -> Result<Option<Email>, ProviderError> {
        if self.settings.requires_email() {
            return Ok(None);
        }
        let address = self.settings.config.made_up_email(user_id).map_err(|error| {
            self.failed(Step::Configuration, error.of(self.settings.id()).into())
        })?;
        Ok(Some(Email { address, is_verified: false, is_fake: true }))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("third_party_id", &self.third_party_id)
            .field("email", &self.email)
            .field("tokens", &self.tokens)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Email")
            .field("is_verified", &self.is_verified)
            .field("is_fake", &self.is_fake)
            .finish_non_exhaustive()
    }
}
