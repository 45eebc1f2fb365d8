//! Responses that differ from good ones in one point.

#![allow(clippy::unwrap_used)]

mod authenticator;

use auth_webauthn::{
    Algorithm, Attestation, AttestationError, CborError, Ceremony, Credential, Error, Expected,
    KeyError, Part,
};
use authenticator::{
    AT, BE, BS, Data, ED, Key, UP, UV, array, authenticate, bytes, int, map, message, register,
    text,
};

#[test]
fn each_algorithm_registers_and_signs_in() {
    for algorithm in Algorithm::ALL {
        let key = Key::new(algorithm);
        let mut data = Data::new(key.cose());
        let made = data.register().unwrap();
        assert_eq!((made.algorithm, made.counter), (algorithm, 0));
        assert_eq!(made.public_key, data.cose);
        assert_eq!(made.attested_credential_data[..16], [3; 16]);
        assert!(made.attested_credential_data.ends_with(&data.cose));
        data.flags = UP;
        let stored = stored(&made.public_key, 0);
        let used = authenticate(&stored, &key, &data.to_bytes(), None, |expected| expected);
        assert!(!used.unwrap().user_verified);
        // Another key's signature.
        let other = Key::new(algorithm);
        let used = authenticate(&stored, &other, &data.to_bytes(), None, |expected| expected);
        assert_eq!(used, Err(Error::BadSignature), "{algorithm:?}");
    }
}

fn stored(public_key: &[u8], counter: u32) -> Credential<'_> {
    Credential { id: b"an id", public_key, counter, backup_eligible: None, user_handle: None }
}

#[test]
fn an_algorithm_that_was_not_offered_is_refused() {
    use auth_webauthn::{RegistrationResponse, verify_registration};
    let data = Data { flags: UP | AT, ..Data::new(Key::new(Algorithm::Es384).cose()) };
    let object = map(&[
        text("fmt"),
        text("none"),
        text("attStmt"),
        map(&[]),
        text("authData"),
        bytes(&data.to_bytes()),
    ]);
    let made = verify_registration(
        &Expected::new(&authenticator::CHALLENGE, "example.com", authenticator::ORIGIN),
        &[Algorithm::EdDsa, Algorithm::Es256],
        &RegistrationResponse {
            credential_id: b"an id",
            client_data_json: &authenticator::client_data("create"),
            attestation_object: &object,
        },
    );
    assert_eq!(made, Err(Error::AlgorithmNotOffered));
    assert_eq!(Error::AlgorithmNotOffered.step(Ceremony::Registration), 20);
}

#[test]
fn flags_are_held_against_what_is_expected() {
    let key = Key::new(Algorithm::EdDsa);
    let data = Data::new(key.cose());
    for (flags, verified, error) in [
        (0, false, Some(Error::UserNotPresent)),
        (UV, false, Some(Error::UserNotPresent)),
        (UP, false, None),
        (UP, true, Some(Error::UserNotVerified)),
        (UP | UV, true, None),
        (UP | BS, false, Some(Error::BackupFlags)),
        (UP | BE, false, None),
        (UP | BE | BS, false, None),
        // Reserved.
        (UP | 1 << 1 | 1 << 5, false, None),
    ] {
        let expect = |expected: Expected<'static>| match verified {
            true => expected.require_user_verification(),
            false => expected,
        };
        let data = Data { flags: flags | AT, ..data.clone() };
        let made = register(&data.to_bytes(), &text("none"), &map(&[]), b"an id", expect);
        assert_eq!(made.err(), error, "{flags:08b}");
        let data = Data { flags, ..data };
        let used = authenticate(&stored(&data.cose, 0), &key, &data.to_bytes(), None, expect);
        assert_eq!(used.err(), error, "{flags:08b}");
    }
    let data = Data { flags: AT, ..data };
    let alone = |expected: Expected<'static>| expected.without_user_presence();
    assert!(register(&data.to_bytes(), &text("none"), &map(&[]), b"an id", alone).is_ok());
}

