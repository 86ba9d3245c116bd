/** `process` has no meaning in a proxy: to use it is a compile error that says what to write. */
export namespace process {
  export function exit(code: i32): void {
    ERROR("process.exit would end every stream of the worker: answer with respond() instead");
  }

  export const argv: string[] = [];
}
