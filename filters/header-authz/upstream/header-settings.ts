import { Bytes, HttpFields, JsonArray } from "as-proxy-wasm";
import { AuthzFacts } from "../facts";
import { Credential } from "../credentials/credential";
import { HeaderSetting, joined } from "./header-setting";

/** The headers that requests have for the upstream, in place of those of the client. */
export class HeaderSettings {
  private readonly settings: HeaderSetting[] = [];

  /** Reads them, in their order. */
  addAll(json: JsonArray, credentials: Array<Credential | null>): void {
    for (let i = 0; i < json.length; i++) this.settings.push(HeaderSetting.read(json.object(i), credentials));
  }

  /** Whether there are none. */
  get isEmpty(): bool {
    return this.settings.length == 0;
  }

  /** Removes those of the client, whatever the request is allowed; false when the host keeps one. */
  removeFrom(fields: HttpFields): bool {
    if (this.isEmpty) return true;
    let areGone = true;
    const names = fields.names();
    for (let i = 0; i < names.length; i++)
      if (this.isMeantBy(names[i])) areGone = fields.remove(names[i]) && areGone;
    return areGone;
  }

  /** The values for a request, in the order of the settings; null where one is not safe. */
  valuesFor(facts: AuthzFacts): Array<Bytes | null> | null {
    const values: Array<Bytes | null> = [];
    for (let i = 0; i < this.settings.length; i++) {
      const found = this.settings[i].valuesFor(facts);
      values.push(joined(found));
      if (found.length > 0 && values[i] === null) return null;
    }
    return values;
  }

  /** Sets them; of several with one name the first that has a value. */
  set(fields: HttpFields, values: Array<Bytes | null>): void {
    for (let i = this.settings.length - 1; i >= 0; i--) {
      const value = values[i];
      if (value !== null) fields.set(this.settings[i].name, value);
    }
  }

  private isMeantBy(name: Bytes): bool {
    for (let i = 0; i < this.settings.length; i++) if (this.settings[i].isMeantBy(name)) return true;
    return false;
  }
}
