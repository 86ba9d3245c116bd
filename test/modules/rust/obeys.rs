// Does what the request header x-do says, by the crate proxy-wasm, and logs what it was answered. Built against two versions
// of the crate: 0.1, of ABI 0.1.0, and 0.2, of ABI 0.2.1. With the configuration `tcp` it is a filter of connections, and does
// what the first word says that a client sends.

use proxy_wasm::hostcalls;
use proxy_wasm::traits::*;
use proxy_wasm::types::*;
use std::time::Duration;

#[no_mangle]
#[cfg(feature = "old")]
pub fn _start() {
    begin();
}

#[cfg(not(feature = "old"))]
proxy_wasm::main! {{ begin(); }}

fn begin() {
    proxy_wasm::set_root_context(|_| Box::new(Obeying { queue: 0, is_tcp: false }));
}

fn say(text: &str) {
    let _ = hostcalls::log(LogLevel::Info, text);
}

fn text(bytes: Option<Bytes>) -> String {
    match bytes {
        None => String::from("absent"),
        Some(bytes) => format!("<{}>", String::from_utf8_lossy(&bytes)),
    }
}

fn said(value: Option<String>) -> String {
    value.map_or(String::from("absent"), |value| format!("<{}>", value))
}

struct Obeying {
    queue: u32,
    is_tcp: bool,
}

impl Obeying {
    #[cfg(feature = "old")]
    fn configured(&self) -> Option<Bytes> {
        self.get_configuration()
    }

    #[cfg(not(feature = "old"))]
    fn configured(&self) -> Option<Bytes> {
        self.get_plugin_configuration()
    }
}

impl Context for Obeying {
    fn on_done(&mut self) -> bool {
        say("the plugin ends");
        true
    }
}

impl RootContext for Obeying {
    fn on_configure(&mut self, _: usize) -> bool {
        let configuration = text(self.configured());
        say(&format!("configured with {}", configuration));
        self.is_tcp = configuration == "<tcp>";
        if configuration == "<ticks>" {
            self.set_tick_period(Duration::from_millis(5));
        }
        self.queue = self.register_shared_queue("obeyed");
        configuration != "<refuse>"
    }

    fn on_tick(&mut self) {
        self.set_tick_period(Duration::from_secs(0));
        let ticks = hostcalls::define_metric(MetricType::Counter, "obeys.ticks").unwrap();
        hostcalls::increment_metric(ticks, 1).unwrap();
    }

    fn on_queue_ready(&mut self, queue: u32) {
        if let Ok(message) = self.dequeue_shared_queue(queue) {
            say(&format!("dequeued {}", text(message)));
        }
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Request { queue: self.queue, order: String::new() }))
    }

    fn create_stream_context(&self, _: u32) -> Option<Box<dyn StreamContext>> {
        Some(Box::new(Connection { order: String::new(), held: 0 }))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(if self.is_tcp { ContextType::StreamContext } else { ContextType::HttpContext })
    }
}

struct Request {
    queue: u32,
    order: String,
}

impl Request {
    fn obey(&mut self) -> Action {
        self.order = self.get_http_request_header("x-do").unwrap_or_default();
        match self.order.as_str() {
            "fields" => self.fields(),
            "reply" => {
                self.send_http_response(403, vec![("x-why", "told so"), ("x-why", "twice")], Some(b"no entry\n"));
                return Action::Pause;
            }
            "call" => return self.call("service"),
            "call nowhere" => return self.call("none"),
            "data" => data(self),
            "queue" => self.queue(),
            "metrics" => metrics(),
            "properties" => self.properties(),
            "time" => say(&format!("{}", self.get_current_time() > std::time::UNIX_EPOCH + Duration::from_secs(1))),
            "foreign" => self.foreign(),
            "greet" => return self.greet(),
            "panic" => panic!("it was told to"),
            _ => {}
        }
        Action::Continue
    }

    fn fields(&self) {
        say(&format!("a {}", said(self.get_http_request_header("x-a"))));
        say(&format!("empty {}", said(self.get_http_request_header("x-empty"))));
        say(&format!("none {}", said(self.get_http_request_header("x-none"))));
        self.add_http_request_header("x-a", "added");
        self.set_http_request_header("x-b", Some("replaced"));
        self.set_http_request_header("x-gone", None);
        let names: Vec<String> = self
            .get_http_request_headers()
            .into_iter()
            .map(|(name, _)| name)
            .filter(|name| name.starts_with("x-") && name.len() < 8)
            .collect();
        say(&names.join(" "));
    }

    fn call(&self, cluster: &str) -> Action {
        let headers = vec![(":method", "POST"), (":path", "/called"), (":authority", "service"), ("x-from", "filter")];
        let asked = self.dispatch_http_call(
            cluster,
            headers,
            Some(b"question"),
            vec![("x-sum", "8")],
            Duration::from_secs(5),
        );
        match asked {
            Ok(_) => Action::Pause,
            Err(status) => {
                say(&format!("refused {:?}", status));
                Action::Continue
            }
        }
    }

