// Does what the request header x-do says, by the Go SDK, of ABI 0.2.0, and logs what it was answered; with the configuration
// `tcp`, what the first word says that a client sends over a connection. What it says is what the Rust module says, obeys.rs.
// The Go SDK has no gRPC.
package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/proxy-wasm/proxy-wasm-go-sdk/proxywasm"
	"github.com/proxy-wasm/proxy-wasm-go-sdk/proxywasm/types"
)

func main() {}

func init() {
	proxywasm.SetVMContext(&vm{})
}

func say(format string, values ...any) {
	proxywasm.LogInfo(fmt.Sprintf(format, values...))
}

// status is what the Rust crate calls what a host call was answered.
func status(err error) string {
	switch {
	case err == nil:
		return "Ok(())"
	case errors.Is(err, types.ErrorStatusNotFound):
		return "Err(NotFound)"
	case errors.Is(err, types.ErrorStatusCasMismatch):
		return "Err(CasMismatch)"
	default:
		return err.Error()
	}
}

// value quotes what a host call gave, or says that there was nothing.
func value[T string | []byte](value T, err error) string {
	if errors.Is(err, types.ErrorStatusNotFound) {
		return "absent"
	} else if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("<%s>", value)
}

type vm struct{ types.DefaultVMContext }

func (*vm) NewPluginContext(uint32) types.PluginContext { return &plugin{} }

type plugin struct {
	types.DefaultPluginContext
	queue uint32
	isTcp bool
}

func (p *plugin) OnPluginStart(int) types.OnPluginStartStatus {
	configuration := value(proxywasm.GetPluginConfiguration())
	say("configured with %s", configuration)
	p.isTcp = configuration == "<tcp>"
	if configuration == "<ticks>" {
		if err := proxywasm.SetTickPeriodMilliSeconds(5); err != nil {
			return types.OnPluginStartStatusFailed
		}
	}
	queue, err := proxywasm.RegisterSharedQueue("obeyed")
	p.queue = queue
	return types.OnPluginStartStatus(err == nil && configuration != "<refuse>")
}

func (*plugin) OnPluginDone() bool {
	say("the plugin ends")
	return true
}

func (*plugin) OnTick() {
	if proxywasm.SetTickPeriodMilliSeconds(0) == nil {
		proxywasm.DefineCounterMetric("obeys.ticks").Increment(1)
	}
}

func (*plugin) OnQueueReady(queue uint32) {
	message, err := proxywasm.DequeueSharedQueue(queue)
	if err == nil {
		say("dequeued %s", value(message, nil))
	}
}

func (p *plugin) NewHttpContext(uint32) types.HttpContext {
	if p.isTcp {
		return nil
	}
	return &request{queue: p.queue}
}

func (p *plugin) NewTcpContext(uint32) types.TcpContext {
	if !p.isTcp {
		return nil
	}
	return &connection{}
}

type request struct {
	types.DefaultHttpContext
	queue uint32
	order string
}

func (r *request) OnHttpRequestHeaders(_ int, endOfStream bool) types.Action {
	say("end %t", endOfStream)
	r.order, _ = proxywasm.GetHttpRequestHeader("x-do")
	switch r.order {
	case "fields":
		requestFields()
	case "reply":
		said := [][2]string{{"x-why", "told so"}, {"x-why", "twice"}}
		if proxywasm.SendHttpResponse(403, said, []byte("no entry\n"), -1) == nil {
			return types.ActionPause
		}
	case "call":
		return call("service")
	case "call nowhere":
		return call("none")
	case "data":
		data()
	case "queue":
		r.enqueue()
	case "metrics":
		metrics()
	case "properties":
		propertiesOf()
	case "time":
		say("%t", time.Now().Unix() > 1)
	case "foreign":
		foreign()
	case "panic":
		panic("it was told to")
	}
	return types.ActionContinue
}

func requestFields() {
	say("a %s", value(proxywasm.GetHttpRequestHeader("x-a")))
	say("empty %s", value(proxywasm.GetHttpRequestHeader("x-empty")))
	say("none %s", value(proxywasm.GetHttpRequestHeader("x-none")))
	must(proxywasm.AddHttpRequestHeader("x-a", "added"))
	must(proxywasm.ReplaceHttpRequestHeader("x-b", "replaced"))
	must(proxywasm.RemoveHttpRequestHeader("x-gone"))
	fields, err := proxywasm.GetHttpRequestHeaders()
	must(err)
	var names []string
	for _, field := range fields {
		if strings.HasPrefix(field[0], "x-") && len(field[0]) < 8 {
			names = append(names, field[0])
		}
	}
	say("%s", strings.Join(names, " "))
}

