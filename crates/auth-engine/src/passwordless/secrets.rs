//! The secrets of devices and codes, and what is stored of them (CDI §4.3).

use auth_protocol::Secret;
use aws_lc_rs::{
    digest::{self, SHA256},
    hmac,
};
use base64::{
    Engine as _, alphabet,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig},
    },
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD},
};

use crate::{EngineError, Random};

/// 256 bits.
const DEVICE_ID_BYTES: usize = 32;
const SALT_BYTES: usize = 32;
/// What a user types in, unless the application chooses the code.
const USER_INPUT_CODE_DIGITS: usize = 6;

/// As the reference reads: with and without padding, and whatever the last bits are that stand for
/// no whole byte.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The secret of a device.
#[derive(Clone)]
pub(super) struct DeviceId(Secret, Vec<u8>);

impl DeviceId {
    pub(super) fn generate(random: &Random) -> Result<Self, EngineError> {
        let mut bytes = vec![0; DEVICE_ID_BYTES];
        random.fill(&mut bytes)?;
        Ok(Self(BASE64_STANDARD.encode(&bytes).into(), bytes))
    }

    pub(super) fn read(text: &Secret) -> Result<Self, EngineError> {
        let bytes = STANDARD.decode(text.expose_secret()).map_err(|_| encoding("deviceId"))?;
        Ok(Self(text.clone(), bytes))
    }

    /// As the browser keeps it.
    pub(super) fn into_secret(self) -> Secret {
        self.0
    }

    /// The digest that names the device (*pre-auth session id*).
    pub(super) fn digest(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&SHA256, &self.1))
    }

    /// The link code that belongs to a code that is typed in.
    pub(super) fn link_code(&self, salt: &str, user_input_code: &Secret) -> LinkCode {
        // The salt is this crate's own; were it damaged, no code would match.
        let salt = STANDARD.decode(salt).unwrap_or_default();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[self.1.as_slice(), &salt].concat());
        LinkCode(hmac::sign(&key, user_input_code.expose_secret().as_bytes()).as_ref().to_vec())
    }
}

/// The code in a link, and what a code that is typed in is compared by.
pub(super) struct LinkCode(Vec<u8>);

impl LinkCode {
    pub(super) fn read(text: &Secret) -> Result<Self, EngineError> {
        URL_SAFE.decode(text.expose_secret()).map(Self).map_err(|_| encoding("linkCode"))
    }

    /// As it stands in a link.
    pub(super) fn to_secret(&self) -> Secret {
        BASE64_URL_SAFE_NO_PAD.encode(&self.0).into()
    }

    /// The digest that is stored.
    pub(super) fn digest(&self) -> String {
        BASE64_URL_SAFE.encode(digest::digest(&SHA256, &self.0))
    }
}

/// A new device's salt.
pub(super) fn generate_salt(random: &Random) -> Result<String, EngineError> {
    let mut bytes = [0; SALT_BYTES];
    random.fill(&mut bytes)?;
    Ok(BASE64_STANDARD.encode(bytes))
}

/// A code to type in.
pub(super) fn generate_user_input_code(random: &Random) -> Result<Secret, EngineError> {
    let mut code = String::with_capacity(USER_INPUT_CODE_DIGITS);
    while code.len() < USER_INPUT_CODE_DIGITS {
        let mut bytes = [0; USER_INPUT_CODE_DIGITS * 2];
        random.fill(&mut bytes)?;
        // Bytes from 250 on would make some digits likelier than others.
        let digits =
            bytes.iter().filter(|byte| **byte < 250).map(|byte| char::from(b'0' + byte % 10));
        code.extend(digits.take(USER_INPUT_CODE_DIGITS - code.len()));
    }
    Ok(code.into())
}

/// A pre-auth session id without its padding, which some clients add.
pub(super) fn without_padding(pre_auth_session_id: &str) -> &str {
    pre_auth_session_id.trim_end_matches('=')
}

fn encoding(field: &str) -> EngineError {
    EngineError::BadRequest(format!("Input encoding error in {field}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python's `hmac` and `hashlib` from the formulas of CDI §4.3.
    #[test]
    fn digests_and_link_codes_are_those_of_the_wire() {
        let device = DeviceId::read(&BASE64_STANDARD.encode([1; 32]).into()).unwrap();
        let salt = BASE64_STANDARD.encode([2; 32]);
        let link_code = device.link_code(&salt, &"123456".into());
        assert_eq!(device.digest(), "cs1uhCLEB_ttCYaQ8RMLfe1-wvf14dML2dUh8BU2N5M");
        assert_eq!(
            link_code.to_secret().expose_secret(),
            "5F-gDG2dqpl_eq4dsP_kRyBN13fCEVVRhlGs8OCm6Q0"
        );
        assert_eq!(link_code.digest(), "jmMJX7FfBv1-iujNe7LhSYMLORrUmf7tgQMAiBatYOI=");
    }

    #[test]
    fn codes_have_six_digits_each_as_likely_as_the_others() {
        let random = Random::seeded(7);
        let mut counts = [0_u32; 10];
        for _ in 0..5_000 {
            let code = generate_user_input_code(&random).unwrap();
            assert_eq!(code.expose_secret().len(), 6);
            for digit in code.expose_secret().bytes() {
                counts[usize::from(digit - b'0')] += 1;
            }
        }
        // 3000 each are expected; five standard deviations are 260.
        assert!(counts.iter().all(|count| (2_740..3_260).contains(count)), "{counts:?}");
    }

    #[test]
    fn ids_are_read_with_and_without_padding_and_refused_in_another_alphabet() {
        let text = BASE64_STANDARD.encode([1; 32]);
        assert!(DeviceId::read(&text.trim_end_matches('=').into()).is_ok());
        for odd in ["random", "invalidDeviceId0", "invalidLinkCode", "AB", "ABC"] {
            assert!(DeviceId::read(&odd.into()).is_ok(), "{odd}");
            assert!(LinkCode::read(&odd.into()).is_ok(), "{odd}");
        }
        for wrong in ["-", "ä", "a b"] {
            let error = DeviceId::read(&wrong.into()).err().unwrap();
            assert_eq!(error.to_string(), "Input encoding error in deviceId");
        }
        assert_eq!(
            LinkCode::read(&"+".into()).err().unwrap().to_string(),
            "Input encoding error in linkCode"
        );
    }
}
