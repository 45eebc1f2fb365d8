//! The session check of a request (FDI: `getSession`, `verifySession`).

use auth_protocol::Secret;
use http::Method;

use super::{
    super::{
        AccessToken, AntiCsrf, GetSession, Session, SessionError, SessionInstance, SessionOptions,
        TokenTransferMethod, recipe::SessionConfig,
    },
    read::{self, Incoming},
    refresh::refresh_session,
};
use crate::{Context, Error, Request, Result, forgery};

/// The check in front of a route; on the refresh path a refresh. Every method is checked: what CORS
/// answers doesn't come here, as CORS lies around the check.
pub(crate) async fn verify_session(
    cx: &Context,
    options: &SessionOptions,
) -> Result<Option<Session>> {
    if is_refresh(request(cx)?, SessionInstance::of(cx)?) {
        return Box::pin(refresh_session(cx)).await.map(Some);
    }
    get_session(cx, options).await
}

/// What [`verify_session`] finds, where nothing has to be awaited for it.
pub(crate) fn session_at_once(cx: &Context, options: &SessionOptions) -> Option<Session> {
    if is_refresh(cx.request()?, SessionInstance::of(cx).ok()?) {
        return None;
    }
    Check::prepare(cx, options).ok()?.at_once(cx, options).ok()?
}

fn is_refresh(request: &Request, instance: &SessionInstance) -> bool {
    if *request.method() != Method::POST {
        return false;
    }
    let path = request.path();
    path.strip_suffix('/').unwrap_or(path) == instance.config().refresh_request_path
}

/// The session of the context's request.
pub(crate) async fn get_session(cx: &Context, options: &SessionOptions) -> Result<Option<Session>> {
    let check = Check::prepare(cx, options)?;
    if let Some(session) = check.at_once(cx, options)? {
        return Ok(Some(session));
    }
    // Boxed, so that the future in front of every handler is small.
    Box::pin(check.finish(cx, options)).await
}

/// What is known of a session before anything is awaited.
struct Check<'c> {
    instance: &'c SessionInstance,
    found: Option<Found>,
    checks_anti_csrf: bool,
}

impl<'c> Check<'c> {
    fn prepare(cx: &'c Context, options: &SessionOptions) -> Result<Self> {
        let request = request(cx)?;
        let instance = SessionInstance::of(cx)?;
        let config = instance.config();
        let incoming = Incoming::read(cx, config, request);
        let found = find_token(cx, instance, &incoming);
        // Beside a token that is read today, it is somebody else's.
        if found.is_none() && incoming.has_legacy_cookie {
            return Err(
                SessionError::try_refresh_token("the request carries a legacy session").into()
            );
        }
        let in_cookie = found.as_ref().is_some_and(|it| it.method == TokenTransferMethod::Cookie);
        let checks_anti_csrf = in_cookie
            && options.anti_csrf_check_override().unwrap_or(*request.method() != Method::GET);
        if checks_anti_csrf {
            check_custom_header(cx, config, request)?;
            forgery::check_origin(cx, request)?;
        }
        Ok(Self { instance, found, checks_anti_csrf })
    }

    /// The session where nothing has to be awaited for it: by a token that was verified before and
    /// satisfies every claim, without overrides.
    fn at_once(&self, cx: &Context, options: &SessionOptions) -> Result<Option<Session>> {
        let Some(Found { token, method, .. }) = &self.found else { return Ok(None) };
        let session = self.instance.session_at_once(
            cx,
            token,
            self.checks_anti_csrf,
            options.is_database_checked(),
        );
        let is_satisfied =
            |session: &Session| self.instance.are_claims_satisfied(cx, session, options);
        let Some(session) = session.filter(is_satisfied) else { return Ok(None) };
        session.attach_to_request_response(cx, *method)?;
        Ok(Some(session))
    }

