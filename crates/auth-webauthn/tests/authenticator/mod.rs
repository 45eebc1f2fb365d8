//! An authenticator whose every field a test can set, to make what no honest one makes.

#![allow(dead_code, unreachable_pub)]

use auth_webauthn::{
    Algorithm, Authenticated, AuthenticationResponse, Credential, Error, Expected, Registered,
    RegistrationResponse, verify_authentication, verify_registration,
};
use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

pub const ORIGIN: &str = "https://example.com";
pub const CHALLENGE: [u8; 32] = [9; 32];

pub const UP: u8 = 1;
pub const UV: u8 = 1 << 2;
pub const BE: u8 = 1 << 3;
pub const BS: u8 = 1 << 4;
pub const AT: u8 = 1 << 6;
pub const ED: u8 = 1 << 7;

pub enum Key {
    Ed25519(Ed25519KeyPair),
    Ecdsa(Algorithm, EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
}

impl Key {
    pub fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Es256 => Self::Ecdsa(
                algorithm,
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
            ),
            Algorithm::Es384 => Self::Ecdsa(
                algorithm,
                EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING).unwrap(),
            ),
            Algorithm::Rs256 => {
                Self::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()))
            }
            _ => Self::Ed25519(Ed25519KeyPair::generate().unwrap()),
        }
    }

    pub fn cose(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => map(&[
                int(1),
                int(1),
                int(3),
                int(-8),
                int(-1),
                int(6),
                int(-2),
                bytes(key.public_key().as_ref()),
            ]),
            Self::Ecdsa(algorithm, key) => {
                let point = &key.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                let curve = if *algorithm == Algorithm::Es256 { 1 } else { 2 };
                map(&[
                    int(1),
                    int(2),
                    int(3),
                    int(algorithm.id()),
                    int(-1),
                    int(curve),
                    int(-2),
                    bytes(x),
                    int(-3),
                    bytes(y),
                ])
            }
            Self::Rsa(key) => {
                let key = key.public_key();
                let n = key.modulus().big_endian_without_leading_zero();
                let e = key.exponent().big_endian_without_leading_zero();
                map(&[int(1), int(3), int(3), int(-257), int(-1), bytes(n), int(-2), bytes(e)])
            }
        }
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.sign(message).as_ref().to_vec(),
            Self::Ecdsa(_, key) => {
                key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
            }
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
                signature
            }
        }
    }
}

/// What is in authenticator data.
#[derive(Clone)]
pub struct Data {
    pub flags: u8,
    pub counter: u32,
    pub id: Vec<u8>,
    pub cose: Vec<u8>,
    pub extensions: Vec<u8>,
}

impl Data {
    pub fn new(cose: Vec<u8>) -> Self {
        Self { flags: UP | UV, counter: 0, id: b"an id".to_vec(), cose, extensions: Vec::new() }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut data = digest(&SHA256, b"example.com").as_ref().to_vec();
        data.push(self.flags);
        data.extend(self.counter.to_be_bytes());
        if self.flags & AT != 0 {
            data.extend([3; 16]);
            data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
            data.extend(&self.id);
            data.extend(&self.cose);
        }
        data.extend(&self.extensions);
        data
    }

    pub fn register(&self) -> Result<Registered, Error> {
        let data = Self { flags: self.flags | AT, ..self.clone() }.to_bytes();
        register(&data, &text("none"), &[0xa0], &self.id, |expected| expected)
    }
}

pub fn client_data(kind: &str) -> Vec<u8> {
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(CHALLENGE);
    format!(r#"{{"type":"webauthn.{kind}","challenge":"{challenge}","origin":"{ORIGIN}"}}"#)
        .into_bytes()
}

/// What a statement or an assertion signs.
pub fn message(data: &[u8], kind: &str) -> Vec<u8> {
    [data, digest(&SHA256, &client_data(kind)).as_ref()].concat()
}

pub fn register(
    data: &[u8],
    format: &[u8],
    statement: &[u8],
    id: &[u8],
    expect: impl FnOnce(Expected<'static>) -> Expected<'static>,
) -> Result<Registered, Error> {
    let object = map(&[
        text("fmt"),
        format.to_vec(),
        text("attStmt"),
        statement.to_vec(),
        text("authData"),
        bytes(data),
    ]);
    verify_registration(
        &expect(Expected::new(&CHALLENGE, "example.com", ORIGIN)),
        &Algorithm::ALL,
        &RegistrationResponse {
            credential_id: id,
            client_data_json: &client_data("create"),
            attestation_object: &object,
        },
    )
}

pub fn authenticate(
    stored: &Credential<'_>,
    key: &Key,
    data: &[u8],
    user_handle: Option<&[u8]>,
    expect: impl FnOnce(Expected<'static>) -> Expected<'static>,
) -> Result<Authenticated, Error> {
    verify_authentication(
        &expect(Expected::new(&CHALLENGE, "example.com", ORIGIN)),
        stored,
        &AuthenticationResponse {
            credential_id: stored.id,
            client_data_json: &client_data("get"),
            authenticator_data: data,
            signature: &key.sign(&message(data, "get")),
            user_handle,
        },
    )
}

fn head(major: u8, value: u64) -> Vec<u8> {
    let major = major << 5;
    match value {
        0..24 => vec![major | u8::try_from(value).unwrap()],
        24..256 => vec![major | 0x18, u8::try_from(value).unwrap()],
        _ => [&[major | 0x19][..], &u16::try_from(value).unwrap().to_be_bytes()].concat(),
    }
}

pub fn int(value: i64) -> Vec<u8> {
    match u64::try_from(value) {
        Ok(value) => head(0, value),
        Err(_) => head(1, value.unsigned_abs() - 1),
    }
}

pub fn bytes(value: &[u8]) -> Vec<u8> {
    [head(2, value.len() as u64), value.to_vec()].concat()
}

pub fn text(value: &str) -> Vec<u8> {
    [head(3, value.len() as u64), value.as_bytes().to_vec()].concat()
}

pub fn array(items: &[Vec<u8>]) -> Vec<u8> {
    [head(4, items.len() as u64), items.concat()].concat()
}

/// Keys and values in turn, in the order in which they are given.
pub fn map(items: &[Vec<u8>]) -> Vec<u8> {
    [head(5, items.len() as u64 / 2), items.concat()].concat()
}
