//! Whether a request may go on.

use std::borrow::Cow;

use http::HeaderName;

use super::{
    CaptchaAnswer, CaptchaInstance, CaptchaOutage, CaptchaOutcome, CaptchaReason, CaptchaRefusal,
    CaptchaWhen,
};
use crate::{Context, limits::Action};

/// The header that a token comes in.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-captcha-response");

/// The member of a JSON body that it comes in otherwise.
const MEMBER: &str = "captchaToken";

/// The longest token that is judged; providers' have 2 KiB at most.
const LONGEST_TOKEN_BYTES: usize = 8 * 1024;

/// From which share on a budget is half spent.
const HALF: f64 = 0.5;

/// What is kept of a request whose token was good.
#[derive(Clone, Copy)]
struct Solved;

/// A request that may not go on.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) refusal: CaptchaRefusal,
    /// Whether it cost nobody anything: there was no token to judge.
    pub(crate) is_free: bool,
}

/// Asks for a captcha where the application wants one before this action. `spent_share` is how much of
/// the narrowest budget is spent, from 0 to 1.
pub(crate) async fn check(cx: &Context, action: Action, spent_share: f64) -> Result<(), Refused> {
    let Some(captcha) = cx.auth().find_recipe::<CaptchaInstance>() else { return Ok(()) };
    // A request may be counted in several ways, and has one token.
    if cx.get::<Solved>().is_some() {
        return Ok(());
    }
    let is_half_spent = spent_share >= HALF;
    match captcha.when(action) {
        None => return Ok(()),
        Some(CaptchaWhen::AfterHalf) if !is_half_spent => return Ok(()),
        Some(CaptchaWhen::AfterHalf | CaptchaWhen::Always) => {}
    }
    let refuse = |reason, is_free| {
        let widget = captcha.provider.widget();
        let action = action.as_str();
        Err(Refused { refusal: CaptchaRefusal { reason, widget, action }, is_free })
    };
    let Some(token) = token(cx) else { return refuse(CaptchaReason::Required, true) };
    if token.len() > LONGEST_TOKEN_BYTES {
        return refuse(CaptchaReason::Required, false);
    }
    let answer =
        CaptchaAnswer { token: &token, action: action.as_str(), address: cx.client_address() };
    match captcha.provider.check(cx, answer).await {
        CaptchaOutcome::Passed => {
            cx.insert(Solved);
            Ok(())
        }
        CaptchaOutcome::Refused => refuse(CaptchaReason::Required, false),
        CaptchaOutcome::Unavailable(problem) => {
            let provider = captcha.provider.widget().provider;
            tracing::warn!(provider, problem, "a captcha can't be checked");
            match captcha.outage {
                CaptchaOutage::Admit => Ok(()),
                CaptchaOutage::UntilHalf if !is_half_spent => Ok(()),
                CaptchaOutage::UntilHalf | CaptchaOutage::Refuse => {
                    refuse(CaptchaReason::Unavailable, false)
                }
            }
        }
    }
}

/// The token that came with the request.
fn token(cx: &Context) -> Option<Cow<'_, str>> {
    let request = cx.request()?;
    let in_header = request.header(HEADER.as_str()).map(Cow::Borrowed);
    let in_body = || {
        let mut body = request.json_object().ok()?;
        Some(Cow::Owned(body.remove(MEMBER)?.as_str()?.to_owned()))
    };
    in_header.or_else(in_body).filter(|token| !token.trim().is_empty())
}
