import { create, fromBinary, toBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import type { MethodDefinition, ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";

/** A service that only takes: what it has of methods, and what they do. */
export interface GrpcService {
  readonly definition: ServiceDefinition;
  readonly handlers: UntypedServiceImplementation;
}

/** A method, as its descriptor has it. */
export interface Method<Input extends DescMessage, Output extends DescMessage> {
  readonly name: string;
  readonly parent: { readonly typeName: string };
  readonly input: Input;
  readonly output: Output;
  readonly methodKind: string;
}

/** A method for grpc-js, with messages and not bytes. */
export function definitionOf<Input extends DescMessage, Output extends DescMessage>(
  method: Method<Input, Output>,
): MethodDefinition<MessageShape<Input>, MessageShape<Output>> {
  const { name, parent, input, output, methodKind } = method;
  return {
    path: `/${parent.typeName}/${name}`,
    requestStream: methodKind === "client_streaming",
    responseStream: false,
    requestSerialize: (message) => Buffer.from(toBinary(input, message)),
    requestDeserialize: (bytes) => fromBinary(input, bytes),
    responseSerialize: (message) => Buffer.from(toBinary(output, message)),
    responseDeserialize: (bytes) => fromBinary(output, bytes),
  };
}

/** The answer of a method that has nothing to say. */
export function thanks<Output extends DescMessage>({
  output,
}: {
  readonly output: Output;
}): MessageShape<Output> {
  return create(output);
}
