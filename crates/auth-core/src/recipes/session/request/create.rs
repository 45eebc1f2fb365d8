//! A new session for a request (FDI §2.5).

use auth_protocol::{User, UserId};

use super::{
    super::{
        AllowedTransferMethod, CreateNewSessionInput, NewSessionInput, SameSite, Session,
        SessionInstance, TokenTransferMethod, TokenType,
        claims::ClaimSubject,
        recipe::{SessionConfig, names},
        session::remove_protected,
    },
    device, read, write,
};
use crate::{Context, Error, Result, forgery};

/// Starts a session and attaches its tokens to the response. The user is looked up unless it is
/// known.
pub(crate) async fn create_new_session(
    cx: &Context,
    input: NewSessionInput,
    known: Option<&User>,
) -> Result<Session> {
    let instance = SessionInstance::of(cx)?;
    let input = prepare(cx, input, known).await?;
    let method = output_method(cx, instance)?;
    if method == TokenTransferMethod::Cookie {
        forgery::check_sign_in(cx)?;
    }
    let input = input.disable_anti_csrf(method == TokenTransferMethod::Header);
    let session = instance.functions().create_new_session(cx, input).await?;
    // Overrides may go on with the request's own session, whose tokens travel as before.
    if let Some(request) = cx.request()
        && !session.is_attached_to(cx)
    {
        let config = instance.config();
        for other in TokenTransferMethod::ALL.into_iter().filter(|other| *other != method) {
            let token = TokenType::Access;
            if !read::tokens_from_request(cx, config, request, token, other).is_empty() {
                write::clear_session(cx, config, other)?;
            }
        }
        if method == TokenTransferMethod::Cookie {
            write::clear_strays(cx, config)?;
        }
        session.attach_to_request_response(cx, method)?;
        if method == TokenTransferMethod::Cookie {
            device::offer(cx, instance, &session).await;
        }
    }
    Ok(session)
}

/// Finds the user and builds the payload: what was given, the issuer, and other recipes' claims.
pub(crate) async fn prepare(
    cx: &Context,
    input: NewSessionInput,
    known: Option<&User>,
) -> Result<CreateNewSessionInput> {
    let NewSessionInput { recipe_user_id, tenant_id, .. } = input;
    let user_id = if let Some(user) = known {
        user.id.clone()
    } else {
        let id = UserId::from(recipe_user_id.clone());
        // A session may be for somebody whom the core doesn't know.
        cx.accountlinking()?.get_user(&id).await?.map_or(id, |user| user.id)
    };
    let mut payload = input.access_token_payload;
    let issuer = cx.openid()?.get_openid_discovery_configuration().await?.issuer;
    payload.insert("iss".to_owned(), issuer.into());
    SessionInstance::of(cx)?.config().add_audience(&mut payload);
    remove_protected(&mut payload);
    let subject = ClaimSubject::new(user_id.clone(), recipe_user_id.clone(), tenant_id.clone());
    for claim in cx.auth().recipes().iter().flat_map(|recipe| recipe.session_claims()) {
        claim.fetch_into(cx, &subject, &mut payload).await?;
    }
    Ok(CreateNewSessionInput::new(user_id, recipe_user_id)
        .tenant_id(tenant_id)
        .access_token_payload(payload)
        .session_data_in_database(input.session_data_in_database)
        .disable_anti_csrf(input.disable_anti_csrf))
}

/// How what a client is to keep travels.
pub(crate) fn transfer_method(cx: &Context, config: &SessionConfig) -> TokenTransferMethod {
    match config.allowed_transfer_method(cx, true) {
        AllowedTransferMethod::Header => TokenTransferMethod::Header,
        AllowedTransferMethod::Cookie => TokenTransferMethod::Cookie,
        AllowedTransferMethod::Any => names::auth_mode(cx).unwrap_or(TokenTransferMethod::Header),
    }
}

/// How the new tokens travel. A cookie that browsers would drop is refused here, where somebody
/// sees it.
fn output_method(cx: &Context, instance: &SessionInstance) -> Result<TokenTransferMethod> {
    let config = instance.config();
    let method = transfer_method(cx, config);
    if method == TokenTransferMethod::Cookie
        && !config.cookie_secure
        && config.same_site(cx)? == SameSite::None
        && !config.same_site.is_local(cx)?
    {
        return Err(Error::other(
            "cookies with SameSite=None need Secure: serve the API by https, or bring API and \
             website under one site",
        ));
    }
    Ok(method)
}
