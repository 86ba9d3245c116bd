import { moments } from "./abi.ts";

/** How a program is laid out, in bytes from its begin: who plays it, what is done when, what was done, and the slots. */
export const momentsAt = 4;
export const playedAt = momentsAt + 8 * moments.length;
export const slotsAt = playedAt + 4 * moments.length;
export const slotCount = 32;
export const codeAt = slotsAt + 4 * slotCount;

/** The words of an instruction beside a host call's number. */
export const endOfMoment = 0xffff_ffff;
export const trap = 0xffff_fffe;

/** How the value of a parameter is meant. */
export const Meaning = { value: 0, slot: 1, address: 2, vector: 3 } as const;

/** Where in the guest's memory the host puts what it answers: the first and the second of a kind. */
export const outBytesAt = 16;
export const outNumbersAt = [32, 36] as const;
export const outLongAt = 40;
/** What stands there until it does. */
export const unwritten = 0x3f3f3f3f;

/** Where the parameters of a host call stand, and an iovec. */
export const argumentsAt = 128;
export const vectorAt = 256;
/** For each context the program that is played in it, and whether it is a plugin's own. */
export const contextsAt = 4096;
export const areOfPluginsAt = 8192;
export const contextLimit = 1024;
/** The line that is being written; the lines that are kept; what is allocated. */
export const textAt = 16_384;
export const keptAt = 131_072;
export const freeAt = 1_048_576;
export const pageCount = 64;
