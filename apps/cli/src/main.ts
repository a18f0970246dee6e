import { run } from './run.ts';

process.exitCode = await run(process.argv, { out: process.stdout, err: process.stderr, env: process.env });
