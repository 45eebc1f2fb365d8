//! What the engine must know of the mappings.

use crate::{
    parts::{Goes, Part, user_table},
    storage::Migration,
};

pub(crate) const PART: Part = Part {
    migrations: &[Migration {
        version: 6,
        name: "user ids of other systems",
        sql: include_str!("0006_user_id_mapping.sql"),
    }],
    // The id that another system has for a user; each id is in one mapping.
    tables: &[user_table!("userid_mapping", "supertokens_user_id", Goes::OtherRow)],
    ..Part::EMPTY
};
