//! What the functions of this recipe take.

use std::{collections::BTreeMap, sync::Arc};

use auth_protocol::{JsonObject, TenantId, User, UserId};

use super::{FactorId, FactorRequirementList};
use crate::{overrides::input, recipes::session::Session};

input! {
    /// Asks whether a session's user may set up a factor now.
    pub struct AssertAllowedToSetupFactorInput {
        /// The session.
        session: Session,
        /// The factor.
        factor_id: FactorId,
        ..
        /// What is required of the session.
        mfa_requirements_for_auth: FactorRequirementList,
        /// The factors that the user has set up.
        factors_set_up_for_user: Vec<FactorId>,
    }
}

input! {
    /// Asks what a session must complete.
    pub struct GetMfaRequirementsForAuthInput {
        /// The user.
        user: User,
        ..
        /// The session's tenant.
        tenant_id: TenantId,
        /// The access token's payload as it is so far.
        access_token_payload: Arc<JsonObject>,
        /// When each factor was completed, in seconds since the epoch.
        completed_factors: BTreeMap<FactorId, i64>,
        /// The factors that the user has set up.
        factors_set_up_for_user: Vec<FactorId>,
        /// The factors of which one is required of this user.
        required_secondary_factors_for_user: Vec<FactorId>,
        /// The factors of which one is required of every user of the tenant.
        required_secondary_factors_for_tenant: Vec<FactorId>,
    }
}

input! {
    /// A factor that was completed in a session.
    pub struct MarkFactorAsCompleteInSessionInput {
        /// The session.
        session: Session,
        /// The factor.
        factor_id: FactorId,
    }
}

input! {
    /// Whose factors are asked for.
    pub struct GetFactorsSetupForUserInput from User {
        /// The user.
        user: User,
    }
}

input! {
    /// Of whom factors are required.
    pub struct GetRequiredSecondaryFactorsForUserInput from UserId, &UserId {
        /// The user.
        user_id: UserId,
    }
}

input! {
    /// A factor of which, or of others, one is to be required of a user.
    pub struct AddToRequiredSecondaryFactorsForUserInput {
        /// The user.
        user_id: UserId,
        /// The factor.
        factor_id: FactorId,
    }
}

input! {
    /// A factor that isn't to be required of a user any more.
    pub struct RemoveFromRequiredSecondaryFactorsForUserInput {
        /// The user.
        user_id: UserId,
        /// The factor.
        factor_id: FactorId,
    }
}

/// What became of a user's factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FactorChange {
    /// It was set up.
    Added,
    /// It was taken away.
    Removed,
    /// It was made anew, and what there was is of no use any more.
    Renewed,
}

input! {
    /// A change of a user's factors, which its owner is told of.
    pub struct TellOwnerOfFactorInput {
        /// The user.
        user_id: UserId,
        /// The factor.
        factor_id: FactorId,
        /// What became of it.
        change: FactorChange,
        ..
        /// The tenant of the session in which it was changed; `public` by default.
        tenant_id: TenantId,
    }
}
