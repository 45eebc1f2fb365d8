CREATE TABLE apps (
    app_id VARCHAR(64) NOT NULL,
    created_at_time BIGINT NOT NULL,
    PRIMARY KEY (app_id)
);

CREATE TABLE tenants (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    created_at_time BIGINT NOT NULL,
    PRIMARY KEY (app_id, tenant_id),
    FOREIGN KEY (app_id) REFERENCES apps (app_id) ON DELETE CASCADE
);

CREATE TABLE key_value (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    name VARCHAR(128) NOT NULL,
    value TEXT NOT NULL,
    created_at_time BIGINT NOT NULL,
    PRIMARY KEY (app_id, tenant_id, name),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE
);

-- The self-reference has no cascade: the head of a group of linked accounts must stay as long as
-- one of its members does.
CREATE TABLE app_id_to_user_id (
    app_id VARCHAR(64) NOT NULL,
    user_id VARCHAR(36) NOT NULL,
    recipe_id VARCHAR(128) NOT NULL,
    primary_or_recipe_user_id VARCHAR(36) NOT NULL,
    is_linked_or_is_a_primary_user BOOLEAN NOT NULL,
    time_joined BIGINT NOT NULL,
    primary_or_recipe_user_time_joined BIGINT NOT NULL,
    PRIMARY KEY (app_id, user_id),
    FOREIGN KEY (app_id) REFERENCES apps (app_id) ON DELETE CASCADE,
    FOREIGN KEY (app_id, primary_or_recipe_user_id)
        REFERENCES app_id_to_user_id (app_id, user_id) ON UPDATE CASCADE,
    CHECK (is_linked_or_is_a_primary_user OR user_id = primary_or_recipe_user_id),
    CHECK (primary_or_recipe_user_time_joined <= time_joined)
);
CREATE INDEX app_id_to_user_id_primary
    ON app_id_to_user_id (app_id, primary_or_recipe_user_id);
CREATE INDEX app_id_to_user_id_oldest_first
    ON app_id_to_user_id (app_id, primary_or_recipe_user_time_joined ASC, primary_or_recipe_user_id DESC);
CREATE INDEX app_id_to_user_id_newest_first
    ON app_id_to_user_id (app_id, primary_or_recipe_user_time_joined DESC, primary_or_recipe_user_id DESC);

