import fc, { type IRawProperty } from "fast-check";
import { authzHandles, expressionIsRefused, expressionMatches } from "./authz/drive.ts";
import { soundExpression, subjectText, wrongExpression } from "./authz/expressions.ts";
import { declaredSession, requestsPerSession, soundAuthzSession, tokenSession } from "./authz/sessions.ts";
import { damagedText, echo as echoConfiguration, soundAuthz } from "./configurations.ts";
import { faultsEnd, faultSession } from "./filters/faults.ts";
import { limitSession, limitsHold } from "./filters/limits.ts";
import { streamsPerSession } from "./filters/sessions.ts";
import type { Lab } from "./lab.ts";
import {
  headersAreLogged,
  isRefusedInOneLine,
  passesOrRefuses,
  survives,
  verdictsAgree,
} from "./properties.ts";
import { rootIdDecides } from "./root-ids.ts";
import { aside, misplacedRefuses, staysAside } from "./told/aside.ts";
import { Drive } from "./told/drive.ts";
import { hostile } from "./told/hostile.ts";
import { pureStep } from "./told/operations.ts";
import { hostileSession } from "./told/hostile-sessions.ts";
import { type Session, sessionOf } from "./told/session.ts";
import { soundSession } from "./told/streams.ts";
import { timerSteps, timersAreInOrder } from "./told/timers.ts";
import { wireEvents, wiresCarry } from "./told/wires.ts";
import { request } from "./traffic.ts";
import { credentialed, wideAuthz } from "./wide-authz.ts";

/** A property, how many inputs one run of it has, and its share of all inputs. */
export interface Part {
  readonly name: string;
  readonly share: number;
  readonly inputsPerRun: number;
  readonly property: (lab: Lab) => Promise<IRawProperty<unknown>>;
}

const authz = "filters/header-authz";
const limits = "filters/rate-limit";
const faults = "filters/fault-injection";
const echo = "test/guests/echo-headers";
const twoRoots = "test/guests/two-roots";
const told = "test/fuzz/guests/told";
const wires = "test/fuzz/guests/wires";
const beside = "test/fuzz/guests/aside";

const requestsPerProxy = 50;
const traffic = fc.array(request, { minLength: requestsPerProxy, maxLength: requestsPerProxy });
const credentialedTraffic = fc.array(credentialed, {
  minLength: requestsPerProxy,
  maxLength: requestsPerProxy,
});
const textsPerExpression = 6;
const texts = fc.array(subjectText, { minLength: textsPerExpression, maxLength: textsPerExpression });
const stepsPerRun = 40;
const pureScript = fc.array(pureStep, { minLength: stepsPerRun, maxLength: stepsPerRun });
/** Three streams, of a request and a response each, and the plugin's configuration. */
const inputsPerSession = 7;

const refused = [1, 2, 6, 10, 0];
/** A host that refuses by turns. */
const faultyWire = {
  set_buffer_bytes: refused,
  get_buffer_bytes: refused,
  continue_stream: refused,
  http_call: refused,
};

