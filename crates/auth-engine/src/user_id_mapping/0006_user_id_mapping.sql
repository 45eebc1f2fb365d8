-- One-to-one: neither id can be in two mappings, and a mapping goes with its user.
CREATE TABLE userid_mapping (
    app_id VARCHAR(64) NOT NULL,
    supertokens_user_id VARCHAR(36) NOT NULL,
    external_user_id VARCHAR(128) NOT NULL,
    external_user_id_info TEXT,
    PRIMARY KEY (app_id, supertokens_user_id),
    UNIQUE (app_id, external_user_id),
    FOREIGN KEY (app_id, supertokens_user_id)
        REFERENCES app_id_to_user_id (app_id, user_id) ON DELETE CASCADE
);
