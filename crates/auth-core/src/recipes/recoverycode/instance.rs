//! The recipe in use.

use std::{collections::HashSet, sync::Arc, time::Duration};

use http::Method;

use super::{ID, RecoveryCodeApi, RecoveryCodeApis, RecoveryCodeFunctions, api};
use crate::{
    Context, Recipe, RequiredRecipe, Result, Route,
    factors::Factors,
    recipes::{multifactorauth::MultiFactorAuthClaim, session::claims::ClaimValidator},
};

/// The recipe in use, made of [`super::RecoveryCodeRecipe`].
pub struct RecoveryCodeInstance {
    /// Before codes are generated.
    pub(super) fresh_factor: Arc<dyn ClaimValidator>,
    functions: RecoveryCodeFunctions,
    pub(super) apis: RecoveryCodeApis,
    disabled: HashSet<RecoveryCodeApi>,
}

impl RecoveryCodeInstance {
    pub(super) fn new(
        fresh_factor_max_age: Duration,
        functions: RecoveryCodeFunctions,
        apis: RecoveryCodeApis,
        disabled: HashSet<RecoveryCodeApi>,
    ) -> Self {
        let validators = MultiFactorAuthClaim::validators();
        let fresh_factor = validators.has_completed_default_factors(Some(fresh_factor_max_age));
        Self { fresh_factor, functions, apis, disabled }
    }

    pub(super) fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The outermost layer of the functions.
    pub(super) fn functions(&self) -> &RecoveryCodeFunctions {
        &self.functions
    }
}

impl Recipe for RecoveryCodeInstance {
    fn id(&self) -> &'static str {
        ID
    }

    fn required_recipes(&self) -> &'static [RequiredRecipe] {
        &[RequiredRecipe::SESSION, RequiredRecipe::MULTI_FACTOR_AUTH]
    }

    fn factors(&self) -> Option<&dyn Factors> {
        Some(self)
    }

    fn routes(&self) -> Vec<Route> {
        use RecoveryCodeApi as Api;
        let routes = [
            (
                Api::GenerateCodesPost,
                Route::new(
                    "generateCodesPOST",
                    Method::POST,
                    "/recoverycode/generate",
                    api::generate,
                ),
            ),
            (
                Api::ConsumeCodePost,
                Route::new("consumeCodePOST", Method::POST, "/recoverycode/consume", api::consume),
            ),
            (
                Api::CountCodesGet,
                Route::new("countCodesGET", Method::GET, "/recoverycode/count", api::count),
            ),
        ];
        routes
            .into_iter()
            .filter(|(api, _)| !self.disabled.contains(api))
            .map(|(_, route)| route)
            .collect()
    }
}
