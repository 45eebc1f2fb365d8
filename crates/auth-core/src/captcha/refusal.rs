//! What is answered to who has solved no captcha.

use std::fmt;

use serde_json::{Value, json};

use super::CaptchaWidget;
use crate::Context;

/// Why a request was refused before anything was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CaptchaRefusal {
    /// Why.
    pub reason: CaptchaReason,
    /// What the page needs to ask for a token.
    pub widget: CaptchaWidget,
    /// The action that the token is to be for, such as `signIn`.
    pub action: &'static str,
}

/// Why a request was refused before anything was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaptchaReason {
    /// There is no token, or it isn't good, has expired, or was used before: `CAPTCHA_REQUIRED`.
    Required,
    /// Tokens can't be judged now: `CAPTCHA_UNAVAILABLE`.
    Unavailable,
}

impl CaptchaReason {
    fn on_the_wire(self) -> &'static str {
        match self {
            Self::Required => "CAPTCHA_REQUIRED",
            Self::Unavailable => "CAPTCHA_UNAVAILABLE",
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::Required => "Please solve the captcha, and try again",
            Self::Unavailable => {
                "The captcha can't be checked at the moment. Please try again later"
            }
        }
    }
}

impl CaptchaRefusal {
    /// A general error, which every front end shows, with what a page that knows captchas reads.
    pub(crate) fn body(&self, cx: &Context) -> Value {
        let app_info = cx.auth().app_info();
        let url = |path| format!("{}{}{path}", app_info.api_domain, app_info.api_base_path);
        let mut body = json!({
            "status": "GENERAL_ERROR",
            "message": self.reason.message(),
            "reason": self.reason.on_the_wire(),
            "provider": self.widget.provider,
            "action": self.action,
        });
        if let Some(members) = body.as_object_mut() {
            let site_key = self.widget.site_key.clone().map(|key| ("siteKey", key));
            let challenge = self.widget.challenge_path.map(|path| ("challengeUrl", url(path)));
            for (name, value) in [site_key, challenge].into_iter().flatten() {
                members.insert(name.to_owned(), value.into());
            }
        }
        body
    }
}

impl fmt::Display for CaptchaRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason.on_the_wire(), self.action)
    }
}

impl std::error::Error for CaptchaRefusal {}
