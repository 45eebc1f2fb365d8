//! What a request makes or changes, and from where it may (CDI §6.1).

use auth_protocol::{AppId, TenantId, TenantScope};

use super::apps::AppName;
use crate::EngineError;

/// A tenant as callers name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) app: AppName,
    pub(super) tenant: TenantId,
}

/// What a request names, by a checked name.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// A tenant of the app that it is addressed to.
    Tenant(TenantId),
    /// An app of the connection URI domain that it is addressed to.
    App(AppId),
    /// A connection URI domain; the default one's name is empty.
    Domain(String),
}

impl Target {
    /// The tenant that is meant by a request that is addressed to another one.
    pub(super) fn place(self, source: &Place) -> Place {
        let AppName { domain, app } = source.app.clone();
        match self {
            Self::Tenant(tenant) => Place { app: AppName { domain, app }, tenant },
            Self::App(app) => Place { app: AppName { domain, app }, tenant: TenantId::default() },
            Self::Domain(domain) => Place {
                app: AppName { domain, app: AppId::default() },
                tenant: TenantId::default(),
            },
        }
    }
}

impl Place {
    /// The tenant as it is stored.
    pub(super) fn scope(&self) -> TenantScope {
        self.app.scope(self.tenant.clone())
    }

    /// Whether this is the tenant that has its settings from the program's own.
    pub(super) fn is_base(&self) -> bool {
        self.app.is_base() && self.tenant.is_public()
    }

    /// Refuses to make or change a tenant from where that isn't allowed.
    pub(super) fn may_write(&self, target: &Self) -> Result<(), EngineError> {
        let is_of_app = target.tenant.is_public();
        let (source, other) = (&self.app, &target.app);
        let refusal = if !is_of_app {
            (!self.tenant.is_public() && self.tenant != target.tenant)
                .then_some("You must use the public or same tenant to add/update a tenant")
        } else if !other.app.is_public() {
            (!self.tenant.is_public() || (!source.app.is_public() && source.app != other.app))
                .then_some("You must use the public or same app to add/update an app")
        } else if source.domain != other.domain && !self.is_base() {
            Some(
                "You must use the default or same connectionUriDomain to create/update a \
                 connectionUriDomain",
            )
        } else {
            // Beyond the reference: its tenants may change the app's own settings.
            (!self.tenant.is_public())
                .then_some("You must use the public or same tenant to add/update a tenant")
        };
        refusal.map_or(Ok(()), |text| Err(forbidden(text)))
    }

    /// Refuses unless this is the app's tenant `public`.
    pub(super) fn must_be_app(&self, refusal: &str) -> Result<(), EngineError> {
        must(self.tenant.is_public(), refusal)
    }

    /// Refuses unless this is the tenant `public` of a domain's app `public`.
    pub(super) fn must_be_domain(&self, refusal: &str) -> Result<(), EngineError> {
        must(self.tenant.is_public() && self.app.app.is_public(), refusal)
    }

    /// Refuses unless this is the tenant that the program itself is set for.
    pub(super) fn must_be_base(&self, refusal: &str) -> Result<(), EngineError> {
        must(self.is_base(), refusal)
    }
}

fn must(is_so: bool, refusal: &str) -> Result<(), EngineError> {
    if is_so { Ok(()) } else { Err(forbidden(refusal)) }
}

pub(super) fn forbidden(text: &str) -> EngineError {
    EngineError::Forbidden(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(domain: &str, app: &str, tenant: &str) -> Place {
        Place { app: AppName { domain: domain.into(), app: app.into() }, tenant: tenant.into() }
    }

    #[test]
    fn cdi_6_1_a_tenant_is_made_from_the_public_or_the_same_one_and_an_app_from_the_public_or_itself()
     {
        let base = || place("", "public", "public");
        for (source, target, may) in [
            (base(), base(), true),
            (base(), place("", "public", "t1"), true),
            (place("", "public", "t1"), place("", "public", "t1"), true),
            (place("", "public", "t1"), place("", "public", "t2"), false),
            (place("", "public", "t1"), base(), false),
            (base(), place("", "a1", "public"), true),
            (place("", "a1", "public"), place("", "a1", "public"), true),
            (place("", "a2", "public"), place("", "a1", "public"), false),
            (place("", "public", "t1"), place("", "a1", "public"), false),
            (place("", "a1", "t1"), place("", "a1", "public"), false),
            (place("", "a1", "t1"), place("", "a1", "t1"), true),
            (base(), place("core.example.com", "public", "public"), true),
            (
                place("core.example.com", "public", "public"),
                place("core.example.com", "public", "public"),
                true,
            ),
            (
                place("core.example.com", "public", "public"),
                place("other.example.com", "public", "public"),
                false,
            ),
            (place("", "a1", "public"), place("core.example.com", "public", "public"), false),
            (place("core.example.com", "public", "public"), base(), false),
        ] {
            assert_eq!(source.may_write(&target).is_ok(), may, "{source:?} {target:?}");
        }
    }

    #[test]
    fn apps_of_other_domains_are_stored_by_names_that_no_app_can_have() {
        let scope = place("core.example.com", "a1", "t1").scope();
        assert_ne!(scope, place("other.example.com", "a1", "t1").scope());
        assert!(scope.app.as_str().len() <= 64 && super::super::names::app_id(&scope.app).is_err());
        assert_eq!(place("", "a1", "t1").scope().app, "a1");
    }
}
