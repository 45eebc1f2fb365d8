// A front end that keeps its tokens itself and sends them by header.

export class FrontEnd {
    constructor(origin) {
        this.origin = origin;
        this.access = undefined;
        this.refresh = undefined;
    }

    async send(method, path, { body, token = this.access } = {}) {
        const headers = { "st-auth-mode": "header", rid: "anti-csrf" };
        if (token) headers.authorization = `Bearer ${token}`;
        if (body) headers["content-type"] = "application/json";
        const response = await fetch(this.origin + path, {
            method,
            headers,
            body: body && JSON.stringify(body),
        });
        const text = await response.text();
        const access = response.headers.get("st-access-token");
        const refresh = response.headers.get("st-refresh-token");
        if (access) this.access = access;
        if (refresh) this.refresh = refresh;
        return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
    }

    /** Signs up or in, by `/auth/signup` or `/auth/signin`. */
    sign(path, email, password) {
        const formFields = [
            { id: "email", value: email },
            { id: "password", value: password },
        ];
        return this.send("POST", path, { body: { formFields }, token: undefined });
    }

    refreshSession(token = this.refresh) {
        return this.send("POST", "/auth/session/refresh", { token });
    }
}
