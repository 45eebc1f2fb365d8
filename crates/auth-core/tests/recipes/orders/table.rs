//! What becomes of an address that arrives again: the table, and how it is read.

use std::{collections::BTreeMap, fmt};

use auth_core::recipes::accountlinking::AutomaticLinking;

/// FDI §7, one row for each pair of what has the address and what arrives with it, one column for each
/// answer of the application (`Yes { true }` demands verification).
///
/// There first:
/// - *a password*, *a third party*: an account that has proved the address (by the mailed link; by the
///   third party's word) or hasn't, where the table doesn't say so
/// - *a code*: an account by one-time codes, which proves it
/// - *both*: one user's password and third party
///
/// Arrives: a password by sign-up or sign-in; the third party's account, which is the same one where it is
/// there first; a code that is typed in; the *link* of email verification, followed for an account
/// that hasn't proved the address; the link of a password *reset*.
///
/// A cell says what comes of it, and after a comma what comes of it in a session of the user that was
/// there first, with `shouldTryLinkingWithSessionUser`, where that differs:
/// - *own*: a new user
/// - *linked*: a new way in to the user that was there first
/// - *known*: the account that was there already, still the same user's
/// - *refused*: `…_NOT_ALLOWED`; *confirm*: with `confirmWith`
/// - *exists*: the address has a password; *wrong*: wrong credentials
/// - *prove first*: 403, the session's user has to prove its address
/// - *not linked*: 400, the application links nothing
/// - *no mail*: there is nobody to send one to
const TABLE: &str = "
| there first            | arrives                 | No                 | Yes { false }   | Yes { true }         | AfterConfirmation    |
|------------------------|-------------------------|--------------------|-----------------|----------------------|----------------------|
| nothing                | password sign-up        | own                | own             | own                  | own                  |
| nothing                | password sign-in        | wrong              | wrong           | wrong                | wrong                |
| nothing                | third party, verified   | own                | own             | own                  | own                  |
| nothing                | third party, unverified | own                | own             | own                  | own                  |
| nothing                | code                    | own                | own             | own                  | own                  |
| nothing                | link                    | no mail            | no mail         | no mail              | no mail              |
| nothing                | reset                   | no mail            | no mail         | no mail              | no mail              |
| a password             | password sign-up        | exists, not linked | exists          | exists, prove first  | exists, prove first  |
| a password             | password sign-in        | known              | known           | known                | known                |
| a password             | third party, verified   | own, not linked    | linked          | refused, prove first | own, prove first     |
| a password             | third party, unverified | own, not linked    | linked          | refused, prove first | own, prove first     |
| a password             | code                    | own, not linked    | linked          | refused, linked      | own, linked          |
| a password             | link                    | known              | known           | known                | known                |
| a password             | reset                   | known              | known           | known                | known                |
| a password, proved     | password sign-up        | exists, not linked | exists          | exists               | exists               |
| a password, proved     | password sign-in        | known              | known           | known                | known                |
| a password, proved     | third party, verified   | own, not linked    | linked          | linked               | confirm, linked      |
| a password, proved     | third party, unverified | own, not linked    | linked          | refused, linked      | refused, linked      |
| a password, proved     | code                    | own, not linked    | linked          | linked               | confirm, linked      |
| a password, proved     | link                    | no mail            | no mail         | no mail              | no mail              |
| a password, proved     | reset                   | known              | known           | known                | known                |
| a third party          | password sign-up        | own, not linked    | linked          | refused, prove first | own, prove first     |
| a third party          | password sign-in        | wrong              | wrong           | wrong                | wrong                |
| a third party          | third party, verified   | known              | known           | known                | known                |
| a third party          | third party, unverified | known              | known           | known                | known                |
| a third party          | code                    | own, not linked    | linked          | refused, linked      | own, linked          |
| a third party          | link                    | known              | known           | known                | known                |
| a third party          | reset                   | no mail            | linked          | no mail              | no mail              |
| a third party, proved  | password sign-up        | own, not linked    | linked          | refused, linked      | refused, linked      |
| a third party, proved  | password sign-in        | wrong              | wrong           | wrong                | wrong                |
| a third party, proved  | third party, verified   | known              | known           | known                | known                |
| a third party, proved  | third party, unverified | known              | known           | known                | known                |
| a third party, proved  | code                    | own, not linked    | linked          | linked               | confirm, linked      |
| a third party, proved  | link                    | no mail            | no mail         | no mail              | no mail              |
| a third party, proved  | reset                   | no mail            | linked          | linked               | no mail              |
| a code                 | password sign-up        | own, not linked    | linked          | refused, linked      | refused, linked      |
| a code                 | password sign-in        | wrong              | wrong           | wrong                | wrong                |
| a code                 | third party, verified   | own, not linked    | linked          | linked               | confirm, linked      |
| a code                 | third party, unverified | own, not linked    | linked          | refused, linked      | refused, linked      |
| a code                 | code                    | known              | known           | known                | known                |
| a code                 | link                    | no mail            | no mail         | no mail              | no mail              |
| a code                 | reset                   | no mail            | linked          | linked               | no mail              |
| both, unproved         | password sign-up        | exists, not linked | exists          | exists               | exists               |
| both, unproved         | password sign-in        | known              | known           | known                | known                |
| both, unproved         | third party, verified   | known              | known           | known                | known                |
| both, unproved         | third party, unverified | known              | known           | known                | known                |
| both, unproved         | code                    | own, not linked    | linked          | refused, linked      | own, linked          |
| both, unproved         | link                    | known              | known           | known                | known                |
| both, unproved         | reset                   | refused            | refused         | refused              | refused              |
| both, proved           | password sign-up        | exists, not linked | exists          | exists               | exists               |
| both, proved           | password sign-in        | known              | known           | known                | known                |
| both, proved           | third party, verified   | known              | known           | known                | known                |
| both, proved           | third party, unverified | known              | known           | known                | known                |
| both, proved           | code                    | own, not linked    | linked          | linked               | confirm, linked      |
| both, proved           | link                    | no mail            | no mail         | no mail              | no mail              |
| both, proved           | reset                   | known              | known           | known                | known                |
";