#[test]
fn what_flags_announce_is_there_and_nothing_else() {
    let key = Key::new(Algorithm::EdDsa);
    let data = Data::new(key.cose());
    let none =
        |data: &[u8]| register(data, &text("none"), &map(&[]), b"an id", |expected| expected);
    // No credential in a registration, one in an authentication.
    assert_eq!(none(&data.to_bytes()), Err(Error::AuthenticatorData));
    let with = Data { flags: UP | AT, ..data.clone() }.to_bytes();
    let used = authenticate(&stored(&data.cose, 0), &key, &with, None, |expected| expected);
    assert_eq!(used, Err(Error::AuthenticatorData));
    // Extensions that aren't announced, and the other way round.
    let output = map(&[text("credProtect"), int(2)]);
    let loose = Data { flags: UP | AT, extensions: output.clone(), ..data.clone() };
    assert_eq!(none(&loose.to_bytes()), Err(Error::AuthenticatorData));
    let absent = Data { flags: UP | AT | ED, ..data.clone() };
    let error = Error::Cbor(Part::Extensions, CborError::Truncated);
    assert_eq!(none(&absent.to_bytes()), Err(error));
    let there = Data { flags: UP | ED, extensions: output, ..data.clone() };
    let made = there.register().unwrap();
    assert_eq!(made.extensions.len(), 1);
    assert_eq!(
        (made.extensions[0].id.as_str(), &made.extensions[0].cbor[..]),
        ("credProtect", &[2][..])
    );
    let used =
        authenticate(&stored(&data.cose, 0), &key, &there.to_bytes(), None, |it| it).unwrap();
    assert_eq!(used.extensions, made.extensions);
}

#[test]
fn extensions_are_a_map_of_bounded_size() {
    let data = Data::new(Key::new(Algorithm::EdDsa).cose());
    let many = |count: u8| {
        let items = (0..count).flat_map(|at| [text(&format!("x{at:03}")), int(1)]);
        map(&items.collect::<Vec<_>>())
    };
    let with = |extensions| Data { flags: UP | ED, extensions, ..data.clone() }.register();
    assert_eq!(with(many(32)).unwrap().extensions.len(), 32);
    for (extensions, error) in [
        (many(33), CborError::WrongEntry),
        (map(&[text(&"x".repeat(33)), int(1)]), CborError::WrongEntry),
        (array(&[]), CborError::WrongType),
        (map(&[int(1), int(1)]), CborError::WrongType),
        (map(&[text("b"), int(1), text("a"), int(1)]), CborError::KeyOrder),
        (map(&[text("a"), int(1), text("a"), int(1)]), CborError::KeyOrder),
        (map(&[text("a"), vec![0x18, 1]]), CborError::NotShortest),
        (map(&[text("a"), vec![0x9f, 0xff]]), CborError::NotShortest),
    ] {
        assert_eq!(with(extensions), Err(Error::Cbor(Part::Extensions, error)));
    }
}

#[test]
fn a_credential_id_has_1_to_1023_bytes() {
    let data = Data::new(Key::new(Algorithm::EdDsa).cose());
    for (length, good) in [(0, false), (1, true), (1023, true), (1024, false), (8192, false)] {
        let made = Data { id: vec![1; length], ..data.clone() }.register();
        if good {
            assert_eq!(made.unwrap().credential_id.len(), length);
        } else {
            let error = made.unwrap_err();
            // The longest one isn't even read.
            assert!(matches!(error, Error::CredentialIdLength | Error::TooLong(_)), "{error}");
        }
    }
}

