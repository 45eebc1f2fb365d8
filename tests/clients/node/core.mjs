// A running auth-server.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export const API_KEY = "clients-suite-key-0123";

/**
 * Starts the binary that AUTH_SERVER names, and waits until it says where it listens. Its data is
 * in the new database that AUTH_DATABASE names, or in memory.
 */
export async function startCore() {
    const { AUTH_SERVER, AUTH_DATABASE = "sqlite::memory:" } = process.env;
    const child = spawn(
        AUTH_SERVER,
        ["--port", "0", "--host", "127.0.0.1", "--database", AUTH_DATABASE],
        { env: { API_KEYS: API_KEY, LOG_LEVEL: "ERROR" }, stdio: ["ignore", "pipe", "inherit"] },
    );
    const lines = createInterface({ input: child.stdout });
    const address = await new Promise((resolve, reject) => {
        lines.once("line", (line) => resolve(line.split(" ")[3]));
        child.once("exit", (code) => reject(new Error(`auth-server ended with ${code}`)));
        child.once("error", reject);
    });
    return { connectionURI: `http://${address}`, stop: () => child.kill("SIGTERM") };
}
