-- Users of these tables need not be known to the core.
CREATE TABLE totp_user_devices (
    app_id VARCHAR(64) NOT NULL,
    user_id VARCHAR(128) NOT NULL,
    device_name VARCHAR(256) NOT NULL,
    secret_key VARCHAR(256) NOT NULL,
    period BIGINT NOT NULL,
    skew BIGINT NOT NULL,
    verified BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, user_id, device_name),
    FOREIGN KEY (app_id) REFERENCES apps (app_id) ON DELETE CASCADE,
    CHECK (period > 0),
    CHECK (skew >= 0)
);

CREATE TABLE recovery_codes (
    app_id VARCHAR(64) NOT NULL,
    user_id VARCHAR(128) NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, user_id, code_hash),
    FOREIGN KEY (app_id) REFERENCES apps (app_id) ON DELETE CASCADE
);

-- Codes that were tried, without the codes themselves: of a TOTP code that was right, the time
-- step that it stood for. Attempts are numbered, so that of two at once only one can be the fifth;
-- and a device's time step is in here once, so that its code can't be accepted twice.
CREATE TABLE second_factor_attempts (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    user_id VARCHAR(128) NOT NULL,
    attempt BIGINT NOT NULL,
    is_valid BOOLEAN NOT NULL,
    device_name VARCHAR(256),
    time_step BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, tenant_id, user_id, attempt),
    UNIQUE (app_id, user_id, device_name, time_step),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE,
    CHECK ((device_name IS NULL) = (time_step IS NULL)),
    CHECK (is_valid OR time_step IS NULL)
);
CREATE INDEX second_factor_attempts_expiry ON second_factor_attempts (expires_at);
