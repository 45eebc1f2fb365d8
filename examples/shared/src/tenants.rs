//! Tenants: sets of users that have nothing to do with each other, each with its own ways to sign in.

use std::str::FromStr;

use auth_core::{
    Auth, Result, factors::FactorId, recipes::multitenancy::CreateOrUpdateTenantInput,
};

/// What a sign-in may start with here.
const FIRST_FACTORS: [FactorId; 7] = [
    FactorId::EMAIL_PASSWORD,
    FactorId::WEBAUTHN,
    FactorId::THIRD_PARTY,
    FactorId::OTP_EMAIL,
    FactorId::OTP_PHONE,
    FactorId::LINK_EMAIL,
    FactorId::LINK_PHONE,
];

/// A tenant, and what its users sign in by.
#[derive(Clone, Debug)]
pub struct TenantFlag {
    pub(crate) name: String,
    first_factors: Vec<FactorId>,
}

impl FromStr for TenantFlag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, factors) = text.split_once('=').ok_or("write it as acme=emailpassword")?;
        let factor = |id: &str| {
            let known = FIRST_FACTORS.into_iter().find(|factor| factor.as_str() == id.trim());
            known.ok_or_else(|| {
                format!(
                    "\"{id}\" isn't one of {}",
                    FIRST_FACTORS.map(|it| it.to_string()).join(", ")
                )
            })
        };
        let first_factors = factors.split(',').map(factor).collect::<Result<_, _>>()?;
        Ok(Self { name: name.trim().to_owned(), first_factors })
    }
}

impl From<&TenantFlag> for CreateOrUpdateTenantInput {
    fn from(tenant: &TenantFlag) -> Self {
        Self::new(&*tenant.name).first_factors(tenant.first_factors.iter().cloned())
    }
}

/// Makes the tenants; those that are there already get the ways to sign in that are named now.
pub(crate) async fn make(auth: &Auth, tenants: &[TenantFlag]) -> Result<()> {
    for tenant in tenants {
        auth.multitenancy()?.create_or_update_tenant(tenant).await?;
    }
    Ok(())
}

/// The names of the tenants that there are. Who has customers that needn't know of each other tells
/// nobody.
pub(crate) async fn names(auth: &Auth) -> Result<Vec<String>> {
    let tenants = auth.multitenancy()?.list_all_tenants().await?;
    let names = tenants.into_iter().map(|tenant| tenant.tenant_id);
    Ok(names.filter(|id| !id.is_public()).map(|id| id.to_string()).collect())
}
