//! The cases, and the rules that they prove.

mod bad_input;
mod claims;
mod create;
mod refresh;
mod session;
mod sign_out;

use futures_util::future::LocalBoxFuture;

use crate::Harness;

/// A sentence about the wire, and its proof.
#[derive(Clone, Copy)]
pub struct Case {
    module: &'static str,
    /// The rule's section and row.
    pub row: &'static str,
    /// The sentence.
    pub name: &'static str,
    /// The proof; it fails by panicking.
    pub run: fn(Harness) -> LocalBoxFuture<'static, ()>,
}

impl Case {
    /// The part of the suite that it belongs to.
    pub fn group(&self) -> &'static str {
        self.module.rsplit("::").next().unwrap_or(self.module)
    }
}

/// Makes a case of an async function: its name is the sentence.
macro_rules! cases {
    ($($row:literal => $name:ident),* $(,)?) => {
        pub(super) fn cases() -> Vec<$crate::Case> {
            vec![$($crate::Case {
                module: module_path!(),
                row: $row,
                name: stringify!($name),
                run: |harness| Box::pin($name(harness)),
            }),*]
        }
    };
}
use cases;

/// The rules that must be proved.
pub const ROWS: [&str; 20] = [
    "fdi-2.4-1",
    "fdi-2.4-3",
    "fdi-2.4-4",
    "fdi-2.4-5",
    "fdi-2.4-6",
    "fdi-2.4-7",
    "fdi-2.4-8",
    "fdi-2.4-9",
    "fdi-2.5-1",
    "fdi-2.5-3",
    "fdi-2.5-6",
    "fdi-2.6-2",
    "fdi-2.6-4",
    "fdi-2.6-5",
    "fdi-2.7",
    "fdi-5.1",
    "fdi-5.3",
    "cdi-2.2",
    "cdi-2.6",
    "fdi-6.10",
];

/// Every case.
pub fn all() -> Vec<Case> {
    [
        session::cases(),
        create::cases(),
        refresh::cases(),
        sign_out::cases(),
        claims::cases(),
        bad_input::cases(),
    ]
    .concat()
}

/// Rules that no case names.
pub fn rows_without_a_case() -> Vec<&'static str> {
    let cases = all();
    ROWS.into_iter().filter(|row| cases.iter().all(|case| case.row != *row)).collect()
}

/// Cases whose rule isn't in the list.
pub fn cases_of_unknown_rows() -> Vec<&'static str> {
    all().into_iter().filter(|case| !ROWS.contains(&case.row)).map(|case| case.name).collect()
}

/// Cases that another of their group hides, because both have one name.
pub fn cases_of_one_name() -> Vec<&'static str> {
    let cases = all();
    let is_hidden = |case: &&Case| {
        cases.iter().filter(|it| (it.group(), it.name) == (case.group(), case.name)).count() > 1
    };
    cases.iter().filter(is_hidden).map(|case| case.name).collect()
}
