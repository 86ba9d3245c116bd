import { Bytes, ReplyOptions, utf8 } from "as-proxy-wasm";
import { Credential, CREDENTIALS } from "./credentials/credential";
import { Decision } from "./decision";
import { AuthzFacts } from "./facts";
import { Reason } from "./reason";

/**
 * Says which credentials a refused client could have brought. A status 401 has at least one. Source: RFC 9110, 11.6.1 and
 * 15.5.2.
 */
export function addChallenges(
  reply: ReplyOptions,
  decision: Decision,
  facts: AuthzFacts,
  realm: Bytes,
): void {
  if (decision.reason == Reason.MissingHeader) add(reply, utf8("Header").concat(realm));
  for (let kind = 0; kind < CREDENTIALS.length; kind++) {
    const credential = facts.credentials[kind];
    if (credential === null || (decision.wanted & (1 << kind)) == 0) continue;
    add(reply, credential.scheme.concat(realm).concat(credential.detail(facts.identity(kind))));
  }
}

function add(reply: ReplyOptions, challenge: Bytes): void {
  reply.addHeader(utf8("www-authenticate"), challenge);
}
