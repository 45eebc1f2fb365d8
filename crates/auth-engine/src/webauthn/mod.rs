//! Sign-in by passkeys. A login method of this recipe is known by its address, and has passkeys of one
//! site; what authenticators say is verified by `auth_webauthn`.

mod asked;
mod consume_recovery_token;
mod create_recovery_token;
mod get_credential;
mod get_options;
mod get_user_of_recovery_token;
mod list_credentials;
mod name;
mod options;
mod part;
mod passkeys;
mod refusal;
mod register_credential;
mod registration;
mod registration_options;
mod remove_credential;
mod remove_options;
mod rename_credential;
mod sign_in;
mod sign_in_options;
mod sign_up;
mod tokens;
mod update_email;

pub(crate) use self::part::PART;
