import fc from "fast-check";
import type { Field } from "../host/fields.ts";
import type { ForeignAnswer } from "../host/state.ts";
import { wideAuthz } from "../wide-authz.ts";
import { declaredAuthz } from "./declared-authz.ts";
import { requestFields } from "./requests.ts";
import { type AuthzEvent, connection, event, signatureAnswer } from "./surroundings.ts";
import { remoteAuthz, tokenAuthz } from "./token-authz.ts";

/** A configuration of header-authz, what its host knows, and requests. */
export interface AuthzSession {
  readonly configuration: unknown;
  readonly mustBeAccepted: boolean;
  readonly properties: Readonly<Record<string, string>>;
  readonly foreign: ForeignAnswer;
  readonly requests: ReadonlyArray<readonly Field[]>;
  readonly events: readonly AuthzEvent[];
}

/** So many requests follow a configuration. */
export const requestsPerSession = 8;

function sessionsOf(
  configuration: fc.Arbitrary<unknown>,
  mustBeAccepted: boolean,
): fc.Arbitrary<AuthzSession> {
  return fc.record({
    configuration,
    mustBeAccepted: fc.constant(mustBeAccepted),
    properties: connection,
    foreign: signatureAnswer,
    requests: fc.array(requestFields, { minLength: requestsPerSession, maxLength: requestsPerSession }),
    events: fc.array(event, { maxLength: 5 }),
  });
}

/** Configurations as the filter's schema declares them, which may be refused for what no schema says. */
export const declaredSession: fc.Arbitrary<AuthzSession> = sessionsOf(declaredAuthz, false);

/** Tokens and addresses in most requests, and keys that may be none. */
export const tokenSession: fc.Arbitrary<AuthzSession> = sessionsOf(tokenAuthz, false);

/** Configurations that must be accepted, with keys of their own or a service's. */
export const soundAuthzSession: fc.Arbitrary<AuthzSession> = sessionsOf(
  fc.oneof(wideAuthz, remoteAuthz),
  true,
);
