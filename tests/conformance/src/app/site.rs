//! What an adapter serves.

use auth_core::Auth;

use super::{AppRoute, Probe, routes};

/// The application with its handle, and where it lies on the server.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Site {
    /// The handle. The paths in its configuration are whole ones, with the prefix.
    pub auth: Auth,
    /// The path that the application and its middleware are mounted below, by the framework's
    /// own means for that; empty for an application that has the server for itself.
    pub prefix: &'static str,
    /// The origin of a website that may use the application with credentials.
    pub website: Option<&'static str>,
    probe: Probe,
}

impl Site {
    pub(crate) fn new(
        auth: Auth,
        prefix: &'static str,
        website: Option<&'static str>,
        probe: Probe,
    ) -> Self {
        Self { auth, prefix, website, probe }
    }

    /// Every route of the application.
    pub fn routes(&self) -> Vec<AppRoute> {
        routes::all(&self.probe)
    }
}
