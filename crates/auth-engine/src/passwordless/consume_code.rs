//! `POST /recipe/signinup/code/consume`

use auth_protocol::{
    RecipeId, RecipeUserId, TenantScope, UserId,
    passwordless::{ConsumeCode, ConsumeCodeResponse as Response},
};

use super::{
    budget::Budget,
    contact::Contact,
    rows::{self, DeviceRow},
    verify::{Limits, Proof, Verdict, verify},
};
use crate::{
    Engine, EngineError, Handle, activity,
    audit::Event,
    emailverification,
    storage::{Tx, in_tx},
    tenancy::require_tenant,
    user::{
        self,
        identity::{self, NewMethod},
    },
};

impl Handle<ConsumeCode> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ConsumeCode,
    ) -> Result<Response, EngineError> {
        let proof = Proof::read(operation.0)?;
        let limits = Limits::of(self);
        let now_ms = limits.now_ms();
        let budget = Budget::of_sent_codes(self);
        let new_id = RecipeUserId::from(self.random().uuid()?.to_string());
        let audit = self.audit();
        let body = in_tx!(scope, proof, new_id, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let mut wrong = None;
            let response = match verify(tx, &scope, &proof, &limits, &mut wrong).await? {
                Verdict::Right { device, code_id } => {
                    // Who deletes the code has consumed it.
                    if !rows::delete_code(tx, &scope, &code_id).await? {
                        return Ok((Response::RestartFlowError, None));
                    }
                    // What its owner has used was wanted, whoever asked for it.
                    budget.fill(tx, &scope, &device.contact).await?;
                    let (response, user, event) =
                        sign_in(tx, &scope, device, new_id, now_ms).await?;
                    audit.append(tx, &scope, event).await?;
                    return Ok((response, Some(user)));
                }
                Verdict::Restart => Response::RestartFlowError,
                Verdict::LimitReached { retry_after_ms } => {
                    Response::LimitReachedError { retry_after_ms }
                }
                Verdict::Expired(attempts) => Response::ExpiredUserInputCodeError {
                    failed_code_input_attempt_count: attempts.failed,
                    maximum_code_input_attempts: attempts.max,
                },
                Verdict::Incorrect(attempts) => Response::IncorrectUserInputCodeError {
                    failed_code_input_attempt_count: attempts.failed,
                    maximum_code_input_attempts: attempts.max,
                },
            };
            if let Some(wrong) = wrong {
                let event = wrong.event(tx, &scope).await?;
                audit.append(tx, &scope, event).await?;
            }
            Ok((response, None))
        });
        let (response, active) = self.store().write(body).await?;
        if let Some(user_id) = active {
            // The time was written along with the rest; remembered, it isn't written again soon.
            self.activity().is_due(&scope.app, &user_id, now_ms);
        }
        Ok(response)
    }
}

/// Finds or creates the user that has the device's contact, which is proved now; says by the core's
/// own id who was active, and what is written down.
async fn sign_in(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    device: DeviceRow,
    new_id: RecipeUserId,
    now_ms: i64,
) -> Result<(Response, UserId, Event), EngineError> {
    let contact = &device.contact;
    rows::delete_devices_of_contact(tx, scope, contact).await?;
    let identity = contact.identity();
    let mut known = identity::hold(tx, scope, &identity).await?;
    if known.is_none() {
        let method = NewMethod { id: &new_id, identities: &[identity], time_joined: now_ms };
        if !identity::insert(tx, scope, &method).await? {
            // Another device of the same contact was quicker.
            known = identity::hold(tx, scope, &identity).await?;
        }
    }
    let created_new_user = known.is_none();
    let recipe_user_id = known.unwrap_or(new_id);
    if let Contact::Email(address) = contact {
        emailverification::set_verified(tx, &scope.app, &recipe_user_id, address).await?;
    }
    let (known, user) = user::find_met(tx, &scope.app, &recipe_user_id).await?;
    activity::touch(tx, &scope.app, &known.primary, now_ms).await?;
    let event = Event::signed_in(created_new_user, RecipeId::Passwordless).user(&known.primary);
    let event = event.detail("contact", contact.value());
    let response = Response::Ok {
        created_new_user,
        user,
        recipe_user_id: known.shown_id,
        consumed_device: device.into(),
    };
    Ok((response, known.primary, event))
}