CREATE TABLE recipe_user_account_infos (
    app_id VARCHAR(64) NOT NULL,
    recipe_user_id VARCHAR(36) NOT NULL,
    recipe_id VARCHAR(128) NOT NULL,
    account_info_type VARCHAR(8) NOT NULL,
    account_info_value TEXT NOT NULL,
    third_party_id VARCHAR(28) NOT NULL,
    third_party_user_id VARCHAR(256) NOT NULL,
    primary_user_id VARCHAR(36),
    PRIMARY KEY (app_id, recipe_user_id, recipe_id, account_info_type, third_party_id, third_party_user_id),
    FOREIGN KEY (app_id, recipe_user_id)
        REFERENCES app_id_to_user_id (app_id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (app_id, primary_user_id) REFERENCES app_id_to_user_id (app_id, user_id),
    CHECK (account_info_type IN ('email', 'phone', 'tparty'))
);
CREATE INDEX recipe_user_account_infos_primary
    ON recipe_user_account_infos (app_id, primary_user_id);
CREATE INDEX recipe_user_account_infos_value
    ON recipe_user_account_infos (app_id, account_info_type, account_info_value);

CREATE TABLE recipe_user_tenants (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    recipe_user_id VARCHAR(36) NOT NULL,
    recipe_id VARCHAR(128) NOT NULL,
    account_info_type VARCHAR(8) NOT NULL,
    account_info_value TEXT NOT NULL,
    third_party_id VARCHAR(28) NOT NULL,
    third_party_user_id VARCHAR(256) NOT NULL,
    PRIMARY KEY (app_id, tenant_id, recipe_id, account_info_type, third_party_id, third_party_user_id, account_info_value),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE,
    FOREIGN KEY (app_id, recipe_user_id)
        REFERENCES app_id_to_user_id (app_id, user_id) ON DELETE CASCADE,
    CHECK (account_info_type IN ('email', 'phone', 'tparty'))
);
CREATE INDEX recipe_user_tenants_user
    ON recipe_user_tenants (app_id, recipe_user_id, tenant_id);
CREATE INDEX recipe_user_tenants_value
    ON recipe_user_tenants (app_id, tenant_id, account_info_type, account_info_value);

CREATE TABLE primary_user_tenants (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    account_info_type VARCHAR(8) NOT NULL,
    account_info_value TEXT NOT NULL,
    primary_user_id VARCHAR(36) NOT NULL,
    PRIMARY KEY (app_id, tenant_id, account_info_type, account_info_value),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE,
    FOREIGN KEY (app_id, primary_user_id)
        REFERENCES app_id_to_user_id (app_id, user_id) ON DELETE CASCADE,
    CHECK (account_info_type IN ('email', 'phone', 'tparty'))
);
CREATE INDEX primary_user_tenants_primary
    ON primary_user_tenants (app_id, primary_user_id);

CREATE TABLE emailpassword_users (
    app_id VARCHAR(64) NOT NULL,
    user_id VARCHAR(36) NOT NULL,
    email VARCHAR(256) NOT NULL,
    password_hash VARCHAR(256) NOT NULL,
    time_joined BIGINT NOT NULL,
    PRIMARY KEY (app_id, user_id),
    FOREIGN KEY (app_id, user_id)
        REFERENCES app_id_to_user_id (app_id, user_id) ON DELETE CASCADE
);
CREATE INDEX emailpassword_users_email ON emailpassword_users (app_id, email);

CREATE TABLE emailpassword_pswd_reset_tokens (
    app_id VARCHAR(64) NOT NULL,
    user_id VARCHAR(36) NOT NULL,
    token VARCHAR(128) NOT NULL,
    email VARCHAR(256) NOT NULL,
    token_expiry BIGINT NOT NULL,
    PRIMARY KEY (app_id, user_id, token),
    UNIQUE (token),
    FOREIGN KEY (app_id, user_id)
        REFERENCES app_id_to_user_id (app_id, user_id) ON DELETE CASCADE
);
CREATE INDEX emailpassword_pswd_reset_tokens_expiry
    ON emailpassword_pswd_reset_tokens (token_expiry);

-- Users of this table and of those below need not be known to the core.
CREATE TABLE emailverification_verified_emails (
    app_id VARCHAR(64) NOT NULL,
    user_id VARCHAR(128) NOT NULL,
    email VARCHAR(256) NOT NULL,
    PRIMARY KEY (app_id, user_id, email),
    FOREIGN KEY (app_id) REFERENCES apps (app_id) ON DELETE CASCADE
);
CREATE INDEX emailverification_verified_emails_email
    ON emailverification_verified_emails (app_id, email);

CREATE TABLE session_info (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    session_handle VARCHAR(255) NOT NULL,
    user_id VARCHAR(128) NOT NULL,
    refresh_token_hash_2 VARCHAR(128) NOT NULL,
    session_data TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at_time BIGINT NOT NULL,
    jwt_user_payload TEXT NOT NULL,
    use_static_key BOOLEAN NOT NULL,
    prev_refresh_token_hash_2 VARCHAR(128),
    refresh_token_rotated_at BIGINT,
    PRIMARY KEY (app_id, tenant_id, session_handle),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE,
    CHECK ((prev_refresh_token_hash_2 IS NULL) = (refresh_token_rotated_at IS NULL))
);
CREATE INDEX session_info_expiry ON session_info (expires_at);
CREATE INDEX session_info_user ON session_info (app_id, user_id);

CREATE TABLE session_access_token_signing_keys (
    app_id VARCHAR(64) NOT NULL,
    created_at_time BIGINT NOT NULL,
    value TEXT NOT NULL,
    algorithm VARCHAR(10) NOT NULL,
    PRIMARY KEY (app_id, created_at_time),
    FOREIGN KEY (app_id) REFERENCES apps (app_id) ON DELETE CASCADE,
    CHECK (algorithm IN ('RS256', 'ES256', 'EdDSA'))
);

CREATE TABLE jwt_signing_keys (
    app_id VARCHAR(64) NOT NULL,
    key_id VARCHAR(255) NOT NULL,
    key_string TEXT NOT NULL,
    algorithm VARCHAR(10) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, key_id),
    FOREIGN KEY (app_id) REFERENCES apps (app_id) ON DELETE CASCADE,
    CHECK (algorithm IN ('RS256', 'ES256', 'EdDSA'))
);

CREATE TABLE user_metadata (
    app_id VARCHAR(64) NOT NULL,
    user_id VARCHAR(128) NOT NULL,
    user_metadata TEXT NOT NULL,
    PRIMARY KEY (app_id, user_id),
    FOREIGN KEY (app_id) REFERENCES apps (app_id) ON DELETE CASCADE
);

CREATE TABLE user_last_active (
    app_id VARCHAR(64) NOT NULL,
    user_id VARCHAR(128) NOT NULL,
    last_active_time BIGINT NOT NULL,
    PRIMARY KEY (app_id, user_id),
    FOREIGN KEY (app_id) REFERENCES apps (app_id) ON DELETE CASCADE
);
CREATE INDEX user_last_active_time ON user_last_active (app_id, last_active_time DESC);
