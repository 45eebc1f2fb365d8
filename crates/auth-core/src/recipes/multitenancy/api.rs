//! `GET /loginmethods` (FDI §1.8)

use async_trait::async_trait;
use auth_protocol::TenantId;
use http::{HeaderValue, header};
use serde_json::json;

use super::MultitenancyInstance;
use crate::{
    ApiCall, Context, LoginProvider, Response, Result,
    factors::FactorId,
    overrides::{Overrides, input, overridable},
    recipes::multifactorauth::FactorsInTenant,
};

input! {
    /// Whose ways to sign in are asked for.
    pub struct LoginMethodsGetInput from TenantId, &TenantId {
        /// The tenant.
        tenant_id: TenantId,
        ..
        /// Which clients of third parties the front end uses, where there are several.
        client_type: Option<String>,
    }
}

/// The ways to sign in to a tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoginMethods {
    /// What a sign-in may start with. Which recipes are told to be enabled follows from it.
    pub first_factors: Vec<FactorId>,
    /// The tenant's third parties.
    pub third_party_providers: Vec<LoginProvider>,
}

impl LoginMethods {
    /// These factors, without third parties.
    pub fn new(first_factors: impl IntoIterator<Item = FactorId>) -> Self {
        Self {
            first_factors: first_factors.into_iter().collect(),
            third_party_providers: Vec::new(),
        }
    }

    /// As the wire has it.
    fn response(&self) -> Response {
        const CODES: [FactorId; 4] =
            [FactorId::OTP_EMAIL, FactorId::OTP_PHONE, FactorId::LINK_EMAIL, FactorId::LINK_PHONE];
        let has = |id: &FactorId| self.first_factors.contains(id);
        Response::ok(&json!({
            "status": "OK",
            "emailPassword": { "enabled": has(&FactorId::EMAIL_PASSWORD) },
            "thirdParty": {
                "enabled": has(&FactorId::THIRD_PARTY),
                "providers": self.third_party_providers,
            },
            "webauthn": { "enabled": has(&FactorId::WEBAUTHN) },
            "passwordless": { "enabled": CODES.iter().any(has) },
            "firstFactors": self.first_factors,
        }))
    }
}

overridable! {
    /// The recipe's APIs.
    pub struct MultitenancyApis;
    /// Replaces APIs of [`MultitenancyApis`].
    pub trait MultitenancyApisOverride;
    trait MultitenancyApisBase;

    /// The ways to sign in to a tenant.
    ///
    /// # Errors
    /// [`Error::TenantNotFound`](crate::Error::TenantNotFound): 400.
    async fn login_methods_get(input: LoginMethodsGetInput) -> Result<LoginMethods>;
}

/// An API of this recipe, by its name in the reference SDKs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MultitenancyApi {
    /// `loginMethodsGET`: `GET /loginmethods`.
    LoginMethodsGet,
}

pub(super) fn with_overrides(overrides: Overrides<MultitenancyApis>) -> MultitenancyApis {
    overrides.around(MultitenancyApis::new(Base))
}

/// `GET /loginmethods`
pub(super) async fn login_methods(call: ApiCall) -> Result<Response> {
    let ApiCall { cx, tenant_id } = &call;
    let mut input = LoginMethodsGetInput::new(tenant_id);
    let client_type = cx.request().and_then(|request| request.query_param("clientType"));
    input.client_type = client_type.filter(|it| !it.is_empty());
    let apis = &MultitenancyInstance::of(cx)?.apis;
    let mut response = apis.login_methods_get(cx, input).await?.response();
    // A tenant's settings change while the program runs.
    response.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

struct Base;

#[async_trait]
impl MultitenancyApisBase for Base {
    async fn login_methods_get(
        &self,
        cx: &Context,
        input: LoginMethodsGetInput,
    ) -> Result<LoginMethods> {
        let LoginMethodsGetInput { tenant_id, client_type } = input;
        let mut methods = LoginMethods::new(FactorsInTenant::of(cx, &tenant_id).await?.first(cx));
        for recipe in cx.auth().recipes() {
            let offered = recipe.login_providers(cx, &tenant_id, client_type.as_deref()).await?;
            methods.third_party_providers.extend(offered);
        }
        Ok(methods)
    }
}
