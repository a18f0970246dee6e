import { explain, restoreFrom, serve } from './serve.ts';

const [what = 'serve', file] = process.argv.slice(2);
const work = what === 'restore' && file !== undefined ? restoreFrom(file) : serve();
work.catch((error) => {
  console.error(explain(error));
  process.exit(1);
});
