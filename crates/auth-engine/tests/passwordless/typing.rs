//! Codes as people paste them.

use super::*;

#[tokio::test]
async fn a_drawn_code_is_read_however_it_is_grouped_and_in_whichever_script() {
    let test = Test::new().await;
    let arabic = |digit: char| char::from_u32(0x660 + digit.to_digit(10).unwrap()).unwrap();
    let wide = |digit: char| char::from_u32(0xff10 + digit.to_digit(10).unwrap()).unwrap();
    let code = test.email_code("ada@example.com").await;
    let digits = code.user_input_code.expose_secret();
    let (start, end) = digits.split_at(3);
    for written in [
        format!(" {start} {end}\n"),
        format!("{start}-{end}"),
        format!("{start}\u{2011}{end}"),
        format!("{start}\u{a0}{end}"),
        format!("\u{200e}{start}\u{200b}{end}\u{feff}"),
        digits.chars().map(wide).collect(),
        digits.chars().map(arabic).collect(),
        digits.chars().flat_map(|digit| [digit, ' ']).collect(),
    ] {
        let response = test.run(CheckCode(typed_as(&code, &written))).await;
        assert!(matches!(response, CheckCodeResponse::Ok { .. }), "{written:?}: {response:?}");
    }
    for wrong in [format!("{digits}0"), format!("{digits}a"), format!("{start}.{end}")] {
        let response = test.run(CheckCode(typed_as(&code, &wrong))).await;
        assert!(matches!(response, CheckCodeResponse::IncorrectUserInputCodeError { .. }));
    }
    let written: String = digits.chars().rev().collect();
    if written != digits {
        let response = test.run(CheckCode(typed_as(&code, &written))).await;
        assert!(matches!(response, CheckCodeResponse::IncorrectUserInputCodeError { .. }));
    }
}

#[tokio::test]
async fn a_chosen_code_works_as_it_was_chosen_and_no_other_way() {
    let test = Test::new().await;
    for (index, (chosen, other)) in [
        ("12-34 56", "123456"),
        ("open sesame", "opensesame"),
        ("Ｗ٣", "W3"),
        ("ab-CD", "abCD"),
        ("--", ""),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("{index}@example.com");
        let request = CreateCode::for_email(email).user_input_code(Some(chosen.into()));
        let code = test.code(request).await;
        let response = test.run(CheckCode(typed_as(&code, other))).await;
        assert!(
            matches!(response, CheckCodeResponse::IncorrectUserInputCodeError { .. }),
            "{other}: {response:?}"
        );
        test.sign_in_by(typed_as(&code, chosen)).await;
    }
}

#[tokio::test]
async fn a_contact_is_one_however_it_is_written_and_none_that_cannot_be_read() {
    let test = Test::new().await;
    for (first, second) in [
        ("ada@Bücher.example", "ada@xn--bcher-kva.example"),
        ("vic\u{212a}@example.com", "vick@example.com"),
        ("u\u{308}ni@example.com", "ÜNI@example.com"),
    ] {
        let id = test.new_user(first).await;
        assert_eq!(test.new_user(second).await, id, "{first}");
    }
    let code = test.code(CreateCode::for_phone_number("\u{202a}tel:+٤٩ 170 1234567")).await;
    assert_eq!(test.sign_in_by(typed(&code)).await.1.phone_numbers, [E164]);
    for email in ["a\u{200b}da@example.com", "ada@example.com\u{202e}", "a\u{1}da@example.com"] {
        let text = test.refused(CreateCode::for_email(email)).await;
        assert_eq!(text, "Field name 'email' is invalid in JSON input");
    }
}

#[tokio::test]
async fn ids_and_link_codes_that_encode_nothing_known_start_the_flow_again() {
    let test = Test::new().await;
    let code = test.email_code("ada@example.com").await;
    let id = &code.pre_auth_session_id;
    for text in ["random", "invalidLinkCode", "invalidDeviceId0", "AAAA", "AB"] {
        for proof in [CodeProof::user_input_code(id, text, "1"), CodeProof::link_code(id, text)] {
            let response = test.consume(proof).await;
            assert!(matches!(response, ConsumeCodeResponse::RestartFlowError), "{response:?}");
        }
        let response = test.run(CreateCode::for_device(text)).await;
        assert!(matches!(response, CreateCodeResponse::RestartFlowError), "{response:?}");
    }
    assert_eq!(test.devices(ListCodes::by_device_id("random")).await, []);
    test.sign_in_by(typed(&code)).await;
}
