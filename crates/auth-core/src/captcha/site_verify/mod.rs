//! Providers that are asked by HTTP whether a token is good.

mod answer;
mod description;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, time::Duration};

use async_trait::async_trait;
use auth_protocol::Secret;
use url::{Url, form_urlencoded};

use self::{
    answer::Answer,
    description::{Actions, Description},
};
use super::{Captcha, CaptchaAnswer, CaptchaOutcome, CaptchaWidget};
use crate::{
    ConfigError, Context, Setup,
    app_info::{NormalisedAppInfo, Origin},
};

/// How long a provider may take to answer, connecting included.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// The longest answer that is read; they have a few hundred bytes.
const LONGEST_ANSWER_BYTES: usize = 16 * 1024;

/// A provider that is asked by HTTP whether a token is good: Turnstile, hCaptcha, or reCAPTCHA.
///
/// A token counts where the provider says so and names a page on one of the [hosts](Self::hostnames); with
/// reCAPTCHA 3 also the action that it was asked for, and a [score](Self::min_score).
///
/// ```
/// use auth_core::captcha::SiteVerify;
///
/// # let secret = "0x4AAAA";
/// SiteVerify::turnstile("0x4AAAAAAABBBBcccc", secret).hostnames(["www.example.com"]);
/// ```
pub struct SiteVerify {
    description: &'static Description,
    site_key: String,
    secret: Secret,
    url: String,
    hostnames: Option<BTreeSet<String>>,
    min_score: Option<f64>,
    checks_action: bool,
    client: Option<Client>,
}

/// What is made of the settings when the handle is built.
struct Client {
    http: reqwest::Client,
    url: Url,
}

impl SiteVerify {
    /// Cloudflare Turnstile.
    pub fn turnstile(site_key: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::new(&description::TURNSTILE, site_key.into(), secret.into())
    }

    /// hCaptcha.
    pub fn hcaptcha(site_key: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::new(&description::HCAPTCHA, site_key.into(), secret.into())
    }

    /// reCAPTCHA 2, with a box to tick or invisible.
    pub fn recaptcha_v2(site_key: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::new(&description::RECAPTCHA_V2, site_key.into(), secret.into())
    }

    /// reCAPTCHA 3, which shows nothing and gives a score. Pages name the action that the refusal tells.
    pub fn recaptcha_v3(site_key: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::new(&description::RECAPTCHA_V3, site_key.into(), secret.into())
    }

    fn new(description: &'static Description, site_key: String, secret: Secret) -> Self {
        Self {
            description,
            site_key,
            secret,
            url: description.url.to_owned(),
            hostnames: None,
            min_score: description.min_score,
            checks_action: description.actions == Actions::Always,
            client: None,
        }
    }

    /// The hosts whose pages a token may come from, such as `www.example.com`; unless set, that of the
    /// website in [`AppInfo`](crate::AppInfo) and those of its trusted origins.
    #[must_use]
    pub fn hostnames(mut self, hosts: impl IntoIterator<Item: Into<String>>) -> Self {
        let hosts = hosts.into_iter().map(|host| host.into().trim().to_ascii_lowercase());
        self.hostnames = Some(hosts.collect());
        self
    }

    /// The lowest score that passes with reCAPTCHA 3, from 0 to 1, which is surely a person: 0.5 unless
    /// set. The others give none.
    #[must_use]
    pub fn min_score(mut self, score: f64) -> Self {
        self.min_score = Some(score);
        self
    }

    /// Whether a token has to name the action that it was asked for, as widgets of Turnstile and reCAPTCHA
    /// 3 can: for reCAPTCHA 3 unless set otherwise.
    #[must_use]
    pub fn check_action(mut self, check: bool) -> Self {
        self.checks_action = check;
        self
    }

    /// Another address to ask, such as that of a proxy, or `https://www.recaptcha.net/recaptcha/api/siteverify`.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = url.into();
        self
    }

    fn form(&self, answer: CaptchaAnswer<'_>) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("secret", self.secret.expose_secret());
        form.append_pair("response", answer.token);
        if self.description.takes_site_key {
            form.append_pair("sitekey", &self.site_key);
        }
        if let Some(address) = answer.address {
            form.append_pair("remoteip", &address.to_string());
        }
        form.finish()
    }

    async fn ask(&self, answer: CaptchaAnswer<'_>) -> Result<Answer, String> {
        let Some(Client { http, url }) = &self.client else {
            return Err("it wasn't prepared".to_owned());
        };
        let request = http
            .post(url.clone())
            .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(self.form(answer));
        let mut response = request.send().await.map_err(told)?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(told)? {
            if body.len() + piece.len() > LONGEST_ANSWER_BYTES {
                return Err("its answer is too long".to_owned());
            }
            body.extend_from_slice(&piece);
        }
        // Some tell by their status, too, that a token isn't good.
        let is_fault = status.is_server_error() || status.is_redirection() || status == 429;
        match serde_json::from_slice(&body) {
            Ok(answer) if !is_fault => Ok(answer),
            _ => Err(format!("it answered {status}")),
        }
    }
}

