-- What happened, in one chain for each app and tenant: every entry holds the hash of the one before,
-- and its payload (from user_id to salt) goes when a user is deleted, while its digest stays. No
-- foreign keys: what happened to a tenant is told when it is gone, too.
CREATE TABLE audit_log_entries (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    position BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    kind VARCHAR(64) NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    facts TEXT,
    user_id TEXT,
    acting_user_id TEXT,
    address TEXT,
    user_agent TEXT,
    api TEXT,
    session_handle TEXT,
    details TEXT,
    salt VARCHAR(32),
    payload_digest VARCHAR(64) NOT NULL,
    previous_hash VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    PRIMARY KEY (app_id, tenant_id, position)
);
CREATE INDEX audit_log_entries_time ON audit_log_entries (app_id, tenant_id, created_at);
CREATE INDEX audit_log_entries_user ON audit_log_entries (app_id, user_id)
    WHERE user_id IS NOT NULL;
CREATE INDEX audit_log_entries_acting_user ON audit_log_entries (app_id, acting_user_id)
    WHERE acting_user_id IS NOT NULL;
-- The last entry of each chain. Who appends holds its row.
CREATE TABLE audit_log_heads (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    position BIGINT NOT NULL,
    hash VARCHAR(64) NOT NULL,
    PRIMARY KEY (app_id, tenant_id)
);
-- Signed statements about chains.
CREATE TABLE audit_log_checkpoints (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    position BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    token TEXT NOT NULL,
    PRIMARY KEY (app_id, tenant_id, position)
);
-- Who reads a chain in order, how far that is done, and who of several is at it.
CREATE TABLE audit_log_consumers (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    consumer VARCHAR(128) NOT NULL,
    acknowledged BIGINT NOT NULL,
    lease VARCHAR(64),
    leased_until BIGINT NOT NULL,
    PRIMARY KEY (app_id, tenant_id, consumer)
);
