//! What the authenticator says and signs (WebAuthn section 6.1).

use crate::{
    Error, Expected, Part,
    cbor::{CborError, Keys, Reader},
    client_data::sha256,
};

/// Keys of RSA have up to 1 KiB; ids too.
pub(crate) const MAX_BYTES: usize = 8 * 1024;
/// Section 7.1 step 25.
const MAX_CREDENTIAL_ID_BYTES: usize = 1023;
/// No authenticator has as many, and section 9 bounds their names.
const MAX_EXTENSIONS: usize = 32;
const MAX_EXTENSION_NAME_BYTES: usize = 32;

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const HAS_CREDENTIAL: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;

/// An extension's output by the authenticator.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Extension {
    /// Its identifier, such as `credProtect`.
    pub id: String,
    /// The output, one CBOR item in canonical form.
    pub cbor: Vec<u8>,
}

/// The new credential, as the authenticator describes it.
pub(crate) struct AttestedCredential<'a> {
    pub(crate) aaguid: [u8; 16],
    pub(crate) id: &'a [u8],
    pub(crate) public_key: &'a [u8],
    /// All of it, as it stood there.
    pub(crate) bytes: &'a [u8],
}

pub(crate) struct AuthenticatorData<'a> {
    rp_id_hash: &'a [u8],
    flags: u8,
    pub(crate) counter: u32,
    pub(crate) credential: Option<AttestedCredential<'a>>,
    pub(crate) extensions: Vec<Extension>,
}

impl<'a> AuthenticatorData<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::TooLong(Part::AuthenticatorData));
        }
        let (rp_id_hash, rest) = bytes.split_at_checked(32).ok_or(Error::AuthenticatorData)?;
        let (&flags, rest) = rest.split_first().ok_or(Error::AuthenticatorData)?;
        let (&counter, mut rest) = rest.split_first_chunk().ok_or(Error::AuthenticatorData)?;
        let credential = match flags & HAS_CREDENTIAL == 0 {
            true => None,
            false => Some(credential(&mut rest)?),
        };
        let extensions = match flags & HAS_EXTENSIONS == 0 {
            true => Vec::new(),
            false => extensions(&mut rest).map_err(|error| Error::Cbor(Part::Extensions, error))?,
        };
        if !rest.is_empty() {
            return Err(Error::AuthenticatorData);
        }
        let counter = u32::from_be_bytes(counter);
        Ok(Self { rp_id_hash, flags, counter, credential, extensions })
    }

    /// The steps that both ceremonies have in common.
    pub(crate) fn verify(&self, expected: &Expected<'_>) -> Result<(), Error> {
        // Steps 7.1.14 and 7.2.15.
        if self.rp_id_hash != sha256(expected.rp_id.as_bytes()) {
            return Err(Error::WrongRpId);
        }
        // Steps 7.1.15 and 7.2.16.
        if expected.user_presence && !self.has(USER_PRESENT) {
            return Err(Error::UserNotPresent);
        }
        // Steps 7.1.16 and 7.2.17.
        if expected.user_verification && !self.has(USER_VERIFIED) {
            return Err(Error::UserNotVerified);
        }
        // Steps 7.1.17 and 7.2.18.
        if self.backed_up() && !self.backup_eligible() {
            return Err(Error::BackupFlags);
        }
        Ok(())
    }

    pub(crate) fn user_verified(&self) -> bool {
        self.has(USER_VERIFIED)
    }

    pub(crate) fn backup_eligible(&self) -> bool {
        self.has(BACKUP_ELIGIBLE)
    }

    pub(crate) fn backed_up(&self) -> bool {
        self.has(BACKED_UP)
    }

    /// The bits 1 and 5 are reserved, and may be set one day.
    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

fn credential<'a>(rest: &mut &'a [u8]) -> Result<AttestedCredential<'a>, Error> {
    let all = *rest;
    let (&aaguid, after) = all.split_first_chunk().ok_or(Error::AuthenticatorData)?;
    let (&length, after) = after.split_first_chunk().ok_or(Error::AuthenticatorData)?;
    let length = usize::from(u16::from_be_bytes(length));
    // Step 7.1.25, before that much is looked at.
    if length == 0 || length > MAX_CREDENTIAL_ID_BYTES {
        return Err(Error::CredentialIdLength);
    }
    let (id, after) = after.split_at_checked(length).ok_or(Error::AuthenticatorData)?;
    let mut reader = Reader::new(after);
    let public_key = reader.item().map_err(|error| Error::Cbor(Part::AuthenticatorData, error))?;
    *rest = reader.rest();
    let bytes = all.get(..all.len() - rest.len()).unwrap_or_default();
    Ok(AttestedCredential { aaguid, id, public_key, bytes })
}

fn extensions(rest: &mut &[u8]) -> Result<Vec<Extension>, CborError> {
    let mut reader = Reader::new(rest);
    let length = reader.map()?;
    if length > MAX_EXTENSIONS {
        return Err(CborError::WrongEntry);
    }
    let (mut keys, mut extensions) = (Keys::default(), Vec::new());
    for _ in 0..length {
        let mut key = reader;
        keys.next(reader.item()?)?;
        let id = key.text()?;
        if id.len() > MAX_EXTENSION_NAME_BYTES {
            return Err(CborError::WrongEntry);
        }
        extensions.push(Extension { id: id.to_owned(), cbor: reader.item()?.to_vec() });
    }
    *rest = reader.rest();
    Ok(extensions)
}
