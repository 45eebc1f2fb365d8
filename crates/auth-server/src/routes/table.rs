//! Every route, by its path.

use std::collections::HashMap;

use auth_protocol::for_each_operation;
use http::Method;

use super::{
    Route, api_version, config, features, hello, jwks, metrics, operation::operation, stats, tags,
    telemetry,
};

/// The recipe of a path that several recipes share, unless a request names another of them.
const DEFAULT_RID: &str = "emailpassword";

/// Every route.
pub(crate) struct RouteTable(HashMap<&'static str, Routes>);

/// The routes of one path.
#[derive(Default)]
pub(crate) struct Routes(Vec<Route>);

impl RouteTable {
    pub(crate) fn new() -> Self {
        macro_rules! operations {
            ($($operation:ty),* $(,)?) => { vec![$(operation::<$operation>()),*] };
        }
        let mut routes: Vec<Route> = for_each_operation!(operations);
        // What isn't an operation of an SDK, or has more to its answer than the operation's type.
        routes.extend(hello::routes());
        routes.extend(features::routes());
        routes.extend(jwks::routes());
        routes.extend([
            api_version::route(),
            config::route(),
            metrics::route(),
            stats::route(),
            tags::route(),
            telemetry::route(),
        ]);
        let mut table: HashMap<&'static str, Routes> = HashMap::new();
        for route in routes {
            let path = route.path.strip_suffix('/').unwrap_or(route.path);
            table.entry(path).or_default().add(route);
        }
        Self(table)
    }

    /// What is served at a path, which has no slash at its end.
    pub(crate) fn at(&self, path: &str) -> Option<&Routes> {
        self.0.get(path)
    }
}

impl Routes {
    /// The last one of a method and recipe counts.
    fn add(&mut self, route: Route) {
        self.0.retain(|other| (&other.method, other.rid) != (&route.method, route.rid));
        self.0.push(route);
    }

    /// Whether no key is needed.
    pub(crate) fn is_open(&self) -> bool {
        self.0.iter().all(|route| route.is_open)
    }

    /// The route for a method and, where recipes share the path, for the recipe that the request
    /// names.
    pub(crate) fn route(&self, method: &Method, rid: Option<&str>) -> Option<&Route> {
        let is_known = |rid: &&str| self.0.iter().any(|route| route.rid == Some(*rid));
        let rid = rid.filter(is_known).unwrap_or(DEFAULT_RID);
        self.0.iter().find(|route| {
            route.method == *method && route.rid.is_none_or(|of_route| of_route == rid)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cdi_0_1_a_shared_path_is_told_apart_by_the_recipe_and_falls_to_emailpassword() {
        let table = RouteTable::new();
        let routes = table.at("/recipe/user").unwrap();
        for rid in [None, Some("emailpassword"), Some("nonsense"), Some("session")] {
            let route = routes.route(&Method::PUT, rid).unwrap();
            assert_eq!(route.name(), "update_email_or_password", "{rid:?}");
        }
        assert!(routes.route(&Method::PATCH, None).is_none());
    }

    #[test]
    fn cdi_0_2_only_what_tells_nothing_of_users_needs_no_key() {
        let mut open: Vec<_> = RouteTable::new()
            .0
            .into_iter()
            .filter(|(_, routes)| routes.is_open())
            .map(|(path, _)| path)
            .collect();
        open.sort_unstable();
        assert_eq!(open, ["", "/.well-known/jwks.json", "/config", "/hello"]);
    }
}
