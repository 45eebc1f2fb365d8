//! The session check of a request (FDI §2.4).

use auth_protocol::Secret;
use http::Method;

use super::{
    super::{
        AccessToken, AntiCsrf, GetSessionInput, Session, SessionError, SessionInstance,
        SessionOptions, TokenTransferMethod, recipe::SessionConfig,
    },
    read::{self, Incoming},
    refresh::refresh_session,
    session_check::SessionCheck,
};
use crate::{Context, Error, Request, Result, forgery};

/// The check in front of a route; on the refresh path a refresh. Every method is checked: what CORS
/// answers doesn't come here, as CORS lies around the check.
pub(crate) fn verify_session(
    cx: &Context,
    options: &SessionOptions,
) -> SessionCheck<Option<Session>> {
    match is_refresh(cx) {
        Ok(false) => get_session(cx, options),
        Ok(true) => {
            let cx = cx.clone();
            SessionCheck::pending(async move { refresh_session(&cx).await.map(Some) })
        }
        Err(error) => SessionCheck::Ready(Err(error)),
    }
}

fn is_refresh(cx: &Context) -> Result<bool> {
    let request = request(cx)?;
    if *request.method() != Method::POST {
        return Ok(false);
    }
    let path = request.path();
    let refresh_path = &SessionInstance::of(cx)?.config().refresh_request_path;
    Ok(path.strip_suffix('/').unwrap_or(path) == refresh_path)
}

/// The session of the context's request.
pub(crate) fn get_session(cx: &Context, options: &SessionOptions) -> SessionCheck<Option<Session>> {
    let (instance, found) = match prepare(cx, options) {
        Ok(prepared) => prepared,
        Err(error) => return SessionCheck::Ready(Err(error)),
    };
    let Found { input, others, method } = found;
    match instance.get_session(cx, input) {
        SessionCheck::Ready(Ok(Some(session))) => admit(cx, options, session, method),
        SessionCheck::Ready(found) if others.is_empty() => SessionCheck::Ready(found),
        first => {
            let (cx, options) = (cx.clone(), options.clone());
            SessionCheck::pending(async move {
                match best(&cx, first, others).await? {
                    Some(session) => admit(&cx, &options, session, method).await,
                    None => Ok(None),
                }
            })
        }
    }
}

/// Lets a session pass whose claims satisfy the route.
fn admit(
    cx: &Context,
    options: &SessionOptions,
    session: Session,
    method: TokenTransferMethod,
) -> SessionCheck<Option<Session>> {
    let claims = assert_required_claims(cx, &session, options);
    let attach =
        move |cx: &Context| session.attach_to_request_response(cx, method).map(|()| Some(session));
    match claims {
        SessionCheck::Ready(claims) => SessionCheck::Ready(claims.and_then(|()| attach(cx))),
        SessionCheck::Pending(claims) => {
            let cx = cx.clone();
            SessionCheck::pending(async move { claims.await.and_then(|()| attach(&cx)) })
        }
    }
}

/// The first session of several cookies of one name.
async fn best(
    cx: &Context,
    first: SessionCheck<Option<Session>>,
    others: Vec<GetSessionInput>,
) -> Result<Option<Session>> {
    let instance = SessionInstance::of(cx)?;
    let mut checked = first.await;
    for other in others {
        let Err(Error::Session(refusal)) = &checked else { break };
        if !refusal.is_about_the_token() {
            break;
        }
        match instance.get_session(cx, other).await {
            // Of a token that ended, and one that may be refreshed, the second says more.
            Err(Error::Session(SessionError::Unauthorised { .. })) => {}
            further => checked = further,
        }
    }
    checked
}

/// Runs the validators that the route asks for.
pub(crate) fn assert_required_claims(
    cx: &Context,
    session: &Session,
    options: &SessionOptions,
) -> SessionCheck<()> {
    match SessionInstance::of(cx) {
        Ok(instance) if instance.are_claims_satisfied(cx, session, options) => {
            SessionCheck::Ready(Ok(()))
        }
        Ok(_) => {
            let (cx, session, options) = (cx.clone(), session.clone(), options.clone());
            SessionCheck::pending(async move { run_validators(&cx, &session, &options).await })
        }
        Err(error) => SessionCheck::Ready(Err(error)),
    }
}

