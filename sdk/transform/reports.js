import { DiagnosticCategory, DiagnosticCode, DiagnosticMessage } from "assemblyscript";

/** An error of the SDK, or a warning, at a place of the program, for the compiler to show. */
export function report(range, text, category = DiagnosticCategory.Error) {
  const message = DiagnosticMessage.create(DiagnosticCode.User_defined_0, category, text);
  message.message = text; // without the compiler's "User-defined: "
  return message.withRange(range);
}
