//! What can be wrong with a log.

use std::fmt;

use auth_protocol::{AppId, TenantId};

use crate::JwtError;

/// Something that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The chain's app; `None` where a line names none.
    pub chain: Option<(AppId, TenantId)>,
    /// What it is.
    pub what: Wrong,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wrong {
    /// A line of the log can't be read.
    Unreadable {
        /// The line's number, from 1.
        line: u64,
    },
    /// An entry isn't what it was when it was written.
    Altered {
        /// The entry.
        position: i64,
    },
    /// Two entries have one position.
    Repeated {
        /// The position.
        position: i64,
    },
    /// Entries are missing.
    Dropped {
        /// The first of them.
        from: i64,
        /// The last of them.
        to: i64,
    },
    /// An entry doesn't stand where it belongs.
    Reordered {
        /// The entry.
        position: i64,
    },
    /// A checkpoint covers more than there is.
    CutAtEnd {
        /// The last entry that is there; 0 where there is none.
        last: i64,
        /// The last that there was.
        checkpoint: i64,
    },
    /// The chain doesn't begin with its first entry, and no checkpoint says how it goes on.
    CutAtFront {
        /// The first entry that is there.
        first: i64,
    },
    /// The hashes aren't those that were signed: somebody has written the chain anew.
    Rewritten {
        /// The last position that was signed as it is, or that before the first.
        after: i64,
        /// The first that wasn't.
        checkpoint: i64,
    },
    /// A checkpoint that no key of the application has signed for this chain.
    Forged {
        /// The position that it claims to be about.
        position: i64,
        /// Why it is none.
        reason: JwtError,
    },
    /// An entry was emptied, and no user was deleted whose entry it can have been.
    Emptied {
        /// The entry.
        position: i64,
    },
    /// No checkpoint proves anything of the chain.
    Unproved,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((app, tenant)) = &self.chain {
            write!(f, "{app}/{tenant}: ")?;
        }
        match self.what {
            Wrong::Unreadable { line } => write!(f, "line {line} can't be read"),
            Wrong::Altered { position } => write!(f, "entry {position} was altered"),
            Wrong::Repeated { position } => write!(f, "entry {position} is there twice"),
            Wrong::Dropped { from, to } if from == to => write!(f, "entry {from} was dropped"),
            Wrong::Dropped { from, to } => write!(f, "entries {from} to {to} were dropped"),
            Wrong::Reordered { position } => write!(f, "entry {position} is in the wrong place"),
            Wrong::CutAtEnd { last, checkpoint } => {
                write!(f, "cut at the end: after entry {last}, there were {checkpoint}")
            }
            Wrong::CutAtFront { first } => {
                write!(f, "cut at the front: no checkpoint covers what came before entry {first}")
            }
            Wrong::Rewritten { after, checkpoint } => {
                write!(
                    f,
                    "rewritten: entry {checkpoint}, or one after {after}, isn't what was signed"
                )
            }
            Wrong::Forged { position, reason } => {
                write!(f, "forged: the checkpoint at {position}: {reason}")
            }
            Wrong::Emptied { position } => {
                write!(f, "entry {position} was emptied, and no user was deleted for it")
            }
            Wrong::Unproved => f.write_str("no checkpoint proves anything"),
        }
    }
}
