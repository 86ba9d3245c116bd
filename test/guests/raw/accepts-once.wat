;; Accepts its configuration once for all VMs, by a note in shared data; it answers every request with 418.
(module
  (import "env" "proxy_get_shared_data" (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_set_shared_data" (func $set (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_send_local_response"
    (func $reply (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "accepted")
  (func (export "malloc") (param i32) (result i32) (i32.const 4096))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_configure") (param i32 i32) (result i32)
    (local $found i32)
    (local.set $found
      (call $get (i32.const 16) (i32.const 8) (i32.const 128) (i32.const 132) (i32.const 136)))
    (drop (call $set (i32.const 16) (i32.const 8) (i32.const 16) (i32.const 8) (i32.const 0)))
    (local.get $found)) ;; 1 when there is none
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (drop
      (call $reply
        (i32.const 418) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
        (i32.const -1)))
    (i32.const 1)))