    fn queue(&mut self) {
        self.queue = self.register_shared_queue("obeyed"); // from now on this VM is told of messages, and no other
        let found = self.resolve_shared_queue("", "obeyed");
        say(&format!("{} {}", found == Some(self.queue), self.resolve_shared_queue("", "none").is_none()));
        say(&format!("{:?}", self.enqueue_shared_queue(self.queue, Some(b"a message"))));
        say(&format!("{:?}", self.enqueue_shared_queue(9999, Some(b"lost"))));
    }

    fn properties(&self) {
        say(&text(self.get_property(vec!["request", "path"])));
        say(&text(self.get_property(vec!["plugin_name"])));
        say(&text(self.get_property(vec!["nothing", "such"])));
        self.set_property(vec!["obeyed"], Some(b"mine"));
        say(&text(self.get_property(vec!["obeyed"])));
    }

    #[cfg(feature = "old")]
    fn foreign(&self) {
        self.set_http_request_header(":path", Some("/other"));
        self.clear_http_route_cache();
    }

    #[cfg(not(feature = "old"))]
    fn foreign(&self) {
        let compressed = self.call_foreign_function("compress", Some(b"a text")).ok().flatten();
        let argument = compressed.unwrap_or_default();
        say(&text(self.call_foreign_function("uncompress", Some(&argument)).ok().flatten()));
        say(&format!("{:?}", self.call_foreign_function("none", None)));
        self.set_http_request_header(":path", Some("/other"));
        say(&format!("{:?}", self.call_foreign_function("clear_route_cache", None)));
    }

    fn greet(&self) -> Action {
        let metadata: Vec<(&str, &[u8])> = vec![("x-from", b"filter")];
        let asked =
            self.dispatch_grpc_call("greeter", "pkg.Greeter", "Greet", metadata, Some(b"hello"), Duration::from_secs(5));
        say(&format!("asked {}", asked.is_ok()));
        Action::Pause
    }
}

fn data(context: &dyn Context) {
    let (before, count) = context.get_shared_data("key");
    say(&format!("before {} {}", text(before), count.is_some()));
    say(&format!("{:?}", context.set_shared_data("key", Some(b"one"), None)));
    let (value, count) = context.get_shared_data("key");
    say(&text(value));
    say(&format!("{:?}", context.set_shared_data("key", Some(b"two"), count)));
    say(&format!("{:?}", context.set_shared_data("key", Some(b"three"), count)));
    say(&text(context.get_shared_data("key").0));
}

fn metrics() {
    let counter = hostcalls::define_metric(MetricType::Counter, "obeys.counted").unwrap();
    let gauge = hostcalls::define_metric(MetricType::Gauge, "obeys.gauged").unwrap();
    let histogram = hostcalls::define_metric(MetricType::Histogram, "obeys.sampled").unwrap();
    hostcalls::increment_metric(counter, 3).unwrap();
    hostcalls::record_metric(gauge, 9).unwrap();
    hostcalls::increment_metric(gauge, -2).unwrap();
    hostcalls::record_metric(histogram, 42).unwrap();
    say(&format!("{:?} {:?}", hostcalls::get_metric(counter), hostcalls::get_metric(gauge)));
}

impl Context for Request {
    fn on_http_call_response(&mut self, _: u32, headers: usize, body: usize, trailers: usize) {
        say(&format!("answered {} {}", headers > 0, trailers));
        let answer = self.get_http_call_response_body(0, body);
        let status = self.get_http_call_response_header(":status");
        self.set_http_request_header("x-answer", Some(&format!("{} {}", said(status), text(answer))));
        self.resume_http_request();
    }

    fn on_grpc_call_response(&mut self, _: u32, status: u32, size: usize) {
        let answer = if status == 0 { self.get_grpc_call_response_body(0, size) } else { None };
        self.set_http_request_header("x-answer", Some(&format!("{} {}", status, text(answer))));
        self.resume_http_request();
    }
}

impl HttpContext for Request {
    #[cfg(feature = "old")]
    fn on_http_request_headers(&mut self, _: usize) -> Action {
        self.obey()
    }

    #[cfg(not(feature = "old"))]
    fn on_http_request_headers(&mut self, _: usize, end_of_stream: bool) -> Action {
        say(&format!("end {}", end_of_stream));
        self.obey()
    }

    fn on_http_request_body(&mut self, size: usize, end_of_stream: bool) -> Action {
        if self.order != "bodies" {
            return Action::Continue;
        }
        if !end_of_stream {
            return Action::Pause;
        }
        let body = self.get_http_request_body(0, size).unwrap_or_default();
        let upper = String::from_utf8_lossy(&body).to_uppercase();
        self.set_http_request_body(0, size, upper.as_bytes());
        Action::Continue
    }

    fn on_http_request_trailers(&mut self, _: usize) -> Action {
        if self.order == "trailers" {
            say(&format!("sum {}", said(self.get_http_request_trailer("x-sum"))));
            self.add_http_request_trailer("x-more", "1");
            self.set_http_request_trailer("x-sum", Some("changed"));
        }
        Action::Continue
    }

