;; Traps when the host does not let it read its configuration.
(module
  (import "env" "proxy_get_buffer_bytes" (func $read (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))
  (func (export "proxy_on_configure") (param i32 i32) (result i32)
    (if (call $read (i32.const 7) (i32.const 0) (i32.const -1) (i32.const 8) (i32.const 12))
      (then unreachable))
    (i32.const 1))
)
