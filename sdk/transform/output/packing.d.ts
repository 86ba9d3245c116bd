/** The shortest row of steps that the SDK's `unpackStaticData` makes an image of again. */
export function pack(image: Uint8Array): Uint8Array;
