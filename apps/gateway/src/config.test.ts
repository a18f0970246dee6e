import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setupFrom } from './config.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firebreak-gateway-'));
  await writeFile(join(folder, 'key'), 'sk-file\n');
  await writeFile(join(folder, 'empty'), '\n');
});
afterAll(() => rm(folder, { recursive: true }));

const env = { OPENAI_API_KEY: 'sk-env', FIREBREAK_KEY: 'fbk_x' };
const read = (value: unknown) => setupFrom(typeof value === 'string' ? value : JSON.stringify(value), folder, env);
const held = (secret: unknown) => ({
  upstreams: { openai: { url: 'https://api.openai.com', credential: { name: 'openai-prod', secret } } },
});

describe('the file of a gateway', () => {
  it('has its secrets from the environment and from files beside it', async () => {
    const { setup, listen, firebreak } = await read({
      ...held({ env: 'OPENAI_API_KEY' }),
      listen: { port: 7_500 },
      firebreak: { url: 'https://firebreak.example', key: { env: 'FIREBREAK_KEY' }, bootFailMode: 'deny' },
      routes: { chat: { upstreams: ['openai'], record: 'figures', reviewSeconds: 60 } },
      clients: [{ name: 'bot', secret: { file: 'key' }, system: 'support-bot' }],
      limits: { answerSeconds: 1.5 },
      health: { failures: 5, ejectSeconds: 2 },
      adapters: { envoy: { secret: { file: 'key' } } },
    });
    expect(setup).toMatchObject({
      upstreams: { openai: { credential: { name: 'openai-prod', secret: 'sk-env' } } },
      routes: { chat: { record: 'figures' } },
      clients: [{ name: 'bot', secret: 'sk-file', system: 'support-bot' }],
      limits: { answerMs: 1_500 },
      health: { failures: 5, ejectMs: 2_000 },
      adapters: { envoy: { secret: 'sk-file' } },
    });
    expect([listen.port, firebreak.key]).toEqual([7_500, 'fbk_x']);
  });

  it('names MCP servers, with what opens them', async () => {
    const { mcp } = await read({
      ...held({ env: 'OPENAI_API_KEY' }),
      mcp: {
        servers: {
          'crm-clerk': {
            url: 'https://crm.example/mcp',
            system: 'support-bot',
            feature: 'refunds',
            agent: 'clerk',
            credential: { name: 'crm-prod', secret: { file: 'key' } },
          },
          files: {
            url: 'https://files.example/mcp',
            credential: { name: 'f', secret: { file: 'key' }, header: 'X-Api-Key' },
          },
        },
        deny: 'result',
        reviewSeconds: 20,
      },
    });
    expect(mcp).toEqual({
      servers: {
        'crm-clerk': {
          url: 'https://crm.example/mcp',
          system: 'support-bot',
          feature: 'refunds',
          agent: 'clerk',
          headers: { authorization: 'Bearer sk-file' },
          credential: 'crm-prod',
        },
        files: { url: 'https://files.example/mcp', headers: { 'x-api-key': 'sk-file' }, credential: 'f' },
      },
      deny: 'result',
      reviewMs: 20_000,
    });
    expect((await read(held({ env: 'OPENAI_API_KEY' }))).mcp).toBeUndefined();
  });

  const faulty: [string, unknown, RegExp][] = [
    ['is no JSON', '{', /not JSON/],
    ['names no upstreams', {}, /\/upstreams/],
    ['has a setting nobody knows', { ...held({ env: 'OPENAI_API_KEY' }), timeout: 3 }, /timeout/],
    ['holds a secret itself', held('sk-1234'), /\/upstreams\/openai\/credential\/secret: .*never the secret itself/],
    ['names a variable that is not set', held({ env: 'NO_SUCH' }), /NO_SUCH is not set/],
    ['names a file that is not there', held({ file: 'gone' }), /gone cannot be read \(ENOENT\)/],
    ['names an empty file', held({ file: 'empty' }), /empty/],
    [
      'holds the secret of an MCP server itself',
      {
        ...held({ env: 'OPENAI_API_KEY' }),
        mcp: { servers: { crm: { url: 'https://a', credential: { name: 'c', secret: 'x' } } } },
      },
      /\/mcp\/servers\/crm\/credential\/secret: .*never the secret itself/,
    ],
    ['sends to no http address', { upstreams: { openai: { url: 'ftp://a' } } }, /\/upstreams\/openai\/url/],
    [
      'leaves an upstream out for ever',
      { ...held({ env: 'OPENAI_API_KEY' }), health: { mostEjectSeconds: 1e9 } },
      /mostEject/,
    ],
  ];
  it.each(faulty)('is refused when it %s', async (_, value, why) => {
    await expect(read(value)).rejects.toThrow(why);
  });

  it('says every fault of its secrets at once, and never a secret', async () => {
    const error = await read({
      ...held({ env: 'NO_SUCH' }),
      clients: [
        { name: 'a', secret: { env: 'NOR_THIS' } },
        { name: 'b', secret: { env: 'OPENAI_API_KEY' } },
      ],
    }).catch((reason: Error) => reason.message);
    expect(error).toContain('NO_SUCH');
    expect(error).toContain('/clients/0/secret');
    expect(error).not.toContain('sk-env');
  });
});
