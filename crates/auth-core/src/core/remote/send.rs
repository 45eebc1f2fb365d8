//! A call on its way to one host after the other.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{RemoteCore, RemoteError, error, hosts::Host, request};
use crate::Context;

/// How often a call is repeated that the core has no capacity for.
const REPETITIONS: u32 = 5;

/// An answer with status 200.
pub(super) struct Answer {
    /// The host that gave it.
    pub(super) host: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl RemoteCore {
    /// Sends a call to one host after the other until one takes it, and again where that one has no
    /// capacity. What may have been done goes to one host only.
    pub(super) async fn send(
        &self,
        cx: Option<&Context>,
        call: &request::Call<'_>,
    ) -> Result<Answer, RemoteError> {
        let mut failures = Vec::new();
        for host in self.0.hosts.in_turn() {
            match self.send_to(host, cx, call).await {
                Err(error) if error.lets_another_host_try(call.is_read()) => failures.push(error),
                result => return result,
            }
        }
        Err(RemoteError::of_all_hosts(failures))
    }

    async fn send_to(
        &self,
        host: &Host,
        cx: Option<&Context>,
        call: &request::Call<'_>,
    ) -> Result<Answer, RemoteError> {
        let config = &self.0.config;
        let mut repetition = 0;
        loop {
            let request = request::build(config, host, cx, call)?;
            let sent = self.0.client.execute(request).await;
            let response = sent.map_err(|error| RemoteError::from_http(host, &error))?;
            let (status, headers) = (response.status(), response.headers().clone());
            if status == StatusCode::TOO_MANY_REQUESTS && repetition < REPETITIONS {
                (config.wait)(Duration::from_millis(10 + 250 * u64::from(repetition))).await;
                repetition += 1;
                continue;
            }
            let body = response.bytes().await;
            let body = body.map_err(|error| RemoteError::from_http(host, &error))?;
            return match status {
                StatusCode::OK => Ok(Answer { host: host.name(), headers, body }),
                status => Err(error::refused(host, config.api_key.as_ref(), status, &body)),
            };
        }
    }
}
