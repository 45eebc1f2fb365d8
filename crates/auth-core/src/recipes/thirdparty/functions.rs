//! What the recipe does.

use async_trait::async_trait;
use auth_protocol::{
    LoginMethod, RecipeId, TenantId, ThirdPartyInfo, User,
    thirdparty::{ProvidedEmail, ThirdPartySignInUp, ThirdPartySignInUpResponse},
    user::ListUsersByAccountInfo,
};

use super::{
    GetProviderInput, ManuallyCreateOrUpdateUserInput, ManuallyCreateOrUpdateUserOutcome,
    SignInUpInput, SignInUpOutcome, ThirdPartyInstance, ThirdPartyProvider,
    reasons::{ADDRESS_OF_ANOTHER, TAKEOVER_RISK},
};
use crate::{
    Context, Error, Result,
    factors::is_made_up_email,
    overrides::{Overrides, overridable},
    recipes::{
        accountlinking::{
            EmailChange, IsEmailChangeAllowedInput, ListUsersByAccountInfoInput, NewAccountInfo,
        },
        sign_in,
    },
};

/// A core's word, by which the two reasons of a change are told apart (CDI §1.5).
const OF_ANOTHER: &str = "Email already associated with another primary user.";

overridable! {
    /// The recipe's functions.
    pub struct ThirdPartyFunctions;
    /// Replaces functions of [`ThirdPartyFunctions`]; steps of a sign-in by one provider are replaced
    /// by a [`ProviderOverride`](super::ProviderOverride).
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::thirdparty::{
    ///         SignInUpInput, SignInUpOutcome, ThirdPartyFunctions, ThirdPartyOverride,
    ///     },
    /// };
    ///
    /// /// Keeps what the provider calls the user.
    /// struct KeepName;
    ///
    /// impl ThirdPartyOverride for KeepName {
    ///     async fn sign_in_up(
    ///         &self,
    ///         original: &ThirdPartyFunctions,
    ///         cx: &Context,
    ///         input: SignInUpInput,
    ///     ) -> Result<SignInUpOutcome> {
    ///         let outcome = original.sign_in_up(cx, input).await?;
    ///         if let SignInUpOutcome::Ok { user, identity, .. } = &outcome
    ///             && let Some(name) = identity.from_id_token.get("name")
    ///         {
    ///             cx.usermetadata()?.set_value(&user.id, "name", name.clone()).await?;
    ///         }
    ///         Ok(outcome)
    ///     }
    /// }
    /// ```
    pub trait ThirdPartyOverride;
    trait ThirdPartyBase;
    handle ThirdParty by thirdparty of ThirdPartyInstance;

    /// A provider of a tenant, ready to be used; `None` where the tenant hasn't got it.
    ///
    /// # Errors
    /// [`Error::Provider`] where no client can be chosen, or where it is stored in a way that can't
    /// work.
    async fn get_provider(input: GetProviderInput) -> Result<Option<ThirdPartyProvider>>;

    /// Signs in whom a provider has told, or creates the user. Starts no session.
    ///
    /// # Errors
    /// Where the account has no address.
    async fn sign_in_up(input: SignInUpInput) -> Result<SignInUpOutcome>;

    /// Creates a user by an account at a third party, or changes the address of the one that is known;
    /// no provider is asked. Starts no session.
    async fn manually_create_or_update_user(
        input: ManuallyCreateOrUpdateUserInput,
    ) -> Result<ManuallyCreateOrUpdateUserOutcome>;
}

pub(super) fn with_overrides(overrides: Overrides<ThirdPartyFunctions>) -> ThirdPartyFunctions {
    overrides.around(ThirdPartyFunctions::new(Base))
}

struct Base;

#[async_trait]
impl ThirdPartyBase for Base {
    async fn get_provider(
        &self,
        cx: &Context,
        input: GetProviderInput,
    ) -> Result<Option<ThirdPartyProvider>> {
        ThirdPartyInstance::of(cx)?.provider_of(cx, input).await
    }

    async fn sign_in_up(&self, cx: &Context, input: SignInUpInput) -> Result<SignInUpOutcome> {
        use ManuallyCreateOrUpdateUserOutcome as Outcome;
        let SignInUpInput { identity, tenant_id, session, should_try_linking_with_session_user } =
            input;
        let Some(email) = &identity.email else {
            return Err(Error::other("an account without an address can't sign in"));
        };
        let update = ManuallyCreateOrUpdateUserInput {
            is_verified: email.is_verified && !email.is_fake,
            tenant_id,
            session,
            should_try_linking_with_session_user,
            ..ManuallyCreateOrUpdateUserInput::new(
                &identity.third_party_id,
                &identity.third_party_user_id,
                &email.address,
            )
        };
        let functions = &ThirdPartyInstance::of(cx)?.functions;
        Ok(match functions.manually_create_or_update_user(cx, update).await? {
            Outcome::Ok { created_new_recipe_user, user, recipe_user_id } => {
                SignInUpOutcome::Ok { created_new_recipe_user, user, recipe_user_id, identity }
            }
            Outcome::EmailChangeNotAllowed { reason } => {
                let reason = if reason == OF_ANOTHER { ADDRESS_OF_ANOTHER } else { TAKEOVER_RISK };
                SignInUpOutcome::SignInUpNotAllowed { reason: reason.to_owned() }
            }
            Outcome::LinkingToSessionUserFailed(failure) => {
                SignInUpOutcome::LinkingToSessionUserFailed(failure)
            }
        })
    }

    async fn manually_create_or_update_user(
        &self,
        cx: &Context,
        input: ManuallyCreateOrUpdateUserInput,
    ) -> Result<ManuallyCreateOrUpdateUserOutcome> {
        use ManuallyCreateOrUpdateUserOutcome as Outcome;
        use ThirdPartySignInUpResponse as Answer;
        let ManuallyCreateOrUpdateUserInput {
            third_party_id,
            third_party_user_id,
            email,
            is_verified,
            tenant_id,
            session,
            should_try_linking_with_session_user: linking,
        } = input;
        // Nobody reads what is sent there, so that nobody has shown that it is theirs.
        let is_verified = is_verified && !is_made_up_email(&email);
        let session = session.as_ref();
        let account = account(&third_party_id, &third_party_user_id, None);
        let users = users_with(cx, &account, &tenant_id).await?;
        if let Some(method) = users.iter().find_map(|user| method_of(user, &account, &tenant_id))
            && !method.has_same_email_as(&email)
        {
            let change = IsEmailChangeAllowedInput {
                is_verified,
                session: session.cloned(),
                ..IsEmailChangeAllowedInput::new(&method.recipe_user_id, &email)
            };
            let change = cx.accountlinking()?.is_email_change_allowed(change).await?;
            if change == EmailChange::PrimaryUserConflict {
                return Ok(Outcome::EmailChangeNotAllowed { reason: OF_ANOTHER.to_owned() });
            }
            if let Some(reason) = change.reason() {
                return Ok(Outcome::EmailChangeNotAllowed { reason: reason.to_owned() });
            }
        }
        let email = ProvidedEmail { id: email, is_verified };
        let request = ThirdPartySignInUp { third_party_id, third_party_user_id, email };
        let (created_new_recipe_user, user, recipe_user_id) =
            match cx.core().call(&tenant_id, request).await? {
                Answer::Ok { created_new_user, user, recipe_user_id } => {
                    (created_new_user, user, recipe_user_id)
                }
                Answer::EmailChangeNotAllowedError { reason } => {
                    return Ok(Outcome::EmailChangeNotAllowed { reason });
                }
            };
        Ok(match sign_in::link(cx, &tenant_id, user, &recipe_user_id, session, linking).await? {
            Ok(user) => Outcome::Ok { created_new_recipe_user, user, recipe_user_id },
            Err(failure) => Outcome::LinkingToSessionUserFailed(failure),
        })
    }
}

/// What identifies an account, with an address where it is known.
pub(super) fn account(
    third_party_id: &str,
    third_party_user_id: &str,
    email: Option<&str>,
) -> NewAccountInfo {
    let mut account = NewAccountInfo::new(RecipeId::ThirdParty);
    account.email = email.map(str::to_owned);
    account.third_party = Some(ThirdPartyInfo {
        id: third_party_id.to_owned(),
        user_id: third_party_user_id.to_owned(),
    });
    account
}

/// The users of a tenant that have the account or its address, oldest first.
pub(super) async fn users_with(
    cx: &Context,
    account: &NewAccountInfo,
    tenant_id: &TenantId,
) -> Result<Vec<User>> {
    let (third_party_id, third_party_user_id) =
        account.third_party.clone().map(|it| (it.id, it.user_id)).unzip();
    // By a made-up address nobody is found: it is nobody's.
    let email = account.email.clone().filter(|email| !is_made_up_email(email));
    let info = ListUsersByAccountInfo {
        email,
        third_party_id,
        third_party_user_id,
        do_union_of_account_info: true,
        ..ListUsersByAccountInfo::default()
    };
    let search = ListUsersByAccountInfoInput::new(info).tenant_id(tenant_id);
    cx.accountlinking()?.list_users_by_account_info(search).await
}

/// A user's login method by the account in a tenant.
pub(super) fn method_of<'u>(
    user: &'u User,
    account: &NewAccountInfo,
    tenant_id: &TenantId,
) -> Option<&'u LoginMethod> {
    user.login_methods.iter().find(|method| {
        method.third_party.is_some()
            && method.third_party == account.third_party
            && method.tenant_ids.contains(tenant_id)
    })
}
