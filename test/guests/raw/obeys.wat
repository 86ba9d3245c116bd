;; Does what the first letter of the request header x-do says: h, r, b and l trap in the callback for request headers,
;; response headers, response body and log; p pauses the request for ever; w logs a text with awkward bytes; f logs
;; 3,000 lines of 1,000 bytes and then traps; d pauses as p does, and logs as much in proxy_on_delete.
;; proxy_on_delete, the last callback of a stream, counts the stream in `obeys.deleted` and logs `deleted`.
(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_value" (func $header (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_define_metric" (func $define (param i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_increment_metric" (func $increment (param i32 i64) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "x-do")
  (data (i32.const 32) "obeys.deleted")
  (data (i32.const 64) "deleted")
  (data (i32.const 80) "two\nlines: \ff \c3\a9 \22\\\22 \00.")
  (global $order (mut i32) (i32.const 0))
  (global $metric (mut i32) (i32.const 0))
  (func (export "malloc") (param i32) (result i32) (i32.const 4096))
  (func (export "proxy_abi_version_0_2_1"))
  (func $explode unreachable)
  (func $explode_on (param $letter i32)
    (if (i32.eq (global.get $order) (local.get $letter)) (then (call $explode))))
  (func $flood (local $left i32)
    (local.set $left (i32.const 3000))
    (loop $again
      (drop (call $log (i32.const 2) (i32.const 8192) (i32.const 1000)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1))))))
  (func $flood_on (param $letter i32)
    (if (i32.eq (global.get $order) (local.get $letter)) (then (call $flood))))
  ;; the header's first byte, 0 when it is absent; 128 and 132 take the pointer and the length
  (func $read_order (result i32)
    (i32.store (i32.const 128) (i32.const 0))
    (drop (call $header (i32.const 0) (i32.const 16) (i32.const 4) (i32.const 128) (i32.const 132)))
    (if (result i32) (i32.load (i32.const 128))
      (then (i32.load8_u (i32.load (i32.const 128))))
      (else (i32.const 0))))
  (func (export "proxy_on_configure") (param i32 i32) (result i32)
    (drop (call $define (i32.const 0) (i32.const 32) (i32.const 13) (i32.const 136)))
    (global.set $metric (i32.load (i32.const 136)))
    (i32.const 1))
  (func $on_request_headers (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (global.set $order (call $read_order))
    (call $flood_on (i32.const 102)) ;; f
    (call $explode_on (i32.const 102))
    (call $explode_on (i32.const 104)) ;; h
    (if (i32.eq (global.get $order) (i32.const 119)) ;; w
      (then (drop (call $log (i32.const 3) (i32.const 80) (i32.const 22)))))
    (i32.or
      (i32.eq (global.get $order) (i32.const 112)) ;; p
      (i32.eq (global.get $order) (i32.const 100)))) ;; d
  (func $on_response_headers (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
    (call $explode_on (i32.const 114)) ;; r
    (i32.const 0))
  (func $on_response_body (export "proxy_on_response_body") (param i32 i32 i32) (result i32)
    (call $explode_on (i32.const 98)) ;; b
    (i32.const 0))
  (func $on_log (export "proxy_on_log") (param i32)
    (call $explode_on (i32.const 108))) ;; l
  (func (export "proxy_on_delete") (param i32)
    (call $flood_on (i32.const 100)) ;; d
    (drop (call $increment (global.get $metric) (i64.const 1)))
    (drop (call $log (i32.const 2) (i32.const 64) (i32.const 7)))))
