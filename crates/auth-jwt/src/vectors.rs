//! Published vectors: those of the RFCs, and Project Wycheproof's good and forged signatures for
//! the three algorithms.

#![allow(clippy::unwrap_used)]

use auth_protocol::jwt::{Jwk, JwkKey};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use wycheproof::{TestResult, ecdsa, eddsa, rsa_pkcs1_verify};

use crate::{Algorithm, JwtError, UnverifiedJwt, VerifyingKey};

/// RFC 7515 appendix A.1.1: the claims of all its examples.
const CLAIMS: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt\
    cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

fn text(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn key(algorithm: Algorithm, key: JwkKey) -> Result<VerifyingKey, JwtError> {
    let (kid, alg) = ("k".to_owned(), algorithm.as_str().to_owned());
    VerifyingKey::from_jwk(&Jwk { key, kid, alg, public_key_use: "sig".to_owned() })
}

/// Verifies the signature of a token in compact form, whatever else its header says.
fn verify(key: &VerifyingKey, token: &str) -> Result<(), JwtError> {
    let (message, signature) = token.rsplit_once('.').unwrap();
    key.verify(message.as_bytes(), &BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap())
}

/// The token verifies, and no longer does with another payload or signature.
fn check_example(key: &VerifyingKey, token: &str) {
    assert_eq!(verify(key, token), Ok(()));
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = message.split_once('.').unwrap();
    let changed = format!("{header}.A{}.{signature}", &payload[1..]);
    assert_eq!(verify(key, &changed), Err(JwtError::BadSignature));
    let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
    bytes[7] ^= 1;
    assert_eq!(key.verify(message.as_bytes(), &bytes), Err(JwtError::BadSignature));
    // The examples name neither `typ` nor `kid`, so no session can be one of them.
    assert_eq!(UnverifiedJwt::parse(token).unwrap_err(), JwtError::HeaderMismatch);
}

#[test]
fn rfc_7515_appendix_a_2_is_rs256() {
    let n = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0\
        Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5re\
        xMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvU\
        K-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
    let signature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5\
        YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSj\
        tQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w\
        9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    let key = key(Algorithm::Rs256, JwkKey::Rsa { n: n.into(), e: "AQAB".into() }).unwrap();
    check_example(&key, &format!("eyJhbGciOiJSUzI1NiJ9.{CLAIMS}.{signature}"));
}

#[test]
fn rfc_7515_appendix_a_3_is_es256() {
    let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU".to_owned();
    let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0".to_owned();
    let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg\
        6NU1Q";
    let key = key(Algorithm::Es256, JwkKey::Ec { crv: "P-256".into(), x, y }).unwrap();
    check_example(&key, &format!("eyJhbGciOiJFUzI1NiJ9.{CLAIMS}.{signature}"));
}

#[test]
fn rfc_8037_appendix_a_4_is_eddsa() {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".to_owned();
    let token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-\
        09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    check_example(&key(Algorithm::EdDsa, JwkKey::Okp { crv: "Ed25519".into(), x }).unwrap(), token);
}

/// RFC 7515 appendices A.1 and A.5, which are RFC 7519's sections 3.1 and 6.1 too.
#[test]
fn the_rfcs_hs256_and_unsecured_examples_are_refused() {
    let hmac = format!(
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{CLAIMS}.\
         dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    );
    for token in [hmac, format!("eyJhbGciOiJub25lIn0.{CLAIMS}.")] {
        assert_eq!(UnverifiedJwt::parse(&token).unwrap_err(), JwtError::HeaderMismatch);
    }
    for alg in ["HS256", "none"] {
        assert_eq!(alg.parse::<Algorithm>(), Err(JwtError::UnsupportedAlgorithm));
    }
}

/// Counts the vectors that were decided as they should be; one that wasn't fails the test.
/// Those called acceptable, such as a signature without a `NULL` in its padding, may be either.
#[derive(Default)]
struct Tally {
    valid: usize,
    invalid: usize,
}

impl Tally {
    fn count(&mut self, result: TestResult, verified: bool, vector: &str) {
        match result {
            TestResult::Valid => {
                assert!(verified, "refused: {vector}");
                self.valid += 1;
            }
            TestResult::Invalid => {
                assert!(!verified, "accepted: {vector}");
                self.invalid += 1;
            }
            TestResult::Acceptable => {}
        }
    }

    fn has_both(&self) {
        assert!(self.valid > 10 && self.invalid > 10, "{} and {}", self.valid, self.invalid);
    }
}

#[test]
fn wycheproofs_rs256_vectors() {
    let mut tally = Tally::default();
    for name in [
        rsa_pkcs1_verify::TestName::Rsa2048Sha256,
        rsa_pkcs1_verify::TestName::Rsa3072Sha256,
        rsa_pkcs1_verify::TestName::Rsa4096Sha256,
        rsa_pkcs1_verify::TestName::Rsa8192Sha256,
    ] {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let (n, e) = (text(integer(&group.key.n)), text(integer(&group.key.e)));
            let key = key(Algorithm::Rs256, JwkKey::Rsa { n, e });
            for test in group.tests {
                let verified =
                    key.as_ref().is_ok_and(|key| key.verify(&test.msg, &test.sig).is_ok());
                tally.count(
                    test.result,
                    verified,
                    &format!("{name:?} {} {}", test.tc_id, test.comment),
                );
            }
        }
    }
    tally.has_both();
}

/// JWK integers have no leading zeros (RFC 7518 section 2).
fn integer(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

#[test]
fn wycheproofs_es256_vectors() {
    let mut tally = Tally::default();
    let name = ecdsa::TestName::EcdsaSecp256r1Sha256P1363;
    for group in ecdsa::TestSet::load(name).unwrap().test_groups {
        let point = &group.key.key;
        let (x, y) = (text(&point[1..33]), text(&point[33..]));
        let key = key(Algorithm::Es256, JwkKey::Ec { crv: "P-256".into(), x, y }).unwrap();
        for test in group.tests {
            let verified = key.verify(&test.msg, &test.sig).is_ok();
            tally.count(test.result, verified, &format!("{} {}", test.tc_id, test.comment));
        }
    }
    tally.has_both();
}

/// A signature in ASN.1 is none in a JWS (RFC 7518 section 3.4).
#[test]
fn wycheproofs_es256_signatures_in_asn_1_are_refused() {
    let mut refused = 0;
    for group in ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256).unwrap().test_groups {
        let point = &group.key.key;
        let (x, y) = (text(&point[1..33]), text(&point[33..]));
        let key = key(Algorithm::Es256, JwkKey::Ec { crv: "P-256".into(), x, y }).unwrap();
        for test in group.tests {
            assert!(key.verify(&test.msg, &test.sig).is_err(), "{} {}", test.tc_id, test.comment);
            refused += usize::from(test.result == TestResult::Valid);
        }
    }
    assert!(refused > 10);
}

#[test]
fn wycheproofs_eddsa_vectors() {
    let mut tally = Tally::default();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let x = text(&group.key.pk);
        let key = key(Algorithm::EdDsa, JwkKey::Okp { crv: "Ed25519".into(), x }).unwrap();
        for test in group.tests {
            let verified = key.verify(&test.msg, &test.sig).is_ok();
            tally.count(test.result, verified, &format!("{} {}", test.tc_id, test.comment));
        }
    }
    tally.has_both();
}
