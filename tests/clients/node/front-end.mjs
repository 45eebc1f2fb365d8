// A front end that keeps its session itself.

export class FrontEnd {
    /** `mode` says how tokens travel: by `header` or by `cookie`. */
    constructor(origin, mode = "header") {
        this.origin = origin;
        this.mode = mode;
        this.cookies = new Map();
        this.access = undefined;
        this.refresh = undefined;
    }

    async send(method, path, { body, token = this.access } = {}) {
        const headers = { "st-auth-mode": this.mode, rid: "anti-csrf" };
        if (token) headers.authorization = `Bearer ${token}`;
        if (this.cookies.size > 0) {
            headers.cookie = [...this.cookies].map((cookie) => cookie.join("=")).join("; ");
        }
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
        for (const cookie of response.headers.getSetCookie()) this.keep(cookie);
        return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
    }

    keep(cookie) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
        if (value) this.cookies.set(name, value);
        else this.cookies.delete(name);
    }

    /** What the access token says. */
    claims() {
        return JSON.parse(Buffer.from(this.access.split(".")[1], "base64url"));
    }

    /** Signs up or in, by `/auth/signup` or `/auth/signin`. */
    sign(path, email, password) {
        const formFields = [
            { id: "email", value: email },
            { id: "password", value: password },
        ];
        return this.send("POST", path, { body: { formFields }, token: null });
    }

    refreshSession(token = this.refresh) {
        return this.send("POST", "/auth/session/refresh", { token });
    }
}
