;; Asks Envoy for an expression of CEL when a stream is over.
(module
  (import "env" "proxy_call_foreign_function"
    (func $call (param i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "expr_evaluate")
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))
  (func (export "proxy_on_log") (param i32)
    (drop (call $call (i32.const 16) (i32.const 13) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 4))))
)
