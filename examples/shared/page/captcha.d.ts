/** The same `fetch`, which solves what the server asks for, and then asks again. */
export declare function solvingCaptchas(original: typeof fetch): typeof fetch;
