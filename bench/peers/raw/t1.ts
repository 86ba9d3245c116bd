import {
  alloc,
  reset,
  get_pairs,
  add_header,
  get_buffer,
  send_local,
  RP,
  RL,
  rp,
  rl,
  hash,
  eq,
} from "./host";
const PATH: usize = memory.data<u8>([0x3a, 0x70, 0x61, 0x74, 0x68]);
const METHOD: usize = memory.data<u8>([0x3a, 0x6d, 0x65, 0x74, 0x68, 0x6f, 0x64]);
const KEY: usize = memory.data<u8>([0x78, 0x2d, 0x61, 0x70, 0x69, 0x2d, 0x6b, 0x65, 0x79]);
const OPTIONS: usize = memory.data<u8>([0x4f, 0x50, 0x54, 0x49, 0x4f, 0x4e, 0x53]);
const PUBLIC: usize = memory.data<u8>([0x2f, 0x70, 0x75, 0x62, 0x6c, 0x69, 0x63, 0x2f]);
const XA: usize = memory.data<u8>([0x78, 0x2d, 0x61, 0x75, 0x74, 0x68, 0x7a]);
const XAK: usize = memory.data<u8>([0x78, 0x2d, 0x61, 0x75, 0x74, 0x68, 0x7a, 0x2d, 0x6b, 0x65, 0x79]);
const XAB: usize = memory.data<u8>([0x78, 0x2d, 0x61, 0x75, 0x74, 0x68, 0x7a, 0x2d, 0x62, 0x79]);
const ALLOWED: usize = memory.data<u8>([0x61, 0x6c, 0x6c, 0x6f, 0x77, 0x65, 0x64]);
const WASM: usize = memory.data<u8>([0x77, 0x61, 0x73, 0x6d]);
const UNAUTH: usize = memory.data<u8>([
  0x75, 0x6e, 0x61, 0x75, 0x74, 0x68, 0x6f, 0x72, 0x69, 0x7a, 0x65, 0x64, 0x0a,
]);
const TAB: usize = memory.data(512 * 8, 8);
const CFG: usize = memory.data(65536, 8);
export function proxy_abi_version_0_2_1(): void {}
export function proxy_on_memory_allocate(n: i32): usize {
  return alloc(n);
}
export function proxy_on_context_create(id: i32, root: i32): void {}
function find(p: usize, n: i32): usize {
  let i = hash(p, n) & 511;
  while (true) {
    const s = TAB + ((<usize>i) << 3);
    const q = <usize>load<u32>(s);
    if (q == 0 || (load<i32>(s, 4) == n && eq(q, p, n))) return s;
    i = (i + 1) & 511;
  }
  return 0;
}
export function proxy_on_configure(id: i32, n: i32): i32 {
  reset();
  if (get_buffer(7, 0, n, RP, RL) != 0 || rl() > 65536) return 0;
  const L = rl();
  memory.copy(CFG, rp(), L);
  let a = 0;
  for (let i = 0; i <= L; i++)
    if (i == L || load<u8>(CFG + i) == 10) {
      const s = find(CFG + a, i - a);
      store<u32>(s, <u32>(CFG + a));
      store<i32>(s, i - a, 4);
      a = i + 1;
    }
  return 1;
}
export function proxy_on_request_headers(id: i32, n: i32, eos: i32): i32 {
  reset();
  let pp: usize = 0,
    pl = 0,
    mp: usize = 0,
    ml = 0,
    kp: usize = 0,
    kl = 0;
  if (get_pairs(0, RP, RL) != 0) return 0;
  const base = rp();
  const count = load<u32>(base);
  let d = base + 4 + ((<usize>count) << 3);
  for (let i: u32 = 0; i < count; i++) {
    const h = base + 4 + ((<usize>i) << 3);
    const a = load<i32>(h),
      b = load<i32>(h, 4);
    const v = d + a + 1;
    if (a == 5 && eq(d, PATH, 5)) {
      pp = v;
      pl = b;
    } else if (a == 7 && eq(d, METHOD, 7)) {
      mp = v;
      ml = b;
    } else if (a == 9 && eq(d, KEY, 9)) {
      kp = v;
      kl = b;
    }
    d = v + b + 1;
  }
  if ((ml == 7 && eq(mp, OPTIONS, 7)) || (pl >= 8 && eq(pp, PUBLIC, 8))) return 0;
  if (load<u32>(find(kp, kl)) == 0) {
    send_local(401, UNAUTH, 12, UNAUTH, 13, 0, 0, -1);
    return 1;
  }
  add_header(0, XA, 7, ALLOWED, 7);
  add_header(0, XAK, 11, kp, kl);
  return 0;
}
export function proxy_on_response_headers(id: i32, n: i32, eos: i32): i32 {
  add_header(2, XAB, 10, WASM, 4);
  return 0;
}
