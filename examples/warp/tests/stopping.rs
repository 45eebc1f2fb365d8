//! The program as a service manager meets it.

#![cfg(unix)]

test_programs::stopping!(env!("CARGO_BIN_EXE_example-warp"));
