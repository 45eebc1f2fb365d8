-- Ada signed up; nothing was signed about the chain yet, and one program reads it.
INSERT INTO audit_log_entries
    (app_id, tenant_id, position, created_at, kind, outcome, facts, user_id, address, user_agent, api, details, salt, payload_digest, previous_hash, hash)
VALUES
    ('public', 'public', 1, 1767225601000, 'sign_up', 'succeeded', '{"recipe":"emailpassword"}', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', '203.0.113.9', 'Mozilla/5.0', 'signUpPOST', '{"email":"ada@example.com"}', '4pHmJqYVgT0dPC0uVd0bWA', 'kMU_DQKMY0qVU4TUQ2fK3krDat2CBx3f8RqMIv98Fz4', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'CgPoiz6qw0VPEJOE_QoeIpyiYHbNx015jf9ttMEwCuM');
INSERT INTO audit_log_heads (app_id, tenant_id, position, hash) VALUES
    ('public', 'public', 1, 'CgPoiz6qw0VPEJOE_QoeIpyiYHbNx015jf9ttMEwCuM');
INSERT INTO audit_log_consumers (app_id, tenant_id, consumer, acknowledged, lease, leased_until) VALUES
    ('public', 'public', 'webhooks', 1, NULL, 0);
