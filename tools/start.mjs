// `npm start` and `npm run demo`: builds what is missing or out of date, then runs it in this process.
import { pathToFileURL } from 'node:url';
import { build, root, stale } from './build.mjs';

const parts = stale();
if (Object.values(parts).some(Boolean)) {
  console.log(
    `Building ${Object.keys(parts)
      .filter((part) => parts[part])
      .join(', ')} …`,
  );
  await build(parts);
}
const what = process.argv[2] === 'demo' ? 'demo' : 'entry';
await import(new URL(`dist/app/${what}.js`, pathToFileURL(root)));
