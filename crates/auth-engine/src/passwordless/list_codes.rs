//! `GET /recipe/signinup/codes`

use auth_protocol::{
    TenantScope,
    passwordless::{Device, DeviceCode, ListCodes, ListCodesResponse},
};

use super::{
    contact::Contact,
    exactly_one,
    secrets::{DeviceId, without_padding},
};
use crate::{
    Engine, EngineError, Handle,
    storage::{Row, in_tx, params},
    tenancy::require_tenant,
};

const OF_CONTACT: &str = "SELECT d.device_id_hash, d.failed_attempts, d.account_info_type, \
    d.account_info_value, c.code_id, c.created_at, c.expires_at FROM passwordless_devices d \
    LEFT JOIN passwordless_codes c ON c.app_id = d.app_id AND c.tenant_id = d.tenant_id \
        AND c.device_id_hash = d.device_id_hash \
    WHERE d.app_id = $1 AND d.tenant_id = $2 \
        AND d.account_info_type = $3 AND d.account_info_value = $4 \
    ORDER BY d.device_id_hash, c.created_at, c.code_id";

const OF_DEVICE: &str = "SELECT d.device_id_hash, d.failed_attempts, d.account_info_type, \
    d.account_info_value, c.code_id, c.created_at, c.expires_at FROM passwordless_devices d \
    LEFT JOIN passwordless_codes c ON c.app_id = d.app_id AND c.tenant_id = d.tenant_id \
        AND c.device_id_hash = d.device_id_hash \
    WHERE d.app_id = $1 AND d.tenant_id = $2 AND d.device_id_hash = $3 \
    ORDER BY c.created_at, c.code_id";

/// Which devices.
#[derive(Clone)]
enum Filter {
    Contact(Contact),
    Device(String),
}

impl Handle<ListCodes> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ListCodes,
    ) -> Result<ListCodesResponse, EngineError> {
        let ListCodes { email, phone_number, device_id, pre_auth_session_id } = operation;
        let filter = exactly_one(
            [
                email.map(|address| Contact::email(&address).map(Filter::Contact)),
                phone_number.map(|number| Contact::phone(&number).map(Filter::Contact)),
                device_id.map(|id| Ok(Filter::Device(DeviceId::read(&id)?.digest()))),
                pre_auth_session_id.map(|id| Ok(Filter::Device(without_padding(&id).to_owned()))),
            ],
            "email, phoneNumber, deviceId or preAuthSessionId",
        )??;
        let body = in_tx!(scope, filter, |tx| {
            require_tenant(tx, &scope).await?;
            let TenantScope { app, tenant } = &scope;
            match &filter {
                Filter::Contact(contact) => {
                    let (kind, value) = (contact.kind(), contact.value());
                    tx.query(OF_CONTACT, params![app, tenant, kind, value]).await
                }
                Filter::Device(hash) => tx.query(OF_DEVICE, params![app, tenant, hash]).await,
            }
        });
        let devices = group(&self.store().read(body).await?)?;
        Ok(ListCodesResponse::Ok { devices })
    }
}

/// Puts the codes that follow each other to their devices.
fn group(rows: &[Row]) -> Result<Vec<Device>, EngineError> {
    let mut devices: Vec<Device> = Vec::new();
    for row in rows {
        let pre_auth_session_id: String = row.get("device_id_hash")?;
        if devices.last().is_none_or(|last| last.pre_auth_session_id != pre_auth_session_id) {
            let contact = Contact::from_row(row)?;
            let (email, phone_number) = contact.into_parts();
            devices.push(Device {
                pre_auth_session_id,
                failed_code_input_attempt_count: row.get("failed_attempts")?,
                email,
                phone_number,
                codes: Vec::new(),
            });
        }
        if let (Some(device), Some(code_id)) = (devices.last_mut(), row.get("code_id")?) {
            let time_created: i64 = row.get("created_at")?;
            let code_lifetime = row.get::<i64>("expires_at")?.saturating_sub(time_created);
            device.codes.push(DeviceCode { code_id, time_created, code_lifetime });
        }
    }
    Ok(devices)
}
