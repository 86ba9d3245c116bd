;; Logs in its start section, which runs before the host has the module's memory.
(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))
  (data (i32.const 16) "started")
  (func $start (drop (call $log (i32.const 2) (i32.const 16) (i32.const 7))))
  (start $start)
)
