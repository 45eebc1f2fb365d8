//! One-time passwords by an authenticator app (RFC 6238).

mod check;
mod create_device;
mod device;
mod import_device;
mod list_devices;
mod remove_device;
mod status_of_users;
mod update_device;
mod verify;
mod verify_device;
