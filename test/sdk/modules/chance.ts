import { Bytes, Configuration, Fraction, JsonObject, randomBytes, SeededRandom } from "as-proxy-wasm";

let random: SeededRandom = new SeededRandom(0);

export function seed(seed: u64): void {
  random = new SeededRandom(seed);
}

export function unforeseen(): void {
  random = SeededRandom.unforeseen();
}

export function below(limit: u32): u32 {
  return random.below(limit);
}

export function unit(): f64 {
  return random.unit();
}

export function bytes(length: i32): ArrayBuffer {
  return changetype<ArrayBuffer>(randomBytes(length).start);
}

/** Whether the next one is among so many, of which no more are taken than `most`. */
export function draw(numerator: u32, denominator: u32, most: i64): bool {
  return new Fraction(numerator, denominator).atMost(most).draw(random);
}

export function drawIfOpen(numerator: u32, denominator: u32): bool {
  return new Fraction(numerator, denominator).drawIfOpen(random);
}

/** The fraction `part` of a configuration, or why it is refused. */
export function read(text: ArrayBuffer): string {
  const configuration = new Parts();
  const problem = configuration.accept(Bytes.fromBuffer(text));
  if (problem !== null) return problem;
  const part = configuration.part;
  return part.numerator.toString() + "/" + part.denominator.toString();
}

class Parts extends Configuration {
  part: Fraction = new Fraction(0, 1);

  read(json: JsonObject): void {
    this.part = Fraction.readOrAll(json, "part");
  }
}
