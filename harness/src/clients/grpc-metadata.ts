import grpc from "@grpc/grpc-js";
import { HeaderList } from "../header-list.ts";

/** As the library wants it: bytes where the name says so, else text. */
export function toMetadata(list: HeaderList): grpc.Metadata {
  const metadata = new grpc.Metadata();
  for (const [name, value] of list) {
    metadata.add(name, name.endsWith("-bin") ? Buffer.from(value) : Buffer.from(value).toString("latin1"));
  }
  return metadata;
}

/** The values of one name stay in their order. */
export function fromMetadata(metadata: grpc.Metadata): HeaderList {
  const list = new HeaderList();
  for (const name of Object.keys(metadata.getMap())) {
    for (const value of metadata.get(name))
      list.add(name, new Uint8Array(Buffer.from(value as string, "latin1")));
  }
  return list;
}
