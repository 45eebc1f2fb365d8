// A page that is made on the server, for the session of the browser's cookie.
import { cookies } from "next/headers";
import NextJs from "supertokens-node/nextjs";
import { setUp } from "../backend";

export default async function Page() {
    // What reads cookies isn't made by the build.
    const sent = (await cookies()).getAll();
    setUp();
    const { accessTokenPayload } = await NextJs.getSSRSession(sent);
    return <p>{accessTokenPayload ? `user ${accessTokenPayload.sub}` : "nobody"}</p>;
}
