import {
  BUNDLE_FILES,
  BUNDLE_FORMAT,
  type BundleManifest,
  base64,
  canonical,
  consistencyProof,
  hex,
  inclusionProof,
  manifestNote,
  signNote,
} from '@firebreak/core/evidence';
import { foldIncident } from '@firebreak/core/respond/incidents';
import { zipSync } from 'fflate';
import { exhibitsOf, sealTelemetry } from '../../detect/signals/index.ts';
import {
  type Deps,
  disclosuresOf,
  loadSealed,
  loadStream,
  newestCheckpoint,
  recordOf,
  seal,
  sha256,
  treeOfLog,
} from '../../platform/index.ts';
import { auditStream } from '../../respond/action-audit/index.ts';
import { systemsHeld } from '../../respond/containment/index.ts';
import { readLock } from '../../respond/record-locks/index.ts';

const MOST_CHECKPOINTS = 50;
const README = (origin: string) => `Evidence bundle of Firebreak.

Check it without a network and without the server:

    npx firebreak evidence verify <this file> --key "<verifier key>"

The verifier key of ${origin} is in log.vkey, too; take it from somewhere else to be sure.
facts.jsonl      what happened, one canonical record a line, each with its proof of inclusion
telemetry.jsonl  the signals and interactions the incident rests on, and what came in of its systems before its orders
                 (the newest 10,000), each proven unchanged since it came in
disclosures.jsonl  personal values; a line may be withheld without breaking any proof
checkpoint.txt   signed head of the log; consistency.jsonl leads earlier ones to it
manifest.json    what this bundle holds, signed in manifest.note
`;

const jsonl = (lines: readonly unknown[]): string => lines.map((line) => `${canonical(line)}\n`).join('');

/** The evidence of one incident as a ZIP: every fact about it, whole streams of its systems, its telemetry, all with proofs. */
export async function makeBundle(
  deps: Deps,
  incident: string,
): Promise<{ readonly zip: Uint8Array; readonly name: string; readonly facts: number }> {
  await sealTelemetry.look(deps);
  await seal(deps);
  const head = (await newestCheckpoint(deps.db))!;
  const tree = await treeOfLog(deps.db, head.size);
  const state = foldIncident(await loadStream(deps.db, incident))!;
  // Those it held too: an order may go to a system that nobody named, or that was taken out of the list afterwards.
  const about = new Set([...state.systems, ...(await systemsHeld(deps.db, incident))]);
  const lock = (await readLock(deps.db, incident))!;
  const systems = (await loadSealed(deps.db, "where type = 'system.registered'", [])).filter((fact) =>
    about.has(String(fact.data.key)),
  );
  const streams = [incident, auditStream(incident), ...lock.candidates, ...systems.map((fact) => fact.stream)];
  const exhibits = await exhibitsOf(deps.db, lock);
  const batches = [...new Set(exhibits.map((exhibit) => exhibit.batch))].filter((seq) => seq <= head.size);
  const facts = await loadSealed(
    deps.db,
    'where seq <= $1 and (incident = $2 or stream = any($3) or seq = any($4)) order by seq',
    [head.size, incident, streams, batches],
  );
  const telemetry = exhibits.filter((exhibit) => batches.includes(exhibit.batch));
  const earlier = await deps.db.query<{ size: number; note: string }>(
    `select size, note from checkpoint where size < $1 order by size desc limit ${MOST_CHECKPOINTS}`,
    [head.size],
  );

  const files: Record<string, string> = {
    'README.txt': README(deps.keys.log.name),
    [BUNDLE_FILES.vkey]: `${deps.keys.log.vkey}\n`,
    [BUNDLE_FILES.checkpoint]: head.note,
    [BUNDLE_FILES.facts]: jsonl(
      facts.map((fact) => ({
        record: JSON.parse(recordOf(fact)),
        proof: inclusionProof(tree, fact.seq - 1).map(base64),
      })),
    ),
    [BUNDLE_FILES.disclosures]: jsonl(await disclosuresOf(deps.db, facts)),
    [BUNDLE_FILES.telemetry]: jsonl(
      telemetry.map(({ row, batch, index, proof }) => ({ row, batch, index, proof: proof.map(base64) })),
    ),
    [BUNDLE_FILES.consistency]: jsonl(
      earlier.rows.map(({ size, note }) => ({ size, note, proof: consistencyProof(sha256, tree, size).map(base64) })),
    ),
  };
  const bytes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]));
  const versions: Record<string, number> = {};
  for (const fact of facts) if (streams.includes(fact.stream)) versions[fact.stream] = fact.version;
  const manifest: BundleManifest = {
    format: BUNDLE_FORMAT,
    origin: deps.keys.log.name,
    incident,
    label: state.label,
    exportedAt: deps.now(),
    facts: facts.length,
    telemetry: telemetry.length,
    streams: versions,
    files: Object.fromEntries(Object.entries(bytes).map(([name, content]) => [name, hex(sha256(content))])),
  };
  const signed = new TextEncoder().encode(`${canonical(manifest)}\n`);
  const { name, publicKey, sign } = deps.keys.log;
  const note = signNote(sha256, manifestNote(sha256, signed, incident), name, publicKey, sign);
  const zip = zipSync({
    ...bytes,
    [BUNDLE_FILES.manifest]: signed,
    [BUNDLE_FILES.signature]: new TextEncoder().encode(note),
  });
  return { zip, name: `${state.label.toLowerCase()}-evidence.zip`, facts: facts.length };
}
