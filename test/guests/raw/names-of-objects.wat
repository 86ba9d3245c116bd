;; Exports functions by names that objects of JavaScript have, which are nothing to a host.
(module
  (memory (export "memory") 1)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))
  (func (export "toString"))
  (func (export "constructor") (result i32) (i32.const 0))
)