    async fn finish(mut self, cx: &Context, options: &SessionOptions) -> Result<Option<Session>> {
        let (token, others, method) = match self.found.take() {
            Some(Found { token, others, method }) => (Some(token), others, method),
            None => (None, Vec::new(), TokenTransferMethod::Header),
        };
        let mut checked = self.get_session(cx, options, token).await;
        for other in others {
            let Err(Error::Session(refusal)) = &checked else { break };
            if !refusal.is_about_the_token() {
                break;
            }
            match self.get_session(cx, options, Some(other)).await {
                // Of a token that ended, and one that may be refreshed, the second says more.
                Err(Error::Session(SessionError::Unauthorised { .. })) => {}
                further => checked = further,
            }
        }
        let Some(session) = checked? else { return Ok(None) };
        assert_required_claims(cx, &session, options).await?;
        session.attach_to_request_response(cx, method)?;
        Ok(Some(session))
    }

    async fn get_session(
        &self,
        cx: &Context,
        options: &SessionOptions,
        token: Option<AccessToken>,
    ) -> Result<Option<Session>> {
        let mut input = GetSession::new(token)
            .session_required(options.is_session_required())
            .anti_csrf_check(self.checks_anti_csrf)
            .check_database(options.is_database_checked());
        if self.checks_anti_csrf {
            input.anti_csrf_token = read::anti_csrf_token(request(cx)?).map(Secret::from);
        }
        self.instance.get_session(cx, input).await
    }
}

/// Runs the validators that the route asks for.
pub(crate) async fn assert_required_claims(
    cx: &Context,
    session: &Session,
    options: &SessionOptions,
) -> Result<()> {
    let instance = SessionInstance::of(cx)?;
    if instance.are_claims_satisfied(cx, session, options) {
        return Ok(());
    }
    Box::pin(run_validators(cx, instance, session, options)).await
}

async fn run_validators(
    cx: &Context,
    instance: &SessionInstance,
    session: &Session,
    options: &SessionOptions,
) -> Result<()> {
    let globals = instance.global_claim_validators(cx, session).await?;
    let validators = options.required_validators(globals, session, cx).await?;
    if validators.is_empty() {
        return Ok(());
    }
    session.assert_claims(&validators).await
}

struct Found {
    token: AccessToken,
    /// Further cookies of the same name: where the first is refused, each of them is judged by
    /// itself.
    others: Vec<AccessToken>,
    method: TokenTransferMethod,
}

/// The access token, from the header before the cookie. What isn't one is passed over, so that
/// the application's own bearer tokens don't disturb, nor cookies of other sites under the same
/// domain.
fn find_token(cx: &Context, instance: &SessionInstance, incoming: &Incoming<'_>) -> Option<Found> {
    let config = instance.config();
    let allowed = config.allowed_transfer_method(cx, false);
    let parse = |text: &[u8]| instance.keys().token(cx, config, text);
    if allowed.allows(TokenTransferMethod::Header)
        && let Some(token) = incoming.bearer.and_then(parse)
    {
        return Some(Found { token, others: Vec::new(), method: TokenTransferMethod::Header });
    }
    if !allowed.allows(TokenTransferMethod::Cookie) {
        return None;
    }
    let method = TokenTransferMethod::Cookie;
    let first = incoming.cookie.as_deref().and_then(|text| parse(text.as_bytes()));
    if incoming.more_cookies.is_empty() {
        return first.map(|token| Found { token, others: Vec::new(), method });
    }
    let more = incoming.more_cookies.iter().filter_map(|text| parse(text.as_bytes()));
    let mut tokens: Vec<AccessToken> = first.into_iter().chain(more).collect();
    // The newest first: an older one may be of a domain that the application had before.
    tokens.sort_by_key(|token| std::cmp::Reverse(token.expiry_ms()));
    let mut tokens = tokens.into_iter();
    Some(Found { token: tokens.next()?, others: tokens.collect(), method })
}

fn check_custom_header(cx: &Context, config: &SessionConfig, request: &Request) -> Result<()> {
    if config.anti_csrf(cx)? == AntiCsrf::ViaCustomHeader && request.header("rid").is_none() {
        return Err(SessionError::try_refresh_token("the request lacks the rid header").into());
    }
    Ok(())
}

pub(super) fn request(cx: &Context) -> Result<&Request> {
    cx.request().ok_or_else(|| {
        Error::other("the context has no request: use the functions without request and response")
    })
}
