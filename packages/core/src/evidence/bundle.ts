import { base64, equal, fromBase64, fromHex, hex, utf8 } from './bytes.ts';
import { canonical } from './canonical.ts';
import {
  type Checkpoint,
  openNote,
  readCheckpoint,
  readVkey,
  type Verifier,
  type VerifySignature,
} from './checkpoint.ts';
import { isConsistent, isIncluded, leafHash, type Sha256 } from './tree.ts';

export const BUNDLE_FORMAT = 'firebreak-bundle/1';

/** Names of the files of a bundle. */
export const BUNDLE_FILES = {
  manifest: 'manifest.json',
  signature: 'manifest.note',
  vkey: 'log.vkey',
  checkpoint: 'checkpoint.txt',
  facts: 'facts.jsonl',
  disclosures: 'disclosures.jsonl',
  telemetry: 'telemetry.jsonl',
  consistency: 'consistency.jsonl',
} as const;

/** What a bundle says it holds; signed, so that nothing can be cut from it unseen. */
export interface BundleManifest {
  readonly format: typeof BUNDLE_FORMAT;
  readonly origin: string;
  readonly incident: string;
  readonly label: string;
  readonly exportedAt: string;
  readonly facts: number;
  readonly telemetry: number;
  /** Streams that are whole: their last version. */
  readonly streams: Readonly<Record<string, number>>;
  /** SHA-256, hex, of every other file. */
  readonly files: Readonly<Record<string, string>>;
}

/** The text that is signed over a manifest. */
export const manifestNote = (sha256: Sha256, manifest: Uint8Array, incident: string): string =>
  `${BUNDLE_FORMAT}\n${incident}\n${hex(sha256(manifest))}\n`;

export interface BundleTools {
  readonly sha256: Sha256;
  readonly verify: VerifySignature;
  /** UTF-8 to text; throws on bytes that are not UTF-8. */
  readonly text: (bytes: Uint8Array) => string;
}

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was counted, or the first thing that is wrong. */
  readonly detail: string;
}

export interface Verification {
  readonly ok: boolean;
  readonly checks: readonly Check[];
  /** "142 of 142 entries, 3 checkpoints". */
  readonly summary: string;
  /** True when the key came from the bundle itself: then it only proves that the bundle agrees with itself. */
  readonly ownKey: boolean;
}

interface FactLine {
  readonly record: {
    readonly seq: number;
    readonly stream: string;
    readonly version: number;
    readonly type: string;
    readonly data: Record<string, unknown>;
  };
  readonly proof: readonly string[];
}
interface TelemetryLine {
  readonly row: unknown;
  /** `seq` of the `telemetry.sealed` fact whose root covers the row. */
  readonly batch: number;
  readonly index: number;
  readonly proof: readonly string[];
}

class Broken extends Error {}
const broken = (detail: string): never => {
  throw new Broken(detail);
};

/**
 * Checks a bundle offline. `trusted` is the log's verifier key as its owner published it; without it the key inside the
 * bundle is used and that is said. `copies` are checkpoints kept elsewhere. Never throws: what cannot be read is a
 * failed check.
 */
