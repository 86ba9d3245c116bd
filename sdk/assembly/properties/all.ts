/**
 * The properties of Envoy 1.40, one file for each of its groups. Source: Envoy, "Attributes".
 *
 * @module
 * @category Properties
 */
import * as connection from "./connection";
import * as destination from "./destination";
import * as request from "./request";
import * as response from "./response";
import * as source from "./source";
import * as upstream from "./upstream";
import * as xds from "./xds";

export { connection, destination, request, response, source, upstream, xds };
