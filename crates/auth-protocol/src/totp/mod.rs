//! One-time passwords by an authenticator app (TOTP, RFC 6238): six digits, HMAC-SHA-1.

mod create_device;
mod import_device;
mod list_devices;
mod model;
mod remove_device;
mod status_of_users;
mod update_device;
mod verify;
mod verify_device;

pub use create_device::{CreateTotpDevice, CreateTotpDeviceResponse};
pub use import_device::{ImportTotpDevice, ImportTotpDeviceResponse};
pub use list_devices::{ListTotpDevices, ListTotpDevicesResponse};
pub use model::{TotpDevice, TotpStatus};
pub use remove_device::{RemoveTotpDevice, RemoveTotpDeviceResponse};
pub use status_of_users::{GetTotpStatusOfUsers, GetTotpStatusOfUsersResponse};
pub use update_device::{UpdateTotpDevice, UpdateTotpDeviceResponse};
pub use verify::{VerifyTotp, VerifyTotpResponse};
pub use verify_device::{VerifyTotpDevice, VerifyTotpDeviceResponse};
