// A server on a free port of this machine.

/** Waits until Node's server listens; gives its address, and how to end it. */
export async function listen(server) {
    server.listen(0, "127.0.0.1");
    await new Promise((resolve, reject) => {
        server.once("listening", resolve);
        server.once("error", reject);
    });
    const close = () => {
        server.close();
        server.closeAllConnections();
    };
    return { origin: `http://127.0.0.1:${server.address().port}`, close };
}
