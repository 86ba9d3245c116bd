;; Asks for more memory than there can be at each request's headers, does without, and traps when it logs.
(module
  (memory (export "memory") 1 2)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (drop (memory.grow (i32.const 10)))
    (i32.const 0))
  (func $explode unreachable)
  (func (export "proxy_on_log") (param i32) (call $explode))
)
