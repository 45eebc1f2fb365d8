//! Endpoints as they are: the configured ones, and discovery where there are none.

use std::sync::Arc;

use url::Url;

use super::{Provider, addresses::parse_url, microsoft};
use crate::{
    description::{ClientAuth, IdTokenKeys, Issuer, Pkce},
    error::{Problem, ProviderError, Step},
    http::Request,
    openid::{Document, IssuerRule},
};

/// Endpoints of a provider. Each may be missing.
pub(crate) struct Live {
    pub(crate) authorization: Option<Url>,
    pub(crate) token: Option<Url>,
    pub(crate) user_info: Option<Url>,
    pub(crate) jwks: Option<Url>,
    pub(crate) introspection: Option<Url>,
    pub(crate) issuer: Option<IssuerRule>,
    pub(crate) document: Option<Arc<Document>>,
}

impl Provider {
    pub(super) async fn live(&self) -> Result<Live, ProviderError> {
        let settings = &self.settings;
        let mut live = Live {
            authorization: settings.authorization.clone(),
            token: settings.token.clone(),
            user_info: settings.user_info.url.clone(),
            jwks: settings.jwks.clone(),
            introspection: None,
            issuer: settings.issuer.clone(),
            document: None,
        };
        let Some((address, issuer)) = &settings.discovery else { return Ok(live) };
        let failed = |problem| ProviderError::new(settings.id(), Step::Discovery, problem);
        let document = self.discover(address).await.map_err(failed)?;
        let rule = self.issuer_rule(&document, address, issuer).map_err(failed)?;
        live.issuer.get_or_insert(rule);
        for (mine, theirs) in [
            (&mut live.authorization, &document.authorization_endpoint),
            (&mut live.token, &document.token_endpoint),
            (&mut live.user_info, &document.userinfo_endpoint),
            (&mut live.jwks, &document.jwks_uri),
            (&mut live.introspection, &document.introspection_endpoint),
        ] {
            if mine.is_none()
                && let Some(theirs) = theirs
            {
                let url = parse_url("oidcDiscoveryEndpoint", theirs).map_err(|_| {
                    failed(Problem::unreadable("the discovery document's addresses can't be read"))
                })?;
                *mine = Some(url);
            }
        }
        live.document = Some(document);
        Ok(live)
    }

    async fn discover(&self, address: &Url) -> Result<Arc<Document>, Problem> {
        let fetch = || async {
            let answer = self.shared.http.send(Request::get(address.clone())).await?;
            serde_json::from_value(answer.object()?.into())
                .map_err(|_| Problem::unreadable("the discovery document can't be read"))
        };
        let documents = &self.shared.documents;
        documents.get(address.as_str(), || self.shared.now(), |_| true, fetch).await
    }

    /// Who issues id tokens by this document, which must be that of the configured issuer, so that
    /// nobody publishes keys in the name of another.
    fn issuer_rule(
        &self,
        document: &Document,
        address: &Url,
        issuer: &str,
    ) -> Result<IssuerRule, Problem> {
        let mismatch = |expected: &str| Problem::IssuerMismatch {
            expected: expected.to_owned(),
            found: document.issuer.chars().take(200).collect(),
        };
        if self.settings.row.issuer != Issuer::OfTenant {
            return match document.is_by(issuer) {
                true => Ok(IssuerRule::Exactly(document.issuer.clone())),
                false => Err(mismatch(issuer)),
            };
        }
        let pattern = microsoft::issuer_pattern(address);
        if document.issuer == pattern {
            return Ok(IssuerRule::OfTenant(pattern));
        }
        let rule = IssuerRule::OfTenant(pattern);
        match rule.allows(&document.issuer, None) {
            true => Ok(IssuerRule::Exactly(document.issuer.clone())),
            false => Err(mismatch(rule.as_str())),
        }
    }

    /// Whether id tokens can be checked, and are asked for.
    pub(super) fn reads_id_tokens(&self, live: &Live) -> bool {
        let has_keys = match self.settings.row.id_token_keys {
            IdTokenKeys::Published => live.jwks.is_some(),
            IdTokenKeys::ClientSecret => true,
            IdTokenKeys::Unread => false,
        };
        has_keys && live.issuer.is_some()
    }

    /// Whether a challenge is sent. Never less than the provider is known to take.
    pub(super) fn uses_pkce(&self, live: &Live) -> bool {
        let settings = &self.settings;
        let is_public = settings.client_secret().is_none() && settings.apple.is_none();
        let is_forced = settings.client.force_pkce == Some(true);
        match settings.row.pkce {
            Pkce::Required | Pkce::Accepted => true,
            Pkce::IfDiscovered => {
                is_public
                    || is_forced
                    || match &settings.config.code_challenge_methods_supported {
                        Some(methods) => methods.iter().any(|method| method == "S256"),
                        None => live.document.as_ref().is_some_and(|it| it.takes_s256()),
                    }
            }
            Pkce::Unknown => {
                let methods = settings.config.code_challenge_methods_supported.as_ref();
                is_public
                    || is_forced
                    || methods.is_some_and(|methods| methods.iter().any(|it| it == "S256"))
            }
        }
    }

    /// Whether the client's secret goes into a header.
    pub(super) fn uses_basic(&self, live: &Live) -> bool {
        match self.settings.row.client_auth {
            ClientAuth::Basic => true,
            ClientAuth::Post => false,
            ClientAuth::Discovered => {
                live.document.as_ref().is_some_and(|document| document.wants_basic())
            }
        }
    }
}
