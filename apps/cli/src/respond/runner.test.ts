import { chmodSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runScript, scriptsIn } from './runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'firebreak-runner-'));
const script = (name: string, body: string, mode = 0o755) => {
  writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(folder, name), mode);
};
script('ok.sh', 'echo "stopped $SERVICE"; echo "own: $SECRET_OF_THE_RUNNER."');
script('bad.sh', 'echo "no such service" >&2; exit 3');
script('long.sh', 'sleep 60 & wait');
script('much.sh', 'i=0; while [ $i -lt 4000 ]; do echo "line $i"; i=$((i+1)); done');
script('plain.sh', 'echo no', 0o644);
script('.hidden', 'echo no');
symlinkSync('/bin/sh', join(folder, 'link.sh'));

const run = (name: string, environment: Record<string, string> = {}, seconds = 10) =>
  runScript(folder, { script: name, seconds, environment }, { PATH: process.env.PATH, SECRET_OF_THE_RUNNER: 'x' });

it('offers plain files that may be run, and nothing else', () =>
  expect(scriptsIn(folder)).toEqual(['bad.sh', 'long.sh', 'much.sh', 'ok.sh']));

it('hands parameters over as values, never as words of a shell, and none of its own', async () => {
  const ran = await run('ok.sh', { SERVICE: '$(touch /tmp/x); bot' });
  expect(ran.state).toBe('confirmed');
  expect(ran.says).toMatch(/^exit 0 after [\d.]+ s: stopped \$\(touch \/tmp\/x\); bot\nown: \.$/);
});

it.each([
  ['bad.sh', /^exit 3 after [\d.]+ s: no such service$/],
  ['plain.sh', /there is no script/],
  ['link.sh', /there is no script/],
  ['../ok.sh', /there is no script/],
  ['nothing.sh', /there is no script/],
])('%s fails in words', async (name, says) =>
  expect(await run(name)).toMatchObject({ state: 'failed', says: expect.stringMatching(says) }),
);

it('ends what takes too long, with everything it started', async () =>
  expect(await run('long.sh', {}, 1)).toMatchObject({
    state: 'failed',
    says: expect.stringContaining('took longer than 1 s'),
  }));

it('keeps the end of what is said, and not more than fits a report', async () => {
  const { says } = await run('much.sh');
  expect(says.length).toBeLessThan(1_600);
  expect(says).toContain('line 3999');
});
