import { Bytes, utf8 } from "../bytes";
import { JsonObject } from "../json/object";
import { JsonDocument, readDocument } from "../json/document";

/** For the SDK: what a plugin is configured with. Filters extend `Configuration` or `PluginConfiguration`. @internal */
export abstract class BasicConfiguration {
  /** For the SDK: as `accept` of a `PluginConfiguration`, the reason as UTF-8. @internal */
  abstract take(text: Bytes): Bytes | null;
}

/**
 * What a plugin is configured with, in whatever form. Extend `Configuration` for JSON. Source: proxy-wasm ABI 0.2.1,
 * "Configuration".
 *
 * @category Configuration
 */
export abstract class PluginConfiguration extends BasicConfiguration {
  /** For the SDK. @internal */
  take(text: Bytes): Bytes | null {
    const problem = this.accept(text);
    return problem === null ? null : Bytes.fromString(problem);
  }

  /** Takes over the text of the configuration; the reason in one line when it is refused, null when it is sound. */
  abstract accept(text: Bytes): string | null;
}

/**
 * A plugin's configuration in JSON: fields with their defaults, and `read`, which fills them. Made and read once
 * for each plugin and VM, and shared by all streams of the plugin. Source: proxy-wasm ABI 0.2.1, "Configuration".
 *
 * @category Configuration
 */
export abstract class Configuration extends PluginConfiguration {
  /**
   * Fills the fields. What a getter of `json` finds wrong is kept there and refuses the configuration afterwards, and
   * so does a key that was not asked for: there is nothing to check here.
   */
  abstract read(json: JsonObject): void;

  /** Reads a text as JSON, an empty one as `{}`. */
  accept(text: Bytes): string | null {
    return this.acceptDocument(readDocument(text));
  }

  /** For the SDK: as `accept`, for what is parsed already. @internal */
  acceptDocument(document: JsonDocument): string | null {
    if (document.problem === null) this.read(new JsonObject(document, document.root));
    return document.verdict();
  }
}

/**
 * The configuration of a filter that takes none: nothing, or `{}`. A global name, for asc looks up the default of a
 * type parameter in the file that leaves the type out. Source: proxy-wasm ABI 0.2.1, "Configuration".
 *
 * @category Configuration
 */
// @ts-ignore: decorator
@global
export class NoConfiguration extends BasicConfiguration {
  take(text: Bytes): Bytes | null {
    const trimmed = text.trim();
    const isNone = trimmed.length == 0 || (trimmed.length == 2 && trimmed[0] == 0x7b && trimmed[1] == 0x7d);
    return isNone ? null : utf8("this filter takes no configuration");
  }
}
