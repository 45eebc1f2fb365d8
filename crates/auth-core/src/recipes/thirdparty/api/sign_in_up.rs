//! `POST /signinup`

use auth_protocol::{JsonObject, LoginMethod, User};
use auth_providers::{AuthorizationReturn, Tokens};
use serde_json::{Value, json};

use super::{
    super::{
        SignInUpInput, SignInUpOutcome, ThirdPartyInstance,
        functions::{account, method_of, users_with},
        reasons::{SIGN_IN, SIGN_UP},
    },
    Credential, SignInUpPostInput, SignInUpPostOutcome, provider_of,
};
use crate::{
    ApiCall, Context, Error, Response, Result,
    factors::{FactorId, is_made_up_email},
    fdi::{created_user_flag, user_json},
    limits::{self, Action, Attempt},
    recipes::{
        emailverification,
        sign_in::{self, PostAuth, PreAuth, SignInKind, SignInSession},
    },
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let body = cx.json_body()?;
    let third_party_id = required_text(&body, "thirdPartyId")?;
    let credential = credential(&body)?;
    let client_type = text(&body, "clientType")?;
    let SignInSession { should_try_linking, session, tenant_id } =
        sign_in::load_session(&call, &body).await?;
    let admission = limits::admit(cx, &tenant_id, Attempt::new(Action::ThirdPartySignIn)).await?;
    let provider = provider_of(cx, third_party_id, &tenant_id, client_type).await?;
    let input = SignInUpPostInput {
        provider,
        credential,
        tenant_id,
        session,
        should_try_linking_with_session_user: should_try_linking,
    };
    Ok(match ThirdPartyInstance::of(cx)?.apis.sign_in_up_post(cx, input).await? {
        SignInUpPostOutcome::Ok { created_new_recipe_user, user, session, .. } => {
            admission.of_login_method(&user, session.get_recipe_user_id()).succeeded().await;
            Response::ok(&json!({
                "status": "OK",
                created_user_flag(cx): created_new_recipe_user,
                "user": user_json(cx, &user, session.get_recipe_user_id()),
            }))
        }
        SignInUpPostOutcome::NoEmailGivenByProvider => {
            Response::status_only("NO_EMAIL_GIVEN_BY_PROVIDER")
        }
        SignInUpPostOutcome::SignInUpNotAllowed { reason } => {
            Response::ok(&json!({ "status": "SIGN_IN_UP_NOT_ALLOWED", "reason": reason }))
        }
        SignInUpPostOutcome::ConfirmationRequired { reason, confirm_with } => {
            Response::ok(&json!({
                "status": "SIGN_IN_UP_NOT_ALLOWED",
                "reason": reason,
                "confirmWith": confirm_with,
            }))
        }
    })
}

/// By what the request wants to sign in: where there are both, by what the browser brought back.
fn credential(body: &JsonObject) -> Result<Credential> {
    if let Some(info) = object(body, "redirectURIInfo")? {
        let redirect_uri = required_text(info, "redirectURIOnProviderDashboard")?;
        let mut params = Vec::new();
        for (name, value) in object(info, "redirectURIQueryParams")?.into_iter().flatten() {
            match value {
                Value::Null => {}
                Value::String(value) => params.push((name, value)),
                _ => {
                    let text = "redirectURIQueryParams must be an object of strings";
                    return Err(Error::bad_input(text));
                }
            }
        }
        let back = AuthorizationReturn::new(redirect_uri, params);
        return Ok(Credential::RedirectUriInfo(match text(info, "pkceCodeVerifier")? {
            Some(verifier) => back.verifier(verifier),
            None => back,
        }));
    }
    match object(body, "oAuthTokens")? {
        Some(tokens) => Ok(Credential::OAuthTokens(Tokens::from_client(tokens.clone()))),
        None => Err(Error::bad_input(
            "Please provide one of redirectURIInfo or oAuthTokens in the request body",
        )),
    }
}

/// `null` counts as absent.
fn text(body: &JsonObject, name: &str) -> Result<Option<String>> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Error::bad_input(format!("{name} must be a string"))),
    }
}

fn required_text(body: &JsonObject, name: &str) -> Result<String> {
    match body.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        _ => Err(Error::bad_input(format!("Please provide the {name} in request body"))),
    }
}

