//! The rows of devices and codes.

use auth_protocol::TenantScope;

use super::contact::Contact;
use crate::{
    EngineError,
    storage::{Row, Tx, params},
};

const INSERT_DEVICE: &str = "INSERT INTO passwordless_devices (app_id, tenant_id, device_id_hash, \
    account_info_type, account_info_value, link_code_salt, failed_attempts, max_attempts, \
    expires_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)";

const INSERT_CODE: &str = "INSERT INTO passwordless_codes (app_id, tenant_id, code_id, \
    device_id_hash, link_code_hash, created_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

const EXTEND_DEVICE: &str = "UPDATE passwordless_devices SET expires_at = $4 WHERE app_id = $1 \
    AND tenant_id = $2 AND device_id_hash = $3 AND expires_at < $4";

/// A device and all others of its contact, always locked in the same order: who consumes a code
/// deletes them all, and two who do so at once must not wait for each other.
const LOCK_SIBLINGS: &str = "SELECT d.device_id_hash, d.link_code_salt, d.failed_attempts, \
    d.max_attempts, d.account_info_type, d.account_info_value FROM passwordless_devices d \
    WHERE d.app_id = $1 AND d.tenant_id = $2 AND (d.account_info_type, d.account_info_value) IN \
        (SELECT s.account_info_type, s.account_info_value FROM passwordless_devices s \
         WHERE s.app_id = $1 AND s.tenant_id = $2 AND s.device_id_hash = $3) \
    ORDER BY d.device_id_hash FOR UPDATE";

/// The devices of a contact, locked in the same order.
const LOCK_CONTACT: &str = "SELECT device_id_hash, expires_at FROM passwordless_devices \
    WHERE app_id = $1 AND tenant_id = $2 AND account_info_type = $3 AND account_info_value = $4 \
    ORDER BY device_id_hash FOR UPDATE";

/// Every code that a device has gives way to the one that it is about to get.
const REPLACE_CODES: &str = "UPDATE passwordless_codes SET is_replaced = TRUE WHERE app_id = $1 \
    AND tenant_id = $2 AND device_id_hash = $3 AND NOT is_replaced";

const FIND_CODE: &str = "SELECT code_id, expires_at, is_replaced FROM passwordless_codes \
    WHERE app_id = $1 AND tenant_id = $2 AND link_code_hash = $3 AND device_id_hash = $4";

const COUNT_ATTEMPT: &str = "UPDATE passwordless_devices SET failed_attempts = $4 \
    WHERE app_id = $1 AND tenant_id = $2 AND device_id_hash = $3";

const DELETE_CODE: &str = "DELETE FROM passwordless_codes \
    WHERE app_id = $1 AND tenant_id = $2 AND code_id = $3";

const DELETE_DEVICE: &str = "DELETE FROM passwordless_devices \
    WHERE app_id = $1 AND tenant_id = $2 AND device_id_hash = $3";

const DELETE_DEVICES_OF_CONTACT: &str = "DELETE FROM passwordless_devices WHERE app_id = $1 \
    AND tenant_id = $2 AND account_info_type = $3 AND account_info_value = $4";

/// A device.
#[derive(Clone)]
pub(super) struct DeviceRow {
    /// The digest of its id.
    pub(super) hash: String,
    pub(super) salt: String,
    pub(super) failed_attempts: i64,
    pub(super) max_attempts: i64,
    pub(super) contact: Contact,
}

impl DeviceRow {
    fn read(row: &Row) -> Result<Self, EngineError> {
        Ok(Self {
            hash: row.get("device_id_hash")?,
            salt: row.get("link_code_salt")?,
            failed_attempts: row.get("failed_attempts")?,
            max_attempts: row.get("max_attempts")?,
            contact: Contact::from_row(row)?,
        })
    }
}

/// A code about to be stored.
#[derive(Clone)]
pub(super) struct NewCode {
    pub(super) id: String,
    pub(super) created_at: i64,
    pub(super) expires_at: i64,
}

/// A code that is there.
pub(super) struct CodeRow {
    pub(super) id: String,
    pub(super) expires_at: i64,
    /// Whether a later one of its device took its place.
    pub(super) is_replaced: bool,
}

/// Stores a device without codes.
pub(super) async fn insert_device(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    device: &DeviceRow,
    expires_at: i64,
) -> Result<(), EngineError> {
    let TenantScope { app, tenant } = scope;
    let DeviceRow { hash, salt, max_attempts, contact, .. } = device;
    let (kind, value) = (contact.kind(), contact.value());
    let parameters = params![app, tenant, hash, kind, value, salt, max_attempts, expires_at];
    tx.execute(INSERT_DEVICE, parameters).await?;
    Ok(())
}

