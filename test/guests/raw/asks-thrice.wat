;; Asks for the path three times with each request, and logs the status of each answer as a digit.
(module
  (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) ":path")
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))
  (func $ask
    (i32.store8 (i32.const 32)
      (i32.add (i32.const 48)
        (call $get (i32.const 0) (i32.const 16) (i32.const 5) (i32.const 40) (i32.const 44))))
    (drop (call $log (i32.const 2) (i32.const 32) (i32.const 1))))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (call $ask) (call $ask) (call $ask)
    (i32.const 0))
)
