//! What sign-up and sign-in have in common.

use auth_protocol::{JsonObject, RecipeId, RecipeUserId, TenantId, User};

use super::{
    super::{WebAuthnInstance, factor::VERIFIED},
    SignInPostInput, SignUpPostInput, body,
};
use crate::{
    ApiCall, Context, Result,
    factors::FactorId,
    recipes::{
        accountlinking::NewAccountInfo,
        multifactorauth::{MarkFactorAsCompleteInSessionInput, MultiFactorAuthInstance},
        session::Session,
        sign_in::{PostAuth, PreAuth, SignInKind, SignInSession, load_session, post_auth_checks},
    },
};

/// What a browser answered, and the session that it came with.
#[derive(Clone)]
pub(super) struct SignForm {
    pub(super) options_id: String,
    pub(super) credential: JsonObject,
    pub(super) tenant_id: TenantId,
    pub(super) session: Option<Session>,
    pub(super) should_try_linking: Option<bool>,
}

/// The inputs of routes and functions have the same fields as a form, and are made of one.
macro_rules! is_a_form {
    ($($input:ty),+) => {$(
        impl From<SignForm> for $input {
            fn from(form: SignForm) -> Self {
                Self {
                    tenant_id: form.tenant_id,
                    session: form.session,
                    should_try_linking_with_session_user: form.should_try_linking,
                    ..Self::new(form.options_id, form.credential)
                }
            }
        }

        impl From<$input> for SignForm {
            fn from(input: $input) -> Self {
                Self {
                    options_id: input.webauthn_generated_options_id,
                    credential: input.credential,
                    tenant_id: input.tenant_id,
                    session: input.session,
                    should_try_linking: input.should_try_linking_with_session_user,
                }
            }
        }
    )+};
}

is_a_form!(SignUpPostInput, SignInPostInput, super::super::SignUpInput, super::super::SignInInput);

impl SignForm {
    /// Reads an answer, and the session that it came with.
    pub(super) async fn read(call: &ApiCall) -> Result<Self> {
        let mut body = call.cx.json_body()?;
        let (options_id, credential) = body::answer(&mut body)?;
        let SignInSession { should_try_linking, session, tenant_id } =
            load_session(call, &body).await?;
        Ok(Self { options_id, credential, tenant_id, session, should_try_linking })
    }

    /// What is checked before the passkey is.
    pub(super) fn pre_auth<'a>(
        &'a self,
        email: &str,
        kind: SignInKind<'a>,
        users: &'a [User],
        is_verified: bool,
    ) -> PreAuth<'a> {
        let account = NewAccountInfo::new(RecipeId::Webauthn).email(email);
        PreAuth::new(&self.tenant_id, account, kind, users, [FactorId::WEBAUTHN])
            .session(self.session.as_ref(), self.should_try_linking)
            .verified(is_verified)
    }

    /// The session of a user whose passkey was right, or who has just been made.
    pub(super) async fn session_of(
        self,
        cx: &Context,
        user: &User,
        method: RecipeUserId,
        user_verified: bool,
        is_new: bool,
    ) -> Result<Session> {
        let post_auth = PostAuth::new(&self.tenant_id, user, method, FactorId::WEBAUTHN)
            .session(self.session)
            .created_new_recipe_user(is_new);
        let session = post_auth_checks(cx, post_auth).await?;
        let policy = &WebAuthnInstance::of(cx)?.settings.policy;
        let is_both = user_verified && policy.is_both_factors_in(session.get_tenant_id());
        if is_both && MultiFactorAuthInstance::find(cx).is_some() {
            let done = MarkFactorAsCompleteInSessionInput::new(session.clone(), VERIFIED);
            cx.multifactorauth()?.mark_factor_as_complete_in_session(done).await?;
        }
        Ok(session)
    }
}