/// What comes of an arrival, without a session and in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) signed_out: Outcome,
    pub(super) in_session: Outcome,
}

pub(super) struct Table(BTreeMap<(First, Arrival, Policy), Cell>);

impl Table {
    pub(super) fn read() -> Self {
        let mut cells = BTreeMap::new();
        for ([first, arrival], row) in rows(TABLE) {
            let key = (First::named(&first), Arrival::named(&arrival));
            for (policy, cell) in row {
                let before = cells.insert((key.0, key.1, policy), cell);
                assert_eq!(before, None, "{first}, {arrival} are there twice");
            }
        }
        let count = First::ALL.len() * Arrival::ALL.len() * Policy::ALL.len();
        assert_eq!(cells.len(), count, "a row for each pair");
        Self(cells)
    }

    pub(super) fn cell(&self, first: First, arrival: Arrival, policy: Policy) -> Cell {
        self.0[&(first, arrival, policy)]
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = (First, Arrival, Policy, Cell)> {
        self.0.iter().map(|((first, arrival, policy), cell)| (*first, *arrival, *policy, *cell))
    }
}

/// What is there first and what arrives, and what comes of it.
pub(super) type Row = ([String; 2], Vec<(Policy, Cell)>);

/// The rows below the head of a table of Markdown: the first two columns, and a cell for each policy
/// that the head names.
pub(super) fn rows(table: &str) -> Vec<Row> {
    let columns = |line: &str| -> Vec<String> {
        let line = line.trim_matches('|').replace('`', "");
        line.split('|').map(|column| column.trim().to_owned()).collect()
    };
    let mut lines = table.lines().filter(|line| line.starts_with('|'));
    let head = columns(lines.next().expect("a head"));
    let policies: Vec<Policy> = head[2..].iter().map(|word| Policy::named(word)).collect();
    let row = |line: &str| {
        let columns = columns(line);
        let cells = columns[2..].iter().map(|cell| Cell::read(cell));
        ([columns[0].clone(), columns[1].clone()], policies.iter().copied().zip(cells).collect())
    };
    lines.skip(1).map(row).collect()
}

impl Cell {
    fn read(words: &str) -> Self {
        let (signed_out, in_session) = words.split_once(", ").unwrap_or((words, words));
        Self { signed_out: Outcome::named(signed_out), in_session: Outcome::named(in_session) }
    }
}

/// A name in the table for each value.
macro_rules! named {
    ($(#[doc = $doc:literal])* $name:ident { $($value:ident = $word:literal),* $(,)? }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(super) enum $name { $($value),* }

        impl $name {
            #[allow(dead_code, reason = "not every list is gone through")]
            pub(super) const ALL: &[Self] = &[$(Self::$value),*];

            pub(super) fn named(word: &str) -> Self {
                match word {
                    $($word => Self::$value,)*
                    _ => panic!("the table has no such word: {word:?}"),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$value => $word),* })
            }
        }
    };
}

named!(
    /// What has the address before.
    First {
        Nothing = "nothing",
        Password = "a password",
        PasswordProved = "a password, proved",
        Third = "a third party",
        ThirdProved = "a third party, proved",
        Code = "a code",
        TwoUnproved = "both, unproved",
        Two = "both, proved",
    }
);

named!(
    /// What arrives.
    Arrival {
        SignUp = "password sign-up",
        SignIn = "password sign-in",
        ThirdProved = "third party, verified",
        Third = "third party, unverified",
        Code = "code",
        Link = "link",
        Reset = "reset",
    }
);

named!(
    /// What the application says of linking.
    Policy {
        No = "No",
        Yes = "Yes { false }",
        YesProved = "Yes { true }",
        AfterConfirmation = "AfterConfirmation",
    }
);

named!(
    /// What becomes of it.
    Outcome {
        Own = "own",
        Linked = "linked",
        Known = "known",
        Refused = "refused",
        Confirm = "confirm",
        Exists = "exists",
        Wrong = "wrong",
        ProveFirst = "prove first",
        NotLinked = "not linked",
        NoMail = "no mail",
    }
);

impl Policy {
    pub(super) fn answer(self) -> AutomaticLinking {
        let yes =
            |should_require_verification| AutomaticLinking::Yes { should_require_verification };
        match self {
            Self::No => AutomaticLinking::No,
            Self::Yes => yes(false),
            Self::YesProved => yes(true),
            Self::AfterConfirmation => AutomaticLinking::AfterConfirmation,
        }
    }
}
