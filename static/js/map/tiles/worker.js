/* Fetches and decodes tiles beside the page, which stays free to move. */

import { PbfReader } from "../../../vendor/pbf/index.js";

import { requestBytes } from "../request.js";
import { decodeTile } from "./decode.js";

const running = new Map();

self.addEventListener("message", ({ data }) => {
  if (data.url) read(data);
  else running.get(data.job)?.abort();
});

async function read({ job, url, tile }) {
  const abort = new AbortController();
  running.set(job, abort);
  let kept = null;
  const heard = (time) => {
    kept = time;
  };
  try {
    const bytes = await requestBytes(url, { signal: abort.signal, heard });
    const { features, buffer } = decodeTile(new PbfReader(bytes), tile);
    self.postMessage({ job, features, kept }, [buffer]);
  } catch ({ name, message, status }) {
    self.postMessage({ job, error: { name, message, status } });
  } finally {
    running.delete(job);
  }
}
