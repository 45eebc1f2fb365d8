//! The format `packed` (WebAuthn section 8.2).

use aws_lc_rs::signature::ParsedPublicKey;

use super::{Attestation, certificate::Certificate};
use crate::{
    Algorithm, AttestationError, PublicKey,
    authenticator_data::AttestedCredential,
    cbor::{CborError, Keys, Reader},
};

/// Authenticators have one or two.
const MAX_CERTIFICATES: usize = 8;

struct Statement<'a> {
    algorithm: i64,
    signature: &'a [u8],
    /// `None` where the credential signs itself.
    certificates: Option<Vec<&'a [u8]>>,
}

impl<'a> Statement<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, AttestationError> {
        let mut reader = Reader::new(bytes);
        let (mut keys, mut certificates) = (Keys::default(), None);
        let (mut algorithm, mut signature) = (None, None);
        for _ in 0..reader.map()? {
            let mut key = reader;
            keys.next(reader.item()?)?;
            match key.text()? {
                "alg" => algorithm = Some(reader.integer()?),
                "sig" => signature = Some(reader.bytes()?),
                "x5c" => certificates = Some(read_certificates(&mut reader)?),
                _ => return Err(CborError::WrongEntry.into()),
            }
        }
        match (algorithm, signature) {
            (Some(algorithm), Some(signature)) => Ok(Self { algorithm, signature, certificates }),
            _ => Err(CborError::WrongEntry.into()),
        }
    }
}

fn read_certificates<'a>(reader: &mut Reader<'a>) -> Result<Vec<&'a [u8]>, AttestationError> {
    let length = reader.array()?;
    if length > MAX_CERTIFICATES {
        return Err(AttestationError::TooManyCertificates);
    }
    (0..length).map(|_| Ok(reader.bytes()?)).collect()
}

/// The format's verification procedure; `message` is the authenticator data and the client data's hash.
pub(super) fn verify(
    statement: &[u8],
    message: &[u8],
    credential: &AttestedCredential<'_>,
    key: &PublicKey,
) -> Result<Attestation, AttestationError> {
    let statement = Statement::read(statement)?;
    let Some(certificates) = statement.certificates else {
        if statement.algorithm != key.algorithm().id() {
            return Err(AttestationError::Algorithm);
        }
        return match key.verify(message, statement.signature) {
            true => Ok(Attestation::SelfSigned),
            false => Err(AttestationError::BadSignature),
        };
    };

    let first = certificates.first().ok_or(CborError::WrongEntry)?;
    let certificate = Certificate::read(first)?;
    let algorithm = Algorithm::from_id(statement.algorithm).ok_or(AttestationError::Algorithm)?;
    let signer = ParsedPublicKey::new(algorithm.verification(), certificate.public_key)
        .map_err(|_| AttestationError::Algorithm)?;
    signer.verify_sig(message, statement.signature).map_err(|_| AttestationError::BadSignature)?;
    certificate.check(&credential.aaguid)?;
    let certificates = certificates.into_iter().map(<[u8]>::to_vec).collect();
    Ok(Attestation::Certified { certificates })
}
