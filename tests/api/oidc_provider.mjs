// A real OpenID provider (npm: oidc-provider) for test_oidc.py: one client, and whoever types a login is that subject.
import { Provider } from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: "sanquan", client_secret: "made-up-secret", redirect_uris: [redirect],
    grant_types: ["authorization_code"], response_types: ["code"],
  }],
  cookies: { keys: ["made-up"] },
  pkce: { required: () => true },
  findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
