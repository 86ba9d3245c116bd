;; Every fault that the module check knows, in one module.
(module
  (import "env" "abort" (func (param i32 i32 i32 i32)))
  (func (export "proxy_on_log"))
  (func (export "lanes") (result v128) (v128.const i64x2 0 0))
  (func $start)
  (start $start)
)
