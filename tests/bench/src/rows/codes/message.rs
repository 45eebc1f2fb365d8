//! Codes that were sent in a message. Each signs a new user up.

use auth_core::{
    Auth,
    protocol::{
        TenantId,
        passwordless::{
            CodeProof, ConsumeCode, ConsumeCodeResponse, CreateCode, CreateCodeResponse,
        },
    },
};
use futures_util::future::BoxFuture;

use super::Entry;
use crate::Outcome;

pub(super) fn make(
    auth: Auth,
    count: usize,
    turn: String,
) -> BoxFuture<'static, Outcome<Vec<Entry>>> {
    Box::pin(async move {
        let mut entries = Vec::new();
        for number in 0..count {
            let create = CreateCode::for_email(format!("user-{turn}-{number}@example.com"));
            let created = match auth.core().call(&TenantId::default(), create).await? {
                CreateCodeResponse::Ok(created) => created,
                other => return Err(format!("{other:?}").into()),
            };
            let proof = CodeProof::user_input_code(
                created.pre_auth_session_id,
                created.device_id,
                created.user_input_code,
            );
            let auth = auth.clone();
            entries.push(Box::new(move || consume(auth, proof)) as Entry);
        }
        Ok(entries)
    })
}

fn consume(auth: Auth, proof: CodeProof) -> BoxFuture<'static, auth_core::Result<bool>> {
    Box::pin(async move {
        let answer = auth.core().call(&TenantId::default(), ConsumeCode(proof)).await?;
        Ok(matches!(answer, ConsumeCodeResponse::Ok { .. }))
    })
}
