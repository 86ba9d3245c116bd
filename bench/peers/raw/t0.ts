import { alloc, reset } from "./host";
export function proxy_abi_version_0_2_1(): void {}
export function proxy_on_memory_allocate(n: i32): usize {
  return alloc(n);
}
export function proxy_on_context_create(id: i32, root: i32): void {}
export function proxy_on_request_headers(id: i32, n: i32, eos: i32): i32 {
  return 0;
}
export function proxy_on_response_headers(id: i32, n: i32, eos: i32): i32 {
  return 0;
}
