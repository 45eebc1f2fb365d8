//! The domains of the session's tenant in the access token.

use std::{sync::LazyLock, time::Duration};

use super::MultitenancyInstance;
use crate::recipes::session::claims::PrimitiveArrayClaim;

/// How old a value may be before a validator has it fetched again.
const MAX_AGE: Duration = Duration::from_secs(3600);

/// The domains on which users of the session's tenant may be, `st-t-dmns` in the payload: those that
/// [`get_allowed_domains_for_tenant_id`](super::MultitenancyRecipe::get_allowed_domains_for_tenant_id) says.
/// Without that setting there are none, so that a validator that wants one refuses every session.
///
/// ```
/// use auth_core::recipes::{multitenancy::ALLOWED_DOMAINS_CLAIM, session::SessionOptions};
///
/// let here = ALLOWED_DOMAINS_CLAIM.validators().includes(&"acme.example.com".to_owned(), None);
/// let options = SessionOptions::new().claims([here]);
/// # let _ = options;
/// ```
pub static ALLOWED_DOMAINS_CLAIM: LazyLock<PrimitiveArrayClaim<String>> = LazyLock::new(|| {
    PrimitiveArrayClaim::new("st-t-dmns", |cx, subject| async move {
        let Some(get) = &MultitenancyInstance::of(&cx)?.allowed_domains else {
            return Ok(Some(Vec::new()));
        };
        get(cx.clone(), subject.tenant_id).await.map(Some)
    })
    .default_max_age(MAX_AGE)
});
