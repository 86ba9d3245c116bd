;; Exports a function that returns a v128.
(module
  (memory (export "memory") 1)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))
  (func (export "lanes") (result v128) (v128.const i64x2 0 0))
)