#[test]
fn keys_are_canonical_and_have_the_parameters_of_their_type_alone() {
    let es256 = Key::new(Algorithm::Es256).cose();
    let (x, y) = (es256[10..42].to_vec(), es256[45..77].to_vec());
    let cose = |items: &[Vec<u8>]| Data::new(map(items)).register().map(drop);
    let key = |error: KeyError| Err(Error::PublicKey(error));
    let entry = |error: CborError| key(KeyError::Cbor(error));
    let good =
        [int(1), int(2), int(3), int(-7), int(-1), int(1), int(-2), bytes(&x), int(-3), bytes(&y)];
    assert_eq!(cose(&good), Ok(()));

    // Without a parameter, or with one more.
    assert_eq!(cose(&good[..8]), entry(CborError::WrongEntry));
    assert_eq!(cose(&good[2..]), entry(CborError::WrongEntry));
    let more = [&good[..4], &[int(4), array(&[int(2)])], &good[4..]].concat();
    assert_eq!(cose(&more), entry(CborError::WrongEntry));
    let more = [&good[..], &[int(-4), bytes(&x)]].concat();
    assert_eq!(cose(&more), entry(CborError::WrongEntry));

    // Out of order, doubled, or of another type: seen before it is looked at as a key.
    let order = Error::Cbor(Part::AuthenticatorData, CborError::KeyOrder);
    for items in [
        [&good[2..4], &good[..2], &good[4..]].concat(),
        [&good[4..], &good[..4]].concat(),
        [&good[..2], &good[..2], &good[2..]].concat(),
        [&good[..], &good[8..]].concat(),
    ] {
        assert_eq!(cose(&items), Err(order));
    }
    let not_shortest = [&[vec![0x18, 1]], &good[1..]].concat();
    let error = Error::Cbor(Part::AuthenticatorData, CborError::NotShortest);
    assert_eq!(cose(&not_shortest), Err(error));
    let not_a_map = Data::new(bytes(&x)).register().map(drop);
    assert_eq!(not_a_map, entry(CborError::WrongType));

    // Another curve, type or algorithm.
    for (at, value, error) in [
        (1, int(1), KeyError::WrongType),
        (1, int(3), KeyError::WrongType),
        (5, int(2), KeyError::WrongType),
        (3, int(-35), KeyError::WrongType),
        (3, int(-8), KeyError::WrongType),
        (3, int(-257), KeyError::WrongType),
        (3, int(-36), KeyError::UnknownAlgorithm),
        (3, int(-47), KeyError::UnknownAlgorithm),
        (3, int(7), KeyError::UnknownAlgorithm),
        (7, bytes(&x[1..]), KeyError::Invalid),
        (7, bytes(&[&[0][..], &x].concat()), KeyError::Invalid),
        (7, bytes(&[0; 32]), KeyError::Invalid),
        (7, bytes(&[0xff; 32]), KeyError::Invalid),
        // No point of the curve, as y² is given by x.
        (9, bytes(&x), KeyError::Invalid),
        // A compressed point.
        (9, vec![0xf5], KeyError::Cbor(CborError::WrongType)),
    ] {
        let mut items = good.clone();
        items[at] = value;
        assert_eq!(cose(&items), key(error), "{at}");
    }
}

/// No point, or one of the eight with which anybody can sign.
#[test]
fn an_ed25519_key_is_a_point_of_large_order() {
    let cose = |x: &[u8]| {
        let key = map(&[int(1), int(1), int(3), int(-8), int(-1), int(6), int(-2), bytes(x)]);
        Data::new(key).register().map(drop)
    };
    let invalid = Err(Error::PublicKey(KeyError::Invalid));
    let mut weak = vec![[0; 32], [0; 32], [0xff; 32], [0xff; 32]];
    // 1 and −1, of order 1 and 2; a number that isn't below the field's; two points of order 8.
    weak[1][0] = 1;
    weak[2][0] = 0xec;
    weak[2][31] = 0x7f;
    for hex in [
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    ] {
        let mut point = [0; 32];
        for (at, byte) in point.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
        }
        weak.push(point);
    }
    for point in weak {
        assert_eq!(cose(&point), invalid, "{point:02x?}");
    }
    // Half of all numbers are no point.
    let refused = (2..=101).filter(|byte| cose(&[*byte; 32]) == invalid).count();
    assert!((25..=75).contains(&refused), "{refused}");
    assert_eq!(cose(&[3; 31]), invalid);
}

#[test]
fn an_rsa_key_has_2048_to_8192_bits_and_an_odd_exponent() {
    let cose = |n: &[u8], e: &[u8]| {
        let key = map(&[int(1), int(3), int(3), int(-257), int(-1), bytes(n), int(-2), bytes(e)]);
        Data::new(key).register().map(drop)
    };
    let number = |bytes: usize, first: u8| {
        let mut number = vec![0xff; bytes];
        number[0] = first;
        number
    };
    let f4 = [1, 0, 1];
    let even = [&[0x80; 255][..], &[0]].concat();
    assert_eq!(cose(&number(256, 0x80), &f4), Ok(()));
    assert_eq!(cose(&number(512, 0x80), &f4), Ok(()));
    for (n, e) in [
        (number(256, 0x7f), &f4[..]),
        (number(128, 0x80), &f4),
        (number(1025, 1), &f4),
        (number(257, 0), &f4),
        (even, &f4),
        (number(256, 0x80), &[]),
        (number(256, 0x80), &[1]),
        (number(256, 0x80), &[2]),
        (number(256, 0x80), &[0, 1, 0, 1]),
        (number(256, 0x80), &[1, 0, 0, 0, 1]),
        (vec![], &f4),
    ] {
        assert_eq!(cose(&n, e), Err(Error::PublicKey(KeyError::Invalid)), "{} {e:?}", n.len());
    }
}

