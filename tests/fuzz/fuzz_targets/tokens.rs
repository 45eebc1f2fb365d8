//! Any text is read as a token or refused, and no made-up token verifies.
#![no_main]

use auth_jwt::{KeySet, UnverifiedJwt};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|token: &str| {
    if let Ok(jwt) = UnverifiedJwt::parse(token) {
        assert!(jwt.verify(&KeySet::default()).is_err());
    }
});
