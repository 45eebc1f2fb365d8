//! An id token, checked with the provider's keys.

use std::sync::Arc;

use auth_protocol::JsonObject;

use super::{
    Provider, Tokens,
    live::Live,
    microsoft,
    tokens::{Origin, exposed},
};
use crate::{
    description::{IdTokenKeys, Quirk},
    error::{IdTokenProblem, Problem, ProviderError, Step},
    http::Request,
    openid::{Expected, Key, KeySet, UnverifiedIdToken},
};

impl Provider {
    /// The claims of the id token, checked; none where there is no token, or no way to check one.
    pub(super) async fn id_token_claims(
        &self,
        live: &Live,
        tokens: &Tokens,
    ) -> Result<Option<JsonObject>, ProviderError> {
        let failed = |problem: Problem| self.failed(Step::IdToken, problem);
        let (Some(text), true, Some(issuer)) =
            (tokens.id_token(), self.reads_id_tokens(live), &live.issuer)
        else {
            return Ok(None);
        };
        let token = UnverifiedIdToken::parse(text).map_err(|problem| failed(problem.into()))?;
        let settings = &self.settings;
        let expected = Expected {
            issuer,
            client_id: &settings.client.client_id,
            // In the browser's flow, who asked is this client and nobody else.
            authorized_parties: match tokens.origin {
                Origin::Provider => &[],
                Origin::Client => &settings.authorized_parties,
            },
            nonce: tokens.nonce.as_deref(),
            access_token: tokens.access_token(),
            now: self.shared.now(),
        };
        let verified = if settings.row.id_token_keys == IdTokenKeys::ClientSecret {
            token.verify(&Key::shared(exposed(settings.client_secret())), &expected)
        } else {
            let listed = live
                .document
                .as_ref()
                .and_then(|document| document.id_token_signing_alg_values_supported.as_ref());
            if listed.is_some_and(|listed| !listed.contains(&token.algorithm_name())) {
                return Err(failed(IdTokenProblem::Algorithm.into()));
            }
            let keys = self.keys(live, &token).await?;
            match keys.find(token.kid(), token.algorithm()) {
                Some(key) => token.verify(key, &expected),
                None => Err(IdTokenProblem::UnknownKey),
            }
        };
        let claims = verified
            .and_then(|claims| self.check_more(&claims).map(|()| claims))
            .map_err(|problem| failed(problem.into()))?;
        Ok(Some(claims))
    }

    /// The provider's keys: fetched anew where the one that is looked for isn't among them, as
    /// providers rotate them.
    async fn keys(
        &self,
        live: &Live,
        token: &UnverifiedIdToken<'_>,
    ) -> Result<Arc<KeySet>, ProviderError> {
        let failed = |problem| self.failed(Step::Keys, problem);
        let Some(address) = &live.jwks else {
            return Err(failed(Problem::unreadable("the provider publishes no keys")));
        };
        let fetch = || async {
            let answer = self.shared.http.send(Request::get(address.clone())).await?;
            KeySet::parse(&answer.object()?)
                .ok_or_else(|| Problem::unreadable("the provider's keys can't be read"))
        };
        let is_good = |keys: &KeySet| keys.find(token.kid(), token.algorithm()).is_some();
        let found = self.shared.keys.get(address.as_str(), || self.shared.now(), is_good, fetch);
        found.await.map_err(failed)
    }

    /// What this provider, or the application, demands beyond the standard.
    fn check_more(&self, claims: &JsonObject) -> Result<(), IdTokenProblem> {
        let settings = &self.settings;
        match settings.row.quirk {
            Quirk::Microsoft => microsoft::check_tenant(settings, claims)?,
            Quirk::HostedDomain => {
                let domain = settings.client.additional_text("hd").unwrap_or("*");
                let is_of_domain = claims.get("hd").is_some_and(|hd| hd == domain);
                if domain != "*" && !is_of_domain {
                    return Err(IdTokenProblem::Claim("hd"));
                }
            }
            _ => {}
        }
        match &settings.config.check_claims {
            Some(check) => check(claims).map_err(IdTokenProblem::Claim),
            None => Ok(()),
        }
    }
}
