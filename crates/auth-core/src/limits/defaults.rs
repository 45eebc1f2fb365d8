//! The limits of each action where nothing else is set. `docs/limits.md` has the reasons.

use std::time::Duration;

use super::{Action, ActionLimits, Rate};

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// Mails that are sent in all: 10,000 at once, and five a second.
pub(super) fn mails() -> Rate {
    Rate::new(10_000, Duration::from_millis(200))
}

/// Messages to phones that are sent in all: 1,000 at once, and one every two seconds.
pub(super) fn messages() -> Rate {
    Rate::new(1_000, seconds(2))
}

impl Action {
    /// What limits the action unless [`Limits::action`](super::Limits::action) says otherwise.
    pub fn default_limits(self) -> ActionLimits {
        let none = ActionLimits::none();
        match self {
            Self::SignIn => none
                .account(Rate::new(10, minutes(15)))
                .pair(Rate::new(5, minutes(10)))
                .address(Rate::new(100, seconds(30)))
                .device(Rate::new(10, minutes(10))),
            Self::SignUp => none.address(Rate::new(50, minutes(2))),
            Self::EmailExists => none.address(Rate::new(50, seconds(20))),
            Self::SendPasswordReset => none
                .account(Rate::new(5, minutes(30)))
                .address(Rate::new(20, minutes(2)))
                .device(Rate::new(5, minutes(10))),
            Self::SendEmailVerification => {
                none.account(Rate::new(10, minutes(10))).address(Rate::new(50, minutes(1)))
            }
            Self::UsePasswordResetToken
            | Self::UseEmailVerificationToken
            | Self::UseSignInAlertToken => none.address(Rate::new(50, minutes(1))),
            Self::CreateCode => {
                none.address(Rate::new(30, minutes(1))).device(Rate::new(10, minutes(10)))
            }
            Self::ConsumeCode => none.address(Rate::new(100, seconds(30))),
            Self::Totp => none.address(Rate::new(100, minutes(1))),
            Self::RecoveryCode => none.address(Rate::new(30, minutes(1))),
            Self::ThirdPartySignIn => none.address(Rate::new(100, seconds(10))),
            Self::PasskeyOptions => none.address(Rate::new(200, seconds(2))),
            Self::SignInAlert => none.account(Rate::new(5, minutes(4 * 60))),
            Self::ChangePassword => {
                none.account(Rate::new(10, minutes(15))).address(Rate::new(50, minutes(1)))
            }
        }
    }
}
