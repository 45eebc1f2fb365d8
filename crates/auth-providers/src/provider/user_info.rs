//! The provider asked who the user is, and whose a token is.

use auth_protocol::JsonObject;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};
use url::Url;

use super::{
    Provider,
    calls::{Credentials, ReadyCall},
    live::Live,
    tokens::exposed,
};
use crate::{
    error::{Problem, ProviderError, Step},
    http::{Body, Request, basic, error_code, form, showable},
    path::Path,
};

impl Provider {
    /// What the provider tells about the user.
    pub(super) async fn ask_for_user(
        &self,
        url: Url,
        access_token: &str,
    ) -> Result<JsonObject, ProviderError> {
        let failed = |problem| self.failed(Step::UserInfo, problem);
        let settings = &self.settings;
        let first = self.call(&settings.user_info, url, access_token).await.map_err(failed)?;
        let Value::Object(mut answer) = first else {
            return Err(failed(Problem::unreadable("user info is no JSON object")));
        };
        self.check_success(&answer).map_err(failed)?;
        for more in &settings.more_user_info {
            let Some(url) = more.call.url.clone() else { continue };
            match self.call(&more.call, url, access_token).await {
                Ok(value) => {
                    answer.insert(more.member.to_owned(), value);
                }
                Err(_) if more.is_optional => {}
                Err(problem) => return Err(failed(problem)),
            }
        }
        Ok(answer)
    }

    async fn call(&self, call: &ReadyCall, url: Url, access_token: &str) -> Result<Value, Problem> {
        let credentials = Credentials {
            access_token,
            client_id: &self.settings.client.client_id,
            client_secret: self.settings.client_secret(),
        };
        let request = call.request(url, &credentials)?;
        self.shared.http.send(request).await?.object_or_list()
    }

    /// Some providers answer errors with status 200.
    fn check_success(&self, answer: &JsonObject) -> Result<(), Problem> {
        let Some((place, success)) = self.settings.row.success else { return Ok(()) };
        let path: Option<Path> = place.parse().ok();
        let found = path.as_ref().and_then(|path| path.find(answer));
        let said = match found {
            Some(Value::String(text)) => Some(text.clone()),
            Some(value) => Some(value.to_string()),
            None => None,
        };
        match said {
            Some(said) if said == success => Ok(()),
            said => {
                let code = error_code(answer).or_else(|| showable(&said?));
                Err(Problem::Refused { code: code.unwrap_or_else(|| "an error".to_owned()) })
            }
        }
    }

    /// Makes sure that an access token, which a client has brought, was given to this client: a
    /// token of another app would sign in its users here.
    pub(super) async fn check_token(
        &self,
        live: &Live,
        access_token: &str,
    ) -> Result<(), ProviderError> {
        let failed = |problem| self.failed(Step::TokenCheck, problem);
        let settings = &self.settings;
        if let (Some(check), Some(call)) = (&settings.row.token_check, &settings.token_check)
            && let Some(url) = call.url.clone()
        {
            let answer = self.call(call, url, access_token).await.map_err(failed)?;
            let is_ours = check.client_id.iter().any(|place| {
                let path: Option<Path> = place.parse().ok();
                let found = path.zip(answer.as_object()).and_then(|(path, it)| path.text(it));
                found.is_some_and(|found| settings.authorized_parties.contains(&found))
            });
            return if is_ours { Ok(()) } else { Err(failed(Problem::TokenOfAnotherClient)) };
        }
        match (&live.introspection, settings.client_secret()) {
            (Some(address), Some(secret)) => {
                let (client_id, secret) = (&settings.client.client_id, exposed(Some(secret)));
                let mut request = Request::post(address.clone());
                let authorization = basic(client_id, secret).map_err(failed)?;
                request.headers.insert(AUTHORIZATION, authorization);
                request.body = Some(Body {
                    media_type: "application/x-www-form-urlencoded",
                    bytes: form([("token", access_token)]).into_bytes(),
                });
                let answer = self.shared.http.send(request).await;
                let answer = answer.and_then(|answer| answer.object()).map_err(failed)?;
                let is_ours = answer.get("client_id").and_then(Value::as_str);
                let is_ours = is_ours
                    .is_some_and(|it| settings.authorized_parties.iter().any(|party| party == it));
                match answer.get("active") == Some(&json!(true)) && is_ours {
                    true => Ok(()),
                    false => Err(failed(Problem::TokenOfAnotherClient)),
                }
            }
            // It was asked before, and takes the place of a check that there isn't.
            _ if settings.config.check_token.is_some() => Ok(()),
            _ if settings.client.additional_flag("acceptUncheckedAccessTokens") => Ok(()),
            _ => Err(failed(Problem::TokenUncheckable)),
        }
    }
}