#[test]
fn counters_rise_or_stay_at_zero() {
    let key = Key::new(Algorithm::EdDsa);
    let cose = key.cose();
    for (before, now, good) in [
        (0, 0, true),
        (0, 1, true),
        (4, 5, true),
        (4, u32::MAX, true),
        (5, 5, false),
        (5, 4, false),
        (5, 0, false),
        (u32::MAX, 0, false),
    ] {
        let data = Data { counter: now, ..Data::new(cose.clone()) }.to_bytes();
        let stored = stored(&cose, before);
        let used = authenticate(&stored, &key, &data, None, |expected| expected);
        if good {
            assert_eq!(used.map(|used| used.counter), Ok(now));
        } else {
            let error = Error::CounterWentBack { stored: before, seen: now };
            assert_eq!(used, Err(error));
            assert_eq!(error.step(Ceremony::Authentication), 22);
        }
        let used =
            authenticate(&stored, &key, &data, None, Expected::accept_counter_going_back).unwrap();
        assert_eq!((used.counter, used.counter_went_back), (now, !good));
    }
}

#[test]
fn a_stored_credential_is_the_one_that_is_used() {
    let key = Key::new(Algorithm::EdDsa);
    let cose = key.cose();
    let data = Data { flags: UP | BE, ..Data::new(cose.clone()) }.to_bytes();
    let with = |change: fn(&mut Credential<'_>), handle: Option<&[u8]>| {
        let mut stored = stored(&cose, 0);
        change(&mut stored);
        authenticate(&stored, &key, &data, handle, |expected| expected).map(drop)
    };
    assert_eq!(with(|_| {}, Some(b"ada")), Ok(()));
    assert_eq!(with(|it| it.user_handle = Some(b"ada"), None), Ok(()));
    assert_eq!(with(|it| it.user_handle = Some(b"ada"), Some(b"ada")), Ok(()));
    let error = Err(Error::WrongUserHandle);
    assert_eq!(with(|it| it.user_handle = Some(b"ada"), Some(b"bob")), error);
    assert_eq!(with(|it| it.user_handle = Some(b"ada"), Some(b"")), error);
    assert_eq!(with(|it| it.backup_eligible = Some(true), None), Ok(()));
    let error = Err(Error::BackupEligibilityChanged);
    assert_eq!(with(|it| it.backup_eligible = Some(false), None), error);
}

