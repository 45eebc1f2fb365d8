//! Calls for JSON about a user or a token.

use auth_protocol::{JsonObject, Secret};
use http::{HeaderMap, HeaderName, HeaderValue, header::AUTHORIZATION};
use serde_json::Value;
use url::Url;

use super::{
    addresses::{Filler, parse_url},
    settings::Values,
};
use crate::{
    description::{Call, CallAuth, CallKind},
    error::{ConfigError, Problem},
    http::{Body, Request, basic, form, sensitive, with_query},
};

/// A call with the row's placeholders filled in.
pub(crate) struct ReadyCall {
    pub(crate) kind: CallKind,
    pub(crate) url: Option<Url>,
    pub(crate) params: Values,
    pub(crate) headers: HeaderMap,
    pub(crate) auth: CallAuth,
}

/// One more answer about the user.
pub(crate) struct MoreCall {
    pub(crate) call: ReadyCall,
    pub(crate) member: &'static str,
    pub(crate) is_optional: bool,
}

/// What a call is made with.
pub(crate) struct Credentials<'a> {
    pub(crate) access_token: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: Option<&'a Secret>,
}

impl ReadyCall {
    pub(crate) fn new(call: &Call, filler: &Filler) -> Result<Self, ConfigError> {
        let url = match call.url {
            "" => None,
            url => Some(parse_url("userInfoEndpoint", &filler.fill(url))?),
        };
        let params = call.params.iter();
        let params = params.map(|(name, value)| ((*name).to_owned(), filler.fill(value)));
        let headers = call
            .headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        Ok(Self {
            kind: call.kind,
            url,
            params: params.collect(),
            headers: headers.collect(),
            auth: call.auth,
        })
    }

    /// The request, to an address in place of a missing one.
    pub(crate) fn request(
        &self,
        url: Url,
        credentials: &Credentials<'_>,
    ) -> Result<Request, Problem> {
        let secret = credentials.client_secret.map_or("", Secret::expose_secret);
        let params: Values = self
            .params
            .iter()
            .map(|(name, value)| {
                // In this order: a token that a client brings may hold anything.
                let value = value
                    .replace("{client_secret}", secret)
                    .replace("{access_token}", credentials.access_token);
                (name.clone(), value)
            })
            .collect();
        let pairs = || params.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut request = match self.kind {
            CallKind::Get => Request::get(with_query(url, pairs())),
            CallKind::Post => Request::post(with_query(url, pairs())),
            CallKind::PostForm => Request {
                body: Some(Body {
                    media_type: "application/x-www-form-urlencoded",
                    bytes: form(pairs()).into_bytes(),
                }),
                ..Request::post(url)
            },
            CallKind::PostJson => {
                let object: JsonObject =
                    pairs().map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
                let bytes = Value::Object(object).to_string().into_bytes();
                Request {
                    body: Some(Body { media_type: "application/json", bytes }),
                    ..Request::post(url)
                }
            }
        };
        request.headers.extend(self.headers.clone());
        let authorization = match self.auth {
            CallAuth::Bearer => Some(sensitive(&format!("Bearer {}", credentials.access_token))?),
            CallAuth::OAuth => Some(sensitive(&format!("OAuth {}", credentials.access_token))?),
            CallAuth::Client => Some(basic(credentials.client_id, secret)?),
            CallAuth::Nothing => None,
        };
        if let Some(authorization) = authorization {
            request.headers.insert(AUTHORIZATION, authorization);
        }
        Ok(request)
    }
}
