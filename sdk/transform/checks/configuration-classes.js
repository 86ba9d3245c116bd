import { ElementKind } from "assemblyscript";
import { isSdkPath, SDK_PATH } from "../sources.js";

/**
 * Reports filters whose configuration is of a type that the SDK cannot make: `HttpFilter<C>` needs a Configuration. What
 * the type arguments of the program's own classes mean is theirs.
 */
export function checkConfigurationClasses(prototypes, reportAt) {
  const ofTheSdk = prototypes.filter(
    ({ basePrototype: base }) => base !== null && isSdkPath(base.internalName),
  );
  for (const prototype of ofTheSdk) {
    const [node] = prototype.declaration.extendsType.typeArguments ?? [];
    if (node?.name === undefined) continue;
    const named = prototype.lookup(node.name.identifier.text);
    if (named === null || isConfiguration(named)) continue;
    prototype.declaration.extendsType.typeArguments = null; // the compiler would end on an interface
    reportAt(
      node.range,
      `${named.name} is no configuration: declare \`class ${named.name} extends Configuration { read(json: JsonObject): void { … } }\``,
    );
  }
}

function isConfiguration({ kind, ...element }) {
  if (kind !== ElementKind.ClassPrototype) return kind === ElementKind.TypeDefinition;
  for (let current = element; current; current = current.basePrototype)
    if (current.internalName === `${SDK_PATH}/assembly/plugin/configuration/BasicConfiguration`) return true;
  return false;
}
