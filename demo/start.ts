import { explain, serve } from '../apps/server/src/serve.ts';
import { MODEL_PORT, runDemo } from './main.ts';

/** `npm run demo`: the server as `npm start` runs it, its gateway sending to the local model, and the support bot beside it. */
async function start(): Promise<void> {
  const { FIREBREAK_GATEWAY_PORT: gatewayPort = '7374', ...env } = process.env;
  const { url, gatewayUrl, localKey } = await serve({
    FIREBREAK_DATA: './data/demo',
    ...env,
    FIREBREAK_GATEWAY_PORT: gatewayPort,
    FIREBREAK_GATEWAY_OPENAI_URL: `http://127.0.0.1:${MODEL_PORT}`,
  });
  const demo = await runDemo({
    serverUrl: url,
    gatewayUrl,
    adminKey: localKey,
    log: (line) => console.log(`  ${line}`),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void demo.stop());
}

start().catch((error) => {
  console.error(explain(error));
  process.exit(1);
});
