//! `POST /recipe/signinup/code`

use auth_protocol::{
    Secret, TenantScope,
    passwordless::{CreateCode, CreateCodeResponse, CreatedCode},
};

use super::{
    budget::Budget,
    contact::Contact,
    exactly_one,
    rows::{self, DeviceRow, NewCode},
    secrets::{DeviceId, LinkCode, generate_salt, generate_user_input_code},
};
use crate::{
    Engine, EngineError, Handle, clock::saturating_ms, storage::in_tx, tenancy::require_tenant,
};

/// How often a code is drawn again that the device has already.
const DRAWS: usize = 3;

/// What became of one more code for a device.
enum Added {
    Code(Secret),
    /// The device is gone.
    NoDevice,
    /// The device had the code before.
    Known,
    /// The contact isn't sent any more for now.
    TooMany,
}

/// What the code is for.
enum Target {
    NewDevice(Contact),
    Device(DeviceId),
}

impl Handle<CreateCode> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateCode,
    ) -> Result<CreateCodeResponse, EngineError> {
        let CreateCode { email, phone_number, device_id, user_input_code } = operation;
        let target = exactly_one(
            [
                email.map(|address| Contact::email(&address).map(Target::NewDevice)),
                phone_number.map(|number| Contact::phone(&number).map(Target::NewDevice)),
                device_id.map(|id| DeviceId::read(&id).map(Target::Device)),
            ],
            "email, phoneNumber or deviceId",
        )??;
        if user_input_code.as_ref().is_some_and(Secret::is_empty) {
            let text = "userInputCode cannot be an empty string.";
            return Err(EngineError::BadRequest(text.to_owned()));
        }
        match target {
            Target::NewDevice(contact) => self.code_for(scope, contact, user_input_code).await,
            Target::Device(id) => self.code_for_device(scope, id, user_input_code).await,
        }
    }
}

impl Engine {
    async fn code_for(
        &self,
        scope: &TenantScope,
        contact: Contact,
        user_input_code: Option<Secret>,
    ) -> Result<CreateCodeResponse, EngineError> {
        let id = DeviceId::generate(self.random())?;
        let device = DeviceRow {
            hash: id.digest(),
            salt: generate_salt(self.random())?,
            failed_attempts: 0,
            max_attempts: self.config().passwordless_max_code_input_attempts.into(),
            contact,
        };
        let user_input_code = self.given_or_drawn(user_input_code.as_ref())?;
        let link_code = id.link_code(&device.salt, &user_input_code);
        let (code, digest) = (self.new_code()?, link_code.digest());
        let budget = Budget::of_sent_codes(self);
        // Who fills the whole budget at once can't end a device that somebody else has just got.
        let most_devices = 2 * self.config().passwordless_max_codes_per_contact as usize;
        let body = in_tx!(scope, device, code, digest, |tx| {
            require_tenant(tx, &scope).await?;
            let contact = &device.contact;
            let surplus = rows::lock_contact(tx, &scope, contact, most_devices).await?;
            if let Err(empty) = budget.take(tx, &scope, contact).await? {
                return Ok(Some(empty.retry_after));
            }
            for hash in &surplus {
                rows::delete_device(tx, &scope, hash).await?;
            }
            rows::insert_device(tx, &scope, &device, code.expires_at).await?;
            rows::insert_code(tx, &scope, &device.hash, &digest, &code).await?;
            Ok(None)
        });
        if let Some(retry_after) = self.store().write(body).await? {
            let what = "Too many codes were requested for this address or number";
            return Err(EngineError::LimitReached { what, retry_after });
        }
        Ok(CreateCodeResponse::Ok(created(id, user_input_code, &link_code, code)))
    }

    async fn code_for_device(
        &self,
        scope: &TenantScope,
        id: DeviceId,
        chosen: Option<Secret>,
    ) -> Result<CreateCodeResponse, EngineError> {
        for _ in 0..DRAWS {
            let user_input_code = self.given_or_drawn(chosen.as_ref())?;
            let code = self.new_code()?;
            let budget = Budget::of_sent_codes(self);
            let body = in_tx!(scope, id, user_input_code, code, |tx| {
                require_tenant(tx, &scope).await?;
                let hash = id.digest();
                let Some(device) = rows::lock_device(tx, &scope, &hash).await? else {
                    return Ok(Added::NoDevice);
                };
                let link_code = id.link_code(&device.salt, &user_input_code);
                let digest = link_code.digest();
                if rows::find_code(tx, &scope, &hash, &digest).await?.is_some() {
                    return Ok(Added::Known);
                }
                if budget.take(tx, &scope, &device.contact).await?.is_err() {
                    return Ok(Added::TooMany);
                }
                rows::insert_code(tx, &scope, &hash, &digest, &code).await?;
                Ok(Added::Code(link_code.to_secret()))
            });
            match self.store().write(body).await? {
                Added::NoDevice => return Ok(CreateCodeResponse::RestartFlowError),
                Added::Code(link_code) => {
                    let link_code = LinkCode::read(&link_code)?;
                    let created = created(id, user_input_code, &link_code, code);
                    return Ok(CreateCodeResponse::Ok(created));
                }
                // All that an SDK knows to tell its user in place of a code, who keeps the device.
                Added::TooMany => break,
                Added::Known if chosen.is_some() => break,
                Added::Known => {}
            }
        }
        Ok(CreateCodeResponse::UserInputCodeAlreadyUsedError)
    }

    fn given_or_drawn(&self, chosen: Option<&Secret>) -> Result<Secret, EngineError> {
        match chosen {
            Some(code) => Ok(code.clone()),
            None => generate_user_input_code(self.random()),
        }
    }

    fn new_code(&self) -> Result<NewCode, EngineError> {
        let created_at = self.clock().now_ms();
        let lifetime = saturating_ms(self.config().passwordless_code_lifetime);
        Ok(NewCode {
            id: self.random().uuid()?.to_string(),
            created_at,
            expires_at: created_at.saturating_add(lifetime),
        })
    }
}

fn created(
    id: DeviceId,
    user_input_code: Secret,
    link_code: &LinkCode,
    code: NewCode,
) -> CreatedCode {
    CreatedCode {
        pre_auth_session_id: id.digest(),
        code_id: code.id,
        device_id: id.into_secret(),
        user_input_code,
        link_code: link_code.to_secret(),
        code_lifetime: code.expires_at.saturating_sub(code.created_at),
        time_created: code.created_at,
    }
}
