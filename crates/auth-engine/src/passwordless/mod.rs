//! Sign-in by one-time codes and magic links.

mod budget;
mod check_code;
mod consume_code;
mod contact;
mod create_code;
mod get_user;
mod list_codes;
mod part;
mod remove_code;
mod remove_codes;
mod rows;
mod secrets;
mod update_user;
mod verify;

pub(crate) use self::part::PART;
use crate::EngineError;

/// The one option that is given; refuses none and several with the wire's text.
fn exactly_one<T, const N: usize>(options: [Option<T>; N], names: &str) -> Result<T, EngineError> {
    let mut given = options.into_iter().flatten();
    match (given.next(), given.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(EngineError::BadRequest(format!("Please provide exactly one of {names}"))),
    }
}
