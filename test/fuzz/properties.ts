import type { RunningProxy } from "../../harness/src/backend.ts";
import { HarnessError } from "../../harness/src/errors.ts";
import type { HeaderList } from "../../harness/src/header-list.ts";
import { outgoingRequest, type ReceivedResponse } from "../../harness/src/message.ts";
import { decide } from "./authz-model.ts";
import type { AuthzConfiguration, DamagedText } from "./configurations.ts";
import type { Subject } from "./subject.ts";
import type { FuzzRequest } from "./traffic.ts";

/** Every verdict is the model's, and so is whether the upstream is reached. */
export async function verdictsAgree(
  subject: Subject,
  configuration: AuthzConfiguration,
  traffic: readonly FuzzRequest[],
): Promise<void> {
  await subject.with(encode(configuration), async (proxy, upstream) => {
    for (const each of traffic) {
      const reason = decide(configuration, each);
      const reached = upstream.requests.length;
      const { status } = await send(proxy, each);
      const expected = reason === null ? 200 : reason === "missing_header" ? 401 : 403;
      if (status !== expected) throw new Error(`status ${status}, not ${expected} (${reason ?? "allowed"})`);
      if (upstream.requests.length - reached !== Number(reason === null))
        throw new Error("the upstream disagrees");
    }
    refuseTraps(await proxy.settle());
  });
}

/** Whatever stands in a request, it reaches the upstream or is refused by a status that the filter has, and nothing traps. */
export async function passesOrRefuses(
  subject: Subject,
  configuration: object,
  traffic: readonly FuzzRequest[],
): Promise<void> {
  await subject.with(encode(configuration), async (proxy, upstream) => {
    for (const each of traffic) {
      const reached = upstream.requests.length;
      const { status } = await send(proxy, each);
      const passes = upstream.requests.length > reached;
      if (passes ? status !== 200 : status !== 401 && status !== 403) throw new Error(`status ${status}`);
    }
    refuseTraps(await proxy.settle());
  });
}

/** Each header is logged as `name=value`, the value decoded as the Encoding standard has it. */
export async function headersAreLogged(subject: Subject, traffic: readonly FuzzRequest[]): Promise<void> {
  const text = new TextDecoder("utf-8", { ignoreBOM: true });
  await subject.with(encode({ log: true }), async (proxy) => {
    for (const each of traffic) await send(proxy, each);
    const observation = await proxy.settle();
    refuseTraps(observation);
    const logged = new Set(observation.logs.map(({ message }) => message));
    for (const { headers } of traffic) {
      for (const [name, value] of headers) {
        if (isJoined(name)) continue;
        const line = `${name.toLowerCase()}=${text.decode(value)}`;
        if (!logged.has(line)) throw new Error(`not logged: ${JSON.stringify(line)}`);
      }
    }
  });
}

/** Whatever a filter is told to do to headers: no trap, no header that is none reaches the upstream, and no status that is none the client. */
export async function survives(
  subject: Subject,
  configuration: object,
  traffic: readonly FuzzRequest[],
): Promise<void> {
  await subject.with(encode(configuration), async (proxy, upstream) => {
    for (const each of traffic) {
      const { status, headers } = await send(proxy, each);
      if (status < 200 || status > 599) throw new Error(`status ${status}`);
      refuseInvalid(headers, each);
    }
    for (const [i, { headers }] of upstream.requests.entries()) refuseInvalid(headers, traffic[i]);
    refuseTraps(await proxy.settle());
  });
}

/** A field that the filter wrote has a token for a name, and a value without NUL, CR and LF (RFC 9110, section 5). */
function refuseInvalid(headers: HeaderList, request: FuzzRequest | undefined): void {
  const sent = new Set(
    request?.headers.map(
      ([name, value]) => `${name.toLowerCase()}: ${Buffer.from(value).toString("latin1")}`,
    ),
  );
  for (const [name, value] of headers) {
    const field = `${name}: ${Buffer.from(value).toString("latin1")}`;
    const isValid = /^[!#$%&'*+.^_`|~0-9a-z-]+: [^\0\r\n]*$/s.test(field);
    if (!isValid && !sent.has(field)) throw new Error(`written: ${JSON.stringify(field)}`);
  }
}

/** Envoy joins repeated fields of some names, which the campaign's tokens may hit by chance. */
function isJoined(name: string): boolean {
  return !name.toLowerCase().startsWith("x-rol") && !/^x-(team|user)$/i.test(name);
}

/** A damaged configuration is refused with one line, or accepted where it may be; it never traps. */
export async function isRefusedInOneLine(
  subject: Subject,
  { text, mustBeRefused }: DamagedText,
): Promise<void> {
  const refusal = await refusalOf(subject, text);
  if (refusal === null && mustBeRefused) throw new Error("accepted");
  if (refusal === null) return;
  if (
    !/^plugin "header-authz" refused its configuration: header-authz: configuration refused: [^\n]+\n/.test(
      refusal,
    )
  ) {
    throw new Error(refusal);
  }
}

async function refusalOf(subject: Subject, text: Uint8Array): Promise<string | null> {
  try {
    await subject.with(text, async (proxy) => refuseTraps(await proxy.settle()));
    return null;
  } catch (error) {
    if (error instanceof HarnessError && error.code === "configuration_refused") return error.message;
    throw error;
  }
}

function send(proxy: RunningProxy, each: FuzzRequest): Promise<ReceivedResponse> {
  return proxy.send(outgoingRequest({ ...each, authority: "fuzz.test" }));
}

function refuseTraps({
  traps,
  logs,
}: {
  traps: readonly object[];
  logs: ReadonlyArray<{ level: string; message: string }>;
}): void {
  if (traps.length > 0) throw new Error(`trapped: ${JSON.stringify(traps[0])} ${logs.at(-1)?.message ?? ""}`);
}

function encode(configuration: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(configuration));
}
