import { Bytes, isHeaderName, utf8 } from "as-proxy-wasm";
import { AuthzFacts } from "../../facts";

/** What a signature may cover beside headers; the other derived components of RFC 9421 are not known here. */
export const DERIVED = [
  "@method",
  "@authority",
  "@scheme",
  "@target-uri",
  "@request-target",
  "@path",
  "@query",
];

/** Whether a component is one that the filter can look at: a derived one, or the name of a header in lower case. */
export function isComponent(name: Bytes): bool {
  if (name[0] == 0x40) return isDerived(name);
  for (let i = 0; i < name.length; i++) if (<u32>name[i] - 0x41 < 26) return false;
  return isHeaderName(name) && name[0] != 0x3a;
}

function isDerived(name: Bytes): bool {
  for (let i = 0; i < DERIVED.length; i++) if (name.equals(Bytes.fromString(DERIVED[i]))) return true;
  return false;
}

/** Whether one component says all that another says. */
export function coversToo(component: Bytes, wanted: Bytes): bool {
  if (component.equals(wanted)) return true;
  const isPart = wanted.equals(utf8("@path")) || wanted.equals(utf8("@query"));
  if (component.equals(utf8("@request-target"))) return isPart;
  if (!component.equals(utf8("@target-uri"))) return false;
  return isPart || wanted.equals(utf8("@authority")) || wanted.equals(utf8("@scheme"));
}

/** The value of a component; null when the request has none. Source: RFC 9421, 2.1 and 2.2. */
export function componentValue(name: Bytes, facts: AuthzFacts): Bytes | null {
  if (name[0] != 0x40) return fieldValue(name, facts);
  const target = facts.headers.get(utf8(":path"));
  if (target === null) return null;
  if (name.equals(utf8("@request-target"))) return target;
  if (name.equals(utf8("@path"))) return pathOf(target);
  if (name.equals(utf8("@query"))) return queryOf(target);
  if (name.equals(utf8("@method"))) return facts.headers.get(utf8(":method"));
  return placeValue(name, target, facts);
}

function placeValue(name: Bytes, target: Bytes, facts: AuthzFacts): Bytes | null {
  const scheme = lower(facts.headers.get(utf8(":scheme")));
  const authority = lower(facts.headers.get(utf8(":authority")));
  if (scheme === null || authority === null) return null;
  const host = withoutDefaultPort(authority, scheme);
  if (name.equals(utf8("@scheme"))) return scheme;
  return name.equals(utf8("@authority")) ? host : scheme.concat(utf8("://")).concat(host).concat(target);
}

/** All values of a header, one behind the other. */
function fieldValue(name: Bytes, facts: AuthzFacts): Bytes | null {
  const values = facts.headers.getAll(name);
  if (values.length == 0) return null;
  let text = values[0].trim();
  for (let i = 1; i < values.length; i++) text = text.concat(utf8(", ")).concat(values[i].trim());
  return text;
}

function pathOf(target: Bytes): Bytes {
  const question = target.indexOf(utf8("?"));
  return question < 0 ? target : target.slice(0, question);
}

/** With `?`, which is there without a query as well. */
function queryOf(target: Bytes): Bytes {
  const question = target.indexOf(utf8("?"));
  return question < 0 ? utf8("?") : target.slice(question);
}

function withoutDefaultPort(authority: Bytes, scheme: Bytes): Bytes {
  const port = scheme.equals(utf8("https")) ? utf8(":443") : utf8(":80");
  return authority.endsWith(port) ? authority.slice(0, authority.length - port.length) : authority;
}

function lower(text: Bytes | null): Bytes | null {
  if (text === null) return null;
  const lower = Bytes.fromBuffer(new ArrayBuffer(text.length));
  for (let i = 0; i < text.length; i++)
    store<u8>(lower.start + i, <u32>text[i] - 0x41 < 26 ? text[i] | 0x20 : text[i]);
  return lower;
}
