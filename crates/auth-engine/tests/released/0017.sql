-- Ada's session is bound to a device.
UPDATE session_info SET
    device_key = '{"kty":"EC","crv":"P-256","x":"6_GB2voQ0qroMh6OlDFCFS_SJriQi1PTvvBOhGZ3bHI","y":"IegOJULyE7SxH_Cd1KCER7lWBvGFHQ-h0xyjzUjEIWE","alg":"ES256"}',
    device_bound_at = 1767225602000, device_challenge_at = 1767225601500
    WHERE app_id = 'public' AND tenant_id = 'public'
    AND session_handle = 'ca75ca05-9c37-4ce2-b8e3-ddef820f32df';