/// The hosts of the website and of those that are trusted; without the website's where the application
/// decides it for each request.
fn website_hosts(app_info: &NormalisedAppInfo) -> BTreeSet<String> {
    let website = match &app_info.origin {
        Origin::Static(website) => Some(website),
        Origin::PerRequest(_) => None,
    };
    let origins = app_info.trusted_origins.iter().chain(website);
    origins.filter_map(|origin| Some(Url::parse(origin).ok()?.host_str()?.to_owned())).collect()
}

/// Without the URL, and with what the library hides behind it.
fn told(error: reqwest::Error) -> String {
    let error = error.without_url();
    match std::error::Error::source(&error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

#[async_trait]
impl Captcha for SiteVerify {
    fn widget(&self) -> CaptchaWidget {
        CaptchaWidget::new(self.description.provider).site_key(&self.site_key)
    }

    async fn check(&self, _cx: &Context, answer: CaptchaAnswer<'_>) -> CaptchaOutcome {
        let judged = match self.ask(answer).await {
            Ok(judged) => judged,
            Err(problem) => return CaptchaOutcome::Unavailable(problem),
        };
        if !judged.success {
            return match judged.our_fault() {
                Some(codes) => CaptchaOutcome::Unavailable(format!("it says {codes}")),
                None => CaptchaOutcome::Refused,
            };
        }
        let is_from_here = self.hostnames.as_ref().is_none_or(|hosts| {
            judged
                .hostname
                .as_deref()
                .is_some_and(|host| hosts.contains(&host.to_ascii_lowercase()))
        });
        let is_for_this = !self.checks_action || judged.action.as_deref() == Some(answer.action);
        let has_score =
            self.min_score.is_none_or(|least| judged.score.is_some_and(|score| score >= least));
        if is_from_here && is_for_this && has_score {
            return CaptchaOutcome::Passed;
        }
        let Answer { hostname, action, score, .. } = judged;
        let provider = self.description.provider;
        tracing::info!(provider, ?hostname, ?action, ?score, "a captcha's token isn't for this");
        CaptchaOutcome::Refused
    }

    fn prepare(&mut self, setup: &Setup<'_>) -> Result<(), ConfigError> {
        let field = |name| format!("captcha.{name}");
        for (name, value) in
            [("site_key", self.site_key.as_str()), ("secret", self.secret.expose_secret())]
        {
            if value.trim().is_empty() || value.chars().any(char::is_control) {
                let problem = "it is empty or holds control characters";
                return Err(ConfigError::new(
                    field(name),
                    problem,
                    "the key that the provider gave",
                ));
            }
        }
        if let Some(score) = self.min_score.filter(|score| !(0.0..=1.0).contains(score)) {
            let problem = format!("it is {score}");
            return Err(ConfigError::new(field("min_score"), problem, "from 0 to 1"));
        }
        if self.min_score.is_some() && self.description.min_score.is_none() {
            let problem = format!("{} gives no score", self.description.provider);
            return Err(ConfigError::new(field("min_score"), problem, "none"));
        }
        if self.checks_action && self.description.actions == Actions::Never {
            let problem = format!("{} names no action", self.description.provider);
            return Err(ConfigError::new(field("check_action"), problem, "false"));
        }
        let url = Url::parse(&self.url).ok().filter(|url| {
            let is_local = url
                .host_str()
                .is_some_and(|host| matches!(host, "127.0.0.1" | "localhost" | "[::1]"));
            url.scheme() == "https" || (url.scheme() == "http" && is_local)
        });
        let Some(url) = url else {
            let problem = format!("`{}` isn't one that a secret may be sent to", self.url);
            return Err(ConfigError::new(field("url"), problem, "an https URL"));
        };
        if self.hostnames.is_none() {
            self.hostnames = Some(website_hosts(setup.app_info));
        }
        if self.hostnames.as_ref().is_some_and(BTreeSet::is_empty) {
            let expected = "the hosts of the pages that show it, such as `www.example.com`";
            return Err(ConfigError::new(field("hostnames"), "there are none", expected));
        }
        // A redirect would carry the secret elsewhere.
        let http = reqwest::Client::builder()
            .timeout(TIME_LIMIT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| {
                let expected = "a system in which an HTTP client can be made";
                ConfigError::new("captcha", told(error), expected)
            })?;
        self.client = Some(Client { http, url });
        Ok(())
    }
}