/** What the campaign is made of. A subject that comes later is a line here. */
export const parts: readonly Part[] = [
  part("verdicts", 0.07, requestsPerProxy + 1, authz, (subject) =>
    fc.asyncProperty(soundAuthz, traffic, (sound, sent) => verdictsAgree(subject, sound, sent)),
  ),
  part("credentials", 0.04, requestsPerProxy + 1, authz, (subject) =>
    fc.asyncProperty(wideAuthz, credentialedTraffic, (wide, sent) => passesOrRefuses(subject, wide, sent)),
  ),
  part("sound authorization", 0.05, requestsPerSession + 1, authz, (subject) =>
    fc.property(soundAuthzSession, (session) => {
      subject.onLightHost({}, (host) => authzHandles(host, session));
    }),
  ),
  part("tokens", 0.08, requestsPerSession + 1, authz, (subject) =>
    fc.property(tokenSession, (session) => {
      subject.onLightHost({}, (host) => authzHandles(host, session));
    }),
  ),
  part("declared authorization", 0.06, requestsPerSession + 1, authz, (subject) =>
    fc.property(declaredSession, (session) => {
      subject.onLightHost({}, (host) => authzHandles(host, session));
    }),
  ),
  part("expressions", 0.06, textsPerExpression + 1, authz, (subject) =>
    fc.property(soundExpression, fc.boolean(), texts, (expression, ignoresCase, each) => {
      subject.onLightHost({}, (host) => expressionMatches(host, expression, { ignoresCase, texts: each }));
    }),
  ),
  part("wrong expressions", 0.01, 1, authz, (subject) =>
    fc.property(wrongExpression, (source) => {
      subject.onLightHost({}, (host) => expressionIsRefused(host, source));
    }),
  ),
  part("limits", 0.06, streamsPerSession + 1, limits, (subject) =>
    fc.property(limitSession, (session) => {
      subject.onLightHost({}, (host) => limitsHold(host, session));
    }),
  ),
  part("faults", 0.05, streamsPerSession + 1, faults, (subject) =>
    fc.property(faultSession, (session) => {
      subject.onLightHost({}, (host) => faultsEnd(host, session));
    }),
  ),
  part("logged headers", 0.05, requestsPerProxy, echo, (subject) =>
    fc.asyncProperty(traffic, (sent) => headersAreLogged(subject, sent)),
  ),
  part("edits", 0.08, requestsPerProxy + 1, echo, (subject) =>
    fc.asyncProperty(echoConfiguration, traffic, (wanted, sent) => survives(subject, wanted, sent)),
  ),
  part("damaged configurations", 0.02, 1, authz, (subject) =>
    fc.asyncProperty(damagedText, (text) => isRefusedInOneLine(subject, text)),
  ),
  part("root ids", 0.01, 1, twoRoots, (subject) => rootIdDecides(subject)),
  part("values", 0.12, stepsPerRun, told, (subject) =>
    fc.property(pureScript, (steps) => {
      subject.onLightHost({}, (host) => new Drive(host, true).run(sessionOf(steps)));
    }),
  ),
  part("messages", 0.08, inputsPerSession, told, (subject) =>
    fc.property(soundSession, (session) => runs(subject, session, true)),
  ),
  part("hostile hosts", 0.08, inputsPerSession, told, (subject) =>
    fc.property(hostileSession, (session) => runs(subject, session, false)),
  ),
  part("connections", 0.04, 12, wires, (subject) =>
    fc.property(wireEvents, fc.boolean(), (events, isFaulty) => {
      subject.onLightHost(isFaulty ? faultyWire : {}, (host) => wiresCarry(host, events, !isFaulty));
    }),
  ),
  part("misplaced filters", 0.01, 1, wires, (subject) =>
    fc.property(fc.constantFrom("wires", "web"), hostile, (rootId, bytes) => {
      subject.onLightHost({}, (host) => misplacedRefuses(host, rootId, bytes));
    }),
  ),
  part("plugins aside", 0.01, 10, beside, (subject) =>
    fc.property(aside, (told) => {
      subject.onLightHost({}, (host) => staysAside(host, told));
    }),
  ),
  part("timers", 0.02, 10, told, (subject) =>
    fc.property(timerSteps, (steps) => {
      subject.onLightHost({}, (host) => timersAreInOrder(host, steps));
    }),
  ),
];

type Tested = Awaited<ReturnType<Lab["subject"]>>;

function part(
  name: string,
  share: number,
  inputsPerRun: number,
  folder: string,
  property: (subject: Tested) => IRawProperty<never> | IRawProperty<unknown>,
): Part {
  return {
    name,
    share,
    inputsPerRun,
    property: async (lab) => property(await lab.subject(folder)) as IRawProperty<unknown>,
  };
}

function runs(subject: Tested, session: Session, isModelled: boolean): void {
  subject.onLightHost(session.faults, (host) => new Drive(host, isModelled).run(session));
}
