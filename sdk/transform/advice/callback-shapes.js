import { CODES } from "./codes.js";

/** Methods that override one of the SDK's with another shape. */
export const callbackShapes = [
  {
    codes: [CODES.overload],
    at: /^(?<name>on[A-Z]\w*|read)\b/,
    when: ({ related }) => related !== null,
    says: ({ name }, { related }) => `${name} is not as the SDK calls it: write \`${shapeOf(related)}\``,
  },
  {
    codes: [CODES.privateMember, CODES.protectedMember],
    at: /^(?<name>on[A-Z]\w*|read)\b/,
    says: ({ name }) => `${name} is called by the SDK: leave \`private\` or \`protected\` out`,
  },
];

/** The declaration's head on one line, without modifiers. */
function shapeOf({ source, start }) {
  const head = /^(abstract\s+)?(?<head>[^{;]*)/.exec(source.text.slice(start)).groups.head;
  return head.replace(/\s+/g, " ").trim();
}