/// Locks the devices of a contact; the oldest, where there are `most`, are those that must
/// [go](delete_device) to make room for one.
pub(super) async fn lock_contact(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    contact: &Contact,
    most: usize,
) -> Result<Vec<String>, EngineError> {
    let (kind, value) = (contact.kind(), contact.value());
    let parameters = params![scope.app, scope.tenant, kind, value];
    let mut devices: Vec<(i64, String)> = Vec::new();
    for row in tx.query(LOCK_CONTACT, parameters).await? {
        devices.push((row.get("expires_at")?, row.get("device_id_hash")?));
    }
    devices.sort_unstable();
    let surplus = (devices.len() + 1).saturating_sub(most);
    Ok(devices.into_iter().take(surplus).map(|(_, hash)| hash).collect())
}

/// Stores a code of a locked device in the place of those that it has, of which this is none.
pub(super) async fn insert_code(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    device: &str,
    link_code_hash: &str,
    code: &NewCode,
) -> Result<(), EngineError> {
    let TenantScope { app, tenant } = scope;
    let NewCode { id, created_at, expires_at } = code;
    tx.execute(REPLACE_CODES, params![app, tenant, device]).await?;
    let parameters = params![app, tenant, id, device, link_code_hash, created_at, expires_at];
    tx.execute(INSERT_CODE, parameters).await?;
    tx.execute(EXTEND_DEVICE, params![app, tenant, device, expires_at]).await?;
    Ok(())
}

/// Locks a device, and with it the others of its contact; `None` where it is gone.
pub(super) async fn lock_device(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    hash: &str,
) -> Result<Option<DeviceRow>, EngineError> {
    let rows = tx.query(LOCK_SIBLINGS, params![scope.app, scope.tenant, hash]).await?;
    for row in &rows {
        if row.get::<String>("device_id_hash")? == hash {
            return DeviceRow::read(row).map(Some);
        }
    }
    Ok(None)
}

/// The device that the code of a link belongs to.
pub(super) async fn device_of_link_code(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    link_code_hash: &str,
) -> Result<Option<String>, EngineError> {
    const SQL: &str = "SELECT device_id_hash FROM passwordless_codes \
        WHERE app_id = $1 AND tenant_id = $2 AND link_code_hash = $3";
    let row = tx.query_opt(SQL, params![scope.app, scope.tenant, link_code_hash]).await?;
    row.map(|row| row.get("device_id_hash")).transpose()
}

/// The device that the code with an id belongs to.
pub(super) async fn device_of_code(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    code_id: &str,
) -> Result<Option<String>, EngineError> {
    const SQL: &str = "SELECT device_id_hash FROM passwordless_codes \
        WHERE app_id = $1 AND tenant_id = $2 AND code_id = $3";
    let row = tx.query_opt(SQL, params![scope.app, scope.tenant, code_id]).await?;
    row.map(|row| row.get("device_id_hash")).transpose()
}

/// The code of a device with a digest.
pub(super) async fn find_code(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    device: &str,
    link_code_hash: &str,
) -> Result<Option<CodeRow>, EngineError> {
    let parameters = params![scope.app, scope.tenant, link_code_hash, device];
    let found = tx.query_opt(FIND_CODE, parameters).await?;
    let read = |row: Row| {
        Ok(CodeRow {
            id: row.get("code_id")?,
            expires_at: row.get("expires_at")?,
            is_replaced: row.get("is_replaced")?,
        })
    };
    found.map(read).transpose()
}

/// Writes how many wrong codes were typed in at a locked device.
pub(super) async fn count_attempt(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    device: &str,
    failed_attempts: i64,
) -> Result<(), EngineError> {
    let parameters = params![scope.app, scope.tenant, device, failed_attempts];
    tx.execute(COUNT_ATTEMPT, parameters).await?;
    Ok(())
}

/// Deletes a code; false if it was gone.
pub(super) async fn delete_code(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    code_id: &str,
) -> Result<bool, EngineError> {
    Ok(tx.execute(DELETE_CODE, params![scope.app, scope.tenant, code_id]).await? == 1)
}

/// Deletes a device with its codes.
pub(super) async fn delete_device(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    hash: &str,
) -> Result<(), EngineError> {
    tx.execute(DELETE_DEVICE, params![scope.app, scope.tenant, hash]).await?;
    Ok(())
}

/// Deletes every device of a contact in a tenant, with their codes.
pub(super) async fn delete_devices_of_contact(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    contact: &Contact,
) -> Result<(), EngineError> {
    let (kind, value) = (contact.kind(), contact.value());
    let parameters = params![scope.app, scope.tenant, kind, value];
    tx.execute(DELETE_DEVICES_OF_CONTACT, parameters).await?;
    Ok(())
}
