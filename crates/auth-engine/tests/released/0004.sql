-- Ada's authenticator app, a wrong code, and her recovery codes.
INSERT INTO totp_user_devices
    (app_id, user_id, device_name, secret_key, period, skew, verified, created_at)
VALUES
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', 'phone', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 30, 1, TRUE, 1767225601000);
INSERT INTO recovery_codes
    (app_id, user_id, code_hash, created_at)
VALUES
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', 'eeb736e96086eb4e17a46c7b400375d3ee7af8d75fe45a5f8b57bd107bce1d44', 1767225601000),
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', 'd2da7c1ccf20dc9b6b8c0bcdf0612fc07ac518b5272337fae9fd981519354d76', 1767225601000),
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', 'b4e3072f20cb0ff4142dd76ce1b953424fd9a7303d15a888fa14cc2094529ad1', 1767225601000),
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', '16037330df1210c91a67162706d4de638177ed107bfcd96365e17d83fc5f4c58', 1767225601000),
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', '03b45a34e8a3163b615ccfab9b4159739b4f7b9530ca11aece1c9f54e848749f', 1767225601000),
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', 'eb92993fb7b0b27e788fc16a706ebc0853b7cbe0575eea9d8dca267828d30f50', 1767225601000),
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', '971c7c57c2e99a58d79473181e44c391e2c122006b3593e5361579188c9f9de6', 1767225601000),
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', '4e90041b7be3c3860300a8a64fb8cab4203625b572b64ce4f6f53e736c3ec97c', 1767225601000),
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', '636cc9763e24aec75467573a416c4d2567e658c36a8fea151d696b341c478048', 1767225601000),
    ('public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', '6037ff059144d07d9cbde28aab0629eb20dac2bf4ee5dc841ba74fe47f786f3b', 1767225601000);
INSERT INTO second_factor_attempts
    (app_id, tenant_id, user_id, attempt, is_valid, device_name, time_step, created_at, expires_at)
VALUES
    ('public', 'public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', 1, FALSE, NULL, NULL, 1767225601000, 1767225691000);
