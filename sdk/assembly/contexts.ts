/** What the host means by a context's number. */
export enum ContextKind {
  Plugin,
  HttpStream,
  Connection,
}

/** Something that the host knows by a number: a plugin or a stream. */
export abstract class Context {
  /** For the table of contexts: the next one in the same bucket. @internal */
  nextContext: Context | null = null;
  /** The host's number for it; 0 for what a filter has made itself. */
  contextId: u32 = 0;
  /** The host's number for the plugin that a stream runs through; 0 for a plugin. @internal */
  parentContextId: u32 = 0;

  constructor(
    /** What it is; to ask for the class would take longer, and each callback asks. @internal */
    readonly kind: ContextKind,
  ) {}

  /**
   * The filter has answered or closed the stream: Envoy 1.40 dies of another such wish in the response's callbacks.
   *
   * @internal
   */
  isAnswered: bool = false;
  /** The filter has closed the stream, so that it has no answer of the filter's. @internal */
  isReset: bool = false;
  /** The response that the filter is shown is its own answer. @internal */
  isAnswerShown: bool = false;
  /**
   * The serial of the callback in which the host was asked to let the stream go on; it may be over when that returns.
   *
   * @internal
   */
  resumedIn: u32 = 0;
}

const FIRST_BUCKETS = 64;

let buckets = makeBuckets(FIRST_BUCKETS);
let count = 0;

/** The context with this number; null when there is none. */
// @ts-ignore: decorator
@inline
export function findContext(id: u32): Context | null {
  let context = unchecked(buckets[bucketOf(id)]);
  while (context !== null && context.contextId != id) context = context.nextContext;
  return context;
}

/** Keeps a context under its number until it is removed. */
export function addContext(context: Context): void {
  if (count >= buckets.length) grow();
  link(context);
  count++;
}

/** Forgets the context with this number; nothing happens when there is none. */
export function removeContext(id: u32): void {
  const bucket = bucketOf(id);
  let before: Context | null = null;
  let context = unchecked(buckets[bucket]);
  while (context !== null && context.contextId != id) {
    before = context;
    context = context.nextContext;
  }
  if (context === null) return;
  if (before === null) unchecked((buckets[bucket] = context.nextContext));
  else before.nextContext = context.nextContext;
  count--;
}

/** As `new StaticArray`, which would bring code for lengths that cannot be. */
function makeBuckets(length: i32): StaticArray<Context | null> {
  const size = (<usize>length) << 2;
  const made = __new(size, idof<StaticArray<Context | null>>());
  memory.fill(made, 0, size);
  return changetype<StaticArray<Context | null>>(made);
}

// @ts-ignore: decorator
@inline
function bucketOf(id: u32): i32 {
  return <i32>(id & (<u32>buckets.length - 1));
}

// @ts-ignore: decorator
@inline
function link(context: Context): void {
  const bucket = bucketOf(context.contextId);
  context.nextContext = unchecked(buckets[bucket]);
  unchecked((buckets[bucket] = context));
}

function grow(): void {
  const old = buckets;
  buckets = makeBuckets(old.length << 1);
  for (let i = 0; i < old.length; i++) {
    let context = unchecked(old[i]);
    while (context !== null) {
      const next = context.nextContext;
      link(context);
      context = next;
    }
  }
}
