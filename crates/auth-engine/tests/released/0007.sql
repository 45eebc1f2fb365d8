-- A device with two codes, of which the second took the first one's place, and what contacts have used of their budgets.
INSERT INTO passwordless_devices
    (app_id, tenant_id, device_id_hash, account_info_type, account_info_value, link_code_salt, failed_attempts, max_attempts, expires_at)
VALUES
    ('public', 'public', 'IzL0FVyQc2XhZcbBzXEVSwNf1LjVbtMmrv1x9B9F2ks', 'email', 'dan@example.com', 'w81PG2P7bWHxSONroblv+j5A0C/Ln/UtPVyX/DLKVU4=', 0, 5, 1767226502000);
INSERT INTO passwordless_codes
    (app_id, tenant_id, code_id, device_id_hash, link_code_hash, created_at, expires_at, is_replaced)
VALUES
    ('public', 'public', 'd198be01-25fa-4296-8503-9b886b63022c', 'IzL0FVyQc2XhZcbBzXEVSwNf1LjVbtMmrv1x9B9F2ks', 'UCSs7xe2w2hmHiD85aFVCWhSJV8ZhBVAMp_q61vhSDg=', 1767225601000, 1767226501000, TRUE),
    ('public', 'public', '393f18bd-fb97-47b9-9242-f83c31c6d574', 'IzL0FVyQc2XhZcbBzXEVSwNf1LjVbtMmrv1x9B9F2ks', '7ON0tlrmyzoCSIw6ab-RC_X-Ktuye4NV8hqbS1tKSRI=', 1767225602000, 1767226502000, FALSE);
INSERT INTO passwordless_budgets
    (app_id, tenant_id, budget, account_info_type, account_info_value, full_at)
VALUES
    ('public', 'public', 'sent', 'email', 'erin@example.com', 1767226201000),
    ('public', 'public', 'sent', 'email', 'dan@example.com', 1767226801000);
