import {
  HEADER,
  isMarked,
  isPinned,
  mark,
  nextInList,
  setNextInList,
  sizeOf,
  togglePin,
  unmark,
} from "./blocks";
import { addChunk, forgetChunks } from "./chunks";
import {
  beginRegion,
  bytesKept,
  closeWindow,
  heapEnd,
  heapStart,
  isRegionEmpty,
  isRegionKept,
  isStatic,
  isYoung,
  keepRegion,
  openWindow,
  resetRegion,
  tenureRegion,
} from "./window";

/** What the compiler's visitors are told: keep the region when this object is in it. */
const KEEP_YOUNG: u32 = 0;

/** What the compiler's visitors are told: this object was found. */
const FIND: u32 = 1;

/** Collect when so many bytes of regions were kept, or as many as live, whichever is more. */
const FEWEST_KEPT_BYTES: usize = 1 << 15;

let keptBytesPerCollection: usize = FEWEST_KEPT_BYTES;

/** The objects that were found and whose members were not looked at yet. */
let found: usize = 0;

/** Counts the collections; what stands in data segments is marked with the number. */
let serial: u32 = 0;

let pinned = 0;

/**
 * Frees what the outermost callback made, unless something of it may be needed. To be called when it returns: nothing
 * is on the stack then, so that whatever is alive is reached from a global.
 */
export function freeRegion(): void {
  if (isRegionEmpty()) return;
  if (!isRegionKept()) __visit_globals(KEEP_YOUNG);
  if (isRegionKept()) tenureRegion();
  else resetRegion();
  if (bytesKept() >= keptBytesPerCollection) collect();
}

/** Keeps what the callback has made so far, so that nothing which follows is kept on its account. */
export function settleRegion(): void {
  if (!isRegionEmpty()) tenureRegion();
  beginRegion();
}

/** What the compiler's visitors call with each object that a global or another object refers to. */
export function visit(object: usize, cookie: u32): void {
  if (cookie == KEEP_YOUNG) {
    if (isYoung(object)) keepRegion();
  } else find(object);
}

/** Keeps an object though nothing may refer to it; what stands in data segments is kept anyway. */
export function pin(object: usize): void {
  if (isStatic(object) || isPinned(object - HEADER)) return;
  togglePin(object - HEADER);
  pinned++;
  keepRegion();
}

/** Ends what `pin` began. */
export function unpin(object: usize): void {
  if (isStatic(object) || !isPinned(object - HEADER)) return;
  togglePin(object - HEADER);
  pinned--;
}

function collect(): void {
  serial++;
  closeWindow();
  __visit_globals(FIND);
  if (pinned != 0) findPinned();
  while (found != 0) {
    const object = found + HEADER;
    found = nextInList(found);
    __visit_members(object, FIND);
  }
  keptBytesPerCollection = max(sweep(), FEWEST_KEPT_BYTES);
  openWindow();
}

function find(object: usize): void {
  if (object == 0) return;
  const block = object - HEADER;
  if (isStatic(object)) {
    if (load<u32>(block) == serial) return;
    store<u32>(block, serial);
  } else {
    if (isMarked(block)) return;
    mark(block);
  }
  setNextInList(block, found);
  found = block;
}

function findPinned(): void {
  for (let block = heapStart(); block < heapEnd(); block += sizeOf(block)) {
    if (isPinned(block)) find(block + HEADER);
  }
}

/** Makes free chunks of all that was not found; how many bytes live. */
function sweep(): usize {
  let alive: usize = 0;
  forgetChunks();
  for (let block = heapStart(); block < heapEnd();) {
    const start = block;
    while (block < heapEnd() && !isMarked(block)) block += sizeOf(block);
    addChunk(start, block - start);
    if (block >= heapEnd()) break;
    unmark(block);
    alive += sizeOf(block);
    block += sizeOf(block);
  }
  return alive;
}