#[test]
fn an_attestation_object_has_three_entries_each_once() {
    use auth_webauthn::{RegistrationResponse, verify_registration};
    let data = Data { flags: UP | AT, ..Data::new(Key::new(Algorithm::EdDsa).cose()) }.to_bytes();
    let object = |items: &[Vec<u8>]| {
        verify_registration(
            &Expected::new(&authenticator::CHALLENGE, "example.com", authenticator::ORIGIN),
            &Algorithm::ALL,
            &RegistrationResponse {
                credential_id: b"an id",
                client_data_json: &authenticator::client_data("create"),
                attestation_object: &map(items),
            },
        )
        .map(drop)
    };
    let format = [text("fmt"), text("none")];
    let statement = [text("attStmt"), map(&[])];
    let data = [text("authData"), bytes(&data)];
    // In whatever order.
    assert_eq!(object(&[&format[..], &statement, &data].concat()), Ok(()));
    assert_eq!(object(&[&format[..], &data, &statement].concat()), Ok(()));
    let error = |error| Err(Error::Cbor(Part::AttestationObject, error));
    let wrong = error(CborError::WrongEntry);
    assert_eq!(object(&[]), wrong);
    assert_eq!(object(&[&format[..], &data].concat()), wrong);
    assert_eq!(object(&[&format[..], &statement].concat()), wrong);
    assert_eq!(object(&[&statement[..], &data].concat()), wrong);
    let more = [text("more"), int(1)];
    assert_eq!(object(&[&format[..], &statement, &data, &more].concat()), wrong);
    let doubled = error(CborError::KeyOrder);
    for twice in [&format[..], &statement, &data] {
        assert_eq!(object(&[&format[..], &statement, &data, twice].concat()), doubled);
    }
    // Of another type, or empty.
    let wrong_type = error(CborError::WrongType);
    let typed = |format: &[u8], data: &[u8]| {
        object(&[
            text("fmt"),
            format.to_vec(),
            text("attStmt"),
            map(&[]),
            text("authData"),
            data.into(),
        ])
    };
    assert_eq!(typed(&bytes(b"none"), &data[1]), wrong_type);
    assert_eq!(typed(&int(1), &data[1]), wrong_type);
    assert_eq!(typed(&text("none"), &text("data")), wrong_type);
    assert_eq!(typed(&text("none"), &map(&[])), wrong_type);
    assert_eq!(typed(&text("none"), &bytes(b"")), Err(Error::AuthenticatorData));
    for statement in [array(&[]), int(0), bytes(b""), text("")] {
        assert_eq!(
            object(&[&format[..], &[text("attStmt"), statement], &data].concat()),
            Err(Error::Attestation(AttestationError::Cbor(CborError::WrongType)))
        );
    }
    let not_empty = [text("attStmt"), map(&[text("sig"), bytes(b"x")])];
    assert_eq!(
        object(&[&format[..], &not_empty, &data].concat()),
        Err(Error::Attestation(AttestationError::Cbor(CborError::WrongEntry)))
    );
}

/// Formats that nobody here reads prove nothing, and hinder nobody.
#[test]
fn an_unknown_format_is_no_attestation() {
    let data = Data { flags: UP | AT, ..Data::new(Key::new(Algorithm::EdDsa).cose()) }.to_bytes();
    let statement = map(&[text("ver"), text("2.0"), text("x5c"), array(&[bytes(b"cert")])]);
    let made = register(&data, &text("tpm"), &statement, b"an id", |expected| expected).unwrap();
    assert_eq!(made.attestation, Attestation::Unverified { format: "tpm".into() });
    for format in ["None", "packed ", ""] {
        let made = register(&data, &text(format), &map(&[]), b"an id", |it| it).unwrap();
        assert_eq!(made.attestation, Attestation::Unverified { format: format.into() });
    }
}

#[test]
fn a_self_attestation_is_signed_by_the_credential() {
    for algorithm in Algorithm::ALL {
        let key = Key::new(algorithm);
        let data = Data { flags: UP | AT, ..Data::new(key.cose()) }.to_bytes();
        let signature = key.sign(&message(&data, "create"));
        let packed = |statement: &[Vec<u8>]| {
            register(&data, &text("packed"), &map(statement), b"an id", |expected| expected)
                .map(|made| made.attestation)
        };
        let alg = [text("alg"), int(algorithm.id())];
        let sig = [text("sig"), bytes(&signature)];
        let error = |error| Err(Error::Attestation(error));
        assert_eq!(packed(&[&alg[..], &sig].concat()), Ok(Attestation::SelfSigned));

        let other = bytes(&Key::new(algorithm).sign(&message(&data, "create")));
        let forged = [&alg[..], &[text("sig"), other]].concat();
        assert_eq!(packed(&forged), error(AttestationError::BadSignature));
        let assertion = bytes(&key.sign(&message(&data, "get")));
        let forged = [&alg[..], &[text("sig"), assertion]].concat();
        assert_eq!(packed(&forged), error(AttestationError::BadSignature));
        let id = if algorithm == Algorithm::Es256 { -8 } else { -7 };
        let forged = [&[text("alg"), int(id)], &sig[..]].concat();
        assert_eq!(packed(&forged), error(AttestationError::Algorithm));

        let wrong = error(AttestationError::Cbor(CborError::WrongEntry));
        assert_eq!(packed(&alg), wrong);
        assert_eq!(packed(&sig), wrong);
        assert!(packed(&[&alg[..], &[text("ecdaaKeyId"), bytes(b"x")], &sig].concat()).is_err());
        let empty = [&alg[..], &sig, &[text("x5c"), array(&[])]].concat();
        assert_eq!(packed(&empty), wrong);
        let garbage = [&alg[..], &sig, &[text("x5c"), array(&[bytes(b"cert")])]].concat();
        assert_eq!(packed(&garbage), error(AttestationError::UnreadableCertificate));
        let many = vec![bytes(b"cert"); 9];
        let many = [&alg[..], &sig, &[text("x5c"), array(&many)]].concat();
        assert_eq!(packed(&many), error(AttestationError::TooManyCertificates));
    }
}

