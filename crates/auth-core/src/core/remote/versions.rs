//! The version in which the core is spoken to.

use auth_protocol::CdiVersion;
use serde::Deserialize;

use super::{RemoteCore, RemoteError, request::Call};
use crate::Context;

/// What is spoken here, newest first.
const SPOKEN: [CdiVersion; 3] = [CdiVersion::V5_6, CdiVersion::V5_5, CdiVersion::V5_4];

#[derive(Deserialize)]
struct ApiVersions {
    versions: Vec<String>,
}

impl RemoteCore {
    /// Asks which versions the core speaks, and takes the newest that is spoken here, too.
    pub(super) async fn negotiate(&self, cx: Option<&Context>) -> Result<CdiVersion, RemoteError> {
        let call =
            Call { method: "GET", target: "/apiversion", body: None, rid: None, version: None };
        let answer = self.send(cx, &call).await?;
        let offered: ApiVersions = serde_json::from_slice(&answer.body).map_err(|error| {
            RemoteError::Unreadable { operation: "get_api_versions", reason: error.to_string() }
        })?;
        let theirs: Vec<CdiVersion> =
            offered.versions.iter().filter_map(|version| version.parse().ok()).collect();
        SPOKEN.into_iter().find(|version| theirs.contains(version)).ok_or_else(|| {
            RemoteError::NoCommonVersion {
                host: self.0.hosts.in_turn().next().map(super::Host::name).unwrap_or_default(),
                theirs: offered.versions.join(", "),
                ours: SPOKEN.map(|version| version.to_string()).join(", "),
            }
        })
    }
}
