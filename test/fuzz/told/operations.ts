import fc from "fast-check";
import { bodyOperations } from "./body.ts";
import { bytesOperations } from "./bytes.ts";
import { fieldOperations } from "./fields.ts";
import { grpcOperations } from "./grpc.ts";
import { foreignOperations, metricOperations, propertyOperations } from "./others.ts";
import { pluginOperations } from "./plugin.ts";
import { readingOperations } from "./reading.ts";
import type { Operation, Step } from "./steps.ts";
import { streamOperations } from "./stream.ts";

const stepOf = (operations: readonly Operation[]): fc.Arbitrary<Step> =>
  fc.oneof(...operations.map(({ step }) => step));
const steps = (maxLength: number, ...chapters: { weight: number; arbitrary: fc.Arbitrary<Step> }[]) =>
  fc.array(fc.oneof(...chapters), { maxLength });
const chapter = (weight: number, operations: readonly Operation[]) => ({
  weight,
  arbitrary: stepOf(operations),
});

const plain = [
  chapter(3, fieldOperations),
  chapter(1, foreignOperations),
  chapter(1, metricOperations),
  chapter(1, propertyOperations),
];
const noSteps = fc.constant<Step[]>([]);
/** What a timer, a queue's reader or a callout's handler does. */
const laterSteps = steps(
  2,
  ...plain,
  chapter(2, streamOperations(noSteps)),
  chapter(1, pluginOperations(noSteps)),
  chapter(3, grpcOperations(noSteps)),
);

const pluginChapter = pluginOperations(laterSteps);
const streamChapter = streamOperations(laterSteps);
const grpcChapter = grpcOperations(laterSteps);

/** A step without state: what it is to give depends on its operands only. */
export const pureStep = stepOf([...bytesOperations, ...readingOperations]);
/** Steps of a plugin's configuration. */
export const pluginSteps = steps(5, ...plain, chapter(4, pluginChapter), chapter(2, grpcChapter));
/** Steps of a stream's callbacks. */
export const streamSteps = steps(
  4,
  ...plain,
  chapter(2, pluginChapter),
  chapter(4, streamChapter),
  chapter(4, grpcChapter),
);
/** Steps of a body's callbacks. */
export const bodySteps = steps(5, ...plain, chapter(1, streamChapter), chapter(8, bodyOperations));

/** Every operation by its name. */
export const operationsByName: ReadonlyMap<string, Operation> = new Map(
  [
    ...bytesOperations,
    ...readingOperations,
    ...fieldOperations,
    ...foreignOperations,
    ...metricOperations,
    ...propertyOperations,
    ...pluginChapter,
    ...streamChapter,
    ...grpcChapter,
    ...bodyOperations,
  ].map((each) => [each.name, each]),
);