async fn run_validators(cx: &Context, session: &Session, options: &SessionOptions) -> Result<()> {
    let globals = SessionInstance::of(cx)?.global_claim_validators(cx, session).await?;
    let validators = options.required_validators(globals, session, cx).await?;
    if validators.is_empty() {
        return Ok(());
    }
    session.assert_claims(&validators).await
}

/// What a request says of its session.
struct Found {
    input: GetSessionInput,
    /// Further cookies of the same name: where the first is refused, each of them is judged by
    /// itself.
    others: Vec<GetSessionInput>,
    method: TokenTransferMethod,
}

fn prepare<'c>(cx: &'c Context, options: &SessionOptions) -> Result<(&'c SessionInstance, Found)> {
    let request = request(cx)?;
    let instance = SessionInstance::of(cx)?;
    let config = instance.config();
    let incoming = Incoming::read(cx, config, request);
    let tokens = find_tokens(cx, instance, &incoming);
    // Beside a token that is read today, it is somebody else's.
    if tokens.is_none() && incoming.has_legacy_cookie {
        return Err(SessionError::try_refresh_token("the request carries a legacy session").into());
    }
    let in_cookie = matches!(tokens, Some(Tokens { method: TokenTransferMethod::Cookie, .. }));
    let checks_anti_csrf =
        in_cookie && options.anti_csrf_check_override().unwrap_or(*request.method() != Method::GET);
    if checks_anti_csrf {
        check_custom_header(cx, config, request)?;
        forgery::check_origin(cx, request)?;
    }
    let input = |token| {
        let mut input = GetSessionInput::new(token)
            .session_required(options.is_session_required())
            .anti_csrf_check(checks_anti_csrf)
            .check_database(options.is_database_checked());
        if checks_anti_csrf {
            input.anti_csrf_token = read::anti_csrf_token(request).map(Secret::from);
        }
        input
    };
    let found = match tokens {
        Some(Tokens { first, others, method }) => Found {
            input: input(Some(first)),
            others: others.into_iter().map(|token| input(Some(token))).collect(),
            method,
        },
        None => {
            Found { input: input(None), others: Vec::new(), method: TokenTransferMethod::Header }
        }
    };
    Ok((instance, found))
}

struct Tokens {
    first: AccessToken,
    others: Vec<AccessToken>,
    method: TokenTransferMethod,
}

/// The access token, from the header before the cookie. What isn't one is passed over, so that
/// the application's own bearer tokens don't disturb, nor cookies of other sites under the same
/// domain.
fn find_tokens(
    cx: &Context,
    instance: &SessionInstance,
    incoming: &Incoming<'_>,
) -> Option<Tokens> {
    let config = instance.config();
    let allowed = config.allowed_transfer_method(cx, false);
    let parse = |text: &[u8]| instance.keys().token(cx, config, text);
    if allowed.allows(TokenTransferMethod::Header)
        && let Some(first) = incoming.bearer.and_then(parse)
    {
        return Some(Tokens { first, others: Vec::new(), method: TokenTransferMethod::Header });
    }
    if !allowed.allows(TokenTransferMethod::Cookie) {
        return None;
    }
    let method = TokenTransferMethod::Cookie;
    let first = incoming.cookie.as_deref().and_then(|text| parse(text.as_bytes()));
    if incoming.more_cookies.is_empty() {
        return first.map(|first| Tokens { first, others: Vec::new(), method });
    }
    let more = incoming.more_cookies.iter().filter_map(|text| parse(text.as_bytes()));
    let mut tokens: Vec<AccessToken> = first.into_iter().chain(more).collect();
    // The newest first: an older one may be of a domain that the application had before.
    tokens.sort_by_key(|token| std::cmp::Reverse(token.expiry_ms()));
    let mut tokens = tokens.into_iter();
    Some(Tokens { first: tokens.next()?, others: tokens.collect(), method })
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
