import {
  Action,
  Address,
  Bytes,
  Condition,
  Configuration,
  FactsOptions,
  HttpFilter,
  httpFilter,
  JsonObject,
  properties,
  readCondition,
  ReplyOptions,
  RequestFacts,
  RequestHeaders,
  Truth,
  utf8,
} from "as-proxy-wasm";

/** One condition, and how requests are read for it. */
class Case {
  constructor(
    readonly condition: Condition,
    readonly options: FactsOptions,
  ) {}
}

/** `{ "cases": [{ "when": CONDITION, "facts": OPTIONS }] }` */
class Cases extends Configuration {
  readonly cases: Case[] = [];

  read(json: JsonObject): void {
    const cases = json.array("cases");
    for (let i = 0; i < cases.length; i++) {
      const item = cases.object(i);
      const options = item.has("facts") ? FactsOptions.read(item.object("facts")) : new FactsOptions();
      this.cases.push(new Case(readCondition(item, "when"), options));
    }
  }
}

/** Answers what the condition says whose number stands in `x-case`, and what its facts say. */
@httpFilter("judges-requests")
export class JudgesRequests extends HttpFilter<Cases> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const number = headers.get(utf8("x-case"));
    const judged = this.config.cases[number === null ? 0 : <i32>parseInt(number.toString())];
    const facts = new RequestFacts(headers, judged.options);
    const truth = judged.condition.holds(facts);
    const reply = new ReplyOptions();
    reply.body = Bytes.fromString(describe(truth, facts));
    return this.respond(200, "judged", reply);
  }
}

function describe(truth: Truth, facts: RequestFacts): string {
  const forwarded = facts.headers.getAll(utf8("x-forwarded-for"));
  const source = properties.source.address();
  return [
    truth == Truth.Yes ? "yes" : truth == Truth.No ? "no" : "doubt",
    facts.sawRepeated ? "repeated" : "",
    facts.valuesFound.toString() + "/" + facts.valuesAbsent.toString(),
    spelt(facts.clientAddress),
    source === null ? "" : source.toString(),
    forwarded.map<string>((value) => value.toString()).join(" + "),
  ].join("|");
}

/** An address as hexadecimal digits. */
function spelt(address: Address | null): string {
  if (address === null) return "";
  const bytes = address.toBytes();
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += (256 + <i32>bytes[i]).toString(16).substring(1);
  return text;
}
