//! The program as a service manager meets it.

#![cfg(unix)]

const PROGRAM: &str = env!("CARGO_BIN_EXE_example-warp");

#[test]
fn it_ends_when_told_to_though_half_requests_are_open() {
    test_programs::ends_though_half_requests_are_open(PROGRAM);
}

#[test]
fn half_requests_hold_no_descriptor_for_ever() {
    test_programs::gives_up_half_requests(PROGRAM);
}
