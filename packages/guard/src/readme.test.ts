import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openStandIn, STAND_IN_KEY } from '../../../conformance/stand-in-control-plane.ts';
import { openStandInVendor } from '../../../conformance/stand-in-vendor.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = join(here, '../../../node_modules/.cache/readme-of-the-guard');
const BLOCK = /```ts\n([\s\S]*?)```/g;
const blocks = [...(await readFile(join(here, '../README.md'), 'utf8')).matchAll(BLOCK)].map(([, code]) => code!);

/** What an example takes for granted, by the entry it is about. */
const GIVEN: readonly (readonly [string, string])[] = [
  [
    '/ai-sdk',
    `import { MockLanguageModelV3 } from 'ai/test';
     import { z } from 'zod';
     const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
     const model = new MockLanguageModelV3({ doGenerate: async () => ({ content: [{ type: 'text', text: 'Hi' }], finishReason: { unified: 'stop' }, usage, warnings: [] }) } as never);
     const sendMail = { description: 'sends', inputSchema: z.object({}), execute: async () => 'sent' };`,
  ],
  [
    '/langchain',
    `import { FakeListChatModel } from '@langchain/core/utils/testing';
     const chatModel = new FakeListChatModel({ responses: ['Hi'] });`,
  ],
  [
    '/openai-agents',
    `import { tool } from '@openai/agents-core';
     import { z } from 'zod';
     const refund = tool({ name: 'refund', description: '', parameters: z.object({}), execute: async () => 'done' });`,
  ],
  ['/mcp', `const mcpClient = { callTool: async () => ({ content: [] }) };`],
  ['/http', `import express from 'express'; const app = express(); const answer = () => undefined;`],
];

let server: Awaited<ReturnType<typeof openStandIn>>;
let vendor: Awaited<ReturnType<typeof openStandInVendor>>;
beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  server = await openStandIn();
  vendor = await openStandInVendor();
  vi.stubEnv('FIREBREAK_URL', server.url);
  vi.stubEnv('FIREBREAK_KEY', STAND_IN_KEY);
  vi.stubEnv('OPENAI_API_KEY', 'k');
  vi.stubEnv('OPENAI_BASE_URL', vendor.url);
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await vendor.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

it.each(blocks.map((code, at) => [at, code] as const))('example %i of the README runs', async (at, code) => {
  const given = GIVEN.filter(([entry]) => code.includes(`@firebreak/guard${entry}'`)).map(([, text]) => text);
  const start = at === 0 ? '' : blocks[0]!.replace(/stateFile.*\n/, '');
  const whole = [
    start,
    ...given,
    at === 0 ? code.replace(/stateFile.*\n/, '') : code,
    'guard.close(); export const ran = true;',
  ];
  const lines = whole.join('\n').split('\n');
  const imports = lines.filter((line) => /^\s*import /.test(line));
  const rest = lines.filter((line) => !/^\s*import /.test(line));
  const file = join(folder, `example-${at}.ts`);
  // The package people install hands on what stands in its core.
  await writeFile(file, [...imports, ...rest].join('\n').replace(`'@openai/agents'`, `'@openai/agents-core'`));
  expect(await import(file)).toMatchObject({ ran: true });
  if (code.includes('new OpenAI(')) {
    expect(vendor.asked).toHaveLength(1);
    expect(vendor.asked[0]?.headers).not.toHaveProperty('x-firebreak-user');
  }
});
