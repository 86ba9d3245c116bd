;; Grows its memory by 16 MiB at a time until it is refused, does without, and tells how many pages it has in the gauge
;; `takes_all_memory.pages`.
(module
  (import "env" "proxy_define_metric" (func $define (param i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_record_metric" (func $record (param i32 i64) (result i32)))
  (memory (export "memory") 256)
  (data (i32.const 16) "takes_all_memory.pages")
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))
  (func (export "proxy_on_configure") (param i32 i32) (result i32)
    (drop (call $define (i32.const 1) (i32.const 16) (i32.const 22) (i32.const 8)))
    (i32.const 1))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (loop $again (br_if $again (i32.ne (memory.grow (i32.const 256)) (i32.const -1))))
    (drop (call $record (i32.load (i32.const 8)) (i64.extend_i32_u (memory.size))))
    (i32.const 0))
)