export function verifyBundle(
  files: ReadonlyMap<string, Uint8Array>,
  tools: BundleTools,
  { trusted, copies = [] }: { readonly trusted?: string; readonly copies?: readonly string[] } = {},
): Verification {
  const checks: Check[] = [];
  const check = <T>(name: string, work: () => { detail: string; value: T }): T | null => {
    try {
      const { detail, value } = work();
      checks.push({ name, ok: true, detail });
      return value;
    } catch (error) {
      checks.push({
        name,
        ok: false,
        detail:
          error instanceof Broken
            ? error.message
            : `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      });
      return null;
    }
  };
  const file = (name: string): Uint8Array => files.get(name) ?? broken(`${name} is missing`);
  const text = (name: string): string => tools.text(file(name));
  const lines = <T>(name: string): T[] => canonicalLines(name, text(name)) as T[];

  const key = check('key', () => {
    const own = text(BUNDLE_FILES.vkey).trim();
    const value = readVkey(tools.sha256, trusted ?? own) ?? broken('the verifier key is malformed');
    if (trusted !== undefined && trusted.trim() !== own)
      broken('the bundle was signed by another key than the trusted one');
    return {
      detail:
        trusted === undefined
          ? `${value.name} (from the bundle itself; pass the published key to be sure)`
          : `${value.name}, as trusted`,
      value,
    };
  });
  const manifest = check('manifest', () => {
    const bytes = file(BUNDLE_FILES.manifest);
    const value = JSON.parse(tools.text(bytes)) as BundleManifest;
    if (value.format !== BUNDLE_FORMAT) broken(`the format is ${String(value.format)}, this reads ${BUNDLE_FORMAT}`);
    const signed = key && openNote(text(BUNDLE_FILES.signature), [key], tools.verify);
    if (signed !== manifestNote(tools.sha256, bytes, value.incident))
      broken('the signature does not cover this manifest: it was changed, or signed by another key');
    return { detail: `${value.label}, exported ${value.exportedAt}, signed`, value };
  });
  check('files', () => {
    const stated = Object.entries(manifest?.files ?? broken('no manifest to check against'));
    for (const [name, digest] of stated)
      if (hex(tools.sha256(file(name))) !== digest) broken(`${name} is not the file that was exported`);
    for (const name of files.keys())
      if (name !== BUNDLE_FILES.manifest && name !== BUNDLE_FILES.signature && !(name in manifest!.files))
        broken(`${name} was added after the export`);
    return { detail: `${stated.length} of ${stated.length} files`, value: null };
  });
  const head = check('checkpoint', () => {
    const value = signedCheckpoint(text(BUNDLE_FILES.checkpoint), key, tools);
    return { detail: `${value.size} facts, signed by ${value.origin}`, value };
  });
  let proven = 0;
  const facts = check('entries', () => {
    const value = lines<FactLine>(BUNDLE_FILES.facts);
    const order = new Map<string, number>();
    let last = 0;
    for (const { record, proof } of value) {
      if (record.seq <= last) broken(`entry ${record.seq} stands out of order`);
      last = record.seq;
      const leaf = leafHash(tools.sha256, utf8(canonical(record)));
      if (
        head === null ||
        !isIncluded(tools.sha256, {
          index: BigInt(record.seq - 1),
          size: head.size,
          leaf,
          proof: hashes(proof),
          root: head.root,
        })
      )
        broken(`entry ${record.seq} (${record.type}) is not in the signed log`);
      if (record.stream in (manifest?.streams ?? {})) {
        if (record.version !== (order.get(record.stream) ?? 0) + 1)
          broken(`entries are missing before ${record.seq} in ${record.stream}`);
        order.set(record.stream, record.version);
      }
      proven += 1;
    }
    for (const [stream, version] of Object.entries(manifest?.streams ?? {}))
      if ((order.get(stream) ?? 0) !== version)
        broken(`${stream} ends at entry ${order.get(stream) ?? 0} of ${version}: the bundle was cut`);
    if (manifest && value.length !== manifest.facts) broken(`${value.length} of ${manifest.facts} entries are here`);
    return { detail: `${proven} of ${manifest?.facts ?? value.length} entries`, value };
  });
  check('personal values', () => {
    const digests = new Map<string, string>();
    for (const { record } of facts ?? broken('no entries to check against'))
      for (const [name, value] of Object.entries(record.data)) if (isSealed(value)) digests.set(value.$sealed, name);
    const shown = lines<{ digest: string; salt: string; value: unknown }>(BUNDLE_FILES.disclosures);
    for (const { digest, salt, value } of shown) {
      const name = digests.get(digest) ?? broken('a value belongs to no entry');
      if (disclosureDigest(tools.sha256, salt, name, value) !== digest)
        broken(`the value of “${name}” is not the one that was recorded`);
    }
    return { detail: `${shown.length} shown, ${digests.size - shown.length} withheld or erased`, value: null };
  });
  check('telemetry', () => {
    const rows = lines<TelemetryLine>(BUNDLE_FILES.telemetry);
    const batches = new Map(
      (facts ?? [])
        .filter(({ record }) => record.type === 'telemetry.sealed')
        .map(({ record }) => [record.seq, record.data as { root: string; count: number }]),
    );
    rows.forEach(({ row, batch, index, proof }, i) => {
      const sealed = batches.get(batch) ?? broken(`row ${i + 1} names a batch that is not here`);
      const root = fromHex(sealed.root) ?? broken(`batch ${batch} has no root`);
      if (
        !isIncluded(tools.sha256, {
          index: BigInt(index),
          size: BigInt(sealed.count),
          leaf: leafHash(tools.sha256, utf8(canonical(row))),
          proof: hashes(proof),
          root,
        })
      )
        broken(`row ${i + 1} is not what came in`);
    });
    if (manifest && rows.length !== manifest.telemetry) broken(`${rows.length} of ${manifest.telemetry} rows are here`);
    return {
      detail: `${rows.length} of ${manifest?.telemetry ?? rows.length} rows unchanged since they came in`,
      value: null,
    };
  });
  const checkpoints = check('earlier checkpoints', () => {
    const proofs = new Map(
      lines<{ size: number; proof: string[]; note: string }>(BUNDLE_FILES.consistency).map((line) => [line.size, line]),
    );
    const notes = [...[...proofs.values()].map(({ note }) => note), ...copies];
    for (const note of notes) {
      const earlier = signedCheckpoint(note, key, tools);
      if (head === null) broken('no checkpoint to compare with');
      if (earlier.size > head!.size)
        broken(
          `a copy was signed over ${earlier.size} facts, the bundle’s checkpoint over ${head!.size}: the log was cut`,
        );
      const proof =
        proofs.get(Number(earlier.size))?.proof ??
        (earlier.size === head!.size
          ? []
          : broken(`no proof leads from the copy of ${earlier.size} facts to this checkpoint`));
      if (
        !isConsistent(tools.sha256, {
          first: earlier.size,
          second: head!.size,
          firstRoot: earlier.root,
          secondRoot: head!.root,
          proof: hashes(proof),
        })
      )
        broken(`the log was rewritten after ${earlier.size} facts`);
    }
    return { detail: `${notes.length} lead to this one`, value: notes.length };
  });
  return {
    ok: checks.every(({ ok }) => ok),
    checks,
    summary: `${proven} of ${manifest?.facts ?? '?'} entries, ${(checkpoints ?? 0) + (head ? 1 : 0)} checkpoints`,
    ownKey: trusted === undefined,
  };
}

function signedCheckpoint(note: string, key: Verifier | null, tools: BundleTools): Checkpoint {
  const opened = key && openNote(note, [key], tools.verify);
  const value = opened ? readCheckpoint(opened) : null;
  return value ?? broken('the checkpoint is forged or damaged: its signature does not hold');
}

const hashes = (proof: readonly string[]): Uint8Array[] =>
  proof.map((one) => fromBase64(one) ?? broken('a proof is damaged'));

/** Lines that are their own canonical form: a duplicate key or another spelling of a number would not survive reading. */
function canonicalLines(name: string, text: string): unknown[] {
  if (text === '') return [];
  if (!text.endsWith('\n')) broken(`${name} ends in the middle of a line`);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line, i) => {
      const value: unknown = JSON.parse(line);
      if (!equal(utf8(canonical(value)), utf8(line))) broken(`line ${i + 1} of ${name} is not in canonical form`);
      return value;
    });
}

const isSealed = (value: unknown): value is { $sealed: string } =>
  typeof value === 'object' && value !== null && '$sealed' in value;

/** SD-JWT construction (RFC 9901 section 4.2): base64url SHA-256 over the base64url disclosure `[salt, name, value]`. */
export function disclosureDigest(sha256: Sha256, salt: string, name: string, value: unknown): string {
  const disclosure = base64url(utf8(canonical([salt, name, value])));
  return base64url(sha256(utf8(disclosure)));
}

const base64url = (bytes: Uint8Array): string =>
  base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