/// What isn't read at all is refused by its canonical form, wherever it stands.
#[test]
fn every_part_of_an_attestation_object_is_canonical() {
    let key = Key::new(Algorithm::Es256);
    let data = Data { flags: UP | AT, ..Data::new(key.cose()) }.to_bytes();
    let made = |statement: &[u8]| {
        register(&data, &text("unknown"), statement, b"an id", |expected| expected).map(drop)
    };
    assert_eq!(made(&map(&[text("a"), int(24)])), Ok(()));
    for (statement, error) in [
        (map(&[text("a"), int(1), text("a"), int(1)]), CborError::KeyOrder),
        (map(&[text("b"), int(1), text("a"), int(1)]), CborError::KeyOrder),
        (vec![0xbf, 0xff], CborError::NotShortest),
        (map(&[text("a"), vec![0x5f, 0x41, 0, 0xff]]), CborError::NotShortest),
        (map(&[text("a"), vec![0x18, 23]]), CborError::NotShortest),
        (map(&[text("a"), vec![0x19, 0, 255]]), CborError::NotShortest),
        (map(&[text("a"), vec![0xc1, 0]]), CborError::Forbidden),
        (map(&[text("a"), vec![0x61, 0xff]]), CborError::NotUtf8),
        (map(&[text("a"), [vec![0x81; 9], int(0)].concat()]), CborError::TooDeep),
    ] {
        let error = Error::Cbor(Part::AttestationObject, error);
        assert_eq!(made(&statement), Err(error), "{statement:02x?}");
        assert_eq!(error.step(Ceremony::Registration), 13);
    }
}

/// As sections 7.1 and 7.2 of the specification number them.
#[test]
fn every_error_has_its_step() {
    let cbor = CborError::WrongType;
    let counter = Error::CounterWentBack { stored: 1, seen: 1 };
    for (error, registration, authentication) in [
        (Error::TooLong(Part::ClientData), Some(5), Some(8)),
        (Error::ClientDataJson, Some(6), Some(9)),
        (Error::WrongType, Some(7), Some(10)),
        (Error::WrongChallenge, Some(8), Some(11)),
        (Error::WrongOrigin, Some(9), Some(12)),
        (Error::CrossOrigin, Some(10), Some(13)),
        (Error::WrongTopOrigin, Some(11), Some(14)),
        (Error::TooLong(Part::AttestationObject), Some(13), None),
        (Error::Cbor(Part::AuthenticatorData, cbor), Some(13), Some(7)),
        (Error::AuthenticatorData, Some(13), Some(7)),
        (Error::WrongRpId, Some(14), Some(15)),
        (Error::UserNotPresent, Some(15), Some(16)),
        (Error::UserNotVerified, Some(16), Some(17)),
        (Error::BackupFlags, Some(17), Some(18)),
        (Error::BackupEligibilityChanged, None, Some(19)),
        (Error::AlgorithmNotOffered, Some(20), None),
        (Error::PublicKey(KeyError::Invalid), Some(20), Some(21)),
        (Error::Attestation(AttestationError::BadSignature), Some(22), None),
        (Error::BadSignature, None, Some(21)),
        (counter, None, Some(22)),
        (Error::CredentialIdLength, Some(25), None),
        (Error::WrongCredentialId, Some(27), Some(6)),
        (Error::WrongUserHandle, None, Some(6)),
    ] {
        for (ceremony, step) in
            [(Ceremony::Registration, registration), (Ceremony::Authentication, authentication)]
        {
            if let Some(step) = step {
                assert_eq!(error.step(ceremony), step, "{error}, {ceremony:?}");
            }
        }
    }
}
