// Plain JavaScript because a worker thread starts from a file and Node 20 does not read TypeScript.
import fs from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

const INT8 = 20;
const TEXT = 25;
const { dataDir, template, durable } = workerData;

const db = await PGlite.create({
  ...(dataDir ? { dataDir } : {}),
  ...(template ? { loadDataDir: new Blob([fs.readFileSync(template)]) } : {}),
  // PGlite starts with -F and its fdatasync is a stub: without these lines no commit ever reaches the disk.
  ...(durable
    ? { startParams: PGlite.defaultStartParams.filter((param) => param !== '-F').concat('-c', 'wal_sync_method=fsync') }
    : {}),
  parsers: { [INT8]: Number },
  // Bytes are UTF-8 already.
  serializers: { [TEXT]: (value) => (ArrayBuffer.isView(value) ? value : String(value)) },
});

// Everybody waits while a table is analysed: a third of the usual sample.
await db.exec('set default_statistics_target = 30');

let syncs = 0;
if (durable) {
  const nodefs = db.Module.FS.filesystems?.NODEFS;
  if (!nodefs) throw new Error('PGlite no longer exposes NODEFS: commits would not be durable');
  nodefs.stream_ops.fsync = (stream) => {
    syncs += 1;
    fs.fdatasyncSync(stream.nfd);
    return 0;
  };
}

const does = {
  async query({ text, values }) {
    const { rows, affectedRows } = await db.query(text, values);
    return { rows, count: rows.length || (affectedRows ?? 0) };
  },
  exec: ({ text }) => db.exec(text).then(() => null),
  syncs: async () => syncs,
  async dump() {
    const file = await db.dumpDataDir('none');
    return new Uint8Array(await file.arrayBuffer());
  },
  close: () => db.close().then(() => null),
};

async function answer({ id, verb, ...rest }) {
  try {
    parentPort.postMessage({ id, value: await does[verb](rest) });
  } catch (error) {
    parentPort.postMessage({
      id,
      error: {
        message: String(error?.message ?? error),
        code: error?.code,
        detail: error?.detail,
        constraint: error?.constraint,
      },
    });
  }
}

// One after the other, in the order they were sent: a transaction is sent without waiting for each of its steps.
let before = Promise.resolve();
parentPort.on('message', (message) => {
  before = before.then(() => answer(message));
});
parentPort.postMessage({ ready: true });
