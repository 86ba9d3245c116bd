import { Bytes } from "../bytes";

/** Which of the choices a text is, from 0; -1 when it is none. */
export function choiceOf(text: Bytes, choices: string[]): i32 {
  for (let i = 0; i < choices.length; i++) {
    if (text.equals(Bytes.fromString(choices[i]))) return i;
  }
  return -1;
}

/** Why what is none of the choices is refused. */
export function mustBeOneOf(choices: string[]): string {
  return "must be one of " + listed(choices, ", ");
}

/** All of them, with `, ` between two, but this before the last. */
export function listed(words: string[], beforeLast: string): string {
  let text = "";
  for (let i = 0; i < words.length; i++) {
    if (i > 0) text += i < words.length - 1 ? ", " : beforeLast;
    text += words[i];
  }
  return text;
}
