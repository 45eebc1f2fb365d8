//! The recipe in use.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use http::Method;

use super::{
    ID, NoteSignInInput, SignInAlertsApi, SignInAlertsApis, SignInAlertsFunctions, api, send::PATH,
};
use crate::{Context, Recipe, RequiredRecipe, Result, Route, SignedIn, delivery::EmailSender};

/// What the application set.
pub(super) struct Settings {
    pub(super) regards_devices: bool,
    pub(super) regards_networks: bool,
    pub(super) link_lifetime: Duration,
    /// The page of the website that takes the place of ours.
    pub(super) website_page: Option<String>,
    pub(super) email_delivery: EmailSender,
}

/// The recipe in use, made of [`super::SignInAlertsRecipe`].
pub struct SignInAlertsInstance {
    pub(super) settings: Settings,
    functions: SignInAlertsFunctions,
    pub(super) apis: SignInAlertsApis,
    disabled: HashSet<SignInAlertsApi>,
    is_told_not_supported: AtomicBool,
}

impl SignInAlertsInstance {
    pub(super) fn new(
        settings: Settings,
        functions: SignInAlertsFunctions,
        apis: SignInAlertsApis,
        disabled: HashSet<SignInAlertsApi>,
    ) -> Self {
        let is_told_not_supported = AtomicBool::new(false);
        Self { settings, functions, apis, disabled, is_told_not_supported }
    }

    pub(super) fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The outermost layer of the functions.
    pub(super) fn functions(&self) -> &SignInAlertsFunctions {
        &self.functions
    }

    /// Says once that the core is one of the reference system.
    pub(super) fn tell_not_supported(&self) {
        if !self.is_told_not_supported.swap(true, Ordering::Relaxed) {
            tracing::warn!("the core keeps no networks of sign-ins: nobody is told of new ones");
        }
    }
}

impl Recipe for SignInAlertsInstance {
    fn id(&self) -> &'static str {
        ID
    }

    fn required_recipes(&self) -> &'static [RequiredRecipe] {
        &[RequiredRecipe::SESSION]
    }

    fn regards_known_devices(&self) -> bool {
        self.settings.regards_devices
    }

    /// Everything is done behind the answer: whatever becomes of it, the sign-in is as fast as without.
    fn signed_in(&self, cx: &Context, of: SignedIn<'_>) {
        let input = NoteSignInInput {
            session_handle: Some(of.session.get_handle().clone()),
            ..NoteSignInInput::new(of.user.clone(), of.recipe_user_id)
                .tenant_id(of.tenant_id)
                .created_new_user(of.created_new_user)
        };
        let later = cx.clone();
        cx.after_answer("alert about a sign-in", async move {
            later.signinalerts()?.note_sign_in(input).await.map(drop)
        });
    }

    fn routes(&self) -> Vec<Route> {
        use SignInAlertsApi as Api;
        let routes = [
            (
                Api::EndSessionsGet,
                Route::new("endSessionsGET", Method::GET, PATH, api::end_sessions_get),
            ),
            (
                Api::EndSessionsPost,
                // The page's form is no JSON; that it is meant, its token proves.
                Route::new("endSessionsPOST", Method::POST, PATH, api::end_sessions_post)
                    .from_any_site(),
            ),
        ];
        let enabled = routes.into_iter().filter(|(api, _)| !self.disabled.contains(api));
        enabled.map(|(_, route)| route).collect()
    }
}
