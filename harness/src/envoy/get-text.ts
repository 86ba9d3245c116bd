import http from "node:http";

/** What is asked, on which connections, and until when; `method` is GET unless it says another. */
export interface Question extends Pick<http.RequestOptions, "hostname" | "port" | "method"> {
  readonly signal?: AbortSignal | undefined;
  readonly path: string;
  readonly agent: http.Agent;
}

/** The body of the answer to a request without a body, whatever the status. */
export function getText(question: Question): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request(question, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (text += part));
      response.on("end", () => resolve(text));
      response.on("error", reject);
    });
    request.on("error", reject).end();
  });
}
