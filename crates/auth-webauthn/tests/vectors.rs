//! The test vectors of the specification (`vectors/webauthn-3.json` says from where), and that each is
//! refused as soon as anything of it is another.

#![allow(clippy::unwrap_used)]

use auth_webauthn::{
    Algorithm, Attestation, AttestationError, AuthenticationResponse, Ceremony, Credential, Error,
    Expected, KeyError, Registered, RegistrationResponse, verify_authentication,
    verify_registration,
};
use serde_json::Value;

const ORIGIN: &str = "https://example.org";

type Expect = fn(Expected<'static>) -> Expected<'static>;

struct Vector {
    section: String,
    json: Value,
    challenges: [&'static [u8]; 2],
    made: Made,
    used: Used,
}

impl Vector {
    fn all() -> Vec<Self> {
        let file: Value = serde_json::from_str(include_str!("vectors/webauthn-3.json")).unwrap();
        let vectors = file["vectors"].as_array().unwrap();
        vectors.iter().map(Self::read).collect()
    }

    fn read(json: &Value) -> Self {
        let section = json["section"].as_str().unwrap().trim_start_matches("sctn-test-vectors-");
        let bytes = |ceremony, field| hex(&json[ceremony][field]);
        let made = Made {
            id: bytes("registration", "credential_id"),
            client_data: bytes("registration", "clientDataJSON"),
            object: bytes("registration", "attestationObject"),
        };
        let used = Used {
            client_data: bytes("authentication", "clientDataJSON"),
            data: bytes("authentication", "authenticatorData"),
            signature: bytes("authentication", "signature"),
        };
        let challenges =
            ["registration", "authentication"].map(|it| &*bytes(it, "challenge").leak());
        Self { section: section.to_owned(), json: json.clone(), challenges, made, used }
    }

    /// Those of algorithms that are spoken here.
    fn spoken() -> Vec<Self> {
        let mut vectors = Self::all();
        vectors.retain(|vector| !NOT_SPOKEN.contains(&vector.section.as_str()));
        vectors
    }

    fn named(section: &str) -> Self {
        Self::all().into_iter().find(|vector| vector.section == section).unwrap()
    }

    fn bytes(&self, ceremony: &str, field: &str) -> Vec<u8> {
        hex(&self.json[ceremony][field])
    }

    fn register(
        &self,
        expect: impl FnOnce(Expected<'static>) -> Expected<'static>,
        change: impl FnOnce(&mut Made),
    ) -> Result<Registered, Error> {
        let mut made = self.made.clone();
        change(&mut made);
        verify_registration(
            &expect(Expected::new(self.challenges[0], "example.org", ORIGIN)),
            &Algorithm::ALL,
            &RegistrationResponse {
                credential_id: &made.id,
                client_data_json: &made.client_data,
                attestation_object: &made.object,
            },
        )
    }

    fn authenticate(
        &self,
        registered: &Registered,
        expect: impl FnOnce(Expected<'static>) -> Expected<'static>,
        change: impl FnOnce(&mut Used),
    ) -> Result<(), Error> {
        let mut used = self.used.clone();
        change(&mut used);
        verify_authentication(
            &expect(Expected::new(self.challenges[1], "example.org", ORIGIN)),
            &Credential {
                id: &registered.credential_id,
                public_key: &registered.public_key,
                counter: registered.counter,
                backup_eligible: Some(registered.backup_eligible),
                user_handle: None,
            },
            &AuthenticationResponse {
                credential_id: &registered.credential_id,
                client_data_json: &used.client_data,
                authenticator_data: &used.data,
                signature: &used.signature,
                user_handle: None,
            },
        )
        .map(drop)
    }
}

fn hex(value: &Value) -> Vec<u8> {
    let hex = value.as_str().unwrap();
    let pairs = (0..hex.len()).step_by(2).map(|at| &hex[at..at + 2]);
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

#[derive(Clone)]
struct Made {
    id: Vec<u8>,
    client_data: Vec<u8>,
    object: Vec<u8>,
}

#[derive(Clone)]
struct Used {
    client_data: Vec<u8>,
    data: Vec<u8>,
    signature: Vec<u8>,
}

fn anywhere(expected: Expected<'static>) -> Expected<'static> {
    expected.embedded_in(&["https://example.com"])
}

/// Algorithms that no authenticator of today makes passkeys with.
const NOT_SPOKEN: [&str; 2] = ["packed-es512", "packed-ed448"];

#[test]
fn every_vector_is_verified() {
    for vector in Vector::all() {
        let name = vector.section.as_str();
        let made = vector.register(anywhere, |_| {});
        if NOT_SPOKEN.contains(&name) {
            assert_eq!(made, Err(Error::PublicKey(KeyError::UnknownAlgorithm)), "{name}");
            continue;
        }
        let made = made.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(made.credential_id, vector.bytes("registration", "credential_id"), "{name}");
        assert_eq!(made.aaguid[..], vector.bytes("registration", "aaguid"), "{name}");
        let algorithm = match name {
            "packed-es384" => Algorithm::Es384,
            "packed-rs256" => Algorithm::Rs256,
            "packed-eddsa" => Algorithm::EdDsa,
            _ => Algorithm::Es256,
        };
        assert_eq!(made.algorithm, algorithm, "{name}");
        match (name.split('-').next().unwrap(), &made.attestation) {
            ("none", Attestation::None) => {}
            ("packed", Attestation::SelfSigned) => assert_eq!(name, "packed-self-es256"),
            ("packed", Attestation::Certified { certificates }) => {
                assert_eq!(certificates.len(), 1, "{name}");
            }
            ("tpm" | "android" | "apple" | "fido", Attestation::Unverified { format }) => {
                assert!(name.starts_with(format), "{name}");
            }
            (_, other) => panic!("{name}: {other:?}"),
        }
        assert_eq!(vector.authenticate(&made, anywhere, |_| {}), Ok(()), "{name}");
    }
}

#[test]
fn a_page_within_another_is_refused_unless_it_is_expected() {
    for (name, error) in [
        ("none-es256-crossOrigin", Error::CrossOrigin),
        ("none-es256-topOrigin", Error::CrossOrigin),
    ] {
        let vector = Vector::named(name);
        assert_eq!(vector.register(|expected| expected, |_| {}), Err(error), "{name}");
        let made = vector.register(anywhere, |_| {}).unwrap();
        assert_eq!(vector.authenticate(&made, |expected| expected, |_| {}), Err(error), "{name}");
    }
    let vector = Vector::named("none-es256-topOrigin");
    let elsewhere = vector.register(|expected| expected.embedded_in(&[]), |_| {});
    assert_eq!(elsewhere, Err(Error::WrongTopOrigin));
    assert_eq!(Error::CrossOrigin.step(Ceremony::Registration), 10);
    assert_eq!(Error::WrongTopOrigin.step(Ceremony::Authentication), 14);
}

#[test]
fn another_challenge_origin_or_relying_party_is_refused() {
    let vector = Vector::named("none-es256");
    let made = vector.register(|expected| expected, |_| {}).unwrap();
    let cases: [(Expect, Error); 3] = [
        (|_| Expected::new(&[7; 32], "example.org", ORIGIN), Error::WrongChallenge),
        (|_| Expected::new(&[], "example.org", "https://example.org."), Error::WrongChallenge),
        (Expected::require_user_verification, Error::UserNotVerified),
    ];
    for (expect, error) in cases {
        assert_eq!(vector.register(expect, |_| {}), Err(error));
        let used = vector.authenticate(&made, expect, |_| {});
        // Its use was verified by the user, its registration was not.
        assert!(used == Err(error) || error == Error::UserNotVerified, "{used:?}");
    }
    let first: &[u8] = vector.bytes("registration", "challenge").leak();
    let second: &[u8] = vector.bytes("authentication", "challenge").leak();
    for origin in ["https://example.org.", "https://Example.org", "https://example.org:444"] {
        let register = vector.register(|_| Expected::new(first, "example.org", origin), |_| {});
        assert_eq!(register, Err(Error::WrongOrigin));
        let used =
            vector.authenticate(&made, |_| Expected::new(second, "example.org", origin), |_| {});
        assert_eq!(used, Err(Error::WrongOrigin));
        let both = |_| Expected::new(first, "example.org", origin).origin(ORIGIN);
        assert!(vector.register(both, |_| {}).is_ok());
    }
    for id in ["example.com", "org", ""] {
        let register = vector.register(|_| Expected::new(first, id, ORIGIN), |_| {});
        assert_eq!(register, Err(Error::WrongRpId));
        let used = vector.authenticate(&made, |_| Expected::new(second, id, ORIGIN), |_| {});
        assert_eq!(used, Err(Error::WrongRpId));
    }
}

/// One ceremony's answer is none in the other.
#[test]
fn another_type_is_refused() {
    let vector = Vector::named("none-es256");
    let made = vector.register(|expected| expected, |_| {}).unwrap();
    let created = vector.bytes("registration", "clientDataJSON");
    let used = vector.bytes("authentication", "clientDataJSON");
    let register = vector.register(|expected| expected, |made| made.client_data = used);
    assert_eq!(register, Err(Error::WrongType));
    let sign_in =
        vector.authenticate(&made, |expected| expected, |used| used.client_data = created);
    assert_eq!(sign_in, Err(Error::WrongType));
}

#[test]
fn every_prefix_and_every_suffix_is_refused() {
    for vector in Vector::spoken() {
        let name = vector.section.as_str();
        let good = vector.register(anywhere, |_| {}).unwrap();
        let object = vector.bytes("registration", "attestationObject");
        for length in 0..object.len() {
            let short = object[..length].to_vec();
            assert!(vector.register(anywhere, |made| made.object = short).is_err(), "{name}");
        }
        assert!(vector.register(anywhere, |made| made.object.push(0)).is_err(), "{name}");
        let data = vector.bytes("authentication", "authenticatorData");
        for length in 0..data.len() {
            let short = data[..length].to_vec();
            let used = vector.authenticate(&good, anywhere, |used| used.data = short);
            assert!(used.is_err(), "{name}");
        }
        for change in [
            |used: &mut Used| used.data.push(0),
            |used: &mut Used| used.signature.push(0),
            |used: &mut Used| used.signature.truncate(used.signature.len() - 1),
            |used: &mut Used| used.client_data.push(b'x'),
            |used: &mut Used| used.client_data.push(b' '),
        ] {
            assert!(vector.authenticate(&good, anywhere, change).is_err(), "{name}");
        }
    }
}

/// Whatever is signed or compared can't be another; what is accepted is the same passkey, or differs in
/// what no attestation signed.
#[test]
fn each_flipped_bit_of_an_attestation_object_is_refused_or_in_what_is_not_signed() {
    for vector in Vector::spoken() {
        let name = vector.section.as_str();
        let good = vector.register(anywhere, |_| {}).unwrap();
        let object = vector.bytes("registration", "attestationObject");
        let data = object.len() - data_length(&object);
        let signed = name.starts_with("packed");
        for at in 0..object.len() * 8 {
            let changed = vector.register(anywhere, |made| made.object[at / 8] ^= 1 << (at % 8));
            let Ok(changed) = changed else { continue };
            let mut same = good.clone();
            // Certificates of which nobody checks who issued them have parts that nothing depends on;
            // and a format of another name proves nothing.
            same.attestation = changed.attestation.clone();
            assert!(
                changed.attestation != Attestation::None || good.attestation == Attestation::None
            );
            assert_ne!(changed.attestation, Attestation::SelfSigned, "{name} at {at}");
            // Reserved bits of the flags, those of verification and backup; counter and AAGUID.
            match (at / 8).checked_sub(data) {
                Some(32) if matches!(at % 8, 1..=5) => {
                    same.user_verified = changed.user_verified;
                    same.backup_eligible = changed.backup_eligible;
                    same.backed_up = changed.backed_up;
                }
                Some(33..37) => same.counter = changed.counter,
                Some(37..53) => {
                    same.aaguid = changed.aaguid;
                    same.attested_credential_data = changed.attested_credential_data.clone();
                }
                Some(_) => panic!("{name} at {at}"),
                None => {}
            }
            let untouched = signed && at / 8 >= data && changed.attestation == good.attestation;
            assert!(!untouched, "{name} at {at}");
            assert_eq!(changed, same, "{name} at {at}");
        }
    }
}

/// How long the authenticator data is, which is the last entry.
fn data_length(object: &[u8]) -> usize {
    let key = b"\x68authData";
    let at = object.windows(key.len()).rposition(|bytes| bytes == key).unwrap() + key.len();
    object.len() - at - if object[at] == 0x58 { 2 } else { 3 }
}

#[test]
fn each_flipped_bit_of_client_data_is_refused_where_it_is_signed_or_compared() {
    for vector in Vector::spoken() {
        let name = vector.section.as_str();
        let text = String::from_utf8(vector.made.client_data.clone()).unwrap();
        let compared: Vec<_> = ["type", "challenge", "origin"]
            .map(|field| {
                let start = text.find(&format!("\"{field}\":")).unwrap();
                start..start + text[start..].find([',', '}']).unwrap()
            })
            .into();
        let signed = name.starts_with("packed");
        for at in 0..text.len() * 8 {
            let change = |made: &mut Made| made.client_data[at / 8] ^= 1 << (at % 8);
            if vector.register(anywhere, change).is_ok() {
                assert!(!signed, "{name} at {at}");
                assert!(!compared.iter().any(|range| range.contains(&(at / 8))), "{name} at {at}");
            }
        }
    }
}

type PartOfUse = fn(&mut Used) -> &mut Vec<u8>;

#[test]
fn each_flipped_bit_of_a_use_is_refused() {
    for vector in Vector::spoken() {
        let name = vector.section.as_str();
        let good = vector.register(anywhere, |_| {}).unwrap();
        let parts: [(&str, PartOfUse); 3] = [
            ("authenticatorData", |used| &mut used.data),
            ("clientDataJSON", |used| &mut used.client_data),
            ("signature", |used| &mut used.signature),
        ];
        for (field, part) in parts {
            for at in 0..vector.bytes("authentication", field).len() * 8 {
                let change = |used: &mut Used| part(used)[at / 8] ^= 1 << (at % 8);
                let used = vector.authenticate(&good, anywhere, change);
                assert!(used.is_err(), "{name}, {field} at {at}");
                assert!(field != "signature" || used == Err(Error::BadSignature), "{name}");
            }
        }
    }
}

/// Those above the signer's are handed over as they are.
#[test]
fn a_chain_of_certificates_is_handed_over_in_its_order() {
    let vector = Vector::named("packed-es256");
    let good = vector.register(|expected| expected, |_| {}).unwrap();
    let Attestation::Certified { certificates } = &good.attestation else { panic!("{good:?}") };
    let [signer] = &certificates[..] else { panic!("{certificates:?}") };
    let chain = vector.register(
        |expected| expected,
        |made| {
            let key = b"\x63x5c\x81";
            let at = made.object.windows(key.len()).position(|bytes| bytes == key).unwrap();
            made.object[at + 4] = 0x82;
            // A length of two bytes stands before the first one.
            let end = at + key.len() + 3 + signer.len();
            made.object.splice(end..end, *b"\x45above");
        },
    );
    let above = b"above".to_vec();
    let both = Attestation::Certified { certificates: vec![signer.clone(), above] };
    assert_eq!(chain.map(|made| made.attestation), Ok(both));
}

/// The signer's certificate, in which the last place of some bytes has others of the same length. Its
/// issuer's signature is nobody's to check here.
fn with_certificate(changes: &[(&[u8], &[u8])]) -> Result<Attestation, Error> {
    let vector = Vector::named("packed-es256");
    let made = vector.register(
        |expected| expected,
        |made| {
            for (old, new) in changes {
                assert_eq!(old.len(), new.len());
                let at = made.object.windows(old.len()).rposition(|bytes| bytes == *old).unwrap();
                made.object[at..at + new.len()].copy_from_slice(new);
            }
        },
    );
    made.map(|made| made.attestation)
}

#[test]
fn a_certificate_is_one_for_attestations() {
    assert!(matches!(with_certificate(&[]), Ok(Attestation::Certified { .. })));
    let name = |attribute| [6, 3, 0x55, 4, attribute];
    let constraints: &[u8] = b"\x30\x0c\x06\x03\x55\x1d\x13\x01\x01\xff\x04\x02\x30\x00";
    let authority: &[u8] = b"\x30\x0c\x06\x03\x55\x1d\x13\x04\x05\x30\x03\x01\x01\xff";
    for (old, new) in [
        // Another version.
        (&b"\xa0\x03\x02\x01\x02"[..], &b"\xa0\x03\x02\x01\x01"[..]),
        // A subject without its country, its organization, its unit or its name; another unit.
        (&name(6), &name(12)),
        (&name(10), &name(12)),
        (&name(11), &name(12)),
        (&name(3), &name(12)),
        (b"Authenticator Attestation", b"Authenticator attestation"),
        // No basic constraints, or those of an authority.
        (b"\x06\x03\x55\x1d\x13", b"\x06\x03\x55\x1d\x14"),
        (constraints, authority),
    ] {
        let error = Error::Attestation(AttestationError::CertificateRequirements);
        assert_eq!(with_certificate(&[(old, new)]), Err(error), "{new:02x?}");
    }
    let none = b"\x30\x0c\x06\x03\x55\x1d\x13\x04\x05\x30\x03\x01\x01\x00";
    assert!(with_certificate(&[(constraints, none)]).is_ok(), "no authority, in so many words");
}

/// Where it names a model, that is the one of the authenticator data, and every reader may skip it.
#[test]
fn a_certificate_s_model_is_the_authenticator_s() {
    let vector = Vector::named("packed-es256");
    let aaguid = vector.bytes("registration", "aaguid");
    let object = vector.bytes("registration", "attestationObject");
    // The identifiers of two keys make room for it.
    let start = b"\x30\x1d\x06\x03\x55\x1d\x0e";
    let at = object.windows(start.len()).position(|bytes| bytes == start).unwrap();
    let room = &object[at..at + 64];
    let model = |critical: &[u8], aaguid: &[u8], filler: &[u8]| {
        let oid = b"\x06\x0b\x2b\x06\x01\x04\x01\x82\xe5\x1c\x01\x01\x04";
        let body = [oid, critical, b"\x04\x12\x04\x10", aaguid].concat();
        let mut all = [&[0x30, u8::try_from(body.len()).unwrap()], &body[..], filler].concat();
        all.resize(64, 0);
        with_certificate(&[(room, &all)])
    };
    let filler = b"\x30\x1b\x06\x03\x55\x1d\x0e\x04\x14\x04\x12";
    assert!(matches!(model(b"", &aaguid, filler), Ok(Attestation::Certified { .. })));
    let wrong = Err(Error::Attestation(AttestationError::WrongAaguid));
    assert_eq!(model(b"", &[3; 16], filler), wrong);
    let shorter = b"\x30\x18\x06\x03\x55\x1d\x0e\x04\x11\x04\x0f";
    assert_eq!(model(b"\x01\x01\xff", &aaguid, shorter), wrong);
    assert!(model(b"\x01\x01\x00", &aaguid, shorter).is_ok(), "not critical, in so many words");
    // Lengths that would fit into fewer bytes.
    let long = b"\x30\x81\x1a\x06\x03\x55\x1d\x0e\x04\x13\x04\x11";
    let unreadable = Err(Error::Attestation(AttestationError::UnreadableCertificate));
    assert_eq!(model(b"", &aaguid, long), unreadable);
}

#[test]
fn the_id_beside_the_signed_data_is_the_one_within() {
    let vector = Vector::named("packed-self-es256");
    let made = vector.register(|expected| expected, |made| made.id[0] ^= 1);
    assert_eq!(made, Err(Error::WrongCredentialId));
}

/// A statement that was signed over other client data.
#[test]
fn an_attestation_of_another_ceremony_is_refused() {
    for name in ["packed-self-es256", "packed-es256", "packed-rs256", "packed-eddsa"] {
        let vector = Vector::named(name);
        let made = vector.register(
            |expected| expected,
            |made| {
                made.client_data.insert(1, b' ');
            },
        );
        let error = Error::Attestation(AttestationError::BadSignature);
        assert_eq!(made, Err(error), "{name}");
        assert_eq!(error.step(Ceremony::Registration), 22);
    }
}

#[test]
fn parts_that_no_client_makes_so_long_are_refused_unread() {
    let vector = Vector::named("none-es256");
    let good = vector.register(|expected| expected, |_| {}).unwrap();
    let long = vec![b' '; 1 << 20];
    let error = vector.register(|expected| expected, |made| made.client_data = long.clone());
    assert!(matches!(error, Err(Error::TooLong(_))), "{error:?}");
    let error = vector.register(|expected| expected, |made| made.object = long.clone());
    assert!(matches!(error, Err(Error::TooLong(_))), "{error:?}");
    let error = vector.authenticate(&good, |expected| expected, |used| used.data = long);
    assert!(matches!(error, Err(Error::TooLong(_))), "{error:?}");
}

/// A byte order mark is no part of the JSON; a field that comes twice, or has another type, is none.
#[test]
fn client_data_is_read_strictly() {
    let vector = Vector::named("none-es256");
    let json = String::from_utf8(vector.bytes("registration", "clientDataJSON")).unwrap();
    let with =
        |text: String| vector.register(anywhere, |made| made.client_data = text.into_bytes());
    assert!(with(format!("\u{feff}{json}")).is_ok());
    // What Level 2 had is one more field that nobody reads.
    for status in ["{\"status\":\"supported\"}", "{\"status\":\"present\",\"id\":\"AA\"}", "null"] {
        let binding = format!("{{\"tokenBinding\":{status},");
        assert!(with(json.replacen('{', &binding, 1)).is_ok(), "{status}");
    }
    for (from, to) in [
        ("{\"type\"", "{\"type\":\"webauthn.create\",\"type\""),
        ("{\"type\"", "{\"origin\":\"https://example.org\",\"type\""),
        ("{\"type\"", "[{\"type\""),
        ("{\"type\"", "{\"typ\""),
        ("\"crossOrigin\":false", "\"crossOrigin\":\"false\""),
        ("\"crossOrigin\":false", "\"crossOrigin\":0"),
        ("\"crossOrigin\":false", "\"topOrigin\":7"),
        ("\"webauthn.create\"", "null"),
    ] {
        assert!(json.contains(from), "{from}");
        assert_eq!(with(json.replace(from, to)), Err(Error::ClientDataJson), "{to}");
    }
    // Without `crossOrigin` there is no page on top.
    for to in ["\"topOrigin\":\"https://example.com\"", "\"crossOrigin\":false,\"topOrigin\":\"\""]
    {
        let text = json.replace("\"crossOrigin\":false", to);
        assert_eq!(with(text), Err(Error::WrongTopOrigin), "{to}");
    }
    let mut latin = json.into_bytes();
    latin.insert(2, 0xff);
    let refused = vector.register(anywhere, |made| made.client_data = latin);
    assert_eq!(refused, Err(Error::ClientDataJson));
}
