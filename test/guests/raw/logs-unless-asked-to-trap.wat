;; An access logger: says `logged` of each stream, and traps on one whose request has a header x-trap.
(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_value" (func $header (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "x-trap")
  (data (i32.const 32) "logged")
  (func (export "malloc") (param i32) (result i32) (i32.const 4096))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_log") (param i32)
    (if (i32.eqz (call $header (i32.const 0) (i32.const 16) (i32.const 6) (i32.const 128) (i32.const 132)))
      (then unreachable))
    (drop (call $log (i32.const 2) (i32.const 32) (i32.const 6)))))
