//! What the core signs for this library itself, beside access tokens: notes that a client carries and
//! that come back unaltered.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use auth_protocol::{
    JsonObject, TenantId,
    jwt::{CreateJwt, CreateJwtResponse},
};

use super::SessionInstance;
use crate::{Context, Error, Result};

/// In which order algorithms are tried, as only the core knows its own.
const ALGORITHMS: [&str; 3] = ["RS256", "EdDSA", "ES256"];

/// Which of the algorithms the core signs with.
#[derive(Default)]
pub(crate) struct NoteAlgorithm(AtomicUsize);

/// Has claims signed by the core's static key. What they are for stands in the claim `use`, by which
/// nothing is taken for something else; they have no version, and so are never access tokens.
pub(crate) async fn sign_note(
    cx: &Context,
    payload: &JsonObject,
    lifetime: Duration,
) -> Result<String> {
    let known = &SessionInstance::of(cx)?.note_algorithm().0;
    let first = known.load(Ordering::Relaxed);
    for step in 0..ALGORITHMS.len() {
        let which = (first + step) % ALGORITHMS.len();
        let Some(algorithm) = ALGORITHMS.get(which) else { continue };
        let operation = CreateJwt {
            algorithm: (*algorithm).to_owned(),
            jwks_domain: cx.auth().app_info().api_domain.clone(),
            payload: payload.clone(),
            validity_secs: lifetime.as_secs(),
            use_static_signing_key: true,
        };
        match cx.core().call(&TenantId::default(), operation).await? {
            CreateJwtResponse::Ok { jwt } => {
                known.store(which, Ordering::Relaxed);
                return Ok(jwt.expose_secret().to_owned());
            }
            CreateJwtResponse::UnsupportedAlgorithmError => {}
        }
    }
    Err(Error::other("the core signs with no algorithm that is known here"))
}
