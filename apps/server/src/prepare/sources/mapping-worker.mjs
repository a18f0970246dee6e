// Evaluates mappings people wrote, away from everything else: what hangs or swells ends with its thread.
import { parentPort } from 'node:worker_threads';
import jsonata from 'jsonata';

const MOST_RESULT = 262_144;

parentPort.on('message', async ({ id, mapping, payload }) => {
  try {
    const expression = jsonata(mapping);
    if (payload === undefined) {
      parentPort.postMessage({ id });
      return;
    }
    const made = await expression.evaluate(JSON.parse(payload));
    const text = JSON.stringify(made);
    if (text !== undefined && text.length > MOST_RESULT) throw new Error('it makes more than 256 KiB of a payload');
    parentPort.postMessage({ id, made: text });
  } catch (error) {
    const at = typeof error?.position === 'number' ? ` (at character ${error.position})` : '';
    parentPort.postMessage({ id, wrong: `${String(error?.message ?? error).slice(0, 300)}${at}` });
  }
});

parentPort.postMessage({ id: -1 });
