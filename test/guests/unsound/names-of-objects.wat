;; Imports a function by a name that objects of JavaScript have, and hosts do not.
(module
  (import "env" "toString" (func (result i32)))
  (memory (export "memory") 1)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))
)
