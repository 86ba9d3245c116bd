import path from "node:path";
import { fileURLToPath } from "node:url";
import { Application, Comment, type DeclarationReflection, Logger, LogLevel, ReflectionKind } from "typedoc";
import { describe, expect, test } from "vitest";
import { requiresCi } from "../harness/requires-ci.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** typedoc compiles a whole package. */
const timeout = 120_000;

/** Envoy's own messages, which are documented by Envoy. */
const generated = "defined in proxy-wasm-harness/api/";

class Complaints extends Logger {
  readonly found: string[] = [];

  override log(message: string, level: LogLevel): void {
    if (level >= LogLevel.Warn) this.found.push(message);
  }
}

type Package = "sdk" | "harness";

const readings = new Map<Package, ReturnType<typeof readPackage>>();

/** What `readPackage` resolves with, read once for all tests. */
function reading(name: Package): ReturnType<typeof readPackage> {
  const read = readings.get(name) ?? readPackage(name);
  readings.set(name, read);
  return read;
}

/** The public names of a package, as its reference has them, and what typedoc complains of. */
async function readPackage(name: Package) {
  const app = await Application.bootstrap({ options: path.join(root, name, "typedoc.json"), plugin: [] });
  const complaints = new Complaints();
  app.logger = complaints;
  const project = await app.convert();
  if (project !== undefined) app.validate(project);
  const children = project?.children ?? [];
  return {
    children: children.flatMap((child) =>
      (child.kind === ReflectionKind.Module ? (child.children ?? []) : [child]).filter(
        ({ kind }) => kind !== ReflectionKind.Reference, // the same name, handed on by a second entry
      ),
    ),
    chapters: app.options.getValue("categoryOrder"),
    complaints: complaints.found.filter((complaint) => !complaint.includes(generated)),
  };
}

/** The comment of a name; that of a function is at its signature. */
function commentOf(reflection: DeclarationReflection): Comment | undefined {
  return reflection.comment ?? reflection.signatures?.[0]?.comment;
}

function chapterOf(reflection: DeclarationReflection): string {
  const tag = commentOf(reflection)?.getTag("@category");
  return tag === undefined ? "none" : Comment.combineDisplayParts(tag.content);
}

function text(reflection: DeclarationReflection): string {
  return Comment.combineDisplayParts(commentOf(reflection)?.summary ?? []);
}

describe("the reference", () => {
  test.for(["sdk", "harness"] as const)(
    "of %s/ has every public name documented",
    { timeout },
    async (name, { skip }) => {
      if (name === "harness") requiresCi(skip);
      const { children, complaints } = await reading(name);
      expect(complaints).toEqual([]);
      expect(children.length).toBeGreaterThan(0);
    },
  );

  test.for(["sdk", "harness"] as const)(
    "of %s/ has every name in a chapter, and no chapter without names",
    { timeout },
    async (name, { skip }) => {
      if (name === "harness") requiresCi(skip);
      const { children, chapters } = await reading(name);
      const foreign = ["expect"]; // of other packages, handed on
      const strays = children.filter(
        (child) => !foreign.includes(child.name) && !chapters.includes(chapterOf(child)),
      );
      expect(strays.map((child) => child.name)).toEqual([]);
      const used = new Set(children.map(chapterOf));
      expect(chapters.filter((chapter) => chapter !== "*" && !used.has(chapter))).toEqual([]);
    },
  );

  test(
    "of the SDK says of every class that stands for something outside what its source is",
    { timeout },
    async () => {
      const { children } = await reading("sdk");
      const ofItsOwn = ["Bytes"]; // stands for nothing but bytes
      const classes = children.filter(
        ({ name, kind }) => kind === ReflectionKind.Class && !ofItsOwn.includes(name),
      );
      expect(classes.filter((child) => !/Source:\s\S/.test(text(child))).map(({ name }) => name)).toEqual([]);
    },
  );

  const internals: Array<[name: Package, comment: RegExp]> = [
    ["sdk", /^For the (SDK|list|table)\b|^For subclasses\b/],
    ["harness", /^For a backend|^For the backends?:|^Called by a backend/],
  ];

  test.for(internals)(
    "of %s/ shows nothing that only it calls itself",
    { timeout },
    async ([name, comment], { skip }) => {
      if (name === "harness") requiresCi(skip);
      const { children } = await reading(name);
      const members = children.flatMap((child) => [child, ...(child.children ?? [])]);
      const internal = members.filter((member) => comment.test(text(member)));
      expect(internal.map((member) => member.name)).toEqual([]);
    },
  );
});
