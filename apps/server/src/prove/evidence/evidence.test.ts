import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evidence } from '@firebreak/contract/prove/evidence';
import { incidents } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { BUNDLE_FILES, type BundleTools, verifyBundle } from '@firebreak/core/evidence';
import { openWorld, type World } from '@firebreak/world';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seal, sha256, verifyEd25519, verifyLog } from '../../platform/index.ts';

const tools: BundleTools = {
  sha256,
  verify: verifyEd25519,
  text: (bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes),
};
const bytes = (text: string) => new TextEncoder().encode(text);

describe('the evidence bundle', () => {
  let world: World;
  let files: Map<string, Uint8Array>;
  let vkey: string;
  let earlier: string;

  beforeAll(async () => {
    world = await openWorld();
    const { incident } = await world.ana.client.call(incidents.declare, {
      body: { title: 'Bot invents a device limit', summary: 'A customer wrote in' },
    });
    await world.advance('5s');
    earlier = (await seal(world.server.deps))!.note;
    for (let i = 0; i < 8; i++)
      await world.ana.client.call(warRoom.note, {
        params: { incident: incident.id },
        body: { text: `note ${i} with naïve – text` },
      });
    const response = await world.send('GET', evidence.bundlePath(incident.label), {
      headers: { cookie: world.ana.cookie },
    });
    expect(response.status).toBe(200);
    files = new Map(Object.entries(unzipSync(new Uint8Array(await response.arrayBuffer()))));
    vkey = (await world.ana.client.call(evidence.log, {})).vkey;
  });
  afterAll(() => world.close());

  const broken = (changed: Map<string, Uint8Array>, given = {}) =>
    verifyBundle(changed, tools, { trusted: vkey, ...given })
      .checks.filter(({ ok }) => !ok)
      .map(({ name }) => name);
  const edited = (name: string, edit: (text: string) => string) =>
    new Map(files).set(name, bytes(edit(tools.text(files.get(name)!))));

  it('verifies offline against the published key and an earlier copy', () => {
    const result = verifyBundle(files, tools, { trusted: vkey, copies: [earlier] });
    expect(result.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(result.ok).toBe(true);
    expect(result.summary).toMatch(/^11 of 11 entries, [3-9] checkpoints$/);
    expect(verifyBundle(files, tools).ownKey).toBe(true);
  });

  it('is handed to everybody who asks at the same moment, while the log is being sealed', async () => {
    for (let round = 0; round < 5; round++) {
      const [, ...answers] = await Promise.all([
        seal(world.server.deps),
        ...[1, 2, 3].map(() =>
          world.send('GET', evidence.bundlePath('INC-2026-0001'), { headers: { cookie: world.ana.cookie } }),
        ),
        seal(world.server.deps),
        seal(world.server.deps),
      ]);
      expect(answers.slice(0, 3).map((answer) => (answer as Response).status)).toEqual([200, 200, 200]);
    }
    expect((await verifyLog(world.server.deps)).findings).toEqual([]);
  });

  it('refuses every single changed byte of every file', () => {
    for (const [name, content] of files) {
      const step = Math.max(1, Math.floor(content.length / 40));
      for (let i = 0; i < content.length; i += step) {
        const changed = Uint8Array.from(content);
        changed[i]! ^= 1;
        expect({ name, i, ok: verifyBundle(new Map(files).set(name, changed), tools, { trusted: vkey }).ok }).toEqual({
          name,
          i,
          ok: false,
        });
      }
    }
  });

  it('says what was done to it', () => {
    const lines = (text: string) => text.trimEnd().split('\n');
    expect(broken(edited(BUNDLE_FILES.facts, (text) => `${lines(text).slice(0, -1).join('\n')}\n`))).toEqual([
      'files',
      'entries',
      'personal values',
    ]);
    expect(
      broken(edited(BUNDLE_FILES.facts, (text) => `${[...lines(text).slice(1), lines(text)[0]].join('\n')}\n`)),
    ).toContain('entries');
    expect(
      broken(edited(BUNDLE_FILES.facts, (text) => text.replace('"incident.declared"', '"incident.invented"'))),
    ).toContain('entries');
    expect(broken(edited(BUNDLE_FILES.disclosures, (text) => text.replace('note 3', 'note 9')))).toEqual([
      'files',
      'personal values',
    ]);
    expect(broken(edited(BUNDLE_FILES.checkpoint, (text) => text.replace(/\n\d+\n/, '\n9\n')))).toContain('checkpoint');
    expect(broken(edited(BUNDLE_FILES.manifest, (text) => text.replace('"facts":11', '"facts":9')))).toContain(
      'manifest',
    );
    expect(broken(new Map([...files].filter(([name]) => name !== BUNDLE_FILES.facts)))).toContain('entries');
    expect(broken(new Map(files).set('more.txt', bytes('x')))).toEqual(['files']);
    expect(broken(new Map())).not.toEqual([]);
  });

  it('does not take another log for this one', async () => {
    const other = await openWorld();
    const stranger = (await other.ana.client.call(evidence.log, {})).vkey;
    await other.close();
    expect(verifyBundle(files, tools, { trusted: stranger }).ok).toBe(false);
  });
});

describe('the log as a whole', () => {
  it('tells a changed fact, a cut log and a forged copy apart', async () => {
    const world = await openWorld();
    const { deps } = world.server;
    await world.ana.client.call(incidents.declare, { body: { title: 'One' } });
    await seal(deps);
    expect(await verifyLog(deps)).toMatchObject({ intact: true, findings: [] });
    await expect(deps.db.query("update fact set type = 'x' where seq = 1")).rejects.toThrow(/append-only/);
    await expect(deps.db.query('delete from checkpoint')).rejects.toThrow(/append-only/);
    await expect(deps.db.query('truncate fact')).rejects.toThrow(/append-only/);

    const tamper = async (text: string, undo: string) => {
      await deps.db.query('alter table fact disable trigger user');
      await deps.db.query(text);
      const { findings } = await verifyLog(deps);
      await deps.db.query(undo);
      await deps.db.query('alter table fact enable trigger user');
      return findings;
    };
    expect(
      await tamper(
        `update fact set data = data || '{"severity": 4}' where type = 'incident.declared'`,
        `update fact set data = data || '{"severity": 2}' where type = 'incident.declared'`,
      ),
    ).toEqual([
      expect.stringMatching(/^fact \d+ is not what was recorded$/),
      expect.stringContaining('does not match'),
      expect.stringContaining('does not match'),
    ]);
    const [copy] = await readdir(deps.config.checkpointFolder);
    const path = join(deps.config.checkpointFolder, copy!);
    const note = await readFile(path, 'utf8');
    await writeFile(path, note.replace(/\n\d+\n/, '\n999\n'));
    expect((await verifyLog(deps)).findings).toEqual([`${copy} does not carry this log’s signature`]);
    await rm(path);
    await world.close();
  });
});
