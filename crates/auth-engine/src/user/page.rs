//! Where a page of users starts.

use std::cmp::Ordering;

use auth_protocol::{UserId, user::TimeJoinedOrder};
use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::EngineError;

/// The first user of a page. Its text form is the base64 of `<user id>;<time joined>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PageStart {
    pub(super) user_id: UserId,
    pub(super) time_joined: i64,
}

impl PageStart {
    /// Reads a pagination token.
    pub(super) fn parse(token: &str) -> Result<Self, EngineError> {
        Self::decode(token)
            .ok_or_else(|| EngineError::BadRequest("invalid pagination token".to_owned()))
    }

    fn decode(token: &str) -> Option<Self> {
        let text = String::from_utf8(BASE64_STANDARD.decode(token).ok()?).ok()?;
        let (user_id, time_joined) = text.split_once(';')?;
        Some(Self { user_id: user_id.into(), time_joined: time_joined.parse().ok()? })
    }

    /// Which of two comes first: of those who joined at the same time the one with the greater id.
    pub(super) fn compare(&self, other: &Self, order: TimeJoinedOrder) -> Ordering {
        let by_time = self.time_joined.cmp(&other.time_joined);
        let by_time = match order {
            TimeJoinedOrder::Asc => by_time,
            TimeJoinedOrder::Desc => by_time.reverse(),
        };
        by_time.then_with(|| other.user_id.cmp(&self.user_id))
    }

    /// Writes the pagination token.
    pub(super) fn to_token(&self) -> String {
        BASE64_STANDARD.encode(format!("{};{}", self.user_id, self.time_joined))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_token_reads_back_as_it_was_written(id in "[^;]{0,64}", time_joined: i64) {
            let start = PageStart { user_id: id.into(), time_joined };
            prop_assert_eq!(PageStart::parse(&start.to_token()).unwrap(), start);
        }

        #[test]
        fn no_text_makes_the_parser_panic(token in "\\PC*") {
            if let Err(error) = PageStart::parse(&token) {
                prop_assert_eq!(error.to_string(), "invalid pagination token");
            }
        }

        #[test]
        fn no_decoded_text_makes_the_parser_panic(text in "\\PC*") {
            let _ = PageStart::parse(&BASE64_STANDARD.encode(text));
        }
    }
}
