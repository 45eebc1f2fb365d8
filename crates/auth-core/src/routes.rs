//! Which route serves a request (FDI §5.1).

use std::sync::Arc;

use auth_protocol::TenantId;
use http::Method;

use crate::{Recipe, Request, Route, app_info::NormalisedAppInfo};

/// Every route of every recipe, in the order of the recipe list.
pub(crate) struct RouteTable {
    base_path: String,
    entries: Vec<Entry>,
    /// Those that don't stand below the base path.
    at_root: Vec<Route>,
}

struct Entry {
    recipe: &'static str,
    route: Route,
}

/// A route that was found for a request.
#[derive(Clone)]
pub struct RouteMatch {
    pub(crate) route: Route,
    pub(crate) tenant_id: TenantId,
}

impl RouteMatch {
    /// How much of the body is to be read; a larger one is answered with 413.
    pub fn body_limit_bytes(&self) -> usize {
        self.route.body_limit_bytes
    }

    /// The API's name, for logs.
    pub fn api(&self) -> &'static str {
        self.route.api
    }
}

impl RouteTable {
    pub(crate) fn new(app_info: &NormalisedAppInfo, recipes: &[Arc<dyn Recipe>]) -> Self {
        let (at_root, entries) = recipes
            .iter()
            .flat_map(|recipe| {
                let id = recipe.id();
                recipe.routes().into_iter().map(move |route| Entry { recipe: id, route })
            })
            .partition::<Vec<_>, _>(|entry| entry.route.is_at_root);
        let at_root = at_root.into_iter().map(|entry| entry.route).collect();
        Self { base_path: app_info.mounted_path().to_owned(), entries, at_root }
    }

    /// Whether a request could be for one of them, by its path alone.
    pub(crate) fn may_serve(&self, head: &Request) -> bool {
        // Most requests are for the application.
        head.is_under(&self.base_path) || self.at_root.iter().any(|route| head.is_under(route.path))
    }

    /// Candidates by `rid` first; without one, or where none of them matches, every recipe. It is
    /// looked for in requests under the base path only.
    pub(crate) fn find<'r>(
        &self,
        method: &Method,
        path: &str,
        rid: impl FnOnce() -> Option<&'r str>,
    ) -> Option<RouteMatch> {
        let is_it = |route: &&Route| route.method == *method && route.path == path;
        if let Some(route) = self.at_root.iter().find(is_it) {
            return Some(RouteMatch { route: route.clone(), tenant_id: TenantId::default() });
        }
        let path = self.strip_base(path)?;
        let tenant_and_rest = split_tenant(path);
        let find =
            |wanted: &dyn Fn(&str) -> bool| self.find_among(method, path, tenant_and_rest, wanted);
        rid()
            .filter(|rid| *rid != "anti-csrf")
            .and_then(|rid| find(&|recipe| rid_names(rid, recipe)))
            .or_else(|| find(&|_| true))
    }

    fn find_among(
        &self,
        method: &Method,
        path: &str,
        tenant_and_rest: Option<(&str, &str)>,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Option<RouteMatch> {
        let mut with_tenant = None;
        for entry in &self.entries {
            if entry.route.method != *method || !wanted(entry.recipe) {
                continue;
            }
            if entry.route.path == path {
                return Some(RouteMatch {
                    route: entry.route.clone(),
                    tenant_id: TenantId::default(),
                });
            }
            if let Some((tenant, rest)) = tenant_and_rest
                && with_tenant.is_none()
                && entry.route.path == rest
            {
                with_tenant = Some(RouteMatch {
                    route: entry.route.clone(),
                    tenant_id: TenantId::new(tenant),
                });
            }
        }
        with_tenant
    }

    /// What follows the base path. One trailing slash is dropped.
    fn strip_base<'p>(&self, path: &'p str) -> Option<&'p str> {
        let rest = path.strip_prefix(self.base_path.as_str())?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        rest.starts_with('/').then_some(rest)
    }
}

/// Splits `/<tenant>/<rest>`; a tenant is made of letters, digits and hyphens.
fn split_tenant(path: &str) -> Option<(&str, &str)> {
    let after_slash = path.strip_prefix('/')?;
    let end = after_slash.find('/')?;
    let (tenant, rest) = after_slash.split_at(end);
    let is_tenant = !tenant.is_empty()
        && tenant.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_tenant.then_some((tenant, rest))
}

/// The two combined recipes of old front ends stand for their parts.
fn rid_names(rid: &str, recipe: &str) -> bool {
    match rid {
        "thirdpartyemailpassword" => matches!(recipe, "thirdparty" | "emailpassword"),
        "thirdpartypasswordless" => matches!(recipe, "thirdparty" | "passwordless"),
        _ => rid == recipe,
    }
}
