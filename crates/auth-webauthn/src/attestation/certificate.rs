//! The certificate of an attestation (RFC 5280 section 4.1; WebAuthn section 8.2.1).

use super::der::{BOOLEAN, Der, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET};
use crate::AttestationError;

/// 2.5.4.6, 2.5.4.10, 2.5.4.11, 2.5.4.3.
const COUNTRY: &[u8] = &[0x55, 4, 6];
const ORGANIZATION: &[u8] = &[0x55, 4, 10];
const UNIT: &[u8] = &[0x55, 4, 11];
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
/// 2.5.29.19.
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 29, 19];
/// 1.3.6.1.4.1.45724.1.1.4: the model that the certificate is for.
const AAGUID: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0xe5, 0x1c, 1, 1, 4];

/// What is looked at of a certificate. Who issued it, and until when it is good, isn't.
pub(super) struct Certificate<'a> {
    version: &'a [u8],
    /// `SubjectPublicKeyInfo`.
    pub(super) public_key: &'a [u8],
    subject: Der<'a>,
    extensions: Der<'a>,
}

impl<'a> Certificate<'a> {
    pub(super) fn read(der: &'a [u8]) -> Result<Self, AttestationError> {
        let mut outer = Der::new(der);
        let mut certificate = outer.within(SEQUENCE)?;
        let mut signed = certificate.within(SEQUENCE)?;
        if !outer.is_empty() {
            return Err(AttestationError::UnreadableCertificate);
        }
        // A certificate without a version is one of version 1.
        let version = match signed.optional(0xa0)? {
            Some(version) => Der::new(version).read(INTEGER)?,
            None => &[0],
        };
        signed.read(INTEGER)?;
        signed.read(SEQUENCE)?;
        signed.read(SEQUENCE)?;
        signed.read(SEQUENCE)?;
        let subject = signed.within(SEQUENCE)?;
        let (public_key, _) = signed.whole(SEQUENCE)?;
        signed.optional(0x81)?;
        signed.optional(0x82)?;
        let extensions = match signed.optional(0xa3)? {
            Some(extensions) => Der::new(extensions).within(SEQUENCE)?,
            None => Der::new(&[]),
        };
        Ok(Self { version, public_key, subject, extensions })
    }

    /// The demands of section 8.2.1.
    pub(super) fn check(&self, aaguid: &[u8; 16]) -> Result<(), AttestationError> {
        let mut for_attestation = false;
        let mut names = [(COUNTRY, false), (ORGANIZATION, false), (COMMON_NAME, false)];
        let mut subject = self.subject;
        while !subject.is_empty() {
            let mut set = subject.within(SET)?;
            while !set.is_empty() {
                let mut attribute = set.within(SEQUENCE)?;
                let name = attribute.read(OBJECT_IDENTIFIER)?;
                let (_, value) = attribute.any()?;
                for (known, found) in &mut names {
                    *found |= *known == name;
                }
                for_attestation |= name == UNIT && value == b"Authenticator Attestation";
            }
        }

        let mut no_authority = false;
        let mut extensions = self.extensions;
        while !extensions.is_empty() {
            let mut extension = extensions.within(SEQUENCE)?;
            let name = extension.read(OBJECT_IDENTIFIER)?;
            let critical = extension.optional(BOOLEAN)?.is_some_and(|critical| critical != [0]);
            let mut value = extension.within(OCTET_STRING)?;
            match name {
                // `cA` is left out where it is false.
                BASIC_CONSTRAINTS => {
                    let authority = value.within(SEQUENCE)?.optional(BOOLEAN)?;
                    no_authority = authority.is_none_or(|authority| authority == [0]);
                }
                AAGUID if critical || value.read(OCTET_STRING)? != aaguid => {
                    return Err(AttestationError::WrongAaguid);
                }
                _ => {}
            }
        }

        let named = names.iter().all(|(_, found)| *found);
        match self.version == [2] && named && for_attestation && no_authority {
            true => Ok(()),
            false => Err(AttestationError::CertificateRequirements),
        }
    }
}
