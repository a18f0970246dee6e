import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  base64,
  canonical,
  checkpointText,
  consistencyProof,
  fromBase64,
  fromHex,
  grow,
  hex,
  inclusionProof,
  isConsistent,
  isIncluded,
  leafHash,
  NO_PEAKS,
  openNote,
  readCheckpoint,
  readVkey,
  rootOf,
  rootOfPeaks,
  signNote,
  treeOf,
  utf8,
  vkeyOf,
} from './index.ts';

const sha256 = (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest());
const verifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
  verify(
    null,
    message,
    createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
      format: 'jwk',
    }),
    signature,
  );
const shared = (path: string) => new URL(`../../../../../shared/${path}`, import.meta.url);
const lines = (path: string) =>
  readFileSync(shared(path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const leavesOf = (n: number) => Array.from({ length: n }, (_, i) => leafHash(sha256, utf8(`entry ${i}`)));

describe('bytes', () => {
  it('agrees with the platform on UTF-8, hex and base64', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uint8Array(), (text, bytes) => {
        if (!/[\ud800-\udfff]/u.test(text)) expect(utf8(text)).toEqual(new Uint8Array(Buffer.from(text)));
        expect(hex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(base64(bytes))).toEqual(bytes);
        expect(fromHex(hex(bytes))).toEqual(bytes);
      }),
    );
  });
  it.each(['A', 'AB', 'AAA', 'AA=A', 'AB==', '!!!!', 'AAAA=', '='])('refuses %s as base64', (text) =>
    expect(fromBase64(text)).toBeNull(),
  );
});

describe('canonical form (RFC 8785)', () => {
  it.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [
      { '\u20ac': 1, '\r': 2, '1': 3, '\ud83d\ude00': 4, '\ufb33': 5 },
      '{"\\r":2,"1":3,"\u20ac":1,"\ud83d\ude00":4,"\ufb33":5}',
    ],
    [[1e30, 4.5, 2e-3, 1e-27, -0, 333333333.3333333], '[1e+30,4.5,0.002,1e-27,0,333333333.3333333]'],
    [{ gone: undefined, kept: 1 }, '{"kept":1}'],
  ])('%j', (value, text) => expect(canonical(value)).toBe(text));
  it.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '\ud800', new Date(0), undefined, () => 0])(
    'has none for %s',
    (value) => expect(() => canonical(value)).toThrow(TypeError),
  );
});

describe('the tree (RFC 6962)', () => {
  it('gives the published roots', () => {
    const inputs = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ].map((h) => leafHash(sha256, fromHex(h)!));
    const root = (n: number) => hex(rootOf(sha256, treeOf(sha256, inputs.slice(0, n))));
    expect(root(0)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(root(1)).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(root(7)).toBe('ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c');
    expect(root(8)).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  it('proves every leaf and every prefix, and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, a, b) => {
        const leaves = leavesOf(size);
        const tree = treeOf(sha256, leaves);
        const root = rootOf(sha256, tree);
        const half = grow(sha256, NO_PEAKS, leaves.slice(0, size >> 1));
        expect(rootOfPeaks(sha256, grow(sha256, half, leaves.slice(size >> 1)))).toEqual(root);
        const index = a % size;
        const first = b % (size + 1);
        const given = {
          index: BigInt(index),
          size: BigInt(size),
          leaf: leaves[index]!,
          proof: inclusionProof(tree, index),
          root,
        };
        expect(isIncluded(sha256, given)).toBe(true);
        expect(isIncluded(sha256, { ...given, leaf: leafHash(sha256, utf8('forged')) })).toBe(false);
        expect(isIncluded(sha256, { ...given, proof: [...given.proof, root] })).toBe(false);
        if (size > 1) expect(isIncluded(sha256, { ...given, proof: given.proof.slice(1) })).toBe(false);
        const firstRoot = rootOf(sha256, treeOf(sha256, leaves.slice(0, first)));
        const prefix = {
          first: BigInt(first),
          second: BigInt(size),
          firstRoot,
          secondRoot: root,
          proof: consistencyProof(sha256, tree, first),
        };
        expect(isConsistent(sha256, prefix)).toBe(true);
        if (first > 0 && first < size)
          expect(isConsistent(sha256, { ...prefix, firstRoot: leaves[0]!.map((byte) => byte ^ 1) })).toBe(false);
      }),
    );
  });

  it.runIf(existsSync(shared('samples/merkle/vectors.jsonl')))('accepts and rejects the published proofs', () => {
    const decode = (text: string | null) => Uint8Array.from(Buffer.from(text ?? '', 'base64'));
    let checked = 0;
    for (const { id, kind, vector: v } of lines('samples/merkle/vectors.jsonl')) {
      if (kind === 'inclusion')
        expect({
          id,
          ok: isIncluded(sha256, {
            index: BigInt(v.leafIdx),
            size: BigInt(v.treeSize),
            leaf: decode(v.leafHash),
            proof: (v.proof ?? []).map(decode),
            root: decode(v.root),
          }),
        }).toEqual({ id, ok: !v.wantErr });
      else if (kind === 'consistency' && v.size1 > 0)
        expect({
          id,
          ok: isConsistent(sha256, {
            first: BigInt(v.size1),
            second: BigInt(v.size2),
            firstRoot: decode(v.root1),
            secondRoot: decode(v.root2),
            proof: (v.proof ?? []).map(decode),
          }),
        }).toEqual({ id, ok: !v.wantErr });
      else continue;
      checked += 1;
    }
    expect(checked).toBeGreaterThan(20);
  });
});

describe('signed checkpoints (C2SP)', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'));
  const signer = (message: Uint8Array) =>
    new Uint8Array(sign(null, message, createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }))));
  const vkey = vkeyOf(sha256, 'example.test/log', raw);
  const checkpoint = { origin: 'example.test/log', size: 7n, root: sha256(utf8('root')) };
  const note = signNote(sha256, checkpointText(checkpoint), 'example.test/log', raw, signer);
  const open = (text: string) => openNote(text, [readVkey(sha256, vkey)!], verifyEd25519);

  it('reads back what it signed', () => expect(readCheckpoint(open(note)!)).toEqual(checkpoint));

  it('refuses every changed byte of the text and of the signature', () => {
    const at = note.lastIndexOf(' ') + 8;
    for (let i = 0; i < note.length - 1; i++) {
      if (i > note.indexOf('\n\n') && i < at) continue;
      const changed = note.slice(0, i) + (note[i] === 'x' ? 'y' : 'x') + note.slice(i + 1);
      expect(open(changed)).toBeNull();
    }
  });

  it.runIf(existsSync(shared('samples/merkle/signed_notes.jsonl')))('agrees with the published notes', () => {
    const rows = lines('samples/merkle/signed_notes.jsonl');
    for (const row of rows) {
      const key = readVkey(sha256, row.vkey);
      const text = key && openNote(row.note, [key], verifyEd25519);
      expect({ id: row.id, ok: text !== null && (row.kind !== 'checkpoint' || readCheckpoint(text) !== null) }).toEqual(
        { id: row.id, ok: row.valid },
      );
    }
    expect(rows.length).toBeGreaterThan(3);
  });
});