func call(cluster string) types.Action {
	headers := [][2]string{
		{":method", "POST"}, {":path", "/called"}, {":authority", "service"}, {"x-from", "filter"},
	}
	trailers := [][2]string{{"x-sum", "8"}}
	_, err := proxywasm.DispatchHttpCall(cluster, headers, []byte("question"), trailers, 5000, answered)
	if errors.Is(err, types.ErrorStatusBadArgument) {
		say("refused BadArgument")
		return types.ActionContinue
	}
	must(err)
	return types.ActionPause
}

func answered(headers, body, trailers int) {
	say("answered %t %d", headers > 0, trailers)
	answer := value(proxywasm.GetHttpCallResponseBody(0, body))
	must(proxywasm.ReplaceHttpRequestHeader("x-answer", statusOfAnswer()+" "+answer))
	must(proxywasm.ResumeHttpRequest())
}

func statusOfAnswer() string {
	fields, err := proxywasm.GetHttpCallResponseHeaders()
	must(err)
	for _, field := range fields {
		if field[0] == ":status" {
			return "<" + field[1] + ">"
		}
	}
	return "absent"
}

func data() {
	before, _, err := proxywasm.GetSharedData("key")
	say("before %s %t", value(before, err), err == nil)
	say("%s", status(proxywasm.SetSharedData("key", []byte("one"), 0)))
	stored, cas, err := proxywasm.GetSharedData("key")
	say("%s", value(stored, err))
	say("%s", status(proxywasm.SetSharedData("key", []byte("two"), cas)))
	say("%s", status(proxywasm.SetSharedData("key", []byte("three"), cas)))
	stored, _, err = proxywasm.GetSharedData("key")
	say("%s", value(stored, err))
}

func (r *request) enqueue() {
	queue, err := proxywasm.RegisterSharedQueue("obeyed") // from now on this VM is told of messages, and no other
	must(err)
	r.queue = queue
	found, err := proxywasm.ResolveSharedQueue("", "obeyed")
	_, missing := proxywasm.ResolveSharedQueue("", "none")
	say("%t %t", err == nil && found == r.queue, errors.Is(missing, types.ErrorStatusNotFound))
	say("%s", status(proxywasm.EnqueueSharedQueue(r.queue, []byte("a message"))))
	say("%s", status(proxywasm.EnqueueSharedQueue(9999, []byte("lost"))))
}

func metrics() {
	counter := proxywasm.DefineCounterMetric("obeys.counted")
	gauge := proxywasm.DefineGaugeMetric("obeys.gauged")
	histogram := proxywasm.DefineHistogramMetric("obeys.sampled")
	counter.Increment(3)
	gauge.Add(9)
	gauge.Add(-2)
	histogram.Record(42)
	say("Ok(%d) Ok(%d)", counter.Value(), gauge.Value())
}

func propertiesOf() {
	say("%s", value(proxywasm.GetProperty([]string{"request", "path"})))
	say("%s", value(proxywasm.GetProperty([]string{"plugin_name"})))
	say("%s", value(proxywasm.GetProperty([]string{"nothing", "such"})))
	must(proxywasm.SetProperty([]string{"obeyed"}, []byte("mine")))
	say("%s", value(proxywasm.GetProperty([]string{"obeyed"})))
}

func foreign() {
	compressed, err := proxywasm.CallForeignFunction("compress", []byte("a text"))
	must(err)
	say("%s", value(proxywasm.CallForeignFunction("uncompress", compressed)))
	_, err = proxywasm.CallForeignFunction("none", nil)
	say("%s", status(err))
	must(proxywasm.ReplaceHttpRequestHeader(":path", "/other"))
	_, err = proxywasm.CallForeignFunction("clear_route_cache", nil)
	say("%s", strings.Replace(status(err), "()", "None", 1))
}

func (r *request) OnHttpRequestBody(size int, endOfStream bool) types.Action {
	if r.order != "bodies" {
		return types.ActionContinue
	}
	if !endOfStream {
		return types.ActionPause
	}
	body, err := proxywasm.GetHttpRequestBody(0, size)
	must(err)
	must(proxywasm.ReplaceHttpRequestBody([]byte(strings.ToUpper(string(body)))))
	return types.ActionContinue
}

func (r *request) OnHttpRequestTrailers(int) types.Action {
	if r.order == "trailers" {
		say("sum %s", value(proxywasm.GetHttpRequestTrailer("x-sum")))
		must(proxywasm.AddHttpRequestTrailer("x-more", "1"))
		must(proxywasm.ReplaceHttpRequestTrailer("x-sum", "changed"))
	}
	return types.ActionContinue
}

