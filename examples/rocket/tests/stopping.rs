//! The program as a service manager meets it.

#![cfg(unix)]

const PROGRAM: &str = env!("CARGO_BIN_EXE_example-rocket");

#[test]
fn it_ends_when_told_to_though_half_requests_are_open() {
    test_programs::ends_though_half_requests_are_open(PROGRAM);
}
