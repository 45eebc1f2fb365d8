//! The version in which the core is spoken to.

use std::sync::OnceLock;

use auth_protocol::CdiVersion;
use serde::Deserialize;

use super::{RemoteCore, RemoteError, error, request::Call};
use crate::{Context, single_flight::SingleFlight};

/// What is spoken here, newest first.
const SPOKEN: [CdiVersion; 3] = [CdiVersion::V5_6, CdiVersion::V5_5, CdiVersion::V5_4];

/// The version, once it has been found out.
#[derive(Default)]
pub(super) struct Negotiated {
    version: OnceLock<CdiVersion>,
    asking: SingleFlight,
}

#[derive(Deserialize)]
struct ApiVersions {
    versions: Vec<String>,
}

impl RemoteCore {
    /// The newest version that both sides speak; the core is asked at the first use.
    pub(super) async fn version(&self, cx: Option<&Context>) -> Result<CdiVersion, RemoteError> {
        let Negotiated { version, asking } = &self.0.negotiated;
        let known = || version.get().copied();
        match known() {
            Some(version) => Ok(version),
            None => asking.find(known, self.negotiate(cx)).await,
        }
    }

    /// Whether the core is known to speak nothing newer than what came before a version.
    pub(crate) fn is_before(&self, version: CdiVersion) -> bool {
        self.0.negotiated.version.get().is_some_and(|spoken| *spoken < version)
    }

    async fn negotiate(&self, cx: Option<&Context>) -> Result<CdiVersion, RemoteError> {
        let call =
            Call { method: "GET", target: "/apiversion", body: None, rid: None, version: None };
        let answer = self.send(cx, &call).await?;
        let offered: ApiVersions = serde_json::from_slice(&answer.body)
            .map_err(|error| error::unreadable("get_api_versions", &error))?;
        let theirs: Vec<CdiVersion> =
            offered.versions.iter().filter_map(|version| version.parse().ok()).collect();
        let common = SPOKEN.into_iter().find(|version| theirs.contains(version));
        let version = common.ok_or_else(|| RemoteError::NoCommonVersion {
            host: answer.host,
            theirs: error::shortened(&offered.versions.join(", ")),
            ours: SPOKEN.map(|version| version.to_string()).join(", "),
        })?;
        Ok(*self.0.negotiated.version.get_or_init(|| version))
    }
}
