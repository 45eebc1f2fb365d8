//! The session check of a request (FDI: `getSession`, `verifySession`).

use auth_protocol::Secret;
use http::Method;

use super::{
    super::{
        AccessToken, AntiCsrf, GetSession, Session, SessionError, SessionInstance, SessionOptions,
        TokenTransferMethod,
        config::SessionConfig,
        transport::{self, Incoming},
    },
    refresh::refresh_session,
};
use crate::{Context, Error, Request, Result};

/// The check in front of a route; on the refresh path a refresh.
pub(crate) async fn verify_session(
    cx: &Context,
    options: &SessionOptions,
) -> Result<Option<Session>> {
    match Asked::by(request(cx)?, SessionInstance::of(cx)?) {
        Asked::Nothing => Ok(None),
        Asked::Refresh => Box::pin(refresh_session(cx)).await.map(Some),
        Asked::Check => get_session(cx, options).await,
    }
}

/// What [`verify_session`] finds, where nothing has to be awaited for it.
pub(crate) fn session_at_once(cx: &Context, options: &SessionOptions) -> Option<Session> {
    match Asked::by(cx.request()?, SessionInstance::of(cx).ok()?) {
        Asked::Check => Check::prepare(cx, options).ok()?.at_once(cx, options).ok()?,
        Asked::Nothing | Asked::Refresh => None,
    }
}

/// What a request wants of the check in front of a route.
enum Asked {
    Nothing,
    Refresh,
    Check,
}

impl Asked {
    fn by(request: &Request, instance: &SessionInstance) -> Self {
        let method = request.method();
        if *method == Method::OPTIONS || *method == Method::TRACE {
            return Self::Nothing;
        }
        if *method == Method::POST {
            let path = request.path();
            let path = path.strip_suffix('/').unwrap_or(path);
            if path == instance.config().refresh_request_path {
                return Self::Refresh;
            }
        }
        Self::Check
    }
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
        if incoming.has_legacy_cookie {
            return Err(
                SessionError::try_refresh_token("the request carries a legacy session").into()
            );
        }
        let found = find_token(cx, instance, &incoming);
        let in_cookie = found.as_ref().is_some_and(|it| it.method == TokenTransferMethod::Cookie);
        if in_cookie && incoming.cookies > 1 {
            return Err(SessionError::try_refresh_token(
                "multiple access tokens are present in the request's cookies",
            )
            .into());
        }
        let checks_anti_csrf = in_cookie
            && options.anti_csrf_check_override().unwrap_or(*request.method() != Method::GET);
        if checks_anti_csrf {
            check_custom_header(cx, config, request)?;
        }
        Ok(Self { instance, found, checks_anti_csrf })
    }

    /// The session where nothing has to be awaited for it: by a token that was verified before and
    /// satisfies every claim, without overrides.
    fn at_once(&self, cx: &Context, options: &SessionOptions) -> Result<Option<Session>> {
        let Some(Found { token, method }) = &self.found else { return Ok(None) };
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

    async fn finish(self, cx: &Context, options: &SessionOptions) -> Result<Option<Session>> {
        let (token, method) = match self.found {
            Some(Found { token, method }) => (Some(token), method),
            None => (None, TokenTransferMethod::Header),
        };
        let mut input = GetSession::new(token)
            .session_required(options.is_session_required())
            .anti_csrf_check(self.checks_anti_csrf)
            .check_database(options.is_database_checked());
        if self.checks_anti_csrf {
            input.anti_csrf_token = transport::anti_csrf_token(request(cx)?).map(Secret::from);
        }
        let Some(session) = self.instance.get_session(cx, input).await? else {
            return Ok(None);
        };
        assert_required_claims(cx, &session, options).await?;
        session.attach_to_request_response(cx, method)?;
        Ok(Some(session))
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
    method: TokenTransferMethod,
}

/// The access token, from the header before the cookie. What isn't one is passed over, so that
/// the application's own bearer tokens don't disturb.
fn find_token(cx: &Context, instance: &SessionInstance, incoming: &Incoming<'_>) -> Option<Found> {
    let config = instance.config();
    let allowed = config.allowed_transfer_method(cx, false);
    [TokenTransferMethod::Header, TokenTransferMethod::Cookie]
        .into_iter()
        .filter(|method| allowed.allows(*method))
        .find_map(|method| {
            let text = incoming.token(method)?;
            let token = instance.keys().token(cx, config, text)?;
            Some(Found { token, method })
        })
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