func (r *request) OnHttpResponseHeaders(int, bool) types.Action {
	if r.order == "fields" {
		say("up %s", value(proxywasm.GetHttpResponseHeader("x-up")))
		must(proxywasm.ReplaceHttpResponseHeader("x-up", "changed"))
		must(proxywasm.AddHttpResponseHeader("x-by", "filter"))
	}
	if r.order == "bodies" {
		must(proxywasm.RemoveHttpResponseHeader("content-length"))
	}
	return types.ActionContinue
}

func (r *request) OnHttpResponseBody(_ int, endOfStream bool) types.Action {
	if r.order == "bodies" && endOfStream {
		must(proxywasm.AppendHttpResponseBody([]byte(" and more")))
	}
	return types.ActionContinue
}

func (r *request) OnHttpResponseTrailers(int) types.Action {
	if r.order == "trailers" {
		say("sum %s", value(proxywasm.GetHttpResponseTrailer("x-sum")))
		must(proxywasm.RemoveHttpResponseTrailer("x-sum"))
		must(proxywasm.AddHttpResponseTrailer("x-more", "2"))
	}
	return types.ActionContinue
}

func (r *request) OnHttpStreamDone() {
	if r.order == "fields" {
		say("logged %s", value(proxywasm.GetHttpResponseHeader(":status")))
	}
	if r.order == "foreign" {
		say("route %s", value(proxywasm.GetProperty([]string{"xds", "route_name"})))
	}
}

type connection struct {
	types.DefaultTcpContext
	order string
}

func (*connection) OnNewConnection() types.Action {
	say("connected")
	return types.ActionContinue
}

func (c *connection) OnDownstreamData(size int, endOfStream bool) types.Action {
	if endOfStream {
		say("the client has ended")
	}
	if size == 0 {
		return types.ActionContinue
	}
	data, err := proxywasm.GetDownstreamData(0, size)
	must(err)
	if c.order == "" {
		c.order, _, _ = strings.Cut(string(data), " ")
	}
	return c.obey(string(data))
}

func (c *connection) obey(sent string) types.Action {
	switch c.order {
	case "hold":
		if !strings.HasSuffix(sent, "!") {
			return types.ActionPause
		}
		say("held %s", sent)
	case "call":
		return c.call()
	case "close":
		must(proxywasm.CloseDownstream())
		return types.ActionPause
	case "data":
		data()
	case "metrics":
		metrics()
	case "properties":
		propertiesOfConnection()
	case "panic":
		panic("it was told to")
	default:
		must(proxywasm.ReplaceDownstreamData([]byte(strings.ToUpper(sent))))
	}
	return types.ActionContinue
}

func (*connection) call() types.Action {
	headers := [][2]string{
		{":method", "POST"}, {":path", "/called"}, {":authority", "service"}, {"x-from", "filter"},
	}
	_, err := proxywasm.DispatchHttpCall("service", headers, []byte("question"), nil, 5000, answeredToConnection)
	must(err)
	return types.ActionPause
}

func answeredToConnection(headers, body, _ int) {
	say("answered %t", headers > 0)
	answer := value(proxywasm.GetHttpCallResponseBody(0, body))
	must(proxywasm.ReplaceDownstreamData([]byte(statusOfAnswer() + " " + answer)))
	must(proxywasm.ContinueTcpStream())
}

func propertiesOfConnection() {
	say("%s", value(proxywasm.GetProperty([]string{"plugin_name"})))
	say("%s", value(proxywasm.GetProperty([]string{"request", "path"})))
	address, _, _ := strings.Cut(value(proxywasm.GetProperty([]string{"source", "address"})), ":")
	say("%s", address)
	must(proxywasm.SetProperty([]string{"obeyed"}, []byte("mine")))
	say("%s", value(proxywasm.GetProperty([]string{"obeyed"})))
}

// peers are the names that the Rust crate has for them.
var peers = map[types.PeerType]string{
	types.PeerTypeUnknown: "Unknown", types.PeerTypeLocal: "Local", types.PeerTypeRemote: "Remote",
}

func (*connection) OnDownstreamClose(peer types.PeerType) {
	say("closed by %s", peers[peer])
}

func (c *connection) OnUpstreamData(size int, _ bool) types.Action {
	if c.order == "answer" && size > 0 {
		say("the upstream says %s", value(proxywasm.GetUpstreamData(0, size)))
	}
	if size > 0 {
		must(proxywasm.PrependUpstreamData([]byte("> ")))
	}
	return types.ActionContinue
}

func (*connection) OnUpstreamClose(peer types.PeerType) {
	say("the upstream is closed by %s", peers[peer])
}

func (*connection) OnStreamDone() {
	say("the connection is over")
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
