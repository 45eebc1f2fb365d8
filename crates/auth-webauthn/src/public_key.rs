//! A credential's public key, as COSE has it (RFC 9053, WebAuthn section 6.5.1).

use std::fmt;

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use curve25519_dalek::edwards::CompressedEdwardsY;

use crate::{
    Algorithm, Error, KeyError,
    cbor::{CborError, Keys, Reader},
};

const KTY_OKP: i64 = 1;
const KTY_EC2: i64 = 2;
const KTY_RSA: i64 = 3;

const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// 65537 has three; nobody's is longer than aws-lc-rs takes.
const MAX_RSA_EXPONENT_BYTES: usize = 4;

/// A key, parsed, for the one algorithm that it names.
///
/// ```
/// use auth_webauthn::{Algorithm, PublicKey};
///
/// // {1: 1, 3: -8, -1: 6, -2: …}, the key of RFC 8032's first test.
/// let mut cose = vec![0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20];
/// cose.extend(b"\xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\xfe\xd3\xc9\x64\x07\x3a");
/// cose.extend(b"\x0e\xe1\x72\xf3\xda\xa6\x23\x25\xaf\x02\x1a\x68\xf7\x07\x51\x1a");
/// assert_eq!(PublicKey::from_cose(&cose).unwrap().algorithm(), Algorithm::EdDsa);
/// ```
pub struct PublicKey {
    algorithm: Algorithm,
    key: ParsedPublicKey,
    /// For Ed25519 alone, whose parser takes whatever has the right length.
    edwards: Option<[u8; 32]>,
}

impl PublicKey {
    /// Reads a `COSE_Key` in canonical form. It has the parameters that its type demands, `alg`, and no
    /// others, as section 6.5.1 says.
    ///
    /// # Errors
    /// [`Error::PublicKey`]: not such a key, or not a point of its curve; for Ed25519 that is looked at
    /// in a registration alone, since no signature verifies with such a key.
    pub fn from_cose(cose: &[u8]) -> Result<Self, Error> {
        Self::read(cose).map_err(Error::PublicKey)
    }

    fn read(cose: &[u8]) -> Result<Self, KeyError> {
        let mut parameters = Parameters::read(cose)?;
        let algorithm = Algorithm::from_id(parameters.alg).ok_or(KeyError::UnknownAlgorithm)?;
        let mut edwards = None;
        let key = match algorithm {
            Algorithm::Es256 => parameters.point(KTY_EC2, 1, 32)?,
            Algorithm::Es384 => parameters.point(KTY_EC2, 2, 48)?,
            Algorithm::EdDsa => {
                let x = parameters.edwards()?;
                edwards = Some(x);
                x.to_vec()
            }
            Algorithm::Rs256 => {
                let key = parameters.rsa()?.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256);
                let key = key.map_err(|_| KeyError::Invalid)?;
                return Ok(Self { algorithm, key, edwards });
            }
        };
        let key = ParsedPublicKey::new(algorithm.verification(), key);
        Ok(Self { algorithm, key: key.map_err(|_| KeyError::Invalid)?, edwards })
    }

    /// The one algorithm that the key is for.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// A key that is no point of the curve, or isn't written as RFC 8032 section 5.1.3 demands, would never
    /// verify; with one of small order, such as all zeros, anybody can sign.
    pub(crate) fn check_point(&self) -> Result<(), KeyError> {
        let Some(x) = self.edwards else { return Ok(()) };
        let written = CompressedEdwardsY(x);
        match written.decompress() {
            Some(point) if !point.is_small_order() && point.compress() == written => Ok(()),
            _ => Err(KeyError::Invalid),
        }
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// The entries of the map. What `crv`, `x` and `y` are for curves, `n` and `e` are for RSA under the
/// same labels.
struct Parameters<'a> {
    reader: Reader<'a>,
    keys: Keys<'a>,
    left: usize,
    kty: i64,
    alg: i64,
}

impl<'a> Parameters<'a> {
    fn read(cose: &'a [u8]) -> Result<Self, CborError> {
        let mut reader = Reader::new(cose);
        let left = reader.map()?;
        let mut parameters = Self { reader, keys: Keys::default(), left, kty: 0, alg: 0 };
        parameters.kty = parameters.labelled(1, Reader::integer)?;
        parameters.alg = parameters.labelled(3, Reader::integer)?;
        Ok(parameters)
    }

    /// The next entry, which must have this label.
    fn labelled<T>(
        &mut self,
        label: i64,
        value: impl FnOnce(&mut Reader<'a>) -> Result<T, CborError>,
    ) -> Result<T, CborError> {
        self.left = self.left.checked_sub(1).ok_or(CborError::WrongEntry)?;
        let mut key = self.reader;
        self.keys.next(self.reader.item()?)?;
        if key.integer()? != label {
            return Err(CborError::WrongEntry);
        }
        value(&mut self.reader)
    }

    fn finish(&self) -> Result<(), CborError> {
        if self.left != 0 {
            return Err(CborError::WrongEntry);
        }
        self.reader.finish()
    }

    fn require_curve(&mut self, kty: i64, curve: i64) -> Result<(), KeyError> {
        if self.kty != kty || self.labelled(-1, Reader::integer)? != curve {
            return Err(KeyError::WrongType);
        }
        Ok(())
    }

    /// An uncompressed point (SEC 1 section 2.3.3). Compressed ones, whose `y` is a boolean, are not
    /// allowed by section 5.8.5.
    fn point(&mut self, kty: i64, curve: i64, length: usize) -> Result<Vec<u8>, KeyError> {
        self.require_curve(kty, curve)?;
        let x = self.labelled(-2, Reader::bytes)?;
        let y = self.labelled(-3, Reader::bytes)?;
        self.finish()?;
        if x.len() != length || y.len() != length {
            return Err(KeyError::Invalid);
        }
        Ok([&[4], x, y].concat())
    }

    fn edwards(&mut self) -> Result<[u8; 32], KeyError> {
        self.require_curve(KTY_OKP, 6)?;
        let x = self.labelled(-2, Reader::bytes)?;
        self.finish()?;
        x.try_into().map_err(|_| KeyError::Invalid)
    }

    /// RFC 8230 section 4, numbers in their shortest form.
    fn rsa(&mut self) -> Result<RsaPublicKeyComponents<&'a [u8]>, KeyError> {
        if self.kty != KTY_RSA {
            return Err(KeyError::WrongType);
        }
        let n = self.labelled(-1, Reader::bytes)?;
        let e = self.labelled(-2, Reader::bytes)?;
        self.finish()?;
        let bits = n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
        let shortest = n.first() != Some(&0) && e.first() != Some(&0);
        let odd = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1);
        let exponent = odd(e) && e != [1] && e.len() <= MAX_RSA_EXPONENT_BYTES;
        if !RSA_BITS.contains(&bits) || !shortest || !odd(n) || !exponent {
            return Err(KeyError::Invalid);
        }
        Ok(RsaPublicKeyComponents { n, e })
    }
}
