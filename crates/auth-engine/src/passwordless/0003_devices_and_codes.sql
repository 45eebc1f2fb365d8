-- A device is a browser that requested codes; its id is kept as a digest. The row is locked while
-- a code of the device is judged, and a device that has no attempt left can't stay.
CREATE TABLE passwordless_devices (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    device_id_hash VARCHAR(44) NOT NULL,
    account_info_type VARCHAR(8) NOT NULL,
    account_info_value TEXT NOT NULL,
    link_code_salt VARCHAR(44) NOT NULL,
    failed_attempts BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, tenant_id, device_id_hash),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE,
    CHECK (account_info_type IN ('email', 'phone')),
    CHECK (failed_attempts >= 0 AND failed_attempts < max_attempts)
);
CREATE INDEX passwordless_devices_contact
    ON passwordless_devices (app_id, tenant_id, account_info_type, account_info_value);
CREATE INDEX passwordless_devices_expiry ON passwordless_devices (expires_at);

CREATE TABLE passwordless_codes (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    code_id VARCHAR(36) NOT NULL,
    device_id_hash VARCHAR(44) NOT NULL,
    link_code_hash VARCHAR(44) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, tenant_id, code_id),
    UNIQUE (app_id, tenant_id, link_code_hash),
    FOREIGN KEY (app_id, tenant_id, device_id_hash)
        REFERENCES passwordless_devices (app_id, tenant_id, device_id_hash) ON DELETE CASCADE
);
CREATE INDEX passwordless_codes_device
    ON passwordless_codes (app_id, tenant_id, device_id_hash);
