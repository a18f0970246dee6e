import { Bot } from './bot.ts';
import { startChat } from './chat-server.ts';
import { startCustomers } from './customers.ts';
import { startModel } from './model.ts';
import { prepare } from './setup.ts';
import { startTracing } from './tracing.ts';

export interface DemoOptions {
  readonly serverUrl: string;
  /** Base address of the OpenAI interface as the bot sees it: the gateway's. */
  readonly gatewayUrl: string;
  /** API key with the scope `admin`: the demonstration registers its system by it, as an owner would. */
  readonly adminKey: string;
  readonly log: (line: string) => void;
  /** Port of the chat page; 7380 unless said, 0 for a free one. */
  readonly chatPort?: number;
  /** Port of the model; the gateway must send there. 7381 unless said. */
  readonly modelPort?: number;
  /** How long the careful instructions stay live, milliseconds; 10,000 unless said. */
  readonly changeAfterMs?: number;
}

export interface Demo {
  readonly chatUrl: string;
  stop(): Promise<void>;
}

export const MODEL_PORT = 7381;

/** Runs a support bot with customers against a running Firebreak, through its public doors only. */
export async function runDemo({
  serverUrl,
  gatewayUrl,
  adminKey,
  log,
  chatPort = 7380,
  modelPort = MODEL_PORT,
  changeAfterMs = 10_000,
}: DemoOptions): Promise<Demo> {
  const model = await startModel(modelPort);
  const prepared = await prepare(serverUrl, adminKey);
  const tracing = startTracing(serverUrl, prepared.telemetryKey);
  const bot = await Bot.start(serverUrl, `${gatewayUrl.replace(/\/$/, '')}/openai/v1`, prepared.guardKey, tracing);
  const chat = await startChat(bot, chatPort);
  const customers = startCustomers(bot, serverUrl, prepared.telemetryKey);
  log(`The support bot answers at ${chat.url}`);
  const change = setTimeout(() => {
    bot.live = 'v41';
    prepared
      .deployed('v41', 'Shorter, surer answers.')
      .then(() => log('Prompt v41 of the support bot went live.'))
      .catch((error) =>
        log(`The change to v41 could not be recorded: ${error instanceof Error ? error.message : error}`),
      );
  }, changeAfterMs);
  return {
    chatUrl: chat.url,
    async stop() {
      clearTimeout(change);
      customers.stop();
      await chat.stop();
      bot.stop();
      await tracing.stop().catch(() => undefined);
      await model.stop();
    },
  };
}
