import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { evidence as doors } from '@firebreak/contract/prove/evidence';
import {
  type BundleTools,
  fromHex,
  isConsistent,
  isIncluded,
  leafHash,
  openNote,
  readCheckpoint,
  readVkey,
  verifyBundle,
} from '@firebreak/core/evidence';
import { unzipSync } from 'fflate';
import { AnswerIsNo, BadInput, type Cli, type Register } from '../cli.ts';

const tools: BundleTools = {
  sha256: (data) => new Uint8Array(createHash('sha256').update(data).digest()),
  text: (bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes),
  verify(publicKey, message, signature) {
    if (publicKey.length !== 32 || signature.length !== 64) return false;
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
      format: 'jwk',
    });
    return verify(null, message, key, signature);
  },
};

const LARGEST = 2 * 1024 ** 3;
const read = (file: string) =>
  readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new BadInput(`${file} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}.`);
  });

/** `firebreak evidence …`, `firebreak verify`. `verify` and `verify-proof` work offline. */
export const evidence: Register = (program, cli) => {
  program
    .command('verify')
    .description('check the whole log of a running server')
    .action(async () => {
      const check = await cli.client().call(doors.verify, {});
      cli.say(
        [check.intact ? 'Intact.' : 'NOT intact.', `Checked ${check.checked}.`, ...check.findings].join('\n'),
        check,
      );
      if (!check.intact) throw new AnswerIsNo();
    });
  const group = program.command('evidence').description('evidence of incidents');
  group
    .command('export <incident>')
    .description('save the evidence bundle of an incident')
    .option('-o, --output <file>', 'where to; the label of the incident unless given')
    .action(async (incident: string, { output }: { output?: string }) => {
      const response = await cli.client().raw('GET', doors.bundlePath(encodeURIComponent(incident)));
      const bytes = new Uint8Array(await response.arrayBuffer());
      const file = output ?? `${incident.toLowerCase()}-evidence.zip`;
      await writeFile(file, bytes);
      cli.say(`Saved ${bytes.length} bytes to ${file}.`, { file, bytes: bytes.length });
    });
  group
    .command('verify <file>')
    .description('check a bundle, offline')
    .option('--key <vkey>', 'the verifier key as the log’s owner published it, or a file with it')
    .option('--checkpoint <file...>', 'checkpoints kept elsewhere', [])
    .action((file: string, options: { key?: string; checkpoint: string[] }) => verifyFile(cli, file, options));
  group
    .command('verify-proof')
    .description('check inclusion and consistency proofs and signed notes, one JSON object a line, offline')
    .requiredOption('--input <file>', 'lines to check')
    .action(async ({ input }: { input: string }) => {
      const lines = tools
        .text(await read(input))
        .split('\n')
        .filter((line) => line.trim() !== '');
      for (const line of lines) process.stdout.write(`${JSON.stringify(proofLine(line))}\n`);
    });
};

async function verifyFile(
  cli: Cli,
  file: string,
  { key, checkpoint }: { key?: string; checkpoint: string[] },
): Promise<void> {
  const bytes = await read(file);
  let files: Map<string, Uint8Array>;
  try {
    files = new Map(Object.entries(unzipSync(bytes, { filter: ({ originalSize }) => originalSize < LARGEST })));
  } catch (error) {
    cli.say(`BROKEN: ${file} is not a whole ZIP (${error instanceof Error ? error.message : String(error)}).`, {
      ok: false,
    });
    throw new AnswerIsNo();
  }
  const trusted = key === undefined ? undefined : key.includes('+') ? key : tools.text(await read(key)).trim();
  const copies = await Promise.all(checkpoint.map(async (one) => tools.text(await read(one))));
  const result = verifyBundle(files, tools, { copies, ...(trusted !== undefined && { trusted }) });
  const lines = result.checks.map(({ name, ok, detail }) => `${ok ? 'ok     ' : 'BROKEN '} ${name}: ${detail}`);
  cli.say(
    [...lines, '', result.ok ? `Intact: ${result.summary}.` : `NOT intact: ${result.summary} could be proven.`].join(
      '\n',
    ),
    result,
  );
  if (!result.ok) throw new AnswerIsNo();
}

type Proof = Record<string, unknown> & { id?: unknown; kind?: unknown; vector?: Record<string, unknown> };

/** One line of `verify-proof`: `{id, valid}`. What cannot be read is not valid; it is never an error. */
export function proofLine(line: string): { id: unknown; valid: boolean } {
  let proof: Proof = {};
  try {
    proof = JSON.parse(line) as Proof;
    return { id: proof.id ?? null, valid: isValid(proof) };
  } catch {
    return { id: proof?.id ?? null, valid: false };
  }
}

const b64 = (text: unknown): Uint8Array => {
  if (text !== null && text !== undefined && typeof text !== 'string') throw new TypeError('not base64');
  return Uint8Array.from(Buffer.from(text ?? '', 'base64'));
};
const big = (value: unknown): bigint => BigInt(value as number);
const list = (value: unknown): unknown[] => (value === null || value === undefined ? [] : (value as unknown[]));
const unhex = (text: unknown): Uint8Array => fromHex(text as string) ?? new Uint8Array();

function isValid(proof: Proof): boolean {
  const v = proof.vector ?? {};
  switch (proof.kind) {
    case 'inclusion':
      return isIncluded(tools.sha256, {
        index: big(v.leafIdx),
        size: big(v.treeSize),
        leaf: b64(v.leafHash),
        proof: list(v.proof).map(b64),
        root: b64(v.root),
      });
    case 'consistency':
      return isConsistent(tools.sha256, {
        first: big(v.size1),
        second: big(v.size2),
        firstRoot: b64(v.root1),
        secondRoot: b64(v.root2),
        proof: list(v.proof).map(b64),
      });
    case 'inclusion-raw': {
      const leaf = leafHash(tools.sha256, unhex(list(proof.leaves_hex)[Number(proof.index)]));
      return isIncluded(tools.sha256, {
        index: big(proof.index),
        size: big(proof.size),
        leaf,
        proof: list(proof.proof_hex).map(unhex),
        root: unhex(proof.root_hex),
      });
    }
    case 'consistency-raw':
      return isConsistent(tools.sha256, {
        first: big(proof.size1),
        second: big(proof.size2),
        firstRoot: unhex(proof.root1_hex),
        secondRoot: unhex(proof.root2_hex),
        proof: list(proof.proof_hex).map(unhex),
      });
    default: {
      if (typeof proof.note !== 'string' || typeof proof.vkey !== 'string') return false;
      const key = readVkey(tools.sha256, proof.vkey);
      const text = key && openNote(proof.note, [key], tools.verify);
      return text !== null && (proof.kind !== 'checkpoint' || readCheckpoint(text) !== null);
    }
  }
}
