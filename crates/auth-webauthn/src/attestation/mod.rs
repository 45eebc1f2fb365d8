//! What an authenticator shows of itself (WebAuthn sections 6.5 and 8).

mod certificate;
mod der;
mod packed;

use crate::{
    AttestationError, PublicKey,
    authenticator_data::AttestedCredential,
    cbor::{CborError, Reader},
};

/// What an authenticator has shown of itself. Whether that is enough is the application's to judge:
/// nobody here has certificates that it trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attestation {
    /// Nothing (format `none`).
    None,
    /// The new key has signed itself (format `packed`, without certificates).
    SelfSigned,
    /// The key of the first certificate has signed (format `packed`), and that one is as section 8.2.1
    /// demands. Nothing has been looked at of the others, nor who issued them and until when.
    Certified {
        /// X.509 in DER, the signer's first.
        certificates: Vec<Vec<u8>>,
    },
    /// A format that isn't read here. It proves nothing, and counts as [`None`](Self::None).
    Unverified {
        /// The format's name.
        format: String,
    },
}

/// The three entries of the map. Their order is the client's, and isn't signed: some clients write
/// `authData` second.
pub(crate) struct AttestationObject<'a> {
    format: &'a str,
    pub(crate) authenticator_data: &'a [u8],
    statement: &'a [u8],
}

impl<'a> AttestationObject<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, CborError> {
        let mut reader = Reader::new(bytes);
        let (mut format, mut data, mut statement) = (None, None, None);
        for _ in 0..reader.map()? {
            let doubled = match reader.text()? {
                "fmt" => format.replace(reader.text()?).is_some(),
                "authData" => data.replace(reader.bytes()?).is_some(),
                "attStmt" => statement.replace(reader.item()?).is_some(),
                _ => return Err(CborError::WrongEntry),
            };
            if doubled {
                return Err(CborError::KeyOrder);
            }
        }
        reader.finish()?;
        match (format, data, statement) {
            (Some(format), Some(authenticator_data), Some(statement)) => {
                Ok(Self { format, authenticator_data, statement })
            }
            _ => Err(CborError::WrongEntry),
        }
    }
}

/// Steps 21 and 22 of section 7.1.
pub(crate) fn verify(
    object: &AttestationObject<'_>,
    credential: &AttestedCredential<'_>,
    key: &PublicKey,
    client_data_hash: &[u8; 32],
) -> Result<Attestation, AttestationError> {
    match object.format {
        // Section 8.7: an empty map.
        "none" => {
            let mut statement = Reader::new(object.statement);
            if statement.map()? != 0 {
                return Err(CborError::WrongEntry.into());
            }
            Ok(Attestation::None)
        }
        "packed" => {
            let message = [object.authenticator_data, client_data_hash].concat();
            packed::verify(object.statement, &message, credential, key)
        }
        other => Ok(Attestation::Unverified { format: other.to_owned() }),
    }
}
