//! The answers of the specification's test vectors, changed here and there, or made up from nothing,
//! are taken or refused. No changed use of a passkey verifies, and no changed attestation: nothing there
//! stands outside of what is signed.
#![no_main]

use std::sync::LazyLock;

use auth_webauthn::{
    Algorithm, Attestation, AuthenticationResponse, Credential, Error, Expected, PublicKey,
    Registered, RegistrationResponse, verify_authentication, verify_registration,
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const FILE: &str = include_str!("../../../crates/auth-webauthn/tests/vectors/webauthn-3.json");
const SITE: &str = "example.org";
const ORIGIN: &str = "https://example.org";
const TOP: &str = "https://example.com";

/// What the authenticator signs stands last in the attestation objects of the vectors.
const LAST_KEY: &[u8] = b"\x68authData";

/// The parts of answers that are changed.
const CREATED: u8 = 0;
const OBJECT: u8 = 1;
/// As [`OBJECT`], but its length is written anew around it.
const MADE: u8 = 2;
const ID: u8 = 3;
const GOT: u8 = 4;
const USED: u8 = 5;
const SIGNATURE: u8 = 6;
const KEY: u8 = 7;
const PARTS: u8 = 8;

/// The part, where, how many bytes go (or as many as come), and what comes.
type Change<'a> = (u8, u16, u8, &'a [u8]);

#[derive(Clone, Default)]
struct Answers {
    challenges: [Vec<u8>; 2],
    id: Vec<u8>,
    created: Vec<u8>,
    /// The attestation object up to the authenticator data.
    head: Vec<u8>,
    made: Vec<u8>,
    got: Vec<u8>,
    used: Vec<u8>,
    signature: Vec<u8>,
    registered: Option<Registered>,
}

impl Answers {
    fn read(vector: &Value) -> Self {
        let bytes = |ceremony: &str, field: &str| {
            let hex = vector[ceremony][field].as_str().unwrap_or_default();
            let pairs = (0..hex.len()).step_by(2).map(|at| &hex[at..at + 2]);
            pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect::<Vec<u8>>()
        };
        let object = bytes("registration", "attestationObject");
        let at = object.windows(LAST_KEY.len()).rposition(|key| key == LAST_KEY).unwrap();
        let (head, data) = object.split_at(at + LAST_KEY.len());
        // A length of one byte, or of two.
        let data = &data[if data[0] == 0x58 { 2 } else { 3 }..];
        let mut answers = Self {
            challenges: ["registration", "authentication"].map(|it| bytes(it, "challenge")),
            id: bytes("registration", "credential_id"),
            created: bytes("registration", "clientDataJSON"),
            head: head.to_vec(),
            made: data.to_vec(),
            got: bytes("authentication", "clientDataJSON"),
            used: bytes("authentication", "authenticatorData"),
            signature: bytes("authentication", "signature"),
            registered: None,
        };
        assert_eq!(answers.object(), object);
        answers.registered = answers.register(&answers.object(), u8::MAX).ok();
        answers
    }

    /// As every authenticator begins.
    fn empty() -> Self {
        let head = [b"\xa3\x63fmt\x64none\x67attStmt\xa0", LAST_KEY].concat();
        Self { challenges: [vec![9; 32], vec![9; 32]], head, ..Self::default() }
    }

    fn object(&self) -> Vec<u8> {
        let length = u16::try_from(self.made.len()).unwrap_or(u16::MAX).to_be_bytes();
        let length = match length {
            [0, short @ 0..24] => vec![0x40 | short],
            [0, byte] => vec![0x58, byte],
            [high, low] => vec![0x59, high, low],
        };
        [&self.head[..], &length, &self.made].concat()
    }

    fn changed(&self, changes: &[Change<'_>]) -> Self {
        let change = |bytes: &[u8], part| changed(bytes, changes, part);
        Self {
            id: change(&self.id, ID),
            created: change(&self.created, CREATED),
            made: change(&self.made, MADE),
            got: change(&self.got, GOT),
            used: change(&self.used, USED),
            signature: change(&self.signature, SIGNATURE),
            ..self.clone()
        }
    }

    fn expected(&self, ceremony: usize, rules: u8) -> Expected<'_> {
        let mut expected = Expected::new(&self.challenges[ceremony], SITE, ORIGIN);
        if rules & 1 != 0 {
            expected = expected.embedded_in(&[TOP]);
        }
        if rules & 2 != 0 {
            expected = expected.without_user_presence();
        }
        if rules & 4 != 0 {
            expected = expected.accept_counter_going_back();
        }
        if rules & 8 == 0 {
            expected = expected.require_user_verification();
        }
        expected
    }

    fn register(&self, object: &[u8], rules: u8) -> Result<Registered, Error> {
        let response = RegistrationResponse {
            credential_id: &self.id,
            client_data_json: &self.created,
            attestation_object: object,
        };
        verify_registration(&self.expected(0, rules), &Algorithm::ALL, &response)
    }
}

fn changed(bytes: &[u8], changes: &[Change<'_>], part: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (_, at, gone, new) in changes.iter().filter(|change| change.0 % PARTS == part) {
        let at = usize::from(*at) % (bytes.len() + 1);
        let gone = if *gone < 128 { usize::from(*gone) } else { new.len() };
        let end = bytes.len().min(at + gone);
        bytes.splice(at..end, new.iter().copied());
    }
    bytes
}

static ALL: LazyLock<Vec<Answers>> = LazyLock::new(|| {
    let file: Value = serde_json::from_str(FILE).unwrap();
    let vectors = file["vectors"].as_array().unwrap().iter().map(Answers::read);
    vectors.chain([Answers::empty()]).collect()
});

fuzz_target!(|data: (u8, u8, u32, Vec<Change<'_>>)| {
    let (vector, rules, counter, changes) = data;
    let good = &ALL[usize::from(vector) % ALL.len()];
    let answers = good.changed(&changes);

    let object = changed(&answers.object(), &changes, OBJECT);
    if let Ok(made) = answers.register(&object, rules) {
        assert!(PublicKey::from_cose(&made.public_key).is_ok());
        assert!((1..=1023).contains(&made.credential_id.len()));
        assert_eq!(made.credential_id, answers.id);
        assert!(made.user_verified || rules & 8 != 0);
        assert!(made.backup_eligible || !made.backed_up);
        if !matches!(made.attestation, Attestation::None | Attestation::Unverified { .. }) {
            // All but the certificates, of which nobody looks at who signed them.
            let mut same = good.registered.clone().unwrap();
            same.attestation = made.attestation.clone();
            assert_eq!(made, same);
            assert_eq!(answers.created, good.created);
        }
    }

    let id = &good.id;
    let registered = good.registered.as_ref();
    let key = registered.map(|it| it.public_key.clone()).unwrap_or_default();
    let public_key = changed(&key, &changes, KEY);
    let used = verify_authentication(
        &answers.expected(1, rules),
        &Credential {
            id,
            public_key: &public_key,
            counter,
            backup_eligible: None,
            user_handle: None,
        },
        &AuthenticationResponse {
            credential_id: id,
            client_data_json: &answers.got,
            authenticator_data: &answers.used,
            signature: &answers.signature,
            user_handle: None,
        },
    );
    if let Ok(used) = used {
        assert!(
            used.counter > counter || used.counter == counter && counter == 0 || rules & 4 != 0
        );
        // With another key, another signature may be good.
        if public_key == key {
            let parts = |it: &Answers| (it.got.clone(), it.used.clone(), it.signature.clone());
            assert_eq!(parts(&answers), parts(good));
        }
    }
    let _ = PublicKey::from_cose(&public_key);
});
