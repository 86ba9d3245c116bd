import { HarnessError } from "../errors.ts";
import type { HeaderList } from "../header-list.ts";

/** Client and upstream of this backend speak HTTP/1.1, which has no METADATA. */
export function refuseMetadata(metadata: HeaderList): void {
  if (metadata.size === 0) return;
  throw new HarnessError(
    "unsupported",
    'METADATA is a frame of HTTP/2, and Envoy is spoken to by HTTP/1.1: let the test say needs: ["http2-metadata"]',
  );
}
