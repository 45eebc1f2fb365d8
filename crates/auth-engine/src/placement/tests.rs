use auth_protocol::Operation;

use super::Placed;

/// Whether an operation says what it is about.
fn name<O: Placed>() -> &'static str {
    <O as Operation>::NAME
}

macro_rules! names {
    ($($operation:ty),* $(,)?) => { [$(name::<$operation>()),*] };
}

#[test]
fn every_operation_says_what_it_is_about() {
    // One that doesn't, doesn't compile.
    assert!(auth_protocol::for_each_operation!(names).contains(&"sign_up"));
}
