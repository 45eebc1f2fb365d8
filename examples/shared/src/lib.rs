//! The two-factor application, without a framework.
//!
//! Every framework's example serves this application: [`Options`] are its flags,
//! [`second_factor`] its overrides, [`App`] what its routes do, and [`Pages`] its
//! front ends. What is left to an example's `main.rs` is what is particular to its framework.

mod app;
mod auth;
mod devices;
mod options;
mod pages;
mod phone;
mod providers;
pub mod second_factor;
mod sms_factor;
mod tenants;

pub use app::{App, report, start};
pub use auth_serve::stop_signal;
pub use options::{DatabaseFlag, Options, PasswordlessFlow, TokenTransfer};
pub use pages::Pages;
pub use providers::ProviderFlag;
pub use tenants::TenantFlag;