fn object<'b>(body: &'b JsonObject, name: &str) -> Result<Option<&'b JsonObject>> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(_) => Err(Error::bad_input(format!("{name} must be an object"))),
    }
}

pub(super) async fn base(cx: &Context, input: SignInUpPostInput) -> Result<SignInUpPostOutcome> {
    let SignInUpPostInput {
        provider,
        credential,
        tenant_id,
        session,
        should_try_linking_with_session_user,
    } = input;
    let tokens = match credential {
        Credential::RedirectUriInfo(back) => {
            provider.exchange_auth_code_for_oauth_tokens(back).await?
        }
        Credential::OAuthTokens(tokens) => tokens,
    };
    let mut identity = provider.get_user_info(tokens).await?;
    let Some(email) = &mut identity.email else {
        return Ok(SignInUpPostOutcome::NoEmailGivenByProvider);
    };
    // Nobody reads what is sent to a made-up one, whoever vouches for it.
    email.is_verified &= !is_made_up_email(&email.address);
    let id = &identity.third_party_user_id;
    let account = account(&identity.third_party_id, id, Some(&email.address));
    let mut users = users_with(cx, &account, &tenant_id).await?;
    let is_known =
        |users: &[User]| users.iter().any(|user| method_of(user, &account, &tenant_id).is_some());
    if session.is_some() && !is_known(&users) {
        // The provider has said who it is.
        let is_it = |method: &LoginMethod| {
            method.third_party.is_some() && method.third_party == account.third_party
        };
        let is_proved = async |_| Ok(true);
        let session = session.as_ref();
        if sign_in::bring_into_tenant(cx, &tenant_id, session, is_it, is_proved).await? {
            users = users_with(cx, &account, &tenant_id).await?;
        }
    }
    let known = users.iter().find_map(|user| Some((user, method_of(user, &account, &tenant_id)?)));
    let (kind, reasons) = match known {
        Some((user, method)) => {
            // Whom the provider doesn't vouch for may have proved it here.
            if !email.is_verified && !is_made_up_email(&email.address) {
                let id = &method.recipe_user_id;
                email.is_verified = emailverification::has_proved(cx, id, &email.address).await?;
            }
            (SignInKind::SignIn(user), SIGN_IN)
        }
        None => (SignInKind::SignUp, SIGN_UP),
    };
    let pre_auth = PreAuth::new(&tenant_id, account, kind, &users, [FactorId::THIRD_PARTY])
        .session(session.as_ref(), should_try_linking_with_session_user)
        .verified(email.is_verified);
    let pre_auth = if email.is_verified { pre_auth.verifies() } else { pre_auth };
    if let Err(refusal) = sign_in::pre_auth_checks(cx, pre_auth.clone()).await? {
        let reason = refusal.reason(&reasons);
        return Ok(match sign_in::confirm_with(cx, &pre_auth).await? {
            Some(confirm_with) => {
                SignInUpPostOutcome::ConfirmationRequired { reason, confirm_with }
            }
            None => SignInUpPostOutcome::SignInUpNotAllowed { reason },
        });
    }
    let sign_in_up = SignInUpInput {
        tenant_id: tenant_id.clone(),
        session: session.clone(),
        should_try_linking_with_session_user,
        ..SignInUpInput::new(identity)
    };
    let functions = &ThirdPartyInstance::of(cx)?.functions;
    Ok(match functions.sign_in_up(cx, sign_in_up).await? {
        SignInUpOutcome::Ok { created_new_recipe_user, user, recipe_user_id, identity } => {
            let factor = FactorId::THIRD_PARTY;
            let post_auth = PostAuth::new(&tenant_id, &user, recipe_user_id, factor)
                .session(session)
                .created_new_recipe_user(created_new_recipe_user);
            let session = sign_in::post_auth_checks(cx, post_auth).await?;
            SignInUpPostOutcome::Ok { created_new_recipe_user, user, session, identity }
        }
        SignInUpOutcome::SignInUpNotAllowed { reason } => {
            SignInUpPostOutcome::SignInUpNotAllowed { reason }
        }
        SignInUpOutcome::LinkingToSessionUserFailed(failure) => {
            let reason = reasons.linking_failed(failure);
            SignInUpPostOutcome::SignInUpNotAllowed { reason }
        }
    })
}
