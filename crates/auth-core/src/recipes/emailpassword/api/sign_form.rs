//! What the forms to sign up and to sign in have in common.

use auth_protocol::{RecipeId, RecipeUserId, TenantId, User};

use super::{
    super::{FormFields, config::Field},
    SignInPostInput, SignUpPostInput,
};
use crate::{
    ApiCall, Context, Result,
    recipes::{
        accountlinking::NewAccountInfo,
        multifactorauth::FactorId,
        session::Session,
        sign_in::{PostAuth, PreAuth, SignInKind, SignInSession, load_session, post_auth_checks},
    },
};

/// A form, and the session that it came with.
pub(super) struct SignForm {
    pub(super) form_fields: FormFields,
    pub(super) tenant_id: TenantId,
    pub(super) session: Option<Session>,
    pub(super) should_try_linking_with_session_user: Option<bool>,
}

/// An input with a form's fields is that form, and the other way round.
macro_rules! is_a_form {
    ($input:ident) => {
        impl From<SignForm> for $input {
            fn from(form: SignForm) -> Self {
                let SignForm { form_fields, tenant_id, session, .. } = form;
                let should_try_linking_with_session_user =
                    form.should_try_linking_with_session_user;
                Self { form_fields, tenant_id, session, should_try_linking_with_session_user }
            }
        }

        impl From<$input> for SignForm {
            fn from(input: $input) -> Self {
                let $input { form_fields, tenant_id, session, .. } = input;
                let should_try_linking_with_session_user =
                    input.should_try_linking_with_session_user;
                Self { form_fields, tenant_id, session, should_try_linking_with_session_user }
            }
        }
    };
}

is_a_form!(SignUpPostInput);
is_a_form!(SignInPostInput);

impl SignForm {
    /// Reads a form, and the session that it came with.
    pub(super) async fn read(call: &ApiCall, form: &[Field]) -> Result<Self> {
        let body = call.cx.json_body()?;
        let form_fields = FormFields::read(&body)?;
        form_fields.validate(&call.cx, form, &call.tenant_id).await?;
        let SignInSession { should_try_linking, session, tenant_id } =
            load_session(call, &body).await?;
        Ok(Self {
            form_fields,
            tenant_id,
            session,
            should_try_linking_with_session_user: should_try_linking,
        })
    }

    /// What is checked before the credentials are.
    pub(super) fn pre_auth<'a>(
        &'a self,
        kind: SignInKind<'a>,
        users: &'a [User],
        is_verified: bool,
    ) -> PreAuth<'a> {
        let account = NewAccountInfo::new(RecipeId::EmailPassword).email(self.form_fields.email());
        PreAuth::new(&self.tenant_id, account, kind, users, [FactorId::EMAIL_PASSWORD])
            .session(self.session.as_ref(), self.should_try_linking_with_session_user)
            .verified(is_verified)
    }

    /// The session of a user whose credentials were right, or who has just been made.
    pub(super) async fn session_of(
        self,
        cx: &Context,
        user: &User,
        method: RecipeUserId,
        is_new: bool,
    ) -> Result<Session> {
        let post_auth = PostAuth::new(&self.tenant_id, user, method, FactorId::EMAIL_PASSWORD)
            .session(self.session)
            .created_new_recipe_user(is_new);
        post_auth_checks(cx, post_auth).await
    }
}