    #[cfg(feature = "old")]
    fn on_http_response_headers(&mut self, _: usize) -> Action {
        self.answered()
    }

    #[cfg(not(feature = "old"))]
    fn on_http_response_headers(&mut self, _: usize, _: bool) -> Action {
        self.answered()
    }

    fn on_http_response_body(&mut self, size: usize, end_of_stream: bool) -> Action {
        if self.order == "bodies" && end_of_stream {
            self.set_http_response_body(size, 0, b" and more");
        }
        Action::Continue
    }

    fn on_http_response_trailers(&mut self, _: usize) -> Action {
        if self.order == "trailers" {
            say(&format!("sum {}", said(self.get_http_response_trailer("x-sum"))));
            self.set_http_response_trailer("x-sum", None);
            self.add_http_response_trailer("x-more", "2");
        }
        Action::Continue
    }

    fn on_log(&mut self) {
        if self.order == "fields" {
            say(&format!("logged {}", said(self.get_http_response_header(":status"))));
        }
        if self.order == "foreign" {
            say(&format!("route {}", text(self.get_property(vec!["xds", "route_name"]))));
        }
    }
}

impl Request {
    fn answered(&self) -> Action {
        if self.order == "fields" {
            say(&format!("up {}", said(self.get_http_response_header("x-up"))));
            self.set_http_response_header("x-up", Some("changed"));
            self.add_http_response_header("x-by", "filter");
        }
        if self.order == "bodies" {
            self.set_http_response_header("content-length", None);
        }
        Action::Continue
    }
}

struct Connection {
    order: String,
    held: usize,
}

impl Connection {
    fn obey(&mut self, data: &str) -> Action {
        match self.order.as_str() {
            "hold" => {
                if !data.ends_with('!') {
                    return Action::Pause;
                }
                say(&format!("held {}", data));
            }
            "call" => return self.call(),
            "close" => {
                self.close();
                return Action::Pause;
            }
            "data" => crate::data(self),
            "metrics" => metrics(),
            "properties" => self.properties(),
            "panic" => panic!("it was told to"),
            _ => self.set_downstream_data(0, data.len(), data.to_uppercase().as_bytes()),
        }
        Action::Continue
    }

    fn call(&self) -> Action {
        let headers = vec![(":method", "POST"), (":path", "/called"), (":authority", "service"), ("x-from", "filter")];
        let asked = self.dispatch_http_call("service", headers, Some(b"question"), vec![], Duration::from_secs(5));
        if asked.is_ok() { Action::Pause } else { Action::Continue }
    }

    fn properties(&self) {
        say(&text(self.get_property(vec!["plugin_name"])));
        say(&text(self.get_property(vec!["request", "path"])));
        let address = text(self.get_property(vec!["source", "address"]));
        say(address.split(':').next().unwrap_or_default());
        self.set_property(vec!["obeyed"], Some(b"mine"));
        say(&text(self.get_property(vec!["obeyed"])));
    }

    #[cfg(feature = "old")]
    fn close(&self) {}

    #[cfg(not(feature = "old"))]
    fn close(&self) {
        self.close_downstream();
    }

    #[cfg(feature = "old")]
    fn go_on(&self) {}

    #[cfg(not(feature = "old"))]
    fn go_on(&self) {
        self.resume_downstream();
    }
}

impl Context for Connection {
    fn on_http_call_response(&mut self, _: u32, headers: usize, body: usize, _: usize) {
        say(&format!("answered {}", headers > 0));
        let status = said(self.get_http_call_response_header(":status"));
        let answer = format!("{} {}", status, text(self.get_http_call_response_body(0, body)));
        self.set_downstream_data(0, self.held, answer.as_bytes());
        self.go_on();
    }
}

impl StreamContext for Connection {
    fn on_new_connection(&mut self) -> Action {
        say("connected");
        Action::Continue
    }

    fn on_downstream_data(&mut self, size: usize, end_of_stream: bool) -> Action {
        let data = self.get_downstream_data(0, size).unwrap_or_default();
        let data = String::from_utf8_lossy(&data);
        if end_of_stream {
            say("the client has ended");
        }
        if self.order.is_empty() {
            self.order = String::from(data.split(' ').next().unwrap_or_default());
        }
        self.held = size;
        if size > 0 { self.obey(&data) } else { Action::Continue }
    }

    fn on_downstream_close(&mut self, peer: PeerType) {
        say(&format!("closed by {:?}", peer));
    }

    fn on_upstream_data(&mut self, size: usize, _: bool) -> Action {
        if self.order == "answer" && size > 0 {
            say(&format!("the upstream says {}", text(self.get_upstream_data(0, size))));
        }
        if size > 0 {
            self.set_upstream_data(0, 0, b"> ");
        }
        Action::Continue
    }

    fn on_upstream_close(&mut self, peer: PeerType) {
        say(&format!("the upstream is closed by {:?}", peer));
    }

    fn on_log(&mut self) {
        say("the connection is over");
    }
}
