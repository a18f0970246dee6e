import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpointText, signNote, vkeyOf } from '@firebreak/core/evidence';
import { describe, expect, it } from 'vitest';
import { proofLine } from './prove/evidence.ts';
import { run } from './run.ts';

async function say(...args: string[]) {
  const said = { out: '', err: '' };
  const into = (stream: 'out' | 'err') => ({
    isTTY: true,
    write: (text: string) => {
      said[stream] += text;
    },
  });
  const code = await run(['node', 'firebreak', ...args], {
    out: into('out'),
    err: into('err'),
    env: { FIREBREAK_URL: 'http://127.0.0.1:9', FIREBREAK_KEY: 'fbk_x' },
  });
  return { code, ...said };
}

describe('the command line', () => {
  it('tells bad usage (2) from no server (3), and says what to do', async () => {
    expect(await say('systems', 'list')).toMatchObject({
      code: 3,
      err: expect.stringContaining('Is the server running?'),
    });
    expect(await say('nonsense')).toMatchObject({
      code: 2,
      err: expect.stringContaining("unknown command 'nonsense'"),
    });
    expect(await say('keys', 'create', '--name', 'x', '--scope', 'everything')).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no scope “everything”'),
    });
    expect(await say('declare', 'x', '--answer', 'harm=9')).toMatchObject({
      code: 2,
      err: expect.stringContaining('harm=2'),
    });
    expect(await say('--help')).toMatchObject({ code: 0, out: expect.stringContaining('evidence') });
  });

  it('calls what is no bundle not intact (1), and a missing file bad input (2)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firebreak-cli-'));
    const file = join(folder, 'x.zip');
    await writeFile(file, 'not a zip');
    expect(await say('evidence', 'verify', file)).toMatchObject({ code: 1, out: expect.stringContaining('BROKEN') });
    expect(await say('evidence', 'verify', join(folder, 'none.zip'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no such file'),
    });
    await rm(folder, { recursive: true });
  });

  it('never fails on a proof line it cannot read', () => {
    for (const line of [
      '',
      '{',
      'null',
      '[]',
      '{"id":"a"}',
      '{"id":"a","kind":"inclusion","vector":{"leafIdx":"x"}}',
      '{"id":"a","kind":"inclusion-raw","leaves_hex":5}',
    ])
      expect(proofLine(line).valid).toBe(false);
    expect(proofLine('{"id":"a","kind":"other"}')).toEqual({ id: 'a', valid: false });
  });

  it('accepts a signed note, and not with another root', () => {
    const sha256 = (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest());
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = new Uint8Array(
      Buffer.from(
        createPublicKey(publicKey.export({ format: 'pem', type: 'spki' })).export({ format: 'jwk' }).x!,
        'base64url',
      ),
    );
    const text = checkpointText({ origin: 'example.test/log', size: 3n, root: sha256(new Uint8Array([1])) });
    const note = signNote(
      sha256,
      text,
      'example.test/log',
      raw,
      (message) =>
        new Uint8Array(sign(null, message, createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })))),
    );
    const vkey = vkeyOf(sha256, 'example.test/log', raw);
    expect(proofLine(JSON.stringify({ id: 'n', kind: 'checkpoint', note, vkey }))).toEqual({ id: 'n', valid: true });
    expect(
      proofLine(JSON.stringify({ id: 'n', kind: 'checkpoint', note: note.replace('\n3\n', '\n4\n'), vkey })),
    ).toEqual({ id: 'n', valid: false });
  });

  const samples = new URL('../../../../shared/samples/merkle/', import.meta.url);
  it.runIf(existsSync(samples))('judges the published reference proofs as they are labelled', () => {
    const rows = ['rfc6962_reference_leaves.jsonl', 'signed_notes.jsonl'].flatMap((file) =>
      readFileSync(new URL(file, samples), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
    for (const row of rows) expect(proofLine(JSON.stringify(row))).toEqual({ id: row.id, valid: row.valid ?? true });
    expect(rows.length).toBeGreaterThan(10);
  });
});
